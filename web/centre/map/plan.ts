// The plan: how long, how far, where to charge and with how much in the battery; other ways; why it cannot be done.

import { html, nothing, type TemplateResult } from "lit/html.js";
import alertIcon from "@mdi/svg/svg/alert.svg";
import backIcon from "@mdi/svg/svg/arrow-left.svg";
import chargeIcon from "@mdi/svg/svg/ev-station.svg";
import flagIcon from "@mdi/svg/svg/flag-checkered.svg";
import optionsIcon from "@mdi/svg/svg/tune-vertical.svg";
import startIcon from "@mdi/svg/svg/navigation.svg";
import startsIcon from "@mdi/svg/svg/circle-outline.svg";
import warmIcon from "@mdi/svg/svg/heat-wave.svg";
import type { NavigationTrip, Stop } from "../../shared/protocol";
import type { Car } from "../car";
import { segments } from "../controls";
import { press } from "./parts";
import { change, chosen, clearPlan, nameOf, options, optionsOpen, picked, pickedId, plan, planning, problem, start, trips } from "./state";

const PREFERENCES = ["fastest", "shortest", "economical"] as const;
const AVOIDED = ["tolls", "ferries", "unpaved"] as const;
const RESERVE = { least: 0, most: 50, step: 5 } as const;

export function planPanel(car: Car): TemplateResult {
  const { t } = car;
  const trip = picked.value;
  return html`<header class="panel-head">
      ${press(car, { name: "back", title: t("common.back"), drawing: backIcon, bare: true, kind: "quiet", act: clearPlan })}
      <h2 data-field="destination" dir="auto">${trip ? nameOf(trip) : chosen.value?.name}</h2>
      ${press(car, {
        name: "options",
        title: t("map.options"),
        drawing: optionsIcon,
        bare: true,
        kind: "quiet",
        pressed: optionsOpen.value,
        act: () => (optionsOpen.value = !optionsOpen.value),
      })}
    </header>
    ${optionsOpen.value ? choices(car) : nothing}
    ${planning.value
      ? html`<p class="empty" role="status" data-field="planning">${t("map.planning")}</p>`
      : problem.value
        ? html`<p class="trouble" role="alert" data-field="problem">${car.icon("alert", alertIcon)}<span>${problem.value}</span></p>
            ${press(car, { name: "again", title: t("map.again"), drawing: startIcon, act: () => void plan(car) })}`
        : trip
          ? proposal(car, trip)
          : nothing}`;
}

function proposal(car: Car, trip: NavigationTrip): TemplateResult {
  const { t } = car;
  return html`${summary(car, trip)}
    ${trip.feasible
      ? press(car, { name: "start", title: t("map.start"), drawing: startIcon, kind: "primary", act: () => void start(car) })
      : impossible(car, trip)}
    ${trips.value.length > 1
      ? html`<div class="ways" role="group" aria-label=${t("map.ways")}>
          ${trips.value.map(
            (each) => html`<button
              class="way"
              type="button"
              data-control="way"
              aria-pressed=${each.id === trip.id}
              @click=${() => (pickedId.value = each.id)}
            >
              <b>${car.units.duration(each.duration_s).text}</b>
              <span>${car.units.distance(each.distance_m / 1000, 1).text}</span>
              <span>${car.units.energy(each.energy_kwh).text}</span>
              <span class="via" dir="auto">${each.route.via ? t("map.via", { road: each.route.via }) : ""}</span>
            </button>`,
          )}
        </div>`
      : nothing}
    ${trip.feasible ? timeline(car, trip) : nothing}`;
}

function summary({ t, units }: Car, trip: NavigationTrip): TemplateResult {
  const { route } = trip;
  const notes = AVOIDED.filter((what) => route[what]).map((what) => t(`map.has_${what}`));
  return html`<dl class="totals">
      <div><dt>${t("map.time")}</dt><dd data-field="duration">${units.duration(trip.duration_s).text}</dd></div>
      <div><dt>${t("map.distance")}</dt><dd data-field="distance">${units.distance(trip.distance_m / 1000, 1).text}</dd></div>
      <div><dt>${t("map.energy")}</dt><dd data-field="energy">${units.energy(trip.energy_kwh).text}</dd></div>
      ${trip.feasible
        ? html`<div><dt>${t("map.on_arrival")}</dt><dd data-field="arrival_charge">${units.percent(trip.arrival_charge).text}</dd></div>`
        : nothing}
    </dl>
    ${notes.length ? html`<p class="facts" data-field="notes">${notes.join(" · ")}</p>` : nothing}`;
}

function impossible(car: Car, { problem: why, remedies }: NavigationTrip): TemplateResult {
  return html`<div class="trouble" role="alert" data-field="problem">
    ${car.icon("alert", alertIcon)}
    <div>
      <p>${why || car.t("map.impossible")}</p>
      ${remedies.length
        ? html`<h3>${car.t("map.would_help")}</h3>
            <ul data-field="remedies">${remedies.map((remedy) => html`<li>${remedy}</li>`)}</ul>`
        : nothing}
    </div>
  </div>`;
}

/** From departure to arrival with what is in the battery at each. */
function timeline(car: Car, trip: NavigationTrip): TemplateResult {
  const { t, units } = car;
  const from = Date.now();
  const at = (seconds: number) => units.time(from + seconds * 1000);
  return html`<ol class="timeline" data-field="stops" aria-label=${t("map.stops")}>
      <li>
        ${car.icon("departure", startsIcon)}
        <span class="about"><span class="name">${t("map.departure")}</span></span>
        <span class="when">${at(0)}<b>${units.percent(trip.departure_charge).text}</b></span>
      </li>
      ${trip.stops.map((stop, index) => stopRow(car, stop, at(stop.arrival_s), index))}
      <li>
        ${car.icon("arrival", flagIcon)}
        <span class="about"><span class="name" dir="auto">${nameOf(trip)}</span></span>
        <span class="when">${at(trip.duration_s)}<b>${units.percent(trip.arrival_charge).text}</b></span>
      </li>
    </ol>
    ${trip.stops.length === 0 ? html`<p class="facts" data-field="no_stop">${t("map.no_stop")}</p>` : nothing}
    ${trip.precondition_s !== null
      ? html`<p class="facts warm">${car.icon("warm", warmIcon)}<span>${t("map.warms", { time: at(trip.precondition_s) })}</span></p>`
      : nothing}`;
}

function stopRow(car: Car, stop: Stop, when: string, index: number): TemplateResult {
  const { t, units } = car;
  const percent = (value: number) => units.percent(value).text;
  return html`<li data-stop=${index}>
    ${car.icon("charge_stop", chargeIcon)}
    <span class="about">
      <span class="name" dir="auto">${stop.charger.name || t("map.category_charger")}</span>
      <span class="where">
        ${t("map.charges", {
          from: percent(stop.arrival_charge),
          to: percent(stop.departure_charge),
          time: units.duration(stop.charging_s).text,
        })}
        ${stop.charger.power_kw ? html`· ${units.power(stop.charger.power_kw).text}` : nothing}
        ${stop.waiting_s >= 60 ? html`· ${t("map.waits", { time: units.duration(stop.waiting_s).text })}` : nothing}
        ${stop.charger.known ? nothing : html`· ${t("map.assumed")}`}
      </span>
    </span>
    <span class="when">${when}<b>${percent(stop.arrival_charge)}</b></span>
  </li>`;
}

/** How somebody wants to travel: set-up, so it is closed while the car drives. */
function choices(car: Car): TemplateResult {
  const { t, units } = car;
  const { preference, avoid, reserve } = options.value;
  const slide = ({ target }: Event) => change(car, { reserve: Number((target as HTMLInputElement).value) });
  return html`<div class="wishes" data-setup>
    ${segments(
      t("map.preference"),
      preference,
      PREFERENCES.map((each) => [each, t(`map.${each}`)] as const),
      (each) => change(car, { preference: each }),
      "prefer-",
    )}
    <h3>${t("map.avoid")}</h3>
    <div class="segments" role="group" aria-label=${t("map.avoid")}>
      ${AVOIDED.map(
        (each) => html`<button
          class="button"
          type="button"
          data-control="avoid-${each}"
          aria-pressed=${avoid[each]}
          @click=${() => change(car, { avoid: { ...avoid, [each]: !avoid[each] } })}
        >
          ${t(`map.${each}`)}
        </button>`,
      )}
    </div>
    <h3>${t("map.reserve")} <output>${units.percent(reserve).text}</output></h3>
    <input
      class="slider"
      type="range"
      data-control="reserve"
      aria-label=${t("map.reserve")}
      min=${RESERVE.least}
      max=${RESERVE.most}
      step=${RESERVE.step}
      .value=${String(reserve)}
      style="--fill: ${(reserve / RESERVE.most) * 100}%"
      @change=${slide}
    />
  </div>`;
}
