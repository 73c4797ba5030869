// Quick actions: one touch for what else takes ten, and a second one puts back what it found.

import { effect, signal } from "@preact/signals-core";
import airIcon from "@mdi/svg/svg/weather-windy.svg";
import clearIcon from "@mdi/svg/svg/snowflake-melt.svg";
import offIcon from "@mdi/svg/svg/power.svg";
import warmIcon from "@mdi/svg/svg/sun-thermometer.svg";
import type { Tone } from "../../shared/actuation";
import type { Value } from "../../shared/protocol";
import type { Key } from "../../shared/words";
import type { Car } from "../car";
import { FRONT, HVAC, ZONES } from "./zones";

export interface Quick {
  readonly name: "warm_up" | "air_out" | "clear_glass" | "all_off";
  readonly title: Key;
  readonly drawing: string;
  /** What it asks for; of what the car lacks nothing is asked. */
  readonly wishes: ReadonlyMap<string, Value>;
}

const FRONT_SEATS = ["DriverSide", "PassengerSide"];
const CORNERS = ["Row1", "Row2"].flatMap((row) => FRONT_SEATS.map((side) => `${row}.${side}`));
const GLASS = "Vehicle.Body.Windshield";

const stations = (leaf: string, value: Value, zones = ZONES) =>
  zones.map(({ station }) => [`${station}.${leaf}`, value] as const);

export const QUICK: readonly Quick[] = [
  {
    name: "warm_up",
    title: "climate.warm_up",
    drawing: warmIcon,
    wishes: new Map<string, Value>([
      ...stations("Temperature", 25),
      ...stations("FanSpeed", 70),
      ...stations("AirDistribution", "DOWN"),
      [`${HVAC}.IsRecirculationActive`, true],
      ...FRONT_SEATS.map((side) => [`Vehicle.Cabin.Seat.Row1.${side}.HeatingCooling`, 100] as const),
      ["Vehicle.Chassis.SteeringWheel.HeatingCooling", 100],
    ]),
  },
  {
    name: "air_out",
    title: "climate.air_out",
    drawing: airIcon,
    wishes: new Map<string, Value>([
      ...CORNERS.map((corner) => [`Vehicle.Cabin.Door.${corner}.Window.Position`, 30] as const),
      ["Vehicle.Cabin.Sunroof.Position", -100], // tilted
      [`${HVAC}.IsRecirculationActive`, false],
      ...stations("FanSpeed", 80, FRONT),
    ]),
  },
  {
    name: "clear_glass",
    title: "climate.clear_glass",
    drawing: clearIcon,
    wishes: new Map<string, Value>([
      [`${HVAC}.IsFrontDefrosterActive`, true],
      [`${HVAC}.IsRearDefrosterActive`, true],
      [`${GLASS}.Front.IsHeatingOn`, true],
      ...FRONT_SEATS.map((side) => [`Vehicle.Body.Mirrors.${side}.IsHeatingOn`, true] as const),
      [`${HVAC}.IsAirConditioningActive`, true], // dry air clears glass
      [`${HVAC}.IsRecirculationActive`, false],
      ...stations("AirDistribution", "UP", FRONT),
      ...stations("FanSpeed", 100, FRONT),
      ...stations("Temperature", 26, FRONT),
    ]),
  },
  {
    name: "all_off",
    title: "climate.all_off",
    drawing: offIcon,
    wishes: new Map<string, Value>([
      ...stations("FanSpeed", 0),
      [`${HVAC}.IsAirConditioningActive`, false],
      [`${HVAC}.IsFrontDefrosterActive`, false],
      [`${HVAC}.IsRearDefrosterActive`, false],
    ]),
  },
];

/** Signals that the quick actions look at and set. */
export const QUICK_PATHS: readonly string[] = [...new Set(QUICK.flatMap(({ wishes }) => [...wishes.keys()]))];

/** What a quick action found, while it can be put back. */
const found = signal<{ readonly name: Quick["name"]; readonly before: ReadonlyMap<string, Value> } | null>(null);

/** Whether it was this page that did it last, and nothing has taken it back since. Reactive. */
export function isDone(name: Quick["name"]): boolean {
  return found.value?.name === name;
}

/** How many are asked for at a time; the car takes more from a page, but it has others to serve. */
const AT_ONCE = 3;

/** Asks for all of it, a few at a time, and once more for what a busy car did not hear of. */
async function ask({ actuation }: Car, wishes: Iterable<readonly [string, Value]>): Promise<void> {
  const left = [...wishes];
  const outcome = (path: string) =>
    new Promise<Tone>((resolve) => {
      let stop = () => {};
      stop = effect(() => {
        const { pending, tone } = actuation.of(path);
        if (pending !== null) return;
        queueMicrotask(() => stop());
        resolve(tone);
      });
    });
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [path, value] = next;
      for (let turn = 0; turn < 2; turn++) {
        actuation.request(path, value);
        if ((await outcome(path)) !== "error") break;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Does it; a second time in turn puts back what still is as it was made. */
export function toggle(car: Car, quick: Quick): void {
  const last = found.peek();
  const is = (path: string) => car.readings.of(path).peek().value;
  if (last?.name === quick.name) {
    found.value = null;
    void ask(car, [...last.before].filter(([path]) => is(path) === quick.wishes.get(path)));
    return;
  }
  const wishes = [...quick.wishes].filter(([path, wish]) => is(path) !== null && is(path) !== wish);
  found.value = { name: quick.name, before: new Map(wishes.map(([path]) => [path, is(path)!])) };
  void ask(car, wishes);
}
