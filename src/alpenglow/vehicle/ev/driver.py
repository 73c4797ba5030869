"""A driver made of a few lines: follows a speed, as a person in a test cell or a demonstration would."""

from typing import TYPE_CHECKING

from alpenglow.vehicle.api import ControlChanges
from alpenglow.vehicle.ev.traffic import idm

if TYPE_CHECKING:
    from alpenglow.vehicle.ev.car import Car

# The demonstration's lap: from when on [s] which speed [km/h]. Town, country road, town, stop.
_LAP = (
    (0.0, 50.0),
    (20.0, 80.0),
    (45.0, 120.0),
    (70.0, 60.0),
    (90.0, 30.0),
    (105.0, 50.0),
    (130.0, 90.0),
    (155.0, 0.0),
)
_LAP_S = 165.0
_NEAR_S = 4.0  # beyond so many seconds nobody minds the one ahead


class SpeedFollower:
    """Works the pedals so that the car goes as fast as it should."""

    def __init__(self) -> None:
        self._accelerator = 0.0
        self._brake = 0.0
        self._trim = 0.0

    def pedals(self, car: "Car", wanted: float, wanted_acceleration: float, dt: float) -> tuple[float, float]:
        """(accelerator, brake) for a speed of `wanted` m/s that changes by `wanted_acceleration` m/s²."""
        v = car.chassis.speed
        error = wanted - v
        self._trim = min(1.5, max(-1.5, self._trim + 0.4 * error * dt))
        if wanted < 0.1 and v < 1.0:
            return 0.0, 0.35
        p, inertia = car.parameters, car.chassis.inertia(car.mass)
        force = (wanted_acceleration + 1.2 * error + self._trim) * inertia
        force += 0.5 * car.air_density * p.body.drag_coefficient * p.body.frontal_area * v * v
        force += car.mass * 9.81 * (p.body.rolling_coefficient + car.surroundings.world.grade / 100.0)
        ratio = p.motor.gear_ratio / p.body.wheel_radius
        most = car.motor.most_torque(v * ratio) * ratio * p.motor.gear_efficiency
        mode = str(car.body.values["Powertrain.Transmission.PerformanceMode"])
        free = car.pedals.wheel_force(0.0, True, v, car.mass, mode, most)
        full = car.pedals.wheel_force(1.0, True, v, car.mass, mode, most)
        if force >= free and full > free:
            return self._pedal_for(car, force, v, mode, most), 0.0
        share = max(0.0, free - force) / (car.mass * p.brakes.most)
        return 0.0, min(1.0, share ** (1 / 1.4))

    def _pedal_for(self, car: "Car", force: float, v: float, mode: str, most: float) -> float:
        low, high = 0.0, 1.0
        for _ in range(12):
            middle = 0.5 * (low + high)
            if car.pedals.wheel_force(middle, True, v, car.mass, mode, most) < force:
                low = middle
            else:
                high = middle
        return high


class Demonstration:
    """Drives laps by itself, so that a car without a desk moves."""

    def __init__(self) -> None:
        self._follower = SpeedFollower()
        self._started = 0.0
        self._target = 0.0

    def step(self, car: "Car", dt: float) -> None:
        """Act for the next `dt` seconds; ten times a second is often enough."""
        if car.selector.engaged != "D":
            car.control(ControlChanges(brake=0.5, accelerator=0.0, gear="D", ready=True))
            self._started = car.time
            return
        at = (car.time - self._started) % _LAP_S
        wanted = [speed for since, speed in _LAP if at >= since][-1] / 3.6
        change = min(2.0 * dt, max(-2.0 * dt, wanted - self._target))
        self._target += change
        lead = car.traffic.lead()
        v = car.chassis.speed
        if lead is not None and lead.gap < _NEAR_S * max(v, 5.0):  # the one ahead may be slower than the lap wants
            wise = idm(v, max(wanted, v) + 5.0, lead.gap, v - lead.speed)
            if wise < change / dt:
                self._target, change = min(self._target, max(0.0, v + wise)), wise * dt
        accelerator, brake = self._follower.pedals(car, self._target, change / dt, dt)
        indicators = "RIGHT" if 84.0 < at < 92.0 else "OFF"
        car.control(
            ControlChanges(
                accelerator=accelerator,
                brake=brake,
                parking_brake=False,
                indicators=indicators,  # type: ignore[arg-type]
                steering=0.08 if 92.0 < at < 100.0 else 0.0,
            )
        )
