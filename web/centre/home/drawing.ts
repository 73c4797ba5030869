// The car from above, as it says it is: doors, lids, lights, tyres, cable. Drawn once; only what changes is redrawn.

import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit/html.js";
import type { Car } from "../car";

type Side = "left" | "right";

const DRIVER_POSITION = "Vehicle.Cabin.DriverPosition";
const DOOR = (row: 1 | 2, side: "DriverSide" | "PassengerSide") => `Vehicle.Cabin.Door.Row${row}.${side}.IsOpen`;
const HOOD = "Vehicle.Body.Hood.IsOpen";
const BOOT = "Vehicle.Body.Trunk.Rear.IsOpen";
const BEAM = "Vehicle.Body.Lights.Beam.Low.IsOn";
const BRAKE = "Vehicle.Body.Lights.Brake.IsActive";
const CABLE = "Vehicle.Powertrain.TractionBattery.Charging.ChargingPort.AnyPosition.IsChargingCableConnected";
const CHARGING = "Vehicle.Powertrain.TractionBattery.Charging.IsCharging";
const WHEEL = (row: 1 | 2, side: Side) =>
  `Vehicle.Chassis.Axle.Row${row}.Wheel.${side === "left" ? "Left" : "Right"}.Tire`;

const CORNERS = [
  [1, "left"],
  [1, "right"],
  [2, "left"],
  [2, "right"],
] as const;

/** What is open, by the key of its word. */
export const OPENINGS = [
  [DOOR(1, "DriverSide"), "home.door_driver"],
  [DOOR(1, "PassengerSide"), "home.door_passenger"],
  [DOOR(2, "DriverSide"), "home.door_rear_driver"],
  [DOOR(2, "PassengerSide"), "home.door_rear_passenger"],
  [HOOD, "home.bonnet"],
  [BOOT, "home.boot"],
] as const;

export const DRAWING_PATHS: readonly string[] = [
  ...OPENINGS.map(([path]) => path),
  ...CORNERS.flatMap(([row, side]) => [`${WHEEL(row, side)}.Pressure`, `${WHEEL(row, side)}.IsPressureLow`]),
  DRIVER_POSITION,
  BEAM,
  BRAKE,
  CABLE,
  CHARGING,
];

/** The drawing with the tyres' pressures at its corners. A picture: what it says stands beside it in words. */
export function drawing(car: Car): TemplateResult {
  const { readings } = car;
  const is = (path: string) => readings.boolean(path) === true;
  const drivers: Side = readings.string(DRIVER_POSITION) === "RIGHT" ? "right" : "left";
  const isOpen = (row: 1 | 2, side: Side) => is(DOOR(row, side === drivers ? "DriverSide" : "PassengerSide"));
  return html`<div class="drawing" data-charging=${is(CHARGING)}>
    <svg viewBox="-40 -60 480 960" aria-hidden="true">
      <defs>
        <linearGradient id="beam" x1="0" y1="1" x2="0" y2="0">
          <stop offset="0" stop-color="var(--beam)" stop-opacity="0.7" />
          <stop offset="1" stop-color="var(--beam)" stop-opacity="0" />
        </linearGradient>
        <linearGradient id="paint" x1="0" x2="1">
          <stop offset="0" stop-color="var(--paint-edge)" />
          <stop offset="0.22" stop-color="var(--paint)" />
          <stop offset="0.5" stop-color="var(--paint-top)" />
          <stop offset="0.78" stop-color="var(--paint)" />
          <stop offset="1" stop-color="var(--paint-edge)" />
        </linearGradient>
      </defs>
      ${is(BEAM) ? BEAMS : nothing}
      <ellipse class="ground" cx="200" cy="440" rx="190" ry="450" />
      ${WHEELS}
      <path class="shell" d="${SHELL}" />
      <path class="crease" d="M128 70 C116 130 112 190 116 236 M272 70 C284 130 288 190 284 236" />
      <path class="lid" data-open=${is(HOOD)} d="M112 76 C140 44 260 44 288 76 C294 130 296 190 294 238 C250 214 150 214 106 238 C104 190 106 130 112 76 Z" />
      <path class="lid" data-open=${is(BOOT)} d="M104 712 C150 732 250 732 296 712 L300 792 C262 816 138 816 100 792 Z" />
      <path class="glass" d="M98 268 C140 232 260 232 302 268 L284 352 C240 334 160 334 116 352 Z" />
      <path class="glass" d="M118 612 C160 624 240 624 282 612 L294 694 C250 714 150 714 106 694 Z" />
      <path class="glass side" d="M88 284 L110 360 L112 470 L90 470 C84 400 84 340 88 284 Z M90 486 L112 486 L112 602 L98 674 C92 620 90 560 90 486 Z" />
      <path class="glass side" d="M312 284 L290 360 L288 470 L310 470 C316 400 316 340 312 284 Z M310 486 L288 486 L288 602 L302 674 C308 620 310 560 310 486 Z" />
      <path class="roof" d="M118 362 C160 346 240 346 282 362 L280 600 C240 612 160 612 120 600 Z" />
      <path class="lamp" data-on=${is(BEAM)} d="M86 112 C92 74 118 50 150 40 C138 60 118 78 104 116 Z M314 112 C308 74 282 50 250 40 C262 60 282 78 296 116 Z" />
      <path class="tail" data-on=${is(BRAKE)} d="M86 806 C126 836 274 836 314 806" />
      ${CORNERS.map(([row, side]) => door(row, side, isOpen(row, side)))}
      ${is(CABLE) ? svg`<path class="cable" d="M62 170 C0 170 20 20 -60 0" /><circle class="plug" cx="62" cy="170" r="12" />` : nothing}
    </svg>
    ${CORNERS.map(([row, side]) => {
      const low = is(`${WHEEL(row, side)}.IsPressureLow`);
      const { number, unit } = car.units.pressure(readings.number(`${WHEEL(row, side)}.Pressure`));
      return html`<p class="tyre" data-row=${row} data-side=${side} data-low=${low}>
        <b>${number}</b> <span>${unit}</span>
      </p>`;
    })}
  </div>`;
}

function door(row: 1 | 2, side: Side, open: boolean): SVGTemplateResult {
  const x = side === "left" ? 64 : 336;
  const y = row === 1 ? 322 : 476;
  const turn = open ? (side === "left" ? 48 : -48) : 0;
  return svg`<path class="door" data-open=${open} d="M${x} ${y} v138"
    style="transform-origin: ${x}px ${y}px; transform: rotate(${turn}deg)" />`;
}

const SHELL =
  "M200 16 C264 16 306 36 320 88 C334 138 338 190 338 252 L340 620 C340 700 336 762 318 808 C300 838 252 846 200 846 " +
  "C148 846 100 838 82 808 C64 762 60 700 60 620 L62 252 C62 190 66 138 80 88 C94 36 136 16 200 16 Z " +
  "M62 300 C36 292 18 300 14 320 C30 332 50 332 62 328 Z M338 300 C364 292 382 300 386 320 C370 332 350 332 338 328 Z";

const WHEELS = svg`${[
  [50, 140],
  [330, 140],
  [48, 630],
  [332, 630],
].map(([x, y]) => svg`<rect class="wheel" x=${x!} y=${y!} width="20" height="104" rx="9" />`)}`;

const BEAMS = svg`
  <path fill="url(#beam)" d="M96 84 L40 -60 L196 -60 L150 46 Z" />
  <path fill="url(#beam)" d="M304 84 L360 -60 L204 -60 L250 46 Z" />`;
