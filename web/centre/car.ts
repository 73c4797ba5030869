// What every page of the centre display works with: the car as it is, and how to ask something of it.

import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { TemplateResult } from "lit/html.js";
import type { Actuation, Tone } from "../shared/actuation";
import { brand } from "../shared/brand";
import { type Connection, ServiceError } from "../shared/connection";
import { icon } from "../shared/icon";
import type { Services } from "../shared/protocol";
import type { Readings } from "../shared/readings";
import { isRestricted, Restriction } from "../shared/restrictions";
import { Units } from "../shared/units";
import { type Translate, Words } from "../shared/words";
import { Controls } from "./controls";
import { Keeper, type List } from "./kept";
import type { PageName } from "./dock";

const PROFILE = "Vehicle.Alpenglow.Cockpit.Profile";
export const CAR_PATHS: readonly string[] = [PROFILE];

/** How long a notice stays readable. */
const NOTICE_MS = 6000;

/** Whose hands are on this screen. */
export type Screen = "centre" | "passenger";

export interface Profile {
  readonly id: string;
  readonly name: string;
  readonly kind: "PERSON" | "GUEST" | "VALET";
}

export interface Notice {
  readonly text: string;
  readonly tone: Tone;
}

/** On their own screen passengers write and read; films and set-up stay closed, since the driver may see it. */
const PASSENGERS_MAY = Restriction.NO_KEYBOARD | Restriction.LIMIT_CONTENT | Restriction.LIMIT_STRING_LENGTH;

export class Car {
  readonly connection: Connection;
  readonly readings: Readings;
  readonly actuation: Actuation;
  readonly words: Words;
  readonly units: Units;
  readonly controls: Controls;
  readonly screen: Screen;
  /** The words for a key, in the language of the screens. Reactive. */
  readonly t: Translate;
  /** Who is in the car; unknown counts as a guest. */
  readonly profile: ReadonlySignal<Profile>;
  readonly notice: ReadonlySignal<Notice | null>;
  readonly #notice = signal<Notice | null>(null);
  readonly #keeper: Keeper;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(connection: Connection, actuation: Actuation, screen: Screen) {
    const { readings } = connection;
    this.connection = connection;
    this.readings = readings;
    this.actuation = actuation;
    this.screen = screen;
    this.words = new Words((language, key) => brand.words[language]?.[key]);
    this.t = this.words.t;
    this.units = new Units(readings, this.words.locale);
    this.controls = new Controls(readings, actuation, this.t, this.units);
    this.#keeper = new Keeper(connection);
    this.notice = this.#notice;
    this.profile = computed(() => ({
      id: readings.string(`${PROFILE}.Id`) ?? "",
      name: readings.string(`${PROFILE}.Name`) ?? "",
      kind: (readings.string(`${PROFILE}.Kind`) ?? "GUEST") as Profile["kind"],
    }));
  }

  /** An icon: the brand's own under this name, else the drawing (shared/icon.ts). */
  icon(name: string, drawing: string): TemplateResult {
    return brand.icon(name) ?? icon(drawing);
  }

  /** Whether the driving state forbids it on this screen; unknown forbids everything. Reactive. */
  restricted(restriction: Restriction): boolean {
    if (this.screen === "passenger" && (restriction & ~PASSENGERS_MAY) === 0) return false;
    return isRestricted(this.readings, restriction);
  }

  /** What a service answers, asked again when this list's revision counts up or the connection is back; null: not yet. */
  kept<S extends keyof Services>(
    list: List,
    service: S,
    args: Services[S]["args"],
  ): ReadonlySignal<Services[S]["result"] | null> {
    return this.#keeper.of(list, service, args);
  }

  /** Calls a service; undefined where that failed, which the person is then told. */
  async call<S extends keyof Services>(
    service: S,
    args: Services[S]["args"],
  ): Promise<Services[S]["result"] | undefined> {
    try {
      return await this.connection.call(service, args);
    } catch (error) {
      this.say(this.why(error), "error");
      return undefined;
    }
  }

  /** Why a call came to nothing, for people. */
  why(error: unknown): string {
    if (!(error instanceof ServiceError)) return String(error);
    switch (error.kind) {
      case "NoProvider":
        return this.t("common.starting");
      case "TimedOut":
        return this.t("common.no_answer");
      case "NoConnection":
        return this.t("common.no_connection");
      default:
        return error.message;
    }
  }

  /** Opens a page. */
  go(page: PageName): void {
    location.hash = page;
  }

  /** One line to read, for a few seconds; the latest counts. */
  say(text: string, tone: Tone = "ok"): void {
    clearTimeout(this.#timer);
    this.#notice.value = { text, tone };
    this.#timer = setTimeout(() => (this.#notice.value = null), NOTICE_MS);
  }
}
