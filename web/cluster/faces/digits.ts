// One figure as large as it gets, and two bubbles beside it.

import { svg } from "lit/html.js";
import { level } from "../track";
import { type Face, gears, powerTrack, sign } from "./parts";

const LEFT = 336;
const RIGHT = 1584;
const POWER = { x: RIGHT - 150, y: 474, length: 300, marksAt: 0, figuresAt: 0 };

export const digits: Face = {
  speed: null,
  power: { ...level(POWER), marks: () => svg`` },
  speedStep: 20,
  barWidth: 336,
  drawing: svg`
    <g class="bubbles">
      <circle cx="664" cy="452" r="42"/><circle cx="618" cy="384" r="16"/><circle cx="1262" cy="150" r="30"/><circle cx="1306" cy="214" r="12"/>
    </g>
    <rect class="bubble" x="96" y="120" width="480" height="484" rx="92"/>
    <rect class="bubble" x="1344" y="120" width="480" height="484" rx="92"/>
    <g id="speed-dial" role="meter" aria-label="Speed">
      <text class="speed" data-field="speed" x="960" y="388">– –</text>
      <text class="unit" data-field="speed-unit" x="960" y="452">km/h</text>
    </g>
    ${sign(1190, 432)}
    <g id="battery" role="meter" aria-label="State of charge" aria-valuemin="0" aria-valuemax="100">
      <text class="range" x=${LEFT} y="318"><tspan data-field="range">–</tspan></text>
      <text class="unit" data-field="range-unit" x=${LEFT} y="370">km</text>
      <rect class="cell" x=${LEFT - 180} y="424" width="360" height="100" rx="50"/>
      <rect id="charge" x=${LEFT - 168} y="436" width="0" height="76" rx="38"/>
      <text class="charge" data-field="soc" x=${LEFT} y="574">–</text>
    </g>
    <g id="power-dial" role="meter" aria-label="Power">
      ${powerTrack(svg`<g id="power-needle" class="needle"><circle cx=${POWER.x} cy=${POWER.y} r="26"/></g>`)}
      <text class="range" data-field="power" x=${RIGHT} y="318">–</text>
      <text class="unit" data-field="power-mode" x=${RIGHT} y="370">kW</text>
    </g>
    ${gears}`,
};
