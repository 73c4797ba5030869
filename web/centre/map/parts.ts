// What several panels of the map page are made of.

import { html, nothing, svg, type TemplateResult } from "lit/html.js";
import { arrow, laneOf, other } from "../../shared/arrows";
import type { Charger } from "../../shared/protocol";
import type { Quantity } from "../../shared/units";
import type { Car } from "../car";

const PLUGS: Readonly<Record<string, string>> = {
  ccs: "CCS",
  chademo: "CHAdeMO",
  type2: "Type 2",
  tesla_ccs: "Tesla CCS",
  schuko: "Schuko",
};

interface Press {
  readonly name: string;
  readonly title: string;
  readonly drawing: string;
  readonly act: () => void;
  readonly pressed?: boolean;
  /** Without its title to read. */
  readonly bare?: boolean;
  readonly kind?: "primary" | "quiet";
  readonly disabled?: boolean;
}

export function press(car: Car, { name, title, drawing, act, pressed, bare, kind, disabled }: Press): TemplateResult {
  return html`<button
    class="button ${kind ?? ""} ${bare ? "icon-only" : ""}"
    type="button"
    data-control=${name}
    aria-label=${bare ? title : nothing}
    aria-pressed=${pressed ?? nothing}
    ?disabled=${disabled ?? false}
    @click=${act}
  >
    ${car.icon(name, drawing)}${bare ? nothing : html`<span>${title}</span>`}
  </button>`;
}

/** The drawing of a manoeuvre; what it says stands beside it in words. */
export function arrowOf(kind: string, exit = 0): TemplateResult {
  return html`<svg class="arrow" viewBox="0 0 48 48" aria-hidden="true">
    <path class="other" d=${other(kind)} />
    <path d=${arrow(kind)} />
    ${kind === "roundabout" && exit ? svg`<text x="24" y="27.5">${exit}</text>` : nothing}
  </svg>`;
}

export function lanes(written: readonly string[]): TemplateResult | typeof nothing {
  if (written.length < 2) return nothing;
  return html`<ol class="lanes" data-field="lanes" dir="ltr" aria-hidden="true">
    ${written.map(laneOf).map(
      ({ arrows, isRight }) => html`<li data-right=${isRight}>
        <svg class="arrow" viewBox="0 0 48 48">${arrows.map((d) => svg`<path d=${d} />`)}</svg>
      </li>`,
    )}
  </ol>`;
}

/** How far something ahead is, as finely as a driver can use it. */
export function ahead({ units }: Car, m: number | null): Quantity {
  if (m === null) return units.near(null);
  const step = m < 50 ? 5 : m < 300 ? 10 : 50;
  return units.near(m < 1000 ? Math.round(m / step) * step : m);
}

export function plugs({ plugs: all }: Charger): string {
  return all.map((plug) => PLUGS[plug] ?? plug).join(", ");
}

/** What a charger has: power, plugs, whose it is. */
export function chargerFacts({ t, units }: Car, charger: Charger): TemplateResult {
  const facts = [
    charger.power_kw ? units.power(charger.power_kw).text : "",
    plugs(charger),
    charger.points > 1 ? t("map.points", { count: charger.points }) : "",
    charger.network,
  ];
  return html`<span class="facts" dir="auto">${facts.filter(Boolean).join(" · ")}</span>
    <span class="charger-state" data-state=${charger.state}>${t(`map.${charger.state}`)}</span>
    ${charger.known ? nothing : html`<span class="facts">${t("map.assumed")}</span>`}`;
}
