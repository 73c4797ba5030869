// The charge under way, how far it shall go, and when it may begin.

import { html, nothing, type TemplateResult } from "lit/html.js";
import minusIcon from "@mdi/svg/svg/minus.svg";
import plugIcon from "@mdi/svg/svg/ev-plug-type2.svg";
import plusIcon from "@mdi/svg/svg/plus.svg";
import { icon } from "../../shared/icon";
import type { Charging, ChargingMode, ChargingPlan, Energy } from "../../shared/protocol";
import type { Key } from "../../shared/words";
import type { Car } from "../car";
import { plain, segments } from "../controls";
import { untilLimit } from "./card";
import { CHARGING_POWER, LIMIT } from "./paths";
import { type Line, Plot } from "./plot";

const MODES: readonly [ChargingMode, Key][] = [
  ["OFF", "energy.plan_off"],
  ["READY_BY", "energy.plan_ready"],
  ["HOURS", "energy.plan_hours"],
];
const STEP_MIN = 15;
const DAY_MIN = 24 * 60;
/** Below which an end of the day is not chosen: charging to less strands people, and the car says so by its own means. */
const LEAST_LIMIT = 50;

const curve = new Plot();

/** What flows, how much came, and what the plan makes of it. Only while a cable is plugged in. */
export function session(car: Car, energy: Energy): TemplateResult | typeof nothing {
  const { charging } = energy;
  if (charging.status === "unplugged" || charging.status === "unknown") return nothing;
  const { readings, units, t } = car;
  const watts = readings.number(CHARGING_POWER);
  const isCharging = charging.status === "charging";
  if (charging.curve.length > 1) curve.show(line(car, charging));
  return html`<section class="card energy-session" data-status=${charging.status}>
    <header>
      ${car.icon("plug", plugIcon)}
      <h2 data-field="charging_status">${t(`energy.status_${charging.status}`)}</h2>
      <p class="until" data-field="until_limit">${isCharging ? untilLimit(car) : nothing}</p>
    </header>
    <dl>
      ${figure(t("energy.power_in"), units.power(isCharging && watts !== null ? watts / 1000 : isCharging ? null : 0, 1).text, "charging_power")}
      ${figure(t("energy.added"), units.energy(charging.added_wh / 1000, 1).text, "added")}
      ${figure(t("energy.most"), units.power(charging.most_watts / 1000, 1).text, "most")}
      ${figure(t("energy.flowing"), units.duration(charging.flowing_seconds).text, "flowing")}
    </dl>
    ${charging.curve.length > 1
      ? html`<div class="plot-place" dir="ltr" role="img" aria-label=${t("energy.curve")}>${curve.element}</div>`
      : nothing}
    ${says(car, energy)}
    <div class="actions">${actions(car, energy)}</div>
  </section>`;
}

function figure(name: string, value: string, field: string): TemplateResult {
  return html`<div><dt>${name}</dt><dd data-field=${field}>${value}</dd></div>`;
}

function line({ readings, units }: Car, { curve: points }: Charging): Line {
  const kilowatts = points.map(({ watts }) => watts / 1000);
  const most = Math.max(4, ...kilowatts) * 1.15;
  const begin = Math.floor(points[0]!.percent / 10) * 10;
  return {
    x: points.map(({ percent }) => percent),
    y: kilowatts,
    level: null,
    from_x: begin,
    to_x: Math.max(begin + 10, readings.number(LIMIT) ?? 100),
    least_y: 0,
    most_y: most,
    format_x: (value) => units.percent(value).text,
    format_y: (value) => units.power(value).text,
  };
}

/** What the plan will come to, in a sentence or two. */
function says({ units, t }: Car, { charging, plan }: Energy): TemplateResult {
  const { begins, until, percent, reached, fast, now, problem } = charging;
  const lines: string[] = [];
  if (problem) lines.push(problem);
  if (plan.mode === "OFF") return sentences(lines, problem !== "");
  if (now) lines.push(t("energy.says_now"));
  else if (fast) lines.push(t("energy.says_fast"));
  if (begins) lines.push(t("energy.says_begins", { time: units.time(begins) }));
  if (until && percent !== null) {
    const words = { percent: units.percent(percent).text, time: units.time(until) };
    lines.push(t(reached === false ? "energy.says_short" : "energy.says_there", words));
  }
  return sentences(lines, reached === false || problem !== "");
}

function sentences(lines: readonly string[], isShort: boolean): TemplateResult {
  return html`<p class="says" data-field="plan_says" data-short=${isShort}>
    ${lines.map((each) => html`<span>${each}</span>`)}
  </p>`;
}

function actions(car: Car, { charging, plan }: Energy): TemplateResult {
  const button = (name: Key, how: "NOW" | "BY_PLAN" | "STOP", isMain: boolean) =>
    html`<button
      class="button ${isMain ? "main" : ""}"
      type="button"
      data-control=${`charge_${how.toLowerCase()}`}
      @click=${() => void car.call("cockpit.charge", { how })}
    >
      ${car.t(name)}
    </button>`;
  const { status, now } = charging;
  const runs = status === "charging" || status === "starting";
  return html`
    ${status === "waiting" || status === "stopped" || status === "no_power" ? button("energy.charge_now", "NOW", true) : nothing}
    ${runs ? button("energy.stop", "STOP", false) : nothing}
    ${plan.mode !== "OFF" && (now || status === "stopped") ? button("energy.by_plan", "BY_PLAN", false) : nothing}
  `;
}

/** How far to charge. */
export function limit(car: Car): TemplateResult {
  return car.controls.slider({
    path: LIMIT,
    title: car.t("energy.limit"),
    minimum: LEAST_LIMIT,
    maximum: 100,
    scale: plain("%", 5),
  });
}

/** When to charge. It is set-up: the host closes it while the car drives. */
export function plan(car: Car, { plan: now }: Energy): TemplateResult {
  const { t } = car;
  const set = (changes: Partial<ChargingPlan>) =>
    void car.call("cockpit.set_charging_plan", { plan: { ...now, ...changes } });
  return html`<section class="card energy-plan" data-setup>
    <h2>${t("energy.plan")}</h2>
    ${segments(
      t("energy.plan"),
      now.mode,
      MODES.map(([mode, name]) => [mode, t(name)] as const),
      (mode) => set({ mode }),
      "plan_",
    )}
    ${now.mode === "READY_BY"
      ? clock(car, "ready_by", t("energy.ready_by"), now.ready_by, (ready_by) => set({ ready_by }))
      : nothing}
    ${now.mode === "HOURS"
      ? html`<div class="hours">
          ${clock(car, "start", t("energy.from"), now.start, (start) => set({ start }))}
          ${clock(car, "end", t("energy.to"), now.end, (end) => set({ end }))}
        </div>`
      : nothing}
    <p class="says">${t(EXPLAINED[now.mode])}</p>
  </section>`;
}

const EXPLAINED: Readonly<Record<ChargingMode, Key>> = {
  OFF: "energy.plan_off_says",
  READY_BY: "energy.plan_ready_says",
  HOURS: "energy.plan_hours_says",
};

/** A time of day in steps of a quarter of an hour. */
function clock({ units, t }: Car, name: string, title: string, value: string, set: (value: string) => void): TemplateResult {
  const [hours = 0, minutes = 0] = value.split(":").map(Number);
  const at = hours * 60 + minutes;
  const step = (way: 1 | -1) => () => {
    const next = (way > 0 ? Math.floor(at / STEP_MIN) + 1 : Math.ceil(at / STEP_MIN) - 1) * STEP_MIN;
    const wrapped = (next + DAY_MIN) % DAY_MIN;
    set(`${pad(Math.floor(wrapped / 60))}:${pad(wrapped % 60)}`);
  };
  const shown = units.time(new Date(2001, 0, 1, hours, minutes));
  return html`<div class="clock" role="group" aria-label=${title}>
    <span class="name">${title}</span>
    <button class="button icon-only" type="button" data-control=${`${name}_earlier`} aria-label=${t("common.less", { what: title })} @click=${step(-1)}>
      ${icon(minusIcon)}
    </button>
    <output data-field=${name}>${shown}</output>
    <button class="button icon-only" type="button" data-control=${`${name}_later`} aria-label=${t("common.more", { what: title })} @click=${step(1)}>
      ${icon(plusIcon)}
    </button>
  </div>`;
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
