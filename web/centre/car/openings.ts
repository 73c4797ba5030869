// Everything of the car that opens: where it is drawn, how it says where it is, and what a touch does.

import boot from "@mdi/svg/svg/car-back.svg";
import door from "@mdi/svg/svg/car-door.svg";
import flap from "@mdi/svg/svg/ev-plug-type2.svg";
import hood from "@mdi/svg/svg/car-info.svg";
import mirror from "@mdi/svg/svg/mirror-rectangle.svg";
import roof from "@mdi/svg/svg/window-open-variant.svg";
import shade from "@mdi/svg/svg/blinds-horizontal.svg";
import glass from "@mdi/svg/svg/window-closed-variant.svg";
import type { Key } from "../../shared/words";
import type { Car } from "../car";
import { has } from "../climate/zones";
import { move, stop, targetOf } from "./motion";

export interface Opening {
  readonly name: Key;
  /** Its branch in the catalogue. */
  readonly branch: string;
  readonly kind: "door" | "window" | "lid" | "roof" | "shade" | "flap" | "mirror";
  /** Where the finger goes, in thousandths of the drawing. */
  readonly x: number;
  readonly y: number;
}

const DRAWINGS: Readonly<Record<Opening["kind"], string>> = { door, window: glass, lid: boot, roof, shade, flap, mirror };

const CORNERS = [
  ["Row1.DriverSide", "front_left", 1, 450],
  ["Row1.PassengerSide", "front_right", -1, 450],
  ["Row2.DriverSide", "rear_left", 1, 645],
  ["Row2.PassengerSide", "rear_right", -1, 645],
] as const;
const across = (side: 1 | -1, from_left: number) => (side > 0 ? from_left : 1000 - from_left);

export const DOORS: readonly Opening[] = CORNERS.map(([at, place, side, y]) => ({
  name: `car.door_${place}`,
  branch: `Vehicle.Cabin.Door.${at}`,
  kind: "door",
  x: across(side, 40),
  y,
}));
export const WINDOWS: readonly Opening[] = CORNERS.map(([at, place, side, y]) => ({
  name: `car.window_${place}`,
  branch: `Vehicle.Cabin.Door.${at}.Window`,
  kind: "window",
  x: across(side, 366),
  y,
}));
export const ROOF: Opening = { name: "car.sunroof", branch: "Vehicle.Cabin.Sunroof", kind: "roof", x: 500, y: 480 };
const ROOF_SHADE: Opening = { name: "car.sunroof_shade", branch: "Vehicle.Cabin.Sunroof.Shade", kind: "shade", x: 500, y: 612 };
const REAR_SHADE: Opening = { name: "car.rear_shade", branch: "Vehicle.Cabin.RearShade", kind: "shade", x: 500, y: 768 };
const DOOR_SHADES: readonly Opening[] = CORNERS.slice(2).map(([at, place]) => ({
  name: `car.shade_${place}` as Key,
  branch: `Vehicle.Cabin.Door.${at}.Shade`,
  kind: "shade",
  x: 0,
  y: 0,
}));
export const SHADES: readonly Opening[] = [ROOF_SHADE, REAR_SHADE, ...DOOR_SHADES];
export const BONNET: Opening = { name: "car.bonnet", branch: "Vehicle.Body.Hood", kind: "lid", x: 500, y: 105 };
export const FRONT_BOOT: Opening = { name: "car.front_boot", branch: "Vehicle.Body.Trunk.Front", kind: "lid", x: 500, y: 225 };
export const BOOT: Opening = { name: "car.boot", branch: "Vehicle.Body.Trunk.Rear", kind: "lid", x: 500, y: 900 };
export const FLAP: Opening = {
  name: "car.charge_flap",
  branch: "Vehicle.Powertrain.TractionBattery.Charging.ChargingPort.AnyPosition",
  kind: "flap",
  x: 40,
  y: 205,
};
export const MIRRORS: readonly Opening[] = (["DriverSide", "PassengerSide"] as const).map((side, index) => ({
  name: index ? "car.mirror_right" : "car.mirror_left",
  branch: `Vehicle.Body.Mirrors.${side}`,
  kind: "mirror",
  x: index ? 960 : 40,
  y: 325,
}));

/** What is touched on the drawing. */
export const DRAWN: readonly Opening[] = [
  BONNET, FRONT_BOOT, FLAP, ...MIRRORS, ...DOORS, ...WINDOWS, ROOF, ROOF_SHADE, REAR_SHADE, BOOT,
];

/** Where this car has it in its signals; null: it has none. Reactive. */
export function pathOf(car: Car, { branch, kind }: Opening): string | null {
  const leaves = kind === "flap" ? ["IsFlapOpen"] : kind === "mirror" ? ["IsFolded"] : ["Position", "IsOpen"];
  return leaves.map((leaf) => `${branch}.${leaf}`).find((path) => has(car, path)) ?? null;
}

/** How far it is open, 0…100 (a sunroof below 0: tilted; a shade: how far it is drawn); null: unknown. */
export function openness(car: Car, path: string): number | null {
  if (path.endsWith("Position")) return car.readings.number(path);
  const isSo = car.readings.boolean(path);
  return isSo === null ? null : isSo ? 100 : 0;
}

/** Opens what is shut and shuts what is open; what is on its way stops. */
export function touch(car: Car, path: string): void {
  const at = openness(car, path);
  if (at === null) return;
  if (!path.endsWith("Position")) car.actuation.request(path, at === 0);
  else if (targetOf(path) !== null) stop(car, path);
  else move(car, path, Math.abs(at) > 1 ? 0 : 100);
}

/** Its icon; a brand may have its own. */
export function drawingOf(opening: Opening): string {
  return opening === BONNET ? hood : DRAWINGS[opening.kind];
}

/** What it is doing, in a word; `short`: without where it goes. */
export function stateOf(car: Car, opening: Opening, path: string, short = false): string {
  const at = openness(car, path);
  if (at === null) return car.t("common.unknown");
  if (opening.kind === "mirror") return car.t(at ? "car.folded" : "car.unfolded");
  const target = targetOf(path);
  if (target !== null && !short) return `${car.units.number(at)} → ${car.units.number(target)} %`;
  if (opening.kind === "shade") return at === 0 ? car.t("car.drawn_back") : at >= 100 ? car.t("car.drawn") : `${car.units.number(at)} %`;
  if (at === 0) return car.t("car.shut");
  if (at < 0) return car.t("car.tilted");
  return at >= 100 ? car.t("car.open") : `${car.units.number(at)} %`;
}
