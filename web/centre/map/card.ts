// The map on the home page: small, after the car, and the next manoeuvre; a touch opens the page. Only where there is one.

import "./card.css";
import { effect, untracked } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { Car } from "../car";
import { attribution } from "./attribution";
import { ahead, arrowOf } from "./parts";
import { NAVIGATION, STATE } from "./paths";
import { drawn, fetchPicture, picture, showPicture } from "./picture";
import { followRegions, region } from "./regions";

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
export function followCard(car: Car): () => void {
  const stopRegions = followRegions(car);
  const stop = effect(() => {
    const { value } = region;
    if (value) fetchPicture();
    const view = picture.value;
    if (!value || !view) return;
    untracked(() => {
      view.touched = () => {}; // the card is one link
      view.follower.cover(COVER);
      view.follower.recentre();
      showPicture(car, value);
    });
  });
  return () => {
    stop();
    stopRegions();
    picture.peek()?.hide();
  };
}
