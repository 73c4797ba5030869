// The drawing of the cluster, 1920 × 720. Every brand's face has the same telltales, message and information lines in the
// same places: what warns a driver does not move with the make.

import { html, svg, type TemplateResult } from "lit/html.js";
import type { Gauge } from "../shared/protocol";
import { arc } from "./faces/arc";
import { bars } from "./faces/bars";
import { dials } from "./faces/dials";
import { digits } from "./faces/digits";
import type { Face } from "./faces/parts";
import { TELLTALES } from "./telltales";

export const FACES: Readonly<Record<Gauge, Face>> = { dials, arc, bars, digits };

const telltales = TELLTALES.map(
  ({ name, title, colour, x, y, shape }) => svg`
    <g class="telltale ${colour}" data-telltale=${name} data-state="UNKNOWN" role="img" aria-label="${title}: unknown"
      transform="translate(${x - 30} ${y - 30}) scale(1.25)">${shape}</g>`,
);

const frost = svg`
  <g id="frost" data-field="frost" role="img" aria-label="Risk of ice" transform="translate(1118 51)">
    <path d="M0-17V17M-14.7-8.5 14.7 8.5M14.7-8.5-14.7 8.5M-5-14 0-9.5 5-14M-5 14 0 9.5 5 14M-14.6-2.7-8.2-4.8-9.6-11.3M14.6 2.7 8.2 4.8 9.6 11.3M-14.6 2.7-8.2 4.8-9.6 11.3M14.6-2.7 8.2-4.8 9.6-11.3"/>
  </g>`;

export const drawing = (gauge: Gauge): TemplateResult => html`
  <svg id="face" data-gauge=${gauge} viewBox="0 0 1920 720" preserveAspectRatio="xMidYMid meet">
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
    ${FACES[gauge].drawing}
    <g class="info">
      <text data-field="time" class="right" x="930" y="63">–</text>
      <text data-field="temperature" class="left" x="990" y="63">–</text>
      <path class="divider" d="M960 38v28M960 654v28"/>
      <text data-field="consumption" class="right small" x="930" y="678">–</text>
      <text data-field="odometer" class="left small" x="990" y="678">–</text>
    </g>
    ${frost}
    <g id="turn" role="img" data-shown="false"></g>
    <g id="message" role="status" aria-live="assertive">
      <rect id="message-plate" rx="20"/>
      <g id="message-icon"><path class="warn" d="M0-15.5 17 14H-17Z"/><circle class="info" r="16"/>
        <g class="bang"><path d="M0-5.5v8.5"/><circle class="dot" cy="8.5" r="2"/></g></g>
      <text data-field="message" y="603"></text>
    </g>
    <g id="telltales">${telltales}</g>
  </svg>
`;
