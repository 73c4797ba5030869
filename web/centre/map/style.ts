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

/** Roads as they are drawn, from the least to the greatest: width in px at zooms 7, 11, 14 and 18. */
const ROADS = [
  { name: "track", kinds: ["track", "path"], from: 13, widths: [0, 0, 2, 6], isMinor: true },
  { name: "service", kinds: ["service"], from: 13, widths: [0, 0, 3, 18], isMinor: true },
  { name: "minor", kinds: ["minor"], from: 11, widths: [0, 1, 6, 34], isMinor: false },
  { name: "tertiary", kinds: ["tertiary"], from: 9, widths: [0.5, 2, 9, 40], isMinor: false },
  { name: "secondary", kinds: ["secondary"], from: 8, widths: [1, 3, 11, 46], isMinor: false },
  { name: "primary", kinds: ["primary"], from: 6, widths: [1.5, 5, 14, 54], isMinor: false },
  { name: "motorway", kinds: ["motorway", "trunk"], from: 5, widths: [2.5, 7, 17, 62], isMinor: false },
] as const;
type RoadClass = (typeof ROADS)[number];

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
          ["forest", "wood"],
          land.forest,
          ["park", "garden", "pitch", "golf_course", "cemetery"],
          land.park,
          ["grass", "meadow", "farmland", "orchard", "vineyard", "scrub", "heath", "wetland"],
          land.grass,
          ["rock", "scree", "bare_rock", "sand", "beach"],
          land.rock,
          ["ice", "glacier"],
          land.ice,
          ["industrial", "commercial", "retail", "railway", "parking", "airport"],
          land.works,
          "residential",
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
  const open = both(not(tunnel), not(bridge));
  return [
    ...ROADS.flatMap((road) => [casing(road, "tunnel", tunnel, colours), filling(road, "tunnel", tunnel, colours)]),
    ...ROADS.filter((road) => !road.isMinor).map((road) => casing(road, "road", open, colours)),
    ...ROADS.map((road) => filling(road, "road", open, colours)),
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
    ...ROADS.flatMap((road) => [casing(road, "bridge", bridge, colours), filling(road, "bridge", bridge, colours)]),
    {
      id: "one-way",
      type: "symbol",
      source: TILES,
      "source-layer": "roads",
      minzoom: 15.5,
      filter: both(has("oneway"), isOne("minor", "tertiary", "secondary", "primary", "service")),
      layout: { "symbol-placement": "line", "symbol-spacing": 260, "icon-image": "one-way", "icon-padding": 8 },
      paint: { "icon-opacity": 0.7 },
    },
  ];
}

function filling(road: RoadClass, level: string, where: ExpressionSpecification, colours: MapColours): LayerSpecification {
  const [at7, at11, at14, at18] = road.widths;
  const isTrack = road.name === "track";
  const inTunnel = level === "tunnel";
  return {
    id: `${level}-${road.name}`,
    type: "line",
    source: TILES,
    "source-layer": "roads",
    minzoom: road.from,
    filter: both(isOne(...road.kinds), where),
    layout: inTunnel || isTrack ? { "line-join": "round" } : ROUND,
    paint: {
      "line-color": isTrack
        ? colours.track
        : road.name === "motorway"
          ? inTunnel ? colours.tunnelMain : colours.main
          : road.name === "primary" || road.name === "secondary"
            ? inTunnel ? colours.tunnel : colours.great
            : inTunnel ? colours.tunnel : colours.road,
      "line-width": growing([7, at7], [11, at11], [14, at14], [18, at18]),
      ...(isTrack ? { "line-dasharray": [2, 1.5] } : {}),
    },
  };
}

/** Around a road; dashed it means a tunnel, strong a bridge. */
function casing(road: RoadClass, level: string, where: ExpressionSpecification, colours: MapColours): LayerSpecification {
  const [at7, at11, at14, at18] = road.widths;
  return {
    id: `${level}-${road.name}-edge`,
    type: "line",
    source: TILES,
    "source-layer": "roads",
    minzoom: Math.max(road.from, 11),
    filter: both(isOne(...road.kinds), where),
    layout: level === "road" ? ROUND : { "line-join": "round" },
    paint: {
      "line-color": level === "bridge" ? colours.bridge : colours.edge,
      "line-width": growing([7, at7 + 1], [11, at11 + 2], [14, at14 + 4], [18, at18 + 6]),
      ...(level === "tunnel" ? { "line-dasharray": [1.5, 1] } : {}),
    },
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
      minzoom: 10,
      layout: {
        "icon-image": "peak",
        "text-field": ["format", name, {}, ["case", ["has", "ele"], ["concat", "\n", ["to-string", ["get", "ele"]], " m"], ""], { "font-scale": 0.85 }],
        "text-font": regular,
        "text-size": 24,
        "text-anchor": "top",
        "text-offset": [0, 0.7],
        "text-max-width": 8,
        "text-optional": true,
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
