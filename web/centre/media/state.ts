// What the media page shows beside what plays: a tab, an open shelf, a search.

import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { live } from "lit/directives/live.js";
import closeIcon from "@mdi/svg/svg/close.svg";
import searchIcon from "@mdi/svg/svg/magnify.svg";
import type { MediaShelf } from "../../shared/protocol";
import { Restriction } from "../../shared/restrictions";
import type { Car } from "../car";

export type Tab = "queue" | "albums" | "artists" | "titles" | "favourites" | "sound" | "troubles";

export const shown = signal<Tab>("albums");
/** An album or artist that was opened. */
export const open = signal<MediaShelf | null>(null);
/** What is searched for; "" = nothing. */
export const search = signal("");
/** How many parts of a long list are shown. */
export const parts = signal(1);

/** Typing comes faster than answers: wait this long for the next letter. */
const SETTLE_MS = 160;
let timer: ReturnType<typeof setTimeout> | undefined;

export function show(tab: Tab): void {
  shown.value = tab;
  open.value = null;
  search.value = "";
  parts.value = 1;
}

export function openShelf(shelf: MediaShelf): void {
  search.value = "";
  open.value = shelf;
  parts.value = 1;
}

/** The keyboard it needs is the host's to give or to take. */
export function searchField(car: Car): TemplateResult {
  const closed = car.restricted(Restriction.NO_KEYBOARD);
  const write = (event: Event) => {
    const text = (event.target as HTMLInputElement).value.trim();
    clearTimeout(timer);
    timer = setTimeout(() => (search.value = text), SETTLE_MS);
  };
  return html`<label class="search" data-closed=${closed}>
    ${car.icon("search", searchIcon)}
    <input
      class="field"
      type="search"
      enterkeyhint="search"
      maxlength="200"
      data-field="search"
      placeholder=${car.t(closed ? "media.search_parked" : "media.search")}
      aria-label=${car.t("media.search")}
      ?disabled=${closed}
      .value=${live(search.value)}
      @input=${write}
    />
    ${search.value
      ? html`<button
          class="button quiet icon-only"
          type="button"
          data-control="clear-search"
          aria-label=${car.t("media.clear_search")}
          @click=${() => (search.value = "")}
        >
          ${car.icon("close", closeIcon)}
        </button>`
      : nothing}
  </label>`;
}
