// The car: what opens is touched where it is; beside it locks, windows, lights, wipers and mirrors.

import "./car.css";
import "./track.css";
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import childIcon from "@mdi/svg/svg/car-child-seat.svg";
import domeIcon from "@mdi/svg/svg/dome-light.svg";
import fogIcon from "@mdi/svg/svg/car-light-fog.svg";
import highIcon from "@mdi/svg/svg/car-light-high.svg";
import lockIcon from "@mdi/svg/svg/lock.svg";
import openIcon from "@mdi/svg/svg/lock-open-variant-outline.svg";
import type { Key } from "../../shared/words";
import type { Car } from "../car";
import { has } from "../climate/zones";
import { type Choice, segments } from "../controls";
import type { CentrePage } from "../page";
import { adjuster } from "./adjuster";
import { drawing, DRAWING_PATHS } from "./drawing";
import { move, targetOf } from "./motion";
import { DOORS, DRAWN, drawingOf, type Opening, openness, pathOf, ROOF, SHADES, stateOf, touch, WINDOWS } from "./openings";
import { track } from "./track";

const LIGHTS = "Vehicle.Body.Lights";
const WIPING = (glass: "Front" | "Rear") => `Vehicle.Body.Windshield.${glass}.Wiping.Mode`;
const LOCKS = [...DOORS.map(({ branch }) => `${branch}.IsLocked`), "Vehicle.Body.Trunk.Rear.IsLocked"];
const CHILD_LOCKS = DOORS.slice(2).map(({ branch }) => `${branch}.IsChildLockActive`);
const WINDOW_LOCK = "Vehicle.Cabin.IsWindowChildLockEngaged";
const DOME = "Vehicle.Cabin.Light.IsDomeOn";
const GLOVE_BOX = "Vehicle.Alpenglow.GloveBox.IsLocked";

const TABS = ["windows", "locks", "lights", "wipers", "mirrors"] as const;
type Tab = (typeof TABS)[number];
const shown = signal<Tab>("windows");

function tile(car: Car, opening: Opening): TemplateResult | typeof nothing {
  const path = pathOf(car, opening);
  if (path === null) return nothing;
  const { pending, tone } = car.actuation.of(path);
  const at = openness(car, path);
  const target = targetOf(path);
  const moving = target !== null || pending !== null;
  const state = stateOf(car, opening, path);
  const isNamed = opening.kind !== "window" && opening.kind !== "roof" && opening.kind !== "shade";
  return html`<button
    class="place"
    type="button"
    style="--x: ${opening.x / 10}; --y: ${opening.y / 10}"
    data-path=${path}
    data-kind=${opening.kind}
    data-beside=${opening.x < 300 ? "left" : opening.x > 700 ? "right" : nothing}
    data-open=${at !== null && at !== 0}
    data-state=${moving ? "pending" : tone !== "ok" ? "refused" : at === null ? "unknown" : "known"}
    data-value=${at ?? nothing}
    data-target=${target ?? nothing}
    aria-label=${`${car.t(opening.name)}: ${state}`}
    @click=${() => touch(car, path)}
  >
    ${car.icon(opening.kind, drawingOf(opening))} ${isNamed ? html`<span>${car.t(opening.name)}</span>` : nothing}
    ${at !== 0 || moving ? html`<b>${stateOf(car, opening, path, !isNamed)}</b>` : nothing}
  </button>`;
}

function slide(car: Car, opening: Opening): TemplateResult | typeof nothing {
  const path = pathOf(car, opening);
  if (path === null || !path.endsWith("Position")) return nothing;
  const least = opening === ROOF ? -100 : 0; // below 0 it is tilted
  return track(car, { path, title: car.t(opening.name), least, most: 100, step: 5, state: stateOf(car, opening, path) });
}

function windows(car: Car): TemplateResult {
  const all = (target: number) => () => {
    for (const opening of WINDOWS) {
      const path = pathOf(car, opening);
      if (path?.endsWith("Position")) move(car, path, target);
    }
  };
  return html`
    <div class="pair">
      <button class="button" type="button" data-control="open_all" @click=${all(100)}>${car.t("car.open_all")}</button>
      <button class="button" type="button" data-control="shut_all" @click=${all(0)}>${car.t("car.shut_all")}</button>
    </div>
    <div class="tracks">${[...WINDOWS, ROOF, ...SHADES].map((opening) => slide(car, opening))}</div>
  `;
}

function locks(car: Car): TemplateResult {
  const mine = LOCKS.filter((path) => has(car, path));
  const states = mine.map((path) => car.readings.boolean(path));
  const locked = states.length > 0 && states.every((isLocked) => isLocked === true);
  const ask = () => mine.forEach((path) => car.actuation.request(path, !locked));
  const pending = mine.some((path) => car.actuation.of(path).pending !== null);
  const child = CHILD_LOCKS.filter((path) => has(car, path));
  return html`
    <button
      class="button lock-all"
      type="button"
      data-control="lock_all"
      data-state=${pending ? "pending" : "known"}
      aria-pressed=${locked}
      @click=${ask}
    >
      ${car.icon(locked ? "locked" : "unlocked", locked ? lockIcon : openIcon)}
      <span>${car.t(locked ? "car.all_locked" : states.some(Boolean) ? "car.some_locked" : "car.all_unlocked")}</span>
      <small>${car.t(locked ? "car.touch_unlock" : "car.touch_lock")}</small>
    </button>
    <div class="switches">
      ${child.length
        ? car.controls.toggle({ path: child[0]!, title: car.t("car.child_locks"), drawing: childIcon }, child.slice(1))
        : nothing}
      ${toggle(car, WINDOW_LOCK, "car.window_lock", childIcon)}
      ${toggle(car, GLOVE_BOX, "car.glove_box", lockIcon)}
    </div>
  `;
}

function toggle(car: Car, path: string, name: Key, drawn: string): TemplateResult | typeof nothing {
  return has(car, path) ? car.controls.toggle({ path, title: car.t(name), drawing: drawn }) : nothing;
}

function choices(car: Car, values: readonly (readonly [string, Key])[]): readonly Choice[] {
  return values.map(([value, key]) => ({ value, title: car.t(key) }));
}

function lights(car: Car): TemplateResult {
  const path = `${LIGHTS}.LightSwitch`;
  return html`
    ${has(car, path)
      ? car.controls.choice(
          { path, title: car.t("car.headlights") },
          choices(car, [
            ["OFF", "common.off"],
            ["POSITION", "car.light_position"],
            ["AUTO", "car.auto"],
            ["BEAM", "car.light_low"],
          ]),
        )
      : nothing}
    <div class="switches">
      ${toggle(car, `${LIGHTS}.IsHighBeamSwitchOn`, "car.light_high", highIcon)}
      ${toggle(car, `${LIGHTS}.Fog.Front.IsOn`, "car.fog_front", fogIcon)}
      ${toggle(car, `${LIGHTS}.Fog.Rear.IsOn`, "car.fog_rear", fogIcon)}
      ${toggle(car, DOME, "car.dome", domeIcon)}
    </div>
  `;
}

function wipers(car: Car): TemplateResult {
  const modes = choices(car, [
    ["OFF", "common.off"],
    ["RAIN_SENSOR", "car.auto"],
    ["INTERVAL", "car.wipe_interval"],
    ["SLOW", "car.wipe_slow"],
    ["FAST", "car.wipe_fast"],
  ]);
  const rear = modes.filter(({ value }) => value === "OFF" || value === "INTERVAL" || value === "SLOW");
  const one = (glass: "Front" | "Rear", name: Key, list: readonly Choice[]) =>
    has(car, WIPING(glass)) ? car.controls.choice({ path: WIPING(glass), title: car.t(name) }, list) : nothing;
  return html`${one("Front", "car.wiper_front", modes)} ${one("Rear", "car.wiper_rear", rear)}`;
}

const VIEWS: Readonly<Record<Tab, (car: Car) => TemplateResult>> = { windows, locks, lights, wipers, mirrors: adjuster };

function view(car: Car): TemplateResult {
  return html`<div class="car-page">
    <div class="plan" dir="ltr">${drawing(car)} ${DRAWN.map((opening) => tile(car, opening))}</div>
    <div class="aside">
      ${segments(
        car.t("common.car"),
        shown.value,
        TABS.map((tab) => [tab, car.t(`car.${tab}`)] as const),
        (tab) => (shown.value = tab),
      )}
      <div class="shown" data-shown=${shown.value}>${VIEWS[shown.value](car)}</div>
    </div>
  </div>`;
}

const page: CentrePage = {
  paths: [
    "Vehicle.Cabin.Door",
    "Vehicle.Cabin.Sunroof",
    "Vehicle.Cabin.RearShade",
    "Vehicle.Body.Hood",
    "Vehicle.Body.Trunk",
    "Vehicle.Body.Mirrors",
    "Vehicle.Powertrain.TractionBattery.Charging.ChargingPort.AnyPosition.IsFlapOpen",
    ...DRAWING_PATHS,
    `${LIGHTS}.LightSwitch`,
    `${LIGHTS}.IsHighBeamSwitchOn`,
    `${LIGHTS}.Fog`,
    WIPING("Front"),
    WIPING("Rear"),
    WINDOW_LOCK,
    DOME,
    GLOVE_BOX,
  ],
  view,
};
export default page;
