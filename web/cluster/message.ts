// What the message area says: the safety process's own words first, then what this page alone knows.

import type { Gear } from "./format";
import { duration } from "./format";

export type Level = "INFO" | "WARNING" | "STOP";

export interface Message {
  readonly text: string;
  readonly level: Level;
}

export interface Known {
  /** Whether values arrive from the safety process. */
  readonly connected: boolean;
  readonly text: string | null;
  readonly level: string | null;
  readonly speed: number | null;
  readonly gear: Gear | null;
  readonly charging: boolean;
  readonly charge_power_kw: number | null;
  readonly charge_time_s: number | null;
  readonly charge_limit_percent: number | null;
}

export function message(known: Known): Message | null {
  if (!known.connected) return { text: "No connection to the car", level: "STOP" };
  if (known.text) return { text: known.text, level: level(known.level) };
  if (known.speed === null) return { text: "Speed not available", level: "WARNING" };
  if (known.gear === null) return { text: "Gear not available", level: "WARNING" };
  if (known.charging) return { text: chargingText(known), level: "INFO" };
  return null;
}

/** A text whose level is lost is still worth a warning. */
function level(name: string | null): Level {
  return name === "INFO" || name === "STOP" ? name : "WARNING";
}

function chargingText(known: Known): string {
  const parts = ["Charging"];
  if (known.charge_power_kw !== null) parts[0] += ` at ${known.charge_power_kw.toFixed(0)} kW`;
  if (known.charge_time_s) {
    const limit = known.charge_limit_percent;
    parts.push(duration(known.charge_time_s) + (limit ? ` to ${limit} %` : " left"));
  }
  return parts.join(" · ");
}
