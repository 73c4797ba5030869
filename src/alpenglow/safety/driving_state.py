"""Driving state and what it forbids on a driver's screen, in the terms of Android Automotive.

`CarDrivingState`: parked (in P; in a car that says nothing of its gear, with the parking brake set), idling (stands,
but is not parked) or moving. Where Android has a fourth state, unknown, this has moving. `CarUxRestrictions`: the bits
below.
"""

from collections.abc import Callable
from enum import IntFlag, StrEnum
from math import inf

from alpenglow.safety.cluster import STANDING_KMH
from alpenglow.signals import Quality, Reading

type Read = Callable[[str], Reading]

_PARK = 126  # VSS, CurrentGear
_SETTLE_S = 1.0  # how long the car must have stood before it counts as standing


class DrivingState(StrEnum):
    """Android's CarDrivingStateEvent, less its UNKNOWN."""

    PARKED = "PARKED"
    IDLING = "IDLING"
    MOVING = "MOVING"


class UxRestrictions(IntFlag):
    """Android's CarUxRestrictions: UX_RESTRICTIONS_…"""

    BASELINE = 0
    NO_DIALPAD = 1
    NO_FILTERING = 2
    LIMIT_STRING_LENGTH = 4
    NO_KEYBOARD = 8
    NO_VIDEO = 16
    LIMIT_CONTENT = 32
    NO_SETUP = 64
    NO_TEXT_MESSAGE = 128
    NO_VOICE_TRANSCRIPTION = 256
    FULLY_RESTRICTED = 511


# Android leaves the map to the maker. At a red light the driver's eyes may leave the road for a glance, not for a film
# or a set-up; in motion everything that can be restricted is.
RESTRICTIONS = {
    DrivingState.PARKED: UxRestrictions.BASELINE,
    DrivingState.IDLING: UxRestrictions.NO_VIDEO | UxRestrictions.NO_SETUP,
    DrivingState.MOVING: UxRestrictions.FULLY_RESTRICTED,
}


class Driving:
    """The driving state over time. MOVING is taken at once; it is left when the car has stood for a second."""

    def __init__(self) -> None:
        self.state = DrivingState.MOVING
        self._standing_since: float | None = None

    def update(self, read: Read, now_s: float) -> DrivingState:
        """The state at `now_s` (s, monotonic clock) from the readings of speed, gear and parking brake."""
        speed = read("Vehicle.Speed").value
        if isinstance(speed, bool) or not isinstance(speed, int | float) or not -STANDING_KMH <= speed <= STANDING_KMH:
            self._standing_since = None
            self.state = DrivingState.MOVING
            return self.state
        if self._standing_since is None:
            self._standing_since = now_s
        if self.state is not DrivingState.MOVING or now_s - self._standing_since >= _SETTLE_S:
            self.state = DrivingState.PARKED if _parked(read) else DrivingState.IDLING
        return self.state


def _parked(read: Read) -> bool:
    gear = read("Vehicle.Powertrain.Transmission.CurrentGear")
    if gear.age_s == inf:
        brake = read("Vehicle.Chassis.ParkingBrake.IsEngaged")
        return brake.quality is Quality.VALID and brake.value is True
    return gear.quality is Quality.VALID and gear.value == _PARK
