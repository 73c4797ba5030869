"""Where is looked: from where, how far, along what way; and which places there come first."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alpenglow.navigation.api import Position
from alpenglow.navigation.search.corridor import Corridor
from alpenglow.navigation.search.ranking import worth

_DEGREE_M = 111_195.0

type Floats = NDArray[np.float64]
type Numbers = NDArray[np.int64]


def metres_apart(start: Position, lat: float, lon: float) -> float:
    """As the crow flies, for distances within a region."""
    return float(_metres(start, np.array([lat]), np.array([lon]))[0])


@dataclass(frozen=True)
class Scope:
    """Places by their number, which counts from 1."""

    lat: Floats
    lon: Floats
    importance: NDArray[np.float32]
    near: Position | None = None
    within_m: float | None = None
    corridor: Corridor | None = None
    nearest: bool = False  # near is all that counts

    def best(self, numbers: Numbers, count: int, nearest: bool = False) -> list[int]:
        """The `count` places of `numbers` in the scope that matter most; or those that are `nearest`, where known."""
        metres = self._off_m(self.lat[numbers - 1], self.lon[numbers - 1])
        importance = self.importance[numbers - 1].astype(np.float64)
        if metres is None:
            value = importance
        else:
            inside = metres <= self._limit_m
            numbers, metres, importance = numbers[inside], metres[inside], importance[inside]
            value = -metres if nearest or self.nearest else importance + 1.0 / (1.0 + metres / 4000.0)
        if len(numbers) > count:
            numbers = numbers[np.argpartition(-value, count)[:count]]
        found: list[int] = numbers.tolist()
        return found

    def within(self, lat: float, lon: float) -> bool:
        """Whether a place is in the scope."""
        metres = self._off_m(np.array([lat]), np.array([lon]))
        return metres is None or bool(metres[0] <= self._limit_m)

    def worth(self, numbers: Sequence[int]) -> dict[int, float]:
        """What places gain by mattering and being near."""
        at = np.array(numbers, np.int64) - 1
        gained = worth(self.importance[at].astype(np.float64), self._off_m(self.lat[at], self.lon[at]), self.nearest)
        return dict(zip(numbers, gained.tolist(), strict=True))

    @property
    def _limit_m(self) -> float:
        return 1e9 if self.within_m is None else self.within_m

    def _off_m(self, lat: Floats, lon: Floats) -> Floats | None:
        """How far off each place is: from the way, else from where it is asked. None where neither is known."""
        if self.corridor is not None:
            return self.corridor.places(lat, lon)[1]
        return None if self.near is None else _metres(self.near, lat, lon)


def _metres(start: Position, lat: Floats, lon: Floats) -> Floats:
    across = (lon - start.longitude + 180.0) % 360.0 - 180.0
    metres: Floats = _DEGREE_M * np.hypot(lat - start.latitude, across * math.cos(math.radians(start.latitude)))
    return metres
