// The kinds of control on the centre page. Each shows the signal's current value; a wish is shown beside it while open.

import { html, nothing, type TemplateResult } from "lit/html.js";
import { live } from "lit/directives/live.js";
import minusIcon from "@mdi/svg/svg/minus.svg";
import plusIcon from "@mdi/svg/svg/plus.svg";
import type { Actuation } from "../shared/actuation";
import { icon } from "../shared/icon";
import type { Value } from "../shared/protocol";
import { Quality, type Readings } from "../shared/readings";
import type { Scale, Units } from "../shared/units";
import type { Translate } from "../shared/words";

export interface Face {
  readonly path: string;
  readonly title: string;
  readonly drawing?: string;
  /** What on and off are called, where there is a better word. */
  readonly states?: readonly [on: string, off: string];
}

/** A number: limits in the signal's own unit, `scale` how people read it. */
export interface Steps extends Face {
  readonly minimum: number;
  readonly maximum: number;
  readonly scale: Scale;
}

export interface Choice {
  readonly value: Value;
  readonly title: string;
  /** Shown instead of the title, which then is its name for those who do not see it. */
  readonly content?: TemplateResult;
}

/** What is read as the car has it. */
export function plain(unit: string, step: number, decimals = 0): Scale {
  return { unit, step, decimals, shown: (value) => value, car: (value) => value };
}

export class Controls {
  readonly readings: Readings;
  readonly actuation: Actuation;
  readonly #t: Translate;
  readonly #units: Units;

  constructor(readings: Readings, actuation: Actuation, t: Translate, units: Units) {
    this.readings = readings;
    this.actuation = actuation;
    this.#t = t;
    this.#units = units;
  }

  /** A number with a button on either side; steps in quick succession become one wish. */
  stepper(face: Steps): TemplateResult {
    const { path, title, scale } = face;
    const current = this.readings.number(path);
    const wish = this.#wish(path);
    const from = wish ?? current;
    const text = (value: number) => this.#units.number(scale.shown(value), scale.decimals);
    return html`<div class="control stepper" data-path=${path} data-state=${this.#state(path)} role="group" aria-label=${title}>
      <h2>${face.drawing ? icon(face.drawing) : nothing}<span>${title}</span></h2>
      <div class="row">
        ${this.#step(face, from, -1)}
        <output aria-label=${title}>
          <span class="number" data-field="current">${current === null ? "–" : text(current)}</span
          ><span class="unit">${this.#units.sign(scale.unit)}</span>
          <span class="wish" data-field="pending">${wish === null ? nothing : `→ ${text(wish)}`}</span>
        </output>
        ${this.#step(face, from, 1)}
      </div>
    </div>`;
  }

  #step({ path, title, scale, minimum, maximum }: Steps, from: number | null, direction: 1 | -1): TemplateResult {
    const down = direction < 0;
    const ask = () => {
      if (from === null) return;
      const next = (Math.round(scale.shown(from) / scale.step) + direction) * scale.step;
      this.actuation.request(path, Math.min(maximum, Math.max(minimum, scale.car(next))), true);
    };
    return html`<button
      class="button icon-only"
      type="button"
      aria-label=${this.#t(down ? "common.less" : "common.more", { what: title })}
      data-step=${down ? "down" : "up"}
      ?disabled=${from === null || (down ? from <= minimum : from >= maximum)}
      @click=${ask}
    >
      ${icon(down ? minusIcon : plusIcon)}
    </button>`;
  }

  /** A number along a track; what is dragged is asked for when the finger rests. */
  slider(face: Steps): TemplateResult {
    const { path, title, scale, minimum, maximum } = face;
    const current = this.readings.number(path);
    const at = this.#wish(path) ?? current;
    const [from, to] = [scale.shown(minimum), scale.shown(maximum)];
    const shown = at === null ? from : scale.shown(at);
    const figure = this.#units.sign(`${this.#units.number(at === null ? null : shown, scale.decimals)} ${scale.unit}`);
    const ask = (event: Event) =>
      this.actuation.request(path, scale.car((event.target as HTMLInputElement).valueAsNumber), true);
    return html`<div class="control slide" data-path=${path} data-state=${this.#state(path)}>
      <h2>${face.drawing ? icon(face.drawing) : nothing}<span>${title}</span>
        <output data-field="current">${figure}</output></h2>
      <input
        class="slider"
        type="range"
        aria-label=${title}
        aria-valuetext=${figure}
        min=${from}
        max=${to}
        step=${scale.step}
        style="--fill: ${((shown - from) / (to - from)) * 100}%"
        .value=${live(String(shown))}
        ?disabled=${current === null}
        @input=${ask}
      />
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
    const level = choices[at]?.title ?? this.#t("common.unknown");
    return html`<button
      class="button control toggle levels"
      type="button"
      data-path=${path}
      data-state=${this.#state(path)}
      data-value=${current === null ? nothing : String(current)}
      aria-pressed=${at > 0}
      aria-label=${this.#t("common.level", { what: face.title, level, next: following.title })}
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
    const [on, off] = face.states ?? [this.#t("common.on"), this.#t("common.off")];
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
      <span class="lamp">${current === null ? "–" : isOn ? on : off}</span>
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
      <h2>${face.drawing ? icon(face.drawing) : nothing}<span>${face.title}</span></h2>
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

  #wish(path: string): number | null {
    const { pending } = this.actuation.of(path);
    return typeof pending === "number" ? pending : null;
  }

  #state(path: string): "pending" | "unknown" | "absent" | "refused" | "known" {
    const { pending, tone } = this.actuation.of(path);
    if (pending !== null) return "pending";
    if (tone !== "ok") return "refused";
    if (this.#absent(path)) return "absent";
    return this.readings.quality(path) === Quality.VALID ? "known" : "unknown";
  }
}

/** One of a few that is nobody's signal. `data-control` is its value in lower case, after `name`. */
export function segments<V extends Value>(
  title: string,
  chosen: V,
  choices: readonly (readonly [value: V, title: string])[],
  choose: (value: V) => void,
  name = "",
): TemplateResult {
  return html`<div class="segments" role="group" aria-label=${title}>
    ${choices.map(
      ([value, text]) =>
        html`<button
          class="button"
          type="button"
          data-control=${`${name}${String(value)}`.toLowerCase()}
          data-value=${String(value)}
          aria-pressed=${value === chosen}
          @click=${() => choose(value)}
        >
          ${text}
        </button>`,
    )}
  </div>`;
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
