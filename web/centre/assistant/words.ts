// What people read about an answer: states, sizes, times, and short forms for eyes that belong on the road.

import { ServiceError } from "../../shared/connection";
import type { Done, Seat, Tier, TierStatus } from "../../shared/protocol";

export const SEATS: readonly (readonly [Seat, string])[] = [
  ["driver", "Driver"],
  ["passenger", "Passenger"],
  ["rear-left", "Rear left"],
  ["rear-right", "Rear right"],
];

export const TIER_NAMES: Readonly<Record<Tier, string>> = {
  guard: "Safety check",
  grammar: "Sentence patterns",
  meaning: "Meaning",
  local: "Model in the car",
  cloud: "Model in the cloud",
};

export const TIER_STATES: Readonly<Record<TierStatus["state"], string>> = {
  ready: "Ready",
  loading: "Loading",
  fetching: "Fetching",
  missing: "Not there",
  broken: "Broken",
  off: "Off",
};

export const DONE_STATES: Readonly<Record<Done["state"], string>> = {
  confirmed: "Done",
  moving: "On its way",
  refused: "Not allowed",
  no_provider: "Not in this car",
  timed_out: "No answer",
  unchanged: "Already so",
};

/** What a policy means; one that is not here explains itself by its name. */
export const POLICIES: Readonly<Record<string, string>> = {
  private: "Nothing leaves the car.",
  balanced: "A model in the cloud is asked only where the car's own is not sure, and only with your consent.",
  capable: "The most capable model is asked, as far as you have consented.",
};

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

export function duration(ms: number): string {
  if (ms < 1) return "under 1 ms";
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

export function size(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

export function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** A time of the ledger or the memory, in the day and hour of the car. */
export function when(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return time.toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

/** The last words of a path, where the assistant has said nothing better. */
export function inShort(path: string): string {
  return path.split(".").slice(-2).join(" ");
}

/** Why a call to the assistant came to nothing, and what to do. */
export function why(error: unknown): string {
  if (!(error instanceof ServiceError)) return String(error);
  switch (error.kind) {
    case "NoProvider":
      return "The assistant is starting. Ask again in a moment.";
    case "TimedOut":
      return "The assistant did not answer in time. See what the car shows before you ask again.";
    case "NoConnection":
      return "No connection to the car. Ask again when it is back.";
    default:
      return error.message;
  }
}
