// "Jam ahead": a slow stretch on the way that is followed, as a traffic service would report it.

import { effect, signal } from "@preact/signals-core";
import type { Jam } from "../shared/protocol";
import type { Desk } from "./desk";

const NAVIGATION = "Vehicle.Alpenglow.Navigation";
const PROGRESS = `${NAVIGATION}.Progress`;
const TRAFFIC = `${NAVIGATION}.Traffic.Revision`;

export const JAM_PATHS: readonly string[] = [PROGRESS, TRAFFIC];

const SOURCE = "desk";
const [BEGIN_M, END_M] = [1000, 3000]; // ahead of the car
const LEAST_M = 200;
const SPEED_FACTOR = 0.3;
const UNTIL_S = 15 * 60;
const EARTH_M = 6_371_009;

type Point = readonly [lon: number, lat: number];

/** Whether the desk has put a jam somewhere. Reactive. */
export const jammed = signal(false);

/** Puts a jam on the way ahead. Raises what the car says, or why there is no room for one. */
export async function jam({ connection, readings }: Desk): Promise<void> {
  const { trip } = await connection.call("navigation.guidance", {});
  const at = readings.number(PROGRESS) ?? 0;
  const points = trip ? stretch(trip.route.points, at + BEGIN_M, at + END_M) : [];
  if (length(points) < LEAST_M) throw new Error("There is too little of the route left for a jam");
  const stretches: Jam[] = [{ points, speed_factor: SPEED_FACTOR, until_s: UNTIL_S, cause: "" }];
  await connection.call("navigation.report_traffic", { source: SOURCE, stretches });
}

export async function clearJam({ connection }: Desk): Promise<void> {
  await connection.call("navigation.report_traffic", { source: SOURCE, stretches: [] });
}

/** Keeps `jammed` right: a jam ends by itself too. */
export function followJam({ connection, readings }: Desk): void {
  effect(() => {
    if (connection.state.value !== "live" || !readings.number(TRAFFIC)) {
      jammed.value = false;
      return;
    }
    connection.call("navigation.traffic", {}).then(
      (known) => (jammed.value = known.some(({ source }) => source === SOURCE)),
      () => (jammed.value = false),
    );
  });
}

/** The points of a line between two distances [m] from its start. */
function stretch(line: readonly Point[], begin: number, end: number): [number, number][] {
  let gone = 0;
  return line.flatMap(([lon, lat], index): [number, number][] => {
    if (index) gone += metres(line[index - 1]!, [lon, lat]);
    return gone >= begin && gone <= end ? [[lon, lat]] : [];
  });
}

function length(line: readonly Point[]): number {
  return line.reduce((sum, point, index) => (index ? sum + metres(line[index - 1]!, point) : 0), 0);
}

function metres([lon, lat]: Point, [toLon, toLat]: Point): number {
  const degree = (Math.PI / 180) * EARTH_M;
  return degree * Math.hypot(toLat - lat, (toLon - lon) * Math.cos((lat * Math.PI) / 180));
}
