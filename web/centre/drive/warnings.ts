// What the driver has to know now, the most urgent first.

import { Quality } from "../../shared/readings";
import type { Key } from "../../shared/words";
import type { Car } from "../car";
import { DEPARTURE, LANE, LIMIT, OBJECTS, OBSTACLE, SPEED } from "./paths";

/** By name: how urgent, and the words. */
export const WARNINGS = {
  brake: { tone: "danger", text: "drive.warn_brake" },
  close: { tone: "danger", text: "drive.warn_close" },
  lane: { tone: "caution", text: "drive.warn_lane" },
  limit: { tone: "caution", text: "drive.warn_limit" },
  radar_lost: { tone: "caution", text: "drive.radar_lost" },
  no_radar: { tone: "note", text: "drive.no_radar" },
  no_lines: { tone: "note", text: "drive.no_lines" },
} as const satisfies Readonly<Record<string, { tone: "danger" | "caution" | "note"; text: Key }>>;

export type Warning = keyof typeof WARNINGS;

/** A gap that is too short: half of what drivers are taught. */
export const SHORT_GAP_MS = 1000;
/** Below this speed cars stand closer than that in any queue. */
const QUEUE_KMH = 30;
/** A speedometer may show so much too much (UN R39 5.4: a tenth and 4 km/h). */
const TOLERANCE_KMH = 4;

/** Reactive. */
export function warnings({ readings }: Car): readonly Warning[] {
  const speed = readings.number(SPEED) ?? 0;
  const gap = readings.number(`${OBSTACLE}.TimeGap`);
  const limit = readings.number(LIMIT);
  const radar = readings.quality(OBJECTS);
  const brakes = readings.boolean(`${OBSTACLE}.IsWarning`) === true;
  const holds: Readonly<Record<Warning, boolean>> = {
    brake: brakes,
    close: !brakes && gap !== null && gap < SHORT_GAP_MS && speed > QUEUE_KMH,
    lane: readings.boolean(`${DEPARTURE}.IsWarning`) === true,
    limit: !!limit && speed > limit + TOLERANCE_KMH,
    radar_lost: radar === Quality.STALE || radar === Quality.INVALID,
    no_radar: radar === Quality.UNAVAILABLE,
    no_lines: readings.quality(`${LANE}Width`) !== Quality.VALID,
  };
  return (Object.keys(WARNINGS) as Warning[]).filter((name) => holds[name]);
}
