// Comfort: a seat is chosen where it stands; beside it its warmth, massage and position, and the light of the cabin.

import "./comfort.css";
import "../car/track.css";
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import coolIcon from "@mdi/svg/svg/snowflake.svg";
import massageIcon from "@mdi/svg/svg/wave.svg";
import seatIcon from "@mdi/svg/svg/car-seat.svg";
import heatIcon from "@mdi/svg/svg/heat-wave.svg";
import wheelIcon from "@mdi/svg/svg/steering.svg";
import { icon } from "../../shared/icon";
import type { Car } from "../car";
import { has, nearest } from "../climate/zones";
import { type Choice, segments } from "../controls";
import type { CentrePage } from "../page";
import { ambient, LIGHT_PATHS } from "./light";
import { seatPosition, wheelPosition } from "./position";
import { MASSAGE, type Place, PLACES, placesOf, WARMTH, WHEEL, WHEEL_WARMTH } from "./seats";

const TABS = ["warmth", "position"] as const;
type Tab = (typeof TABS)[number];

const chosen = signal<string | null>(null);
const tab = signal<Tab>("warmth");

/** The place that is open: the one chosen, else the first seat that this screen has. */
function open(places: readonly Place[]): Place | undefined {
  return places.find(({ branch }) => branch === chosen.value) ?? places.find((place) => !place.isWheel) ?? places[0];
}

/** How warm or cool in steps of its levels: 2 = second warmest … −1; 0 = off. */
function warmthOf(car: Car, place: Place): number | null {
  const percent = car.readings.number(`${place.branch}.HeatingCooling`);
  if (percent === null) return null;
  return place === WHEEL ? nearest(percent, WHEEL_WARMTH) : nearest(percent, WARMTH) - 3;
}

function tile(car: Car, place: Place, isOpen: boolean): TemplateResult {
  const warmth = warmthOf(car, place);
  const massage = car.readings.number(`${place.branch}.Massage.Level`) ?? 0;
  const lamps = Math.abs(warmth ?? 0);
  const state = warmth ? `${car.t(warmth > 0 ? "comfort.heat" : "comfort.cool")} ${car.units.number(lamps)}` : "";
  return html`<button
    class="seat"
    type="button"
    style="grid-area: ${place.row} / ${place.column}"
    data-place=${place.branch}
    data-warmth=${warmth ?? nothing}
    data-wheel=${place === WHEEL}
    aria-pressed=${isOpen}
    aria-label=${[car.t(place.name), state].filter(Boolean).join(": ")}
    @click=${() => (chosen.value = place.branch)}
  >
    ${car.icon(place === WHEEL ? "wheel" : "seat", place === WHEEL ? wheelIcon : seatIcon)}
    <span class="signs">
      ${warmth ? icon(warmth > 0 ? heatIcon : coolIcon) : nothing}
      ${Array.from({ length: lamps }, () => html`<i></i>`)}
      ${massage > 0 ? icon(massageIcon) : nothing}
    </span>
  </button>`;
}

function warmth(car: Car, place: Place): TemplateResult {
  const path = `${place.branch}.HeatingCooling`;
  const massage = `${place.branch}.Massage.Level`;
  const values = place === WHEEL ? WHEEL_WARMTH : WARMTH;
  const choices: readonly Choice[] = values.map((value, index) => {
    const level = place === WHEEL ? index : index - 3;
    const title = level === 0 ? car.t("common.off") : `${car.t(level > 0 ? "comfort.heat" : "comfort.cool")} ${Math.abs(level)}`;
    if (level === 0) return { value, title };
    return {
      value,
      title,
      content: html`<span class="strength" data-cool=${level < 0}>${icon(level < 0 ? coolIcon : heatIcon)}${car.units.number(Math.abs(level))}</span>`,
    };
  });
  const kneading: readonly Choice[] = MASSAGE.map((value, index) => ({
    value,
    title: index === 0 ? car.t("common.off") : car.units.number(index),
  }));
  return html`<div class="warmth">
    ${has(car, path)
      ? car.controls.choice({ path, title: car.t(place === WHEEL ? "comfort.heating" : "comfort.warmth") }, choices)
      : nothing}
    ${place !== WHEEL && has(car, massage)
      ? car.controls.choice({ path: massage, title: car.t("comfort.massage"), drawing: massageIcon }, kneading)
      : nothing}
  </div>`;
}

function panel(car: Car, place: Place): TemplateResult {
  const moves = has(car, `${place.branch}.${place === WHEEL ? "Extension" : "Position"}`);
  const shown = moves ? tab.value : "warmth";
  return html`<section class="card chosen" aria-label=${car.t(place.name)}>
    <header>
      <h1>${car.t(place.name)}</h1>
      ${moves
        ? segments(car.t(place.name), shown, TABS.map((each) => [each, car.t(`comfort.${each}_tab`)] as const), (each) => (tab.value = each))
        : nothing}
    </header>
    ${shown === "warmth" ? warmth(car, place) : place === WHEEL ? wheelPosition(car, place) : seatPosition(car, place)}
  </section>`;
}

function view(car: Car): TemplateResult {
  const places = placesOf(car);
  const opened = open(places);
  return html`<div class="comfort">
    <div class="cabin" dir="ltr" role="group" aria-label=${car.t("common.comfort")}>
      ${places.map((place) => tile(car, place, place === opened))}
    </div>
    ${opened ? panel(car, opened) : nothing} ${ambient(car)}
  </div>`;
}

const page: CentrePage = {
  paths: [...PLACES.map(({ branch }) => branch), ...LIGHT_PATHS],
  view,
};
export default page;
