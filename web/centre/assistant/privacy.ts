// Privacy: what it remembers, what may leave the car, and what has left it.

import { html, nothing, type TemplateResult } from "lit";
import deleteIcon from "@mdi/svg/svg/delete-outline.svg?raw";
import exportIcon from "@mdi/svg/svg/download.svg?raw";
import lockIcon from "@mdi/svg/svg/lock-outline.svg?raw";
import { icon } from "../../shared/icon";
import type { Consent, Egress, Memory } from "../../shared/protocol";
import { Restriction } from "../../shared/restrictions";
import type { Asked } from "./asked";
import type { Assistant } from "./assistant";
import { left } from "./thinking";
import { count, size, when } from "./words";

const KINDS: Readonly<Record<Memory["kind"], string>> = {
  fact: "You said",
  habit: "A habit",
  scene: "A scene",
  timer: "A timer",
  event: "You did",
};

export function privacy(assistant: Assistant): TemplateResult {
  if (assistant.restricts(Restriction.NO_SETUP))
    return html`<p class="closed" data-field="closed">
      ${icon(lockIcon)}Privacy opens when the car is parked: it takes more reading than driving allows.
    </p>`;
  return html`<div class="list privacy">
    ${remembered(assistant)} ${permitted(assistant)} ${ledger(assistant)}
  </div>`;
}

function remembered(assistant: Assistant): TemplateResult {
  const memories = assistant.memories.value.value;
  return html`<section aria-labelledby="remembered" data-part="memories">
    <h2 id="remembered">What it remembers</h2>
    ${problemOf(assistant.memories)}
    ${assistant.erased.value
      ? html`<p class="hint" role="status" data-field="erased">${assistant.erased.value}</p>`
      : nothing}
    ${memories?.length === 0 ? html`<p class="empty">Nothing.</p>` : nothing}
    <ul>
      ${memories?.map(
        (memory) =>
          html`<li data-memory=${memory.id}>
            <div>
              <h3>${memory.says}</h3>
              <p>${KINDS[memory.kind]}, ${when(memory.since)}</p>
            </div>
            <button
              class="button quiet icon-only"
              type="button"
              data-control="forget"
              aria-label="Forget: ${memory.says}"
              @click=${() => void assistant.forget(memory.id)}
            >
              ${icon(deleteIcon)}
            </button>
          </li>`,
      )}
    </ul>
    ${memories?.length ? handled(assistant, memories) : nothing}
  </section>`;
}

function handled(assistant: Assistant, memories: readonly Memory[]): TemplateResult {
  const { asksToErase } = assistant;
  if (!asksToErase.value)
    return html`<div class="answers">
      <button class="button" type="button" data-control="export" @click=${() => save(memories)}>
        ${icon(exportIcon)}Export
      </button>
      <button class="button" type="button" data-control="forget_all" @click=${() => (asksToErase.value = true)}>
        ${icon(deleteIcon)}Forget everything
      </button>
    </div>`;
  return html`<div class="sure" role="alertdialog" aria-label="Forget everything?">
    <p>Erase ${count(memories.length, "memory", "memories")} for good?</p>
    <div class="answers">
      <button class="button" type="button" data-control="keep_all" @click=${() => (asksToErase.value = false)}>
        Keep them
      </button>
      <button class="button danger" type="button" data-control="erase_all" @click=${() => void assistant.forget("")}>
        Erase all
      </button>
    </div>
  </div>`;
}

function permitted(assistant: Assistant): TemplateResult {
  const consents = assistant.consents.value.value;
  return html`<section aria-labelledby="permitted" data-part="consents">
    <h2 id="permitted">What may leave the car</h2>
    ${problemOf(assistant.consents)}
    ${consents?.length === 0 ? html`<p class="empty">Nothing asks to leave the car.</p>` : nothing}
    <ul>
      ${consents?.map((consent) => consentRow(assistant, consent))}
    </ul>
  </section>`;
}

function consentRow(assistant: Assistant, consent: Consent): TemplateResult {
  const { purpose, says, granted, since } = consent;
  return html`<li data-consent=${purpose} data-granted=${granted}>
    <div>
      <h3>${says}</h3>
      <p>${granted ? "You agreed" : since ? "You withdrew it" : "You have not agreed"}${since ? `, ${when(since)}` : ""}</p>
    </div>
    <button
      class="button"
      type="button"
      data-control="consent"
      aria-label="${granted ? "Withdraw" : "Agree"}: ${says}"
      @click=${() => void assistant.consent(purpose, !granted)}
    >
      ${granted ? "Withdraw" : "Agree"}
    </button>
  </li>`;
}

function ledger(assistant: Assistant): TemplateResult {
  const entries = assistant.egress.value.value;
  const total = assistant.status.value.value?.egress_bytes;
  return html`<section aria-labelledby="ledger" data-part="ledger">
    <h2 id="ledger">What left the car</h2>
    ${problemOf(assistant.egress)}
    ${total === undefined ? nothing : html`<p class="hint" data-field="total">${left(total)}</p>`}
    ${entries?.length
      ? html`<table>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">To whom</th>
              <th scope="col">For</th>
              <th scope="col" class="number">Bytes</th>
              <th scope="col">Taken out before</th>
              <th scope="col">Outcome</th>
            </tr>
          </thead>
          <tbody>
            ${entries.map(entry)}
          </tbody>
        </table>`
      : nothing}
  </section>`;
}

function entry(each: Egress): TemplateResult {
  return html`<tr data-entry=${each.id}>
    <td>${when(each.time)}</td>
    <td class="who">${each.recipient}</td>
    <td>${each.purpose}</td>
    <td class="number" title="${size(each.bytes_in)} came back">${size(each.bytes_out)}</td>
    <td>${each.redacted || "–"}</td>
    <td>${each.outcome}</td>
  </tr>`;
}

function problemOf(asked: Asked<unknown>): TemplateResult | typeof nothing {
  return asked.problem.value
    ? html`<p class="problem" role="alert" data-field="problem">${asked.problem.value}</p>`
    : nothing;
}

/** Gives the memories to the person as a file. */
function save(memories: readonly Memory[]): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(memories, null, 2)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `memories-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  // Later, since the browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
