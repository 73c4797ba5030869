"""From the driver's wishes to torque: gear selector with its interlocks, pedal map, regeneration, blending."""

import math
from typing import Literal

from alpenglow.vehicle.api import Lever
from alpenglow.vehicle.ev.parameters import Parameters

type Mode = Literal["NORMAL", "SPORT", "ECONOMY", "SNOW", "RAIN"]

# Drive mode: exponent of the pedal, factor on the lift-off regeneration, share of the power.
MODES: dict[str, tuple[float, float, float]] = {
    "NORMAL": (1.35, 1.0, 1.0),
    "SPORT": (0.95, 0.9, 1.0),
    "ECONOMY": (1.75, 1.25, 0.7),
    "SNOW": (2.1, 0.4, 0.6),
    "RAIN": (1.6, 0.7, 0.9),
}
_PARK_BELOW = 2.0 / 3.6  # m/s at which the pawl may engage
_REVERSE_BELOW = 5.0 / 3.6  # m/s at which D and R may change places
_FADE = 2.0  # m/s over which lift-off regeneration gives way to creeping
_HILL_HOLD_S = 2.0


class Selector:
    """Shift by wire: what is engaged, and why not what the lever asks for."""

    def __init__(self) -> None:
        self.engaged: Lever = "P"
        self.refusal = ""  # what the driver must do first

    def step(self, lever: Lever, speed: float, brake: float, ready: bool, plugged: bool) -> None:
        """Follow `lever` as far as the interlocks allow."""
        self.refusal = ""
        if lever == self.engaged:
            return
        v = abs(speed)
        if lever == "P":
            if v > _PARK_BELOW:
                self.refusal = "Stop before selecting P"
        elif lever in ("D", "R"):
            forwards = speed > 0.0
            if not ready:
                self.refusal = "Switch the car on first"
            elif plugged:
                self.refusal = "Unplug the charging cable first"
            elif self.engaged == "P" and brake < 0.05:
                self.refusal = "Press the brake to leave P"
            elif v > _REVERSE_BELOW and forwards == (lever == "R"):
                self.refusal = f"Slow down before selecting {lever}"
        elif self.engaged == "P" and brake < 0.05:
            self.refusal = "Press the brake to leave P"
        if not self.refusal:
            self.engaged = lever


class Pedals:
    """Turns pedals into a force at the wheels and a force of the friction brakes."""

    def __init__(self, parameters: Parameters) -> None:
        self._p = parameters
        self._hill_hold_left = 0.0
        self._braked = False

    def wheel_force(self, pedal: float, forwards: bool, speed: float, mass: float, mode: str, most: float) -> float:
        """N that the driven wheels should give, signed; `most`: N that they could."""
        p, sign = self._p.pedal, 1.0 if forwards else -1.0
        v = speed * sign  # along the gear: negative when rolling the wrong way
        exponent, lift, power = MODES[mode]
        creep_speed = p.creep_speed / 3.6
        limit = (self._p.motor.speed_limit if forwards else self._p.motor.reverse_limit) / 3.6
        if v < creep_speed:
            free = mass * p.creep * min(1.0, 1.5 * (1.0 - v / creep_speed))
        else:
            free = -mass * p.lift_off * lift * min(1.0, (v - creep_speed) / _FADE)
        most *= power * min(1.0, max(0.0, (limit - v) / 1.0))
        free = min(free, most)
        return sign * (free + math.pow(pedal, exponent) * (most - free))

    def blend(self, wanted: float, speed: float, most_regen: float) -> tuple[float, float]:
        """Share a braking force of `wanted` N: (N of regeneration, N of friction), both ≥ 0."""
        # Below walking pace the motor cannot hold a car evenly: friction takes over.
        share = min(1.0, max(0.0, (abs(speed) - 1.5) / 2.5))
        regen = min(wanted, most_regen * share)
        return regen, wanted - regen

    def brake_force(self, pedal: float, mass: float) -> float:
        """N that the brake pedal asks for."""
        return mass * self._p.brakes.most * math.pow(pedal, 1.4)

    def hill_hold(self, brake: float, speed: float, drive: float, needed: float, dt: float) -> bool:
        """Whether the brakes keep holding a car whose brake pedal was just released on a slope."""
        if abs(speed) > 0.05:
            self._braked = False
            self._hill_hold_left = 0.0
            return False
        if brake > 0.05:
            self._braked = True
            self._hill_hold_left = _HILL_HOLD_S
            return False
        if not self._braked or abs(drive) >= needed:
            self._braked = False
            return False
        self._hill_hold_left -= dt
        if self._hill_hold_left <= 0.0:
            self._braked = False
        return self._braked
