"""The car ahead: which object we follow, how far it is and when to warn. Pure functions of what the radar sees."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from alpenglow.vehicle.radar import Track

LANE_WIDTH_M = 3.5  # where the car does not know it: between the 3.25 m and 3.75 m that Europe builds
_KEEPS_M = 0.4  # the object that we follow may be so far beyond the lane's edge before it is let go
_RANGE_M = 160.0  # beyond this the lane's course is guesswork
_ROLLS_MS = 1.0  # slower than this a time gap means nothing
# Late enough not to annoy, early enough to act: NHTSA's NCAP test of forward collision warning wants it 2.4 s before
# the impact where the car ahead brakes (2.1 s before a standing one, 2.0 s before a slower one).
_WARN_S = 2.4
_WARNS_FROM_MS = 10.0 / 3.6  # UN R152 5.2.1.3: from 10 km/h


class Lane(NamedTuple):
    """The own lane, as far as anything is known of it."""

    width: float = LANE_WIDTH_M  # m
    offset: float = 0.0  # m that the car is to the left of its middle
    curvature: float = 0.0  # 1/m, positive to the left

    def middle(self, ahead: float) -> float:
        """m that the lane's middle lies to the left of our own, `ahead` metres on."""
        return 0.5 * self.curvature * ahead * ahead - self.offset


class Following(NamedTuple):
    """What is ahead of us in our lane."""

    lead: Track
    time_gap: float | None  # s until we are where it is now; None while we hardly move
    warning: bool  # a collision is near


def curvature(yaw_rate: float, speed: float) -> float:
    """Curvature [1/m] of the way we go, of the yaw rate [rad/s] and the speed [m/s]; 0 while we hardly move."""
    return yaw_rate / speed if speed > 3.0 else 0.0


def follow(tracks: Sequence[Track], lane: Lane, speed: float | None, followed: int | None = None) -> Following | None:
    """The nearest of `tracks` ahead in `lane`; None where nothing is.

    `speed`: ours in m/s, None where it is unknown; `followed`: the id that the last answer named, which stays the one
    until it has clearly left the lane.
    """
    lead: Track | None = None
    for track in tracks:
        if not 0.0 <= track.ahead <= _RANGE_M or (lead is not None and track.ahead >= lead.ahead):
            continue
        reach = lane.width / 2 + (_KEEPS_M if track.id == followed else 0.0)
        if abs(track.left - lane.middle(track.ahead)) <= reach:
            lead = track
    if lead is None:
        return None
    moving = speed is not None and speed > _ROLLS_MS
    time_gap = lead.ahead / speed if speed is not None and moving else None
    until = lead.ahead / -lead.speed if lead.speed < 0.0 else math.inf
    return Following(lead, time_gap, speed is not None and speed >= _WARNS_FROM_MS and until <= _WARN_S)
