// The map on the home page: small, after the car, and the next manoeuvre; a touch opens the page. Only where there is one.

import "./map.css";
import { effect, untracked } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { Car } from "../car";
import { attribution } from "../map/attribution";
import { ahead, arrowOf } from "../map/parts";
import { NAVIGATION, STATE, VIEW_PATHS } from "../map/paths";
import { drawn, fetchPicture, picture, showPicture } from "../map/picture";
import { followRegions, region } from "../map/regions";

export const MAP_PATHS: readonly string[] = [...VIEW_PATHS, `${NAVIGATION}.Maneuver`];

/** Nothing of the map is fetched before everything else of the page is there. */
const LATER_MS = 300;
const COVER = { top: 0, right: 0, bottom: 0, left: 0 };

export function mapCard(car: Car): TemplateResult | typeof nothing {
  if (!region.value || ["no_webgl", "failed"].includes(drawn())) return nothing;
  return html`<section class="card map-card" data-card="map" aria-label=${car.t("map.title")}>
    <div class="picture">${picture.value?.element ?? nothing}</div>
    ${next(car)}
    <a class="open" href="#map" data-control="open-map" aria-label=${car.t("map.open")}></a>
    ${attribution()}
  </section>`;
}

function next(car: Car): TemplateResult | typeof nothing {
  const { readings } = car;
  const kind = readings.string(`${NAVIGATION}.Maneuver.Kind`);
  if (readings.string(STATE) !== "GUIDING" || !kind) return nothing;
  return html`<p class="next" data-field="maneuver">
    ${arrowOf(kind, readings.number(`${NAVIGATION}.Maneuver.Exit`) ?? 0)}
    <b>${ahead(car, readings.number(`${NAVIGATION}.Maneuver.Distance`)).text}</b>
    <span dir="auto">${readings.string(`${NAVIGATION}.Maneuver.Street`) ?? ""}</span>
  </p>`;
}

/** Keeps the card's map right while the page is open; returns a function that stops it. */
export function followMap(car: Car): () => void {
  let later: ReturnType<typeof setTimeout> | undefined;
  const stops = [
    followRegions(car),
    effect(() => {
      const { value } = region;
      const view = picture.value;
      if (!value) return;
      untracked(() => {
        if (!view) later = setTimeout(() => requestIdleCallback(fetchPicture), LATER_MS);
        else {
          view.touched = () => {}; // the card is one link
          view.follower.cover(COVER);
          view.follower.recentre();
          showPicture(car, value);
        }
      });
    }),
  ];
  return () => {
    clearTimeout(later);
    for (const stop of stops) stop();
    picture.peek()?.hide();
  };
}
