// The seats and the steering wheel: where they are in the cabin, and what each of them can do in this car.

import type { Key } from "../../shared/words";
import type { Car } from "../car";
import { has } from "../climate/zones";

export interface Place {
  readonly name: Key;
  readonly branch: string;
  /** Row and column in the cabin, front left first. */
  readonly row: 1 | 2 | 3;
  readonly column: 1 | 2;
  readonly isWheel?: boolean;
}

const seat = (name: Key, at: string, row: 2 | 3, column: 1 | 2): Place => ({
  name,
  branch: `Vehicle.Cabin.Seat.${at}`,
  row,
  column,
});
export const WHEEL: Place = {
  name: "comfort.wheel",
  branch: "Vehicle.Chassis.SteeringWheel",
  row: 1,
  column: 1,
  isWheel: true,
};
export const DRIVER = seat("comfort.driver", "Row1.DriverSide", 2, 1);
export const PASSENGER = seat("comfort.passenger", "Row1.PassengerSide", 2, 2);
export const PLACES: readonly Place[] = [
  WHEEL,
  DRIVER,
  PASSENGER,
  seat("comfort.rear_left", "Row2.DriverSide", 3, 1),
  seat("comfort.rear_right", "Row2.PassengerSide", 3, 2),
];

/** What this screen may set: on their own screen passengers leave the driver's place alone. Reactive. */
export function placesOf(car: Car): readonly Place[] {
  const mine = car.screen === "passenger" ? PLACES.filter((place) => place !== WHEEL && place !== DRIVER) : PLACES;
  return mine.filter(({ branch }) => ["HeatingCooling", "Position", "Tilt"].some((leaf) => has(car, `${branch}.${leaf}`)));
}

/** Percent, as VSS has it: below 0 it cools. */
export const WARMTH = [-100, -67, -33, 0, 33, 67, 100] as const;
export const WHEEL_WARMTH = [0, 50, 100] as const;
export const MASSAGE = [0, 33, 67, 100] as const;

/** One way in which a part moves. */
export interface Axis {
  readonly leaf: string;
  /** In the signal's own unit, for one touch. */
  readonly step: number;
  readonly unit: string;
  readonly less: Key;
  readonly more: Key;
}

export const SEAT_AXES = {
  along: { leaf: "Position", step: 10, unit: "mm", less: "comfort.forward", more: "comfort.back" },
  height: { leaf: "Height", step: 5, unit: "mm", less: "comfort.lower", more: "comfort.higher" },
  tilt: { leaf: "Tilt", step: 1, unit: "°", less: "comfort.front_down", more: "comfort.front_up" },
  recline: { leaf: "Backrest.Recline", step: 2, unit: "°", less: "comfort.upright", more: "comfort.recline" },
  headrest: { leaf: "Headrest.Height", step: 10, unit: "mm", less: "comfort.headrest_down", more: "comfort.headrest_up" },
} as const satisfies Record<string, Axis>;

export const WHEEL_AXES = {
  height: { leaf: "Tilt", step: 5, unit: "%", less: "comfort.lower", more: "comfort.higher" },
  along: { leaf: "Extension", step: 5, unit: "%", less: "comfort.away", more: "comfort.nearer" },
} as const satisfies Record<string, Axis>;

/** What is set in percent. */
export const SUPPORTS: readonly (readonly [leaf: string, name: Key])[] = [
  ["Backrest.LumbarSupport", "comfort.lumbar"],
  ["Backrest.SideBolsterSupport", "comfort.bolsters"],
];
