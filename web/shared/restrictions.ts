// What the driver's screen may not do now, in the bits of Android's CarUxRestrictions.
//
// What always holds: while nobody says what is restricted, everything is.

import type { Readings } from "./readings";

export const RESTRICTIONS_PATH = "Vehicle.Alpenglow.UxRestrictions";

/** The bits that these pages heed; all are in safety/driving_state.py. */
export const Restriction = {
  LIMIT_STRING_LENGTH: 4,
  NO_KEYBOARD: 8,
  LIMIT_CONTENT: 32,
  NO_SETUP: 64,
} as const;
export type Restriction = (typeof Restriction)[keyof typeof Restriction];

/** Whether the car's driving state forbids it; the page follows `RESTRICTIONS_PATH`. Reactive. */
export function isRestricted(readings: Readings, restriction: Restriction): boolean {
  const bits = readings.number(RESTRICTIONS_PATH);
  return bits === null || (bits & restriction) !== 0;
}
