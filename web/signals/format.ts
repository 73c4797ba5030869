// Values, ages and units as a person reads them.

import type { Value } from "../shared/protocol";

const UNITS: Readonly<Record<string, string>> = {
  Celsius: "°C",
  celsius: "°C",
  percent: "%",
  degrees: "°",
  "degrees/s": "°/s",
  "m/s^2": "m/s²",
};

export function unit(name: string): string {
  return UNITS[name] ?? name;
}

export function valueText(of: Value | null): string {
  if (of === null) return "–";
  if (typeof of === "number")
    return Number.isInteger(of) ? String(of) : String(Number(of.toFixed(Math.abs(of) < 100 ? 3 : 2)));
  if (typeof of === "boolean") return of ? "true" : "false";
  if (Array.isArray(of)) return of.length === 0 ? "[ ]" : of.map(valueText).join(", ");
  return of === "" ? "“”" : of;
}

/** Since when nothing came, coarse on purpose: below a second it is live. */
export function age(heard_ms: number, now_ms: number): string {
  if (heard_ms === -Infinity) return "never";
  const s = Math.max(0, (now_ms - heard_ms) / 1000);
  if (s < 2) return "live";
  if (s < 90) return `${Math.floor(s)} s`;
  return s < 5400 ? `${Math.round(s / 60)} min` : `${Math.round(s / 3600)} h`;
}
