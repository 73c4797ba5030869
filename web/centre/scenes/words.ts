// What scenes, their settings and their triggers are called.

import type { Action, At, Compare, Scene, SceneParts, SceneThing, SceneTrigger, Value } from "../../shared/protocol";
import type { Car } from "../car";
import type { Condition } from "./state";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const PROFILE = "Vehicle.Alpenglow.Cockpit.Profile.Id";
/** A Monday, to get the names of the days by. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

export function partsOf(car: Car): SceneParts {
  return car.kept("Scenes", "cockpit.scene_parts", {}).value ?? { things: [], triggers: [] };
}

/** A preset has its name in every language; people's own are as they wrote them. */
export function nameOf(car: Car, { id, name }: Scene): string {
  return car.words.find(`scenes.preset_${id.replaceAll("-", "_")}`) ?? name;
}

export function thingOf(car: Car, path: string): SceneThing | undefined {
  return partsOf(car).things.find((thing) => thing.path === path);
}

export function thingName(car: Car, thing: SceneThing): string {
  return car.words.find(`scenes.thing_${thing.name}`) ?? thing.name;
}

export function placeName(car: Car, thing: SceneThing): string {
  return thing.place ? (car.words.find(`scenes.place_${thing.place}`) ?? "") : "";
}

/** What an action sets: its words, else those of whoever made it, else the end of its path as words. */
export function actionName(car: Car, { path, says }: Action): string {
  const thing = thingOf(car, path);
  if (thing) return [thingName(car, thing), placeName(car, thing)].filter(Boolean).join(" · ");
  const said = says.split(": ")[0];
  if (said) return said;
  const steps = path.split(".").slice(-2).join(" ");
  return steps.replace(/([a-z])([A-Z])/g, "$1 $2").replace(/^Is /, "");
}

export function valueName(car: Car, path: string, value: Value | null): string {
  if (value === null) return car.t("common.unknown");
  if (typeof value === "boolean") return car.t(value ? "common.on" : "common.off");
  if (typeof value === "string") return car.words.find(`scenes.choice_${value}`) ?? value.replaceAll("_", " ").toLowerCase();
  if (typeof value === "number") return quantity(car, thingOf(car, path)?.unit ?? "", value);
  return value.map(String).join(", ");
}

/** A number in the unit that people use for it. */
export function quantity({ units }: Car, unit: string, value: number): string {
  switch (unit) {
    case "celsius":
    case "Celsius":
    case "degC":
      return units.temperature(value, Number.isInteger(value) ? 0 : 1).text;
    case "percent":
      return units.percent(value).text;
    case "km/h":
      return units.speed(value).text;
    case "degrees":
    case "deg":
      return `${units.number(value)}°`;
    default:
      return units.number(value, Number.isInteger(value) ? 0 : 1);
  }
}

/** The sentence that a driver reads for a refusal. */
export function refusalOf({ words, t }: Car, rule: string, says: string): string {
  return words.find(`refusal.${rule}`) ?? (says || t("common.refused"));
}

/** The trigger of the car's list that this condition is. */
export function triggerOf(car: Car, when: Condition | null): SceneTrigger | undefined {
  if (when?.kind !== "compare") return undefined;
  return partsOf(car).triggers.find(({ when: each }) => {
    if (each.kind !== "compare" || each.path !== when.path || each.op !== when.op) return false;
    return typeof each.value === "number" || each.value === when.value;
  });
}

export function triggerName(car: Car, name: string, when: Compare, unit: string): string {
  const value = typeof when.value === "number" ? quantity(car, unit, when.value) : String(when.value);
  return car.words.find(`scenes.trigger_${name}`, { value }) ?? name;
}

export function timeName(car: Car, at: At): string {
  const [hour, minute] = hoursOf(at);
  const time = car.units.time(new Date(2024, 0, 1, hour, minute).getTime());
  if (at.days.length === 0 || at.days.length === 7) return car.t("scenes.at_time", { time });
  const days = DAYS.filter((day) => at.days.includes(day)).map((day) => dayName(car, day));
  return car.t("scenes.at_time_days", { time, days: days.join(", ") });
}

export function hoursOf(at: At): [hour: number, minute: number] {
  const [hour, minute] = at.time.split(":").map(Number);
  return [hour ?? 0, minute ?? 0];
}

export function dayName({ words }: Car, day: (typeof DAYS)[number]): string {
  const at = MONDAY + DAYS.indexOf(day) * DAY_MS;
  return new Intl.DateTimeFormat(words.locale.value, { weekday: "short", timeZone: "UTC" }).format(at);
}

/** What sets a scene off, in a line; "" where nothing does. */
export function whenName(car: Car, { when, when_said }: Scene): string {
  if (!when) return "";
  if (when.kind === "at") return timeName(car, when);
  if (when.kind === "near") return car.t("scenes.at_place", { name: when.name || car.t("scenes.this_place") });
  if (when.kind === "compare" && when.path === PROFILE && when.value === car.profile.value.id)
    return car.t("scenes.trigger_profile");
  const trigger = triggerOf(car, when);
  if (trigger && when.kind === "compare") return triggerName(car, trigger.name, when, trigger.unit);
  return when_said ? when_said.charAt(0).toUpperCase() + when_said.slice(1) : car.t("scenes.other_trigger");
}
