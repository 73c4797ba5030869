// Energy: how far it goes and why, charging, and what was driven.

import "./energy.css";
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { Key } from "../../shared/words";
import type { Car } from "../car";
import type { CentrePage } from "../page";
import { limit, plan, session } from "./charging";
import { battery, consumption, hero, power, reasons } from "./overview";
import { PATHS } from "./paths";
import { list, meter } from "./trips";

type View = "overview" | "charging" | "trips";
const VIEWS: readonly [View, Key][] = [
  ["overview", "energy.overview"],
  ["charging", "energy.charging"],
  ["trips", "energy.trips"],
];

const shown = signal<View>("overview");

function view(car: Car): TemplateResult {
  const energy = car.kept("Energy", "cockpit.energy", {}).value;
  const isPlugged = energy !== null && !["unplugged", "unknown"].includes(energy.charging.status);
  return html`<div class="energy" data-view=${shown.value}>
    <div class="views segments" role="group" aria-label=${car.t("common.energy")}>
      ${VIEWS.map(
        ([name, title]) =>
          html`<button
            class="button"
            type="button"
            data-control=${`view_${name}`}
            aria-pressed=${shown.value === name}
            @click=${() => (shown.value = name)}
          >
            ${car.t(title)}
          </button>`,
      )}
    </div>
    ${shown.value === "overview"
      ? html`${hero(car)} ${reasons(car, energy)}
          <div class="column">
            ${isPlugged ? session(car, energy) : nothing}
            ${isPlugged && energy.charging.curve.length > 1 ? nothing : consumption(car)}
            ${isPlugged && energy.charging.curve.length < 2 ? nothing : power(car)}
          </div>`
      : nothing}
    ${shown.value === "charging"
      ? html`${hero(car)}
          <div class="column">${energy ? session(car, energy) : nothing} ${battery(car)}</div>
          <div class="column">${limit(car)} ${energy ? plan(car, energy) : nothing}</div>`
      : nothing}
    ${shown.value === "trips"
      ? html`<div class="meters">${energy?.meters.map((each) => meter(car, each))}</div>
          ${list(car)}`
      : nothing}
  </div>`;
}

const page: CentrePage = {
  paths: PATHS,
  view,
  closed: () => (shown.value = "overview"),
};
export default page;
