// The map's look: brand and theme in, MapLibre style out. Sizes are px of a 2560 × 1440 screen, as everywhere here.

import type {
  DataDrivenPropertyValueSpecification,
  ExpressionSpecification,
  FontFacesSpecification,
  LayerSpecification,
  StyleSpecification,
} from "maplibre-gl";
import type { MapColours } from "./colours";
import { marksOver, overlaySources, waysOver } from "./overlays";

const TILES = "tiles";

const ROUND = { "line-cap": "round", "line-join": "round" } as const;

type Number_ = DataDrivenPropertyValueSpecification<number>;

const kind: ExpressionSpecification = ["get", "kind"];
const isOne = (...kinds: string[]): ExpressionSpecification => ["match", kind, kinds, true, false];
const has = (key: string): ExpressionSpecification => ["to-boolean", ["get", key]];
const not = (what: ExpressionSpecification): ExpressionSpecification => ["!", what];
const both = (...what: ExpressionSpecification[]): ExpressionSpecification => ["all", ...what];

/** Grows with the zoom, by the factor between two stops throughout. */
function growing(...stops: readonly [zoom: number, size: number][]): Number_ {
  return ["interpolate", ["exponential", 1.5], ["zoom"], ...stops.flat()] as unknown as Number_;
}

/** Roads as they are drawn, the greatest above the others: width in px at zooms 7, 11, 14 and 18. */
const ROADS: Readonly<Record<string, readonly [at7: number, at11: number, at14: number, at18: number]>> = {
  service: [0, 0, 3, 18],
  minor: [0, 1, 6, 34],
  tertiary: [0.5, 2, 9, 40],
  secondary: [1, 3, 11, 46],
  primary: [1.5, 5, 14, 54],
  trunk: [2.5, 7, 17, 62],
  motorway: [2.5, 7, 17, 62],
};
const KINDS = Object.keys(ROADS);
const WIDTH_ZOOMS = [7, 11, 14, 18] as const;

/** By the road's kind, and by `added` px (at each of those zooms) wider. */
function roadWidth(added: readonly number[]): Number_ {
  const at = (zoom: number, index: number) => [zoom, ["match", kind, ...KINDS.flatMap((each) => [each, ROADS[each]![index]! + added[index]!]), 0]];
  return ["interpolate", ["exponential", 1.5], ["zoom"], ...WIDTH_ZOOMS.flatMap(at)] as unknown as Number_;
}

/** The style for a region's tiles (`pmtiles://…`), with names in `language`. */
export function mapStyle(colours: MapColours, tiles: string, language: string, faces: FontFacesSpecification): StyleSpecification {
  return {
    version: 8,
    // Without `glyphs` letters are drawn here, from the page's own fonts.
    ...(Object.keys(faces).length ? { "font-faces": faces } : {}),
    sources: { [TILES]: { type: "vector", url: tiles }, ...overlaySources() },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": colours.ground } },
      ...surfaces(colours),
      ...roads(colours),
      ...waysOver(colours),
      ...names(colours, language),
      ...marksOver(colours),
    ],
    transition: { duration: 0, delay: 0 },
  };
}

function surfaces(colours: MapColours): LayerSpecification[] {
  const { land } = colours;
  return [
    {
      id: "land",
      type: "fill",
      source: TILES,
      "source-layer": "land",
      paint: {
        "fill-color": [
          "match",
          kind,
          "forest",
          land.forest,
          ["park", "cemetery", "sport"],
          land.park,
          ["grass", "farmland", "scrub", "wetland"],
          land.grass,
          ["rock", "sand"],
          land.rock,
          "glacier",
          land.ice,
          ["industrial", "commercial", "parking", "airfield", "pier"],
          land.works,
          ["residential", "institution", "square"],
          land.town,
          "rgba(0, 0, 0, 0)",
        ],
        "fill-antialias": false,
      },
    },
    {
      id: "water",
      type: "fill",
      source: TILES,
      "source-layer": "water",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": colours.water },
    },
    {
      id: "rivers",
      type: "line",
      source: TILES,
      "source-layer": "water",
      filter: ["==", ["geometry-type"], "LineString"],
      layout: ROUND,
      paint: {
        "line-color": colours.water,
        "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 8, 1.5, 14, ["match", kind, "river", 7, 3], 18, ["match", kind, "river", 40, 12]],
      },
    },
    {
      id: "buildings",
      type: "fill",
      source: TILES,
      "source-layer": "buildings",
      minzoom: 13.5,
      paint: {
        "fill-color": colours.building,
        "fill-outline-color": colours.buildingEdge,
        "fill-opacity": ["interpolate", ["linear"], ["zoom"], 13.5, 0, 14.5, 1],
      },
    },
    {
      id: "boundaries",
      type: "line",
      source: TILES,
      "source-layer": "boundaries",
      paint: { "line-color": colours.boundary, "line-width": 3, "line-dasharray": [4, 3] },
    },
  ];
}

function roads(colours: MapColours): LayerSpecification[] {
  const tunnel = has("tunnel");
  const bridge = has("bridge");
  return [
    edge("tunnel-edges", tunnel, colours.edge),
    road("tunnels", tunnel, colours.tunnel, colours.tunnel, colours.tunnelMain),
    {
      id: "tracks",
      type: "line",
      source: TILES,
      "source-layer": "roads",
      minzoom: 13,
      filter: isOne("track", "path"),
      layout: { "line-join": "round" },
      paint: { "line-color": colours.track, "line-width": growing([13, 1.5], [14, 2], [18, 6]), "line-dasharray": [2, 1.5] },
    },
    edge("road-edges", both(not(tunnel), not(bridge)), colours.edge),
    road("roads", both(not(tunnel), not(bridge)), colours.road, colours.great, colours.main),
    {
      id: "rails",
      type: "line",
      source: TILES,
      "source-layer": "roads",
      filter: isOne("rail"),
      paint: { "line-color": colours.rail, "line-width": growing([9, 1], [14, 3], [18, 8]), "line-dasharray": [5, 2] },
    },
    {
      id: "ferries",
      type: "line",
      source: TILES,
      "source-layer": "roads",
      filter: isOne("ferry"),
      paint: { "line-color": colours.boundary, "line-width": 3, "line-dasharray": [3, 3] },
    },
    edge("bridge-edges", bridge, colours.bridge),
    road("bridges", bridge, colours.road, colours.great, colours.main),
    {
      id: "one-way",
      type: "symbol",
      source: TILES,
      "source-layer": "roads",
      minzoom: 15.5,
      filter: both(has("oneway"), isOne("minor", "tertiary", "secondary", "primary", "service")),
      layout: {
        "symbol-placement": "line",
        "symbol-spacing": 260,
        "icon-image": "one-way",
        "icon-padding": 8,
        "icon-rotate": ["case", ["==", ["get", "oneway"], -1], 180, 0],
      },
      paint: { "icon-opacity": 0.7 },
    },
  ];
}

const GREATER: ExpressionSpecification = ["match", kind, ...KINDS.flatMap((each, index) => [each, index]), 0] as unknown as ExpressionSpecification;

function road(id: string, where: ExpressionSpecification, plain: string, great: string, main: string): LayerSpecification {
  return {
    id,
    type: "line",
    source: TILES,
    "source-layer": "roads",
    filter: both(isOne(...KINDS), where),
    layout: { ...ROUND, "line-sort-key": GREATER },
    paint: {
      "line-color": ["match", kind, ["motorway", "trunk"], main, ["primary", "secondary"], great, plain],
      "line-width": roadWidth([0, 0, 0, 0]),
    },
  };
}

/** Around roads; dashed it means a tunnel, strong a bridge. */
function edge(id: string, where: ExpressionSpecification, colour: string): LayerSpecification {
  const isTunnel = id.startsWith("tunnel");
  return {
    id,
    type: "line",
    source: TILES,
    "source-layer": "roads",
    minzoom: 11,
    filter: both(isOne(...KINDS), where),
    layout: id === "road-edges" ? { ...ROUND, "line-sort-key": GREATER } : { "line-join": "round" },
    paint: { "line-color": colour, "line-width": roadWidth([1, 2, 4, 6]), ...(isTunnel ? { "line-dasharray": [1.5, 1] } : {}) },
  };
}

function names(colours: MapColours, language: string): LayerSpecification[] {
  const name: ExpressionSpecification = ["coalesce", ["get", `name_${language}`], ["get", "name"], ""];
  const text = (colour: string) => ({ "text-color": colour, "text-halo-color": colours.halo, "text-halo-width": 3 });
  const { regular, strong } = colours.fonts;
  return [
    {
      id: "road-names",
      type: "symbol",
      source: TILES,
      "source-layer": "roads",
      minzoom: 12,
      filter: ["match", kind, ["track", "path", "service"], [">=", ["zoom"], 16], "rail", false, true],
      layout: {
        "symbol-placement": "line",
        "symbol-spacing": 500,
        "text-field": name,
        "text-font": regular,
        "text-size": ["interpolate", ["linear"], ["zoom"], 12, 24, 18, 32],
        "text-max-angle": 35,
        "text-padding": 12,
        "symbol-sort-key": ["match", kind, ["motorway", "trunk"], 0, "primary", 1, "secondary", 2, "tertiary", 3, 4],
      },
      paint: text(colours.text),
    },
    {
      id: "road-numbers",
      type: "symbol",
      source: TILES,
      "source-layer": "roads",
      minzoom: 8,
      filter: both(has("ref"), isOne("motorway", "trunk", "primary", "secondary")),
      layout: {
        "symbol-placement": "line",
        "symbol-spacing": 900,
        "icon-image": "shield",
        "icon-text-fit": "both",
        "icon-text-fit-padding": [5, 10, 5, 10],
        "icon-rotation-alignment": "viewport",
        "text-field": ["slice", ["get", "ref"], 0, 10],
        "text-font": strong,
        "text-size": 22,
        "text-rotation-alignment": "viewport",
        "text-padding": 20,
        "icon-padding": 20,
      },
      paint: { "text-color": colours.shieldText },
    },
    {
      id: "water-names",
      type: "symbol",
      source: TILES,
      "source-layer": "water",
      minzoom: 12,
      layout: {
        "text-field": name,
        "text-font": regular,
        "text-size": 24,
        "text-max-width": 7,
        "symbol-placement": "point",
      },
      paint: text(colours.waterText),
    },
    {
      id: "peaks",
      type: "symbol",
      source: TILES,
      "source-layer": "peaks",
      minzoom: 11,
      filter: ["!=", kind, "saddle"],
      layout: {
        "icon-image": "peak",
        "text-field": ["format", name, {}, ["case", ["has", "ele"], ["concat", "\n", ["to-string", ["get", "ele"]], " m"], ""], { "font-scale": 0.85 }],
        "text-font": regular,
        "text-size": 24,
        "text-anchor": "top",
        "text-offset": [0, 0.7],
        "text-max-width": 8,
        "symbol-sort-key": ["-", 0, ["to-number", ["get", "ele"], 0]],
      },
      paint: text(colours.quiet),
    },
    {
      id: "pois",
      type: "symbol",
      source: TILES,
      "source-layer": "pois",
      minzoom: 15,
      filter: not(isOneCategory("charger")),
      layout: {
        "icon-image": ["coalesce", ["image", ["concat", "poi-", ["get", "category"]]], ["image", "poi"]],
        "icon-padding": 6,
        "text-field": ["step", ["zoom"], "", 16, name],
        "text-font": regular,
        "text-size": 24,
        "text-anchor": "top",
        "text-offset": [0, 1],
        "text-max-width": 8,
        "text-optional": true,
      },
      paint: text(colours.quiet),
    },
    {
      id: "places",
      type: "symbol",
      source: TILES,
      "source-layer": "places",
      layout: {
        "text-field": name,
        "text-font": ["match", kind, ["city", "town"], ["literal", strong], ["literal", regular]],
        "text-size": ["interpolate", ["linear"], ["zoom"], 6, ["match", kind, "city", 34, "town", 26, 24], 14, ["match", kind, "city", 48, "town", 42, "village", 34, 28]],
        "text-max-width": 8,
        "text-padding": 10,
        "symbol-sort-key": ["match", kind, "city", 0, "town", 1, "village", 2, "suburb", 3, "hamlet", 4, 5],
      },
      paint: text(colours.text),
    },
  ];
}

function isOneCategory(...categories: string[]): ExpressionSpecification {
  return ["match", ["get", "category"], categories, true, false];
}
