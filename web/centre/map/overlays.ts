// What lies over the map: the way, the ones not taken, how far the battery goes, chargers, and what was chosen.

import type { FeatureCollection } from "geojson";
import type { ExpressionSpecification, LayerSpecification, SourceSpecification } from "maplibre-gl";
import type { Area, KnownJam, NavigationPlace, NavigationTrip } from "../../shared/protocol";
import type { MapColours } from "./colours";

export const SOURCES = ["area", "jams", "others", "route", "chargers", "marks"] as const;
export type Overlay = (typeof SOURCES)[number];
export const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };

/** Layers that a finger chooses from, the uppermost first. */
export const TOUCHED = ["marks", "chargers", "others"] as const;

export function overlaySources(): Record<Overlay, SourceSpecification> {
  const source = (lineMetrics = false): SourceSpecification => ({ type: "geojson", data: NOTHING, lineMetrics });
  return { area: source(), jams: source(), others: source(), route: source(true), chargers: source(), marks: source() };
}

/** Slower than this part of the free speed is red, all else amber. */
const STANDING = 0.4;
const WAY = { "line-cap": "round", "line-join": "round" } as const;
const width = (at8: number, at18: number): ExpressionSpecification =>
  ["interpolate", ["exponential", 1.4], ["zoom"], 8, at8, 18, at18];

/** Below the names of roads and places. */
export function waysOver(colours: MapColours): LayerSpecification[] {
  return [
    {
      id: "area",
      type: "fill",
      source: "area",
      paint: { "fill-color": colours.area, "fill-opacity": colours.isNight ? 0.14 : 0.18 },
    },
    {
      id: "area-edge",
      type: "line",
      source: "area",
      layout: WAY,
      paint: { "line-color": colours.area, "line-width": 5 },
    },
    {
      id: "jams",
      type: "line",
      source: "jams",
      layout: WAY,
      paint: {
        "line-color": ["case", ["<", ["get", "factor"], STANDING], colours.danger, colours.caution],
        "line-width": width(27, 68), // wider than the way that lies on it
      },
    },
    {
      id: "others-edge",
      type: "line",
      source: "others",
      layout: WAY,
      paint: { "line-color": colours.routeEdge, "line-width": width(11, 34) },
    },
    { id: "others", type: "line", source: "others", layout: WAY, paint: { "line-color": colours.other, "line-width": width(7, 26) } },
    {
      id: "route-edge",
      type: "line",
      source: "route",
      layout: WAY,
      paint: { "line-color": colours.routeEdge, "line-width": width(14, 42) },
    },
    { id: "route", type: "line", source: "route", layout: WAY, paint: { "line-width": width(9, 32), "line-gradient": driven(colours, 0) } },
  ];
}

/** The colour along the way, of which `share` (0…1) lies behind. */
export function driven(colours: MapColours, share: number): ExpressionSpecification {
  return ["step", ["line-progress"], colours.behind, Math.min(1, Math.max(1e-6, share)), colours.route];
}

/** Above everything. */
export function marksOver(colours: MapColours): LayerSpecification[] {
  return [
    {
      id: "chargers",
      type: "symbol",
      source: "chargers",
      minzoom: 8,
      layout: {
        "icon-image": ["concat", "charger-", ["get", "state"]],
        "icon-anchor": "bottom",
        "icon-allow-overlap": true,
        "icon-size": ["interpolate", ["linear"], ["zoom"], 8, 0.6, 13, 1],
        "text-field": ["step", ["zoom"], "", 12.5, ["get", "power"]],
        "text-font": colours.fonts.strong,
        "text-size": 22,
        "text-anchor": "top",
        "text-offset": [0, 0.1],
        "text-optional": true,
      },
      paint: { "text-color": colours.text, "text-halo-color": colours.halo, "text-halo-width": 3 },
    },
    {
      id: "marks",
      type: "symbol",
      source: "marks",
      layout: {
        "icon-image": ["concat", "mark-", ["get", "kind"]],
        "icon-anchor": "bottom",
        "icon-allow-overlap": true,
        "text-field": ["get", "text"],
        "text-font": colours.fonts.strong,
        "text-size": 26,
        "text-anchor": "top",
        "text-offset": [0, 0.15],
        "text-max-width": 10,
        "text-optional": true,
      },
      paint: { "text-color": colours.text, "text-halo-color": colours.halo, "text-halo-width": 3.5 },
    },
  ];
}

/** The way of a trip, and the ways of its alternatives by their place among them. */
export function wayOf(trip: NavigationTrip | null): FeatureCollection {
  return trip ? lines([trip]) : NOTHING;
}

export function lines(trips: readonly NavigationTrip[]): FeatureCollection {
  return drawn(trips.map(({ id, route }) => [[route.points], { id }]));
}

export function jamsOf(jams: readonly KnownJam[]): FeatureCollection {
  return drawn(jams.map(({ lines, speed_factor: factor }) => [lines, { factor }]));
}

function drawn(each: readonly (readonly [[number, number][][], Record<string, string | number>])[]): FeatureCollection {
  return {
    type: "FeatureCollection",
    features: each
      .filter(([[first]]) => (first?.length ?? 0) > 1)
      .map(([coordinates, properties]) => ({ type: "Feature", properties, geometry: { type: "MultiLineString", coordinates } })),
  };
}

/** An area's rings: each that lies in none other is an outline, the rest are holes of the one around them. */
export function areaOf(area: Area | null): FeatureCollection {
  if (!area) return NOTHING;
  const rings = area.rings.filter((ring) => ring.length > 3);
  const isIn = (ring: Area["rings"][number], other: Area["rings"][number]) => ring !== other && contains(other, ring[0]!);
  const outlines = rings.filter((ring) => rings.filter((other) => isIn(ring, other)).length % 2 === 0);
  return {
    type: "FeatureCollection",
    features: outlines.map((outline) => ({
      type: "Feature",
      properties: {},
      geometry: {
        type: "Polygon",
        coordinates: [outline, ...rings.filter((ring) => !outlines.includes(ring) && contains(outline, ring[0]!))],
      },
    })),
  };
}

/** Whether a point lies within a closed ring (by how often a line to the east crosses it). */
function contains(ring: Area["rings"][number], [x, y]: readonly [number, number]): boolean {
  let inside = false;
  for (let at = 1; at < ring.length; at++) {
    const [x1, y1] = ring[at - 1]!;
    const [x2, y2] = ring[at]!;
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

export interface Mark {
  readonly kind: "destination" | "place" | "charge" | "via";
  readonly text: string;
  readonly at: { readonly longitude: number; readonly latitude: number };
}

export function marksOf(marks: readonly Mark[]): FeatureCollection {
  return points(marks.map(({ at, kind, text }) => [at, { kind, text }]));
}

export function chargersOf(places: readonly NavigationPlace[]): FeatureCollection {
  return points(
    places.map(({ id, position, charger }) => {
      const power = charger?.power_kw ? `${Math.round(charger.power_kw)} kW` : "";
      return [position, { id, state: charger?.state ?? "unknown", power }];
    }),
  );
}

function points(each: readonly (readonly [Mark["at"], Record<string, string>])[]): FeatureCollection {
  return {
    type: "FeatureCollection",
    features: each.map(([{ longitude, latitude }, properties]) => ({
      type: "Feature",
      properties,
      geometry: { type: "Point", coordinates: [longitude, latitude] },
    })),
  };
}
