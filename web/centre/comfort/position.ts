// Where a seat or the wheel stands: drawn from the side as it is, with a pair of arrows at everything that moves.

import { html, nothing, svg, type TemplateResult } from "lit/html.js";
import down from "@mdi/svg/svg/chevron-down.svg";
import left from "@mdi/svg/svg/chevron-left.svg";
import right from "@mdi/svg/svg/chevron-right.svg";
import up from "@mdi/svg/svg/chevron-up.svg";
import { icon } from "../../shared/icon";
import type { Car } from "../car";
import { move, targetOf } from "../car/motion";
import { track } from "../car/track";
import { has } from "../climate/zones";
import { type Axis, type Place, SEAT_AXES, SUPPORTS, WHEEL_AXES } from "./seats";

/** A held finger asks again after this. */
const REPEAT_MS = 220;

let repeating: ReturnType<typeof setInterval> | undefined;

/** Two arrows for one way of moving; the first is the way to less. */
function arrows(car: Car, { branch }: Place, axis: Axis, place: string, isUpright: boolean): TemplateResult | typeof nothing {
  const path = `${branch}.${axis.leaf}`;
  if (!has(car, path)) return nothing;
  const by = (way: 1 | -1) => {
    const at = targetOf(path) ?? car.readings.number(path);
    if (at !== null) move(car, path, at + way * axis.step, true);
  };
  const rest = () => clearInterval(repeating);
  const hold = (way: 1 | -1) => () => {
    rest();
    repeating = setInterval(() => by(way), REPEAT_MS);
  };
  const arrow = (way: 1 | -1) => html`<button
    class="button icon-only"
    type="button"
    data-path=${path}
    data-way=${way < 0 ? "less" : "more"}
    aria-label=${car.t(way < 0 ? axis.less : axis.more)}
    ?disabled=${car.readings.number(path) === null}
    @pointerdown=${hold(way)}
    @pointerup=${rest}
    @pointerleave=${rest}
    @pointercancel=${rest}
    @click=${() => by(way)}
  >
    ${icon(isUpright ? (way < 0 ? down : up) : way < 0 ? left : right)}
  </button>`;
  const { tone } = car.actuation.of(path);
  const at = car.readings.number(path);
  const target = targetOf(path);
  const figure = (value: number | null) => car.units.number(value, Number.isInteger(value ?? 0) ? 0 : 1);
  return html`<div
    class="pair-of-arrows"
    dir="ltr"
    data-place=${place}
    data-upright=${isUpright}
    data-state=${target !== null ? "pending" : tone !== "ok" ? "refused" : "known"}
  >
    ${arrow(isUpright ? 1 : -1)}
    <output data-field=${axis.leaf}
      >${figure(at)}${target !== null && target !== at ? html`<i>→ ${figure(target)}</i>` : nothing}
      <small>${axis.unit}</small></output
    >
    ${arrow(isUpright ? -1 : 1)}
  </div>`;
}

export function seatPosition(car: Car, place: Place): TemplateResult {
  return html`<div class="position">
    <div class="side-view" dir="ltr">
      ${seatDrawing(car, place)}
      ${arrows(car, place, SEAT_AXES.headrest, "headrest", true)} ${arrows(car, place, SEAT_AXES.recline, "recline", false)}
      ${arrows(car, place, SEAT_AXES.tilt, "tilt", true)} ${arrows(car, place, SEAT_AXES.height, "height", true)}
      ${arrows(car, place, SEAT_AXES.along, "along", false)}
    </div>
    <div class="supports">
      ${SUPPORTS.map(([leaf, name]) => {
        const path = `${place.branch}.${leaf}`;
        if (!has(car, path)) return nothing;
        const state = car.units.percent(car.readings.number(path)).text;
        return track(car, { path, title: car.t(name), least: 0, most: 100, step: 5, state });
      })}
    </div>
  </div>`;
}

export function wheelPosition(car: Car, place: Place): TemplateResult {
  return html`<div class="position">
    <div class="side-view wheel" dir="ltr">
      ${wheelDrawing(car, place)} ${arrows(car, place, WHEEL_AXES.height, "height", true)}
      ${arrows(car, place, WHEEL_AXES.along, "along", false)}
    </div>
  </div>`;
}

/** From the left, the car's front to the left. Lengths of the drawing are about millimetres of the seat. */
function seatDrawing(car: Car, { branch }: Place): TemplateResult {
  const at = (leaf: string) => car.readings.number(`${branch}.${leaf}`) ?? 0;
  const along = at("Position") * 0.45;
  const height = at("Height") * 0.8;
  const rest = at("Headrest.Height") * 0.5;
  return svg`<svg viewBox="0 0 900 640" aria-hidden="true">
    <path class="floor" d="M120 600h660" />
    <g transform="translate(${along} ${-height})">
      <path class="foot" d="M330 520l-14 ${70 + height}M560 520l14 ${70 + height}" />
      <g transform="rotate(${-at("Tilt")} 560 500)">
        <path class="cushion" d="M276 470c0-26 20-38 44-38h250c26 0 40 18 40 42s-16 46-44 46H316c-26 0-40-20-40-50z" />
      </g>
      <g transform="rotate(${at("Backrest.Recline")} 566 480)">
        <path class="cushion" d="M536 470c-22-80-26-190-14-262 4-24 22-36 44-36s40 14 42 38c4 80 10 180 8 262z" />
        <g transform="translate(0 ${-rest})">
          <path class="foot" d="M558 176v-34" />
          <rect class="cushion" x="522" y="86" width="72" height="66" rx="26" />
        </g>
      </g>
    </g>
  </svg>` as unknown as TemplateResult;
}

function wheelDrawing(car: Car, { branch }: Place): TemplateResult {
  const at = (leaf: string) => car.readings.number(`${branch}.${leaf}`) ?? 50;
  return svg`<svg viewBox="0 0 900 640" aria-hidden="true">
    <path class="floor" d="M120 600h660" />
    <g transform="rotate(${(50 - at("Tilt")) * 0.18} 180 420)">
      <g transform="translate(${at("Extension") * 1.1} 0)">
        <path class="foot" d="M60 420l400 -70" />
        <rect class="cushion" x="440" y="190" width="42" height="300" rx="21" transform="rotate(-14 461 340)" />
      </g>
    </g>
    <path class="cushion" d="M120 380c40-30 90-40 140-36l-10 120c-50 6-100 2-130-14z" />
  </svg>` as unknown as TemplateResult;
}
