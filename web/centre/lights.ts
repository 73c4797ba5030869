// Lights: what the road sees, and what the cabin looks like.

import { html, type TemplateResult } from "lit";
import ambientIcon from "@mdi/svg/svg/led-strip-variant.svg?raw";
import domeIcon from "@mdi/svg/svg/dome-light.svg?raw";
import fogIcon from "@mdi/svg/svg/car-light-fog.svg?raw";
import highIcon from "@mdi/svg/svg/car-light-high.svg?raw";
import switchIcon from "@mdi/svg/svg/car-light-dimmed.svg?raw";
import type { Choice, Controls } from "./controls";

const LIGHTS = "Vehicle.Body.Lights";
const AMBIENT = "Vehicle.Cabin.Light.AmbientLight.Row1";
const LEFT = `${AMBIENT}.DriverSide`;
const RIGHT = `${AMBIENT}.PassengerSide`;
const DOME = "Vehicle.Cabin.Light.IsDomeOn";

export const LIGHTS_PATHS: readonly string[] = [
  `${LIGHTS}.LightSwitch`,
  `${LIGHTS}.IsHighBeamSwitchOn`,
  `${LIGHTS}.Fog.Front.IsOn`,
  `${LIGHTS}.Fog.Rear.IsOn`,
  DOME,
  `${AMBIENT}.*.IsLightOn`,
  `${AMBIENT}.*.Intensity`,
  `${AMBIENT}.*.Color`,
];

const SWITCH: readonly Choice[] = [
  { value: "OFF", title: "Off" },
  { value: "POSITION", title: "Position" },
  { value: "AUTO", title: "Auto" },
  { value: "BEAM", title: "Low beam" },
];
const BRIGHTNESS: readonly Choice[] = [
  { value: 25, title: "Low" },
  { value: 60, title: "Medium" },
  { value: 100, title: "High" },
];
const COLOURS: readonly Choice[] = (
  [
    ["#F0917C", "Alpenglow"],
    ["#FFD9A0", "Candle"],
    ["#FFFFFF", "White"],
    ["#6FC9DC", "Glacier"],
    ["#5A6BFF", "Dusk"],
  ] as const
).map(([value, title]) => ({
  value,
  title,
  content: html`<span class="swatch" style="--colour: ${value}"></span>`,
}));

export function lights(controls: Controls): TemplateResult {
  return html`
    ${controls.choice({ path: `${LIGHTS}.LightSwitch`, title: "Headlights", drawing: switchIcon }, SWITCH)}
    <div class="five">
      ${controls.toggle({ path: `${LIGHTS}.IsHighBeamSwitchOn`, title: "High beam", drawing: highIcon })}
      ${controls.toggle({ path: `${LIGHTS}.Fog.Front.IsOn`, title: "Front fog", drawing: fogIcon })}
      ${controls.toggle({ path: `${LIGHTS}.Fog.Rear.IsOn`, title: "Rear fog", drawing: fogIcon })}
      ${controls.toggle({ path: DOME, title: "Dome", drawing: domeIcon })}
      ${controls.toggle({ path: `${LEFT}.IsLightOn`, title: "Ambient", drawing: ambientIcon }, [`${RIGHT}.IsLightOn`])}
    </div>
    <div class="ambient">
      ${controls.choice({ path: `${LEFT}.Intensity`, title: "Ambient brightness" }, BRIGHTNESS, [
        `${RIGHT}.Intensity`,
      ])}
      ${controls.choice({ path: `${LEFT}.Color`, title: "Ambient colour" }, COLOURS, [`${RIGHT}.Color`])}
    </div>
  `;
}
