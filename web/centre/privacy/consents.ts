// Consents, and the rule set under which they are given.

import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import metIcon from "@mdi/svg/svg/check.svg";
import { icon } from "../../shared/icon";
import type { AskedConsent, Privacy } from "../../shared/protocol";
import { Restriction } from "../../shared/restrictions";
import type { Car } from "../car";
import { purposeOf } from "./naming";

/** The purpose that is being asked for by itself; "" = none. */
const asking = signal("");

export function settle(): void {
  asking.value = "";
}

function give(car: Car, purpose: string, granted: boolean, by_itself = false): void {
  asking.value = "";
  void car.call("cockpit.give_consent", { purpose, granted, by_itself });
}

function sentence(car: Car, { purpose, says }: AskedConsent): string {
  return car.words.find(`privacy.says_${purpose.replace(".", "_")}`) ?? says;
}

function consent(car: Car, asked: AskedConsent): TemplateResult {
  const { purpose, granted, own, sensitive } = asked;
  const title = purposeOf(car, purpose);
  const flip = () => {
    if (!granted && own) asking.value = purpose;
    else give(car, purpose, !granted);
  };
  return html`<div class="consent" data-purpose=${purpose}>
    <button
      class="switch"
      type="button"
      role="switch"
      data-control="consent"
      aria-checked=${granted}
      aria-label=${title}
      @click=${flip}
    >
      <span class="knob"></span>
    </button>
    <div>
      <p class="what">${title}</p>
      <p class="why">${sentence(car, asked)}</p>
    </div>
    ${asking.value === purpose
      ? html`<div class="by-itself" role="group" aria-label=${title}>
          <p>${car.words.find(`privacy.sensitive_${sensitive}`) ?? car.t("privacy.sensitive_other")}</p>
          <button class="button primary" type="button" data-control="agree" @click=${() => give(car, purpose, true, true)}>
            ${car.t("privacy.agree")}
          </button>
          <button class="button" type="button" data-control="disagree" @click=${settle}>${car.t("privacy.disagree")}</button>
        </div>`
      : nothing}
  </div>`;
}

export function consents(car: Car, { consents: all, lapses }: Privacy): TemplateResult {
  return html`<section class="card" aria-label=${car.t("privacy.consents")}>
    <h2>${car.t("privacy.consents")}</h2>
    ${all.map((asked) => consent(car, asked))}
    <p class="note">${car.t(lapses === "drive" ? "privacy.lapses_drive" : "privacy.lapses_never")}</p>
  </section>`;
}

/** Which rules hold, and how each demand of theirs is met. */
export function demands(car: Car, { region, regions, demands: all, retention }: Privacy): TemplateResult {
  const off = car.restricted(Restriction.NO_SETUP);
  return html`<section class="card" aria-label=${car.t("privacy.rules")}>
    <h2>${car.t("privacy.rules")}</h2>
    <div class="segments" role="group" aria-label=${car.t("privacy.rules")}>
      ${regions.map(
        (name) =>
          html`<button
            class="button"
            type="button"
            data-control="region-${name}"
            aria-pressed=${name === region}
            ?disabled=${off && name !== region}
            @click=${() => void car.call("cockpit.set_region", { region: name })}
          >
            ${car.words.find(`privacy.region_${name}`) ?? name}
          </button>`,
      )}
    </div>
    <ul class="demands" role="list" data-long data-field="demands">
      ${all.map(({ id, article }) => {
        const days = id === "retention" ? Math.max(0, ...Object.values(retention)) : 0;
        return html`<li>
          ${icon(metIcon)}
          <p>${car.words.find(`privacy.demand_${id}`, days ? { days } : {}) ?? id}</p>
          <p class="article" dir="ltr">${article}</p>
        </li>`;
      })}
    </ul>
  </section>`;
}
