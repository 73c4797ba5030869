// The cluster page: signals of the safety process → the drawing, one animation frame at a time.

import "../shared/theme.css";
import "./cluster.css";
import { computed, effect, signal } from "@preact/signals-core";
import { render } from "lit";
import { Connection } from "../shared/connection";
import { Quality } from "../shared/readings";
import { followTheme, THEME_PATHS } from "../shared/theme";
import { arc, degrees, Hand, marks, point, type Scale } from "./dial";
import { BAR_WIDTH, face, gearX, POWER_DIAL, SPEED_DIAL } from "./face";
import {
  consumption,
  DASH,
  distance,
  gearLetter,
  lines,
  NO_SPEED,
  shownSpeed,
  temperature,
  unitsOf,
  whole,
} from "./format";
import { frameCounter, markPainted } from "./measure";
import { type Message, message } from "./message";
import { Road } from "./road";
import { TELLTALE_BRANCH, TELLTALES } from "./telltales";

const SPEED = "Vehicle.Speed";
const BATTERY = "Vehicle.Powertrain.TractionBattery";
const HMI = "Vehicle.Cabin.Infotainment.HMI";
const OURS = "Vehicle.Alpenglow";
const MOTOR = "Vehicle.Powertrain.ElectricMotor";

/** Frost is possible on the road from here down, as UN vehicles commonly warn. */
const FROST_CELSIUS = 3;
/** A page that has just been opened is not yet cut off. */
const OPENING_MS = 1500;
/** Scale of the power dial where the car does not say what its motor can do. */
const USUAL_DRIVE_KW = 200;
const USUAL_REGEN_KW = 80;
const LINE_LENGTH = 52;

const connection = new Connection();
const { readings } = connection;
connection.follow([
  ...THEME_PATHS,
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
  "Vehicle.Powertrain.Range",
  "Vehicle.Powertrain.Transmission.CurrentGear",
  "Vehicle.Body.Lights.Brake.IsActive",
  "Vehicle.TraveledDistance",
  "Vehicle.Exterior.AirTemperature",
  `${HMI}.SpeedUnit`,
  `${HMI}.DistanceUnit`,
  `${HMI}.TemperatureUnit`,
  `${TELLTALE_BRANCH}.*`,
  `${OURS}.Cluster.Message`,
  `${OURS}.Cluster.MessageLevel`,
  `${OURS}.SpeedLimit`,
  `${OURS}.AvailablePower`,
  `${OURS}.AvailableRegen`,
  `${OURS}.EnergyConsumption`,
]);
followTheme(readings);
render(face, element("#cluster"));

function element<E extends Element = HTMLElement>(selector: string): E {
  const found = document.querySelector<E>(selector);
  if (!found) throw new Error(`the face has no ${selector}`);
  return found;
}

/** Shows `text()` in a field; dashes step back. */
function field(name: string, text: () => string): void {
  const node = element<SVGElement>(`[data-field="${name}"]`);
  const shown = computed(text);
  effect(() => {
    node.textContent = shown.value;
    node.dataset["quality"] = shown.value.startsWith(DASH) ? "none" : "valid";
  });
}

function attributes(node: Element, values: Record<string, string | number | boolean | null>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === null) node.removeAttribute(name);
    else node.setAttribute(name, String(value));
  }
}

const number = (path: string) => readings.number(path);
const units = computed(() =>
  unitsOf(
    readings.string(`${HMI}.SpeedUnit`),
    readings.string(`${HMI}.DistanceUnit`),
    readings.string(`${HMI}.TemperatureUnit`),
  ),
);
const gear = computed(() => gearLetter(number("Vehicle.Powertrain.Transmission.CurrentGear")));
const charging = computed(() => readings.boolean(`${BATTERY}.Charging.IsCharging`) === true);
/** kW drawn from the battery; negative while it charges. VSS counts power into the battery as positive. */
const power_kw = computed(() => {
  const watts = number(`${BATTERY}.CurrentPower`);
  return watts === null ? null : -watts / 1000;
});
const charge_percent = computed(() =>
  provided(`${BATTERY}.StateOfCharge.Displayed`, `${BATTERY}.StateOfCharge.Current`),
);
const range_m = computed(() => provided(`${BATTERY}.Range`, "Vehicle.Powertrain.Range"));

/** The second where this car never says the first. A first that is lost is lost: the two are not the same figure. */
function provided(first: string, second: string): number | null {
  return number(readings.quality(first) === Quality.UNAVAILABLE ? second : first);
}

// speed
const speedScale = computed<Scale>(() => ({ from: 0, to: units.value.speed === "mph" ? 120 : 200 }));
const speedHand = new Hand(SPEED_DIAL, speedScale.value, element("#speed-arc"), element("#speed-needle"));
effect(() => {
  const scale = speedScale.value;
  element("#speed-track").setAttribute("d", arc(SPEED_DIAL, scale, scale.from, scale.to));
  render(marks(SPEED_DIAL, scale, 20), element("#speed-marks"));
  attributes(element("#speed-dial"), { "aria-valuemin": scale.from, "aria-valuemax": scale.to });
});
effect(() => speedHand.point(shownSpeed(number(SPEED), units.value), speedScale.value, performance.now()));
const speedText = computed(() => whole(shownSpeed(number(SPEED), units.value), NO_SPEED));
field("speed", () => speedText.value);
field("speed-unit", () => units.value.speed);
effect(() => {
  const known = speedText.value !== NO_SPEED;
  attributes(element("#speed-dial"), {
    "aria-valuenow": known ? speedText.value : null,
    "aria-valuetext": known ? `${speedText.value} ${units.value.speed}` : "not available",
  });
});

// speed limit: nothing where none is known
const limit = computed(() => {
  const kmh = number(`${OURS}.SpeedLimit`);
  return kmh ? shownSpeed(kmh, units.value) : null;
});
effect(() => {
  const sign = element("#sign");
  const value = limit.value;
  const text = value === null ? "" : whole(value);
  attributes(sign, { "data-shown": value !== null, "data-value": text, "aria-label": `Speed limit ${text || "unknown"}` });
  attributes(element("#sign-text"), { "data-digits": text.length });
  element("#sign-text").textContent = text;
  if (value === null || value > speedScale.value.to) {
    element("#limit-mark").setAttribute("d", "");
    return;
  }
  const angle = degrees(speedScale.value, value);
  const [x0, y0] = point(SPEED_DIAL, SPEED_DIAL.radius + 12, angle);
  const [x1, y1] = point(SPEED_DIAL, SPEED_DIAL.radius + 24, angle);
  element("#limit-mark").setAttribute("d", `M${x0} ${y0}L${x1} ${y1}`);
});

// power
const up = (value: number, step: number) => Math.ceil(value / step) * step;
const powerScale = computed<Scale>(() => ({
  from: -up(number(`${MOTOR}.MaxRegenPower`) || USUAL_REGEN_KW, 20),
  to: up(number(`${MOTOR}.MaxPower`) || USUAL_DRIVE_KW, 20),
}));
const powerHand = new Hand(POWER_DIAL, powerScale.value, element("#power-arc"), element("#power-needle"));
effect(() => {
  const scale = powerScale.value;
  element("#power-track").setAttribute("d", arc(POWER_DIAL, scale, scale.from, scale.to));
  render(marks(POWER_DIAL, scale, scale.to - scale.from > 280 ? 80 : 40), element("#power-marks"));
  attributes(element("#power-dial"), { "aria-valuemin": scale.from, "aria-valuemax": scale.to });
});
effect(() => {
  const drive = number(`${OURS}.AvailablePower`);
  const regen = number(`${OURS}.AvailableRegen`);
  const d = drive === null && regen === null ? "" : arc(POWER_DIAL, powerScale.value, -(regen ?? 0), drive ?? 0);
  element("#power-available").setAttribute("d", d);
});
effect(() => powerHand.point(power_kw.value, powerScale.value, performance.now()));
const powerText = computed(() => whole(power_kw.value === null ? null : Math.abs(power_kw.value)));
const powerMode = computed(() => {
  const value = power_kw.value;
  if (value === null) return "none";
  if (charging.value) return "charging";
  return Math.round(value) < 0 ? "regen" : "drive";
});
field("power", () => powerText.value);
field("power-mode", () => (powerMode.value === "charging" ? "kW charging" : powerMode.value === "regen" ? "kW regen" : "kW"));
effect(() => {
  const mode = powerMode.value;
  attributes(element("#power-dial"), {
    "data-mode": mode === "charging" ? "regen" : mode,
    "aria-valuenow": mode === "none" ? null : mode === "drive" ? powerText.value : `-${powerText.value}`,
    "aria-valuetext": mode === "none" ? "not available" : `${powerText.value} kilowatt ${mode}`,
  });
});

// battery
field("range", () => distance(range_m.value, units.value));
field("range-unit", () => units.value.distance);
const chargeText = computed(() => {
  const percent = charge_percent.value;
  // Never rounded up: 0.6 % is not 1 %, and 99.6 % is not full.
  return percent === null ? `${DASH} %` : `${Math.floor(percent)} %`;
});
field("soc", () => chargeText.value);
const lowCharge = computed(() => {
  const state = readings.string(`${TELLTALE_BRANCH}.LowCharge`);
  return state === "ON" || state === "FLASHING";
});
effect(() => {
  const percent = charge_percent.value;
  const width = percent === null ? 0 : (BAR_WIDTH * Math.min(100, Math.max(0, percent))) / 100;
  attributes(element("#charge"), { width: width.toFixed(1) });
});
effect(() => {
  attributes(element("#battery"), {
    "data-level": charging.value ? "charging" : lowCharge.value ? "low" : "normal",
    "aria-valuetext": charge_percent.value === null ? "not available" : chargeText.value,
    "aria-valuenow": charge_percent.value === null ? null : Math.floor(charge_percent.value),
  });
});

// gear
effect(() => {
  const now = gear.value;
  const group = element<SVGElement>('[data-field="gear"]');
  attributes(group, { "data-value": now ?? DASH, "aria-label": `Gear ${now ?? "not available"}` });
  for (const letter of group.querySelectorAll<SVGElement>(".gear")) {
    const name = letter.dataset["gear"] ?? "";
    letter.textContent = now === null ? DASH : name;
    letter.dataset["active"] = String(name === now);
  }
  const place = now === null ? 0 : "PRND".indexOf(now);
  attributes(element("#gear-chip"), { x: gearX(place) - 30, visibility: now === null ? "hidden" : "visible" });
});

// information lines
const clock = signal(timeOfDay());
setInterval(() => (clock.value = timeOfDay()), 1000);
function timeOfDay(): string {
  return new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}
field("time", () => clock.value);
field("temperature", () => temperature(number("Vehicle.Exterior.AirTemperature"), units.value));
field("consumption", () => consumption(number(`${OURS}.EnergyConsumption`), number(SPEED), units.value));
field("odometer", () => `${distance(number("Vehicle.TraveledDistance"), units.value)} ${units.value.distance}`);
effect(() => {
  const celsius = number("Vehicle.Exterior.AirTemperature");
  attributes(element("#frost"), { "data-shown": celsius !== null && Math.round(celsius) <= FROST_CELSIUS });
});
effect(() => {
  const state = readings.string("Vehicle.Body.Lights.Brake.IsActive");
  attributes(element("#tail"), { "data-braking": state === "ACTIVE" || state === "ADAPTIVE" });
});

// telltales
for (const { name, title } of TELLTALES) {
  const node = element<SVGElement>(`[data-telltale="${name}"]`);
  effect(() => {
    const state = readings.string(`${TELLTALE_BRANCH}.${name}`) ?? "UNKNOWN";
    attributes(node, { "data-state": state, "aria-label": `${title}: ${state.toLowerCase()}` });
  });
}

// message area
const opening = signal(true);
setTimeout(() => (opening.value = false), OPENING_MS);
const shownMessage = computed<Message | null>(() => {
  const connected = connection.state.value === "live";
  if (!connected && connection.state.value === "connecting" && opening.value) return null;
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
const messageKey = computed(() => JSON.stringify(shownMessage.value));
effect(() => showMessage(JSON.parse(messageKey.value) as Message | null));

function showMessage(shown: Message | null): void {
  const area = element("#message");
  const text = element<SVGTextElement>('[data-field="message"]');
  attributes(area, { "data-shown": shown !== null, "data-level": shown?.level ?? "NONE" });
  const parts = shown ? lines(shown.text, LINE_LENGTH) : [];
  const tall = parts.length > 1;
  text.replaceChildren(
    ...parts.map((part, index) => {
      const line = document.createElementNS("http://www.w3.org/2000/svg", "tspan");
      attributes(line, { x: 960 + 22, dy: index === 0 ? (tall ? -2 : 11) : 34 });
      line.textContent = index === 0 && tall ? `${part} ` : part;
      return line;
    }),
  );
  if (!shown) return;
  // Reads layout once per new message, not per frame.
  const width = text.getBBox().width + 112;
  attributes(element("#message-plate"), { x: 960 - width / 2, y: tall ? 566 : 574, width, height: tall ? 86 : 60 });
  attributes(element("#message-icon"), { transform: `translate(${960 - width / 2 + 44} ${tall ? 610 : 605})` });
}
// The plate was measured in a fallback font where the message came before the font.
void document.fonts.ready.then(() => showMessage(shownMessage.peek()));

// frames
const road = new Road(element("#lane"), performance.now());
const count = frameCounter();
markPainted(connection, () => number(SPEED));
function frame(now: number): void {
  count(now);
  speedHand.step(now);
  powerHand.step(now);
  road.step(now, readings.of(SPEED).peek().value as number | null);
  requestAnimationFrame(frame);
}
requestAnimationFrame(frame);
