// Power around speed, in the middle: one wide arc that swings up to the right, as a rev counter does.

import { svg } from "lit/html.js";
import { type Round, round } from "../track";
import { type Face, gears, powerTrack, roundNeedle, sign, speedTrack } from "./parts";

const POWER: Round = { x: 960, y: 402, radius: 296, start_deg: 170, sweep_deg: 200, marksAt: 26, figuresAt: 70 };
const SPEED: Round = { ...POWER, radius: 196, marksAt: -10, figuresAt: 0 };
// The limit's mark stands inside the thin ring: outside are the figures of power.
const LIMIT = round({ ...SPEED, radius: SPEED.radius - 36 });
const REDLINE = round({ ...POWER, radius: POWER.radius + 24 }).path({ from: 0, to: 1 }, 0.86, 1);
const LEFT = 344;
const RIGHT = 1576;

export const arc: Face = {
  speed: { ...round(SPEED), beside: LIMIT.beside, marks: () => svg`` },
  power: round(POWER),
  speedStep: 20,
  barWidth: 296,
  drawing: svg`
    <g class="frame">
      <path d="M60 118H556L640 202M1860 118H1364L1280 202M60 606H556L640 522M1860 606H1364L1280 522"/>
      <path class="hot" d="M60 118H200M1860 118H1720M60 606H200M1860 606H1720"/>
    </g>
    <g id="power-dial" role="meter" aria-label="Power">
      ${powerTrack(roundNeedle(POWER, "power-needle", 20, 22))}
      <path class="redline" d=${REDLINE} />
      <text class="range" data-field="power" x=${RIGHT} y="352">–</text>
      <text class="caption" data-field="power-mode" x=${RIGHT} y="400">kW</text>
    </g>
    <g id="speed-dial" role="meter" aria-label="Speed">
      ${speedTrack(roundNeedle(SPEED, "speed-needle", 12, 12))}
      <text class="speed" data-field="speed" x=${SPEED.x} y="412">– –</text>
      <text class="unit" data-field="speed-unit" x=${SPEED.x} y="462">km/h</text>
    </g>
    ${sign(RIGHT, 482)}
    <g id="battery" role="meter" aria-label="State of charge" aria-valuemin="0" aria-valuemax="100">
      <text class="range" x=${LEFT} y="352"><tspan data-field="range">–</tspan></text>
      <text class="unit" data-field="range-unit" x=${LEFT} y="400">km</text>
      <path class="cell" d="M${LEFT - 146} 430H${LEFT + 164}L${LEFT + 154} 458H${LEFT - 156}Z"/>
      <g clip-path="url(#battery-shape)"><rect id="charge" x=${LEFT - 148} y="430" width="0" height="28"/></g>
      <text class="charge" data-field="soc" x=${LEFT} y="508">–</text>
    </g>
    <clipPath id="battery-shape"><path d="M${LEFT - 141} 436H${LEFT + 155}L${LEFT + 149} 452H${LEFT - 147}Z"/></clipPath>
    ${gears}`,
};
