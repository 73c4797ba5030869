// The host of the pages: which one is open, by the address, and what it may follow.
//
// Rules that always hold:
// - a page is fetched when it is first opened, with its words, and is shown only when both are there;
// - what is followed is what the shell and the open page show, and nothing else;
// - a page that is set-up is closed while the driving state forbids that, a personal one for guests and valets.

import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals-core";
import { Restriction } from "../shared/restrictions";
import type { Part } from "../shared/words";
import type { Car } from "./car";
import type { CentrePage } from "./page";
import { fetchPage, type PageName, pagesOf } from "./pages";

export type Closed = "setup" | "personal" | "failed";

export class Host {
  readonly car: Car;
  readonly names: readonly PageName[];
  readonly #address = signal("");
  readonly #pages = signal<Readonly<Partial<Record<PageName, CentrePage>>>>({});
  readonly #failed = signal<ReadonlySet<PageName>>(new Set());

  /** The name in the address; home where there is no such page on this screen. */
  readonly name: ReadonlySignal<PageName> = computed(() => {
    const wanted = this.names.find((name) => name === this.#address.value);
    return wanted ?? this.names[0] ?? "home";
  });
  /** The open page; null while it is fetched. */
  readonly page: ReadonlySignal<CentrePage | null> = computed(() => this.#pages.value[this.name.value] ?? null);
  /** Why the open page is not shown; null: it is. */
  readonly closed: ReadonlySignal<Closed | null> = computed(() => {
    const page = this.page.value;
    if (page?.setup && this.car.restricted(Restriction.NO_SETUP)) return "setup";
    if (page?.personal && this.car.profile.value.kind !== "PERSON") return "personal";
    return !page && this.#failed.value.has(this.name.value) ? "failed" : null;
  });

  constructor(car: Car) {
    this.car = car;
    this.names = pagesOf(car.screen);
    const read = () => (this.#address.value = location.hash.slice(1).split("/")[0] ?? "");
    addEventListener("hashchange", read);
    read();
    effect(() => {
      const name = this.name.value;
      void car.connection.state.value; // what could not be fetched is fetched when the car is back
      void untracked(() => this.#fetch(name));
    });
    effect(() => {
      const page = this.closed.value ? null : this.page.value;
      if (!page) return;
      untracked(() => page.opened?.(car));
      return () => page.closed?.();
    });
  }

  /** Whether the dock shows it; a page that is not fetched yet is shown. Reactive. */
  isOffered(name: PageName): boolean {
    return !this.#pages.value[name]?.personal || this.car.profile.value.kind === "PERSON";
  }

  /** Keeps following `always`, and what the open page follows. */
  follow(always: () => readonly string[]): void {
    effect(() => {
      const page = this.closed.value ? null : this.page.value;
      this.car.connection.follow([...always(), ...(page?.paths ?? [])]);
    });
  }

  /** Fetches the other pages while nothing else is to be done, so that a touch opens them at once. */
  fetchOthers(): void {
    const next = () => {
      const name = this.names.find((each) => !this.#pages.peek()[each] && !this.#failed.peek().has(each));
      if (name) void this.#fetch(name).then(() => requestIdleCallback(next));
    };
    requestIdleCallback(next);
  }

  async #fetch(name: PageName): Promise<void> {
    if (this.#pages.peek()[name]) return;
    const failed = new Set(this.#failed.peek());
    try {
      const [page] = await Promise.all([fetchPage(name), this.car.words.load(name as Part)]);
      this.#pages.value = { ...this.#pages.peek(), [name]: page };
      if (failed.delete(name)) this.#failed.value = failed;
    } catch (error) {
      console.warn(`the page ${name} could not be fetched:`, error);
      this.#failed.value = failed.add(name);
    }
  }
}
