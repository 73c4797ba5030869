"""Which of the receiver's positions are believed.

Receivers lie in cities and below cliffs: a position jumps by hundreds of metres and comes back. Rules that hold:
- time is the monotonic clock's, so that a step of the wall clock moves nothing;
- a position that the car cannot have reached is not believed, unless several that fit one another say so: then the
  car was carried there (a ferry, a tow, a simulation that was set elsewhere), and everything begins anew from it;
- without a position the wheels alone say how far the car went.
"""

from dataclasses import dataclass

from alpenglow.navigation.roads.geometry import distance

_SLACK_M = 25.0  # noise of two positions together
_FASTEST = 1.5  # times the speed of the wheels
_SPEED_SLACK_MS = 8.0  # speed that the wheels may have gained since
_CARRIED_S = 3.0  # positions that fit one another for so long are the truth
_CARRIED = 5  # and so many


@dataclass(frozen=True)
class Fix:
    """A position as the receiver gives it."""

    lat: float
    lon: float
    heading: float | None  # degrees from north; None while the car is too slow for the receiver to tell
    accuracy_m: float
    at: float  # s, monotonic


@dataclass(frozen=True)
class Verdict:
    """What is made of a fix."""

    believed: bool
    carried: bool = False  # the car is somewhere else than it can have driven to


class Believing:
    """Judges fixes one after the other."""

    def __init__(self) -> None:
        self._last: Fix | None = None
        self._strange: list[Fix] = []

    def forget(self) -> None:
        """The next fix is believed whatever it says."""
        self._last = None
        self._strange.clear()

    def judge(self, fix: Fix, speed_ms: float, pace: float = 1.0) -> Verdict:
        """Whether the car can be there. `speed_ms`: of the wheels; `pace`: how much faster than the clock it lives."""
        last = self._last
        if last is None or _fits(last, fix, speed_ms, pace):
            self._strange.clear()
            self._last = fix
            return Verdict(True, carried=last is None)
        if self._strange and not _fits(self._strange[-1], fix, speed_ms, pace):
            self._strange.clear()
        self._strange.append(fix)
        if len(self._strange) >= _CARRIED and fix.at - self._strange[0].at >= _CARRIED_S:
            self._strange.clear()
            self._last = fix
            return Verdict(True, carried=True)
        return Verdict(False)


def _fits(before: Fix, after: Fix, speed_ms: float, pace: float) -> bool:
    seconds = max(0.0, after.at - before.at)
    reach = (abs(speed_ms) * _FASTEST + _SPEED_SLACK_MS) * seconds * pace
    slack = _SLACK_M + before.accuracy_m + after.accuracy_m
    return distance(before.lat, before.lon, after.lat, after.lon) <= reach + slack
