// The map's pictures, drawn in the brand's colours: pins, shields, peaks, arrows. Icons are those of the page's sprite.

import type { StyleImageMetadata } from "maplibre-gl";
import bedIcon from "@mdi/svg/svg/bed.svg";
import cafeIcon from "@mdi/svg/svg/coffee.svg";
import chargerIcon from "@mdi/svg/svg/lightning-bolt.svg";
import flagIcon from "@mdi/svg/svg/flag-checkered.svg";
import fuelIcon from "@mdi/svg/svg/gas-station.svg";
import hospitalIcon from "@mdi/svg/svg/hospital-box.svg";
import parkingIcon from "@mdi/svg/svg/parking.svg";
import pharmacyIcon from "@mdi/svg/svg/medical-bag.svg";
import placeIcon from "@mdi/svg/svg/circle.svg";
import restaurantIcon from "@mdi/svg/svg/silverware-fork-knife.svg";
import shopIcon from "@mdi/svg/svg/cart.svg";
import sprite from "virtual:icon-sprite";
import type { ChargerState } from "../../shared/protocol";
import type { MapColours } from "./colours";

export interface MapImage {
  readonly data: ImageData;
  readonly options: Partial<StyleImageMetadata>;
}

/** Drawn at this many pixels for one px of the style, for screens that show more. */
const FINE = 2;

const POIS: Readonly<Record<string, string>> = {
  fuel: fuelIcon,
  parking: parkingIcon,
  cafe: cafeIcon,
  restaurant: restaurantIcon,
  fast_food: restaurantIcon,
  hotel: bedIcon,
  supermarket: shopIcon,
  hospital: hospitalIcon,
  pharmacy: pharmacyIcon,
};
const SPRITE_SIZE = 24;

let drawings: Promise<ReadonlyMap<string, Path2D>> | undefined;

/** The drawings of the page's sprite by their name. */
function fetchDrawings(): Promise<ReadonlyMap<string, Path2D>> {
  drawings ??= fetch(sprite).then(async (answer) => {
    const parsed = new DOMParser().parseFromString(await answer.text(), "image/svg+xml");
    return new Map([...parsed.querySelectorAll("path")].map((path) => [path.id, new Path2D(path.getAttribute("d") ?? "")]));
  });
  return drawings;
}

/** All pictures by their name in the style. */
export async function images(colours: MapColours): Promise<ReadonlyMap<string, MapImage>> {
  const paths = await fetchDrawings();
  const made = new Map<string, MapImage>();
  const draw = (name: string, width: number, height: number, paint: (to: CanvasRenderingContext2D) => void, options: Partial<StyleImageMetadata> = {}) => {
    const canvas = document.createElement("canvas");
    canvas.width = width * FINE;
    canvas.height = height * FINE;
    const to = canvas.getContext("2d")!;
    to.scale(FINE, FINE);
    to.lineJoin = to.lineCap = "round";
    paint(to);
    made.set(name, { data: to.getImageData(0, 0, canvas.width, canvas.height), options: { pixelRatio: FINE, ...options } });
  };
  const icon = (to: CanvasRenderingContext2D, name: string, x: number, y: number, size: number, colour: string) => {
    to.save();
    to.translate(x - size / 2, y - size / 2);
    to.scale(size / SPRITE_SIZE, size / SPRITE_SIZE);
    to.fillStyle = colour;
    to.fill(paths.get(name) ?? new Path2D());
    to.restore();
  };
  const pin = (name: string, drawing: string, size: number, fill: string, ink: string, edge: string) =>
    draw(name, size + 8, size * 1.24 + 8, (to) => {
      const radius = size / 2;
      to.translate(4 + radius, 4 + radius);
      to.beginPath();
      to.arc(0, 0, radius, Math.PI * 0.82, Math.PI * 0.18);
      to.quadraticCurveTo(radius * 0.5, radius * 0.9, 0, radius * 1.45);
      to.quadraticCurveTo(-radius * 0.5, radius * 0.9, radius * Math.cos(Math.PI * 0.82), radius * Math.sin(Math.PI * 0.82));
      to.closePath();
      to.fillStyle = fill;
      to.strokeStyle = edge;
      to.lineWidth = 5;
      to.stroke();
      to.fill();
      icon(to, drawing, 0, 0, size * 0.62, ink);
    });

  const { surface, isNight } = colours;
  pin("mark-destination", flagIcon, 84, colours.accent, colours.onRoute, surface);
  pin("mark-place", placeIcon, 76, colours.accent, colours.onRoute, surface);
  pin("mark-via", placeIcon, 62, colours.accent, colours.onRoute, surface);
  pin("mark-charge", chargerIcon, 76, colours.area, surface, surface);
  const states: Readonly<Record<ChargerState, string>> = {
    available: colours.ok,
    busy: colours.caution,
    out_of_order: colours.danger,
    unknown: colours.quiet,
  };
  for (const [state, colour] of Object.entries(states)) pin(`charger-${state}`, chargerIcon, 58, colour, isNight ? "#06080b" : "#fff", surface);

  const dot = (name: string, drawing: string | null) =>
    draw(name, 44, 44, (to) => {
      to.beginPath();
      to.arc(22, 22, drawing ? 19 : 9, 0, 2 * Math.PI);
      to.fillStyle = colours.shield;
      to.strokeStyle = colours.boundary;
      to.lineWidth = 2.5;
      to.fill();
      to.stroke();
      if (drawing) icon(to, drawing, 22, 22, 24, colours.quiet);
    });
  dot("poi", null);
  for (const [category, drawing] of Object.entries(POIS)) dot(`poi-${category}`, drawing);

  draw("peak", 26, 24, (to) => {
    to.fillStyle = colours.quiet;
    to.fill(new Path2D("M13 3 24 21H2Z"));
  });
  draw("one-way", 40, 24, (to) => {
    to.strokeStyle = colours.quiet;
    to.lineWidth = 3.5;
    to.stroke(new Path2D("M4 12H35M27 5l8 7-8 7"));
  });
  // Its middle is stretched around a road's number.
  draw(
    "shield",
    40,
    40,
    (to) => {
      to.fillStyle = colours.shield;
      to.strokeStyle = colours.boundary;
      to.lineWidth = 2.5;
      to.beginPath();
      to.roundRect(2, 2, 36, 36, 9);
      to.fill();
      to.stroke();
    },
    { stretchX: [[24, 56]], stretchY: [[24, 56]], content: [16, 12, 64, 68] },
  );
  return made;
}
