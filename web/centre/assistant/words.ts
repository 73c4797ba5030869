// What people read about an answer: states, sizes, times, and short forms for eyes that belong on the road.

import { ServiceError } from "../../shared/connection";
import type { Done, MemoryKind, Seat, Tier, TierStatus } from "../../shared/protocol";
import type { Units } from "../../shared/units";
import type { Translate } from "../../shared/words";

export const SEATS: readonly Seat[] = ["driver", "passenger", "rear-left", "rear-right"];

/** The longest text that a page sends at once. */
export const LONGEST_TEXT = 20_000;
/** Android's limit for a text that is read while driving. */
const GLANCE_CHARACTERS = 120;

/** As much of a reply as is read in a glance: whole sentences while they fit, else whole words. */
export function glance(text: string): string {
  if (text.length <= GLANCE_CHARACTERS) return text;
  const start = text.slice(0, GLANCE_CHARACTERS);
  const end = Math.max(...[". ", "! ", "? ", "。", "！", "？"].map((mark) => start.lastIndexOf(mark)));
  if (end > GLANCE_CHARACTERS / 3) return start.slice(0, end + 1);
  const space = start.lastIndexOf(" ");
  return `${start.slice(0, space > 0 ? space : undefined)}…`;
}

/** The last words of a path, where the assistant has said nothing better. */
export function inShort(path: string): string {
  return path.split(".").slice(-2).join(" ");
}

/** What states, sizes, times and problems are called in the language of the screens. All of it is reactive. */
export class Wording {
  readonly #t: Translate;
  readonly #units: Units;

  constructor(t: Translate, units: Units) {
    this.#t = t;
    this.#units = units;
  }

  seat(seat: Seat): string {
    return this.#t(`assistant.seat_${seat}`);
  }

  tier(tier: Tier): string {
    return this.#t(`assistant.tier_${tier}`);
  }

  tierState(state: TierStatus["state"]): string {
    return this.#t(`assistant.tier_is_${state}`);
  }

  done(state: Done["state"]): string {
    return this.#t(`assistant.done_${state}`);
  }

  memory(kind: MemoryKind): string {
    return this.#t(`assistant.memory_${kind}`);
  }

  duration(ms: number): string {
    if (ms < 1) return this.#t("assistant.under_a_millisecond");
    return ms < 1000 ? `${Math.round(ms)} ms` : `${this.#units.number(ms / 1000, 1)} s`;
  }

  size(bytes: number): string {
    if (bytes < 1000) return this.#t("assistant.bytes", { count: bytes });
    return bytes < 1e6 ? `${this.#units.number(bytes / 1000, 1)} kB` : `${this.#units.number(bytes / 1e6, 1)} MB`;
  }

  /** All that ever left, in a sentence. */
  left(bytes: number): string {
    return bytes ? this.#t("assistant.left", { size: this.size(bytes) }) : this.#t("assistant.nothing_left");
  }

  /** A time of the ledger or the memory, in the day and hour of the car. */
  when(iso: string): string {
    return Number.isNaN(Date.parse(iso)) ? iso : this.#units.dayAndTime(iso);
  }

  /** Why a call to the assistant came to nothing, and what to do. */
  why(error: unknown): string {
    if (!(error instanceof ServiceError)) return String(error);
    switch (error.kind) {
      case "NoProvider":
        return this.#t("assistant.is_starting");
      case "TimedOut":
        return this.#t("assistant.no_answer");
      case "NoConnection":
        return this.#t("assistant.no_connection_ask_later");
      default:
        return error.message;
    }
  }
}
