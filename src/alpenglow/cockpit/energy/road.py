"""The road behind the car in stretches of equal length, and what each took: the consumption over distance.

Rules that always hold:
- a stretch has no time and no place, so that the road tells what was used and not where anybody was;
- distance is the odometer's: what passes while nobody listens is a stretch of its own length with nothing known of it.
"""

from collections import deque
from collections.abc import Iterable, Iterator

import msgspec

STRETCH_M = 200.0
KEPT = 500  # stretches: 100 km
_LEAST_S = 1e-3


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """What the car says at one moment. Power is positive while the battery gives."""

    speed: float = 0.0  # m/s
    odometer: float = 0.0  # m
    power: float = 0.0  # W out of the battery
    climate: float = 0.0  # W
    care: float = 0.0  # W that warm or cool the battery
    altitude: float = 0.0  # m
    outside: float = 20.0  # °C
    rolling: float = 1.0  # factor on the rolling resistance by the tyres' pressure
    people: float = 1.0


class Stretch(msgspec.Struct, frozen=True, array_like=True):
    """One stretch of road, as it was driven."""

    metres: float
    seconds: float
    joules: float  # out of the battery; what was taken back is taken off
    climate: float  # J
    care: float  # J
    square_speed: float  # m²/s², mean over the distance
    accelerated: float  # J for each kg: all gains of ½v²
    climb: float  # m, negative downhill
    altitude: float  # m, mean of both ends
    outside: float  # °C, mean over the distance
    rolling: float  # as in Moment, mean over the distance
    people: float

    @property
    def wh_per_km(self) -> float:
        """Wh for each km."""
        return self.joules / self.metres / 3.6


class Road:
    """The latest stretches, oldest first, and the one under way."""

    def __init__(self, stretches: Iterable[Stretch] = ()) -> None:
        self._done = deque(stretches, maxlen=KEPT)
        self._last: Moment | None = None
        self._begin: Moment | None = None
        self._clear()

    def _clear(self) -> None:
        self._seconds = self._joules = self._climate = self._care = self._accelerated = 0.0
        self._way = self._square = self._outside = self._rolling = self._people = 0.0

    def __iter__(self) -> Iterator[Stretch]:
        return iter(self._done)

    def __len__(self) -> int:
        return len(self._done)

    def back(self) -> Iterator[tuple[float, Stretch]]:
        """Each stretch with the metres from here to its middle, the latest first."""
        gone = 0.0
        for stretch in reversed(self._done):
            yield gone + stretch.metres / 2, stretch
            gone += stretch.metres

    def lost(self) -> None:
        """Nothing was heard for a while: what comes next begins a stretch of its own."""
        self._last = self._begin = None
        self._clear()

    def feed(self, now: Moment, dt: float) -> bool:
        """`dt` seconds have gone since the last moment; whether a stretch is complete now."""
        last, self._last = self._last, now
        if last is None or self._begin is None:
            self._begin = now
            return False
        way = 0.5 * (last.speed + now.speed) * dt
        gain = 0.5 * (now.speed**2 - last.speed**2)
        self._seconds += dt
        self._joules += 0.5 * (last.power + now.power) * dt
        self._climate += 0.5 * (last.climate + now.climate) * dt
        self._care += 0.5 * (last.care + now.care) * dt
        self._accelerated += max(0.0, gain)
        self._way += way
        self._square += way * 0.5 * (last.speed**2 + now.speed**2)
        self._outside += way * now.outside
        self._rolling += way * now.rolling
        self._people += way * now.people
        metres = now.odometer - self._begin.odometer
        if metres < STRETCH_M:
            return False
        way = max(self._way, _LEAST_S)
        self._done.append(
            Stretch(
                metres=metres,
                seconds=round(self._seconds, 1),
                joules=round(self._joules),
                climate=round(self._climate),
                care=round(self._care),
                square_speed=round(self._square / way, 1),
                accelerated=round(self._accelerated, 1),
                climb=round(now.altitude - self._begin.altitude, 1),
                altitude=round((now.altitude + self._begin.altitude) / 2),
                outside=round(self._outside / way, 1),
                rolling=round(self._rolling / way, 3),
                people=round(self._people / way, 1),
            )
        )
        self._begin = now
        self._clear()
        return True
