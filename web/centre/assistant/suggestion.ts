// What the assistant offers of its own accord: one card at a time, that goes with one touch.

import { html, nothing, type TemplateResult } from "lit/html.js";
import ideaIcon from "@mdi/svg/svg/lightbulb-on-outline.svg";
import { icon } from "../../shared/icon";
import type { Assistant } from "./assistant";

export function suggestion(assistant: Assistant): TemplateResult | typeof nothing {
  const { t } = assistant;
  const offered = assistant.suggestions.value.value?.[0];
  if (!offered) return nothing;
  const answer = (accept: boolean) => () => void assistant.answerSuggestion(offered.id, accept);
  return html`<aside class="suggestion" aria-label=${t("assistant.suggestion")} data-suggestion=${offered.id}>
    ${icon(ideaIcon)}
    <p role="status" data-field="suggestion">${offered.says}</p>
    ${offered.actions.some(({ says }) => says)
      ? html`<p class="actions">${offered.actions.map(({ says }) => says).filter(Boolean).join(" · ")}</p>`
      : nothing}
    <div class="answers">
      <button class="button" type="button" data-control="not_now" @click=${answer(false)}>
        ${t(offered.actions.length ? "assistant.not_now" : "assistant.dismiss")}
      </button>
      ${offered.actions.length
        ? html`<button
            class="button primary"
            type="button"
            data-control="accept"
            ?disabled=${assistant.isAsking}
            @click=${answer(true)}
          >
            ${t("assistant.yes_please")}
          </button>`
        : nothing}
    </div>
  </aside>`;
}
