// What the cluster knows of the car, as values to show: signals of the safety process, in the driver's units.

import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import { brand } from "../shared/brand";
import type { Connection } from "../shared/connection";
import { Quality } from "../shared/readings";
import { type Gear, gearLetter, shownSpeed, type Units, unitsOf } from "./format";
import { type Message, message } from "./message";
import { TELLTALE_BRANCH } from "./telltales";
import type { Scale } from "./track";
import { MAP_LIMIT, nextTurn, type Turn, TURN_PATHS } from "./turn";

export const SPEED = "Vehicle.Speed";
const BATTERY = "Vehicle.Powertrain.TractionBattery";
const HMI = "Vehicle.Cabin.Infotainment.HMI";
const OURS = "Vehicle.Alpenglow";
const MOTOR = "Vehicle.Powertrain.ElectricMotor";
const MODE = "Vehicle.Powertrain.Transmission.PerformanceMode";

export const PATHS: readonly string[] = [
  SPEED,
  `${BATTERY}.CurrentPower`,
  `${BATTERY}.StateOfCharge.Displayed`,
  `${BATTERY}.StateOfCharge.Current`,
  `${BATTERY}.Range`,
  `${BATTERY}.Charging.IsCharging`,
  `${BATTERY}.Charging.TimeToComplete`,
  `${BATTERY}.Charging.ChargeLimit`,
  `${MOTOR}.MaxPower`,
  `${MOTOR}.MaxRegenPower`,
  MODE,
  "Vehicle.Powertrain.Range",
  "Vehicle.Powertrain.Transmission.CurrentGear",
  "Vehicle.Body.Lights.Brake.IsActive",
  "Vehicle.TraveledDistance",
  "Vehicle.Exterior.AirTemperature",
  `${HMI}.SpeedUnit`,
  `${HMI}.DistanceUnit`,
  `${HMI}.TemperatureUnit`,
  `${HMI}.CurrentLanguage`,
  `${TELLTALE_BRANCH}.*`,
  `${OURS}.Cluster.Message`,
  `${OURS}.Cluster.MessageLevel`,
  `${OURS}.SpeedLimit`,
  `${OURS}.AvailablePower`,
  `${OURS}.AvailableRegen`,
  `${OURS}.EnergyConsumption`,
  ...TURN_PATHS,
];

/** Frost is possible on the road from here down, as UN vehicles commonly warn. */
const FROST_CELSIUS = 3;
/** Less above the limit is a matter of rounding. */
const TOO_FAST_KMH = 2;
/** A page that has just been opened is not yet cut off. */
const OPENING_MS = 1500;
/** Scale of the power gauge where the car does not say what its motor can do. */
const USUAL_DRIVE_KW = 200;
const USUAL_REGEN_KW = 80;

export type PowerMode = "none" | "charging" | "regen" | "drive";

export interface Readout {
  readonly units: ReadonlySignal<Units>;
  readonly speed: ReadonlySignal<number | null>;
  readonly speedScale: ReadonlySignal<Scale>;
  /** In the shown unit; null: none is known. */
  readonly limit: ReadonlySignal<number | null>;
  /** Faster than the limit, by more than a figure's rounding. */
  readonly tooFast: ReadonlySignal<boolean>;
  readonly power_kw: ReadonlySignal<number | null>;
  readonly powerScale: ReadonlySignal<Scale>;
  readonly powerMode: ReadonlySignal<PowerMode>;
  /** What the drive can take and give now, kW; null: the car does not say. */
  readonly available: ReadonlySignal<Scale | null>;
  readonly charge_percent: ReadonlySignal<number | null>;
  readonly lowCharge: ReadonlySignal<boolean>;
  readonly charging: ReadonlySignal<boolean>;
  readonly range_m: ReadonlySignal<number | null>;
  readonly gear: ReadonlySignal<Gear | null>;
  /** The driving mode by the brand's name for it; "" where the car has none. */
  readonly mode: ReadonlySignal<string>;
  readonly outside_celsius: ReadonlySignal<number | null>;
  readonly frost: ReadonlySignal<boolean>;
  readonly consumption: ReadonlySignal<number | null>;
  readonly odometer_m: ReadonlySignal<number | null>;
  readonly braking: ReadonlySignal<boolean>;
  readonly message: ReadonlySignal<Message | null>;
  readonly turn: ReadonlySignal<Turn | null>;
}

const up = (value: number, step: number) => Math.ceil(value / step) * step;

export function readout({ readings, state }: Connection): Readout {
  const number = (path: string) => readings.number(path);
  /** The second where this car never says the first. A first that is lost is lost: the two are not the same figure. */
  const provided = (first: string, second: string) =>
    number(readings.quality(first) === Quality.UNAVAILABLE ? second : first);

  const units = computed(() =>
    unitsOf(
      readings.string(`${HMI}.SpeedUnit`),
      readings.string(`${HMI}.DistanceUnit`),
      readings.string(`${HMI}.TemperatureUnit`),
    ),
  );
  const gear = computed(() => gearLetter(number("Vehicle.Powertrain.Transmission.CurrentGear")));
  const charging = computed(() => readings.boolean(`${BATTERY}.Charging.IsCharging`) === true);
  // kW drawn from the battery; negative while it charges. VSS counts power into the battery as positive.
  const power_kw = computed(() => {
    const watts = number(`${BATTERY}.CurrentPower`);
    return watts === null ? null : -watts / 1000;
  });
  const outside_celsius = computed(() => number("Vehicle.Exterior.AirTemperature"));

  const opening = signal(true);
  setTimeout(() => (opening.value = false), OPENING_MS);
  const said = computed<Message | null>(() => {
    const connected = state.value === "live";
    if (!connected && state.value === "connecting" && opening.value) return null;
    return message({
      connected,
      text: readings.string(`${OURS}.Cluster.Message`),
      level: readings.string(`${OURS}.Cluster.MessageLevel`),
      speed: number(SPEED),
      gear: gear.value,
      charging: charging.value,
      charge_power_kw: charging.value && power_kw.value !== null ? Math.max(0, -power_kw.value) : null,
      charge_time_s: number(`${BATTERY}.Charging.TimeToComplete`),
      charge_limit_percent: number(`${BATTERY}.Charging.ChargeLimit`),
    });
  });
  // The same words again are no new message.
  const key = computed(() => JSON.stringify(said.value));

  // What the car itself has seen goes before what the map says.
  const limit_kmh = computed(() => number(`${OURS}.SpeedLimit`) || number(MAP_LIMIT) || null);

  return {
    units,
    speed: computed(() => shownSpeed(number(SPEED), units.value)),
    speedScale: computed(() => ({ from: 0, to: units.value.speed === "mph" ? 120 : 200 })),
    limit: computed(() => shownSpeed(limit_kmh.value, units.value)),
    tooFast: computed(() => limit_kmh.value !== null && (number(SPEED) ?? 0) > limit_kmh.value + TOO_FAST_KMH),
    power_kw,
    powerScale: computed(() => ({
      from: -up(number(`${MOTOR}.MaxRegenPower`) || USUAL_REGEN_KW, 20),
      to: up(number(`${MOTOR}.MaxPower`) || USUAL_DRIVE_KW, 20),
    })),
    powerMode: computed(() => {
      const value = power_kw.value;
      if (value === null) return "none";
      if (charging.value) return "charging";
      return Math.round(value) < 0 ? "regen" : "drive";
    }),
    available: computed(() => {
      const drive = number(`${OURS}.AvailablePower`);
      const regen = number(`${OURS}.AvailableRegen`);
      return drive === null && regen === null ? null : { from: -(regen ?? 0), to: drive ?? 0 };
    }),
    charge_percent: computed(() =>
      provided(`${BATTERY}.StateOfCharge.Displayed`, `${BATTERY}.StateOfCharge.Current`),
    ),
    lowCharge: computed(() => {
      const lamp = readings.string(`${TELLTALE_BRANCH}.LowCharge`);
      return lamp === "ON" || lamp === "FLASHING";
    }),
    charging,
    range_m: computed(() => provided(`${BATTERY}.Range`, "Vehicle.Powertrain.Range")),
    gear,
    mode: computed(() => {
      const mode = readings.string(MODE);
      const language = readings.string(`${HMI}.CurrentLanguage`)?.split("-")[0] ?? "en";
      return mode === null ? "" : ((brand.words[language] ?? brand.words["en"])?.[`mode.${mode}`] ?? "");
    }),
    outside_celsius,
    frost: computed(() => outside_celsius.value !== null && Math.round(outside_celsius.value) <= FROST_CELSIUS),
    consumption: computed(() => number(`${OURS}.EnergyConsumption`)),
    odometer_m: computed(() => number("Vehicle.TraveledDistance")),
    braking: computed(() => {
      const lights = readings.string("Vehicle.Body.Lights.Brake.IsActive");
      return lights === "ACTIVE" || lights === "ADAPTIVE";
    }),
    message: computed(() => JSON.parse(key.value) as Message | null),
    turn: computed(() => nextTurn(readings, units.value)),
  };
}
