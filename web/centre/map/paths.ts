// The signals that the map and its guidance read.

export const NAVIGATION = "Vehicle.Alpenglow.Navigation";
export const STATE = `${NAVIGATION}.State`;
export const REVISION = `${NAVIGATION}.Revision`;
export const TRAFFIC = `${NAVIGATION}.Traffic.Revision`;
export const MAP = `${NAVIGATION}.Map`;
export const LATITUDE = `${NAVIGATION}.Position.Latitude`;
export const LONGITUDE = `${NAVIGATION}.Position.Longitude`;
export const HEADING = `${NAVIGATION}.Position.Heading`;
export const SOURCE = `${NAVIGATION}.Position.Source`;
export const PROGRESS = `${NAVIGATION}.Progress`;
export const SPEED = "Vehicle.Speed";
export const CHARGE = "Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed";
export const SIMULATED = "Vehicle.Alpenglow.Simulator.IsDriving";

/** What the picture of the map needs. */
export const VIEW_PATHS: readonly string[] = [STATE, REVISION, MAP, `${NAVIGATION}.Position`, PROGRESS, SPEED];
/** What guidance needs besides. */
export const GUIDANCE_PATHS: readonly string[] = [NAVIGATION, CHARGE, SIMULATED];
