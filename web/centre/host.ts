// The host of the pages: which one is open, by the address, and what it may follow.
//
// Rules that always hold:
// - home comes with the shell, the other pages when one of them is opened, or before that when nothing else is to do;
// - what is followed is what the shell and the open page show, and nothing else;
// - a page that is set-up is closed while the driving state forbids that, a personal one for guests and valets.

import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals-core";
import { Restriction } from "../shared/restrictions";
import type { Car } from "./car";
import { DOCK, type PageName, type Tab } from "./dock";
import home from "./home/page";
import type { CentrePage } from "./page";

export type Closed = "setup" | "personal" | "failed";

export class Host {
  readonly car: Car;
  /** The pages that this screen has. */
  readonly tabs: readonly Tab[];
  readonly #address = signal("");
  readonly #pages = signal<Readonly<Partial<Record<PageName, CentrePage>>>>({ home });
  readonly #failed = signal(false);

  /** The name in the address; home where there is no such page on this screen. */
  readonly name: ReadonlySignal<PageName> = computed(
    () => this.tabs.find(({ name }) => name === this.#address.value)?.name ?? "home",
  );
  /** The open page; null while it is fetched. */
  readonly page: ReadonlySignal<CentrePage | null> = computed(() => this.#pages.value[this.name.value] ?? null);
  /** Why the open page is not shown; null: it is. */
  readonly closed: ReadonlySignal<Closed | null> = computed(() => {
    const page = this.page.value;
    if (page?.setup && this.car.restricted(Restriction.NO_SETUP)) return "setup";
    if (page?.personal && this.car.profile.value.kind !== "PERSON") return "personal";
    return !page && this.#failed.value ? "failed" : null;
  });

  constructor(car: Car) {
    this.car = car;
    this.tabs = DOCK.filter(({ passenger }) => passenger || car.screen === "centre");
    const read = () => (this.#address.value = location.hash.slice(1).split("/")[0] ?? "");
    addEventListener("hashchange", read);
    read();
    effect(() => {
      void this.name.value;
      void car.connection.state.value; // what could not be fetched is fetched when the car is back
      if (!this.page.value) void untracked(() => this.fetchOthers());
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

  /** Fetches the pages that are not there yet. */
  async fetchOthers(): Promise<void> {
    try {
      const { default: others } = await import("./others");
      this.#pages.value = { home, ...others };
      this.#failed.value = false;
    } catch (error) {
      console.warn("the pages could not be fetched:", error);
      this.#failed.value = true;
    }
  }
}
