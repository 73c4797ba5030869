"""Where the car is, as each position comes in or none does: believed, matched, or rolled along by the wheels."""

from collections.abc import Container
from dataclasses import dataclass
from typing import Literal

from alpenglow.navigation.car import Car, Seen
from alpenglow.navigation.guidance.matching import Match, Matcher
from alpenglow.navigation.guidance.position import Believing, Fix

type Source = Literal["NONE", "RAW", "MATCHED", "DEAD_RECKONING"]

_LONGEST_S = 1.0  # between two looks; a longer pause of this process has not moved the car
_LOST_S = 0.6  # without a position, after which the wheels are asked
_MOVING_MS = 1.5  # below it a receiver is not sure where the car points
_BLIND_M = 15_000.0  # rolled along without any position: further than that is a guess


@dataclass(frozen=True)
class Located:
    """Where the car is."""

    source: Source
    lat: float
    lon: float
    heading: float
    match: Match | None
    moved_m: float  # since the last one
    speed_ms: float
    seen: Seen | None  # what the receiver says, where it is believed


class Locating:
    """Follows one car."""

    def __init__(self, car: Car) -> None:
        self._car = car
        self._believing = Believing()
        self._stamp = 0
        self._looked: float | None = None
        self._seen_s = float("-inf")
        self._moved_m = 0.0
        self._blind_m = 0.0
        self._last: Located | None = None

    @property
    def last(self) -> Located | None:
        """Where it was."""
        return self._last

    def forget(self) -> None:
        """Another map, or none: nothing is known of roads."""
        self._last = None
        self._blind_m = 0.0

    def look(self, now: float, matcher: Matcher | None, route: Container[int] = frozenset()) -> Located | None:
        """Where the car is at `now` (s, monotonic); None where nothing new is known."""
        speed, pace = self._car.speed_ms, self._car.pace
        passed = 0.0 if self._looked is None else min(_LONGEST_S, max(0.0, now - self._looked))
        self._looked = now
        self._moved_m += abs(speed) * passed * pace
        seen = self._car.position()
        if seen is not None and seen.stamp != self._stamp:
            self._stamp = seen.stamp
            heading, slow = seen.heading, abs(speed) < _MOVING_MS
            verdict = self._believing.judge(Fix(seen.lat, seen.lon, heading, seen.accuracy_m, now), speed, pace)
            if verdict.believed:
                self._seen_s, self._blind_m = now, 0.0
                match = None
                if matcher is not None:
                    if verdict.carried:
                        matcher.forget()
                    match = matcher.see(seen.lat, seen.lon, heading, seen.accuracy_m, self._moved_m, route, slow)
                if match is not None:
                    return self._told("MATCHED", match.lat, match.lon, match.heading, match, speed, seen)
                points = seen.heading if seen.heading is not None else self._last.heading if self._last else 0.0
                return self._told("RAW", seen.lat, seen.lon, points, None, speed, seen)
        if now - self._seen_s < _LOST_S:
            return None
        return self._rolled(matcher, route, speed)

    def _rolled(self, matcher: Matcher | None, route: Container[int], speed: float) -> Located | None:
        if matcher is None or self._blind_m > _BLIND_M or (match := matcher.roll(self._moved_m, None, route)) is None:
            self._last = None
            self._moved_m = 0.0
            return None
        self._blind_m += self._moved_m
        return self._told("DEAD_RECKONING", match.lat, match.lon, match.heading, match, speed)

    def _told(
        self,
        source: Source,
        lat: float,
        lon: float,
        heading: float,
        match: Match | None,
        speed: float,
        seen: Seen | None = None,
    ) -> Located:
        self._last = Located(source, lat, lon, heading, match, self._moved_m, speed, seen)
        self._moved_m = 0.0
        return self._last
