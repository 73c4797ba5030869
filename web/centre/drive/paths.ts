// The signals that the page shows.

export const SPEED = "Vehicle.Speed";
export const YAW_RATE = "Vehicle.AngularVelocity.Yaw";
export const LIMIT = "Vehicle.Alpenglow.SpeedLimit";
const PERCEPTION = "Vehicle.Alpenglow.Perception";
export const OBJECTS = `${PERCEPTION}.Objects`;
export const LEAD = `${PERCEPTION}.Lead`;
/** Before `Width`, `Offset` and `Curvature`. */
export const LANE = `${PERCEPTION}.Lane`;
export const OBSTACLE = "Vehicle.ADAS.ObstacleDetection.Front.Center";
export const CRUISE = "Vehicle.ADAS.CruiseControl";
export const DEPARTURE = "Vehicle.ADAS.LaneDepartureDetection";
