// What surrounds the car: weather, light, road and load.

import { html, type TemplateResult } from "lit/html.js";
import dryIcon from "@mdi/svg/svg/weather-sunny.svg";
import fogIcon from "@mdi/svg/svg/weather-fog.svg";
import rainIcon from "@mdi/svg/svg/weather-rainy.svg";
import snowIcon from "@mdi/svg/svg/weather-snowy.svg";
import { icon } from "../shared/icon";
import type { Weather, World, WorldChanges } from "../shared/protocol";
import { button, type Desk } from "./desk";

const WEATHERS: readonly (readonly [Weather, string, string])[] = [
  ["DRY", "Dry", dryIcon],
  ["RAIN", "Rain", rainIcon],
  ["SNOW", "Snow", snowIcon],
  ["FOG", "Fog", fogIcon],
];

interface Range {
  readonly name: Exclude<keyof World, "weather" | "speed_limit">;
  readonly title: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly step: number;
  readonly text: (value: number) => string;
}

const RANGES: readonly Range[] = [
  {
    name: "outside_temperature",
    title: "Outside",
    minimum: -30,
    maximum: 50,
    step: 1,
    text: (v) => `${signed(v)} °C`,
  },
  {
    name: "daylight",
    title: "Daylight",
    minimum: 0,
    maximum: 100,
    step: 5,
    text: (v) => (v < 10 ? "Night" : v < 35 ? "Dusk" : v < 70 ? "Overcast" : "Bright day"),
  },
  {
    name: "grade",
    title: "Road",
    minimum: -20,
    maximum: 20,
    step: 1,
    text: (v) => (v === 0 ? "Level" : `${Math.abs(v)} % ${v > 0 ? "uphill" : "downhill"}`),
  },
  { name: "load", title: "Luggage", minimum: 0, maximum: 500, step: 25, text: (v) => `${v} kg` },
  {
    name: "headwind",
    title: "Wind",
    minimum: -80,
    maximum: 80,
    step: 5,
    text: (v) => (v === 0 ? "Calm" : `${Math.abs(v)} km/h ${v > 0 ? "ahead" : "behind"}`),
  },
  {
    name: "traffic",
    title: "Traffic",
    minimum: 0,
    maximum: 100,
    step: 10,
    text: (v) => (v === 0 ? "Off" : v < 30 ? "Light" : v < 70 ? "Busy" : "Dense"),
  },
];

const LIMITS: readonly number[] = [0, 30, 50, 80, 100, 120];

export function world({ simulation }: Desk): TemplateResult {
  const now = simulation.state.value?.world;
  return html`
    <fieldset class="segments weather" aria-label="Weather" data-control="weather">
      ${WEATHERS.map(
        ([value, title, drawing]) => html`<button
          class="button"
          type="button"
          data-value=${value}
          aria-pressed=${now?.weather === value}
          @click=${() => simulation.setWorld({ weather: value })}
        >
          ${icon(drawing)}${title}
        </button>`,
      )}
    </fieldset>
    <div class="ranges">${RANGES.map((range) => slider(range, now?.[range.name] ?? 0, simulation.setWorld.bind(simulation)))}</div>
    <div class="limits" role="group" aria-label="Speed limit, km/h">
      <span class="title">Limit</span>
      ${LIMITS.map((limit) =>
        button(`speed_limit_${limit}`, now?.speed_limit === limit, { title: limit === 0 ? "None" : String(limit) }, () =>
          simulation.setWorld({ speed_limit: limit }),
        ),
      )}
    </div>
  `;
}

function slider(range: Range, value: number, set: (changes: WorldChanges) => void): TemplateResult {
  const share = (v: number) => ((v - range.minimum) / (range.maximum - range.minimum)) * 100;
  const at = share(Math.min(range.maximum, Math.max(range.minimum, value)));
  const zero = range.minimum < 0 && range.name !== "outside_temperature" ? share(0) : 0;
  return html`<label class="range">
    <span class="title">${range.title}</span>
    <input
      class="slider"
      type="range"
      min=${range.minimum}
      max=${range.maximum}
      step=${range.step}
      .value=${String(value)}
      data-control=${range.name}
      aria-valuetext=${range.text(value)}
      style="--from: ${Math.min(zero, at)}%; --fill: ${Math.max(zero, at)}%"
      @input=${(event: Event) => set({ [range.name]: Number((event.target as HTMLInputElement).value) })}
    />
    <output>${range.text(value)}</output>
  </label>`;
}

function signed(value: number): string {
  return value < 0 ? `−${Math.abs(Math.round(value))}` : String(Math.round(value));
}
