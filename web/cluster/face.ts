// The drawing of the cluster, 1920 × 720: everything that does not move. What moves carries an id or data-field.

import { html, svg, type TemplateResult } from "lit";
import type { Geometry } from "./dial";
import { TELLTALES } from "./telltales";

export const SPEED_DIAL: Geometry = { x: 400, y: 360, radius: 250 };
export const POWER_DIAL: Geometry = { x: 1520, y: 360, radius: 250 };

/** Inner width of the battery bar. */
export const BAR_WIDTH = 212;

const needle = ({ x, y, radius }: Geometry, id: string) =>
  svg`<g id=${id} class="needle"><line x1=${x + radius - 24} y1=${y} x2=${x + radius + 9} y2=${y} /></g>`;

const telltales = TELLTALES.map(
  ({ name, title, colour, x, y, shape }) => svg`
    <g class="telltale ${colour}" data-telltale=${name} data-state="UNKNOWN" role="img" aria-label="${title}: unknown"
      transform="translate(${x - 30} ${y - 30}) scale(1.25)">${shape}</g>`,
);

const scene = svg`
  <g id="scene" role="img" aria-label="Road ahead">
    <path class="ridge" d="M650 228 716 206 758 213 822 182 858 197 908 158 944 181 990 164 1036 191 1090 178 1142 203 1192 198 1270 228Z"/>
    <path class="skyline" d="M650 228 716 206 758 213 822 182 858 197 908 158 944 181 990 164 1036 191 1090 178 1142 203 1192 198 1270 228"/>
    <g data-slot="road">
      <path class="road" d="M946 228H974L1262 468H658Z"/>
      <path class="edge" d="M946 228 658 468M974 228 1262 468"/>
      <path id="lane" class="lane"/>
    </g>
    <g data-slot="adas"></g>
    <g id="car" transform="translate(960 464) scale(0.9) translate(-960 -472)">
      <ellipse class="shadow" cx="960" cy="468" rx="92" ry="12"/>
      <path class="wheel" d="M886 440h26v28a5 5 0 0 1-5 5h-16a5 5 0 0 1-5-5ZM1008 440h26v28a5 5 0 0 1-5 5h-16a5 5 0 0 1-5-5Z"/>
      <path class="body" d="M905 388C911 364 917 355 931 352.5 949 349.5 971 349.5 989 352.5 1003 355 1009 364 1015 388L1029 396C1035 400 1038 408 1038 418V446A10 10 0 0 1 1028 456H892A10 10 0 0 1 882 446V418C882 408 885 400 891 396Z"/>
      <path class="glass" d="M916 386C921 369 926 362.5 935 361 950 358.8 970 358.8 985 361 994 362.5 999 369 1004 386 975 390 945 390 916 386Z"/>
      <path class="bumper" d="M884 436H1036V446A8 8 0 0 1 1028 454H892A8 8 0 0 1 884 446Z"/>
      <path id="tail" class="tail" d="M888 404C912 409 1008 409 1032 404L1034 412C1006 417 914 417 886 412Z"/>
    </g>
  </g>`;

const speedDial = svg`
  <g id="speed-dial" role="meter" aria-label="Speed">
    <path id="speed-track" class="track"/>
    <g id="speed-marks" class="marks"></g>
    <path id="speed-arc" class="value"/>
    <path id="limit-mark" class="limit-mark"/>
    ${needle(SPEED_DIAL, "speed-needle")}
    <text class="speed" data-field="speed" x=${SPEED_DIAL.x} y="412">– –</text>
    <text class="unit" data-field="speed-unit" x=${SPEED_DIAL.x} y="466">km/h</text>
  </g>
  <g id="sign" data-field="speed-limit" role="img" aria-label="Speed limit">
    <circle class="plate" cx=${SPEED_DIAL.x} cy="566" r="50"/>
    <circle class="ring" cx=${SPEED_DIAL.x} cy="566" r="42.5"/>
    <text id="sign-text" x=${SPEED_DIAL.x} y="581"></text>
  </g>`;

const powerDial = svg`
  <g id="power-dial" role="meter" aria-label="Power">
    <path id="power-track" class="track unavailable"/>
    <path id="power-available" class="track"/>
    <g id="power-marks" class="marks"></g>
    <path id="power-arc" class="value"/>
    ${needle(POWER_DIAL, "power-needle")}
    <text class="power" data-field="power" x=${POWER_DIAL.x} y="574">–</text>
    <text class="caption" data-field="power-mode" x=${POWER_DIAL.x} y="612">kW</text>
  </g>
  <g id="battery" role="meter" aria-label="State of charge" aria-valuemin="0" aria-valuemax="100">
    <text class="range" x=${POWER_DIAL.x} y="358"><tspan data-field="range">–</tspan></text>
    <text class="unit" data-field="range-unit" x=${POWER_DIAL.x} y="400">km</text>
    <rect class="cell" x=${POWER_DIAL.x - 112} y="424" width="224" height="26" rx="8"/>
    <path class="cell" d="M${POWER_DIAL.x + 118} 432v10" stroke-width="6" stroke-linecap="round"/>
    <rect id="charge" x=${POWER_DIAL.x - 106} y="430" width="0" height="14" rx="4"/>
    <text class="charge" data-field="soc" x=${POWER_DIAL.x} y="496">–</text>
  </g>`;

/** Centre of a letter of P R N D. */
export const gearX = (place: number) => 855 + 70 * place;

const gears = svg`
  <g data-field="gear" role="img" aria-label="Gear">
    <rect id="gear-chip" x="0" y="492" width="60" height="60" rx="14"/>
    ${["P", "R", "N", "D"].map((letter, place) => svg`<text class="gear" data-gear=${letter} x=${gearX(place)} y="538">–</text>`)}
  </g>`;

const frost = svg`
  <g id="frost" data-field="frost" role="img" aria-label="Risk of ice" transform="translate(1118 51)">
    <path d="M0-17V17M-14.7-8.5 14.7 8.5M14.7-8.5-14.7 8.5M-5-14 0-9.5 5-14M-5 14 0 9.5 5 14M-14.6-2.7-8.2-4.8-9.6-11.3M14.6 2.7 8.2 4.8 9.6 11.3M-14.6 2.7-8.2 4.8-9.6 11.3M14.6-2.7 8.2-4.8 9.6-11.3"/>
  </g>`;

export const face: TemplateResult = html`
  <svg id="face" viewBox="0 0 1920 720" preserveAspectRatio="xMidYMid meet">
    <defs>
      <linearGradient id="ridge" gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="150" y2="228">
        <stop offset="0" class="ridge-top"/><stop offset="1" class="ridge-foot"/>
      </linearGradient>
      <linearGradient id="glow" gradientUnits="userSpaceOnUse" x1="640" x2="1280" y1="0" y2="0">
        <stop offset="0" class="glow-edge"/><stop offset="0.45" class="glow-mid"/><stop offset="1" class="glow-edge"/>
      </linearGradient>
      <linearGradient id="asphalt" x1="0" x2="0" y1="0" y2="1">
        <stop offset="0" class="asphalt-far"/><stop offset="1" class="asphalt-near"/>
      </linearGradient>
      <linearGradient id="line-fade" gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="228" y2="468">
        <stop offset="0" class="line-far"/><stop offset="1" class="line-near"/>
      </linearGradient>
    </defs>
    ${scene} ${speedDial} ${powerDial} ${gears}
    <g class="info">
      <text data-field="time" class="right" x="930" y="63">–</text>
      <text data-field="temperature" class="left" x="990" y="63">–</text>
      <path class="divider" d="M960 38v28M960 654v28"/>
      <text data-field="consumption" class="right small" x="930" y="678">–</text>
      <text data-field="odometer" class="left small" x="990" y="678">–</text>
    </g>
    ${frost}
    <g id="message" role="status" aria-live="assertive">
      <rect id="message-plate" rx="20"/>
      <g id="message-icon"><path class="warn" d="M0-15.5 17 14H-17Z"/><circle class="info" r="16"/>
        <g class="bang"><path d="M0-5.5v8.5"/><circle class="dot" cy="8.5" r="2"/></g></g>
      <text data-field="message" y="603"></text>
    </g>
    <g id="telltales">${telltales}</g>
  </svg>
`;
