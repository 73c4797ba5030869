// How far it goes, and why: charge and range, the reasons, what was used on the way here, and where the power goes now.

import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { Consumption, Energy, RangeCause } from "../../shared/protocol";
import type { Key } from "../../shared/words";
import type { Car } from "../car";
import { segments } from "../controls";
import { untilLimit } from "./card";
import { BATTERY_POWER, CHARGE, CONDITIONING, IS_CHARGING, IS_CONDITIONING, LIMIT, RANGE, SHARES, TEMPERATURE } from "./paths";
import { type Line, Plot } from "./plot";

const LOW_PERCENT = 20;
const DISTANCES_KM = [10, 30, 100] as const;
const KM_PER_MILE = 1.609344; // international mile (1959)
/** kWh/100 km that the plot shows at least, and the step of its upper end. */
const LEAST_SPAN = 20;
const STEP = 10;

const distance_km = signal<(typeof DISTANCES_KM)[number]>(30);
const plot = new Plot();

/** Charge and range, large. */
export function hero(car: Car): TemplateResult {
  const { readings, units, t } = car;
  const percent = readings.number(CHARGE);
  const limit = readings.number(LIMIT);
  const metres = readings.number(RANGE);
  const range = units.distance(metres === null ? null : metres / 1000);
  const charge = units.percent(percent);
  const isCharging = readings.boolean(IS_CHARGING) === true;
  return html`<section class="card energy-level">
    <p class="big">
      <bdi><span class="figure" data-field="range" data-path=${RANGE}>${range.number}</span><span class="unit">${range.unit}</span></bdi>
      <span class="of">${t("energy.range")}</span>
    </p>
    <p class="big">
      <bdi><span class="figure" data-field="charge" data-path=${CHARGE}>${charge.number}</span><span class="unit">${charge.unit}</span></bdi>
      <span class="of">${isCharging ? untilLimit(car) : t("energy.charge")}</span>
    </p>
    <div class="battery" data-low=${percent !== null && percent < LOW_PERCENT} data-charging=${isCharging}
      role="img" aria-label=${t("energy.limit_is", { percent: units.percent(limit).text })}>
      <i style="inline-size: ${percent ?? 0}%"></i>
      ${limit === null ? nothing : html`<b style="inset-inline-start: ${limit}%"></b>`}
    </div>
  </section>`;
}

/** The way from the reference to the range, one bar for each reason. */
export function reasons(car: Car, energy: Energy | null): TemplateResult {
  const { readings, units, t } = car;
  // The range is the live one, so that no other stands beside it; what it is ahead of the reasons goes to "other".
  const shown = energy && whole(car, { ...energy, range_m: readings.number(RANGE) });
  return html`<section class="card energy-why" aria-label=${t("energy.why")}>
    <h2>${t("energy.why")}</h2>
    ${!energy
      ? html`<p class="empty">${t("common.loading")}</p>`
      : !shown
        ? html`<p class="empty" data-field="no_reasons">${t("energy.no_reasons")}</p>`
        : html`<p class="reference">
              <span>${t("energy.reference", { speed: units.speed(100).text, temperature: units.temperature(20).text })}</span>
              <output data-field="reference">${units.distance(shown.reference_km).text}</output>
            </p>
            <ul>
              ${shown.each.map(
                ({ cause, number, share }) =>
                  html`<li data-cause=${cause} data-way=${number < 0 ? "takes" : "gives"}>
                    <span class="name">${t(`energy.cause_${cause}` as Key)}</span>
                    <span class="scale" aria-hidden="true"><i style="inline-size: ${share * 50}%"></i></span>
                    <output data-field="reason">${signed(car, number)}</output>
                  </li>`,
              )}
            </ul>
            ${shown.each.every(({ cause }) => cause === "other")
              ? html`<p class="says" data-field="reasons_later">${t("energy.reasons_later")}</p>`
              : nothing}
            <p class="sum">
              <span>${t("energy.range_now")}</span>
              <output data-field="sum">${units.distance(shown.range_km).text}</output>
            </p>`}
  </section>`;
}

function signed({ units }: Car, number: number): string {
  return `${number < 0 ? "−" : "+"}${units.number(Math.abs(number))}`;
}

interface Shown {
  readonly reference_km: number;
  readonly range_km: number;
  /** In whole km or mi; with the reference they add up to the range, as it is read. */
  readonly each: readonly { cause: RangeCause; number: number; share: number }[];
}

/** The reasons in whole numbers that add up: what rounding leaves over goes to "other". */
function whole({ units }: Car, { range_m, reference_m, reasons: found }: Energy): Shown | null {
  if (range_m === null || reference_m === null || found.length === 0) return null;
  const unit_m = units.isMetric ? 1000 : 1000 * KM_PER_MILE;
  const numbers = new Map(found.map(({ cause, metres }) => [cause, Math.round(metres / unit_m)]));
  const sum = [...numbers.values()].reduce((a, b) => a + b, 0);
  const rest = Math.round(range_m / unit_m) - Math.round(reference_m / unit_m) - sum;
  numbers.set("other", (numbers.get("other") ?? 0) + rest);
  const most = Math.max(1, ...[...numbers.values()].map(Math.abs));
  return {
    reference_km: reference_m / 1000,
    range_km: range_m / 1000,
    each: [...numbers]
      .filter(([, number]) => number !== 0)
      .sort(([a, x], [b, y]) => Number(a === "other") - Number(b === "other") || Math.abs(y) - Math.abs(x))
      .map(([cause, number]) => ({ cause, number, share: Math.abs(number) / most })),
  };
}

/** What was used over the last kilometres. */
export function consumption(car: Car): TemplateResult {
  const { units, t } = car;
  const kept = car.kept("Energy", "cockpit.consumption", { distance_m: distance_km.value * 1000 }).value;
  const mean = kept?.mean_wh_per_km ?? null;
  if (kept && kept.points.length > 1) plot.show(line(car, kept));
  return html`<section class="card energy-used" aria-label=${t("energy.consumption")}>
    <header>
      <h2>${t("energy.consumption")}</h2>
      <p class="mean">
        <output data-field="mean">${units.consumption(mean === null ? null : mean / 10).text}</output>
        <span>${t("energy.average")}</span>
      </p>
      ${segments(
        t("energy.over"),
        distance_km.value,
        DISTANCES_KM.map((km) => [km, units.distance(km).text] as const),
        (km) => (distance_km.value = km),
        "over_",
      )}
    </header>
    ${kept && kept.points.length > 1
      ? html`<div class="plot-place" dir="ltr">${plot.element}</div>
          <p class="axis">${t("energy.axis", { unit: units.isMetric ? "kWh/100 km" : "Wh/mi" })}</p>`
      : html`<p class="empty" data-field="no_plot">${t(kept ? "energy.nothing_driven" : "common.loading")}</p>`}
  </section>`;
}

function line({ units }: Car, { points, mean_wh_per_km }: Consumption): Line {
  // mi/kWh has no value where nothing is used, so that miles are plotted as Wh/mi.
  const factor = units.isMetric ? 0.1 : KM_PER_MILE;
  const km = units.isMetric ? 1 : KM_PER_MILE;
  const step = STEP * (units.isMetric ? 1 : 10 * KM_PER_MILE);
  const y = points.map(({ wh_per_km }) => wh_per_km * factor);
  const span = (LEAST_SPAN / STEP) * step;
  return {
    x: points.map(({ back_m }) => -back_m / 1000 / km),
    y,
    level: mean_wh_per_km === null ? null : mean_wh_per_km * factor,
    from_x: -distance_km.value / km,
    to_x: 0,
    least_y: Math.min(0, Math.floor(Math.min(...y) / step) * step),
    most_y: Math.max(span, Math.ceil(Math.max(...y) / step) * step),
    format_x: (value) => units.number(Math.abs(value)),
    format_y: (value) => units.number(value),
  };
}

/** Where the power goes at this moment. */
export function power(car: Car): TemplateResult {
  const { readings, units, t } = car;
  const total = readings.number(BATTERY_POWER);
  const shares = Object.entries(SHARES).map(([name, path]) => ({ name, path, watts: readings.number(path) }));
  const most = Math.max(2000, ...shares.map(({ watts }) => Math.abs(watts ?? 0)));
  return html`<section class="card energy-power" aria-label=${t("energy.power")}>
    <h2>${t("energy.power")}<output data-field="power">${units.power(total === null ? null : -total / 1000, 1).text}</output></h2>
    <ul>
      ${shares.map(
        ({ name, path, watts }) =>
          html`<li data-way=${watts !== null && watts < 0 ? "gives" : "takes"}>
            <span class="name">${t(watts !== null && watts < -50 ? "energy.power_regained" : (`energy.power_${name}` as Key))}</span>
            <output data-field=${`power_${name}`} data-path=${path}>${units.power(watts === null ? null : watts / 1000, 1).text}</output>
            <span class="scale" aria-hidden="true"><i style="inline-size: ${(Math.abs(watts ?? 0) / most) * 100}%"></i></span>
          </li>`,
      )}
    </ul>
  </section>`;
}

/** How warm the battery is, and making it ready. */
export function battery(car: Car): TemplateResult {
  const { readings, units, t } = car;
  const isOngoing = readings.boolean(IS_CONDITIONING) === true;
  return html`<section class="card energy-warmth">
    <h2>
      ${t("energy.battery")}
      <output data-field="battery_temperature" data-path=${TEMPERATURE}>${units.temperature(readings.number(TEMPERATURE)).text}</output>
    </h2>
    ${car.controls.choice({ path: CONDITIONING, title: t("energy.conditioning") }, [
      { value: "INACTIVE", title: t("energy.conditioning_off") },
      { value: "DRIVING_PREPARATION", title: t("energy.conditioning_drive") },
      { value: "FAST_CHARGING_PREPARATION", title: t("energy.conditioning_fast") },
    ])}
    ${isOngoing ? html`<p class="says" data-field="conditioning">${t("energy.conditioning_ongoing")}</p>` : nothing}
  </section>`;
}
