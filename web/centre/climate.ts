// Climate: the two front zones, the air, and what warms by touch.

import { html, type TemplateResult } from "lit";
import coolIcon from "@mdi/svg/svg/snowflake.svg?raw";
import fanIcon from "@mdi/svg/svg/fan.svg?raw";
import frontIcon from "@mdi/svg/svg/car-defrost-front.svg?raw";
import rearIcon from "@mdi/svg/svg/car-defrost-rear.svg?raw";
import recirculateIcon from "@mdi/svg/svg/sync.svg?raw";
import seatIcon from "@mdi/svg/svg/car-seat-heater.svg?raw";
import wheelIcon from "@mdi/svg/svg/steering.svg?raw";
import type { Choice, Controls } from "./controls";

const HVAC = "Vehicle.Cabin.HVAC";
const DRIVER = `${HVAC}.Station.Row1.Driver`;
const PASSENGER = `${HVAC}.Station.Row1.Passenger`;
const SEAT = (side: "DriverSide" | "PassengerSide") => `Vehicle.Cabin.Seat.Row1.${side}.HeatingCooling`;
const WHEEL = "Vehicle.Chassis.SteeringWheel.HeatingCooling";

export const CLIMATE_PATHS: readonly string[] = [
  `${DRIVER}.Temperature`,
  `${DRIVER}.FanSpeed`,
  `${PASSENGER}.Temperature`,
  `${HVAC}.IsAirConditioningActive`,
  `${HVAC}.IsRecirculationActive`,
  `${HVAC}.IsFrontDefrosterActive`,
  `${HVAC}.IsRearDefrosterActive`,
  SEAT("DriverSide"),
  SEAT("PassengerSide"),
  WHEEL,
];

const temperature = { minimum: 16, maximum: 28, step: 0.5, unit: "°C", decimals: 1 };

/** Percent of full heat, as VSS has it. */
const THREE_LEVELS: readonly Choice[] = [
  { value: 0, title: "Off" },
  { value: 33, title: "1" },
  { value: 67, title: "2" },
  { value: 100, title: "3" },
];
const TWO_LEVELS: readonly Choice[] = [
  { value: 0, title: "Off" },
  { value: 50, title: "1" },
  { value: 100, title: "2" },
];

export function climate(controls: Controls): TemplateResult {
  return html`
    <div class="three zones">
      ${controls.stepper({ path: `${DRIVER}.Temperature`, title: "Driver", ...temperature })}
      ${controls.stepper({
        path: `${DRIVER}.FanSpeed`,
        title: "Fan",
        drawing: fanIcon,
        minimum: 0,
        maximum: 100,
        step: 10,
        unit: "%",
        decimals: 0,
      })}
      ${controls.stepper({ path: `${PASSENGER}.Temperature`, title: "Passenger", ...temperature })}
    </div>
    <div class="four">
      ${controls.toggle({ path: `${HVAC}.IsAirConditioningActive`, title: "A/C", drawing: coolIcon })}
      ${controls.toggle({
        path: `${HVAC}.IsRecirculationActive`,
        title: "Recirculate",
        drawing: recirculateIcon,
      })}
      ${controls.toggle({ path: `${HVAC}.IsFrontDefrosterActive`, title: "Defrost front", drawing: frontIcon })}
      ${controls.toggle({ path: `${HVAC}.IsRearDefrosterActive`, title: "Defrost rear", drawing: rearIcon })}
    </div>
    <div class="three">
      ${controls.levels({ path: SEAT("DriverSide"), title: "Driver seat", drawing: seatIcon }, THREE_LEVELS)}
      ${controls.levels({ path: WHEEL, title: "Steering wheel", drawing: wheelIcon }, TWO_LEVELS)}
      ${controls.levels({ path: SEAT("PassengerSide"), title: "Passenger seat", drawing: seatIcon }, THREE_LEVELS)}
    </div>
  `;
}
