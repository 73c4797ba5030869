// Valet mode: before it is handed over, while it lasts, and what came of it.

import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import valetIcon from "@mdi/svg/svg/room-service-outline.svg";
import { icon } from "../../shared/icon";
import type { Profile, Profiles, ValetReport } from "../../shared/protocol";
import type { Car } from "../car";
import { segments } from "../controls";
import { ask, askNew, wrong } from "./pad";

const LIMITS_KMH = [30, 50, 80, 100, 130] as const;
const limit = signal<number>(50);

async function begin(car: Car, pin: string, close: () => void): Promise<string | null> {
  const started = await car.call("cockpit.start_valet", { pin, speed_limit_kmh: limit.value });
  if (started) close();
  return null;
}

function end(car: Car): void {
  ask(car.t("profiles.valet_pin"), async (pin) => {
    const said = await wrong(car, "valet", pin);
    if (said === null) void car.call("cockpit.end_valet", { pin });
    return said;
  });
}

const promises = ["profiles.valet_locks", "profiles.valet_hides", "profiles.valet_warns"] as const;

/** Chooses a limit, then a PIN that ends it: the profile's own, where it has one. */
export function handOver(car: Car, person: Profile | undefined, close: () => void): TemplateResult {
  const go = () => {
    if (person?.has_pin) void begin(car, "", close);
    else askNew(car, car.t("profiles.valet_new_pin"), (pin) => begin(car, pin, close));
  };
  return html`<section class="card valet" data-setup aria-label=${car.t("common.valet")}>
    <header><span class="face">${icon(valetIcon)}</span><h1 class="page-title">${car.t("profiles.valet_title")}</h1></header>
    <ul>${promises.map((key) => html`<li>${car.t(key)}</li>`)}</ul>
    <h2>${car.t("profiles.valet_limit")}</h2>
    ${segments(
      car.t("profiles.valet_limit"),
      limit.value,
      LIMITS_KMH.map((kmh) => [kmh, car.units.speed(kmh).text] as const),
      (kmh) => (limit.value = kmh),
      "limit-",
    )}
    ${person?.has_pin ? html`<p>${car.t("profiles.valet_own_pin")}</p>` : nothing}
    <div class="choices">
      <button class="button primary" type="button" data-control="start-valet" @click=${go}>
        ${car.t("profiles.valet_start")}
      </button>
      <button class="button" type="button" data-control="no-valet" @click=${close}>${car.t("common.cancel")}</button>
    </div>
  </section>`;
}

function figures(car: Car, report: ValetReport): TemplateResult {
  const figure = (name: string, title: string, text: string) =>
    html`<div><dt>${title}</dt><dd data-field=${name}>${text}</dd></div>`;
  const speed = (kmh: number) => car.units.speed(kmh).text;
  return html`<dl class="figures">
    ${figure("limit", car.t("profiles.valet_limit"), speed(report.speed_limit_kmh))}
    ${figure("fastest", car.t("profiles.valet_fastest"), speed(report.fastest_kmh))}
    ${figure("over", car.t("profiles.valet_over"), car.units.number(report.times_over))}
  </dl>`;
}

/** What a valet sees: nobody's name, and how the mode ends. */
export function driving(car: Car, known: Profiles): TemplateResult {
  return html`<section class="card valet lasting" aria-label=${car.t("common.valet")} data-field="valet">
    <header><span class="face">${icon(valetIcon)}</span><h1 class="page-title">${car.t("profiles.valet_on")}</h1></header>
    <ul>${promises.map((key) => html`<li>${car.t(key)}</li>`)}</ul>
    ${known.valet ? figures(car, known.valet) : nothing}
    <div class="choices" data-setup>
      <button class="button primary" type="button" data-control="end-valet" @click=${() => end(car)}>
        ${car.t("profiles.valet_end")}
      </button>
    </div>
  </section>`;
}

/** How the last valet drove, for whoever has the car back. */
export function lastDrive(car: Car, known: Profiles): TemplateResult | typeof nothing {
  if (!known.valet || known.kind !== "PERSON") return nothing;
  return html`<section class="card last" data-field="last-valet">
    <h2>${car.t("profiles.valet_last", { time: car.units.dayAndTime(known.valet.since) })}</h2>
    ${figures(car, known.valet)}
  </section>`;
}
