// What surrounds every page: the line of status, the dock, the climate bar, and what has to be read now.

import { html, nothing, type TemplateResult } from "lit/html.js";
import alertIcon from "@mdi/svg/svg/alert.svg";
import batteryIcon from "@mdi/svg/svg/battery-high.svg";
import chargingIcon from "@mdi/svg/svg/battery-charging-high.svg";
import doneIcon from "@mdi/svg/svg/check-circle-outline.svg";
import lockIcon from "@mdi/svg/svg/lock-outline.svg";
import lowIcon from "@mdi/svg/svg/battery-20.svg";
import personIcon from "@mdi/svg/svg/account-circle.svg";
import { signal } from "@preact/signals-core";
import type { Told } from "../shared/actuation";
import { icon } from "../shared/icon";
import type { Key } from "../shared/words";
import type { Car } from "./car";
import type { Closed, Host } from "./host";

const OUTSIDE = "Vehicle.Exterior.AirTemperature";
const CHARGE = "Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed";
const CHARGE_NOW = "Vehicle.Powertrain.TractionBattery.StateOfCharge.Current";
const CHARGING = "Vehicle.Powertrain.TractionBattery.Charging.IsCharging";
export const SHELL_PATHS: readonly string[] = [OUTSIDE, CHARGE, CHARGE_NOW, CHARGING];

const LOW_PERCENT = 20;
const MINUTE_MS = 60_000;

const now = signal(Date.now());
function keepTime(): void {
  now.value = Date.now();
  setTimeout(keepTime, MINUTE_MS - (Date.now() % MINUTE_MS));
}
keepTime();

/** The time, the air outside. */
export function clock({ readings, units, t }: Car): TemplateResult {
  const temperature = units.temperature(readings.number(OUTSIDE)).text;
  return html`
    <span class="time" data-field="time">${units.time(now.value)}</span>
    <span class="outside" data-field="outside" aria-label=${t("common.outside", { temperature })}>${temperature}</span>
  `;
}

/** Who is in the car, how full it is. */
export function state(car: Car): TemplateResult {
  const { readings, units, t } = car;
  const percent = readings.number(CHARGE) ?? readings.number(CHARGE_NOW);
  const charging = readings.boolean(CHARGING) === true;
  const drawing = charging ? chargingIcon : percent !== null && percent < LOW_PERCENT ? lowIcon : batteryIcon;
  const { name, kind } = car.profile.value;
  const who = kind === "PERSON" ? name || t("common.driver") : t(kind === "VALET" ? "common.valet" : "common.guest");
  const charge = units.percent(percent).text;
  return html`
    ${car.screen === "centre"
      ? html`<button
          class="button quiet who"
          type="button"
          data-control="profile"
          aria-label=${t("common.profile", { name: who })}
          @click=${() => car.go("profiles")}
        >
          ${car.icon("profile", personIcon)}<span data-field="profile">${who}</span>
        </button>`
      : nothing}
    <span class="charge" data-field="charge" data-low=${percent !== null && percent < LOW_PERCENT}
      aria-label=${t("common.charge", { percent: charge })} role="img">
      ${car.icon("charge", drawing)}<span>${charge}</span>
    </span>
  `;
}

/** The same as the page has from the start (build/shell.ts). */
export function dock(car: Car, host: Host): TemplateResult {
  return html`${host.tabs.filter(({ name }) => host.isOffered(name)).map(({ name, drawing, title }) => {
    const isOpen = host.name.value === name;
    return html`<a
      class="tab"
      href="#${name}"
      data-tab=${name}
      aria-current=${isOpen ? "page" : nothing}
      aria-label=${car.t(title)}
    >
      ${car.icon(name, drawing)}<span>${car.t(title)}</span>
    </a>`;
  })}`;
}

/** The open page, or why it is not shown. */
export function stage(car: Car, host: Host): TemplateResult {
  const closed = host.closed.value;
  const page = host.page.value;
  if (closed) return html`<p class="closed" data-field="closed">${icon(lockIcon)}<span>${car.t(WHY_CLOSED[closed])}</span></p>`;
  return page ? page.view(car) : html`<p class="closed" role="status">${car.t("common.loading")}</p>`;
}

const WHY_CLOSED: Readonly<Record<Closed, Key>> = {
  setup: "common.setup_when_parked",
  personal: "common.personal_closed",
  failed: "common.page_failed",
};

/** The one line that has to be read: no car, why a wish was not granted, or what a page says. */
export function message(car: Car): TemplateResult {
  const { notice } = car;
  if (car.connection.state.value === "silent")
    return html`<p class="message" data-tone="error" role="alert" data-field="message">
      ${icon(alertIcon)}<span>${car.t("common.no_connection")}</span>
    </p>`;
  const told = car.actuation.latest;
  const shown = told ? { tone: told.tone, text: inWords(car, told) } : notice.value;
  return html`<p class="message" data-tone=${shown?.tone ?? "none"} role="status" data-field="message">
    ${shown ? html`${icon(shown.tone === "ok" ? doneIcon : alertIcon)}<span>${shown.text}</span>` : nothing}
  </p>`;
}

/** In the person's language where it has the words, else as the car says it. */
function inWords({ words, t }: Car, { message, outcome }: Told): string {
  if (!outcome) return message;
  const rule = outcome.rule && words.find(`refusal.${outcome.rule}`);
  if (rule) return rule;
  if (outcome.message && words.language.value === "en") return outcome.message;
  switch (outcome.state) {
    case "refused":
      return outcome.message || t("common.refused");
    case "no_provider":
      return t("common.no_provider");
    case "timed_out":
      return t("common.timed_out");
    default:
      return message;
  }
}
