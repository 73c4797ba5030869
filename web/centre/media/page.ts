// Media: what plays, large and at arm's length; beside it the queue and everything there is to play.

import "./card.css";
import "./media.css";
import { html, type TemplateResult } from "lit/html.js";
import albumIcon from "@mdi/svg/svg/album.svg";
import artistIcon from "@mdi/svg/svg/account-music.svg";
import favouriteIcon from "@mdi/svg/svg/heart.svg";
import queueIcon from "@mdi/svg/svg/playlist-play.svg";
import soundIcon from "@mdi/svg/svg/tune-vertical.svg";
import titleIcon from "@mdi/svg/svg/music-box-multiple-outline.svg";
import type { Car } from "../car";
import { plain } from "../controls";
import type { CentrePage } from "../page";
import { shelves, shelf, favourites, queue, results, troubles } from "./lists";
import { BALANCE, DURATION, PLAYING_PATHS, POSITION, VOLUME, ZONES } from "./paths";
import { playing } from "./playing";
import { open, search, searchField, show, shown, type Tab } from "./state";

const TABS: readonly [Tab, string][] = [
  ["queue", queueIcon],
  ["albums", albumIcon],
  ["artists", artistIcon],
  ["titles", titleIcon],
  ["favourites", favouriteIcon],
  ["sound", soundIcon],
];

function tabs(car: Car): TemplateResult {
  const offered = TABS.filter(([name]) => name !== "favourites" || car.profile.value.kind === "PERSON");
  return html`<nav class="tabs" aria-label=${car.t("media.music")}>
    ${offered.map(
      ([name, drawing]) =>
        html`<button
          class="button quiet"
          type="button"
          data-control="tab-${name}"
          aria-pressed=${shown.value === name && !search.value}
          @click=${() => show(name)}
        >
          ${car.icon(name, drawing)}<span>${car.t(`media.${name}`)}</span>
        </button>`,
    )}
  </nav>`;
}

function content(car: Car): TemplateResult {
  if (search.value) return results(car, search.value);
  switch (shown.value) {
    case "queue":
      return queue(car);
    case "favourites":
      return favourites(car);
    case "sound":
      return sound(car);
    case "troubles":
      return troubles(car);
    default:
      return open.value ? shelf(car, open.value) : shelves(car, shown.value);
  }
}

const percent = plain("%", 5);

function sound(car: Car): TemplateResult {
  const zones = car.kept("Media", "cockpit.media_queue", { start: -1, limit: 1 }).value?.zones ?? [];
  const one = (path: string, title: string, minimum = 0) =>
    car.controls.slider({ path, title, minimum, maximum: 100, scale: percent });
  return html`<div class="sound">
    <div class="balance" dir="ltr">${one(BALANCE, car.t("media.balance"), -100)}</div>
    ${zones.length > 1
      ? html`${one(ZONES.front, car.t("media.front"))} ${one(ZONES.rear, car.t("media.rear"))}`
      : html`<p class="empty">${car.t("media.one_zone")}</p>`}
  </div>`;
}

const page: CentrePage = {
  paths: [...PLAYING_PATHS, POSITION, DURATION, VOLUME, BALANCE, ...Object.values(ZONES)],
  view(car) {
    return html`<div class="media">
      ${playing(car)}
      <section class="card library" aria-label=${car.t("media.music")}>
        ${searchField(car)} ${tabs(car)}
        <div class="shelf" data-shown=${search.value ? "search" : shown.value}>${content(car)}</div>
      </section>
    </div>`;
  },
  closed: () => (search.value = ""),
};
export default page;

