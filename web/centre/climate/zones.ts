// The four climate zones: where they are in the car, and how a zone's temperature is shown and stepped.

import { html, nothing, type TemplateResult } from "lit/html.js";
import minusIcon from "@mdi/svg/svg/minus.svg";
import plusIcon from "@mdi/svg/svg/plus.svg";
import { icon } from "../../shared/icon";
import { Quality } from "../../shared/readings";
import type { Key } from "../../shared/words";
import type { Car } from "../car";

export const HVAC = "Vehicle.Cabin.HVAC";

export interface Zone {
  readonly name: Key;
  /** Its branch in the catalogue. */
  readonly station: string;
}

const zone = (name: Key, seat: string): Zone => ({ name, station: `${HVAC}.Station.${seat}` });
export const DRIVER = zone("climate.driver", "Row1.Driver");
export const PASSENGER = zone("climate.passenger", "Row1.Passenger");
export const FRONT: readonly Zone[] = [DRIVER, PASSENGER];
export const REAR: readonly Zone[] = [zone("climate.rear_left", "Row2.Driver"), zone("climate.rear_right", "Row2.Passenger")];
export const ZONES: readonly Zone[] = [...FRONT, ...REAR];

/** °C between which people feel well; beyond, a car only heats or cools as it can. */
export const COLDEST = 16;
export const WARMEST = 28;

/** Whether this car has it: somebody in it has said something about it. Reactive. */
export function has(car: Car, path: string): boolean {
  return car.readings.quality(path) !== Quality.UNAVAILABLE;
}

/** Which of `levels` the value comes closest to, since a heater reports 30 % as well as 33 %. */
export function nearest(value: number, levels: readonly number[]): number {
  const away = levels.map((level) => Math.abs(level - value));
  return away.indexOf(Math.min(...away));
}

/** A zone's temperature between two buttons; `others` take the same value with it. */
export function temperature(car: Car, { name, station }: Zone, others: readonly Zone[] = [], changed?: () => void): TemplateResult {
  const path = `${station}.Temperature`;
  const title = car.t(name);
  const scale = car.units.temperatureScale;
  const current = car.readings.number(path);
  const { pending, tone } = car.actuation.of(path);
  const wish = typeof pending === "number" ? pending : null;
  const from = wish ?? current;
  const figure = (celsius: number) => car.units.number(scale.shown(celsius), scale.decimals);
  const step = (direction: 1 | -1) => () => {
    if (from === null) return;
    changed?.();
    const next = scale.car((Math.round(scale.shown(from) / scale.step) + direction) * scale.step);
    const wanted = Math.min(WARMEST, Math.max(COLDEST, next));
    for (const each of [station, ...others.map((other) => other.station)])
      if (has(car, `${each}.Temperature`)) car.actuation.request(`${each}.Temperature`, wanted, true);
  };
  const button = (direction: 1 | -1) => html`<button
    class="button icon-only"
    type="button"
    data-step=${direction < 0 ? "down" : "up"}
    aria-label=${car.t(direction < 0 ? "climate.cooler" : "climate.warmer", { where: title })}
    ?disabled=${from === null || (direction < 0 ? from <= COLDEST : from >= WARMEST)}
    @click=${step(direction)}
  >
    ${icon(direction < 0 ? minusIcon : plusIcon)}
  </button>`;
  return html`<div
    class="degrees"
    role="group"
    aria-label=${title}
    data-path=${path}
    data-state=${wish !== null ? "pending" : tone !== "ok" ? "refused" : current === null ? "unknown" : "known"}
  >
    ${button(-1)}
    <output aria-label=${title}>
      <span class="figure"
        ><span data-field="current">${current === null ? "–" : figure(current)}</span
        ><span class="unit">${scale.unit}</span></span
      >
      <span class="wish" data-field="pending">${wish === null || wish === current ? nothing : `→ ${figure(wish)}`}</span>
    </output>
    ${button(1)}
  </div>`;
}
