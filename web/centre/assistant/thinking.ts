// What the assistant thinks with: one quiet line, and behind it the tiers and how much a bigger model may be asked.

import { html, nothing, type TemplateResult } from "lit/html.js";
import lockIcon from "@mdi/svg/svg/lock-outline.svg";
import { icon } from "../../shared/icon";
import type { TierStatus } from "../../shared/protocol";
import { Restriction } from "../../shared/restrictions";
import type { Assistant } from "./assistant";
import type { Key } from "../../shared/words";

export interface Summary {
  readonly tone: "ready" | "busy" | "part" | "off";
  readonly text: string;
}

export function summary(assistant: Assistant): Summary {
  const { t } = assistant;
  if (assistant.connection.state.value !== "live") return { tone: "off", text: t("assistant.no_connection") };
  if (!assistant.isRunning.value) return { tone: "off", text: t("assistant.starting") };
  const { model } = assistant;
  if (model?.state === "FETCHING") {
    return { tone: "busy", text: t("assistant.fetching", { percent: Math.floor(model.percent) }) };
  }
  if (model?.state === "LOADING") return { tone: "busy", text: t("assistant.loading") };
  if (assistant.isPreparing) return { tone: "busy", text: t("assistant.ready_for_plain_words") };
  if (model?.state === "READY") return { tone: "ready", text: t("assistant.ready") };
  if (model?.state === "BROKEN") return { tone: "part", text: t("assistant.ready_but_broken") };
  return { tone: "part", text: t("assistant.ready_without") };
}

/** A thin bar while the local model is on its way. */
export function progress(assistant: Assistant): TemplateResult | typeof nothing {
  const { model } = assistant;
  if (model?.state !== "FETCHING" && model?.state !== "LOADING") return nothing;
  const percent = model.state === "FETCHING" ? Math.round(model.percent) : null;
  return html`<div
    class="progress"
    role="progressbar"
    aria-label=${assistant.t("assistant.tier_local")}
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${percent ?? nothing}
  >
    <i style=${percent === null ? nothing : `width: ${percent}%`} data-unknown=${percent === null}></i>
  </div>`;
}

export function thinking(assistant: Assistant): TemplateResult {
  const { t, words } = assistant;
  if (assistant.restricts(Restriction.LIMIT_CONTENT))
    return html`<p class="closed" data-field="closed">${icon(lockIcon)}<span>${t("assistant.opens_standing")}</span></p>`;
  const { value, problem } = assistant.status;
  const status = value.value;
  if (!status)
    return html`<p class="closed" role="status" data-field="problem">${problem.value || t("common.loading")}</p>`;
  const isFixed = assistant.restricts(Restriction.NO_SETUP);
  return html`<div class="list thinking">
    <h2>${t("assistant.thinks_with")}</h2>
    <ul class="tiers">
      ${status.tiers.map((tier) => tierRow(assistant, tier))}
    </ul>
    <h2 id="policy">${t("assistant.how_much")}</h2>
    <fieldset class="segments" aria-labelledby="policy" ?disabled=${isFixed}>
      ${status.policies.map(
        (policy) =>
          html`<button
            class="button"
            type="button"
            data-policy=${policy}
            aria-pressed=${policy === status.policy}
            @click=${() => void assistant.choosePolicy(policy)}
          >
            ${named(assistant, `policy_${policy}`, policy)}
          </button>`,
      )}
    </fieldset>
    ${isFixed
      ? html`<p class="closed" data-field="closed">${icon(lockIcon)}<span>${t("assistant.changes_parked")}</span></p>`
      : html`<p class="hint">${named(assistant, `policy_means_${status.policy}`, "")}</p>`}
    ${problem.value ? html`<p class="problem" role="alert" data-field="problem">${problem.value}</p>` : nothing}
    <p class="hint" data-field="total">${words.left(status.egress_bytes)}</p>
  </div>`;
}

/** What a policy is called, or means; one that is not here explains itself by its name. */
function named({ t }: Assistant, key: string, otherwise: string): string {
  return t(`assistant.${key}` as Key) || otherwise;
}

function tierRow(assistant: Assistant, tier: TierStatus): TemplateResult {
  const { model } = assistant;
  const fetching = tier.state === "fetching" || tier.state === "loading";
  const part = tier.tier === "local" && model?.state === "FETCHING" ? model.percent / 100 : tier.progress;
  const percent = Math.floor(part * 100);
  return html`<li data-tier=${tier.tier} data-state=${tier.state}>
    <i></i>
    <div>
      <h3>${assistant.words.tier(tier.tier)}</h3>
      <p>${tier.says}</p>
    </div>
    <span>${assistant.words.tierState(tier.state)}${fetching && percent < 100 ? ` ${percent} %` : ""}</span>
  </li>`;
}
