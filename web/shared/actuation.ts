// Asks the car to move an actuator, and keeps what became of it for the page to show.
//
// Rules that always hold:
// - the page shows the current value from the signal; what was asked for is only ever shown as pending;
// - of several values asked for in quick succession the last one is sent.

import { signal } from "@preact/signals-core";
import { type Connection, ServiceError } from "./connection";
import type { Outcome, Value } from "./protocol";

/** Steps of a stepper come faster than the car moves: wait this long for the next one. */
const SETTLE_MS = 250;
/** How long an outcome stays readable. */
const OUTCOME_MS = 6000;

export type Tone = "ok" | "warning" | "error";

/** An outcome that the person should read. */
export interface Told {
  readonly path: string;
  readonly message: string;
  readonly tone: Tone;
  /** What it was, for who says it in other words; null: the call itself failed, as `message` says. */
  readonly outcome: Outcome | null;
}

export interface Command {
  /** What was asked for while its outcome is open, else null. */
  readonly pending: Value | null;
  /** What became of the last one, in the driver's words; "" when there is nothing to say. */
  readonly message: string;
  readonly tone: Tone;
}

const IDLE: Command = { pending: null, message: "", tone: "ok" };

export class Actuation {
  readonly #connection: Connection;
  readonly #commands = signal<Readonly<Record<string, Command>>>({});
  readonly #latest = signal<Told | null>(null);
  readonly #turns = new Map<string, number>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The state of the last command for `path`; reactive. */
  of(path: string): Command {
    return this.#commands.value[path] ?? IDLE;
  }

  /** The newest outcome that the person should read, on any path; reactive. */
  get latest(): Told | null {
    return this.#latest.value;
  }

  /** Asks for `value`; `settle` waits for further steps before it sends. */
  request(path: string, value: Value, settle = false): void {
    const turn = (this.#turns.get(path) ?? 0) + 1;
    this.#turns.set(path, turn);
    this.#show(path, { pending: value, message: "", tone: "ok" });
    clearTimeout(this.#timers.get(path));
    if (settle) this.#timers.set(path, setTimeout(() => void this.#send(path, value, turn), SETTLE_MS));
    else void this.#send(path, value, turn);
  }

  async #send(path: string, value: Value, turn: number): Promise<void> {
    let message: string;
    let tone: Tone;
    let outcome: Outcome | null = null;
    try {
      outcome = await this.#connection.call("safety.actuate", { path, value });
      [message, tone] = inWords(outcome);
    } catch (error) {
      message = error instanceof ServiceError ? error.message : String(error);
      tone = "error";
    }
    if (this.#turns.get(path) !== turn) return; // a newer one has taken its place
    this.#show(path, { pending: null, message, tone });
    if (message && tone !== "ok") this.#latest.value = { path, message, tone, outcome };
    this.#timers.set(
      path,
      setTimeout(() => {
        this.#show(path, IDLE);
        if (this.#latest.peek()?.path === path) this.#latest.value = null;
      }, OUTCOME_MS),
    );
  }

  #show(path: string, command: Command): void {
    this.#commands.value = { ...this.#commands.peek(), [path]: command };
  }
}

/** What a person reads about an outcome, and how loud it is. */
export function inWords(outcome: Outcome): [message: string, tone: Tone] {
  switch (outcome.state) {
    case "confirmed":
      return ["Done", "ok"];
    case "moving":
      return ["On its way", "ok"];
    case "refused":
      return [outcome.message || "Not allowed now.", "warning"];
    case "no_provider":
      return [outcome.message || "This car does not have that.", "error"];
    case "timed_out":
      return [outcome.message || "The car did not answer in time.", "error"];
  }
}
