// One place: what it is, how far away, and what to do with it.

import { html, nothing, type TemplateResult } from "lit/html.js";
import backIcon from "@mdi/svg/svg/arrow-left.svg";
import forgetIcon from "@mdi/svg/svg/star-off.svg";
import goIcon from "@mdi/svg/svg/directions.svg";
import homeIcon from "@mdi/svg/svg/home-variant.svg";
import starIcon from "@mdi/svg/svg/star-outline.svg";
import viaIcon from "@mdi/svg/svg/map-marker-plus.svg";
import workIcon from "@mdi/svg/svg/briefcase.svg";
import type { NavigationKept, NavigationPlace } from "../../shared/protocol";
import type { Car } from "../car";
import { chargerFacts, press } from "./parts";
import { choose, forget, isGuiding, keep, kept, plan } from "./state";

const KINDS = [
  ["favourite", starIcon],
  ["home", homeIcon],
  ["work", workIcon],
] as const;

export function placePanel(car: Car, place: NavigationPlace): TemplateResult {
  const { t, units } = car;
  const isKept = place.id.startsWith("kept/") ? place : kept.value.find((each) => each.name === place.name && near(each, place));
  const far = place.distance_m === null ? "" : units.near(place.distance_m).text;
  return html`<header class="panel-head">
      ${press(car, { name: "back", title: t("common.back"), drawing: backIcon, bare: true, kind: "quiet", act: () => choose(null) })}
      <div>
        <h2 data-field="place" dir="auto">${place.name}</h2>
        <p class="where" dir="auto">${[place.where, far].filter(Boolean).join(" · ")}</p>
      </div>
    </header>
    ${place.charger ? html`<p class="charger">${chargerFacts(car, place.charger)}</p>` : nothing}
    ${isGuiding.value
      ? press(car, { name: "plan", title: t("map.stop_here"), drawing: viaIcon, kind: "primary", act: () => void plan(car) })
      : press(car, { name: "plan", title: t("map.directions"), drawing: goIcon, kind: "primary", act: () => void plan(car) })}
    ${car.profile.value.kind === "PERSON"
      ? html`<div class="keeping">
          ${isKept && isKept.category !== "recent"
            ? press(car, { name: "forget", title: t("map.forget"), drawing: forgetIcon, kind: "quiet", act: () => void forget(car, isKept) })
            : KINDS.map(([kind, drawing]) => keeping(car, place, kind, drawing))}
        </div>`
      : nothing}`;
}

function keeping(car: Car, place: NavigationPlace, kind: NavigationKept & `${(typeof KINDS)[number][0]}`, drawing: string): TemplateResult {
  return press(car, { name: `keep-${kind}`, title: car.t(`map.keep_${kind}`), drawing, kind: "quiet", act: () => void keep(car, place, kind) });
}

/** The same spot, about. */
function near({ position: one }: NavigationPlace, { position: other }: NavigationPlace): boolean {
  return Math.hypot(one.latitude - other.latitude, one.longitude - other.longitude) < 1e-4;
}
