// What sets a scene off: nothing but a touch or a word, a time, a place, or something that happens in the car.

import { html, nothing, type TemplateResult } from "lit/html.js";
import minusIcon from "@mdi/svg/svg/minus.svg";
import plusIcon from "@mdi/svg/svg/plus.svg";
import type { At, Compare, Scene } from "../../shared/protocol";
import type { Car } from "../car";
import { segments } from "../controls";
import { change, type Condition } from "./state";
import { DAYS, dayName, hoursOf, partsOf, quantity, timeName, triggerName, triggerOf, whenName } from "./words";

export const LATITUDE = "Vehicle.CurrentLocation.Latitude";
export const LONGITUDE = "Vehicle.CurrentLocation.Longitude";
const RADIUS_M = 150;

const KINDS = ["touch", "time", "place", "car"] as const;
type Kind = (typeof KINDS)[number];

function kindOf(when: Condition | null): Kind {
  if (!when) return "touch";
  return when.kind === "at" ? "time" : when.kind === "near" ? "place" : "car";
}

const EIGHT: At = { kind: "at", time: "08:00:00", days: [] };

function choose(car: Car, kind: Kind): void {
  const first = partsOf(car).triggers[0]?.when ?? null;
  const when = kind === "touch" ? null : kind === "time" ? EIGHT : kind === "place" ? here(car, "") : first;
  if (when || kind === "touch") change({ when, when_said: "", hold_s: 0 });
  else car.say(car.t("scenes.no_place"), "warning");
}

function here(car: Car, name: string): Condition | null {
  const latitude = car.readings.number(LATITUDE);
  const longitude = car.readings.number(LONGITUDE);
  if (latitude === null || longitude === null) return null;
  return { kind: "near", place: { latitude, longitude, radius_m: RADIUS_M }, name };
}

export function trigger(car: Car, scene: Scene): TemplateResult {
  const kind = kindOf(scene.when);
  return html`<div class="control choice">
      <h2><span>${car.t("scenes.trigger")}</span></h2>
      ${segments(
        car.t("scenes.trigger"),
        kind,
        KINDS.map((each) => [each, car.t(`scenes.when_${each}`)] as const),
        (each) => each !== kind && choose(car, each),
        "when_",
      )}
    </div>
    ${scene.when ? details(car, scene, scene.when) : nothing}`;
}

function details(car: Car, scene: Scene, when: Condition): TemplateResult {
  if (when.kind === "at") return time(car, when);
  if (when.kind === "near") return place(car, when.name);
  return happening(car, scene, when);
}

function time(car: Car, at: At): TemplateResult {
  const [hour, minute] = hoursOf(at);
  const move = (minutes: number) => () => {
    const next = (hour * 60 + minute + minutes + 1440) % 1440;
    const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
    change({ when: { ...at, time: `${two(next / 60)}:${two(next % 60)}:00` } });
  };
  const toggle = (day: (typeof DAYS)[number]) => () =>
    change({ when: { ...at, days: at.days.includes(day) ? at.days.filter((d) => d !== day) : [...at.days, day] } });
  return html`<div class="when" data-field="when">
    <div class="clock">
      ${step(car, car.t("scenes.hour"), timeName(car, { ...at, days: [] }), move(-60), move(60))}
      ${step(car, car.t("scenes.minute"), car.t("scenes.minutes", { minutes: minute }), move(-5), move(5))}
    </div>
    <div class="days" role="group" aria-label=${car.t("scenes.days")}>
      ${DAYS.map(
        (day) =>
          html`<button class="button" type="button" data-day=${day} aria-pressed=${at.days.includes(day)} @click=${toggle(day)}>
            ${dayName(car, day)}
          </button>`,
      )}
    </div>
  </div>`;
}

function place(car: Car, name: string): TemplateResult {
  const rename = (event: InputEvent) => {
    const when = here(car, (event.target as HTMLInputElement).value.slice(0, 80));
    if (when) change({ when });
  };
  return html`<div class="when">
    <p>${car.t("scenes.place_hint")}</p>
    <input
      class="field"
      data-control="place_name"
      aria-label=${car.t("scenes.place_name")}
      placeholder=${car.t("scenes.place_name")}
      maxlength="80"
      .value=${name}
      @input=${rename}
    />
  </div>`;
}

function happening(car: Car, scene: Scene, when: Condition): TemplateResult {
  const { triggers } = partsOf(car);
  const chosen = triggerOf(car, when);
  const value = when.kind === "compare" ? when.value : null;
  const move = (by: number) => () => {
    if (when.kind !== "compare" || typeof value !== "number" || !chosen) return;
    const next = Math.min(chosen.maximum, Math.max(chosen.minimum, value + by * chosen.step));
    change({ when: { ...when, value: next }, when_said: "" });
  };
  return html`<div class="when">
    ${chosen ? nothing : html`<p data-field="when">${whenName(car, scene)}</p>`}
    ${chosen && chosen.maximum > chosen.minimum && typeof value === "number"
      ? step(car, car.t("scenes.limit"), quantity(car, chosen.unit, value), move(-1), move(1))
      : nothing}
    <ul class="happenings" role="list" data-long>
      ${triggers.map(({ name, when: each, unit }) => {
        const isChosen = chosen?.name === name;
        return html`<li>
          <button
            class="button"
            type="button"
            data-trigger=${name}
            aria-pressed=${isChosen}
            @click=${() => change({ when: each, when_said: "" })}
          >
            ${triggerName(car, name, (isChosen ? when : each) as Compare, unit)}
          </button>
        </li>`;
      })}
    </ul>
  </div>`;
}

/** A value between two buttons. */
export function step(car: Car, title: string, text: string, down: () => void, up: () => void): TemplateResult {
  const button = (name: "less" | "more", drawing: string, act: () => void) =>
    html`<button
      class="button icon-only"
      type="button"
      data-step=${name === "less" ? "down" : "up"}
      aria-label=${car.t(`common.${name}`, { what: title })}
      @click=${act}
    >
      ${car.icon(name, drawing)}
    </button>`;
  return html`<div class="step" role="group" aria-label=${title}>
    ${button("less", minusIcon, down)}<output aria-label=${title}>${text || title}</output>${button("more", plusIcon, up)}
  </div>`;
}
