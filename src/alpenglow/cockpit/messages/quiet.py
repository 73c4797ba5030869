"""When the driver's head is needed for the road, so that what nobody has to act on waits. Pure.

What nobody has said anything of asks for nothing; an unknown driving state counts as demanding, as it does everywhere.
"""

from collections.abc import Callable
from typing import NamedTuple

from alpenglow.signals import Value

type Read = Callable[[str], Value | None]

STATE = "Vehicle.Alpenglow.DrivingState"
_CALM_S = 5.0  # how long it has to have been undemanding
_HARD_MS2 = 3.0  # braking or a bend in which nobody reads


class _Sign(NamedTuple):
    path: str
    is_demanding: Callable[[Value], bool]


def _true(value: Value) -> bool:
    return value is True


def _equals(wanted: str) -> Callable[[Value], bool]:
    return lambda value: value == wanted


def _hard(value: Value) -> bool:
    return isinstance(value, int | float) and abs(value) > _HARD_MS2


_SIGNS = (
    _Sign("Vehicle.Chassis.Brake.IsDriverEmergencyBrakingDetected", _true),
    _Sign("Vehicle.ADAS.ABS.IsEngaged", _true),
    _Sign("Vehicle.ADAS.ESC.IsEngaged", _true),
    _Sign("Vehicle.ADAS.TCS.IsEngaged", _true),
    _Sign("Vehicle.ADAS.EBA.IsEngaged", _true),
    _Sign("Vehicle.ADAS.ObstacleDetection.Front.Center.IsWarning", _true),
    _Sign("Vehicle.ADAS.LaneDepartureDetection.IsWarning", _true),
    _Sign("Vehicle.Acceleration.Longitudinal", _hard),
    _Sign("Vehicle.Acceleration.Lateral", _hard),
    _Sign("Vehicle.Alpenglow.Telltale.TurnLeft", _equals("FLASHING")),
    _Sign("Vehicle.Alpenglow.Telltale.TurnRight", _equals("FLASHING")),
    _Sign("Vehicle.Alpenglow.GearSelector", _equals("R")),
    _Sign("Vehicle.Alpenglow.Cluster.MessageLevel", _equals("STOP")),
)


def is_demanding(read: Read) -> bool:
    """Whether driving takes the driver's head now."""
    state = read(STATE)
    if state == "PARKED":
        return False
    if state not in ("IDLING", "MOVING"):
        return True
    return any(value is not None and sign.is_demanding(value) for sign in _SIGNS for value in [read(sign.path)])


class Quiet:
    """The same over time: it is calm again when it was calm for a while."""

    def __init__(self) -> None:
        self._calm_since: float | None = None

    def look(self, read: Read, now: float) -> bool:
        """Whether to be quiet at `now` (s, monotonic)."""
        if is_demanding(read):
            self._calm_since = None
            return True
        if read(STATE) == "PARKED":
            self._calm_since = now - _CALM_S
        elif self._calm_since is None:
            self._calm_since = now
        return self._calm_since is not None and now - self._calm_since < _CALM_S
