// What a service of the assistant last said, for a view to show.

import { type Signal, signal } from "@preact/signals-core";

/** A busy router may drop a question unheard; it is put again after these pauses. */
const AGAIN_MS = [100, 400] as const;

/** What a service last said, and why it could not be asked since. */
export class Asked<T> {
  readonly value: Signal<T | null> = signal(null);
  readonly problem = signal("");
  readonly #ask: () => Promise<T>;
  readonly #why: (error: unknown) => string;

  /** `why` says for people why a call came to nothing. */
  constructor(ask: () => Promise<T>, why: (error: unknown) => string) {
    this.#ask = ask;
    this.#why = why;
  }

  /** Asks again; false where that failed. A question that nobody heard may be put once more, so it is. */
  async load(): Promise<boolean> {
    for (const pause_ms of AGAIN_MS) {
      if (await this.#take(this.#ask, pause_ms)) return true;
      await new Promise((resolve) => setTimeout(resolve, pause_ms));
    }
    return this.#take(this.#ask, 0);
  }

  /** Takes what `change` answers; false where that failed. */
  change(change: () => Promise<T>): Promise<boolean> {
    return this.#take(change, 0);
  }

  async #take(ask: () => Promise<T>, again_ms: number): Promise<boolean> {
    try {
      this.value.value = await ask();
      this.problem.value = "";
      return true;
    } catch (error) {
      if (again_ms === 0) this.problem.value = this.#why(error);
      return false;
    }
  }
}
