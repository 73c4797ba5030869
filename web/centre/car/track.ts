// A part along a track: where it is, and beside it where it goes.

import { html, nothing, type TemplateResult } from "lit/html.js";
import { live } from "lit/directives/live.js";
import type { Car } from "../car";
import { move, targetOf } from "./motion";

export interface Track {
  readonly path: string;
  readonly title: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  /** What it says of the place where it is. */
  readonly state: string;
}

export function track(car: Car, { path, title, least, most, step, state }: Track): TemplateResult {
  const at = car.readings.number(path);
  const target = targetOf(path);
  const shown = target ?? at ?? 0;
  const share = (value: number) => ((value - least) / (most - least)) * 100;
  const { tone } = car.actuation.of(path);
  const ask = (event: Event) => move(car, path, (event.target as HTMLInputElement).valueAsNumber, true);
  return html`<div
    class="control slide track"
    data-path=${path}
    data-state=${target !== null ? "pending" : tone !== "ok" ? "refused" : "known"}
  >
    <h2><span>${title}</span><output data-field="current">${state}</output></h2>
    <div class="rail">
      <input
        class="slider"
        type="range"
        min=${least}
        max=${most}
        step=${step}
        aria-label=${title}
        aria-valuetext=${state}
        style="--from: ${share(Math.min(0, shown))}%; --fill: ${share(Math.max(0, shown))}%"
        .value=${live(String(shown))}
        ?disabled=${at === null}
        @input=${ask}
      />
      ${target !== null && at !== null ? html`<i class="now" style="inset-inline-start: ${share(at)}%"></i>` : nothing}
    </div>
  </div>`;
}
