// Looking for a place: as people write it, by category, near or along the way; and the places that are kept.

import { html, nothing, type TemplateResult } from "lit/html.js";
import cafeIcon from "@mdi/svg/svg/coffee.svg";
import chargerIcon from "@mdi/svg/svg/ev-station.svg";
import clearIcon from "@mdi/svg/svg/close.svg";
import foodIcon from "@mdi/svg/svg/silverware-fork-knife.svg";
import homeIcon from "@mdi/svg/svg/home-variant.svg";
import kindIcon from "@mdi/svg/svg/map-marker.svg";
import parkingIcon from "@mdi/svg/svg/parking.svg";
import peakIcon from "@mdi/svg/svg/image-filter-hdr.svg";
import recentIcon from "@mdi/svg/svg/history.svg";
import searchIcon from "@mdi/svg/svg/magnify.svg";
import shopIcon from "@mdi/svg/svg/cart.svg";
import starIcon from "@mdi/svg/svg/star.svg";
import streetIcon from "@mdi/svg/svg/road-variant.svg";
import townIcon from "@mdi/svg/svg/home-city.svg";
import workIcon from "@mdi/svg/svg/briefcase.svg";
import type { NavigationKept, NavigationPlace, PlaceKind } from "../../shared/protocol";
import type { Car } from "../car";
import { press } from "./parts";
import { aside, chargers, choose, clearSearch, isGuiding, kept, look, results, text, type } from "./state";

const CATEGORIES = [
  ["charger", chargerIcon],
  ["parking", parkingIcon],
  ["cafe", cafeIcon],
  ["restaurant", foodIcon],
  ["supermarket", shopIcon],
] as const;

const KINDS: Readonly<Record<PlaceKind, string>> = {
  settlement: townIcon,
  street: streetIcon,
  address: kindIcon,
  poi: kindIcon,
  charger: chargerIcon,
  nature: peakIcon,
};
const KEPT: Readonly<Record<NavigationKept, string>> = {
  home: homeIcon,
  work: workIcon,
  favourite: starIcon,
  recent: recentIcon,
};
const ORDER = Object.keys(KEPT) as NavigationKept[];
const CHARGERS = 12;

export function searchPanel(car: Car): TemplateResult {
  const { t } = car;
  return html`<div class="search">
      ${car.icon("search", searchIcon)}
      <input
        class="field"
        type="search"
        enterkeyhint="search"
        autocomplete="off"
        data-field="search"
        aria-label=${t("map.search")}
        placeholder=${isGuiding.value ? t("map.search_along") : t("map.search")}
        .value=${text.value}
        @input=${({ target }: Event) => type(car, (target as HTMLInputElement).value)}
      />
      ${text.value || isGuiding.value
        ? press(car, { name: "clear-search", title: t("map.clear"), drawing: clearIcon, bare: true, kind: "quiet", act: clear })
        : nothing}
    </div>
    <div class="categories" role="group" aria-label=${t("map.categories")}>
      ${CATEGORIES.map(([name, drawing]) => {
        const title = t(`map.category_${name}`);
        const act = () => (name === "charger" ? lookForChargers(car, title) : void look(car, title));
        return press(car, { name: `category-${name}`, title, drawing, act, kind: "quiet" });
      })}
    </div>
    ${results.value ? found(car, results.value) : keptPlaces(car)}`;
}

function clear(): void {
  clearSearch();
  aside.value = false;
}

/** Along a way by detour; else by how long it takes to get there, which the crow's distance does not know. */
function lookForChargers(car: Car, word: string): void {
  if (isGuiding.peek() || chargers.peek().length === 0) return void look(car, word);
  clearSearch();
  text.value = word;
  results.value = chargers.peek().slice(0, CHARGERS);
}

function found(car: Car, places: readonly NavigationPlace[]): TemplateResult {
  if (places.length === 0)
    return html`<p class="empty" data-field="nothing_found">${car.t("map.nothing_found", { text: text.value })}</p>`;
  return html`<ul class="places" role="list" data-long>
    ${places.map((place) => row(car, place, KINDS[place.kind]))}
  </ul>`;
}

function keptPlaces(car: Car): TemplateResult {
  const all = kept.value;
  if (all.length === 0) return html`<p class="empty">${car.t("map.nothing_kept")}</p>`;
  const sorted = [...all].sort((one, other) => ORDER.indexOf(keptAs(one)) - ORDER.indexOf(keptAs(other)));
  return html`<ul class="places" role="list" data-long aria-label=${car.t("map.kept_places")}>
    ${sorted.map((place) => row(car, place, KEPT[keptAs(place)], keptAs(place)))}
  </ul>`;
}

function keptAs({ category }: NavigationPlace): NavigationKept {
  return (ORDER as string[]).includes(category) ? (category as NavigationKept) : "favourite";
}

function row(car: Car, place: NavigationPlace, drawing: string, as?: NavigationKept): TemplateResult {
  const { t, units } = car;
  const titled = as === "home" || as === "work" ? t(`map.${as}`) : place.name;
  const where = titled === place.name ? place.where : place.name;
  return html`<li>
    <button class="place-row" type="button" data-control="place" data-id=${place.id} @click=${() => choose(place)}>
      ${car.icon(as ?? place.kind, drawing)}
      <span class="about">
        <span class="name" dir="auto">${titled}</span>
        <span class="where" dir="auto">${place.charger?.power_kw ? `${units.power(place.charger.power_kw).text} · ` : nothing}${where}</span>
      </span>
      <span class="far">
        ${place.detour_s !== null
          ? t("map.detour", { time: units.duration(place.detour_s).text })
          : place.distance_m !== null
            ? units.near(place.distance_m >= 100 ? Math.round(place.distance_m / 50) * 50 : place.distance_m).text
            : nothing}
      </span>
    </button>
  </li>`;
}
