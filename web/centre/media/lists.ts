// The lists beside what plays: the queue, shelves, tracks, what a search found, what cannot be played.

import { effect, signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import addIcon from "@mdi/svg/svg/playlist-plus.svg";
import alertIcon from "@mdi/svg/svg/alert-circle-outline.svg";
import backIcon from "@mdi/svg/svg/arrow-left.svg";
import clearIcon from "@mdi/svg/svg/playlist-remove.svg";
import playIcon from "@mdi/svg/svg/play.svg";
import removeIcon from "@mdi/svg/svg/close.svg";
import shuffleIcon from "@mdi/svg/svg/shuffle.svg";
import soundIcon from "@mdi/svg/svg/volume-high.svg";
import soonIcon from "@mdi/svg/svg/arrow-collapse-up.svg";
import type { MediaListing, MediaShelf, MediaTrack } from "../../shared/protocol";
import type { Car } from "../car";
import { cover } from "./cover";
import { URI } from "./paths";
import { clock } from "./playing";
import { open, openShelf, parts, search, show } from "./state";

/** So many entries come at once; more when they are asked for. */
const PART = 100;

interface More {
  readonly name: string;
  readonly label: string;
  readonly drawing: string;
  readonly act: () => void;
}

interface Doing {
  /** On an album: the track's place on it, instead of the album's cover and name. */
  readonly onAlbum?: boolean;
  /** What a touch of the row does. */
  readonly play: () => void;
  /** The buttons at its end; null keeps the place of one that this row has not. */
  readonly more?: readonly (More | null)[];
  readonly isCurrent?: boolean;
}

function row(car: Car, track: MediaTrack, doing: Doing): TemplateResult {
  const isCurrent = doing.isCurrent ?? track.uri === car.readings.string(URI);
  return html`<div class="row" role="listitem" data-uri=${track.uri} data-current=${isCurrent}>
    <button class="track" type="button" data-control="track" aria-current=${isCurrent ? "true" : nothing} @click=${doing.play}>
      ${doing.onAlbum
        ? html`<span class="number" dir="ltr">${track.number || "·"}</span>`
        : cover(track.cover, track.album || track.title)}
      <span class="about">
        <span class="title" dir="auto">${track.title}</span>
        <span class="artist" dir="auto">${[track.artist, doing.onAlbum ? "" : track.album].filter(Boolean).join(" · ")}</span>
      </span>
      ${isCurrent ? car.icon("playing", soundIcon) : nothing}
      <span class="length" dir="ltr">${track.duration_s ? clock(track.duration_s) : ""}</span>
    </button>
    ${doing.more?.map((each) => {
      if (!each) return html`<span class="gap"></span>`;
      const { name, label, drawing, act } = each;
      return html`<button
          class="button quiet icon-only"
          type="button"
          data-control=${name}
          aria-label=${`${label}: ${track.title}`}
          @click=${act}
        >
          ${car.icon(name, drawing)}
        </button>`;
    })}
  </div>`;
}

function addSoon(car: Car, track: MediaTrack): readonly More[] {
  const act = async () => {
    if ((await car.call("cockpit.media_add", { uris: [track.uri], soon: true })) !== undefined)
      car.say(car.t("media.added", { title: track.title }));
  };
  return [{ name: "add", label: car.t("media.play_next"), drawing: addIcon, act: () => void act() }];
}

/** Tracks of a shelf; a touch plays them all from there on. */
function tracks(car: Car, found: readonly MediaTrack[], source: string, shelf: string): TemplateResult[] {
  return found.map((track) =>
    row(car, track, {
      onAlbum: shelf.startsWith("album/"),
      play: () => void car.call("cockpit.media_play_shelf", { source, shelf, uri: track.uri }),
      more: addSoon(car, track),
    }),
  );
}

function tiles(car: Car, found: readonly MediaShelf[], kind: string): TemplateResult[] {
  return found.map(
    (shelf) =>
      html`<button
        class="tile"
        role="listitem"
        type="button"
        data-control="shelf"
        data-kind=${kind}
        data-shelf=${shelf.id}
        @click=${() => openShelf(shelf)}
      >
        ${cover(shelf.cover, shelf.title)}
        <span class="title" dir="auto">${shelf.title}</span>
        <span class="artist" dir="auto">${shelf.subtitle || car.t("media.tracks", { count: shelf.tracks })}</span>
      </button>`,
  );
}

/** A list in parts, as many as were asked for. */
function listing(
  car: Car,
  source: string,
  shelf: string,
  entries: (part: MediaListing) => TemplateResult[],
  kind: "rows" | "tiles",
): TemplateResult {
  const found = Array.from({ length: parts.value }, (_, part) =>
    car.kept("Media", "cockpit.media_browse", { source, shelf, start: part * PART, limit: PART }).value,
  );
  const first = found[0];
  if (!first) return html`<p class="empty" role="status">${car.t("common.loading")}</p>`;
  if (!first.total) return empty(car);
  return html`<div class=${kind} role="list" data-long>
      ${found.map((part) => (part ? entries(part) : nothing))}
    </div>
    ${first.total > parts.value * PART
      ? html`<button class="button more" type="button" data-control="more" @click=${() => parts.value++}>
          ${car.t("media.more")}
        </button>`
      : nothing}
    ${shelf === "titles" ? trouble(car) : nothing}`;
}

/** Albums, artists or titles. */
export function shelves(car: Car, shelf: "albums" | "artists" | "titles"): TemplateResult {
  const source = sourceOf(car, shelf);
  if (source === null) return html`<p class="empty" role="status">${car.t("common.loading")}</p>`;
  if (source === "") return empty(car);
  return shelf === "titles"
    ? listing(car, source, shelf, (part) => tracks(car, part.tracks, source, shelf), "rows")
    : listing(car, source, shelf, (part) => tiles(car, part.shelves, shelf), "tiles");
}

/** The source that has such a shelf at its top; "" where none has, null where nobody has said yet. */
function sourceOf(car: Car, shelf: string): string | null {
  const top = car.kept("Media", "cockpit.media_browse", {}).value;
  return top && (top.shelves.find(({ id }) => id === shelf)?.source ?? "");
}

/** An album or an artist. */
export function shelf(car: Car, { source, id, title, subtitle, cover: picture, tracks: count }: MediaShelf): TemplateResult {
  const play = (shuffle: boolean) => void car.call("cockpit.media_play_shelf", { source, shelf: id, shuffle });
  return html`<header class="opened">
      <button
        class="button quiet icon-only back"
        type="button"
        data-control="back"
        aria-label=${car.t("common.back")}
        @click=${() => (open.value = null)}
      >
        ${car.icon("back", backIcon)}
      </button>
      ${cover(picture, title)}
      <div class="about">
        <h2 dir="auto" data-field="shelf">${title}</h2>
        <p dir="auto">${[subtitle, car.t("media.tracks", { count })].filter(Boolean).join(" · ")}</p>
      </div>
      <button class="button" type="button" data-control="play-all" @click=${() => play(false)}>
        ${car.icon("play", playIcon)}<span>${car.t("media.play_all")}</span>
      </button>
      <button class="button" type="button" data-control="shuffle-all" @click=${() => play(true)}>
        ${car.icon("shuffle", shuffleIcon)}<span>${car.t("media.shuffle")}</span>
      </button>
    </header>
    ${listing(car, source, id, (part) => tracks(car, part.tracks, source, id), "rows")}`;
}

export function queue(car: Car): TemplateResult {
  const found = car.kept("Media", "cockpit.media_queue", { start: -1, limit: PART }).value;
  if (!found) return html`<p class="empty" role="status">${car.t("common.loading")}</p>`;
  if (!found.entries.length) return html`<p class="empty">${car.t("media.queue_empty")}</p>`;
  return html`<div class="rows" role="list" data-long>
      ${found.entries.map(({ id, track }, place) =>
        row(car, track, {
          isCurrent: id === found.current,
          play: () => void car.call("cockpit.media_go", { entry: id }),
          more: [
            place > 1
              ? {
                  name: "soon",
                  label: car.t("media.play_next"),
                  drawing: soonIcon,
                  act: () => void car.call("cockpit.media_move", { entry: id, to: found.start + 1 }),
                }
              : null,
            {
              name: "remove",
              label: car.t("media.remove"),
              drawing: removeIcon,
              act: () => void car.call("cockpit.media_remove", { entry: id }),
            },
          ],
        }),
      )}
    </div>
    <button class="button more" type="button" data-control="clear" @click=${() => void car.call("cockpit.media_clear", {})}>
      ${car.icon("clear", clearIcon)}<span>${car.t("media.clear")}</span>
    </button>`;
}

export function favourites(car: Car): TemplateResult {
  const found = car.kept("Media", "cockpit.media_favourites", {}).value;
  if (!found) return html`<p class="empty" role="status">${car.t("common.loading")}</p>`;
  if (!found.length) return html`<p class="empty">${car.t("media.no_favourites")}</p>`;
  return html`<div class="rows" role="list" data-long>${tracks(car, found, "", "favourites")}</div>`;
}

/** What was found for which text. Not `kept`: every letter asks something else, and nobody asks for it again. */
const answer = signal<{ readonly text: string; readonly found: MediaListing } | null>(null);

export function results(car: Car, text: string): TemplateResult {
  void asking(car);
  const latest = answer.value;
  if (!latest) return html`<p class="empty" role="status">${car.t("common.loading")}</p>`;
  const { shelves: albums, tracks: titles } = latest.found;
  if (!albums.length && !titles.length)
    return html`<p class="empty" data-field="nothing_found">${car.t("media.nothing_found", { text })}</p>`;
  return html`${albums.length
      ? html`<div class="tiles found" role="list" data-long>${tiles(car, albums, "found")}</div>`
      : nothing}
    <div class="rows" role="list" data-long>
      ${titles.map((track, at) =>
        row(car, track, {
          play: () => void car.call("cockpit.media_play", { uris: titles.map(({ uri }) => uri), at }),
          more: addSoon(car, track),
        }),
      )}
    </div>`;
}

let asks: (() => void) | null = null;

/** From the first search on, asks for whatever is searched for. */
function asking(car: Car): void {
  asks ??= effect(() => {
    const text = search.value;
    if (!text) {
      answer.value = null;
      return;
    }
    void car.call("cockpit.media_search", { text, limit: 50 }).then((found) => {
      if (found && search.peek() === text) answer.value = { text, found };
    });
  });
}

function trouble(car: Car): TemplateResult | typeof nothing {
  const count = car.kept("Media", "cockpit.media_library", {}).value?.problem_count ?? 0;
  return count
    ? html`<button class="button quiet more" type="button" data-control="troubles" @click=${() => show("troubles")}>
        ${car.icon("alert", alertIcon)}<span>${car.t("media.unplayable", { count })}</span>
      </button>`
    : nothing;
}

export function troubles(car: Car): TemplateResult {
  const found = car.kept("Media", "cockpit.media_library", {}).value?.problems ?? [];
  return html`<div class="rows" role="list" data-long>
    ${found.map(
      ({ where, why }) =>
        html`<div class="row trouble" role="listitem">
          <span class="about">
            <span class="title" dir="auto">${where}</span>
            <span class="artist" dir="auto">${why}</span>
          </span>
        </div>`,
    )}
  </div>`;
}

/** Nothing to play: where music would be looked for. */
function empty(car: Car): TemplateResult {
  const library = car.kept("Media", "cockpit.media_library", {}).value;
  if (!library || library.looking) return html`<p class="empty" role="status">${car.t("media.looking")}</p>`;
  const says = library.folder
    ? car.t("media.empty_folder", { folder: library.folder })
    : car.t("media.no_folder");
  return html`<p class="empty" data-field="no_music">${says}</p>
    ${trouble(car)}`;
}
