// The next manoeuvre in one line: arrow, how far, which street, which lanes. It stands where messages come, and these
// are above it: what warns goes before what guides.

import { computed } from "@preact/signals-core";
import { render, svg } from "lit/html.js";
import { arrow, laneOf, other } from "../shared/arrows";
import type { Readings } from "../shared/readings";
import { near, type Units } from "./format";

const NAVIGATION = "Vehicle.Alpenglow.Navigation";
const NEXT = `${NAVIGATION}.Maneuver`;
export const MAP_LIMIT = `${NAVIGATION}.SpeedLimit`;
export const TURN_PATHS: readonly string[] = [`${NAVIGATION}.State`, NEXT, MAP_LIMIT];

/** Longer names of streets end in dots; the lamps beside the line are not covered. */
const STREET_LENGTH = 34;
const LANE = 46;
const [CENTRE, TOP] = [960, 557];

export interface Turn {
  readonly kind: string;
  readonly exit: number;
  readonly far: string;
  readonly street: string;
  readonly lanes: readonly string[];
}

/** What is to be done next; null: nothing, or nobody guides. Reactive. */
export function nextTurn(readings: Readings, units: Units): Turn | null {
  const kind = readings.string(`${NEXT}.Kind`);
  if (!kind || readings.string(`${NAVIGATION}.State`) !== "GUIDING") return null;
  const street = readings.string(`${NEXT}.Street`) ?? "";
  return {
    kind,
    exit: readings.number(`${NEXT}.Exit`) ?? 0,
    far: near(readings.number(`${NEXT}.Distance`), units),
    street: street.length > STREET_LENGTH ? `${street.slice(0, STREET_LENGTH - 1).trimEnd()}…` : street,
    lanes: (readings.list(`${NEXT}.Lanes`) ?? []).map(String),
  };
}

/** Draws it whenever it changes, through `on`. */
export function showTurn(node: SVGElement, turn: () => Turn | null, on: (act: () => void) => void): void {
  const key = computed(() => JSON.stringify(turn()));
  on(() => {
    const now = JSON.parse(key.value) as Turn | null;
    const lanes = now && now.lanes.length > 1 ? now.lanes.map(laneOf) : [];
    node.dataset["shown"] = String(now !== null);
    node.ariaLabel = now ? `${now.kind.replaceAll("_", " ")} in ${now.far}, ${now.street}` : "";
    render(
      now
        ? svg`<path class="other" d=${other(now.kind)} transform="scale(1.7)"/><path d=${arrow(now.kind)} transform="scale(1.7)"/>
          ${now.kind === "roundabout" && now.exit ? svg`<text class="exit" x="41" y="47">${now.exit}</text>` : ""}
          <text class="far" x="96" y="40" data-field="turn-distance">${now.far}</text>
          <text class="street" x="96" y="73" data-field="turn-street">${now.street}</text>
          <g class="lanes">${lanes.map(
            ({ arrows, isRight }, at) => svg`<g data-right=${isRight} transform="translate(${at * LANE}) scale(0.95)">
              ${arrows.map((d) => svg`<path d=${d} />`)}</g>`,
          )}</g>`
        : svg``,
      node as unknown as HTMLElement,
    );
    if (!now) return;
    // Reads layout when the words change, not per frame.
    const text = Math.max(...[...node.querySelectorAll("text:not(.exit)")].map((each) => (each as SVGTextElement).getBBox().width));
    node.querySelector(".lanes")!.setAttribute("transform", `translate(${96 + text + 40} 20)`);
    const width = 96 + text + (lanes.length ? 40 + lanes.length * LANE : 0);
    node.setAttribute("transform", `translate(${CENTRE - width / 2} ${TOP})`);
  });
}
