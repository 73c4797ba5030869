"""When to say what: each manoeuvre is announced far ahead on fast roads, then in time to prepare, then as it comes."""

import bisect

from alpenglow.navigation.api import Maneuver
from alpenglow.navigation.guidance.speech import Units, announcement, onward

_NOW_S, _NOW_M = 4.0, 30.0  # before a manoeuvre
_SOON_S, _SOON_M = 15.0, 130.0
_FAR_S, _FAR_MS = 60.0, 19.0  # only from such a speed
_THEN_S, _THEN_M = 6.0, 70.0  # after a manoeuvre the next one is told with it
_ONWARD_M = 2000.0
_SILENT = ("depart", "continue", "straight")  # told with what follows, or not at all
_PASSED_M = 3.0


class Announcer:
    """Decides what is said on one route."""

    def __init__(self, maneuvers: list[Maneuver], language: str, units: Units = "metric") -> None:
        self.maneuvers, self.language, self.units = maneuvers, language, units
        self._places = [m.at_m for m in maneuvers]
        self._said: dict[int, int] = {}  # manoeuvre → the nearest stage that was told: 1 far, 2 soon, 3 now
        self._onward = -1

    def next(self, at_m: float) -> int | None:
        """The number of the manoeuvre that comes next."""
        i = bisect.bisect_left(self._places, at_m - _PASSED_M)
        while i < len(self.maneuvers) - 1 and self.maneuvers[i].kind == "depart":
            i += 1
        return i if i < len(self.maneuvers) else None

    def then(self, number: int, speed_ms: float) -> Maneuver | None:
        """What is to be done right after manoeuvre `number`."""
        if number + 1 >= len(self.maneuvers) or self.maneuvers[number].kind in ("arrive", "charge", "via"):
            return None
        following = self.maneuvers[number + 1]
        gap = following.at_m - self.maneuvers[number].at_m
        return following if gap <= max(_THEN_M, _THEN_S * speed_ms) else None

    def say(self, at_m: float, speed_ms: float) -> str:
        """What is to be said now; "" mostly."""
        number = self.next(at_m)
        if number is None:
            return ""
        maneuver = self.maneuvers[number]
        left = maneuver.at_m - at_m
        stage = self._stage(left, speed_ms)
        told = self._said.get(number, 0)
        if maneuver.kind in _SILENT or stage <= told:
            if not stage and self._onward < number and left > _ONWARD_M:
                self._onward = number
                return onward(left, self.language, self.units)
            return ""
        self._said[number] = stage
        self._onward = number
        following = self.then(number, speed_ms) if stage > 1 else None
        if following is not None and stage == 3:
            self._said[number + 1] = max(self._said.get(number + 1, 0), 2)
        # Who meets it only now, since the route begins here, hears it at once.
        return announcement(maneuver, left if stage < 3 else None, following, self.language, self.units)

    def _stage(self, left: float, speed_ms: float) -> int:
        if left <= max(_NOW_M, _NOW_S * speed_ms):
            return 3
        if left <= max(_SOON_M, _SOON_S * speed_ms):
            return 2
        return 1 if speed_ms >= _FAR_MS and left <= _FAR_S * speed_ms else 0
