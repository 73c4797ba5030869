// What every part of the desk works with.

import { html, nothing, type TemplateResult } from "lit/html.js";
import type { Connection } from "../shared/connection";
import { icon } from "../shared/icon";
import type { Controls } from "../shared/protocol";
import type { Readings } from "../shared/readings";
import type { Driver } from "./driver";
import type { Simulation, Switch } from "./simulation";

export interface Desk {
  readonly connection: Connection;
  readonly readings: Readings;
  readonly simulation: Simulation;
  readonly driver: Driver;
}

export interface Face {
  readonly title: string;
  readonly drawing?: string;
  /** Only the drawing is shown. */
  readonly bare?: boolean;
  readonly shortcut?: string;
  /** Lit while the car itself says so (`true`), dark otherwise; without it there is no lamp. */
  readonly lamp?: boolean | null;
}

/** A button that stays where it is pressed. */
export function latch(desk: Desk, name: Switch, face: Face): TemplateResult {
  const on = desk.simulation.state.value?.controls[name] ?? false;
  return button(name, on, face, () => desk.simulation.set({ [name]: !on }));
}

/** A button that works only while it is held, by pointer or key. */
export function momentary(name: string, on: boolean, face: Face, hold: (down: boolean) => void): TemplateResult {
  const key = (down: boolean) => (event: KeyboardEvent) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    if (!event.repeat) hold(down);
  };
  return html`<button
    class="button ${face.bare ? "icon-only" : ""}"
    type="button"
    data-control=${name}
    aria-pressed=${on}
    aria-label=${face.bare ? face.title : nothing}
    title=${tip(face)}
    @pointerdown=${(event: PointerEvent) => {
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      event.stopPropagation();
      hold(true);
    }}
    @pointerup=${() => hold(false)}
    @lostpointercapture=${() => hold(false)}
    @blur=${() => hold(false)}
    @keydown=${key(true)}
    @keyup=${key(false)}
    @contextmenu=${(event: Event) => event.preventDefault()}
  >
    ${face.drawing ? icon(face.drawing) : nothing}${face.bare ? nothing : face.title}
  </button>`;
}

/** A button that is pressed or not, as `on` says. */
export function button(name: string, on: boolean, face: Face, press: () => void): TemplateResult {
  return html`<button
    class="button ${face.bare ? "icon-only" : ""}"
    type="button"
    data-control=${name}
    data-lamp=${face.lamp === undefined ? nothing : String(face.lamp === true)}
    aria-pressed=${on}
    aria-label=${face.bare ? face.title : nothing}
    title=${tip(face)}
    @click=${press}
  >
    ${face.drawing ? icon(face.drawing) : nothing}${face.bare ? nothing : html`<span>${face.title}</span>`}
  </button>`;
}

/** One of a few positions of a switch. */
export function positions<N extends "light_switch" | "wiper">(
  desk: Desk,
  name: N,
  title: string,
  all: readonly (readonly [value: Controls[N], title: string])[],
): TemplateResult {
  const now = desk.simulation.state.value?.controls[name];
  return html`<fieldset class="segments" aria-label=${title} data-control=${name}>
    ${all.map(
      ([value, text]) =>
        html`<button
          class="button"
          type="button"
          data-value=${value}
          aria-pressed=${now === value}
          @click=${() => desk.simulation.set({ [name]: value })}
        >
          ${text}
        </button>`,
    )}
  </fieldset>`;
}

function tip({ title, shortcut }: Face): string {
  return shortcut ? `${title} (${shortcut})` : title;
}
