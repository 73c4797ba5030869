// Ambient light: one colour and one brightness for the whole cabin.

import { html, nothing, type TemplateResult } from "lit/html.js";
import ambientIcon from "@mdi/svg/svg/led-strip-variant.svg";
import type { Key } from "../../shared/words";
import type { Car } from "../car";
import { has } from "../climate/zones";
import { plain } from "../controls";

const PLACES = ["Row1.DriverSide", "Row1.PassengerSide", "Row2.DriverSide", "Row2.PassengerSide"].map(
  (place) => `Vehicle.Cabin.Light.AmbientLight.${place}`,
);
export const LIGHT_PATHS: readonly string[] = PLACES;

const COLOURS: readonly (readonly [colour: string, name: Key])[] = [
  ["#F0917C", "comfort.alpenglow"],
  ["#FFD9A0", "comfort.candle"],
  ["#FFFFFF", "comfort.white"],
  ["#8FD694", "comfort.meadow"],
  ["#6FC9DC", "comfort.glacier"],
  ["#3C6EFF", "comfort.lake"],
  ["#8A63FF", "comfort.dusk"],
  ["#FF5C8A", "comfort.rose"],
];

export function ambient(car: Car): TemplateResult | typeof nothing {
  const mine = PLACES.filter((place) => has(car, `${place}.IsLightOn`));
  const [first, ...others] = mine;
  if (!first) return nothing;
  const isOn = car.readings.boolean(`${first}.IsLightOn`) === true;
  const colour = car.readings.string(`${first}.Color`)?.toUpperCase();
  const brightness = `${first}.Intensity`;
  const ask = (leaf: string, value: string | number | boolean, settle = false) =>
    [first, ...others].forEach((place) => car.actuation.request(`${place}.${leaf}`, value, settle));
  const percent = plain("%", 5);
  const at = car.actuation.of(brightness).pending ?? car.readings.number(brightness);
  const shown = typeof at === "number" ? at : 1;
  return html`<section class="card ambient" aria-label=${car.t("comfort.ambient")} data-lit=${isOn} style="--colour: ${isOn && colour ? colour : "transparent"}">
    <div class="glow" aria-hidden="true"></div>
    ${car.controls.toggle(
      { path: `${first}.IsLightOn`, title: car.t("comfort.ambient"), drawing: ambientIcon },
      others.map((place) => `${place}.IsLightOn`),
    )}
    <div class="colours" role="group" aria-label=${car.t("comfort.colour")}>
      ${COLOURS.map(
        ([value, name]) => html`<button
          class="button quiet"
          type="button"
          data-value=${value}
          data-path=${`${first}.Color`}
          aria-label=${car.t(name)}
          aria-pressed=${colour === value}
          @click=${() => ask("Color", value)}
        >
          <span class="swatch" style="--colour: ${value}"></span>
        </button>`,
      )}
    </div>
    <div class="control slide" data-path=${brightness}>
      <h2><span>${car.t("comfort.brightness")}</span>
        <output data-field="current">${car.units.percent(typeof at === "number" ? at : null).text}</output></h2>
      <input class="slider" type="range" min="5" max="100" step=${percent.step}
        aria-label=${car.t("comfort.brightness")} style="--fill: ${((shown - 5) / 95) * 100}%"
        .value=${String(shown)} ?disabled=${at === null}
        @input=${(event: Event) => ask("Intensity", (event.target as HTMLInputElement).valueAsNumber, true)} />
    </div>
  </section>`;
}
