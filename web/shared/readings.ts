// One reactive signal per path, holding what the car's signal reads as now.
//
// Rules that always hold:
// - `value` is null unless the quality is VALID, so that an old number cannot be shown by mistake;
// - while the connection is silent no reading is VALID, whatever was received before.

import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import type { Scalar, Value, WireReading } from "./protocol";

export const Quality = { VALID: 0, STALE: 1, INVALID: 2, UNAVAILABLE: 3 } as const;
export type Quality = (typeof Quality)[keyof typeof Quality];
export const QUALITY_NAMES = ["valid", "stale", "invalid", "unavailable"] as const;

export interface Reading {
  readonly value: Value | null;
  readonly quality: Quality;
  /** Last valid value, for charts and logs; never to be shown as the current one. */
  readonly last: Value | null;
  /** `performance.now()` when the source last said something; -Infinity: never. */
  readonly heard_ms: number;
}

const NEVER: Reading = { value: null, quality: Quality.UNAVAILABLE, last: null, heard_ms: -Infinity };

interface Slot {
  received: Reading;
  readonly shown: Signal<Reading>;
}

export class Readings {
  readonly #slots = new Map<string, Slot>();
  #silent = true;
  readonly #count = signal(0);

  /** The reading of one path; the signal object stays the same for the page's life. */
  of(path: string): ReadonlySignal<Reading> {
    return this.#slot(path).shown;
  }

  /** Paths received or asked for so far; reactive. */
  get paths(): string[] {
    void this.#count.value;
    return [...this.#slots.keys()];
  }

  /** The number, or null where it is not valid (or not a number). */
  number(path: string): number | null {
    const { value } = this.of(path).value;
    return typeof value === "number" ? value : null;
  }

  boolean(path: string): boolean | null {
    const { value } = this.of(path).value;
    return typeof value === "boolean" ? value : null;
  }

  string(path: string): string | null {
    const { value } = this.of(path).value;
    return typeof value === "string" ? value : null;
  }

  list(path: string): Scalar[] | null {
    const { value } = this.of(path).value;
    return Array.isArray(value) ? value : null;
  }

  quality(path: string): Quality {
    return this.of(path).value.quality;
  }

  /** Takes one `values` message; a message ends a silence. */
  receive(values: Record<string, WireReading>): void {
    const now = performance.now();
    batch(() => {
      for (const [path, [value, quality, age_ms]] of Object.entries(values)) {
        const slot = this.#slot(path);
        const valid = quality === Quality.VALID;
        slot.received = {
          value: valid ? value : null,
          quality,
          last: valid ? value : slot.received.last,
          heard_ms: age_ms < 0 ? -Infinity : now - age_ms,
        };
        if (!this.#silent) slot.shown.value = slot.received;
      }
      if (this.#silent) {
        this.#silent = false;
        for (const slot of this.#slots.values()) slot.shown.value = slot.received;
      }
    });
  }

  /** The server is silent: nothing is valid until `receive` is called again. */
  silence(): void {
    if (this.#silent) return;
    this.#silent = true;
    batch(() => {
      for (const slot of this.#slots.values()) slot.shown.value = aged(slot.received);
    });
  }

  /** The connection is gone: what was received is old for good, also after the silence ends. */
  forget(): void {
    this.silence();
    for (const slot of this.#slots.values()) slot.received = aged(slot.received);
  }

  /** Forgets every reading that `selected` does not select, since nobody will tell when it changes. */
  retain(selected: (path: string) => boolean): void {
    batch(() => {
      for (const [path, slot] of this.#slots) {
        if (selected(path)) continue;
        slot.received = NEVER;
        slot.shown.value = NEVER;
      }
    });
  }

  #slot(path: string): Slot {
    let slot = this.#slots.get(path);
    if (!slot) {
      slot = { received: NEVER, shown: signal(NEVER) };
      this.#slots.set(path, slot);
      const count = this.#slots.size;
      // Later, since a reader may make the slot inside a computation, which must not write signals.
      queueMicrotask(() => (this.#count.value = count));
    }
    return slot;
  }
}

function aged(reading: Reading): Reading {
  return reading.quality === Quality.VALID ? { ...reading, value: null, quality: Quality.STALE } : reading;
}

/** Tells whether a path is selected, with the patterns' meaning of `Catalogue.match`:
 * a name selects itself and all below it, `*` is one step, `**` any number of steps. */
export function matcher(patterns: readonly string[]): (path: string) => boolean {
  const expressions = patterns.map((pattern) => {
    const steps = pattern.split(".").map((step) => {
      if (step === "**") return "(?:\\.[^.]+)*";
      return "\\." + step.replace(/[^\w*]/g, "\\$&").replaceAll("*", "[^.]*");
    });
    return new RegExp(`^${steps.join("")}(?:\\..*)?$`);
  });
  return (path) => expressions.some((expression) => expression.test("." + path));
}
