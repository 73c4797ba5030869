// The car from above: doors, bonnet, boot, flap and cable, people and their belts. Drawn as the car says it is.

import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit/html.js";
import beltIcon from "@mdi/svg/svg/seatbelt.svg";
import doorIcon from "@mdi/svg/svg/car-door.svg";
import flapIcon from "@mdi/svg/svg/ev-plug-type2.svg";
import personIcon from "@mdi/svg/svg/account.svg";
import type { Cable, Controls } from "../shared/protocol";
import { button, type Desk, latch } from "./desk";
import type { Switch } from "./simulation";

interface Seat {
  readonly place: "front_left" | "front_right" | "rear_left" | "rear_right";
  readonly title: string;
  readonly vss: string; // row and side
  readonly x: number;
  readonly y: number;
}

const SEATS: readonly Seat[] = [
  { place: "front_left", title: "Driver", vss: "Row1.DriverSide", x: 52, y: 122 },
  { place: "front_right", title: "Front right", vss: "Row1.PassengerSide", x: 88, y: 122 },
  { place: "rear_left", title: "Rear left", vss: "Row2.DriverSide", x: 52, y: 176 },
  { place: "rear_right", title: "Rear right", vss: "Row2.PassengerSide", x: 88, y: 176 },
];
const KEYS = [1, 2] as const;
const BONNET = "Vehicle.Body.Hood.IsOpen";
const BOOT = "Vehicle.Body.Trunk.Rear.IsOpen";
const LOW_BEAM = "Vehicle.Body.Lights.Beam.Low.IsOn";
const CHARGING = "Vehicle.Powertrain.TractionBattery.Charging.IsCharging";
const doorPath = (seat: Seat) => `Vehicle.Cabin.Door.${seat.vss}.IsOpen`;
const beltPath = (seat: Seat) => `Vehicle.Cabin.Seat.${seat.vss}.IsBelted`;

export const BODY_PATHS: readonly string[] = [
  ...SEATS.map(doorPath),
  ...SEATS.map(beltPath),
  BONNET,
  BOOT,
  LOW_BEAM,
  CHARGING,
];

export function body(desk: Desk): TemplateResult {
  const controls = desk.simulation.state.value?.controls;
  const charging = desk.readings.boolean(CHARGING);
  return html`
    ${SEATS.map((seat) => place(desk, seat))} ${controls ? plan(desk, controls) : html`<div class="plan"></div>`}
    <div class="place charging" role="group" aria-label="Charging">
      <h3>Charging</h3>
      ${latch(desk, "charge_flap", { title: "Charge flap", drawing: flapIcon, bare: true, lamp: charging })}
      ${cable(desk, "AC", controls)} ${cable(desk, "DC", controls)}
    </div>
    <div class="place lids" role="group" aria-label="Lids and key">
      <h3>Lids</h3>
      ${latch(desk, "bonnet", { title: "Bonnet" })} ${latch(desk, "boot", { title: "Boot" })}
      <h3>Key</h3>
      ${KEYS.map((key) => keyButton(desk, key, controls))}
    </div>
  `;
}

function place(desk: Desk, seat: Seat): TemplateResult {
  const { place: at, title } = seat;
  return html`<div class="place" role="group" aria-label=${title} style="grid-area: ${at}">
    <h3>${title}</h3>
    ${latch(desk, `door_${at}`, { title: `${title} door`, drawing: doorIcon, bare: true })}
    ${latch(desk, `occupant_${at}`, { title: `${title} seat taken`, drawing: personIcon, bare: true })}
    ${latch(desk, `belt_${at}`, { title: `${title} belt fastened`, drawing: beltIcon, bare: true })}
  </div>`;
}

function cable(desk: Desk, kind: Cable, controls: Controls | undefined): TemplateResult {
  const plugged = controls?.charge_cable === kind;
  return button(`charge_cable_${kind.toLowerCase()}`, plugged, { title: kind }, () =>
    desk.simulation.set({ charge_cable: plugged ? "NONE" : kind }),
  );
}

/** Which key comes near and opens the car; pressed again, it goes away. */
function keyButton(desk: Desk, key: number, controls: Controls | undefined): TemplateResult {
  const near = controls?.key === key;
  return button(`key_${key}`, near, { title: `Key ${key}` }, () => desk.simulation.set({ key: near ? 0 : key }));
}

/** The drawing; its parts can be touched too, and the buttons beside it name them for those who do not see it. */
function plan(desk: Desk, controls: Controls): TemplateResult {
  const { readings, simulation } = desk;
  const flip = (name: Switch) => () => simulation.set({ [name]: !controls[name] });
  const is = (path: string, control: boolean) => readings.boolean(path) ?? control;
  const front = is(BONNET, controls.bonnet);
  const rear = is(BOOT, controls.boot);
  const plugged = controls.charge_cable !== "NONE";
  return html`<div class="plan">
    <svg viewBox="12 4 116 258" aria-hidden="true">
      ${readings.boolean(LOW_BEAM) ? BEAMS : nothing}
      <path class="shell" d="${SHELL}" />
      <path
        class="lid"
        data-open=${front}
        d="M34 78 Q32 40 44 26 Q70 18 96 26 Q108 40 106 78 Q70 66 34 78 Z"
        @click=${flip("bonnet")}
      />
      <path class="glass" d="M34 82 Q70 70 106 82 L99 104 Q70 97 41 104 Z" />
      <path class="roof" d="M41 104 Q70 97 99 104 L99 204 Q70 210 41 204 Z" />
      <path class="glass" d="M41 204 Q70 210 99 204 L103 222 Q70 230 37 222 Z" />
      <path
        class="lid"
        data-open=${rear}
        d="M37 224 Q70 232 103 224 Q104 240 97 247 Q70 252 43 247 Q36 240 37 224 Z"
        @click=${flip("boot")}
      />
      ${SEATS.map((seat) => chair(seat, controls, is(beltPath(seat), controls[`belt_${seat.place}`]), desk))}
      ${SEATS.map((seat) => door(seat, is(doorPath(seat), controls[`door_${seat.place}`]), flip(`door_${seat.place}`)))}
      <g @click=${flip("charge_flap")}>
        <circle class="flap" data-open=${controls.charge_flap} cx="30" cy="222" r="6" />
        ${plugged ? svg`<path class="cable" d="M30 222 C8 222 12 246 0 250" />` : nothing}
      </g>
    </svg>
  </div>`;
}

const SHELL =
  "M70 12 C94 12 106 18 110 34 C114 54 112 84 113 120 C113 170 115 206 110 238 C107 252 94 256 70 256 " +
  "C46 256 33 252 30 238 C25 206 27 170 27 120 C28 84 26 54 30 34 C34 18 46 12 70 12 Z";

const BEAMS = svg`
  <path class="beam" d="M40 20 L22 0 L58 0 Z" />
  <path class="beam" d="M100 20 L82 0 L118 0 Z" />`;

function chair(seat: Seat, controls: Controls, belted: boolean, desk: Desk): SVGTemplateResult {
  const taken = controls[`occupant_${seat.place}`];
  const { x, y } = seat;
  return svg`<g class="chair" data-taken=${taken}
      @click=${() => desk.simulation.set({ [`occupant_${seat.place}`]: !taken })}>
    <path class="cushion" d="M${x - 13} ${y - 14} q13 -5 26 0 v24 q-13 6 -26 0 Z" />
    <path class="backrest" d="M${x - 13} ${y + 12} q13 6 26 0 v6 q-13 6 -26 0 Z" />
    ${taken ? svg`<circle class="head" cx=${x} cy=${y + 6} r="7" />` : nothing}
    ${belted ? svg`<path class="belt" d="M${x - 10} ${y + 14} L${x + 10} ${y - 10}" />` : nothing}
  </g>`;
}

function door(seat: Seat, open: boolean, flip: () => void): SVGTemplateResult {
  const left = seat.place.endsWith("left");
  const front = seat.place.startsWith("front");
  const hinge = front ? 96 : 152; // the doors' front edge
  const x = left ? 27 : 113;
  const turn = open ? (left ? 40 : -40) : 0;
  return svg`<g class="door" data-open=${open} @click=${flip}
      style="transform-origin: ${x}px ${hinge}px; transform: rotate(${turn}deg)">
    <rect class="target" x=${x - 12} y=${hinge} width="24" height="52" />
    <path class="leaf" d="M${x} ${hinge + 1} v50" />
  </g>`;
}
