// The moving part of a gauge: the value's line and a needle, along any track.
//
// It moves from what it shows to the newest value within `GLIDE_MS`, and never past it.

import type { Scale, Track } from "./track";

/** Long enough to bridge three frames, too short for a driver to read an old value. */
export const GLIDE_MS = 50;

/** The line begins at zero, also where that is in mid-scale. */
export class Hand {
  readonly #track: Track;
  readonly #line: SVGPathElement;
  readonly #needle: SVGElement;
  #scale: Scale;
  #shown: number | null = null;
  #from = 0;
  #target: number | null = null;
  #since = 0;

  constructor(track: Track, scale: Scale, line: SVGPathElement, needle: SVGElement) {
    this.#track = track;
    this.#scale = scale;
    this.#line = line;
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
    this.#line.setAttribute("d", value === null ? "" : this.#track.path(this.#scale, 0, value));
    if (value !== null) this.#needle.setAttribute("transform", this.#track.needle(this.#scale, value));
  }
}
