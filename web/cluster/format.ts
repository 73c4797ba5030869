// Numbers as the driver reads them, in the units the driver chose. Null in, dashes out.

export const DASH = "–";
export const NO_SPEED = "– –";

const KM_PER_MILE = 1.609344;

export interface Units {
  readonly speed: "km/h" | "mph";
  readonly distance: "km" | "mi";
  readonly temperature: "°C" | "°F";
}

/** Units from VSS `Cabin.Infotainment.HMI.{SpeedUnit,DistanceUnit,TemperatureUnit}`; metric where unset. */
export function unitsOf(speed: string | null, distance: string | null, temperature: string | null): Units {
  return {
    // SpeedUnit is the more specific word; METERS_PER_SECOND is no unit for a road vehicle's cluster.
    speed: (speed ?? (distance === "MILES" ? "MILES_PER_HOUR" : "")) === "MILES_PER_HOUR" ? "mph" : "km/h",
    distance: distance === "MILES" ? "mi" : "km",
    temperature: temperature === "F" ? "°F" : "°C",
  };
}

/** Speed in the shown unit; without sign, as a speedometer shows it in reverse too. */
export function shownSpeed(speed_kmh: number | null, units: Units): number | null {
  if (speed_kmh === null) return null;
  return Math.abs(units.speed === "mph" ? speed_kmh / KM_PER_MILE : speed_kmh);
}

export function whole(value: number | null, absent = DASH): string {
  return value === null ? absent : String(Math.round(value) + 0);
}

/** Range or odometer: whole kilometres or miles, groups of three set apart (ISO 80000-1 7.3.1). */
export function distance(metres: number | null, units: Units): string {
  if (metres === null) return DASH;
  const shown = Math.floor(metres / 1000 / (units.distance === "mi" ? KM_PER_MILE : 1));
  return String(shown).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** What is ahead: "350 m", "1.2 km", "900 ft", as finely as a driver can use it. */
export function near(metres: number | null, units: Units): string {
  if (metres === null) return DASH;
  const isMiles = units.distance === "mi";
  const far = metres / 1000 / (isMiles ? KM_PER_MILE : 1);
  if (metres >= (isMiles ? 0.25 * KM_PER_MILE * 1000 : 950)) return `${far.toFixed(1)} ${units.distance}`;
  const small = isMiles ? metres / 0.3048 : metres;
  const step = small < 50 ? 5 : small < 300 ? 10 : 50;
  return `${Math.round(small / step) * step} ${isMiles ? "ft" : "m"}`;
}

export function temperature(celsius: number | null, units: Units): string {
  if (celsius === null) return `${DASH} ${units.temperature}`;
  const shown = Math.round(units.temperature === "°F" ? celsius * 1.8 + 32 : celsius);
  return `${shown < 0 ? "\u2212" : ""}${Math.abs(shown)} ${units.temperature}`;
}

/** Below this a figure per distance says nothing: it grows without limit as the car stops. */
const CONSUMPTION_FROM_KMH = 5;
/** More is shown as "more than": pulling away costs any figure, and no bus carries it. */
const CONSUMPTION_MOST = 99.9;

/** kWh per 100 km, or miles per kWh where distances are in miles; dashes while the car stands or creeps. */
export function consumption(kwhPer100Km: number | null, speed_kmh: number | null, units: Units): string {
  const unit = units.distance === "mi" ? "mi/kWh" : "kWh/100 km";
  const moves = speed_kmh !== null && Math.abs(speed_kmh) >= CONSUMPTION_FROM_KMH;
  if (kwhPer100Km === null || !moves) return `${DASH} ${unit}`;
  if (units.distance === "km") {
    const most = Math.abs(kwhPer100Km) > CONSUMPTION_MOST;
    return `${most ? (kwhPer100Km > 0 ? "> " : "< ") : ""}${signed(clamp(kwhPer100Km, CONSUMPTION_MOST))} ${unit}`;
  }
  // No energy used: infinitely many miles from one kWh is no figure.
  return kwhPer100Km < 0.05 ? `${DASH} ${unit}` : `${signed(100 / KM_PER_MILE / kwhPer100Km)} ${unit}`;
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(-most, value));
}

function signed(value: number): string {
  const text = Math.abs(value).toFixed(1);
  return value < 0 && text !== "0.0" ? `\u2212${text}` : text;
}

/** "1 h 30 min", "45 min". */
export function duration(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`;
}

export type Gear = "P" | "R" | "N" | "D";

/** Letter of VSS `CurrentGear`: 0 neutral, 1.. forward, -1.. reverse, 126 park, 127 drive. */
export function gearLetter(gear: number | null): Gear | null {
  if (gear === null) return null;
  if (gear === 126) return "P";
  if (gear === 0) return "N";
  return gear < 0 ? "R" : "D";
}

/** Breaks a message in two lines of about equal length where one line would not fit. */
export function lines(message: string, longest: number): string[] {
  const text = message.trim();
  if (text.length <= longest) return text ? [text] : [];
  let best = -1;
  for (let at = text.indexOf(" "); at >= 0; at = text.indexOf(" ", at + 1)) {
    if (best < 0 || Math.abs(at - text.length / 2) < Math.abs(best - text.length / 2)) best = at;
  }
  const two = best < 0 ? [text] : [text.slice(0, best), text.slice(best + 1)];
  return two.map((line) => (line.length <= longest ? line : line.slice(0, longest - 1).trimEnd() + "…"));
}
