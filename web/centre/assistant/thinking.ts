// What the assistant thinks with: one quiet line, and behind it the tiers and how much a bigger model may be asked.

import { html, nothing, type TemplateResult } from "lit";
import lockIcon from "@mdi/svg/svg/lock-outline.svg?raw";
import { icon } from "../../shared/icon";
import type { TierStatus } from "../../shared/protocol";
import { Restriction } from "../../shared/restrictions";
import type { Assistant } from "./assistant";
import { POLICIES, size, TIER_NAMES, TIER_STATES } from "./words";

export interface Summary {
  readonly tone: "ready" | "busy" | "part" | "off";
  readonly text: string;
}

export function summary(assistant: Assistant): Summary {
  if (assistant.connection.state.value !== "live") return { tone: "off", text: "No connection" };
  if (!assistant.isRunning.value) return { tone: "off", text: "Starting" };
  const { model } = assistant;
  if (model?.state === "FETCHING") return { tone: "busy", text: `Fetching its model: ${Math.floor(model.percent)} %` };
  if (model?.state === "LOADING") return { tone: "busy", text: "Loading its model" };
  if (assistant.isPreparing) return { tone: "busy", text: "Ready for plain words" };
  if (model?.state === "READY") return { tone: "ready", text: "Ready" };
  if (model?.state === "BROKEN") return { tone: "part", text: "Ready, but its model is broken" };
  return { tone: "part", text: "Ready, without its model" };
}

/** A thin bar while the local model is on its way. */
export function progress(assistant: Assistant): TemplateResult | typeof nothing {
  const { model } = assistant;
  if (model?.state !== "FETCHING" && model?.state !== "LOADING") return nothing;
  const percent = model.state === "FETCHING" ? Math.round(model.percent) : null;
  return html`<div
    class="progress"
    role="progressbar"
    aria-label="The model in the car"
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${percent ?? nothing}
  >
    <i style=${percent === null ? nothing : `width: ${percent}%`} data-unknown=${percent === null}></i>
  </div>`;
}

export function thinking(assistant: Assistant): TemplateResult {
  if (assistant.restricts(Restriction.LIMIT_CONTENT))
    return html`<p class="closed" data-field="closed">${icon(lockIcon)}This opens when the car stands.</p>`;
  const { value, problem } = assistant.status;
  const status = value.value;
  if (!status)
    return html`<p class="closed" role="status" data-field="problem">${problem.value || "One moment…"}</p>`;
  const isFixed = assistant.restricts(Restriction.NO_SETUP);
  return html`<div class="list thinking">
    <h2>What it thinks with</h2>
    <ul class="tiers">
      ${status.tiers.map((tier) => tierRow(assistant, tier))}
    </ul>
    <h2 id="policy">How much may be asked of bigger models</h2>
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
            ${policy.charAt(0).toUpperCase() + policy.slice(1)}
          </button>`,
      )}
    </fieldset>
    ${isFixed
      ? html`<p class="closed" data-field="closed">${icon(lockIcon)}This can be changed when the car is parked.</p>`
      : html`<p class="hint">${POLICIES[status.policy] ?? ""}</p>`}
    ${problem.value ? html`<p class="problem" role="alert" data-field="problem">${problem.value}</p>` : nothing}
    <p class="hint" data-field="total">${left(status.egress_bytes)}</p>
  </div>`;
}

/** All that ever left, in a sentence. */
export function left(bytes: number): string {
  return bytes ? `${size(bytes)} have left the car so far.` : "Nothing has left the car so far.";
}

function tierRow(assistant: Assistant, tier: TierStatus): TemplateResult {
  const { model } = assistant;
  const fetching = tier.state === "fetching" || tier.state === "loading";
  const part = tier.tier === "local" && model?.state === "FETCHING" ? model.percent / 100 : tier.progress;
  const percent = Math.floor(part * 100);
  return html`<li data-tier=${tier.tier} data-state=${tier.state}>
    <i></i>
    <div>
      <h3>${TIER_NAMES[tier.tier]}</h3>
      <p>${tier.says}</p>
    </div>
    <span>${TIER_STATES[tier.state]}${fetching && percent < 100 ? ` ${percent} %` : ""}</span>
  </li>`;
}
