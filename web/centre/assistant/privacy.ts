// Privacy: what it remembers, what may leave the car, and what has left it.

import { html, nothing, type TemplateResult } from "lit/html.js";
import deleteIcon from "@mdi/svg/svg/delete-outline.svg";
import exportIcon from "@mdi/svg/svg/download.svg";
import lockIcon from "@mdi/svg/svg/lock-outline.svg";
import { icon } from "../../shared/icon";
import type { Consent, Egress, Memory } from "../../shared/protocol";
import { Restriction } from "../../shared/restrictions";
import type { Asked } from "./asked";
import type { Assistant } from "./assistant";

export function privacy(assistant: Assistant): TemplateResult {
  if (assistant.restricts(Restriction.NO_SETUP))
    return html`<p class="closed" data-field="closed">
      ${icon(lockIcon)}<span>${assistant.t("assistant.privacy_parked")}</span>
    </p>`;
  return html`<div class="list privacy">
    ${remembered(assistant)} ${permitted(assistant)} ${ledger(assistant)}
  </div>`;
}

function remembered(assistant: Assistant): TemplateResult {
  const { t, words } = assistant;
  const memories = assistant.memories.value.value;
  return html`<section aria-labelledby="remembered" data-part="memories">
    <h2 id="remembered">${t("assistant.remembers")}</h2>
    ${problemOf(assistant.memories)}
    ${assistant.erased.value
      ? html`<p class="hint" role="status" data-field="erased">${assistant.erased.value}</p>`
      : nothing}
    ${memories?.length === 0 ? html`<p class="empty">${t("assistant.nothing")}</p>` : nothing}
    <ul>
      ${memories?.map(
        (memory) =>
          html`<li data-memory=${memory.id}>
            <div>
              <h3>${memory.says}</h3>
              <p>${words.memory(memory.kind)}, ${words.when(memory.since)}</p>
            </div>
            <button
              class="button quiet icon-only"
              type="button"
              data-control="forget"
              aria-label=${t("assistant.forget", { what: memory.says })}
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
  const { asksToErase, t } = assistant;
  if (!asksToErase.value)
    return html`<div class="answers">
      <button class="button" type="button" data-control="export" @click=${() => save(memories)}>
        ${icon(exportIcon)}${t("assistant.export")}
      </button>
      <button class="button" type="button" data-control="forget_all" @click=${() => (asksToErase.value = true)}>
        ${icon(deleteIcon)}${t("assistant.forget_everything")}
      </button>
    </div>`;
  return html`<div class="sure" role="alertdialog" aria-label=${t("assistant.forget_everything")}>
    <p>${t("assistant.erase_for_good", { count: memories.length })}</p>
    <div class="answers">
      <button class="button" type="button" data-control="keep_all" @click=${() => (asksToErase.value = false)}>
        ${t("assistant.keep_them")}
      </button>
      <button class="button danger" type="button" data-control="erase_all" @click=${() => void assistant.forget("")}>
        ${t("assistant.erase_all")}
      </button>
    </div>
  </div>`;
}

function permitted(assistant: Assistant): TemplateResult {
  const { t } = assistant;
  const consents = assistant.consents.value.value;
  return html`<section aria-labelledby="permitted" data-part="consents">
    <h2 id="permitted">${t("assistant.may_leave")}</h2>
    ${problemOf(assistant.consents)}
    ${consents?.length === 0 ? html`<p class="empty">${t("assistant.nothing_asks")}</p>` : nothing}
    <ul>
      ${consents?.map((consent) => consentRow(assistant, consent))}
    </ul>
  </section>`;
}

function consentRow(assistant: Assistant, consent: Consent): TemplateResult {
  const { t, words } = assistant;
  const { purpose, says, granted, since } = consent;
  return html`<li data-consent=${purpose} data-granted=${granted}>
    <div>
      <h3>${says}</h3>
      <p>${t(granted ? "assistant.agreed" : since ? "assistant.withdrew" : "assistant.not_agreed")}${since ? `, ${words.when(since)}` : ""}</p>
    </div>
    <button
      class="button"
      type="button"
      data-control="consent"
      aria-label="${t(granted ? "assistant.withdraw" : "assistant.agree")}: ${says}"
      @click=${() => void assistant.consent(purpose, !granted)}
    >
      ${t(granted ? "assistant.withdraw" : "assistant.agree")}
    </button>
  </li>`;
}

function ledger(assistant: Assistant): TemplateResult {
  const { t, words } = assistant;
  const entries = assistant.egress.value.value;
  const total = assistant.status.value.value?.egress_bytes;
  return html`<section aria-labelledby="ledger" data-part="ledger">
    <h2 id="ledger">${t("assistant.what_left")}</h2>
    ${problemOf(assistant.egress)}
    ${total === undefined ? nothing : html`<p class="hint" data-field="total">${words.left(total)}</p>`}
    ${entries?.length
      ? html`<table>
          <thead>
            <tr>
              <th scope="col">${t("assistant.column_when")}</th>
              <th scope="col">${t("assistant.column_who")}</th>
              <th scope="col">${t("assistant.column_for")}</th>
              <th scope="col" class="number">${t("assistant.column_bytes")}</th>
              <th scope="col">${t("assistant.column_redacted")}</th>
              <th scope="col">${t("assistant.column_outcome")}</th>
            </tr>
          </thead>
          <tbody>
            ${entries.map((each) => entry(assistant, each))}
          </tbody>
        </table>`
      : nothing}
  </section>`;
}

function entry({ t, words }: Assistant, each: Egress): TemplateResult {
  return html`<tr data-entry=${each.id}>
    <td>${words.when(each.time)}</td>
    <td class="who">${each.recipient}</td>
    <td>${each.purpose}</td>
    <td class="number" title=${t("assistant.came_back", { size: words.size(each.bytes_in) })}>${words.size(each.bytes_out)}</td>
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
