// Climate: four zones, the air, the glass, and what one touch does for all of them.

import "./climate.css";
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import coolIcon from "@mdi/svg/svg/snowflake.svg";
import fanIcon from "@mdi/svg/svg/fan.svg";
import frontIcon from "@mdi/svg/svg/car-defrost-front.svg";
import glassIcon from "@mdi/svg/svg/car-windshield-outline.svg";
import mirrorIcon from "@mdi/svg/svg/mirror-rectangle.svg";
import rearIcon from "@mdi/svg/svg/car-defrost-rear.svg";
import recirculateIcon from "@mdi/svg/svg/sync.svg";
import syncIcon from "@mdi/svg/svg/link-variant.svg";
import type { Key } from "../../shared/words";
import type { Car } from "../car";
import { type Choice, plain } from "../controls";
import type { CentrePage } from "../page";
import { isDone, QUICK, QUICK_PATHS, toggle } from "./quick";
import { DRIVER, has, HVAC, PASSENGER, REAR, temperature, type Zone, ZONES } from "./zones";

const MIRRORS = ["DriverSide", "PassengerSide"].map((side) => `Vehicle.Body.Mirrors.${side}.IsHeatingOn`);
const GLASS = (side: "Front" | "Rear") => `Vehicle.Body.Windshield.${side}.IsHeatingOn`;
const INSIDE = `${HVAC}.AmbientAirTemperature`;

const percent = plain("%", 10);

/** Somebody wants another temperature than the driver, though by chance all are the same now. */
const apart = signal(false);

/** Whether the driver's temperature is everybody's: all are the same, and nobody asked for their own. */
function isInSync(car: Car): boolean {
  const all = ZONES.map(({ station }) => car.readings.number(`${station}.Temperature`)).filter((c) => c !== null);
  return !apart.value && all.length > 1 && all.every((celsius) => celsius === all[0]);
}

function sync(car: Car): void {
  if (isInSync(car)) {
    apart.value = true;
    return;
  }
  apart.value = false;
  const celsius = car.readings.number(`${DRIVER.station}.Temperature`);
  if (celsius === null) return;
  for (const { station } of ZONES)
    if (has(car, `${station}.Temperature`)) car.actuation.request(`${station}.Temperature`, celsius);
}

function zone(car: Car, each: Zone, isFront: boolean): TemplateResult | typeof nothing {
  const { station, name } = each;
  if (!has(car, `${station}.Temperature`)) return nothing;
  const followers = each === DRIVER && isInSync(car) ? ZONES.filter((other) => other !== DRIVER) : [];
  const separate = each === DRIVER ? undefined : () => (apart.value = true);
  const air: readonly Choice[] = [
    { value: "UP", title: car.t("climate.air_up") },
    { value: "MIDDLE", title: car.t("climate.air_middle") },
    { value: "DOWN", title: car.t("climate.air_down") },
  ];
  return html`<section class="card zone" data-front=${isFront} dir=${document.dir}>
    <h2>${car.t(name)}</h2>
    ${temperature(car, each, followers, separate)}
    ${has(car, `${station}.FanSpeed`)
      ? car.controls.slider({
          path: `${station}.FanSpeed`,
          title: car.t("climate.fan"),
          drawing: fanIcon,
          minimum: 0,
          maximum: 100,
          scale: percent,
        })
      : nothing}
    ${has(car, `${station}.AirDistribution`)
      ? car.controls.choice({ path: `${station}.AirDistribution`, title: car.t("climate.air") }, air)
      : nothing}
  </section>`;
}

function switches(car: Car): TemplateResult {
  const one = (path: string, name: Key, drawing: string, extra: readonly string[] = []) =>
    has(car, path) ? car.controls.toggle({ path, title: car.t(name), drawing }, extra) : nothing;
  const inSync = isInSync(car);
  return html`<div class="switches" role="group" aria-label=${car.t("climate.air")}>
    ${one(`${HVAC}.IsAirConditioningActive`, "climate.cooling", coolIcon)}
    ${one(`${HVAC}.IsRecirculationActive`, "climate.recirculate", recirculateIcon)}
    <button
      class="button control toggle"
      type="button"
      data-control="sync"
      aria-pressed=${inSync}
      @click=${() => sync(car)}
    >
      ${car.icon("sync_zones", syncIcon)}
      <span class="title">${car.t("climate.sync")}</span>
      <span class="lamp">${car.t(inSync ? "common.on" : "common.off")}</span>
    </button>
    ${one(`${HVAC}.IsFrontDefrosterActive`, "climate.defrost_front", frontIcon)}
    ${one(`${HVAC}.IsRearDefrosterActive`, "climate.defrost_rear", rearIcon)}
    ${one(GLASS("Front"), "climate.heat_windscreen", glassIcon)}
    ${one(MIRRORS[0]!, "climate.heat_mirrors", mirrorIcon, MIRRORS.slice(1))}
    ${has(car, INSIDE)
      ? html`<p class="inside">
          ${car.t("climate.inside")}
          <output data-field="inside" dir="ltr">${car.units.temperature(car.readings.number(INSIDE)).text}</output>
        </p>`
      : nothing}
  </div>`;
}

function quick(car: Car): TemplateResult {
  return html`<div class="quick" role="group" aria-label=${car.t("climate.quick")}>
    ${QUICK.map((each) => {
      const done = isDone(each.name);
      return html`<button
        class="button"
        type="button"
        data-control=${each.name}
        aria-pressed=${done}
        @click=${() => toggle(car, each)}
      >
        ${car.icon(each.name, each.drawing)}
        <span class="title">${car.t(each.title)}</span>
        ${done ? html`<span class="again">${car.t("climate.put_back")}</span>` : nothing}
      </button>`;
    })}
  </div>`;
}

function view(car: Car): TemplateResult {
  if (car.screen === "passenger")
    return html`<div class="climate" data-own="true"><div class="zones">${zone(car, PASSENGER, true)}</div></div>`;
  return html`<div class="climate">
    <div class="zones" dir="ltr">
      ${zone(car, DRIVER, true)} ${zone(car, PASSENGER, true)} ${REAR.map((each) => zone(car, each, false))}
    </div>
    <div class="rest">
      ${switches(car)} ${quick(car)}
    </div>
  </div>`;
}

const page: CentrePage = {
  paths: [
    `${HVAC}.Station.Row1`,
    `${HVAC}.Station.Row2`,
    `${HVAC}.IsAirConditioningActive`,
    `${HVAC}.IsRecirculationActive`,
    `${HVAC}.IsFrontDefrosterActive`,
    `${HVAC}.IsRearDefrosterActive`,
    INSIDE,
    GLASS("Front"),
    ...MIRRORS,
    ...QUICK_PATHS,
  ],
  view,
};
export default page;
