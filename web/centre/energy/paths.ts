// The signals of the car's energy.

const BATTERY = "Vehicle.Powertrain.TractionBattery";
const POWER = "Vehicle.Alpenglow.Power";
const CHARGING = `${BATTERY}.Charging`;

export const CHARGE = `${BATTERY}.StateOfCharge.Displayed`;
export const RANGE = `${BATTERY}.Range`;
export const BATTERY_POWER = `${BATTERY}.CurrentPower`;
export const TEMPERATURE = `${BATTERY}.Temperature.Average`;
export const CONDITIONING = `${BATTERY}.BatteryConditioning.RequestedMode`;
export const IS_CONDITIONING = `${BATTERY}.BatteryConditioning.IsOngoing`;
export const IS_CHARGING = `${CHARGING}.IsCharging`;
export const LIMIT = `${CHARGING}.ChargeLimit`;
export const TIME_LEFT = `${CHARGING}.TimeToComplete`;
export const CHARGING_POWER = `${POWER}.Charging`;
export const SHARES = {
  drive: `${POWER}.Drive`,
  climate: `${POWER}.Climate`,
  battery: `${POWER}.BatteryCare`,
  rest: `${POWER}.Auxiliary`,
} as const;

/** What one line about the energy needs (see card.ts). */
export const CARD_PATHS: readonly string[] = [CHARGE, RANGE, IS_CHARGING, TIME_LEFT, LIMIT];
export const PATHS: readonly string[] = [
  ...CARD_PATHS,
  BATTERY_POWER,
  TEMPERATURE,
  CONDITIONING,
  IS_CONDITIONING,
  POWER,
];
