// Charge and range in one line, for the home page.

import "./card.css";
import { html, nothing, type TemplateResult } from "lit/html.js";
import batteryIcon from "@mdi/svg/svg/battery-high.svg";
import chargingIcon from "@mdi/svg/svg/battery-charging-high.svg";
import type { Car } from "../car";
import { CHARGE, IS_CHARGING, LIMIT, RANGE, TIME_LEFT } from "./paths";

/** Opens the energy page when touched. */
export function chargeCard(car: Car): TemplateResult {
  const { readings, units } = car;
  const metres = readings.number(RANGE);
  const isCharging = readings.boolean(IS_CHARGING) === true;
  const percent = readings.number(CHARGE);
  return html`<button class="energy-card" type="button" data-control="energy" @click=${() => car.go("energy")}>
    ${car.icon(isCharging ? "charging" : "charge", isCharging ? chargingIcon : batteryIcon)}
    <span class="figure" data-field="card_charge">${units.percent(percent).text}</span>
    <span class="figure" data-field="card_range">${units.distance(metres === null ? null : metres / 1000).text}</span>
    ${isCharging ? html`<span class="until" data-field="card_until">${untilLimit(car)}</span>` : nothing}
    <span class="bar" aria-hidden="true"><i style="inline-size: ${percent ?? 0}%"></i></span>
  </button>`;
}

/** "1:20 h to 80 %"; "" where the car does not say. Reactive. */
export function untilLimit({ readings, units, t }: Car): string {
  const seconds = readings.number(TIME_LEFT);
  const limit = readings.number(LIMIT);
  if (seconds === null || limit === null) return "";
  return t("energy.time_left", { time: units.duration(seconds).text, percent: units.percent(limit).text });
}
