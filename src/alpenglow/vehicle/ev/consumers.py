"""What uses energy beside the drive: climate, heaters, the care of the battery's temperature."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alpenglow.vehicle.ev.car import Car

_STATIONS = tuple(f"Cabin.HVAC.Station.{row}.{side}" for row in ("Row1", "Row2") for side in ("Driver", "Passenger"))
_SEAT_HEATERS = tuple(
    f"Cabin.Seat.{row}.{side}.Seating.HeatingCooling"
    for row in ("Row1", "Row2")
    for side in ("DriverSide", "PassengerSide")
)
_HEATERS = (
    ("Body.Windshield.Front.IsHeatingOn", 400.0),
    ("Body.Windshield.Rear.IsHeatingOn", 180.0),
    ("Cabin.HVAC.IsRearDefrosterActive", 180.0),
    ("Body.Mirrors.DriverSide.IsHeatingOn", 25.0),
    ("Body.Mirrors.PassengerSide.IsHeatingOn", 25.0),
)


def drag_temperatures(car: "Car", dt: float) -> None:
    """Faults that heat or cool a part, and the way back after the repair."""
    for part, (target, time_constant, until_there) in list(car.pulls.items()):
        thing = car.motor if part == "motor" else car.battery
        thing.temperature += (target - thing.temperature) * min(1.0, dt / time_constant)
        if until_there and abs(thing.temperature - target) < 1.0:
            del car.pulls[part]


def climate(car: "Car", outside: float, speed: float, dt: float) -> None:
    """Let the climate control work. `outside`: °C; `speed`: m/s."""
    body = car.body
    wanted = sum(min(30.0, max(15.0, body.number(f"{s}.Temperature"))) for s in _STATIONS) / len(_STATIONS)
    fan = sum(body.number(f"{s}.FanSpeed") for s in _STATIONS) / (100.0 * len(_STATIONS))
    if body.on("Cabin.HVAC.IsFrontDefrosterActive"):
        fan = max(fan, 0.7)
    car.cabin.step(
        wanted,
        fan,
        body.on("Cabin.HVAC.IsAirConditioningActive"),
        body.on("Cabin.HVAC.IsRecirculationActive"),
        outside,
        car.surroundings.world.daylight / 100.0,
        sum(car.driver.occupants.values()),
        speed,
        body.openings(),
        car.ready or car.charging.active,
        dt,
    )


def heaters(car: "Car") -> float:
    """W of heated seats, wheel, glass and mirrors on the 12 V system."""
    if not car.ready:
        return 0.0
    body = car.body
    watts = sum(0.7 * abs(body.number(p)) for p in _SEAT_HEATERS)
    watts += 0.6 * abs(body.number("Chassis.SteeringWheel.HeatingCooling"))
    return watts + sum(load for path, load in _HEATERS if body.on(path))


def condition_battery(car: "Car") -> None:
    """Warm or cool the battery when it must be, or when charging soon was announced."""
    d, t = car.parameters.battery, car.battery.temperature
    mode = car.body.values["Powertrain.TractionBattery.BatteryConditioning.RequestedMode"]
    low = {"FAST_CHARGING_PREPARATION": 28.0, "DRIVING_PREPARATION": 18.0}.get(str(mode), 2.0)
    if not (car.ready or car.charging.active) or not car.battery.connected:
        car.conditioning = 0.0
    elif t < low:
        car.conditioning = d.conditioning
    elif t > 42.0:
        car.conditioning = -d.conditioning
    elif low + 1.0 < t < 38.0:
        car.conditioning = 0.0
