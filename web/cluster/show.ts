// Binds one face to the car: each value to its place in the drawing, until the face is taken away.

import { computed, effect } from "@preact/signals-core";
import { render } from "lit/html.js";
import type { Readings } from "../shared/readings";
import { clock } from "./clock";
import { type Face, gearX } from "./faces/parts";
import { consumption, DASH, distance, lines, NO_SPEED, temperature, whole } from "./format";
import { Hand } from "./hand";
import type { Message } from "./message";
import { type Readout, SPEED } from "./readout";
import { Road } from "./road";
import { TELLTALE_BRANCH, TELLTALES } from "./telltales";
import type { Scale, Track } from "./track";
import { showTurn } from "./turn";

const LINE_LENGTH = 52;

export interface Shown {
  /** Moves what moves by itself on to `now`; once per frame. */
  step(now: number): void;
  /** Places the message anew, as its letters have changed their width. */
  measure(): void;
  stop(): void;
}

function find<E extends Element = SVGElement>(selector: string): E | null {
  return document.querySelector<E>(selector);
}

function element<E extends Element = SVGElement>(selector: string): E {
  const found = find<E>(selector);
  if (!found) throw new Error(`the face has no ${selector}`);
  return found;
}

function attributes(node: Element, values: Record<string, string | number | boolean | null>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === null) node.removeAttribute(name);
    else node.setAttribute(name, String(value));
  }
}

/** Shows `face`, which is in the document, until it is stopped. */
export function show(face: Face, car: Readout, readings: Readings): Shown {
  const stops: (() => void)[] = [];
  const on = (act: () => void) => void stops.push(effect(act));
  const hands: Hand[] = [];

  /** Shows `text()` in a field; dashes step back. */
  function field(name: string, text: () => string): void {
    const node = element(`[data-field="${name}"]`);
    const shown = computed(text);
    on(() => {
      node.textContent = shown.value;
      node.dataset["quality"] = shown.value.startsWith(DASH) ? "none" : "valid";
    });
  }

  /** A value along its track. */
  function gauge(name: "speed" | "power", track: Track, scale: () => Scale, step: () => number, value: () => number | null): void {
    const hand = new Hand(track, scale(), element(`#${name}-arc`), element(`#${name}-needle`));
    hands.push(hand);
    on(() => {
      const { from, to } = scale();
      element(`#${name}-track`).setAttribute("d", track.path(scale(), from, to));
      render(track.marks(scale(), step()), element<SVGElement>(`#${name}-marks`) as unknown as HTMLElement);
      attributes(element(`#${name}-dial`), { "aria-valuemin": from, "aria-valuemax": to });
    });
    on(() => hand.point(value(), scale(), performance.now()));
  }

  // speed
  const { units, speedScale, powerScale } = car;
  const { speed } = face;
  if (speed) gauge("speed", speed, () => speedScale.value, () => face.speedStep, () => car.speed.value);
  const speedText = computed(() => whole(car.speed.value, NO_SPEED));
  field("speed", () => speedText.value);
  field("speed-unit", () => units.value.speed);
  on(() => {
    const known = speedText.value !== NO_SPEED;
    attributes(element("#speed-dial"), {
      "aria-valuemin": speedScale.value.from,
      "aria-valuemax": speedScale.value.to,
      "aria-valuenow": known ? speedText.value : null,
      "aria-valuetext": known ? `${speedText.value} ${units.value.speed}` : "not available",
    });
  });

  // speed limit: nothing where none is known
  on(() => {
    const value = car.limit.value;
    const text = value === null ? "" : whole(value);
    attributes(element("#sign"), {
      "data-shown": value !== null,
      "data-value": text,
      "aria-label": `Speed limit ${text || "unknown"}`,
    });
    attributes(element("#sign-text"), { "data-digits": text.length });
    element("#sign-text").textContent = text;
    if (!speed) return;
    const scale = speedScale.value;
    element("#limit-mark").setAttribute("d", value === null || value > scale.to ? "" : speed.beside(scale, value));
  });

  on(() => attributes(element("#sign"), { "data-over": car.tooFast.value }));

  // power
  const span = () => powerScale.value.to - powerScale.value.from;
  gauge("power", face.power, () => powerScale.value, () => (span() > 280 ? 80 : 40), () => car.power_kw.value);
  on(() => {
    const now = car.available.value;
    element("#power-available").setAttribute("d", now ? face.power.path(powerScale.value, now.from, now.to) : "");
  });
  const powerText = computed(() => whole(car.power_kw.value === null ? null : Math.abs(car.power_kw.value)));
  field("power", () => powerText.value);
  field("power-mode", () => {
    const mode = car.powerMode.value;
    return mode === "charging" || mode === "regen" ? `kW ${mode}` : "kW";
  });
  on(() => {
    const mode = car.powerMode.value;
    attributes(element("#power-dial"), {
      "data-mode": mode === "charging" ? "regen" : mode,
      "aria-valuenow": mode === "none" ? null : mode === "drive" ? powerText.value : `-${powerText.value}`,
      "aria-valuetext": mode === "none" ? "not available" : `${powerText.value} kilowatt ${mode}`,
    });
  });

  // battery
  field("range", () => distance(car.range_m.value, units.value));
  field("range-unit", () => units.value.distance);
  const chargeText = computed(() => {
    const percent = car.charge_percent.value;
    // Never rounded up: 0.6 % is not 1 %, and 99.6 % is not full.
    return percent === null ? `${DASH} %` : `${Math.floor(percent)} %`;
  });
  field("soc", () => chargeText.value);
  on(() => {
    const percent = Math.min(100, Math.max(0, car.charge_percent.value ?? 0));
    attributes(element("#charge"), { width: ((face.barWidth * percent) / 100).toFixed(1) });
  });
  on(() => {
    const percent = car.charge_percent.value;
    attributes(element("#battery"), {
      "data-level": car.charging.value ? "charging" : car.lowCharge.value ? "low" : "normal",
      "aria-valuetext": percent === null ? "not available" : chargeText.value,
      "aria-valuenow": percent === null ? null : Math.floor(percent),
    });
  });

  // gear and driving mode
  on(() => {
    const now = car.gear.value;
    const group = element('[data-field="gear"]');
    attributes(group, { "data-value": now ?? DASH, "aria-label": `Gear ${now ?? "not available"}` });
    for (const letter of group.querySelectorAll<SVGElement>(".gear")) {
      const name = letter.dataset["gear"] ?? "";
      letter.textContent = now === null ? DASH : name;
      letter.dataset["active"] = String(name === now);
    }
    const place = now === null ? 0 : "PRND".indexOf(now);
    attributes(element("#gear-chip"), { x: gearX(place) - 30, visibility: now === null ? "hidden" : "visible" });
  });
  field("mode", () => car.mode.value);

  // information lines
  field("time", () => clock.value);
  field("temperature", () => temperature(car.outside_celsius.value, units.value));
  field("consumption", () => consumption(car.consumption.value, readings.number(SPEED), units.value));
  field("odometer", () => `${distance(car.odometer_m.value, units.value)} ${units.value.distance}`);
  on(() => attributes(element("#frost"), { "data-shown": car.frost.value }));

  // road
  const lane = find<SVGPathElement>("#lane");
  const road = lane && new Road(lane, performance.now());
  const tail = find("#tail");
  if (tail) on(() => attributes(tail, { "data-braking": car.braking.value }));

  // telltales
  for (const { name, title } of TELLTALES) {
    const node = element(`[data-telltale="${name}"]`);
    on(() => {
      const state = readings.string(`${TELLTALE_BRANCH}.${name}`) ?? "UNKNOWN";
      attributes(node, { "data-state": state, "aria-label": `${title}: ${state.toLowerCase()}` });
    });
  }

  on(() => showMessage(car.message.value));
  showTurn(element("#turn"), () => car.turn.value, on);

  return {
    step(now) {
      for (const hand of hands) hand.step(now);
      road?.step(now, readings.of(SPEED).peek().value as number | null);
    },
    measure: () => showMessage(car.message.peek()),
    stop() {
      for (const stop of stops) stop();
    },
  };
}

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
