"""What driving took, summed up: a trip's, and each trip meter's.

Rules that always hold:
- distance is the odometer's, also over what passed unheard;
- energy that passed unheard is told by the charge before and after, in the battery's own, coarse steps.
"""

from typing import Self

import msgspec

LEAST_M = 100.0  # a trip that is shorter was manoeuvring
MOVING = 0.14  # m/s; half a kilometre an hour, below which a car stands
_HEARD_S = 2.0  # between two moments that belong together


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """Sums since something began."""

    metres: float = 0.0
    seconds: float = 0.0
    moving: float = 0.0  # s
    used: float = 0.0  # J out of the battery
    regained: float = 0.0  # J into it from the drive
    climate: float = 0.0  # J

    def __add__(self, more: Self) -> "Totals":
        return Totals(**{name: getattr(self, name) + getattr(more, name) for name in self.__struct_fields__})

    @property
    def net(self) -> float:
        """J that are gone from the battery."""
        return self.used - self.regained


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What the car says at one moment; power is positive while the battery gives."""

    at: float  # s of a clock that only goes forward
    odometer: float  # m
    speed: float  # m/s
    power: float  # W
    climate: float  # W
    left: float | None = None  # J in the battery


def between(a: Reading, b: Reading) -> Totals:
    """What passed from `a` to `b`."""
    seconds = max(0.0, b.at - a.at)
    metres = max(0.0, b.odometer - a.odometer)
    if seconds > _HEARD_S:
        used = max(0.0, a.left - b.left) if a.left is not None and b.left is not None and metres > 0.0 else 0.0
        return Totals(metres=metres, seconds=seconds, used=used)
    power = 0.5 * (a.power + b.power)
    return Totals(
        metres=metres,
        seconds=seconds,
        moving=seconds if b.speed > MOVING else 0.0,
        used=max(0.0, power) * seconds,
        regained=max(0.0, -power) * seconds,
        climate=0.5 * (a.climate + b.climate) * seconds,
    )


class Trip(msgspec.Struct, frozen=True, kw_only=True):
    """A drive from switching on to switching off, as it is kept."""

    id: str
    started: str  # ISO 8601, UTC
    seen: str  # the same, when it was last written
    ended: str = ""  # the same; "" while it is under way
    from_percent: float = 0.0
    to_percent: float = 0.0
    outside: float | None = None  # °C, when it was last seen
    odometer: float = 0.0  # m, then
    left: float | None = None  # J in the battery, then
    totals: Totals = Totals()


class Meter(msgspec.Struct, frozen=True, kw_only=True):
    """A trip meter, as it is kept."""

    since: str  # ISO 8601, UTC
    totals: Totals = Totals()
