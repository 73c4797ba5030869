// Privacy: what the car keeps of the person, what left it, and the person's say in both.

import "./privacy.css";
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import eraseIcon from "@mdi/svg/svg/delete-outline.svg";
import exportIcon from "@mdi/svg/svg/download.svg";
import keptIcon from "@mdi/svg/svg/database-outline.svg";
import leftIcon from "@mdi/svg/svg/cloud-upload-outline.svg";
import { icon } from "../../shared/icon";
import type { Privacy } from "../../shared/protocol";
import type { Car } from "../car";
import type { CentrePage } from "../page";
import { ask, close as closePad, isAsking, pad, wrong } from "../profiles/pad";
import { Restriction } from "../../shared/restrictions";
import { consents, demands, settle as settleConsents } from "./consents";
import { bytes, kindOf, purposeOf } from "./naming";

const erasing = signal(false);

/** Does something with the PIN of the person in force, where there is one. */
async function prove(car: Car, act: (pin: string) => void): Promise<void> {
  const known = await car.call("cockpit.profiles", {});
  const person = known?.profiles.find(({ in_force }) => in_force);
  if (!person) return;
  if (!person.has_pin) {
    act("");
    return;
  }
  ask(car.t("privacy.pin"), async (pin) => {
    const said = await wrong(car, person.id, pin);
    if (said === null) act(pin);
    return said;
  });
}

/** Hands the person a file; nothing is sent anywhere. */
function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

async function take(car: Car, pin: string): Promise<void> {
  const text = await car.call("cockpit.export_my_data", { pin });
  if (text === undefined) return;
  download(`alpenglow-${new Date().toISOString().slice(0, 10)}.json`, text);
  car.say(car.t("privacy.exported"));
}

async function erase(car: Car, pin: string): Promise<void> {
  erasing.value = false;
  const gone = await car.call("cockpit.erase_my_data", { pin });
  if (gone !== undefined) car.say(car.t("privacy.erased", { count: gone }));
}

function figure(name: string, drawing: string, value: string, title: string): TemplateResult {
  return html`<div class="figure card">
    ${icon(drawing)}
    <p class="value" data-field=${name}>${value}</p>
    <p>${title}</p>
  </div>`;
}

function collected(car: Car, { collected: kinds }: Privacy): TemplateResult {
  return html`<section class="card" aria-label=${car.t("privacy.collected")}>
    <h2>${car.t("privacy.collected")}</h2>
    ${kinds.length
      ? html`<ul role="list" data-long data-field="collected">
          ${kinds.map(({ store, kind, count, since, where }) => {
            const { title, why } = kindOf(car, kind);
            return html`<li data-kind=${kind} data-store=${store} title=${where}>
              <p class="what">${title}</p>
              <p class="count">${car.units.number(count)}</p>
              <p class="why">${why} · ${car.t("privacy.since", { day: car.units.day(since) })}</p>
            </li>`;
          })}
        </ul>`
      : html`<p class="none">${car.t("privacy.nothing_kept")}</p>`}
  </section>`;
}

function recipients(car: Car, { recipients: all }: Privacy): TemplateResult {
  return html`<section class="card" aria-label=${car.t("privacy.left")}>
    <h2>${car.t("privacy.left")}</h2>
    ${all.length
      ? html`<ul role="list" data-long data-field="recipients">
          ${all.map(
            ({ name, purpose, times, bytes_out, last }) =>
              html`<li>
                <p class="what">${name}</p>
                <p class="count">${bytes(car, bytes_out)}</p>
                <p class="why">
                  ${purposeOf(car, purpose)} · ${car.t("privacy.times", { count: times })} ·
                  ${car.t("privacy.last", { time: car.units.dayAndTime(last) })}
                </p>
              </li>`,
          )}
        </ul>`
      : html`<p class="none" data-field="recipients">${car.t("privacy.nothing_left")}</p>`}
  </section>`;
}

function own(car: Car): TemplateResult {
  if (erasing.value) {
    return html`<section class="card sure" role="group" aria-label=${car.t("privacy.erase")}>
      <h2>${car.t("privacy.erase_sure")}</h2>
      <p>${car.t("privacy.erase_explained")}</p>
      <div class="choices">
        <button
          class="button danger"
          type="button"
          data-control="erase-now"
          @click=${() => void prove(car, (pin) => void erase(car, pin))}
        >
          ${car.t("privacy.erase_now")}
        </button>
        <button class="button" type="button" data-control="erase-not" @click=${() => (erasing.value = false)}>
          ${car.t("common.cancel")}
        </button>
      </div>
    </section>`;
  }
  return html`<section class="card" data-setup aria-label=${car.t("privacy.yours")}>
    <h2>${car.t("privacy.yours")}</h2>
    <div class="choices">
      <button
        class="button"
        type="button"
        data-control="export"
        @click=${() => void prove(car, (pin) => void take(car, pin))}
      >
        ${icon(exportIcon)}<span>${car.t("privacy.export")}</span>
      </button>
      <button class="button danger" type="button" data-control="erase" @click=${() => (erasing.value = true)}>
        ${icon(eraseIcon)}<span>${car.t("privacy.erase")}</span>
      </button>
    </div>
  </section>`;
}

function view(car: Car): TemplateResult {
  const found = car.kept("Privacy", "cockpit.privacy", {}).value;
  if (!found) return html`<p class="empty privacy" role="status">${car.t("common.loading")}</p>`;
  if (isAsking() && !car.restricted(Restriction.NO_SETUP)) return html`<div class="privacy asking">${pad(car)}</div>`;
  const things = found.collected.reduce((sum, { count }) => sum + count, 0);
  return html`<div class="privacy">
    <div class="figures">
      ${figure("kept", keptIcon, car.units.number(things), car.t("privacy.things_kept"))}
      ${figure("left", leftIcon, bytes(car, found.bytes_out), car.t("privacy.bytes_left"))}
    </div>
    ${found.complete ? nothing : html`<p class="partly" role="status">${car.t("privacy.partly")}</p>`}
    <div class="columns">
      <div>
        ${erasing.value ? own(car) : nothing} ${consents(car, found)} ${recipients(car, found)}
        ${erasing.value ? nothing : own(car)}
      </div>
      <div>${collected(car, found)} ${demands(car, found)}</div>
    </div>
  </div>`;
}

const page: CentrePage = {
  paths: [],
  personal: true,
  view,
  closed() {
    closePad();
    settleConsents();
    erasing.value = false;
  },
};
export default page;
