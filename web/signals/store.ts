// The catalogue as the page browses it, and which of it is on screen.
//
// Rules that always hold:
// - only what is on screen, and the selected signal, is followed, so that 1,400 signals cost as little as thirty;
// - which signals the car provides is learnt by following all of them for a moment, now and then.

import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Connection } from "../shared/connection";
import type { SignalInfo } from "../shared/protocol";
import { Quality } from "../shared/readings";
import { THEME_PATHS } from "../shared/theme";

export type KindFilter = "all" | SignalInfo["kind"];

const SETTLE_MS = 80;
const SURVEY_MS = 3000;
/** Some heartbeats, since the first message on the way may still answer the selection before. */
const SURVEY_LASTS_MS = 400;

export class Store {
  readonly catalogue = signal<readonly SignalInfo[]>([]);
  readonly text = signal("");
  readonly kind = signal<KindFilter>("all");
  readonly branch = signal("Vehicle");
  /** Only what the car has said something about. */
  readonly onlyLive = signal(true);
  readonly selected = signal<string | null>(null);
  readonly shown: ReadonlySignal<readonly SignalInfo[]>;
  /** How many signals the car provides, of all in the catalogue; null until that is known. */
  readonly provided: ReadonlySignal<number | null>;
  readonly #alive = signal<ReadonlySet<string> | null>(null);
  readonly #connection: Connection;
  #visible: readonly string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #surveying = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.provided = computed(() => this.#alive.value?.size ?? null);
    this.shown = computed(() => {
      const words = this.text.value.toLowerCase().split(/\s+/).filter(Boolean);
      const kind = this.kind.value;
      const branch = this.branch.value + ".";
      const alive = this.onlyLive.value ? this.#alive.value : null;
      return this.catalogue.value.filter(
        (info) =>
          (kind === "all" || info.kind === kind) &&
          info.path.startsWith(branch) &&
          (!alive || alive.has(info.path)) &&
          words.every((word) => `${info.path} ${info.description}`.toLowerCase().includes(word)),
      );
    });
    connection.hello.subscribe((hello) => {
      if (hello) void this.#load();
    });
    setInterval(() => this.#refresh(), SURVEY_MS);
  }

  info(path: string | null): SignalInfo | undefined {
    return this.catalogue.value.find((each) => each.path === path);
  }

  /** These rows are on screen now. */
  look(paths: readonly string[]): void {
    this.#visible = paths;
    if (this.#surveying) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#follow(), SETTLE_MS);
  }

  async #load(): Promise<void> {
    try {
      this.catalogue.value = await this.#connection.describe(["Vehicle"]);
    } catch {
      return; // the connection is gone again; the next hello asks anew
    }
    this.#startSurvey();
  }

  /** All signals for a few messages, to learn which of them the car provides. */
  #startSurvey(): void {
    this.#surveying = true;
    this.#connection.follow(["Vehicle"]);
    setTimeout(() => this.#survey(), SURVEY_LASTS_MS);
  }

  #survey(): void {
    const { readings } = this.#connection;
    const before = this.#alive.peek();
    const alive = new Set(before);
    for (const { path } of this.catalogue.peek())
      if (readings.of(path).peek().quality !== Quality.UNAVAILABLE) alive.add(path);
    if (alive.size > (before?.size ?? 0)) this.#alive.value = alive;
    this.#surveying = false;
    this.#follow();
  }

  #refresh(): void {
    if (this.#surveying || document.hidden || this.catalogue.peek().length === 0) return;
    if (this.onlyLive.peek()) this.#startSurvey();
  }

  #follow(): void {
    const selected = this.selected.peek();
    this.#connection.follow([...THEME_PATHS, ...this.#visible, ...(selected ? [selected] : [])]);
  }
}

/** A branch of the tree and what is below it. */
export interface Branch {
  readonly path: string;
  readonly name: string;
  readonly count: number;
  readonly branches: readonly Branch[];
}

export function treeOf(catalogue: readonly SignalInfo[], path = "Vehicle"): Branch {
  const below = new Map<string, SignalInfo[]>();
  for (const info of catalogue) {
    const step = info.path.slice(path.length + 1).split(".");
    if (step.length < 2) continue;
    const name = step[0]!;
    const members = below.get(name);
    if (members) members.push(info);
    else below.set(name, [info]);
  }
  return {
    path,
    name: path.slice(path.lastIndexOf(".") + 1),
    count: catalogue.length,
    branches: [...below]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, members]) => treeOf(members, `${path}.${name}`)),
  };
}
