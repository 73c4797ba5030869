// The last minute of one signal, drawn as a line; a time without a valid value is a gap.

import { effect } from "@preact/signals-core";
import { html, svg, type TemplateResult } from "lit/html.js";
import type { Value } from "../shared/protocol";
import type { Readings } from "../shared/readings";
import { valueText as text } from "./format";

const WINDOW_MS = 60_000;
const WIDTH = 300;
const HEIGHT = 84;
const EDGE = 4;

interface Point {
  readonly time_ms: number;
  readonly value: number | null;
}

export class Trace {
  #points: Point[] = [];
  #names: string[] = []; // of a text signal, in the order met: they are its levels
  #stop: () => void = () => {};

  /** Records `path` from now on, and nothing else. */
  record(readings: Readings, path: string | null): void {
    this.#stop();
    this.#points = [];
    this.#names = [];
    if (path === null) return;
    this.#stop = effect(() => {
      const { value } = readings.of(path).value;
      const now = performance.now();
      this.#points.push({ time_ms: now, value: this.#level(value) });
      const first = this.#points.findIndex((point) => point.time_ms > now - WINDOW_MS);
      if (first > 1) this.#points.splice(0, first - 1); // one older point: the line enters from the left
    });
  }

  #level(value: Value | null): number | null {
    if (typeof value === "number") return value;
    if (typeof value === "boolean") return Number(value);
    if (value === null) return null;
    const name = text(value);
    if (!this.#names.includes(name)) this.#names.push(name);
    return this.#names.indexOf(name);
  }

  /** The line as it is at `now_ms`, with its least and greatest value. */
  draw(now_ms: number, stepped: boolean): TemplateResult {
    const levels = this.#points.map((point) => point.value).filter((v) => v !== null);
    const least = Math.min(...levels);
    const most = Math.max(...levels);
    const span = most - least || 1;
    const x = (time_ms: number) => WIDTH * (1 - (now_ms - time_ms) / WINDOW_MS);
    const y = (v: number) =>
      most === least ? HEIGHT / 2 : HEIGHT - EDGE - ((v - least) / span) * (HEIGHT - 2 * EDGE);
    let path = "";
    let before: number | null = null;
    let drawn_x = -Infinity;
    for (const [i, point] of this.#points.entries()) {
      const at = Math.max(0, x(point.time_ms));
      if (point.value === null) {
        if (before !== null) path += `H${at.toFixed(1)}`;
      } else if (before === null) path += `M${at.toFixed(1)} ${y(point.value).toFixed(1)}`;
      else if (stepped) path += `H${at.toFixed(1)}V${y(point.value).toFixed(1)}`;
      else if (at - drawn_x >= 0.5 || i === this.#points.length - 1) {
        path += `L${at.toFixed(1)} ${y(point.value).toFixed(1)}`;
        drawn_x = at;
      }
      before = point.value;
    }
    if (before !== null) path += `H${WIDTH}`;
    const name = (level: number) => (this.#names.length > 0 ? this.#names[level] ?? "" : text(level));
    return html`<figure class="trace" data-points=${levels.length}>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="The last minute">
        ${[0.25, 0.5, 0.75].map((share) => svg`<path class="grid" d="M${WIDTH * share} 0V${HEIGHT}" />`)}
        <path class="line" d=${path} />
      </svg>
      <figcaption>
        <span>1 min ago</span
        ><span>${levels.length > 0 ? (most === least ? name(least) : `${name(least)} to ${name(most)}`) : "no value"}</span
        ><span>now</span>
      </figcaption>
    </figure>`;
  }
}
