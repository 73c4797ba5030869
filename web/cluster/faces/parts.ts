// What the faces of all brands are drawn from. What moves carries an id or data-field.

import { svg, type SVGTemplateResult } from "lit/html.js";
import type { Round, Track } from "../track";

/** One brand's way to show speed, power and charge; telltales, messages and information lines are the same in all. */
export interface Face {
  /** Null: the figure alone. */
  readonly speed: Track | null;
  readonly power: Track;
  /** Between two figures of the speed's scale. */
  readonly speedStep: number;
  /** Inner width of the battery bar. */
  readonly barWidth: number;
  readonly drawing: SVGTemplateResult;
}

/** Height of the gear letters' row, and the centre of each letter of P R N D; the row is where the lamps leave room. */
export const GEAR_Y = 492;
export const gearX = (place: number) => 855 + 70 * place;

export const roundNeedle = ({ x, y, radius }: Round, id: string, inner: number, outer: number) =>
  svg`<g id=${id} class="needle"><line x1=${x + radius - inner} y1=${y} x2=${x + radius + outer} y2=${y} /></g>`;

/** The dial or bar of a quantity: what can be, what can be now, marks, the value, its mark at the limit. */
export const speedTrack = (needle: SVGTemplateResult) => svg`
  <path id="speed-track" class="track"/>
  <g id="speed-marks" class="marks"></g>
  <path id="speed-arc" class="value"/>
  <path id="limit-mark" class="limit-mark"/>
  ${needle}`;

export const powerTrack = (needle: SVGTemplateResult) => svg`
  <path id="power-track" class="track unavailable"/>
  <path id="power-available" class="track"/>
  <g id="power-marks" class="marks"></g>
  <path id="power-arc" class="value"/>
  ${needle}`;

/** Speed limit sign, 100 wide. */
export const sign = (x: number, y: number) => svg`
  <g id="sign" data-field="speed-limit" role="img" aria-label="Speed limit">
    <circle class="plate" cx=${x} cy=${y} r="50"/>
    <circle class="ring" cx=${x} cy=${y} r="42.5"/>
    <text id="sign-text" x=${x} y=${y + 15}></text>
  </g>`;

export const gears = svg`
  <g data-field="gear" role="img" aria-label="Gear">
    <rect id="gear-chip" x="0" y=${GEAR_Y} width="60" height="60" rx="14"/>
    ${["P", "R", "N", "D"].map((letter, place) => svg`<text class="gear" data-gear=${letter} x=${gearX(place)} y=${GEAR_Y + 46}>–</text>`)}
  </g>
  <text class="mode" data-field="mode" x="1190" y=${GEAR_Y + 42}></text>`;

/** The road ahead with the car on it; `horizon` is what stands at its end. */
export const scene = (horizon: SVGTemplateResult) => svg`
  <g id="scene" role="img" aria-label="Road ahead">
    ${horizon}
    <g data-slot="road">
      <path class="road" d="M946 228H974L1262 468H658Z"/>
      <path class="edge" d="M946 228 658 468M974 228 1262 468"/>
      <path id="lane" class="lane"/>
    </g>
    <g id="car" transform="translate(960 464) scale(0.9) translate(-960 -472)">
      <ellipse class="shadow" cx="960" cy="468" rx="92" ry="12"/>
      <path class="wheel" d="M886 440h26v28a5 5 0 0 1-5 5h-16a5 5 0 0 1-5-5ZM1008 440h26v28a5 5 0 0 1-5 5h-16a5 5 0 0 1-5-5Z"/>
      <path class="body" d="M905 388C911 364 917 355 931 352.5 949 349.5 971 349.5 989 352.5 1003 355 1009 364 1015 388L1029 396C1035 400 1038 408 1038 418V446A10 10 0 0 1 1028 456H892A10 10 0 0 1 882 446V418C882 408 885 400 891 396Z"/>
      <path class="glass" d="M916 386C921 369 926 362.5 935 361 950 358.8 970 358.8 985 361 994 362.5 999 369 1004 386 975 390 945 390 916 386Z"/>
      <path class="bumper" d="M884 436H1036V446A8 8 0 0 1 1028 454H892A8 8 0 0 1 884 446Z"/>
      <path id="tail" class="tail" d="M888 404C912 409 1008 409 1032 404L1034 412C1006 417 914 417 886 412Z"/>
    </g>
  </g>`;
