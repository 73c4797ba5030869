// The brand in force: its tokens as CSS variables, its icons, sounds, words and layout choices, switched live.
//
// Rules that always hold:
// - the page comes with the brand that is in force, so that its first paint is right and nothing flashes;
// - a switch is applied whole, style and data in one task, or not at all: a brand that does not arrive changes nothing;
// - a brand is data: nothing of it is parsed as markup or run.

import { computed, effect, type ReadonlySignal, signal } from "@preact/signals-core";
import { html, svg, type TemplateResult } from "lit/html.js";
import type { Brand as Look, BrandLayout, Gauge, LineFacts, Note } from "./protocol";
import type { Readings } from "./readings";

export const BRAND_PATH = "Vehicle.Alpenglow.Cockpit.Brand";
/** What a page must follow for its brand. */
export const BRAND_PATHS: readonly string[] = [BRAND_PATH];

/** A brand that did not arrive is asked for again after this long. */
const RETRY_MS = 1000;

/** What a page shows that came without one (the development server); then asks. */
const UNBRANDED: Look = {
  name: "",
  title: "Alpenglow",
  gauge: "dials",
  layout: { dock: "bottom", home: [] },
  icons: {},
  sounds: {},
  words: {},
  brands: [],
  line: { name: "", title: "", brand: "", features: [], displays: [] },
};

class Brand {
  readonly #look = signal<Look>(delivered() ?? UNBRANDED);
  readonly #features = computed(() => new Set(this.#look.value.line.features));
  readonly #gauge = computed(() => this.#look.value.gauge);

  /** All of it; reactive. */
  get look(): ReadonlySignal<Look> {
    return this.#look;
  }

  get name(): string {
    return this.#look.value.name;
  }

  /** The cluster's face; changes only when the face does. */
  get gauge(): Gauge {
    return this.#gauge.value;
  }

  get layout(): BrandLayout {
    return this.#look.value.layout;
  }

  /** language → key → the brand's own word, of the words that it overrides. */
  get words(): Look["words"] {
    return this.#look.value.words;
  }

  /** Notes of a sound cue; none where the brand is silent there. */
  sound(cue: string): readonly Note[] {
    return this.#look.value.sounds[cue] ?? [];
  }

  get sounds(): Look["sounds"] {
    return this.#look.value.sounds;
  }

  get line(): LineFacts {
    return this.#look.value.line;
  }

  /** Whether this car has it ("massage", "sunroof", …; docs/brands.md). */
  has(feature: string): boolean {
    return this.#features.value.has(feature);
  }

  /** The brand's own drawing of an icon, as `shared/icon.ts` draws the others; null: it has none. */
  icon(name: string): TemplateResult | null {
    const drawing = this.#look.value.icons[name];
    if (!drawing) return null;
    return html`<span class="icon"
      ><svg aria-hidden="true" fill="currentColor" viewBox=${drawing.view.join(" ")}>
        ${drawing.paths.map(
          (path) => svg`<path d=${path.d} fill-rule=${path.even_odd ? "evenodd" : "nonzero"} transform=${path.transform} />`,
        )}
      </svg></span
    >`;
  }

  /** Keeps the page's brand right; the page follows `BRAND_PATHS`. */
  follow(readings: Readings): void {
    let wanted = delivered() ? this.#look.peek().name : "";
    let shown = delivered() ? wanted : null; // as it was asked for: the server shows the base for one it does not have
    let changing = false;
    const change = async () => {
      if (changing) return;
      changing = true;
      while (wanted !== shown) {
        const asked = wanted;
        if (await this.#show(asked)) shown = asked;
        else await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
      changing = false;
    };
    effect(() => {
      const said = readings.string(BRAND_PATH);
      // Nobody says: what is shown stays.
      if (said !== null) wanted = said || this.#look.peek().line.brand;
      void change();
    });
  }

  /** Shows a brand by its name, "" the line's own. False: it did not come, and nothing has changed. */
  async #show(name: string): Promise<boolean> {
    try {
      const [look, css] = await Promise.all([
        ask("brand.json", name).then((answer) => answer.json() as Promise<Look>),
        ask("brand.css", name).then((answer) => answer.text()),
      ]);
      style().textContent = css;
      this.#look.value = look;
      return true;
    } catch {
      return false;
    }
  }
}

async function ask(file: string, name: string): Promise<Response> {
  const url = new URL(`/${file}`, location.href);
  url.searchParams.set("brand", name);
  const token = new URLSearchParams(location.search).get("token");
  if (token) url.searchParams.set("token", token);
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
  return answer;
}

/** What the server put into the page; null where it put nothing. */
function delivered(): Look | null {
  const text = document.getElementById("brand")?.textContent;
  return text ? (JSON.parse(text) as Look) : null;
}

function style(): HTMLElement {
  const found = document.getElementById("brand-tokens");
  if (found) return found;
  const made = document.createElement("style");
  made.id = "brand-tokens";
  document.head.append(made);
  return made;
}

export const brand = new Brand();
