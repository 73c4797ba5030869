// Wheel, pedals and gear lever.

import { signal } from "@preact/signals-core";
import { html, svg, type TemplateResult } from "lit/html.js";
import brakeIcon from "@mdi/svg/svg/car-brake-parking.svg";
import hornIcon from "@mdi/svg/svg/bugle.svg";
import leftIcon from "@mdi/svg/svg/arrow-left-bold.svg";
import powerIcon from "@mdi/svg/svg/power.svg";
import rightIcon from "@mdi/svg/svg/arrow-right-bold.svg";
import type { Indicators, Lever } from "../shared/protocol";
import { button, type Desk, latch, momentary } from "./desk";
import type { PedalName, Position } from "./driver";

const GEAR = "Vehicle.Powertrain.Transmission.CurrentGear";
const READY = "Vehicle.Alpenglow.Ready";
const PARKING_BRAKE = "Vehicle.Chassis.ParkingBrake.IsEngaged";
const LEFT = "Vehicle.Body.Lights.DirectionIndicator.Left.IsSignaling";
const RIGHT = "Vehicle.Body.Lights.DirectionIndicator.Right.IsSignaling";

export const DRIVING_PATHS: readonly string[] = [GEAR, READY, PARKING_BRAKE, LEFT, RIGHT];

/** How far the drawn wheel turns to full lock; a hand on a mouse or a glass cannot turn it one and a half times. */
const LOCK_DEGREES = 150;
/** A touch at the foot of a pedal. */
const LIGHTEST = 0.12;

const LEVERS: readonly (readonly [Lever, string])[] = [
  ["P", "Park"],
  ["R", "Reverse"],
  ["N", "Neutral"],
  ["D", "Drive"],
];

/** Where the driver's feet and hands are; the frame loop of `Driver` writes it. */
export const position = signal<Position>({ accelerator: 0, brake: 0, steering: 0 });

export function driving(desk: Desk): TemplateResult {
  const { readings, simulation } = desk;
  const controls = simulation.state.value?.controls;
  const engaged = gearLetter(readings.number(GEAR));
  return html`
    <div class="column steering">
      <div class="indicators">
        ${stalk(desk, "LEFT", "Indicate left", "Q", leftIcon, readings.boolean(LEFT))}
        ${stalk(desk, "RIGHT", "Indicate right", "E", rightIcon, readings.boolean(RIGHT))}
      </div>
      ${wheel(desk, controls?.horn ?? false)}
    </div>
    <div class="column pedals">
      ${pedal(desk, "brake", "Brake")} ${pedal(desk, "accelerator", "Accelerator")}
    </div>
    <div class="column lever" role="group" aria-label="Gear lever" data-control="gear" data-engaged=${engaged ?? ""}>
      ${LEVERS.map(
        ([lever, title]) => html`<button
          class="button"
          type="button"
          data-gear=${lever}
          data-engaged=${engaged === lever}
          aria-pressed=${controls?.gear === lever}
          aria-label=${engaged === lever ? `${title}, engaged` : title}
          title="${title} (${lever})"
          @click=${() => simulation.set({ gear: lever })}
        >
          ${lever}
        </button>`,
      )}
    </div>
    <div class="column switches">
      ${latch(desk, "ready", { title: "Power", drawing: powerIcon, shortcut: "I", lamp: readings.boolean(READY) })}
      ${latch(desk, "parking_brake", {
        title: "Parking brake",
        drawing: brakeIcon,
        shortcut: "K",
        lamp: readings.boolean(PARKING_BRAKE),
      })}
    </div>
  `;
}

/** Why the car does not do what was asked, or cannot be asked at all. */
export function hint({ simulation, driver }: Desk): TemplateResult {
  const kept = driver.kept.value;
  const keeps = kept === null ? "" : `Your foot keeps ${Math.round(kept)} km/h. A pedal or Esc ends it.`;
  const text = simulation.problem.value || simulation.state.value?.hint || keeps;
  return html`<p class="hint" role="status" data-field="hint" data-shown=${text !== ""}>${text}</p>`;
}

/** P, R, N or D, from VSS's code for the gear engaged; null where it is not known. */
export function gearLetter(code: number | null): Lever | null {
  if (code === null) return null;
  if (code === 126) return "P";
  if (code === 0) return "N";
  return code < 0 ? "R" : "D";
}

/** What the indicator stalk does when it is pushed towards `side`: on, or back off. */
export function pushStalk(desk: Desk, side: Indicators): void {
  const now = desk.simulation.state.peek()?.controls.indicators;
  desk.simulation.set({ indicators: now === side ? "OFF" : side });
}

function stalk(
  desk: Desk,
  side: "LEFT" | "RIGHT",
  title: string,
  shortcut: string,
  drawing: string,
  lamp: boolean | null,
): TemplateResult {
  const on = desk.simulation.state.value?.controls.indicators === side;
  const name = `indicators_${side.toLowerCase()}`;
  return button(name, on, { title, drawing, shortcut, lamp, bare: true }, () => pushStalk(desk, side));
}

function wheel(desk: Desk, horn: boolean): TemplateResult {
  const { steering } = position.value;
  const grab = (event: PointerEvent) => {
    const target = event.currentTarget as HTMLElement;
    const box = target.getBoundingClientRect();
    const angleOf = (e: PointerEvent) =>
      (Math.atan2(e.clientY - box.top - box.height / 2, e.clientX - box.left - box.width / 2) * 180) / Math.PI;
    let last = angleOf(event);
    let turned = desk.driver.position.steering * LOCK_DEGREES;
    target.setPointerCapture(event.pointerId);
    target.onpointermove = (move) => {
      const angle = angleOf(move);
      turned += ((angle - last + 540) % 360) - 180;
      turned = Math.min(LOCK_DEGREES, Math.max(-LOCK_DEGREES, turned));
      last = angle;
      desk.driver.hand(turned / LOCK_DEGREES);
    };
    target.onlostpointercapture = () => {
      target.onpointermove = null;
      desk.driver.hand(null);
    };
  };
  return html`<div
    class="wheel"
    role="slider"
    tabindex="0"
    aria-label="Steering wheel"
    aria-valuemin="-100"
    aria-valuemax="100"
    aria-valuenow=${Math.round(steering * 100)}
    aria-valuetext=${steering === 0 ? "straight" : `${Math.round(Math.abs(steering) * 100)} % ${steering < 0 ? "left" : "right"}`}
    data-control="steering"
    @pointerdown=${grab}
  >
    <svg viewBox="-100 -100 200 200" aria-hidden="true">
      <g style="transform: rotate(${steering * LOCK_DEGREES}deg)">${WHEEL}</g>
    </svg>
    ${momentary("horn", horn, { title: "Horn", drawing: hornIcon, bare: true, shortcut: "X" }, (down) => {
      if ((desk.simulation.state.peek()?.controls.horn ?? false) !== down) desk.simulation.set({ horn: down });
    })}
  </div>`;
}

const WHEEL = svg`
  <path class="spoke" d="M-84 6 Q-50 -6 -32 -18 Q0 -34 32 -18 Q50 -6 84 6 L82 26 Q54 24 40 30 Q30 42 0 44 Q-30 42 -40 30 Q-54 24 -82 26 Z" />
  <path class="spoke" d="M-15 40 L15 40 L21 84 L-21 84 Z" />
  <path class="rim" d="M0 -87 A87 87 0 0 1 66 57 Q56 69 42 75 Q22 80 0 80 Q-22 80 -42 75 Q-56 69 -66 57 A87 87 0 0 1 0 -87 Z" />
  <path class="mark" d="M-9 -87.2 A87 87 0 0 1 9 -87.2" />`;

function pedal(desk: Desk, name: PedalName, title: string): TemplateResult {
  const depth = position.value[name];
  const depthOf = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return LIGHTEST + (1 - LIGHTEST) * (1 - (event.clientY - box.top) / (box.height * 0.85));
  };
  const press = (event: PointerEvent) => {
    const target = event.currentTarget as HTMLElement;
    target.setPointerCapture(event.pointerId);
    desk.driver.finger(name, depthOf(event));
  };
  const key = (down: boolean) => (event: KeyboardEvent) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    desk.driver.key(name, down);
  };
  return html`<div
    class="pedal ${name}"
    role="slider"
    tabindex="0"
    aria-label=${title}
    aria-orientation="vertical"
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${Math.round(depth * 100)}
    data-control=${name}
    style="--depth: ${depth.toFixed(3)}"
    @pointerdown=${press}
    @pointermove=${(event: PointerEvent) => {
      const target = event.currentTarget as HTMLElement;
      if (target.hasPointerCapture(event.pointerId)) desk.driver.finger(name, depthOf(event));
    }}
    @lostpointercapture=${() => desk.driver.finger(name, null)}
    @keydown=${key(true)}
    @keyup=${key(false)}
    @blur=${() => desk.driver.key(name, false)}
    @contextmenu=${(event: Event) => event.preventDefault()}
  >
    <span class="well"><span class="pad"></span></span>
    <span class="gauge"><span class="level"></span></span>
    <span class="name">${title}</span>
    <output class="percent">${Math.round(depth * 100)} %</output>
  </div>`;
}
