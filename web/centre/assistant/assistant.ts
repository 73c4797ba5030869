// The conversation with the assistant, and what the page knows of it.
//
// Rules that always hold:
// - one thing is asked at a time; a text that was not answered goes back to where it was written;
// - what the assistant did is shown as it says it; the page itself moves nothing;
// - what it says elsewhere (a timer that falls due, before this page was opened) is shown too, by its signals.

import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals-core";
import type { Connection } from "../../shared/connection";
import type { Units } from "../../shared/units";
import type { Translate } from "../../shared/words";
import type { Answer, Done, Scene, Seat, Services, ShownScene, Timer } from "../../shared/protocol";
import { Quality } from "../../shared/readings";
import { isRestricted, Restriction, RESTRICTIONS_PATH } from "../../shared/restrictions";
import { Asked } from "./asked";
import { LONGEST_TEXT, Wording } from "./words";

const ROOT = "Vehicle.Alpenglow.Assistant";
const STATE = `${ROOT}.State`;
const REPLY = `${ROOT}.Reply`;
const MODEL = `${ROOT}.Model`;
const PROGRESS = `${ROOT}.ModelProgress`;
const SUGGESTION = `${ROOT}.Suggestion`;

export const ASSISTANT_PATHS: readonly string[] = [STATE, REPLY, MODEL, PROGRESS, SUGGESTION, RESTRICTIONS_PATH];

/** How many exchanges can be scrolled back to. */
const KEPT_EXCHANGES = 40;
/** How near to its target, in the signal's own unit, a window or flap counts as there. */
const ARRIVED = 1;
/** Asked again while it does not answer. */
const STATUS_AGAIN_MS = 2000;

export type View = "talk" | "scenes" | "thinking" | "privacy";

export interface Exchange {
  readonly number: number;
  /** What was said, or what was touched instead; "" where it spoke unasked, or was asked elsewhere. */
  readonly said: string;
  readonly seat: Seat;
  /** null while it is under way, and where nothing came of it. */
  readonly answer: Answer | null;
  /** Why nothing came of it; "" otherwise. */
  readonly problem: string;
  /** What it said where nobody here had asked; "" otherwise. */
  readonly heard: string;
}

/** A scene that is offered; `scene` has what the person changed. */
export interface Draft {
  readonly scene: Scene;
  readonly state: "open" | "saving" | "kept" | "discarded";
  readonly problem: string;
}

export class Assistant {
  readonly connection: Connection;
  /** The words for a key. Reactive. */
  readonly t: Translate;
  readonly words: Wording;
  readonly isOpen = signal(false);
  readonly view = signal<View>("talk");
  readonly seat = signal<Seat>("driver");
  readonly choosesSeat = signal(false);
  /** What is written in the field. */
  readonly written = signal("");
  readonly exchanges = signal<readonly Exchange[]>([]);
  readonly drafts = signal<Readonly<Record<string, Draft>>>({});
  /** Exchanges whose reasons are unfolded. */
  readonly unfolded = signal<ReadonlySet<number>>(new Set());
  /** "Forget everything" waits for its second touch. */
  readonly asksToErase = signal(false);
  /** What was erased last, in words. */
  readonly erased = signal("");

  readonly status = this.#service("assistant.status", {});
  readonly suggestions = this.#service("assistant.suggestions", {});
  readonly scenes = this.#service("cockpit.scenes", {});
  readonly timers = this.#service("assistant.timers", {});
  readonly memories = this.#service("assistant.memories", {});
  readonly consents = this.#service("assistant.consents", {});
  readonly egress = this.#service("assistant.egress", {});

  readonly #asking = signal(false);
  #number = 0;
  #lastHeard = "";

  /** It is there: it keeps saying how far it is. */
  readonly isRunning: ReadonlySignal<boolean> = computed(
    () => this.connection.readings.quality(STATE) === Quality.VALID,
  );

  constructor(connection: Connection, t: Translate, units: Units) {
    this.connection = connection;
    this.t = t;
    this.words = new Wording(t, units);
    this.#keepStatus();
    effect(() => {
      const { readings } = connection;
      const reply = readings.string(STATE) === "IDLE" ? readings.string(REPLY) : null;
      if (reply !== null) untracked(() => this.#hear(reply));
    });
    effect(() => {
      const offered = connection.readings.string(SUGGESTION);
      if (offered) void untracked(() => this.suggestions.load());
      else this.suggestions.value.value = [];
    });
  }

  /** Something is under way; reactive. */
  get isAsking(): boolean {
    return this.#asking.value;
  }

  /** The reply as it grows, "" while it thinks; reactive. */
  get growing(): string {
    const { readings } = this.connection;
    return readings.string(STATE) === "ANSWERING" ? (readings.string(REPLY) ?? "") : "";
  }

  /** What the local model is doing, null while that is unknown; reactive. */
  get model(): { readonly state: string; readonly percent: number } | null {
    const { readings } = this.connection;
    const state = readings.string(MODEL);
    return state === null ? null : { state, percent: readings.number(PROGRESS) ?? 0 };
  }

  /** Whether it cannot yet tell what is said in other words; reactive. */
  get isPreparing(): boolean {
    const tiers = this.status.value.value?.tiers ?? [];
    return tiers.some(({ tier, state }) => tier === "meaning" && state === "loading");
  }

  /** The exchange that "Undo" would take back: the latest that moved something, if it still can be; reactive. */
  get undoable(): Exchange | null {
    const all = this.exchanges.value;
    if (!all.findLast(({ answer }) => answer)?.answer?.can_undo) return null;
    return all.findLast(({ answer }) => answer?.did.some(isDone)) ?? null;
  }

  /** What the last answer set in motion, to be followed. */
  get moving(): string[] {
    const did = this.exchanges.value.at(-1)?.answer?.did ?? [];
    return did.filter(({ state }) => state === "moving").map(({ path }) => path);
  }

  /** Whether something that was on its way is there by now; reactive. */
  hasArrived({ path, state, value }: Done): boolean {
    if (state !== "moving") return false;
    const now = this.connection.readings.of(path).value.value;
    return typeof now === "number" && typeof value === "number" ? Math.abs(now - value) <= ARRIVED : now === value;
  }

  restricts(restriction: Restriction): boolean {
    return isRestricted(this.connection.readings, restriction);
  }

  /** Whether the one who speaks may not type: the driver of a car that moves.
   *
   * At the desk the text stands for the driver's voice, so it stays open there: nobody drives a simulated car by hand.
   */
  get isKeyboardClosed(): boolean {
    const atDesk = "desk" in (this.connection.hello.value?.pages ?? {});
    return this.seat.value === "driver" && !atDesk && this.restricts(Restriction.NO_KEYBOARD);
  }

  show(view: View): void {
    this.isOpen.value = true;
    this.view.value = view;
    this.choosesSeat.value = false;
    this.asksToErase.value = false;
    this.erased.value = "";
    if (view === "scenes") void this.#loadScenes();
    if (view === "thinking") void this.status.load();
    if (view === "privacy") void this.#loadPrivacy();
  }

  /** Says what is written, or an answer that was touched. */
  async say(text: string = this.written.peek()): Promise<void> {
    const said = text.trim();
    const isWritten = text === this.written.peek();
    if (!said || this.#asking.peek() || (isWritten && this.isKeyboardClosed)) return;
    const seat = this.seat.peek();
    this.show("talk");
    if (said.length > LONGEST_TEXT) {
      const problem = this.t("assistant.too_long", { length: said.length, most: LONGEST_TEXT });
      this.#begin(`${said.slice(0, 80)}…`, { problem });
      return;
    }
    if (isWritten) this.written.value = "";
    const done = await this.#exchange(said, () => this.connection.call("assistant.ask", { text: said, seat }));
    if (!done && !this.written.peek()) this.written.value = said;
  }

  async undo(): Promise<void> {
    await this.#exchange(this.t("assistant.undo"), () => this.connection.call("assistant.undo", {}));
  }

  async runScene({ scene }: ShownScene): Promise<void> {
    this.show("talk");
    await this.#exchange(scene.name, () => this.connection.call("assistant.run_scene", { scene: scene.id }));
  }

  async answerSuggestion(id: string, accept: boolean): Promise<void> {
    const ask = () => this.connection.call("assistant.answer_suggestion", { suggestion: id, accept });
    const without = () => {
      this.suggestions.value.value = this.suggestions.value.peek()?.filter((each) => each.id !== id) ?? null;
    };
    if (accept) {
      this.show("talk");
      if (await this.#exchange(this.t("assistant.yes_please"), ask)) without();
      return;
    }
    without();
    try {
      await ask();
    } catch (error) {
      this.#begin(this.t("assistant.not_now"), { problem: this.words.why(error) });
    }
  }

  /** Changes a draft before it is kept. */
  change(draft: Draft, changes: Partial<Scene>): void {
    this.#put({ ...draft, scene: { ...draft.scene, ...changes }, problem: "" });
  }

  async keep(draft: Draft): Promise<void> {
    this.#put({ ...draft, state: "saving", problem: "" });
    try {
      const scene = await this.connection.call("cockpit.keep_scene", { scene: draft.scene });
      this.#put({ scene, state: "kept", problem: "" });
    } catch (error) {
      this.#put({ ...draft, state: "open", problem: this.words.why(error) });
    }
  }

  /** A draft is nowhere but here until it is kept. */
  discard(draft: Draft): void {
    this.#put({ ...draft, state: "discarded", problem: "" });
  }

  async dropScene({ scene }: ShownScene): Promise<void> {
    await this.scenes.change(async () => {
      await this.connection.call("cockpit.drop_scene", { scene: scene.id });
      return this.connection.call("cockpit.scenes", {});
    });
  }

  async dropTimer(timer: Timer): Promise<void> {
    await this.timers.change(async () => {
      await this.connection.call("assistant.drop_timer", { timer: timer.id });
      return this.connection.call("assistant.timers", {});
    });
  }

  async choosePolicy(policy: string): Promise<void> {
    await this.status.change(() => this.connection.call("assistant.set_policy", { policy }));
  }

  async consent(purpose: string, granted: boolean): Promise<void> {
    await this.consents.change(() => this.connection.call("assistant.set_consent", { purpose, granted }));
  }

  /** Erases one memory, or with "" all. */
  async forget(memory: string): Promise<void> {
    this.asksToErase.value = false;
    let gone = 0;
    const done = await this.memories.change(async () => {
      gone = await this.connection.call("assistant.forget", { memory });
      return this.connection.call("assistant.memories", {});
    });
    this.erased.value = done ? this.t("assistant.erased", { count: gone }) : "";
  }

  toggleWhy(number: number): void {
    const unfolded = new Set(this.unfolded.peek());
    if (!unfolded.delete(number)) unfolded.add(number);
    this.unfolded.value = unfolded;
  }

  async #loadScenes(): Promise<void> {
    for (const part of [this.scenes, this.timers]) await part.load();
  }

  /** One after the other: the fabric lets no process ask all at once. */
  async #loadPrivacy(): Promise<void> {
    for (const part of [this.memories, this.consents, this.egress, this.status]) await part.load();
  }

  async #exchange(said: string, ask: () => Promise<Answer>): Promise<boolean> {
    if (this.#asking.peek()) return false;
    this.#asking.value = true;
    const number = this.#begin(said);
    try {
      const answer = await ask();
      if (answer.scene) this.#put({ scene: answer.scene, state: "open", problem: "" });
      this.#end(number, { answer });
      if (answer.egress_bytes > 0) void this.status.load();
      return true;
    } catch (error) {
      this.#end(number, { problem: this.words.why(error) });
      return false;
    } finally {
      this.#asking.value = false;
    }
  }

  /** Shows what it said, unless that answers what was asked here. */
  #hear(reply: string): void {
    if (reply === this.#lastHeard) return;
    this.#lastHeard = reply;
    if (reply && !this.#asking.peek() && reply !== this.exchanges.peek().at(-1)?.answer?.reply)
      this.#begin("", { heard: reply });
  }

  #begin(said: string, part: Partial<Exchange> = {}): number {
    const number = ++this.#number;
    const seat = this.seat.peek();
    const exchange: Exchange = { number, said, seat, answer: null, problem: "", heard: "", ...part };
    this.exchanges.value = [...this.exchanges.peek(), exchange].slice(-KEPT_EXCHANGES);
    return number;
  }

  #end(number: number, part: Partial<Exchange>): void {
    this.exchanges.value = this.exchanges
      .peek()
      .map((exchange) => (exchange.number === number ? { ...exchange, ...part } : exchange));
  }

  #put(draft: Draft): void {
    this.drafts.value = { ...this.drafts.peek(), [draft.scene.id]: draft };
  }

  /** Asks for the status whenever the process or its model has changed state, until it answers and all is prepared. */
  #keepStatus(): void {
    let again: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      clearTimeout(again);
      const isKnown = (await this.status.load()) && !this.isPreparing;
      if (!isKnown && this.isRunning.peek()) again = setTimeout(() => void ask(), STATUS_AGAIN_MS);
    };
    effect(() => {
      void this.connection.readings.string(MODEL);
      if (this.isRunning.value) void untracked(ask);
    });
  }

  #service<S extends keyof Services>(service: S, args: Services[S]["args"]): Asked<Services[S]["result"]> {
    return new Asked(() => this.connection.call(service, args), (error) => this.words.why(error));
  }
}

function isDone({ state }: Done): boolean {
  return state === "confirmed" || state === "moving";
}
