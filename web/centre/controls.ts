// The kinds of control on the centre page. Each shows the signal's current value; a wish is shown beside it while open.

import { html, nothing, type TemplateResult } from "lit";
import minusIcon from "@mdi/svg/svg/minus.svg?raw";
import plusIcon from "@mdi/svg/svg/plus.svg?raw";
import type { Actuation } from "../shared/actuation";
import { icon } from "../shared/icon";
import type { Value } from "../shared/protocol";
import { Quality, type Readings } from "../shared/readings";

export interface Face {
  readonly path: string;
  readonly title: string;
  readonly drawing?: string;
}

export interface Steps extends Face {
  readonly minimum: number;
  readonly maximum: number;
  readonly step: number;
  readonly unit: string;
  readonly decimals: number;
}

export interface Choice {
  readonly value: Value;
  readonly title: string;
  /** Shown instead of the title, which then is its name for those who do not see it. */
  readonly content?: TemplateResult;
}

export class Controls {
  readonly readings: Readings;
  readonly actuation: Actuation;

  constructor(readings: Readings, actuation: Actuation) {
    this.readings = readings;
    this.actuation = actuation;
  }

  /** A number with a button on either side; steps in quick succession become one wish. */
  stepper(face: Steps): TemplateResult {
    const { path, minimum, maximum, step, unit, decimals } = face;
    const current = this.readings.number(path);
    const command = this.actuation.of(path);
    const wish = typeof command.pending === "number" ? command.pending : null;
    const from = wish ?? current;
    const by = (direction: 1 | -1) => () => {
      if (from === null) return;
      const next = Math.round(from / step) * step + direction * step;
      this.actuation.request(path, Math.min(maximum, Math.max(minimum, next)), true);
    };
    const text = (value: number) => value.toFixed(decimals);
    return html`<div class="control stepper" data-path=${path} data-state=${this.#state(path)}>
      <h2>${face.drawing ? icon(face.drawing) : nothing}${face.title}</h2>
      <div class="row">
        <button
          class="button icon-only"
          type="button"
          aria-label="${face.title}: less"
          data-step="down"
          ?disabled=${from === null || from <= minimum}
          @click=${by(-1)}
        >
          ${icon(minusIcon)}
        </button>
        <output aria-label=${face.title}>
          <span class="number" data-field="current">${current === null ? "–" : text(current)}</span
          ><span class="unit">${unit}</span>
          <span class="wish" data-field="pending">${wish === null ? nothing : `→ ${text(wish)}`}</span>
        </output>
        <button
          class="button icon-only"
          type="button"
          aria-label="${face.title}: more"
          data-step="up"
          ?disabled=${from === null || from >= maximum}
          @click=${by(1)}
        >
          ${icon(plusIcon)}
        </button>
      </div>
    </div>`;
  }

  /** Strength in a few levels, the first of them off; each touch asks for the next lower one, from off the highest. */
  levels(face: Face, choices: readonly Choice[]): TemplateResult {
    const { path } = face;
    const current = nearest(this.readings.of(path).value.value, choices);
    const pending = this.actuation.of(path).pending;
    const at = choices.findIndex(({ value }) => value === current);
    const from = pending === null ? at : choices.findIndex(({ value }) => value === pending);
    const following = choices.at(from - 1)!;
    return html`<button
      class="button control toggle levels"
      type="button"
      data-path=${path}
      data-state=${this.#state(path)}
      data-value=${current === null ? nothing : String(current)}
      aria-pressed=${at > 0}
      aria-label="${face.title}: ${choices[at]?.title ?? "unknown"}; touch for ${following.title}"
      ?disabled=${this.#absent(path)}
      @click=${() => this.actuation.request(path, following.value, true)}
    >
      ${face.drawing ? icon(face.drawing) : nothing}
      <span class="title">${face.title}</span>
      <span class="lamp"
        >${choices.slice(1).map((_, index) => html`<i data-lit=${index < at} data-wished=${pending !== null && index < from}></i>`)}</span
      >
    </button>`;
  }

  /** On or off. `extra`: further paths that take the same value (the same thing on the other side). */
  toggle(face: Face, extra: readonly string[] = []): TemplateResult {
    const { path } = face;
    const current = this.readings.of(path).value.value;
    const isOn = current === true;
    const ask = () => {
      for (const each of [path, ...extra]) this.actuation.request(each, !isOn);
    };
    return html`<button
      class="button control toggle"
      type="button"
      data-path=${path}
      data-state=${this.#state(path)}
      aria-pressed=${isOn}
      ?disabled=${this.#absent(path)}
      @click=${ask}
    >
      ${face.drawing ? icon(face.drawing) : nothing}
      <span class="title">${face.title}</span>
      <span class="lamp">${current === null ? "–" : isOn ? "On" : "Off"}</span>
    </button>`;
  }

  /** One of a few values. `extra`: further paths that take the same value (the same thing on the other side). */
  choice(face: Face, choices: readonly Choice[], extra: readonly string[] = []): TemplateResult {
    const { path } = face;
    const current = this.readings.of(path).value.value;
    const command = this.actuation.of(path);
    const ask = (value: Value) => () => {
      for (const each of [path, ...extra]) this.actuation.request(each, value);
    };
    return html`<div class="control choice" data-path=${path} data-state=${this.#state(path)}>
      <h2>${face.drawing ? icon(face.drawing) : nothing}${face.title}</h2>
      <fieldset class="segments" ?disabled=${this.#absent(path)} aria-label=${face.title}>
        ${choices.map(
          ({ value, title, content }) =>
            html`<button
              class="button"
              type="button"
              data-value=${String(value)}
              data-wished=${command.pending === value}
              aria-pressed=${nearest(current, choices) === value}
              aria-label=${content ? title : nothing}
              title=${content ? title : nothing}
              @click=${ask(value)}
            >
              ${content ?? title}
            </button>`,
        )}
      </fieldset>
    </div>`;
  }

  /** Nobody in this car has ever said anything about it. */
  #absent(path: string): boolean {
    return this.readings.quality(path) === Quality.UNAVAILABLE;
  }

  #state(path: string): "pending" | "unknown" | "absent" | "refused" | "known" {
    const { pending, tone } = this.actuation.of(path);
    if (pending !== null) return "pending";
    if (tone !== "ok") return "refused";
    if (this.#absent(path)) return "absent";
    return this.readings.quality(path) === Quality.VALID ? "known" : "unknown";
  }
}

/** The number among the choices that `current` comes closest to, since a heater reports 30 % as well as 33 %. */
function nearest(current: Value | null, choices: readonly Choice[]): Value | null {
  if (typeof current !== "number") return current;
  let best: Value | null = null;
  let least = Infinity;
  for (const { value } of choices) {
    const distance = Math.abs(Number(value) - current);
    if (distance < least) [best, least] = [value, distance];
  }
  return best;
}
