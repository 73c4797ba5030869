// The map's colours, mixed from the tokens of brand and theme; read when these change, never while drawing.

import { effect, signal } from "@preact/signals-core";
import { brand } from "../../shared/brand";

export interface MapColours {
  readonly isNight: boolean;
  readonly ground: string;
  readonly land: Readonly<Record<"forest" | "park" | "grass" | "rock" | "ice" | "works" | "town", string>>;
  readonly water: string;
  readonly waterText: string;
  readonly building: string;
  readonly buildingEdge: string;
  readonly boundary: string;
  readonly rail: string;
  readonly track: string;
  readonly road: string;
  readonly great: string;
  readonly main: string;
  readonly tunnel: string;
  readonly tunnelMain: string;
  readonly edge: string;
  readonly bridge: string;
  readonly text: string;
  readonly quiet: string;
  readonly halo: string;
  readonly shield: string;
  readonly shieldText: string;
  readonly route: string;
  readonly routeEdge: string;
  readonly behind: string;
  readonly other: string;
  readonly onRoute: string;
  readonly area: string;
  readonly surface: string;
  readonly accent: string;
  readonly ok: string;
  readonly caution: string;
  readonly danger: string;
  /** Typefaces, the wanted first; a weight's name in front chooses the weight (MapLibre reads it from the name). */
  readonly fonts: { readonly regular: string[]; readonly strong: string[] };
}

type Rgb = readonly [number, number, number];

const root = document.documentElement;
const theme = signal(root.dataset["theme"]);
new MutationObserver(() => (theme.value = root.dataset["theme"])).observe(root, { attributeFilter: ["data-theme"] });

/** Calls `take` now and after each change of theme or brand; returns a function that stops it. */
export function followColours(take: (colours: MapColours) => void): () => void {
  return effect(() => {
    void theme.value;
    void brand.look.value;
    take(read());
  });
}

function read(): MapColours {
  const probe = document.createElement("i");
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const token = (name: string): Rgb => {
    probe.style.color = `var(--${name})`;
    const [r = 0, g = 0, b = 0] = style.color.match(/[\d.]+/g)?.map(Number) ?? [];
    return [r, g, b];
  };
  const [bg, surface, surface2, surface3] = [token("bg"), token("surface"), token("surface-2"), token("surface-3")];
  const [line, text, text2, accent, onAccent] = [token("line"), token("text"), token("text-2"), token("accent"), token("on-accent")];
  const [ok, caution, danger, regen] = [token("ok"), token("caution"), token("danger"), token("regen")];
  const isNight = style.colorScheme.includes("dark");
  const family = style.fontFamily.split(",").map((each) => each.trim().replace(/^["']|["']$/g, ""));
  probe.remove();

  // Green, blue and stone are the land's own; how far they go is by theme, and the ground they are mixed into the brand's.
  const green: Rgb = isNight ? [64, 132, 92] : [122, 178, 116];
  const blue: Rgb = isNight ? [38, 92, 140] : [118, 176, 220];
  const stone: Rgb = isNight ? [120, 118, 124] : [196, 188, 180];
  const ground = isNight ? mix(bg, surface, 0.55) : mix(bg, [255, 255, 255], 0.25);
  const on = (colour: Rgb, share: number) => css(mix(ground, colour, share));
  const road = isNight ? mix(surface3, text2, 0.1) : [255, 255, 255] as const;
  // Warm, whatever the brand: neither water nor the way that is being followed looks like that.
  const warm: Rgb = isNight ? [214, 160, 96] : [255, 190, 98];
  const great = isNight ? mix(mix(surface3, text2, 0.3), warm, 0.12) : mix([255, 255, 255], warm, 0.28);
  const main = isNight ? mix(mix(surface3, text2, 0.4), warm, 0.3) : mix([255, 255, 255], warm, 0.62);
  return {
    isNight,
    ground: css(ground),
    land: {
      forest: on(green, isNight ? 0.22 : 0.42),
      park: on(green, isNight ? 0.3 : 0.5),
      grass: on(green, isNight ? 0.1 : 0.2),
      rock: on(stone, isNight ? 0.1 : 0.32),
      ice: on(isNight ? text2 : [240, 248, 255], isNight ? 0.22 : 0.8),
      works: on(isNight ? surface3 : line, 0.5),
      town: on(isNight ? surface3 : line, isNight ? 0.42 : 0.45),
    },
    water: css(mix(ground, blue, isNight ? 0.6 : 0.75)),
    waterText: css(isNight ? mix(blue, text, 0.6) : mix(blue, [10, 40, 80], 0.72)),
    building: css(isNight ? mix(ground, surface3, 0.8) : mix(ground, line, 0.8)),
    buildingEdge: css(isNight ? mix(surface3, line, 0.6) : mix(line, text2, 0.2)),
    boundary: css(mix(ground, text2, 0.5)),
    rail: css(mix(ground, text2, 0.45)),
    track: css(isNight ? mix(surface3, text2, 0.2) : mix(line, stone, 0.5)),
    road: css(road),
    great: css(great),
    main: css(main),
    tunnel: css(mix(ground, road, 0.45)),
    tunnelMain: css(mix(ground, main, 0.5)),
    edge: css(isNight ? mix(bg, ground, 0.35) : mix(line, text2, 0.22)),
    bridge: css(isNight ? mix(surface3, text2, 0.6) : mix(line, text2, 0.6)),
    text: css(text),
    quiet: css(text2),
    halo: css(isNight ? bg : mix(ground, [255, 255, 255], 0.7)),
    shield: css(isNight ? surface2 : surface),
    shieldText: css(text),
    route: css(accent),
    routeEdge: css(isNight ? mix(bg, accent, 0.35) : mix(accent, text, 0.45)),
    behind: css(mix(ground, text2, 0.62)),
    other: css(isNight ? mix(surface3, accent, 0.5) : mix(line, accent, 0.5)),
    onRoute: css(onAccent),
    area: css(regen),
    surface: css(surface),
    accent: css(accent),
    ok: css(ok),
    caution: css(caution),
    danger: css(danger),
    fonts: { regular: family, strong: ["Semibold", ...family] },
  };
}

function mix(one: Rgb, other: Rgb, share: number): Rgb {
  const part = (index: 0 | 1 | 2) => one[index] + (other[index] - one[index]) * share;
  return [part(0), part(1), part(2)];
}

function css([r, g, b]: Rgb): string {
  return `rgb(${Math.round(r)}, ${Math.round(g)}, ${Math.round(b)})`;
}
