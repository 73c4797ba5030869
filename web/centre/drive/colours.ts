// The road's colours: the tokens of brand and theme, read once when they change and never while drawing.

import { effect, signal } from "@preact/signals-core";
import { brand } from "../../shared/brand";

/** The sides of a body as the light falls on them, its glass, and its rear lamps. */
export interface Paint {
  readonly top: string;
  readonly rear: string;
  readonly side: string;
  readonly glass: string;
  /** Bumper and sills. */
  readonly skirt: string;
  readonly lamp: string;
}

export interface Colours {
  readonly sky: string;
  /** The sky's colour, of which nothing is to be seen. */
  readonly clear: string;
  readonly ground: string;
  readonly lane: string;
  /** The lane while cruise control is at work. */
  readonly held: string;
  readonly line: string;
  readonly guess: string;
  readonly shadow: string;
  readonly tyre: string;
  readonly lit: string;
  readonly indicator: string;
  readonly other: Paint;
  readonly lead: Paint;
  readonly near: Paint;
  readonly own: Paint;
  readonly accent: string;
  readonly danger: string;
  readonly label: string;
  readonly onLabel: string;
  readonly onDanger: string;
  readonly font: string;
}

/** Counts up when tokens may have changed. */
const changes = signal(0);
new MutationObserver(() => changes.value++).observe(document.documentElement, { attributeFilter: ["data-theme"] });

/** Calls `take` now and after each change of theme or brand; returns a function that stops it. */
export function followColours(take: (colours: Colours) => void): () => void {
  return effect(() => {
    void changes.value;
    void brand.look.value;
    take(read());
  });
}

function read(): Colours {
  const probe = document.createElement("i");
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const colour = (value: string) => {
    probe.style.color = value;
    return style.color;
  };
  const isNight = style.colorScheme.includes("dark");
  const mixed = (one: string, share: number, other: string) => colour(`color-mix(in srgb, ${one} ${share}%, ${other})`);
  const paint = (body: string): Paint => ({
    top: mixed(body, 82, "white"),
    rear: mixed(body, isNight ? 88 : 92, "black"),
    side: mixed(body, isNight ? 62 : 76, "black"),
    glass: mixed(body, isNight ? 14 : 34, isNight ? "#05080b" : "#26313b"),
    skirt: mixed(body, isNight ? 34 : 52, isNight ? "black" : "#26313b"),
    lamp: mixed("var(--red)", isNight ? 62 : 74, isNight ? "black" : body),
  });
  const body = isNight ? "color-mix(in srgb, var(--text-2) 62%, var(--surface-3))" : "color-mix(in srgb, var(--text-2) 34%, white)";
  const colours: Colours = {
    sky: colour("var(--bg)"),
    clear: colour("rgb(from var(--bg) r g b / 0)"),
    ground: mixed("var(--surface)", isNight ? 100 : 0, "var(--surface-3)"),
    lane: mixed(isNight ? "var(--surface-2)" : "var(--line)", isNight ? 100 : 70, "var(--surface-3)"),
    held: mixed("var(--accent)", isNight ? 26 : 24, isNight ? "var(--surface-2)" : "var(--surface-3)"),
    line: mixed(isNight ? "var(--text)" : "white", isNight ? 82 : 100, "var(--surface-3)"),
    guess: mixed("var(--text-2)", 50, "var(--surface-3)"),
    shadow: isNight ? "rgb(0 0 0 / 0.5)" : "rgb(30 40 52 / 0.26)",
    tyre: isNight ? "#07090c" : "#1d242b",
    lit: colour("#ff3b36"),
    indicator: colour("#ffa51f"),
    other: paint(body),
    lead: paint(isNight ? "color-mix(in srgb, var(--accent) 74%, var(--surface-3))" : "color-mix(in srgb, var(--accent) 72%, white)"),
    near: paint("color-mix(in srgb, var(--red) 82%, var(--surface-3))"),
    own: paint(isNight ? "#dfe5ea" : "#f7f9fb"),
    accent: colour("var(--accent)"),
    danger: colour("var(--red)"),
    label: colour("var(--surface)"),
    onLabel: colour("var(--text)"),
    onDanger: isNight ? "#12080a" : "#ffffff",
    font: style.fontFamily,
  };
  probe.remove();
  return colours;
}
