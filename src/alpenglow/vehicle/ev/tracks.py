"""The simulated car's radar: it follows up to sixteen of the cars around, each in a track of its own.

A track keeps its object for as long as the object is among the nearest, and says when it takes another one.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from alpenglow.vehicle.ev.drive_messages import RADAR_KINDS, RADAR_TRACKS
from alpenglow.vehicle.ev.layout import Physical

if TYPE_CHECKING:
    from alpenglow.vehicle.ev.car import Car

_SCANS = 15  # after so many the scan's number comes round

type _Row = Sequence[Physical]


class RadarUnit:
    """Tracks by place: what each frame of the scan says."""

    def __init__(self) -> None:
        self._scan = 0
        self._followed: list[int | None] = [None] * RADAR_TRACKS  # numbers of the others
        self._rows: list[_Row] = []

    def report(self, track: int) -> Callable[["Car"], _Row]:
        """What the frame of `track` says; that of track 0 looks anew, so it must be asked first."""

        def say(car: "Car") -> _Row:
            if track == 0:
                self._look(car)
            return self._rows[track]

        return say

    def _look(self, car: "Car") -> None:
        self._scan = (self._scan + 1) % _SCANS
        nothing = (self._scan, False, False, "UNKNOWN", 0.0, 0.0, 0.0)
        self._rows = [nothing] * RADAR_TRACKS
        road, own = car.traffic.road, car.chassis.speed
        nearest = sorted(car.traffic.others, key=lambda other: abs(other.at))[:RADAR_TRACKS]
        seen = {other.number: other for other in nearest}
        followed = self._followed
        before = [number if number in seen else None for number in followed]
        waiting = [number for number in seen if number not in before]
        for track, number in enumerate(before):
            new = number is None and bool(waiting)
            if new:
                number = waiting.pop(0)
            followed[track] = number
            if number is None:
                continue
            other = seen[number]
            left = road.left(other.y, other.rear)
            kind = RADAR_KINDS[other.kind.number]
            self._rows[track] = (self._scan, True, new, kind, other.rear, left, other.speed - own)
