// Two round dials, and between them the road under the mountains.

import { svg } from "lit/html.js";
import { type Round, round } from "../track";
import { type Face, gears, powerTrack, roundNeedle, scene, sign, speedTrack } from "./parts";

const DIAL = { y: 360, radius: 250, start_deg: 135, sweep_deg: 270, marksAt: 16, figuresAt: 54 };
const SPEED: Round = { ...DIAL, x: 400 };
const POWER: Round = { ...DIAL, x: 1520 };

const RIDGE = "M650 228 716 206 758 213 822 182 858 197 908 158 944 181 990 164 1036 191 1090 178 1142 203 1192 198 1270 228";

export const dials: Face = {
  speed: round(SPEED),
  power: round(POWER),
  speedStep: 20,
  barWidth: 212,
  drawing: svg`
    ${scene(svg`<path class="ridge" d="${RIDGE}Z"/><path class="skyline" d=${RIDGE} />`)}
    <g id="speed-dial" role="meter" aria-label="Speed">
      ${speedTrack(roundNeedle(SPEED, "speed-needle", 24, 9))}
      <text class="speed" data-field="speed" x=${SPEED.x} y="412">– –</text>
      <text class="unit" data-field="speed-unit" x=${SPEED.x} y="466">km/h</text>
    </g>
    ${sign(SPEED.x, 566)}
    <g id="power-dial" role="meter" aria-label="Power">
      ${powerTrack(roundNeedle(POWER, "power-needle", 24, 9))}
      <text class="power" data-field="power" x=${POWER.x} y="574">–</text>
      <text class="caption" data-field="power-mode" x=${POWER.x} y="612">kW</text>
    </g>
    <g id="battery" role="meter" aria-label="State of charge" aria-valuemin="0" aria-valuemax="100">
      <text class="range" x=${POWER.x} y="358"><tspan data-field="range">–</tspan></text>
      <text class="unit" data-field="range-unit" x=${POWER.x} y="400">km</text>
      <rect class="cell" x=${POWER.x - 112} y="424" width="224" height="26" rx="8"/>
      <path class="cell" d="M${POWER.x + 118} 432v10" stroke-width="6" stroke-linecap="round"/>
      <rect id="charge" x=${POWER.x - 106} y="430" width="0" height="14" rx="4"/>
      <text class="charge" data-field="soc" x=${POWER.x} y="496">–</text>
    </g>
    ${gears}`,
};
