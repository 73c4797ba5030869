"""What the car itself gives to tell, from its signals: what was left open, and what became of a charge. Pure.

A cause holds when it has been so for its time; a signal that nobody knows ends nothing and begins nothing.
"""

from collections.abc import Callable
from typing import NamedTuple

from alpenglow.cockpit.api import Level
from alpenglow.signals import Value

type Read = Callable[[str], Value | None]

_STATE = "Vehicle.Alpenglow.DrivingState"
_DRIVER = "Vehicle.Cabin.Seat.Row1.DriverSide.OccupancyStatus"
_LOCKED = "Vehicle.Cabin.Door.Row1.DriverSide.IsLocked"
_BATTERY = "Vehicle.Powertrain.TractionBattery"
_PORT = f"{_BATTERY}.Charging.ChargingPort.AnyPosition"
_WINDOWS = tuple(
    f"Vehicle.Cabin.Door.{row}.{side}.Window.Position"
    for row in ("Row1", "Row2")
    for side in ("DriverSide", "PassengerSide")
)
_ROOF = "Vehicle.Cabin.Sunroof.Position"
_DOORS = {
    "Vehicle.Cabin.Door.Row1.DriverSide.IsOpen": "drivers_door",
    "Vehicle.Cabin.Door.Row1.PassengerSide.IsOpen": "passengers_door",
    "Vehicle.Cabin.Door.Row2.DriverSide.IsOpen": "rear_left_door",
    "Vehicle.Cabin.Door.Row2.PassengerSide.IsOpen": "rear_right_door",
    "Vehicle.Body.Trunk.Rear.IsOpen": "boot",
    "Vehicle.Body.Trunk.Front.IsOpen": "front_boot",
    "Vehicle.Body.Hood.IsOpen": "bonnet",
}
_AJAR_PERCENT = 2.0
_NEARLY_PERCENT = 1.0  # of charge: what counts as having reached the limit


class Source(NamedTuple):
    """One cause and when it holds."""

    cause: str
    level: Level
    says: str
    args: dict[str, str | float]
    holds: Callable[[Read], bool | None]  # None: nobody knows
    after_s: float


def _left(path: str) -> Callable[[Read], bool | None]:
    def holds(read: Read) -> bool | None:
        is_open, state, driver = read(path), read(_STATE), read(_DRIVER)
        if is_open is None or state is None:
            return None
        return is_open is True and state == "PARKED" and driver == "EMPTY"

    return holds


def _open_and_locked(read: Read) -> bool | None:
    locked = read(_LOCKED)
    if locked is None:
        return None
    positions = [read(path) for path in (*_WINDOWS, _ROOF)]
    is_open = any(isinstance(p, int | float) and abs(p) > _AJAR_PERCENT for p in positions)
    return locked is True and is_open


def _flap(read: Read) -> bool | None:
    is_open, state = read(f"{_PORT}.IsFlapOpen"), read(_STATE)
    if is_open is None or state is None:
        return None
    return is_open is True and state == "MOVING"


SOURCES = (
    *(
        Source(
            f"left_open.{place}",
            "notice",
            "messages.left_open",
            {"place": f"@messages.place.{place}"},
            _left(path),
            60.0,
        )
        for path, place in _DOORS.items()
    ),
    Source("open_and_locked", "notice", "messages.open_and_locked", {}, _open_and_locked, 5.0),
    Source("flap_open", "notice", "messages.flap_open", {}, _flap, 3.0),
)


class Holding:
    """Which sources hold, over time."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}
        self._told: set[str] = set()

    def look(self, read: Read, now: float) -> tuple[list[Source], list[str]]:
        """Those that begin to hold at `now` (s, monotonic), and the causes that are over."""
        begun: list[Source] = []
        over: list[str] = []
        for source in SOURCES:
            holds = source.holds(read)
            if holds is None:
                continue
            if not holds:
                self._since.pop(source.cause, None)
                if source.cause in self._told:
                    self._told.remove(source.cause)
                    over.append(source.cause)
            elif now - self._since.setdefault(source.cause, now) >= source.after_s and source.cause not in self._told:
                self._told.add(source.cause)
                begun.append(source)
        return begun, over


class Charging:
    """Tells how a charge ended: full to the limit, or cut short with the cable still in."""

    def __init__(self) -> None:
        self._was_charging = False

    def look(self, read: Read) -> str | None:
        """ "charging_done" or "charging_failed" in the moment when it ends so."""
        charging = read(f"{_BATTERY}.Charging.IsCharging")
        if not isinstance(charging, bool):
            return None
        ended = self._was_charging and not charging
        self._was_charging = charging
        if not ended or read(f"{_PORT}.IsChargingCableConnected") is not True:
            return None
        charge, limit = read(f"{_BATTERY}.StateOfCharge.Displayed"), read(f"{_BATTERY}.Charging.ChargeLimit")
        if not isinstance(charge, int | float):
            return None
        if charge >= (limit if isinstance(limit, int | float) else 100.0) - _NEARLY_PERCENT:
            return "charging_done"
        stopped = read(f"{_BATTERY}.Charging.StartStopCharging") == "STOP"
        return None if stopped else "charging_failed"
