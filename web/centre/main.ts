// The centre page: climate and lights, each control showing the car's current value and asking the door for another,
// and the assistant.

import "../shared/theme.css";
import "../shared/controls.css";
import "./centre.css";
import "./assistant/assistant.css";
import { computed, effect, signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import alertIcon from "@mdi/svg/svg/alert.svg?raw";
import climateIcon from "@mdi/svg/svg/fan.svg?raw";
import lightsIcon from "@mdi/svg/svg/car-light-high.svg?raw";
import signalsIcon from "@mdi/svg/svg/chart-line-variant.svg?raw";
import { Actuation } from "../shared/actuation";
import { Connection } from "../shared/connection";
import { tellKeyboard } from "../shared/frame";
import { icon } from "../shared/icon";
import { followTheme, THEME_PATHS } from "../shared/theme";
import { live } from "../shared/view";
import { Assistant, ASSISTANT_PATHS } from "./assistant/assistant";
import { composer } from "./assistant/composer";
import { keepFocus, panel } from "./assistant/panel";
import { suggestion } from "./assistant/suggestion";
import { spoken } from "./assistant/talk";
import { progress } from "./assistant/thinking";
import { climate, CLIMATE_PATHS } from "./climate";
import { Controls } from "./controls";
import { lights, LIGHTS_PATHS } from "./lights";

const OUTSIDE = "Vehicle.Exterior.AirTemperature";

type Panel = "climate" | "lights";

const connection = new Connection();
const actuation = new Actuation(connection);
const controls = new Controls(connection.readings, actuation);
const assistant = new Assistant(connection);
const shown = signal<Panel>("climate");

/** Here the assistant has a place of its own; on a smaller screen it takes another panel's. */
const roomy = matchMedia("(min-width: 1560px)");
const isRoomy = signal(roomy.matches);
roomy.addEventListener("change", () => (isRoomy.value = roomy.matches));

const PATHS = [...THEME_PATHS, OUTSIDE, ...CLIMATE_PATHS, ...LIGHTS_PATHS, ...ASSISTANT_PATHS];
const moving = computed(() => assistant.moving.join());
effect(() => connection.follow([...PATHS, ...moving.value.split(",").filter(Boolean)]));
followTheme(connection.readings);
keepFocus(document.getElementById("centre")!);
tellKeyboard();

live(document.getElementById("centre")!, () => {
  const canClose = !isRoomy.value;
  const talks = assistant.isOpen.value || !canClose;
  return html`
    <main class="panels" data-shown=${shown.value} data-talks=${talks} data-connection=${connection.state.value}>
      <section class="panel climate" aria-label="Climate">${climate(controls)}</section>
      <section class="panel lights" aria-label="Lights">${lights(controls)}</section>
      ${talks ? panel(assistant, canClose) : nothing}
    </main>
    <div class="notices">${talks ? nothing : suggestion(assistant)} ${message()}</div>
    <div class="bar">
      <nav aria-label="Pages">
        ${tab("climate", "Climate", climateIcon)} ${tab("lights", "Lights", lightsIcon)}
        <a class="button quiet" href=${signalsUrl()} data-link="signals" aria-label="Signals">
          ${icon(signalsIcon)}<span>Signals</span>
        </a>
      </nav>
      ${composer(assistant, canClose)}
      <span class="outside" data-field="outside">${outside()}</span>
      ${talks ? nothing : progress(assistant)}
    </div>
    <p class="visually-hidden" aria-live="polite" data-field="spoken">${spoken(assistant)}</p>
  `;
});

function tab(name: Panel, title: string, drawing: string): TemplateResult {
  const show = () => {
    shown.value = name;
    assistant.isOpen.value = false;
  };
  return html`<button
    class="button quiet tab"
    type="button"
    data-tab=${name}
    aria-label=${title}
    aria-pressed=${shown.value === name && !assistant.isOpen.value}
    @click=${show}
  >
    ${icon(drawing)}<span>${title}</span>
  </button>`;
}

/** The one line that has to be read: no car, or why a wish was not granted. */
function message(): TemplateResult {
  if (connection.state.value === "silent")
    return html`<p class="message" data-tone="error" role="alert" data-field="message">
      ${icon(alertIcon)}No connection to the car
    </p>`;
  const latest = actuation.latest;
  return html`<p class="message" data-tone=${latest?.tone ?? "none"} role="status" data-field="message">
    ${latest ? html`${icon(alertIcon)}${latest.message}` : nothing}
  </p>`;
}

function outside(): string {
  const celsius = connection.readings.number(OUTSIDE);
  return celsius === null ? "– °C" : `${Math.round(celsius)} °C outside`;
}

/** The signals page of this server, with the same token and theme. */
function signalsUrl(): string {
  return `signals${location.search}`;
}
