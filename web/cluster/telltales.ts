// Telltales: shapes after ISO 2575 (drawn for this cluster), colours after ISO 2575 and UN R121, fixed places.
//
// A shape lives in a 48 × 48 box and is stroked in `currentColor`; class "solid" fills it instead.

import { svg, type SVGTemplateResult } from "lit/html.js";

export type Colour = "red" | "amber" | "green" | "blue";

export interface Telltale {
  /** The last step of `Vehicle.Alpenglow.Telltale.<name>`. */
  readonly name: string;
  readonly title: string;
  readonly colour: Colour;
  /** Centre of the telltale on the 1920 × 720 face. */
  readonly x: number;
  readonly y: number;
  readonly shape: SVGTemplateResult;
}

export const TELLTALE_BRANCH = "Vehicle.Alpenglow.Telltale";

const TOP = 52;
const BOTTOM = 668;
const PITCH = 78;
const left = (place: number) => 92 + PITCH * place;
const right = (place: number) => 1828 - PITCH * place;

const exclamation = svg`<path d="M24 16.5v9.5" stroke-width="3.6"/><circle class="solid" cx="24" cy="31.2" r="2.1"/>`;
// The lining of a drum brake: the circle between its two shoes.
const brake = svg`<circle cx="24" cy="24" r="13.4"/><path d="M10.6 10.2a19.3 19.3 0 0 0 0 27.6M37.4 10.2a19.3 19.3 0 0 1 0 27.6"/>`;
const thermometer = (x: number, y: number) =>
  svg`<g transform="translate(${x} ${y})"><path d="M0-11v11" stroke-width="3.4"/><circle class="solid" cy="3.4" r="4"/>
    <path d="M2.6-9.4h4M2.6-4.6h4" stroke-width="2.4"/></g>`;
const skidding = (y: number) =>
  svg`<g transform="translate(0 ${y})"><path d="M14.5 13.2 16.8 7.6A3 3 0 0 1 19.6 5.7h8.8a3 3 0 0 1 2.8 1.9l2.3 5.6"/>
    <path class="solid" d="M13.2 12.6h21.6a2.4 2.4 0 0 1 2.4 2.4v8.4a1.6 1.6 0 0 1-1.6 1.6h-2.4a1.6 1.6 0 0 1-1.6-1.6v-1.2H16.4v1.2a1.6 1.6 0 0 1-1.6 1.6h-2.4a1.6 1.6 0 0 1-1.6-1.6V15a2.4 2.4 0 0 1 2.4-2.4Z"/>
    <path class="hole" d="M14.4 17.2h3.4M30.2 17.2h3.4" stroke-width="2.4"/></g>`;
const tracks = svg`<path d="M16.5 29.5c-5 2.6 2.6 5 -2.6 7.6s1.6 4 -1.4 5.9M31.5 29.5c-5 2.6 2.6 5 -2.6 7.6s1.6 4 -1.4 5.9" stroke-width="2.8"/>`;
const lamp = svg`<path d="M27 10.5h3.2c7 0 12.3 5.6 12.3 13.5S37.2 37.5 30.2 37.5H27c-2.6 0-3.6-6.2-3.6-13.5S24.4 10.5 27 10.5Z"/>`;
const rearLamp = svg`<g transform="matrix(-1 0 0 1 48 0)">${lamp}</g>`;
const tractionBattery = svg`<path d="M6 15.5h31.5a2.5 2.5 0 0 1 2.5 2.5v12a2.5 2.5 0 0 1-2.5 2.5H6A2.5 2.5 0 0 1 3.5 30V18A2.5 2.5 0 0 1 6 15.5Z"/><path d="M44 21v6" stroke-width="3.6"/>`;
const arrow = svg`<path class="solid" d="M3.5 24 22 7.5v9.7h21.5v13.6H22v9.7Z"/>`;

export const TELLTALES: readonly Telltale[] = [
  {
    name: "PositionLights",
    title: "Position lights",
    colour: "green",
    x: left(0),
    y: TOP,
    shape: svg`<path d="M21 17.5h-1.6a6.5 6.5 0 0 0 0 13H21ZM27 17.5h1.6a6.5 6.5 0 0 1 0 13H27Z"/>
      <path d="M9.5 16.5 4.8 14M8 24H2.8M9.5 31.5 4.8 34M38.5 16.5l4.7-2.5M40 24h5.2M38.5 31.5l4.7 2.5"/>`,
  },
  {
    name: "DippedBeam",
    title: "Dipped beam",
    colour: "green",
    x: left(1),
    y: TOP,
    shape: svg`${lamp}<path d="M18.5 12.5 5 16M18 20.2 4.5 23.7M18 27.9 4.5 31.4M18.5 35.6 5 39.1"/>`,
  },
  {
    name: "MainBeam",
    title: "Main beam",
    colour: "blue",
    x: left(2),
    y: TOP,
    shape: svg`${lamp}<path d="M18.5 12.5H4.5M18 20.2H4.5M18 27.9H4.5M18.5 35.6H4.5"/>`,
  },
  {
    name: "FrontFog",
    title: "Front fog lights",
    colour: "green",
    x: left(3),
    y: TOP,
    shape: svg`${lamp}<path d="M18.5 14 4.5 17.6M18.5 23 4.5 26.6M18.5 32 4.5 35.6"/>
      <path d="M11.5 7.5c-3.4 4.2 3.4 7 0 11s3.4 7 0 11 2.6 7 0 11"/>`,
  },
  {
    name: "RearFog",
    title: "Rear fog light",
    colour: "amber",
    x: left(4),
    y: TOP,
    shape: svg`${rearLamp}<path d="M29.5 15h14M29.5 24h14M29.5 33h14"/>
      <path d="M36.5 7.5c3.4 4.2-3.4 7 0 11s-3.4 7 0 11-2.6 7 0 11"/>`,
  },
  {
    name: "Hazard",
    title: "Hazard warning",
    colour: "red",
    x: right(4),
    y: TOP,
    shape: svg`<path d="M24 6.5 43.5 40h-39ZM24 19.5 32.2 33.5H15.8Z"/>`,
  },
  {
    name: "ChargeCable",
    title: "Charge cable connected",
    colour: "green",
    x: right(3),
    y: TOP,
    shape: svg`<path d="M18.5 5.5v8M29.5 5.5v8" stroke-width="3.6"/>
      <path class="solid" d="M12.5 13h23v5.5c0 6.3-5 10.5-11.5 10.5s-11.5-4.2-11.5-10.5Z"/>
      <path d="M24 29v5.5c0 5-7.5 6-11 3.5"/>`,
  },
  {
    name: "DoorOpen",
    title: "Door open",
    colour: "red",
    x: right(2),
    y: TOP,
    shape: svg`<path d="M18.5 5.5h11c3 0 4.5 3.5 4.5 7.5v24.5c0 3-1.5 5-4.5 5h-11c-3 0-4.5-2-4.5-5V13c0-4 1.5-7.5 4.5-7.5Z"/>
      <path d="M18.5 17.5h11M18.5 34.5h11"/><path d="M14 20 4.5 28.5M34 20l9.5 8.5" stroke-width="3.6"/>`,
  },
  {
    name: "Belt",
    title: "Seat belt",
    colour: "red",
    x: right(1),
    y: TOP,
    shape: svg`<circle class="solid" cx="24" cy="9.5" r="5.6"/>
      <path d="M13.5 42V27c0-5.5 4-9 10.5-9s10.5 3.5 10.5 9v15"/><path d="M33 20.5 15 41M15.5 35.5h17"/>`,
  },
  {
    name: "Airbag",
    title: "Airbag",
    colour: "red",
    x: right(0),
    y: TOP,
    shape: svg`<circle class="solid" cx="33.5" cy="9.5" r="5.2"/><circle cx="15" cy="18.5" r="8.6"/>
      <path d="M35.5 18c-2.5 0-4.5 1.6-5 4.5L28.5 33H17l-6.5 8.5M35.5 18c3 0 5 2.5 4.6 5.5L38 37a4 4 0 0 1-4 3.5H22.5"/>`,
  },
  { name: "TurnLeft", title: "Indicators left", colour: "green", x: 706, y: TOP, shape: arrow },
  {
    name: "TurnRight",
    title: "Indicators right",
    colour: "green",
    x: 1214,
    y: TOP,
    shape: svg`<g transform="matrix(-1 0 0 1 48 0)">${arrow}</g>`,
  },
  {
    name: "Brake",
    title: "Brake system",
    colour: "red",
    x: left(0),
    y: BOTTOM,
    shape: svg`${brake}${exclamation}`,
  },
  {
    name: "ParkingBrake",
    title: "Parking brake",
    colour: "red",
    x: left(1),
    y: BOTTOM,
    shape: svg`${brake}<path d="M20.5 31.5v-15h4.6a4.5 4.5 0 0 1 0 9h-4.6" stroke-width="3.4"/>`,
  },
  {
    name: "ABS",
    title: "Anti-lock brakes",
    colour: "amber",
    x: left(2),
    y: BOTTOM,
    shape: svg`${brake}<g transform="translate(24 24) scale(0.88) translate(-24.1 -24)"><path d="M13.8 28.5 16.7 19.5 19.6 28.5M14.7 25.8h4M21.9 19.5v9M21.9 19.5h2.1a2.15 2.15 0 0 1 0 4.3h-2.1M24.1 23.8a2.35 2.35 0 0 1 0 4.7h-2.2M34 20.6c-2-1.9-5.2-1-4.7 1.2.5 2.2 4.9 1.7 5 4.3.1 2.5-3.5 3.2-5.3 1.2" stroke-width="2.1"/></g>`,
  },
  {
    name: "ESC",
    title: "Stability control",
    colour: "amber",
    x: left(3),
    y: BOTTOM,
    shape: svg`${skidding(1)}${tracks}`,
  },
  {
    name: "ESCOff",
    title: "Stability control off",
    colour: "amber",
    x: left(4),
    y: BOTTOM,
    shape: svg`${skidding(-3)}<path d="M15.5 24.3c-3.5 1.6 1 2.8-2 4.4M32.5 24.3c3.5 1.6-1 2.8 2 4.4" stroke-width="2.4"/>
      <rect x="9.2" y="33" width="8" height="10.5" rx="3.6" stroke-width="2.6"/>
      <path d="M22 44.2V33h6M22 38.3h5M32.5 44.2V33h6M32.5 38.3h5" stroke-width="2.6"/>`,
  },
  {
    name: "TyrePressure",
    title: "Tyre pressure",
    colour: "amber",
    x: left(5),
    y: BOTTOM,
    shape: svg`<path d="M14 7c-1.5 3-1 4.5-3.5 8.5C6.5 22 8 31 13.5 35.5h21C40 31 41.5 22 37.5 15.5 35 11.5 35.5 10 34 7"/>
      <path d="M24 12v12.5" stroke-width="3.6"/><circle class="solid" cx="24" cy="29.8" r="2.1"/>
      <path d="M14.5 36v5M20.8 36v5M27.2 36v5M33.5 36v5"/>`,
  },
  {
    name: "PowerLimited",
    title: "Power limited",
    colour: "amber",
    x: right(5),
    y: BOTTOM,
    shape: svg`<path class="solid" d="M7.5 30.5c0-9 6-15 14.3-15S35 21 35.6 30.5Z"/>
      <path class="solid" d="M36.2 29.5c1-5.5 2.6-9.3 6-9.3 2.6 0 4 1.9 4 4.2 0 2.8-2.2 4.2-4.5 4.6-1.3 1.7-2.6 2.9-5.5 2.9Z"/>
      <path d="M5.5 31.5H37" stroke-width="2.6"/><path d="M13 33.5 11.5 38M30 33.5 31.5 38" stroke-width="5"/>
      <path d="M6.5 31 2.5 33" stroke-width="2.6"/><path class="hole" d="M15 29.5l3.5-8h6.5l3.5 8M18.5 21.5 15.5 18M25 21.5 28.5 18.5" stroke-width="1.8"/>`,
  },
  {
    name: "LowCharge",
    title: "Battery charge low",
    colour: "amber",
    x: right(4),
    y: BOTTOM,
    shape: svg`${tractionBattery}<path class="solid" d="M8 20h4.5v8H8Z"/><path d="M27 19.5v8.5M22.8 24.5 27 28.7l4.2-4.2" stroke-width="2.6"/>`,
  },
  {
    name: "BatteryTemperature",
    title: "Traction battery temperature",
    colour: "red",
    x: right(3),
    y: BOTTOM,
    shape: svg`<path d="M15 19.5H6A2.5 2.5 0 0 0 3.5 22v14A2.5 2.5 0 0 0 6 38.5h31.5A2.5 2.5 0 0 0 40 36V22a2.5 2.5 0 0 0-2.5-2.5h-6"/>
      <path d="M44 26v6" stroke-width="3.6"/><path d="M22.5 6v19" stroke-width="3.4"/>
      <circle class="solid" cx="22.5" cy="27.5" r="4"/><path d="M25.1 8.5h4M25.1 13h4" stroke-width="2.4"/><path d="M8.5 31.5c2 1.6 4 1.6 6 0M29.5 31.5c2 1.6 4 1.6 6 0" stroke-width="2.4"/>`,
  },
  {
    name: "MotorTemperature",
    title: "Motor temperature",
    colour: "red",
    x: right(2),
    y: BOTTOM,
    shape: svg`<path d="M9 22h17.5A2.5 2.5 0 0 1 29 24.5v13a2.5 2.5 0 0 1-2.5 2.5H9a2.5 2.5 0 0 1-2.5-2.5v-13A2.5 2.5 0 0 1 9 22ZM29 31h6.5M11 43.5h13.5"/>
      <path d="M12.5 27.5v7M17.7 27.5v7M23 27.5v7" stroke-width="2.6"/><path d="M12 21.5V17h9" stroke-width="2.6"/>${thermometer(35.5, 18.5)}`,
  },
  {
    name: "EVSystem",
    title: "Electric drive system",
    colour: "amber",
    x: right(1),
    y: BOTTOM,
    shape: svg`<path d="M16.5 35.5h15M9.5 35.5H5.2A2.2 2.2 0 0 1 3 33.3v-6.8l2.5-3 7-1.5 5-8.2a4.4 4.4 0 0 1 3.8-2.1M38.5 35.5h4.3a2.2 2.2 0 0 0 2.2-2.2v-7c0-1.5-1-2.8-2.5-3.1L36 21.5l-4.7-7.6"/>
      <circle cx="13" cy="35.5" r="3.6"/><circle cx="35" cy="35.5" r="3.6"/><path d="M26 8v14" stroke-width="4"/><circle class="solid" cx="26" cy="28.3" r="2.4"/>`,
  },
  {
    name: "Battery12V",
    title: "12 volt battery",
    colour: "red",
    x: right(0),
    y: BOTTOM,
    shape: svg`<path d="M7 14.5h34a2 2 0 0 1 2 2V36a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V16.5a2 2 0 0 1 2-2ZM11 14V9.5h6.5V14M30.5 14V9.5H37V14"/>
      <path d="M11 25.5h7M30 25.5h7M33.5 22v7"/>`,
  },
  {
    name: "Ready",
    title: "Ready to drive",
    colour: "green",
    x: 752,
    y: 522,
    shape: svg`<path d="M17 28.5h14M10 28.5H6.7a2.2 2.2 0 0 1-2.2-2.2v-4.6l2.4-2.9 6.2-1.3 4.6-7a4 4 0 0 1 3.4-1.8h6.8a4 4 0 0 1 3.2 1.6l5 6.8 5 1.2a3.1 3.1 0 0 1 2.4 3v5a2.2 2.2 0 0 1-2.2 2.2H38"/>
      <circle cx="13.5" cy="28.5" r="3.4"/><circle cx="34.5" cy="28.5" r="3.4"/>
      <path d="M9.5 40h29M13.5 36 9 40l4.5 4M34.5 36l4.5 4-4.5 4" stroke-width="2.6"/>`,
  },
];
