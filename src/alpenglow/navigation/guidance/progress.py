"""How far along its route the car is, and whether it still is on it."""

from dataclasses import dataclass
from typing import Literal

from alpenglow.navigation.guidance.geometry import turn
from alpenglow.navigation.guidance.matching import Match
from alpenglow.navigation.guidance.way import Way

_BACK_M = 40.0  # the car may roll back, and positions waver
_AHEAD_M = 80.0
_OFF_M = 25.0  # on other roads, after which the route was left
_OFF_UPDATES = 3
_BEFORE_M = 60.0  # the same where the car has not been on the route yet
_BESIDE_M = 15.0  # from the route's line: nobody can tell which of two roads side by side it is, so it is the route
_BESIDE_DEG = 45.0  # as long as it points the route's way
_ARRIVED_M = 30.0
_SLOW_MS = 3.0

type State = Literal["on", "before", "off", "arrived"]


@dataclass(frozen=True)
class Place:
    """Where the car is on its route."""

    state: State
    at_m: float  # how much lies behind


class Progress:
    """Follows the car along a way. It never goes to a later leg but along the way: no stop is passed over."""

    def __init__(self, way: Way, at_m: float = 0.0, joined: bool = False) -> None:
        self.way = way
        self.at_m = at_m
        self.joined = joined  # whether the car has been on it
        self._off_m = 0.0
        self._off = 0

    @property
    def leg(self) -> int:
        """The number of the leg that is driven."""
        return next((n for n, end in enumerate(self.way.ends) if self.at_m < end - 1.0), len(self.way.ends) - 1)

    def update(
        self, match: Match | None, lat: float, lon: float, moved_m: float, speed_ms: float, accuracy_m: float = 5.0
    ) -> Place:
        """The car went `moved_m` to where the receiver sees it, which is on a road (`match`) or on none."""
        found = self._on(match, lat, lon, moved_m, accuracy_m)
        if found is not None:
            self.at_m = max(found, self.at_m - _BACK_M)
            self.joined, self._off_m, self._off = True, 0.0, 0
            left = self.way.length_m - self.at_m
            done = left <= 2.0 or (left <= _ARRIVED_M and abs(speed_ms) < _SLOW_MS)
            return Place("arrived" if done else "on", self.at_m)
        if match is None:  # in a car park, or on a road that the map does not have
            return Place("on" if self.joined else "before", self.at_m)
        self._off_m += moved_m
        self._off += 1
        limit = _OFF_M if self.joined else _BEFORE_M
        if self._off_m > limit and self._off >= _OFF_UPDATES:
            return Place("off", self.at_m)
        return Place("on" if self.joined else "before", self.at_m)

    def roll(self, moved_m: float) -> Place:
        """The car went so far, and nobody knows where to: along its route, then."""
        self.at_m = min(self.way.length_m, self.at_m + max(0.0, moved_m))
        return Place("on", self.at_m)

    def _on(self, match: Match | None, lat: float, lon: float, moved_m: float, accuracy_m: float) -> float | None:
        way, ahead = self.way, 1.5 * moved_m + _AHEAD_M
        if not self.joined:
            ahead = max(ahead, 500.0)
        if match is not None:
            at = way.locate(match.edge, match.along, self.at_m, _BACK_M, ahead)
            if at is None:  # a short cut that leaves out nothing that was to be done
                at = way.locate(match.edge, match.along, self.at_m, _BACK_M, way.ends[self.leg] - self.at_m)
            if at is not None:
                return at
        at, off = way.nearest(lat, lon, max(0.0, self.at_m - _BACK_M), self.at_m + ahead)
        if off > max(_BESIDE_M, accuracy_m):
            return None
        return at if match is None or abs(turn(way.heading(at), match.heading)) <= _BESIDE_DEG else None
