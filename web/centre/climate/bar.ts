// The climate bar, always in reach: the two front temperatures, seat warmth, fan and defrosters in one row.

import "./bar.css";
import { html, nothing, type TemplateResult } from "lit/html.js";
import fanIcon from "@mdi/svg/svg/fan.svg";
import frontIcon from "@mdi/svg/svg/car-defrost-front.svg";
import rearIcon from "@mdi/svg/svg/car-defrost-rear.svg";
import seatIcon from "@mdi/svg/svg/car-seat-heater.svg";
import type { Key } from "../../shared/words";
import type { Car } from "../car";
import { DRIVER, has, HVAC, nearest, PASSENGER, temperature, type Zone } from "./zones";

const FAN = `${DRIVER.station}.FanSpeed`;
const FRONT_GLASS = `${HVAC}.IsFrontDefrosterActive`;
const REAR_GLASS = `${HVAC}.IsRearDefrosterActive`;
const SEATS = { driver: "Vehicle.Cabin.Seat.Row1.DriverSide.HeatingCooling", passenger: "Vehicle.Cabin.Seat.Row1.PassengerSide.HeatingCooling" };

/** Percent of full heat, as VSS has it. */
const HEAT = [0, 33, 67, 100] as const;
/** Percent of full speed; each touch is one stronger, and after the strongest comes off. */
const BLOW = [0, 20, 40, 60, 80, 100] as const;

export const BAR_PATHS: readonly string[] = [
  `${DRIVER.station}.Temperature`,
  `${PASSENGER.station}.Temperature`,
  FAN,
  FRONT_GLASS,
  REAR_GLASS,
  SEATS.driver,
  SEATS.passenger,
];

export function bar(car: Car): TemplateResult {
  if (car.screen === "passenger")
    return html`<div class="climate-bar" dir="ltr">
      ${group(car, PASSENGER, SEATS.passenger, "climate.passenger_seat")}
    </div>`;
  return html`<div class="climate-bar" dir="ltr">
    ${group(car, DRIVER, SEATS.driver, "climate.driver_seat")}
    <div class="middle">
      ${glass(car, FRONT_GLASS, "climate.defrost_front", frontIcon)}
      ${strength(car, FAN, "climate.fan", "fan", fanIcon, BLOW, 1)}
      ${glass(car, REAR_GLASS, "climate.defrost_rear", rearIcon)}
    </div>
    ${group(car, PASSENGER, SEATS.passenger, "climate.passenger_seat")}
  </div>`;
}

function group(car: Car, zone: Zone, seat: string, name: Key): TemplateResult {
  const warmth = strength(car, seat, name, "seat_heat", seatIcon, HEAT, -1);
  return html`<div class="side">${temperature(car, zone)} ${warmth}</div>`;
}

function glass(car: Car, path: string, name: Key, drawing: string): TemplateResult | typeof nothing {
  if (!has(car, path)) return nothing;
  const isOn = car.readings.boolean(path) === true;
  return html`<button
    class="button quiet lit"
    type="button"
    data-path=${path}
    aria-pressed=${isOn}
    aria-label=${car.t(name)}
    @click=${() => car.actuation.request(path, !isOn)}
  >
    ${car.icon(path.endsWith("FrontDefrosterActive") ? "defrost_front" : "defrost_rear", drawing)}
    <span class="lamps"><i data-lit=${isOn}></i></span>
  </button>`;
}

/** A strength in a few levels. Each touch asks for the next one; `way` −1: from off to the strongest, then less. */
function strength(
  car: Car,
  path: string,
  name: Key,
  drawn: string,
  drawing: string,
  levels: readonly number[],
  way: 1 | -1,
): TemplateResult | typeof nothing {
  if (!has(car, path)) return nothing;
  const current = car.readings.number(path);
  const { pending } = car.actuation.of(path);
  const at = current === null ? -1 : nearest(current, levels);
  const wished = typeof pending === "number" ? nearest(pending, levels) : null;
  const next = levels.at(((wished ?? Math.max(0, at)) + way) % levels.length)!;
  const level = at < 0 ? car.t("common.unknown") : at === 0 ? car.t("common.off") : car.units.number(at);
  return html`<button
    class="button quiet lit"
    type="button"
    data-path=${path}
    data-level=${at}
    aria-pressed=${at > 0}
    aria-label=${`${car.t(name)}: ${level}`}
    @click=${() => car.actuation.request(path, next, true)}
  >
    ${car.icon(drawn, drawing)}
    <span class="lamps"
      >${levels.slice(1).map((_, index) => html`<i data-lit=${index < at} data-wished=${wished !== null && index < wished}></i>`)}</span
    >
  </button>`;
}
