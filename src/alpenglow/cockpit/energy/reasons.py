"""Why the range is what it is: how many metres each circumstance takes or gives, against the car's reference.

The reference is a steady 100 km/h on a level road at sea level and 20 °C, in still dry air, on tyres at the placard's
pressure, with the driver alone and the climate control off. At the charge left, E, it gives the range E / e₀.

The energy for each metre, e, is a sum [J/m]:

    rolling   m·g·c_rr·k            c_rr of the line; k = (p/p₀)^−0.4, never below 1 (SAE J2452: exponent of the
                                    pressure; ISO 28580 measures c_rr at the rated pressure)
    drag      ½·ρ·c_d·A·v²          ρ = p/(R·T) of dry air, R = 287.05 J/(kg·K); p over the altitude by ISO 2533
    motor     loss(T, ω)/v          of motor and inverter, by the line's coefficients, at the torque T and speed ω that
                                    rolling and drag ask for; gears: the line's efficiency η
    awake     P_base/η_dcdc · s/m   the control units, by the time that a metre takes, stops included
    driving   m·a·(1/η₊ − η₋)       a: all gains of ½v² for each metre (relative positive acceleration, UN R154), of
                                    which regeneration brings back a part; η₊, η₋: of drive and regeneration
    climb     m·g·h/η₊ or m·g·h·η₋  uphill, downhill
    climate, battery care           as measured

Means are over the last kilometres, fading with distance as the car's own range does; what is older counts as the
reference. Each circumstance's share Δe is the difference that it alone makes; where two act together, the later one in
the order above has what they do together. What the car's own consumption has beyond the sum (wind, wet road, cold
rubber, older kilometres) is "other". Since R − E/e₀ = −Σ Δe·E/(e·e₀), each is worth −R·Δe/e₀ metres, whatever the
order: the reasons add up to the range that the car shows, always and exactly.
"""

import math
from collections.abc import Iterable

import msgspec

from alpenglow.cockpit.api import RangeCause
from alpenglow.cockpit.energy.cardata import CarData
from alpenglow.cockpit.energy.road import Road, Stretch

REFERENCE_SPEED = 100.0 / 3.6  # m/s
REFERENCE_OUTSIDE = 20.0  # °C
FADE_M = 15_000.0
_GRAVITY = 9.80665  # m/s² (ISO 80000-3)
_DRY_AIR = 287.05  # J/(kg·K)
_ZERO = 273.15
_PRESSURE_EXPONENT = -0.4  # SAE J2452
_PULL = 1.0  # m/s², at which a driver typically accelerates; the drive's efficiency is taken there
_LEAST_SPEED = 1.0  # m/s


def air_density(outside: float, altitude: float) -> float:
    """kg/m³ of dry air at `outside` °C and `altitude` m."""
    pressure: float = 101_325.0 * max(0.0, 1.0 - 2.25577e-5 * altitude) ** 5.2559  # ISO 2533
    return pressure / (_DRY_AIR * (outside + _ZERO))


def rolling_factor(car: CarData, pressures: Iterable[float]) -> float:
    """Factor on the rolling resistance by the tyres' pressures [kPa]; 1 where none is known."""
    # Below a third of the placard a tyre stands on its rim, and the exponent says nothing any more.
    shares = [max(1 / 3, p / car.tyres.pressure) for p in pressures]
    return sum(max(1.0, share**_PRESSURE_EXPONENT) for share in shares) / len(shares) if shares else 1.0


def steady(car: CarData, speed: float, pace: float, density: float, rolling: float, mass: float) -> float:
    """J/m of a level road at a steady `speed` [m/s], `pace` [s/m] with stops, air `density` and `rolling` factor."""
    body, motor = car.body, car.motor
    v = max(speed, _LEAST_SPEED)
    force = mass * _GRAVITY * body.rolling_coefficient * rolling
    force += 0.5 * density * body.drag_coefficient * body.frontal_area * v * v
    torque = force * body.wheel_radius / (motor.gear_ratio * motor.gear_efficiency)
    turning = v * motor.gear_ratio / body.wheel_radius
    loss = motor.loss_current * torque + motor.loss_copper * torque**2
    loss += motor.loss_friction * turning + motor.loss_iron * turning**2
    awake = motor.loss_standing + car.low_voltage.base_load / car.low_voltage.dcdc_efficiency
    return force / motor.gear_efficiency + loss / v + awake * pace


def efficiencies(car: CarData, speed: float, mass: float) -> tuple[float, float]:
    """Of one more joule at the wheels: what share of the battery's arrives there, and what comes back of one braked."""
    body, motor = car.body, car.motor
    torque = _PULL * mass * body.wheel_radius / (motor.gear_ratio * motor.gear_efficiency)
    turning = max(speed, _LEAST_SPEED) * motor.gear_ratio / body.wheel_radius
    # Half of copper·T² has to be paid on the way to the torque T: the mean of the slope from 0 to T.
    lost = min(0.5, (motor.loss_current + motor.loss_copper * torque) / turning)
    return motor.gear_efficiency / (1.0 + lost), motor.gear_efficiency * (1.0 - lost)


def reference(car: CarData) -> float:
    """J/m of the car's reference."""
    density = air_density(REFERENCE_OUTSIDE, 0.0)
    return steady(car, REFERENCE_SPEED, 1.0 / REFERENCE_SPEED, density, 1.0, car.body.mass + car.body.person_mass)


def differences(car: CarData, stretch: Stretch) -> dict[RangeCause, float]:
    """J/m by which each circumstance of `stretch` makes it differ from the reference."""
    body, metres = car.body, stretch.metres
    v, pace = math.sqrt(max(stretch.square_speed, 0.0)), stretch.seconds / metres
    alone = body.mass + body.person_mass
    mass = body.mass + stretch.people * body.person_mass
    usual = air_density(REFERENCE_OUTSIDE, 0.0)
    colder = air_density(stretch.outside, 0.0)
    higher = air_density(stretch.outside, stretch.altitude)
    by_speed = steady(car, v, pace, usual, 1.0, alone)
    by_air = steady(car, v, pace, colder, 1.0, alone)
    by_height = steady(car, v, pace, higher, 1.0, alone)
    by_tyres = steady(car, v, pace, higher, stretch.rolling, alone)
    by_load = steady(car, v, pace, higher, stretch.rolling, mass)
    out, back = efficiencies(car, v, mass)
    lost = stretch.accelerated / metres * (1.0 / out - back)
    climb = mass * _GRAVITY * stretch.climb / metres
    return {
        "speed": by_speed - reference(car),
        "driving": alone * lost,
        "temperature": by_air - by_speed + stretch.care / metres,
        "climate": stretch.climate / metres,
        "height": by_height - by_air + (climb / out if climb > 0.0 else climb * back),
        "tyres": by_tyres - by_height,
        "load": by_load - by_tyres + (mass - alone) * lost,
    }


def lately(car: CarData, road: Road) -> dict[RangeCause, float]:
    """The differences over the last kilometres [J/m], fading with the distance."""
    total: dict[RangeCause, float] = {}
    for back, stretch in road.back():
        weight = stretch.metres / FADE_M * math.exp(-back / FADE_M)
        for cause, difference in differences(car, stretch).items():
            total[cause] = total.get(cause, 0.0) + weight * difference
    return total


class Reasons(msgspec.Struct, frozen=True):
    """The range at the reference, and what each circumstance adds to it [m]; the sum is the range that is shown."""

    reference: float
    metres: dict[RangeCause, float]


def reasons(car: CarData, road: Road, joules: float, shown: float) -> Reasons | None:
    """Why `joules` of charge are good for `shown` metres; None where one of them is nothing."""
    if joules <= 0.0 or shown <= 0.0:
        return None
    usual = reference(car)
    found = lately(car, road)
    found["other"] = joules / shown - usual - sum(found.values())
    return Reasons(joules / usual, {cause: -shown * difference / usual for cause, difference in found.items()})
