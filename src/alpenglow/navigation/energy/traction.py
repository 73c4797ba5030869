"""From motion to electric power: road load, gear, motor, and what braking gives back.

Road load (any textbook, e.g. Gillespie, Fundamentals of Vehicle Dynamics):
    F = m g (c_r cos a + sin a) + 1/2 rho c_d A (v + w)² + (m + m_rot) dv/dt
Losses of motor and inverter over torque T and speed w: standing + current |T| + copper T² + friction w + iron w².
"""

from dataclasses import dataclass

import numpy as np

from alpenglow.navigation.energy.car import CarData
from alpenglow.navigation.roads.graph import Floats

GRAVITY = 9.80665
_SEA_PA, _GAS, _ZERO_C = 101325.0, 287.05, 273.15
# m/s² about the even acceleration: no foot is still. It costs the motor torque squared, and was measured on the
# simulated car with its driver on the roads of Andorra.
_UNREST = 0.37
_FRICTION_MS, _BLEND_MS = 1.5, 2.5  # below the one braking is friction's alone; over the other the motor takes over


def air_density(height_m: Floats, celsius: float) -> Floats:
    """kg/m³ (ISO 2533 for the pressure)."""
    pressure = _SEA_PA * (1.0 - 2.25577e-5 * np.clip(height_m, -500.0, 9000.0)) ** 5.2559
    return np.asarray(pressure / (_GAS * (celsius + _ZERO_C)))


@dataclass(frozen=True)
class Work:
    """What happens on each segment. J at the wheels, positive where the motor has to do it; W, s."""

    seconds: Floats
    rolling: Floats
    air: Floats  # in still air
    wind: Floats  # more or less because of the wind
    grade: Floats
    motion: Floats  # into speed; negative while slowing down
    friction: Floats  # J that the brakes' discs take
    power: Floats  # W, electrical, of the motor; negative while it gives back


class Traction:
    """One car's drive."""

    def __init__(self, car: CarData) -> None:
        self.car = car
        body, motor = car.body, car.motor
        self.ratio = motor.gear_ratio / body.wheel_radius  # rad of the motor per metre
        self._turning = 4 * body.wheel_inertia / body.wheel_radius**2 + motor.rotor_inertia * self.ratio**2

    def mass(self, people: int, load_kg: float) -> float:
        """kg with people and luggage."""
        return self.car.body.mass + people * self.car.body.person_mass + load_kg

    def inertia(self, mass: float) -> float:
        """kg that an acceleration has to move: what turns counts as well."""
        return mass + self._turning

    def losses(self, torque: Floats, speed: Floats) -> Floats:
        """W in motor and inverter; `torque` N·m and `speed` rad/s at the shaft."""
        d, t = self.car.motor, np.abs(torque)
        lost = d.loss_standing + (d.loss_current + d.loss_copper * t) * t
        return np.asarray(lost + (d.loss_friction + d.loss_iron * speed) * speed)

    def electric(self, force: Floats, speed: Floats) -> Floats:
        """W that the motor draws for `force` N at the wheels, at `speed` m/s ≥ 0."""
        gear = self.car.motor.gear_efficiency
        torque = np.where(force >= 0.0, force / gear, force * gear) / self.ratio
        shaft = speed * self.ratio
        return np.asarray(torque * shaft + self.losses(torque, shaft))

    def work(
        self,
        length_m: Floats,
        rise_m: Floats,
        from_ms: Floats,
        to_ms: Floats,
        mass: float,
        rolling: float,
        headwind_ms: Floats | float,
        density: Floats,
        power_in: Floats | float,
    ) -> Work:
        """Drive segments of road, each at even acceleration. `power_in`: W that the drive may give back."""
        body = self.car.body
        mean = np.maximum((from_ms + to_ms) / 2, 0.3)
        seconds = length_m / mean
        slope_length = np.sqrt(length_m * length_m + rise_m * rise_m)
        squared = (from_ms * from_ms + to_ms * to_ms) / 2
        shape = 0.5 * body.drag_coefficient * body.frontal_area * density * slope_length
        roll = mass * GRAVITY * body.rolling_coefficient * rolling * length_m
        air = shape * squared
        through = np.sqrt(squared) + headwind_ms
        wind = shape * through * np.abs(through) - air
        grade = mass * GRAVITY * rise_m
        motion = 0.5 * self.inertia(mass) * (to_ms * to_ms - from_ms * from_ms)
        force = (roll + air + wind + grade + motion) / np.maximum(slope_length, 1e-3)
        speed = slope_length / np.maximum(seconds, 1e-6)
        back = self._most_regeneration(speed, mass, power_in)
        held = np.maximum(force, -back)
        friction = (held - force) * slope_length
        unrest = self.car.motor.loss_copper * (_UNREST * self.inertia(mass) / self.ratio) ** 2
        power = self.electric(held, speed) + np.where(speed > 1.0, unrest, 0.0)
        return Work(seconds, roll, air, wind, grade, motion, friction, power)

    def _most_regeneration(self, speed: Floats, mass: float, power_in: Floats | float) -> Floats:
        """N by which the motor can brake."""
        motor = self.car.motor
        share = np.clip((speed - _FRICTION_MS) / _BLEND_MS, 0.0, 1.0)
        by_power = np.minimum(motor.regen_power, power_in) / motor.gear_efficiency / np.maximum(speed, 0.3)
        by_torque = motor.torque * self.ratio / motor.gear_efficiency
        return np.asarray(share * np.minimum(np.minimum(self.car.pedal.most_regen * mass, by_power), by_torque))
