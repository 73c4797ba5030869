// What plays: cover, title, how far, and the buttons.

import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { live } from "lit/directives/live.js";
import favouriteIcon from "@mdi/svg/svg/heart.svg";
import plainIcon from "@mdi/svg/svg/heart-outline.svg";
import repeatIcon from "@mdi/svg/svg/repeat.svg";
import repeatOneIcon from "@mdi/svg/svg/repeat-once.svg";
import shuffleIcon from "@mdi/svg/svg/shuffle.svg";
import volumeIcon from "@mdi/svg/svg/volume-high.svg";
import type { MediaQueue, MediaRepeat } from "../../shared/protocol";
import type { Car } from "../car";
import { plain } from "../controls";
import { cover } from "./cover";
import { ALBUM, ARTIST, DURATION, POSITION, TRACK, URI, VOLUME } from "./paths";
import { playButton, skipButton } from "./transport";

const percent = plain("%", 1);
const FOLLOWING: Readonly<Record<MediaRepeat, MediaRepeat>> = { off: "all", all: "one", one: "off" };

/** Where a finger holds the position, in seconds; null: nowhere. */
const held = signal<number | null>(null);

export function playing(car: Car): TemplateResult {
  const { readings, t } = car;
  const uri = readings.string(URI) ?? "";
  const title = readings.string(TRACK) ?? "";
  const line = [readings.string(ARTIST), readings.string(ALBUM)].filter(Boolean);
  const queue = car.kept("Media", "cockpit.media_queue", { start: -1, limit: 1 }).value;
  const track = queue?.entries[0]?.track;
  const current = track?.uri === uri ? track : undefined;
  return html`<section class="playing" aria-label=${t("common.media")} data-empty=${uri === ""}>
    ${cover(current?.cover ?? "", title)}
    <div class="panel">
      <div class="about">
        <h1 dir="auto" data-field="title">${uri ? title : t("media.nothing")}</h1>
        <p dir="auto" data-field="artist">${line.join(" · ")}</p>
      </div>
      ${current && car.profile.value.kind === "PERSON"
        ? html`<button
            class="button quiet favourite"
            type="button"
            data-control="favourite"
            aria-label=${t("media.favourite")}
            aria-pressed=${current.favourite}
            @click=${() => void car.call("cockpit.media_favour", { uri, favourite: !current.favourite })}
          >
            ${car.icon("favourite", current.favourite ? favouriteIcon : plainIcon)}
          </button>`
        : nothing}
    </div>
    ${progress(car)}
    <div class="transport" dir="ltr">
      ${orderButton(car, queue, "shuffle")} ${skipButton(car, "previous")} ${playButton(car)} ${skipButton(car, "next")}
      ${orderButton(car, queue, "repeat")}
    </div>
    ${car.controls.slider({
      path: VOLUME,
      title: t("media.volume"),
      drawing: volumeIcon,
      minimum: 0,
      maximum: 100,
      scale: percent,
    })}
  </section>`;
}

function progress(car: Car): TemplateResult {
  const duration = car.readings.number(DURATION) ?? 0;
  const position = Math.min(held.value ?? car.readings.number(POSITION) ?? 0, duration || Infinity);
  const valueOf = (event: Event) => (event.target as HTMLInputElement).valueAsNumber;
  const seek = async (event: Event) => {
    const position_s = valueOf(event);
    await car.call("cockpit.media_seek", { position_s });
    held.value = null;
  };
  return html`<div class="seek">
    <input
      class="slider"
      type="range"
      dir="ltr"
      data-control="seek"
      data-path=${POSITION}
      aria-label=${car.t("media.position")}
      aria-valuetext=${clock(position)}
      min="0"
      max=${Math.max(1, Math.ceil(duration))}
      step="1"
      style="--fill: ${duration ? (position / duration) * 100 : 0}%; --along: to right"
      .value=${live(String(Math.round(position)))}
      ?disabled=${!duration}
      @input=${(event: Event) => (held.value = valueOf(event))}
      @change=${seek}
    />
    <div class="times" dir="ltr">
      <span data-field="position">${clock(position)}</span>
      <span data-field="duration">${duration ? clock(duration) : ""}</span>
    </div>
  </div>`;
}

function orderButton(car: Car, queue: MediaQueue | null, which: "shuffle" | "repeat"): TemplateResult {
  const { shuffle, repeat } = queue ?? { shuffle: false, repeat: "off" as const };
  const isShuffle = which === "shuffle";
  const ask = () =>
    void car.call("cockpit.media_order", {
      shuffle: isShuffle ? !shuffle : shuffle,
      repeat: isShuffle ? repeat : FOLLOWING[repeat],
    });
  const drawing = isShuffle ? shuffleIcon : repeat === "one" ? repeatOneIcon : repeatIcon;
  return html`<button
    class="button quiet order"
    type="button"
    data-control=${which}
    data-value=${isShuffle ? nothing : repeat}
    aria-label=${car.t(isShuffle ? "media.shuffle" : `media.repeat_${repeat}`)}
    aria-pressed=${isShuffle ? shuffle : repeat !== "off"}
    ?disabled=${!queue?.total}
    @click=${ask}
  >
    ${car.icon(isShuffle ? "shuffle" : repeat === "one" ? "repeat_one" : "repeat", drawing)}
  </button>`;
}

/** "3:07", "1:02:09". */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (number: number) => String(number).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
