// Where people say something: a field in the page's bar, there whatever else the page shows.

import { html, type TemplateResult } from "lit/html.js";
import openIcon from "@mdi/svg/svg/creation.svg";
import sendIcon from "@mdi/svg/svg/send-variant.svg";
import { icon } from "../../shared/icon";
import type { Assistant } from "./assistant";

export function composer(assistant: Assistant, canClose: boolean): TemplateResult {
  const { isAsking, isKeyboardClosed, written, isOpen, t } = assistant;
  const send = (event: Event) => {
    event.preventDefault();
    void assistant.say();
  };
  const toggle = () => {
    if (isOpen.value) isOpen.value = false;
    else assistant.show("talk");
  };
  const open = () => {
    if (!isOpen.value) assistant.show("talk");
  };
  const escape = (event: KeyboardEvent) => {
    if (event.key === "Escape") isOpen.value = false;
  };
  return html`<form class="composer" @submit=${send} @keydown=${escape}>
    ${canClose
      ? html`<button
          class="button quiet icon-only"
          type="button"
          data-control="assistant"
          aria-label=${t("assistant.title")}
          aria-expanded=${isOpen.value}
          @click=${toggle}
        >
          ${icon(openIcon)}
        </button>`
      : html`<span class="mark">${icon(openIcon)}</span>`}
    <input
      class="field"
      data-control="say"
      type="text"
      aria-label=${t("assistant.say")}
      autocomplete="off"
      enterkeyhint="send"
      placeholder=${t(isKeyboardClosed ? "assistant.closed_for_driver" : "assistant.ask")}
      ?readonly=${isKeyboardClosed}
      .value=${written.value}
      @input=${(event: InputEvent) => {
        written.value = (event.target as HTMLInputElement).value;
        open();
      }}
      @pointerdown=${open}
    />
    <button
      class="button icon-only send"
      type="submit"
      data-control="send"
      data-busy=${isAsking}
      aria-label=${t(isAsking ? "assistant.waiting" : "assistant.send")}
      ?disabled=${isAsking || isKeyboardClosed || !written.value.trim()}
    >
      ${isAsking ? html`<span class="spinner"></span>` : icon(sendIcon)}
    </button>
  </form>`;
}
