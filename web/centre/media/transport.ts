// Play, pause, skip: everywhere the same buttons, and all go through the door.

import { html, type TemplateResult } from "lit/html.js";
import nextIcon from "@mdi/svg/svg/skip-next.svg";
import pauseIcon from "@mdi/svg/svg/pause.svg";
import playIcon from "@mdi/svg/svg/play.svg";
import previousIcon from "@mdi/svg/svg/skip-previous.svg";
import type { Car } from "../car";
import { ACTION, RATE, STATE } from "./paths";

export function isPlaying(car: Car): boolean {
  const wish = car.actuation.of(RATE).pending;
  return wish === null ? car.readings.string(STATE) === "PLAYING" : wish === 1;
}

export function playButton(car: Car): TemplateResult {
  const playing = isPlaying(car);
  return html`<button
    class="button play"
    type="button"
    data-control="play"
    data-path=${RATE}
    aria-label=${car.t(playing ? "media.pause" : "media.play")}
    @click=${() => car.actuation.request(RATE, playing ? 0 : 1)}
  >
    ${playing ? car.icon("pause", pauseIcon) : car.icon("play", playIcon)}
  </button>`;
}

export function skipButton(car: Car, direction: "next" | "previous"): TemplateResult {
  const isNext = direction === "next";
  return html`<button
    class="button quiet skip"
    type="button"
    data-control=${direction}
    aria-label=${car.t(isNext ? "media.next" : "media.previous")}
    @click=${() => car.actuation.request(ACTION, isNext ? "SKIP_FORWARD" : "SKIP_BACKWARD")}
  >
    ${isNext ? car.icon("next", nextIcon) : car.icon("previous", previousIcon)}
  </button>`;
}
