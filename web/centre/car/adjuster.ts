// The mirrors: one of them is chosen, and four arrows turn its glass; folding and heating are for both.

import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import down from "@mdi/svg/svg/chevron-down.svg";
import foldIcon from "@mdi/svg/svg/arrow-collapse-horizontal.svg";
import heatIcon from "@mdi/svg/svg/heat-wave.svg";
import left from "@mdi/svg/svg/chevron-left.svg";
import right from "@mdi/svg/svg/chevron-right.svg";
import up from "@mdi/svg/svg/chevron-up.svg";
import { icon } from "../../shared/icon";
import type { Key } from "../../shared/words";
import type { Car } from "../car";
import { segments } from "../controls";
import { has } from "../climate/zones";
import { move, targetOf } from "./motion";

const SIDES = ["DriverSide", "PassengerSide"] as const;
const MIRROR = (side: (typeof SIDES)[number]) => `Vehicle.Body.Mirrors.${side}`;
/** Percent of the way that one touch turns it. */
const STEP = 5;

const chosen = signal<(typeof SIDES)[number]>("DriverSide");

const ARROWS: readonly (readonly [axis: "Pan" | "Tilt", way: 1 | -1, name: Key, drawing: string, place: string])[] = [
  ["Tilt", 1, "car.turn_up", up, "up"],
  ["Pan", -1, "car.turn_left", left, "left"],
  ["Pan", 1, "car.turn_right", right, "right"],
  ["Tilt", -1, "car.turn_down", down, "down"],
];

export function adjuster(car: Car): TemplateResult {
  const mirror = MIRROR(chosen.value);
  const both = (leaf: string) => SIDES.map((side) => `${MIRROR(side)}.${leaf}`).filter((path) => has(car, path));
  const pair = (leaf: string, name: Key, drawing: string) => {
    const paths = both(leaf);
    return paths.length ? car.controls.toggle({ path: paths[0]!, title: car.t(name), drawing }, paths.slice(1)) : nothing;
  };
  return html`
    <div dir="ltr">
      ${segments(
        car.t("car.mirrors"),
        chosen.value,
        SIDES.map((side) => [side, car.t(side === "DriverSide" ? "car.mirror_left" : "car.mirror_right")] as const),
        (side) => (chosen.value = side),
      )}
    </div>
    <div class="arrows" dir="ltr" role="group" aria-label=${car.t("car.mirrors")}>
      ${ARROWS.map(([axis, way, name, drawing, place]) => {
        const path = `${mirror}.${axis}`;
        const at = targetOf(path) ?? car.readings.number(path);
        const turn = () => {
          if (at !== null) move(car, path, Math.min(100, Math.max(-100, at + way * STEP)));
        };
        return html`<button
          class="button icon-only"
          type="button"
          style="grid-area: ${place}"
          data-path=${path}
          data-turn=${place}
          aria-label=${car.t(name)}
          ?disabled=${at === null}
          @click=${turn}
        >
          ${icon(drawing)}
        </button>`;
      })}
      <output class="aim" data-field="aim">${aim(car, mirror)}</output>
    </div>
    <div class="switches">
      ${pair("IsFolded", "car.fold", foldIcon)} ${pair("IsHeatingOn", "car.heat_mirrors", heatIcon)}
    </div>
  `;
}

function aim(car: Car, mirror: string): string {
  const figure = (leaf: string) => car.units.number(car.readings.number(`${mirror}.${leaf}`));
  return `${figure("Pan")} · ${figure("Tilt")}`;
}
