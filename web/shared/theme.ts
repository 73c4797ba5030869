// Day or night, on `<html data-theme>`: from the light outside, as people chose it, or forced by `?theme=day|night`.

import { effect } from "@preact/signals-core";
import type { Readings } from "./readings";

export const LIGHT_PATH = "Vehicle.Exterior.LightIntensity";
export const LOW_BEAM_PATH = "Vehicle.Body.Lights.Beam.Low.IsOn";
/** What people chose: AUTO, DAY or NIGHT. */
export const CHOICE_PATH = "Vehicle.Alpenglow.Cockpit.Theme";
/** What a page must follow for its theme. */
export const THEME_PATHS: readonly string[] = [LIGHT_PATH, LOW_BEAM_PATH, CHOICE_PATH];

/** Percent of full light; the gap keeps trees and bridges from making the theme flicker. */
const NIGHT_BELOW = 20;
const DAY_ABOVE = 35;

export type Theme = "day" | "night";

/** The theme to show after `previous`; unknown light leaves it to the low beam, and that unknown to the past. */
export function nextTheme(previous: Theme, light_percent: number | null, lowBeam: boolean | null): Theme {
  if (light_percent !== null) {
    if (light_percent < NIGHT_BELOW) return "night";
    return light_percent > DAY_ABOVE ? "day" : previous;
  }
  if (lowBeam === null) return previous;
  return lowBeam ? "night" : "day";
}

/** Keeps the page's theme right; the page follows `THEME_PATHS`. */
export function followTheme(readings: Readings): void {
  const root = document.documentElement;
  const forced = new URLSearchParams(location.search).get("theme");
  if (forced === "day" || forced === "night") {
    root.dataset["theme"] = forced;
    return;
  }
  let theme: Theme = root.dataset["theme"] === "day" ? "day" : "night"; // as the server made the page
  effect(() => {
    theme = nextTheme(theme, readings.number(LIGHT_PATH), readings.boolean(LOW_BEAM_PATH));
    const chosen = readings.string(CHOICE_PATH);
    root.dataset["theme"] = chosen === "DAY" || chosen === "NIGHT" ? chosen.toLowerCase() : theme;
  });
}
