// Figures over level lines, to either side of an empty road; most of the face is left alone.

import { svg } from "lit/html.js";
import { level } from "../track";
import { type Face, gears, powerTrack, scene, sign, speedTrack } from "./parts";

const LEFT = 132;
const RIGHT = 1788;
const LENGTH = 452;
const LINE = { length: LENGTH, marksAt: 14, figuresAt: 46 };

const needle = (id: string, x: number, y: number) =>
  svg`<g id=${id} class="needle"><line x1=${x} y1=${y - 11} x2=${x} y2=${y + 11} /></g>`;

const POWER_X = RIGHT - LENGTH;

export const bars: Face = {
  speed: level({ ...LINE, x: LEFT, y: 428 }),
  power: level({ ...LINE, x: POWER_X, y: 534 }),
  speedStep: 40,
  barWidth: LENGTH,
  drawing: svg`
    ${scene(svg`<path class="ridge" d="M640 228C760 196 820 190 900 206 990 224 1060 186 1140 192 1200 196 1240 214 1280 228Z"/>`)}
    <g id="speed-dial" role="meter" aria-label="Speed">
      ${speedTrack(needle("speed-needle", LEFT, 428))}
      <text class="speed start" data-field="speed" x=${LEFT - 8} y="376">– –</text>
      <text class="unit start" data-field="speed-unit" x=${LEFT} y="198">km/h</text>
    </g>
    ${sign(LEFT + LENGTH - 50, 326)}
    <g id="battery" role="meter" aria-label="State of charge" aria-valuemin="0" aria-valuemax="100">
      <text class="range end" x=${RIGHT} y="330"><tspan data-field="range">–</tspan></text>
      <text class="unit end" data-field="range-unit" x=${RIGHT} y="198">km</text>
      <text class="charge start" data-field="soc" x=${POWER_X} y="330">–</text>
      <rect class="cell" x=${POWER_X} y="366" width=${LENGTH} height="10" rx="5"/>
      <rect id="charge" x=${POWER_X} y="366" width="0" height="10" rx="5"/>
    </g>
    <g id="power-dial" role="meter" aria-label="Power">
      ${powerTrack(needle("power-needle", POWER_X, 534))}
      <text class="power start" data-field="power" x=${POWER_X} y="484">–</text>
      <text class="caption end" data-field="power-mode" x=${RIGHT} y="484">kW</text>
    </g>
    ${gears}`,
};
