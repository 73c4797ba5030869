"""Cruise control: it holds a speed and, where it is adaptive, a distance."""

from typing import TYPE_CHECKING

from alpenglow.vehicle.ev.driver import SpeedFollower
from alpenglow.vehicle.ev.traffic import idm

if TYPE_CHECKING:
    from alpenglow.vehicle.ev.car import Car

CRUISE = "ADAS.CruiseControl"
TIME_GAPS_S = (1.0, 1.4, 1.8, 2.2)  # of AdaptiveIntervalSet 1 … 4; ISO 15622 6.3.1 wants 0.8 s at least, one of 1.5 s
_MOST_BRAKING = 3.5  # m/s², ISO 15622 6.3.4
_STEPS = 5  # between two looks at the car ahead
_STARTS_MS = 0.5  # a car ahead that is slower has not driven off yet


class Cruise:
    """The pedals as cruise control works them."""

    def __init__(self) -> None:
        self.brake = 0.0  # that it asks for now
        self._pedal = 0.0
        self._most = 1.0  # accelerator that the distance allows
        self._follower = SpeedFollower()

    def rest(self, pedal: float) -> None:
        """It is off; `pedal` is where it would take over."""
        self._pedal, self._most, self.brake = pedal, 1.0, 0.0

    def step(self, car: "Car", dt: float) -> float:
        """The accelerator; `brake` is set as well."""
        error = car.body.number(f"{CRUISE}.SpeedSet") / 3.6 - car.chassis.speed
        if car.steps % _STEPS == 0:
            self._keep_distance(car, dt * _STEPS)
        if self._most >= self._pedal:
            self._pedal = min(0.8, max(0.0, self._pedal + error * 0.08 * dt))
        else:
            self._pedal = self._most  # so that it does not jump when the road is free
        return min(self._most, min(0.8, max(0.0, self._pedal + 0.12 * error)))

    def _keep_distance(self, car: "Car", dt: float) -> None:
        self._most, self.brake = 1.0, 0.0
        lead = car.lead() if car.body.on(f"{CRUISE}.IsAdaptive") else None
        if lead is None:
            return
        v = car.chassis.speed
        step = int(car.body.number(f"{CRUISE}.AdaptiveIntervalSet"))
        gap_s = TIME_GAPS_S[min(len(TIME_GAPS_S), max(1, step)) - 1]
        wish = car.body.number(f"{CRUISE}.SpeedSet") / 3.6
        wanted = max(-_MOST_BRAKING, idm(v, max(wish, v), lead.gap, v - lead.speed, gap_s))
        if v < _STARTS_MS and lead.speed < _STARTS_MS:
            self._most, self.brake = 0.0, 0.35  # it stands, and holds
            return
        if wanted > 0.6 and lead.gap > 3.0 * gap_s * max(v, 5.0):
            return  # far enough away to be no concern
        self._most, self.brake = self._follower.pedals(car, max(v, 0.2), wanted, dt)
