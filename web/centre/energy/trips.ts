// What was driven: the meters, and the trips of the person whose profile is in force.

import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import dropIcon from "@mdi/svg/svg/trash-can-outline.svg";
import type { EnergyTotals, Trip, TripMeter } from "../../shared/protocol";
import type { Car } from "../car";

/** What the next touch would forget: a trip's id or a meter's name; "" = nothing. */
const asked = signal("");
const ASKED_MS = 4000;
let timer: ReturnType<typeof setTimeout> | undefined;

/** The first touch asks, the second one does it. */
function twice(what: string, act: () => void): void {
  clearTimeout(timer);
  if (asked.value === what) {
    asked.value = "";
    act();
    return;
  }
  asked.value = what;
  timer = setTimeout(() => (asked.value = ""), ASKED_MS);
}

/** Wh for each km; null where it was not far enough to say. */
function perKm({ metres, used_wh, regained_wh }: EnergyTotals): number | null {
  return metres >= 100 ? (used_wh - regained_wh) / (metres / 1000) : null;
}

function consumption({ units }: Car, totals: EnergyTotals): string {
  const wh = perKm(totals);
  return units.consumption(wh === null ? null : wh / 10).text;
}

export function meter(car: Car, { name, since, totals }: TripMeter): TemplateResult {
  const { units, t } = car;
  const kmh = totals.moving_seconds > 0 ? (totals.metres / totals.moving_seconds) * 3.6 : null;
  return html`<section class="card energy-meter" data-meter=${name}>
    <h2>${t(`energy.meter_${name}`)}</h2>
    <p class="distance" data-field="meter_distance">${units.distance(totals.metres / 1000, 1).text}</p>
    <dl>
      <div><dt>${t("energy.consumption")}</dt><dd data-field="meter_consumption">${consumption(car, totals)}</dd></div>
      <div><dt>${t("energy.speed")}</dt><dd>${units.speed(kmh).text}</dd></div>
      <div><dt>${t("energy.driving_time")}</dt><dd>${units.duration(totals.moving_seconds).text}</dd></div>
    </dl>
    <footer>
      <span>${t("energy.since", { time: units.dayAndTime(since) })}</span>
      ${name === "charge"
        ? nothing
        : html`<button
            class="button"
            type="button"
            data-control=${`reset_${name}`}
            data-asked=${asked.value === name}
            @click=${() => twice(name, () => void car.call("cockpit.reset_trip_meter", { meter: name }))}
          >
            ${t(asked.value === name ? "energy.reset_sure" : "energy.reset")}
          </button>`}
    </footer>
  </section>`;
}

export function list(car: Car): TemplateResult {
  const { t } = car;
  if (car.profile.value.kind !== "PERSON") return html`<p class="empty" data-field="no_trips">${t("energy.trips_hidden")}</p>`;
  const trips = car.kept("Energy", "cockpit.trips", { limit: 100 }).value;
  if (!trips?.length) return html`<p class="empty" data-field="no_trips">${t(trips ? "energy.no_trips" : "common.loading")}</p>`;
  return html`<ul class="energy-trips" role="list" data-long aria-label=${t("energy.trips")}>
    ${trips.map((trip) => row(car, trip))}
  </ul>`;
}

function row(car: Car, { id, started, ended, totals, from_percent, to_percent }: Trip): TemplateResult {
  const { units, t } = car;
  const regained = totals.used_wh > 0 ? (totals.regained_wh / totals.used_wh) * 100 : null;
  const isAsked = asked.value === id;
  return html`<li data-trip=${id}>
    <p class="when">
      <strong>${units.day(started)}</strong>
      <span>${units.time(started)}${ended ? ` – ${units.time(ended)}` : nothing}</span>
    </p>
    <p><strong data-field="trip_distance">${units.distance(totals.metres / 1000, 1).text}</strong>
      <span>${ended ? units.duration(totals.seconds).text : t("energy.under_way")}</span></p>
    <p><strong data-field="trip_consumption">${consumption(car, totals)}</strong>
      <span>${t("energy.regained", { percent: units.percent(regained).text })}</span></p>
    <p><strong>${units.energy((totals.used_wh - totals.regained_wh) / 1000, 1).text}</strong>
      <span>${units.percent(from_percent).text} → ${units.percent(to_percent).text}</span></p>
    <button
      class="button ${isAsked ? "" : "quiet icon-only"}"
      type="button"
      data-control="drop_trip"
      data-asked=${isAsked}
      aria-label=${t(isAsked ? "energy.drop_sure" : "energy.drop")}
      @click=${() => twice(id, () => void car.call("cockpit.drop_trip", { trip: id }))}
    >
      ${isAsked ? t("energy.drop_sure") : car.icon("delete", dropIcon)}
    </button>
  </li>`;
}
