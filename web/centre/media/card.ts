// What plays, in one card, for the home page.

import "./card.css";
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { Car } from "../car";
import { cover } from "./cover";
import { ARTIST, TRACK, URI } from "./paths";
import { playButton, skipButton } from "./transport";

/** Title, artist and the two buttons that people want without opening the page. Reactive. */
export function nowPlaying(car: Car): TemplateResult | typeof nothing {
  const uri = car.readings.string(URI);
  if (uri === null) return nothing;
  const title = car.readings.string(TRACK) ?? "";
  const artist = car.readings.string(ARTIST) ?? "";
  const queue = uri ? car.kept("Media", "cockpit.media_queue", { start: -1, limit: 1 }).value : null;
  const picture = queue?.entries[0]?.track.uri === uri ? queue.entries[0].track.cover : "";
  return html`<section class="card now-playing" data-card="media" aria-label=${car.t("common.media")}>
    <button class="open" type="button" data-control="media" @click=${() => car.go("media")}>
      ${cover(picture, title)}
      <span class="about">
        <span class="title" dir="auto" data-field="card_title">${title || car.t("media.nothing")}</span>
        <span class="artist" dir="auto" data-field="card_artist">${artist}</span>
      </span>
    </button>
    ${playButton(car)} ${uri ? skipButton(car, "next") : nothing}
  </section>`;
}
