// The assistant's panel: who speaks, what it thinks with, and one of its views.

import { html, nothing, type TemplateResult } from "lit/html.js";
import closeIcon from "@mdi/svg/svg/close.svg";
import privacyIcon from "@mdi/svg/svg/shield-lock-outline.svg";
import scenesIcon from "@mdi/svg/svg/playlist-play.svg";
import seatIcon from "@mdi/svg/svg/car-seat.svg";
import { icon } from "../../shared/icon";
import type { Assistant, View } from "./assistant";
import { privacy } from "./privacy";
import { scenes } from "./scenes";
import { talk } from "./talk";
import { progress, summary, thinking } from "./thinking";
import { SEATS } from "./words";

const VIEWS: Readonly<Record<View, (assistant: Assistant) => TemplateResult>> = { talk, scenes, thinking, privacy };

export function panel(assistant: Assistant, canClose: boolean): TemplateResult {
  const { seat, choosesSeat, view, isOpen, t, words } = assistant;
  const { tone, text } = summary(assistant);
  const escape = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    if (choosesSeat.value) choosesSeat.value = false;
    else if (view.value !== "talk") view.value = "talk";
    else isOpen.value = false;
  };
  return html`<section class="panel assistant" aria-label=${t("assistant.title")} data-view=${view.value} @keydown=${escape}>
    <header>
      <button
        class="button quiet seat"
        type="button"
        data-control="seat"
        aria-label=${t("assistant.who_speaks_now", { who: words.seat(seat.value) })}
        aria-expanded=${choosesSeat.value}
        @click=${() => (choosesSeat.value = !choosesSeat.value)}
      >
        ${icon(seatIcon)}<span>${words.seat(seat.value)}</span>
      </button>
      <button
        class="button quiet state"
        type="button"
        data-control="thinking"
        data-tone=${tone}
        aria-expanded=${view.value === "thinking"}
        @click=${() => toggleView(assistant, "thinking")}
      >
        <i></i><span data-field="assistant-state">${text}</span>
      </button>
      ${viewButton(assistant, "scenes", t("assistant.scenes"), scenesIcon)}
      ${viewButton(assistant, "privacy", t("assistant.privacy"), privacyIcon)}
      ${canClose
        ? html`<button
            class="button quiet icon-only"
            type="button"
            data-control="close"
            aria-label=${t("assistant.close")}
            @click=${() => (isOpen.value = false)}
          >
            ${icon(closeIcon)}
          </button>`
        : nothing}
      ${progress(assistant)}
    </header>
    ${choosesSeat.value ? seats(assistant) : nothing}
    <div class="view" tabindex="-1">${VIEWS[view.value](assistant)}</div>
  </section>`;
}

/** Keeps the keyboard's place: where the focused part of the panel is gone, what it was in has the focus. */
export function keepFocus(root: HTMLElement): void {
  let last: Element | null = null;
  root.addEventListener("focusin", (event) => (last = event.target as Element));
  new MutationObserver(() => {
    if (!last || last.isConnected || document.activeElement !== document.body) return;
    last = null;
    root.querySelector<HTMLElement>(".view")?.focus({ preventScroll: true });
  }).observe(root, { childList: true, subtree: true });
}

function viewButton(assistant: Assistant, view: View, title: string, drawing: string): TemplateResult {
  return html`<button
    class="button quiet view-button"
    type="button"
    data-control=${view}
    aria-label=${title}
    title=${title}
    aria-pressed=${assistant.view.value === view}
    @click=${() => toggleView(assistant, view)}
  >
    ${icon(drawing)}<span>${title}</span>
  </button>`;
}

function toggleView(assistant: Assistant, view: View): void {
  assistant.show(assistant.view.value === view ? "talk" : view);
}

function seats(assistant: Assistant): TemplateResult {
  return html`<fieldset class="segments seats" aria-label=${assistant.t("assistant.who_speaks")}>
    ${SEATS.map(
      (seat) =>
        html`<button
          class="button"
          type="button"
          data-seat=${seat}
          aria-pressed=${assistant.seat.value === seat}
          @click=${() => {
            assistant.seat.value = seat;
            assistant.choosesSeat.value = false;
          }}
        >
          ${assistant.words.seat(seat)}
        </button>`,
    )}
  </fieldset>`;
}
