// Quantities as people want to read them: in the units, the clock and the figures that the car is set to.
//
// What always holds: what comes in is in the signal's own unit, and an unknown value reads as a dash.

import type { ReadonlySignal } from "@preact/signals-core";
import type { Readings } from "./readings";

const HMI = "Vehicle.Cabin.Infotainment.HMI";
export const UNITS_PATHS: readonly string[] = [
  `${HMI}.TemperatureUnit`,
  `${HMI}.DistanceUnit`,
  `${HMI}.SpeedUnit`,
  `${HMI}.TimeFormat`,
  `${HMI}.TirePressureUnit`,
];

// exact by definition: international mile (1959); pound-force per square inch
const KM_PER_MILE = 1.609344;
const KPA_PER_PSI = 6.894757;
const METRES_PER_FOOT = 0.3048;

/** A figure and its unit, to be set apart, or as one text. */
export interface Quantity {
  readonly number: string;
  readonly unit: string;
  readonly text: string;
}

/** How a control shows and steps a quantity that the car keeps in another unit. */
export interface Scale {
  readonly unit: string;
  readonly decimals: number;
  readonly step: number;
  shown(car: number): number;
  car(shown: number): number;
}

export class Units {
  readonly #readings: Readings;
  readonly #locale: ReadonlySignal<string>;

  /** The page follows `UNITS_PATHS`; everything here is reactive. */
  constructor(readings: Readings, locale: ReadonlySignal<string>) {
    this.#readings = readings;
    this.#locale = locale;
  }

  /** A figure and its unit keep their order where people read from the right. */
  #isolated(text: string): string {
    return this.#locale.value.startsWith("ar") ? `\u2066${text}\u2069` : text;
  }

  /** A unit's sign on its own ("°C"). */
  sign(unit: string): string {
    return this.#isolated(unit);
  }

  get isMetric(): boolean {
    return this.#readings.string(`${HMI}.DistanceUnit`) !== "MILES";
  }

  number(value: number | null, decimals = 0): string {
    if (value === null || !Number.isFinite(value)) return "–";
    return formatOf(this.#locale.value, decimals).format(Math.abs(value) < 0.5 * 10 ** -decimals ? 0 : value); // no "−0"
  }

  /** Of percent (0…100). */
  percent(value: number | null, decimals = 0): Quantity {
    return this.#quantity(value, "%", decimals);
  }

  /** Of °C. */
  temperature(celsius: number | null, decimals = 0): Quantity {
    const { shown, unit } = this.temperatureScale;
    return this.#quantity(celsius === null ? null : shown(celsius), unit, unit === "°F" ? 0 : decimals);
  }

  get temperatureScale(): Scale {
    if (this.#readings.string(`${HMI}.TemperatureUnit`) === "F")
      return { unit: "°F", decimals: 0, step: 1, shown: (c) => c * 1.8 + 32, car: (f) => (f - 32) / 1.8 };
    return { unit: "°C", decimals: 1, step: 0.5, shown: same, car: same };
  }

  /** Of km. */
  distance(km: number | null, decimals = 0): Quantity {
    if (this.isMetric) return this.#quantity(km, "km", decimals);
    return this.#quantity(km === null ? null : km / KM_PER_MILE, "mi", decimals);
  }

  /** Of m, for what is near. */
  near(m: number | null): Quantity {
    if (m !== null && m >= 1000) return this.distance(m / 1000, 1);
    if (this.isMetric) return this.#quantity(m, "m", 0);
    return this.#quantity(m === null ? null : m / METRES_PER_FOOT, "ft", 0);
  }

  /** Of km/h. */
  speed(kmh: number | null): Quantity {
    switch (this.#readings.string(`${HMI}.SpeedUnit`)) {
      case "MILES_PER_HOUR":
        return this.#quantity(kmh === null ? null : kmh / KM_PER_MILE, "mph", 0);
      case "METERS_PER_SECOND":
        return this.#quantity(kmh === null ? null : kmh / 3.6, "m/s", 1);
      default:
        return this.#quantity(kmh, "km/h", 0);
    }
  }

  /** Of kWh/100 km; in miles as mi/kWh, which is unknown where nothing is used. */
  consumption(kwh_per_100km: number | null): Quantity {
    if (this.isMetric) return this.#quantity(kwh_per_100km, "kWh/100 km", 1);
    const used = kwh_per_100km !== null && kwh_per_100km > 0;
    return this.#quantity(used ? 100 / KM_PER_MILE / kwh_per_100km : null, "mi/kWh", 1);
  }

  /** Of kWh. */
  energy(kwh: number | null, decimals = 1): Quantity {
    return this.#quantity(kwh, "kWh", decimals);
  }

  /** Of kW. */
  power(kw: number | null, decimals = 0): Quantity {
    return this.#quantity(kw, "kW", decimals);
  }

  /** Of kPa. */
  pressure(kpa: number | null): Quantity {
    switch (this.#readings.string(`${HMI}.TirePressureUnit`)) {
      case "PSI":
        return this.#quantity(kpa === null ? null : kpa / KPA_PER_PSI, "psi", 0);
      case "KPA":
        return this.#quantity(kpa, "kPa", 0);
      default:
        return this.#quantity(kpa === null ? null : kpa / 100, "bar", 1);
    }
  }

  /** Of s: "1:05 h", "25 min"; under a minute "45 s". */
  duration(seconds: number | null): Quantity {
    if (seconds === null || !Number.isFinite(seconds)) return this.#quantity(null, "min", 0);
    if (seconds < 60) return this.#quantity(Math.max(0, seconds), "s", 0);
    const minutes = Math.round(seconds / 60);
    if (minutes < 60) return this.#quantity(minutes, "min", 0);
    const number = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
    return { number, unit: "h", text: this.#isolated(`${number} h`) };
  }

  /** The time of day of `when` (ms since 1970, or ISO 8601). */
  time(when: number | string | Date): string {
    return this.#date(when, { hour: "numeric", minute: "2-digit" });
  }

  day(when: number | string | Date): string {
    return this.#date(when, { weekday: "short", day: "numeric", month: "short" });
  }

  dayAndTime(when: number | string | Date): string {
    return this.#date(when, { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });
  }

  #date(when: number | string | Date, format: Intl.DateTimeFormatOptions): string {
    const date = new Date(when);
    if (Number.isNaN(date.getTime())) return "–";
    const hour12 = this.#readings.string(`${HMI}.TimeFormat`) === "HR_12";
    const clock: Intl.DateTimeFormatOptions = hour12 ? { hour12 } : { hourCycle: "h23" };
    return new Intl.DateTimeFormat(this.#locale.value, { ...format, ...("hour" in format ? clock : {}) }).format(date);
  }

  #quantity(value: number | null, unit: string, decimals: number): Quantity {
    const number = this.number(value, decimals);
    return { number, unit: this.#isolated(unit), text: this.#isolated(`${number} ${unit}`) };
  }
}

function same(value: number): number {
  return value;
}

/** Made once each: making one takes longer than a page's other work between two frames. */
const formats = new Map<string, Intl.NumberFormat>();

function formatOf(locale: string, decimals: number): Intl.NumberFormat {
  const key = `${locale} ${decimals}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    formats.set(key, format);
  }
  return format;
}
