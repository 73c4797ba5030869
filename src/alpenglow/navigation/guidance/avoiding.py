"""Whether traffic is worth another way.

Rules that always hold:
- another way is taken only where it saves two minutes and a tenth of the time that is left, and its charge lasts;
- once one was taken, traffic changes the way again only after a while, so that two ways of about the same length, or a
  source that says now this, now that, do not make the driver turn back and forth.
"""

from dataclasses import dataclass

import msgspec

from alpenglow.navigation.guidance.following import Following
from alpenglow.navigation.planning import Planning, Start
from alpenglow.navigation.trips.plan import Planned

WORTH_S = 120.0
WORTH_SHARE = 0.1  # of the time that is left
_AGAIN_S = 2.0
PAUSE_S = 180.0  # of driving between two such changes


@dataclass(frozen=True)
class Another:
    """A way that is faster."""

    planned: Planned
    saved_s: float


class Avoiding:
    """Looks for ways around traffic for one car."""

    def __init__(self, planning: Planning) -> None:
        self._planning = planning
        self._taken_s = float("-inf")
        self._looked = 0  # revision of the traffic that was looked at last

    def due_s(self, now_s: float, pace: float) -> float | None:
        """In how many seconds a look is due; None where nothing has changed. `pace`: of a simulated car's time."""
        if self._looked == self._planning.traffic.revision:
            return None
        return max(0.0, self._taken_s + PAUSE_S / pace - now_s)

    def wait_s(self, now_s: float, pace: float) -> float | None:
        """For how long nobody need ask: one that is due may have to wait until the car has charged."""
        due_s = self.due_s(now_s, pace)
        return None if due_s is None else max(_AGAIN_S, due_s)

    def taken(self, now_s: float) -> None:
        """Another way is followed because of traffic."""
        self._taken_s = now_s

    async def look(self, following: Following, start: Start, charge: float | None) -> Another | None:
        """A way from `start` that is worth taking. Failed."""
        self._looked = self._planning.traffic.revision
        trip = following.trip
        passed = sum(via <= following.progress.at_m for via in following.way.vias)
        options = msgspec.structs.replace(trip.options, alternatives=0)
        planned = await self._planning.plan(start, trip.destination, trip.via[passed:], options)
        left_s = following.ahead(charge).time_s
        saved_s = left_s - planned.trip.duration_s
        worth = planned.trip.feasible and saved_s >= max(WORTH_S, WORTH_SHARE * left_s)
        return Another(planned, saved_s) if worth else None
