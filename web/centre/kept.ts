// Lists that a service has, kept up to date without polling: asked for again when their revision counts up.

import { effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals-core";
import type { Connection } from "../shared/connection";
import type { Services } from "../shared/protocol";

/** Followed by the host: the revisions of all lists. */
export const REVISIONS = "Vehicle.Alpenglow.Cockpit.Revision";
export type List = "Profiles" | "Scenes" | "Messages" | "Media" | "Energy" | "Privacy";

/** A busy car may drop a question; it is put again after these pauses. */
const AGAIN_MS = [100, 400, 1000] as const;

/** One reactive value per list, service and arguments; null until the first answer, and again never after. */
export class Keeper {
  readonly #connection: Connection;
  readonly #kept = new Map<string, ReadonlySignal<unknown>>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  of<S extends keyof Services>(
    list: List,
    service: S,
    args: Services[S]["args"],
  ): ReadonlySignal<Services[S]["result"] | null> {
    const key = `${list} ${service} ${JSON.stringify(args)}`;
    let kept = this.#kept.get(key);
    if (!kept) this.#kept.set(key, (kept = this.#keep(list, service, args)));
    return kept as ReadonlySignal<Services[S]["result"] | null>;
  }

  #keep<S extends keyof Services>(list: List, service: S, args: Services[S]["args"]): Signal<unknown> {
    const { readings, state } = this.#connection;
    let stop = () => {};
    let turn = 0;
    const ask = async (mine: number) => {
      for (const pause_ms of [...AGAIN_MS, null]) {
        try {
          const answer = await this.#connection.call(service, args);
          if (mine === turn) kept.value = answer;
          return;
        } catch {
          if (pause_ms === null || mine !== turn) return; // it is asked again with the next revision or connection
          await new Promise((resolve) => setTimeout(resolve, pause_ms));
        }
      }
    };
    const kept: Signal<unknown> = signal(null, {
      // Only while somebody shows it.
      watched() {
        stop = effect(() => {
          void readings.number(`${REVISIONS}.${list}`);
          const isLive = state.value === "live";
          untracked(() => {
            const mine = ++turn;
            if (isLive) void ask(mine);
          });
        });
      },
      unwatched() {
        turn++;
        stop();
      },
    });
    return kept;
  }
}
