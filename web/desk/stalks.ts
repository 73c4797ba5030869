// Lights, wipers and the hazard switch.

import { html, type TemplateResult } from "lit/html.js";
import fogIcon from "@mdi/svg/svg/car-light-fog.svg";
import hazardIcon from "@mdi/svg/svg/hazard-lights.svg";
import highIcon from "@mdi/svg/svg/car-light-high.svg";
import flashIcon from "@mdi/svg/svg/flash-outline.svg";
import type { LightSwitch, WiperMode } from "../shared/protocol";
import { type Desk, latch, momentary, positions } from "./desk";

const LIGHTS = "Vehicle.Body.Lights";

export const STALK_PATHS: readonly string[] = [
  `${LIGHTS}.Beam.High.IsOn`,
  `${LIGHTS}.Beam.Low.IsOn`,
  `${LIGHTS}.Fog.Front.IsOn`,
  `${LIGHTS}.Fog.Rear.IsOn`,
  `${LIGHTS}.Hazard.IsSignaling`,
];

export const LIGHT_SWITCH: readonly (readonly [LightSwitch, string])[] = [
  ["OFF", "Off"],
  ["POSITION", "Position"],
  ["AUTO", "Auto"],
  ["BEAM", "Low"],
];
export const WIPER: readonly (readonly [WiperMode, string])[] = [
  ["OFF", "Off"],
  ["RAIN_SENSOR", "Auto"],
  ["INTERVAL", "Int"],
  ["SLOW", "Slow"],
  ["MEDIUM", "Med"],
  ["FAST", "Fast"],
];

export function stalks(desk: Desk): TemplateResult {
  const lit = (path: string) => desk.readings.boolean(`${LIGHTS}.${path}`);
  const high = desk.simulation.state.value?.controls.high_beam ?? false;
  return html`
    <div class="group">
      <h2>Lights</h2>
      ${positions(desk, "light_switch", "Light switch", LIGHT_SWITCH)}
      <div class="grid">
        ${latch(desk, "high_beam", {
          title: "High beam",
          drawing: highIcon,
          shortcut: "B",
          lamp: lit("Beam.High.IsOn"),
        })}
        ${momentary("flash", high, { title: "Flash", drawing: flashIcon, shortcut: "F" }, (down) => flash(desk, down))}
        ${latch(desk, "fog_front", { title: "Front fog", drawing: fogIcon, lamp: lit("Fog.Front.IsOn") })}
        ${latch(desk, "fog_rear", { title: "Rear fog", drawing: fogIcon, lamp: lit("Fog.Rear.IsOn") })}
      </div>
    </div>
    <div class="group">
      <h2>Wipers</h2>
      ${positions(desk, "wiper", "Wipers", WIPER)}
    </div>
    <div class="hazard">
      ${latch(desk, "hazard", {
        title: "Hazard lights",
        drawing: hazardIcon,
        shortcut: "H",
        lamp: lit("Hazard.IsSignaling"),
      })}
    </div>
  `;
}

let before: boolean | null = null; // the stalk's place before a flash; null: no flash under way

/** High beam while held, then as it was. */
export function flash(desk: Desk, down: boolean): void {
  if (down === (before !== null)) return;
  if (down) {
    before = desk.simulation.state.peek()?.controls.high_beam ?? false;
    desk.simulation.set({ high_beam: true });
  } else {
    desk.simulation.set({ high_beam: before ?? false });
    before = null;
  }
}

/** The position after the one that `name` is in. */
export function next(desk: Desk, name: "light_switch" | "wiper"): void {
  const all = (name === "wiper" ? WIPER : LIGHT_SWITCH).map(([value]) => value);
  const now = desk.simulation.state.peek()?.controls[name];
  const after = all[(all.findIndex((value) => value === now) + 1) % all.length];
  desk.simulation.set({ [name]: after });
}
