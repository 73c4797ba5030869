// A round gauge: a track, a value arc and a needle mark over a 270° scale.
//
// The needle moves from what it shows to the newest value within `GLIDE_MS`, and never past it.

import { svg, type SVGTemplateResult } from "lit";

const START_DEG = 135;
const SWEEP_DEG = 270;
/** Long enough to bridge three frames, too short for a driver to read an old value. */
export const GLIDE_MS = 50;

export interface Scale {
  readonly from: number;
  readonly to: number;
}

export interface Geometry {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

export function fraction(scale: Scale, value: number): number {
  return Math.min(1, Math.max(0, (value - scale.from) / (scale.to - scale.from)));
}

export function degrees(scale: Scale, value: number): number {
  return START_DEG + SWEEP_DEG * fraction(scale, value);
}

export function point({ x, y }: Geometry, radius: number, angle_deg: number): [number, number] {
  const angle = (angle_deg * Math.PI) / 180;
  return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
}

/** Path of the arc between two values, drawn clockwise; empty where they are equal. */
export function arc(geometry: Geometry, scale: Scale, one: number, other: number): string {
  const from = degrees(scale, Math.min(one, other));
  const to = degrees(scale, Math.max(one, other));
  if (to - from < 0.01) return "";
  const [x0, y0] = point(geometry, geometry.radius, from);
  const [x1, y1] = point(geometry, geometry.radius, to);
  const r = geometry.radius;
  return `M${x0.toFixed(2)} ${y0.toFixed(2)}A${r} ${r} 0 ${to - from > 180 ? 1 : 0} 1 ${x1.toFixed(2)} ${y1.toFixed(2)}`;
}

/** Scale marks and figures; `step` between figures, one small mark between two of them. */
export function marks(geometry: Geometry, scale: Scale, step: number): SVGTemplateResult {
  const parts: SVGTemplateResult[] = [];
  const { radius } = geometry;
  for (let value = Math.ceil(scale.from / step) * step; value <= scale.to + 1e-6; value += step / 2) {
    const major = Math.abs(value / step - Math.round(value / step)) < 1e-6;
    const angle = degrees(scale, value);
    const [x0, y0] = point(geometry, radius - 16, angle);
    const [x1, y1] = point(geometry, radius - (major ? 28 : 22), angle);
    parts.push(svg`<line class=${major ? "mark major" : "mark"} x1=${x0} y1=${y0} x2=${x1} y2=${y1} />`);
    if (!major) continue;
    const [x, y] = point(geometry, radius - 54, angle);
    parts.push(svg`<text class=${value < 0 ? "figure below" : "figure"} x=${x} y=${y + 9}>${Math.abs(Math.round(value))}</text>`);
  }
  return svg`${parts}`;
}

/** The moving parts of a dial. `origin` is where the value arc begins (0, also in mid-scale). */
export class Hand {
  readonly #geometry: Geometry;
  readonly #arc: SVGPathElement;
  readonly #needle: SVGElement;
  #scale: Scale;
  #shown: number | null = null;
  #from = 0;
  #target: number | null = null;
  #since = 0;

  constructor(geometry: Geometry, scale: Scale, arcPath: SVGPathElement, needle: SVGElement) {
    this.#geometry = geometry;
    this.#scale = scale;
    this.#arc = arcPath;
    this.#needle = needle;
    this.#draw();
  }

  /** The newest value; null takes the needle off the scale at once. */
  point(value: number | null, scale: Scale, now: number): void {
    const rescaled = scale.from !== this.#scale.from || scale.to !== this.#scale.to;
    if (value === this.#target && !rescaled) return;
    this.#scale = scale;
    this.#from = this.#shown ?? value ?? 0;
    this.#target = value;
    this.#since = now;
    // From nothing to a value there is nothing to glide from; after a change of unit neither.
    if (value === null || this.#shown === null || rescaled) this.#shown = value;
    this.#draw();
  }

  /** Moves on to `now`; called once per frame. */
  step(now: number): void {
    if (this.#target === null || this.#shown === this.#target) return;
    const part = Math.min(1, Math.max(0, (now - this.#since) / GLIDE_MS));
    this.#shown = part === 1 ? this.#target : this.#from + (this.#target - this.#from) * part;
    this.#draw();
  }

  #draw(): void {
    const value = this.#shown;
    this.#needle.style.visibility = value === null ? "hidden" : "visible";
    this.#arc.setAttribute("d", value === null ? "" : arc(this.#geometry, this.#scale, 0, value));
    if (value === null) return;
    const { x, y } = this.#geometry;
    this.#needle.setAttribute("transform", `rotate(${degrees(this.#scale, value).toFixed(2)} ${x} ${y})`);
  }
}
