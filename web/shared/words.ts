// What people read, in their language: data, fetched for one language at a time (web/words, one file per page there).
//
// Rules that always hold:
// - a page changes language all at once: the new words are all there before the first of them is shown;
// - a key that does not exist fails the type check; that all languages have it is a test;
// - what is put into a sentence ({name}) is text, never markup.

import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import addresses from "virtual:words";
import type assistant from "../words/en/assistant.json";
import type car from "../words/en/car.json";
import type climate from "../words/en/climate.json";
import type comfort from "../words/en/comfort.json";
import type common from "../words/en/common.json";
import type drive from "../words/en/drive.json";
import type energy from "../words/en/energy.json";
import type home from "../words/en/home.json";
import type map from "../words/en/map.json";
import type media from "../words/en/media.json";
import type messages from "../words/en/messages.json";
import type privacy from "../words/en/privacy.json";
import type profiles from "../words/en/profiles.json";
import type refusal from "../words/en/refusal.json";
import type scenes from "../words/en/scenes.json";
import type settings from "../words/en/settings.json";

interface English {
  assistant: typeof assistant;
  car: typeof car;
  climate: typeof climate;
  comfort: typeof comfort;
  common: typeof common;
  drive: typeof drive;
  energy: typeof energy;
  home: typeof home;
  map: typeof map;
  media: typeof media;
  messages: typeof messages;
  privacy: typeof privacy;
  profiles: typeof profiles;
  refusal: typeof refusal;
  scenes: typeof scenes;
  settings: typeof settings;
}

/** A file of words: a page's, or one that several share. */
type Part = keyof English;
export type Key = { [P in Part]: `${P}.${keyof English[P] & string}` }[Part];
export type Args = Readonly<Record<string, string | number>>;
export type Translate = (key: Key, args?: Args) => string;

/** The languages that are complete, each by its own name. */
export const LANGUAGES = [
  ["en", "English"],
  ["de", "Deutsch"],
  ["zh", "中文"],
  ["ar", "العربية"],
] as const;
export type Language = (typeof LANGUAGES)[number][0];

export const LANGUAGE_PATH = "Vehicle.Cabin.Infotainment.HMI.CurrentLanguage";

const RIGHT_TO_LEFT: ReadonlySet<Language> = new Set(["ar"]);
/** Regional habits where the language alone leaves them open; figures are those that the cluster has, in all languages. */
const LOCALES: Readonly<Record<Language, string>> = { en: "en-GB", de: "de-DE", zh: "zh-CN", ar: "ar-u-nu-latn" };

/** Letters that a brand's typeface lacks; a computer may have none for them. */
const LETTERS: Readonly<Partial<Record<Language, () => Promise<unknown>>>> = {
  zh: () => import("@fontsource-variable/noto-sans-sc/wght.css"),
  ar: () => import("@fontsource-variable/noto-sans-arabic/wght.css"),
};

/** Fetches the letters of a language, as far as they are used: a page that names another language needs them too. */
export function fetchLetters(language: Language): void {
  LETTERS[language]?.().catch(() => {}); // the system's own letters do
}

/** Words that did not come (the car's computer starts again) are asked for after this pause. */
const AGAIN_MS = 500;

type Said = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The language that `tag` (BCP 47) asks for, or null where these pages do not speak it. */
export function languageOf(tag: string | null): Language | null {
  const wanted = tag?.toLowerCase().split("-")[0];
  return LANGUAGES.find(([language]) => language === wanted)?.[0] ?? null;
}

export class Words {
  readonly #language = signal<Language>("en");
  /** language → part → key → words. */
  readonly #said = signal<Readonly<Partial<Record<Language, Said>>>>({});
  /** What a brand says instead, by language and key. */
  readonly #instead: (language: Language, key: string) => string | undefined;
  #wanted: Language;

  readonly language: ReadonlySignal<Language> = this.#language;
  /** For `Intl`. */
  readonly locale: ReadonlySignal<string> = computed(() => LOCALES[this.#language.value]);

  /** Begins in the language that the server wrote into the page. */
  constructor(instead: (language: Language, key: string) => string | undefined = () => undefined) {
    this.#instead = instead;
    this.#wanted = languageOf(document.documentElement.lang) ?? "en";
    this.#show(this.#wanted);
  }

  /** Changes the language of all that is shown; the last one asked for counts. Goes on asking until its words come. */
  async speak(language: Language = this.#wanted): Promise<void> {
    this.#wanted = language;
    while (!this.#said.peek()[language]) {
      try {
        const answer = await fetch(addresses[language]);
        const said = (await answer.json()) as Said;
        this.#said.value = { ...this.#said.peek(), [language]: said };
      } catch {
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
    if (this.#wanted === language) this.#show(language);
  }

  /** The words for `key`; "" while they are on their way. With `count` the plural form that the language wants. */
  readonly t: Translate = (key, args) => this.find(key, args) ?? "";

  /** The same for a key that may not exist: null then. Reactive. */
  find(key: string, args: Args = {}): string | null {
    const language = this.#language.value;
    const [part, ...rest] = key.split(".");
    const name = rest.join(".");
    const file = this.#said.value[language]?.[part ?? ""];
    const { count } = args;
    const plural = typeof count === "number" ? `#${new Intl.PluralRules(language).select(count)}` : "";
    const said = this.#instead(language, key) ?? file?.[name + plural] ?? file?.[name];
    if (said === undefined) return null;
    return said.replace(/\{(\w+)\}/g, (_, arg: string) => this.#put(args[arg]));
  }

  /** A name in another script keeps its own direction within a sentence. */
  #put(arg: string | number | undefined): string {
    if (arg === undefined) return "";
    const text = typeof arg === "number" ? new Intl.NumberFormat(this.locale.value).format(arg) : arg;
    return RIGHT_TO_LEFT.has(this.#language.value) ? `\u2068${text}\u2069` : text;
  }

  #show(language: Language): void {
    fetchLetters(language);
    this.#language.value = language;
    const root = document.documentElement;
    root.lang = language;
    root.dir = RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr";
  }
}
