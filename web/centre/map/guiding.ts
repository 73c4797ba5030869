// Guidance: the next manoeuvre with its lanes, what comes then, and arrival by clock and battery.

import { html, nothing, type TemplateResult } from "lit/html.js";
import chargeIcon from "@mdi/svg/svg/ev-station.svg";
import closeIcon from "@mdi/svg/svg/close.svg";
import explainIcon from "@mdi/svg/svg/help-circle-outline.svg";
import listIcon from "@mdi/svg/svg/format-list-bulleted.svg";
import searchIcon from "@mdi/svg/svg/magnify.svg";
import type { Maneuver } from "../../shared/protocol";
import type { Car } from "../car";
import { ahead, arrowOf, lanes, press } from "./parts";
import { NAVIGATION, PROGRESS, SIMULATED, STATE } from "./paths";
import { aside, explain, explanation, guidance, listOpen, stop } from "./state";

/** Steps that are told of ahead. */
const LISTED = 40;

export function guidingPanel(car: Car): TemplateResult {
  const { t, readings } = car;
  return html`${readings.boolean(SIMULATED) === true
      ? html`<p class="simulated" role="status" data-field="simulated">${t("map.simulated")}</p>`
      : nothing}
    ${next(car)} ${arrival(car)} ${nextStop(car)}
    <div class="doing">
      ${press(car, { name: "stop", title: t("map.stop"), drawing: closeIcon, act: () => void stop(car) })}
      ${press(car, { name: "search-along", title: t("map.search_along"), drawing: searchIcon, bare: true, act: () => (aside.value = true) })}
      ${press(car, {
        name: "list",
        title: t("map.all_directions"),
        drawing: listIcon,
        bare: true,
        pressed: listOpen.value,
        act: () => (listOpen.value = !listOpen.value),
      })}
      ${press(car, {
        name: "explain",
        title: t("map.why"),
        drawing: explainIcon,
        bare: true,
        pressed: explanation.value !== null,
        act: () => void explain(car),
      })}
    </div>
    ${explanation.value ? reasons(car) : nothing} ${listOpen.value ? directions(car) : nothing}`;
}

function next(car: Car): TemplateResult {
  const { t, readings } = car;
  const state = readings.string(STATE);
  if (state === "REROUTING" || state === "ARRIVED")
    return html`<section class="next" data-field="maneuver" data-kind=${state === "ARRIVED" ? "arrive" : "reroute"}>
      ${arrowOf(state === "ARRIVED" ? "arrive" : "u_turn")}
      <p class="street">${t(state === "ARRIVED" ? "map.arrived" : "map.rerouting")}</p>
    </section>`;
  const kind = readings.string(`${NAVIGATION}.Maneuver.Kind`) ?? "";
  const then = readings.string(`${NAVIGATION}.Then.Kind`) ?? "";
  const far = ahead(car, readings.number(`${NAVIGATION}.Maneuver.Distance`));
  const exit = readings.number(`${NAVIGATION}.Maneuver.Exit`) ?? 0;
  const street = readings.string(`${NAVIGATION}.Maneuver.Street`) || readings.string(`${NAVIGATION}.Maneuver.Text`) || "";
  return html`<section class="next" data-field="maneuver" data-kind=${kind} aria-label=${t("map.next")}>
    ${kind ? arrowOf(kind, exit) : nothing}
    <div>
      <p class="far"><bdi><span class="figure" data-field="maneuver_distance">${far.number}</span> <span class="unit">${far.unit}</span></bdi></p>
      <p class="street" data-field="maneuver_street" dir="auto">${street}</p>
    </div>
    ${lanes((readings.list(`${NAVIGATION}.Maneuver.Lanes`) ?? []).map(String))}
    ${then
      ? html`<p class="then" data-field="then"><span>${t("map.then")}</span>${arrowOf(then)}
          <span>${ahead(car, readings.number(`${NAVIGATION}.Then.Distance`)).text}</span></p>`
      : nothing}
  </section>`;
}

function arrival({ t, units, readings }: Car): TemplateResult {
  const seconds = readings.number(`${NAVIGATION}.Remaining.Time`);
  const metres = readings.number(`${NAVIGATION}.Remaining.Distance`);
  return html`<dl class="totals" data-field="remaining">
    <div><dt>${t("map.arrival")}</dt><dd data-field="arrival">${seconds === null ? "–" : units.time(Date.now() + seconds * 1000)}</dd></div>
    <div><dt>${t("map.time")}</dt><dd data-field="time_left">${units.duration(seconds).text}</dd></div>
    <div><dt>${t("map.distance")}</dt><dd data-field="distance_left">${units.distance(metres === null ? null : metres / 1000, 1).text}</dd></div>
    <div><dt>${t("map.on_arrival")}</dt><dd data-field="charge_left">${units.percent(readings.number(`${NAVIGATION}.Remaining.Charge`)).text}</dd></div>
  </dl>`;
}

function nextStop(car: Car): TemplateResult | typeof nothing {
  const { t, units, readings } = car;
  const name = readings.string(`${NAVIGATION}.NextStop.Name`);
  if (!name) return nothing;
  return html`<p class="next-stop" data-field="next_stop">
    ${car.icon("charge_stop", chargeIcon)}
    <span class="about">
      <span class="name" dir="auto">${name}</span>
      <span class="where">${t("map.at_stop", {
        distance: ahead(car, readings.number(`${NAVIGATION}.NextStop.Distance`)).text,
        percent: units.percent(readings.number(`${NAVIGATION}.NextStop.Charge`)).text,
      })}</span>
    </span>
  </p>`;
}

function reasons({ t, units }: Car): TemplateResult {
  const { sentences, planned_kwh, used_kwh, causes } = explanation.value!;
  return html`<section class="reasons" data-field="explanation" aria-label=${t("map.why")}>
    ${sentences.map((sentence) => html`<p>${sentence}</p>`)}
    ${used_kwh
      ? html`<p class="facts">${t("map.used", { used: units.energy(used_kwh).text, planned: units.energy(planned_kwh).text })}</p>`
      : nothing}
    ${causes.length ? html`<ul>${causes.map((cause) => html`<li>${cause.text}</li>`)}</ul>` : nothing}
  </section>`;
}

/** All that is still to do, as a list: it works where no map can be drawn. */
function directions(car: Car): TemplateResult {
  const behind = car.readings.number(PROGRESS) ?? 0;
  const left: readonly Maneuver[] = (guidance.value?.maneuvers ?? []).filter(({ at_m }) => at_m >= behind).slice(0, LISTED);
  return html`<ol class="directions" role="list" data-long data-field="directions" aria-label=${car.t("map.all_directions")}>
    ${left.map(
      ({ kind, exit, text, at_m }) => html`<li>
        ${arrowOf(kind, exit)}<span dir="auto">${text}</span><span class="far">${ahead(car, at_m - behind).text}</span>
      </li>`,
    )}
  </ol>`;
}
