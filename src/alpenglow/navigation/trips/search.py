"""One trip searched: choose over rough prices, price exactly what was chosen, and choose again until all is exact.

A way's exact draw is taken into the table with a little more than it needs, and after some rounds it is only ever
raised, so they end; a plan whose prices still moved would be no plan, and is not given.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from alpenglow.navigation.roads.snapping import Snap
from alpenglow.navigation.trips.charging import READY_C, Curves
from alpenglow.navigation.trips.legs import Priced, Pricing, light
from alpenglow.navigation.trips.pool import Candidate
from alpenglow.navigation.trips.stops import Choice, Draw, Station, Stay, Table, Way, choose

_ROUNDS = 60
_SLACK = 5e-4  # of a full battery: how much more than its exact price a way counts
_SETTLING = 4  # times that a way's price may fall again
_TIME_S = 2.0  # by which a way's time may be off before it is taken over
_CHARGING_S = 20.0  # … a stop's, and
_CHARGING_SHARE = 0.02
_LOSSES = 1.15  # more heat than the battery keeps while it is warmed


@dataclass(frozen=True)
class Stayed:
    """A stop of a plan, exactly."""

    candidate: Candidate
    arrival_s: float
    arrival: float  # kWh
    departure: float
    charging_s: float
    battery_c: float  # on arrival


@dataclass(frozen=True)
class Found:
    """A plan that holds. `len(legs) == len(stays) + 1`."""

    legs: tuple[Priced, ...]
    charges: tuple[tuple[float, float], ...]  # kWh at the beginning and the end of each leg
    stays: tuple[Stayed, ...]
    time_s: float
    cost_s: float
    warming_s: float = 0.0  # how long before the first stop the battery is warmed


class Search:
    """The ways and stations of one trip."""

    def __init__(
        self,
        pricing: Pricing,
        curves: Curves,
        start: Snap,
        via: Sequence[Snap],
        end: Snap,
        candidates: Sequence[Candidate],
        battery_c: float,
        warm: bool = False,
    ) -> None:
        """`warm`: the battery is warmed for the first stop."""
        self.pricing, self.curves = pricing, curves
        self.start, self.via, self.end = start, tuple(via), end
        self.candidates = list(candidates)
        self.battery_c, self.warm = battery_c, warm
        self.full = curves.full
        self._mended: dict[tuple[int, int, int], int] = {}
        self._ways = {(w.start, w.end, w.kind): w for w in self._rough()}
        # As quick as a warm battery charges; what is chosen is put right.
        ready_c = max(READY_C, battery_c)
        self._stations = [
            Station(curves.at(c.station, ready_c), c.overhead_s, c.cost_s) for _ in self._layers() for c in candidates
        ]
        self._anchored: dict[int, set[tuple[int, int]]] = {}

    def solve(self, charge: float, least: float, reserve: float, without: frozenset[str] = frozenset()) -> Found | None:
        """The best plan that begins with `charge` [kWh] and keeps the others; None. `without`: stations by their id."""
        barred = {
            1 + layer * len(self.candidates) + number
            for layer in self._layers()
            for number, candidate in enumerate(self.candidates)
            if candidate.station.charger.id in without
        }
        for _ in range(_ROUNDS):
            ways = [w for w in self._ways.values() if w.end not in barred and w.start not in barred]
            choice = choose(Table(charge, self.full, least, reserve, self._stations, ways))
            if choice is None:
                return None
            found = self._exactly(choice, charge)
            if found is not None:
                return found
        return None

    def candidate(self, point: int) -> Candidate:
        """The station that a point of the table stands for."""
        return self.candidates[(point - 1) % len(self.candidates)]

    def reached(self, charge: float, least: float) -> list[tuple[Candidate, float, Priced]]:
        """Stations that can be reached without a stop, nearest in time first, with the charge on arrival [kWh]."""
        ways = [w for w in self._ways.values() if w.start == 0 and 0 < w.end <= len(self.candidates)]
        found: list[tuple[Candidate, float, Priced]] = []
        for way in sorted(ways, key=lambda w: w.time_s):
            if way.draw.need + least > charge or len(found) == 3:
                continue
            priced = self.pricing.price(way.kind, self._places(way), self._percent(charge), self.battery_c, True)
            if priced.draw.need + least <= charge:
                found.append((self.candidate(way.end), priced.draw.arrival(charge, self.full), priced))
        return found

    def _layers(self) -> range:
        """A station stands once for each number of via points that lie behind."""
        return range(len(self.via) + 1)

    def _rough(self) -> list[Way]:
        """All ways between the points, by the edges' prices, each a chain through the via points on it."""
        snaps = [c.snap for c in self.candidates]
        count, layers = len(snaps), len(self.via)
        ways: list[Way] = []
        for kind in self.pricing.kinds:
            rows = self.pricing.matrix(kind, [self.start, *snaps, *self.via], [*snaps, *self.via, self.end])
            for first in self._layers():
                for here in range(count + 1):
                    if here == 0 and first:
                        continue
                    start = 0 if here == 0 else 1 + first * count + here - 1
                    row, time_s, draw = here, 0.0, Draw()
                    for last in range(first, layers + 1):
                        if last > first:
                            step = rows[row, count + last - 1]
                            time_s, draw = time_s + float(step[0]), draw.then(light(float(step[1])))
                            row = 1 + count + last - 1
                        if not np.isfinite(time_s):
                            break
                        for there in range(count):
                            if there != here - 1 or last > first:
                                ways += _way(start, 1 + last * count + there, time_s, draw, rows[row, there], kind)
                    else:
                        ways += _way(start, -1, time_s, draw, rows[row, count + layers], kind)
        return _worthwhile(ways)

    def _places(self, way: Way) -> tuple[Snap, ...]:
        """The places a way leads through."""
        count = len(self.candidates)
        first = 0 if way.start == 0 else (way.start - 1) // count
        last = len(self.via) if way.end == -1 else (way.end - 1) // count
        begin = self.start if way.start == 0 else self.candidate(way.start).snap
        finish = self.end if way.end == -1 else self.candidate(way.end).snap
        return (begin, *self.via[first:last], finish)

    def _percent(self, charge: float) -> float:
        return 100.0 * charge / self.full

    def _exactly(self, choice: Choice, charge: float) -> Found | None:
        """The choice driven in full; None where the table had to be mended, so that it must be chosen anew."""
        good = True
        legs: list[Priced] = []
        charges: list[tuple[float, float]] = []
        stays: list[Stayed] = []
        time_s, cost_s, battery_c = 0.0, 0.0, self.battery_c
        warming_s = 0.0
        for number, way in enumerate(choice.ways):
            if number:
                stay = choice.stays[number - 1]
                candidate = self.candidate(stay.station)
                target = max(charge, stay.departure)
                spent, after_c = self.curves.time(
                    candidate.station, battery_c, self._percent(charge), self._percent(target)
                )
                good &= not self._mend_station(stay, candidate, battery_c, charge, spent)
                stays.append(Stayed(candidate, time_s, charge, target, spent, battery_c))
                time_s += candidate.overhead_s + spent
                cost_s += candidate.overhead_s + spent + candidate.cost_s
                charge, battery_c = target, after_c
            places, percent, fresh = self._places(way), self._percent(charge), number == 0
            priced = self.pricing.price(way.kind, places, percent, battery_c, fresh)
            if self.warm and fresh and choice.stays and self.candidate(way.end).station.direct:
                prepare_s = self._prepare_s(priced)
                warming_s = priced.time_s - prepare_s
                priced = self.pricing.price(way.kind, places, percent, battery_c, fresh, prepare_s)
            draw, battery_c = priced.draw, priced.battery_c
            good &= not self._mend_way(way, draw, priced.time_s)
            departure, charge = charge, draw.arrival(charge, self.full)
            legs.append(priced)
            charges.append((departure, charge))
            time_s, cost_s = time_s + priced.time_s, cost_s + priced.time_s
        if not good:
            return None
        return Found(tuple(legs), tuple(charges), tuple(stays), time_s, cost_s, warming_s)

    def _mend_way(self, way: Way, draw: Draw, time_s: float) -> bool:
        """Take the exact price of a way into the table; whether that was called for.

        The price depends on the charge with which the way is begun, and that on the price: the last one counts, until
        it has changed so often that only a dearer one is taken.
        """
        key = (way.start, way.end, way.kind)
        slack, have, times = _SLACK * self.full, _numbers(way.draw), self._mended.get(key, 0)
        exact = _numbers(draw)
        fits = all(a <= b for a, b in zip(exact, have, strict=True))
        near = times >= _SETTLING or all(b - a <= 3.0 * slack for a, b in zip(exact, have, strict=True))
        if times and fits and near and abs(time_s - way.time_s) <= _TIME_S:
            return False
        worst = [value + slack for value in exact]
        if times >= _SETTLING:
            worst = [max(a, b) for a, b in zip(worst, have, strict=True)]
            time_s = max(time_s, way.time_s)
        self._mended[key] = times + 1
        self._ways[key] = replace(way, draw=Draw(*worst), time_s=time_s)
        return True

    def _mend_station(self, stay: Stay, candidate: Candidate, battery_c: float, arrival: float, spent: float) -> bool:
        """Take the curve of this very stop into the table where the general one is too far off; whether so."""
        if abs(spent - stay.charging_s) <= max(_CHARGING_S, _CHARGING_SHARE * spent):
            return False
        anchor = (round(battery_c), int(self._percent(arrival)))
        anchored = self._anchored.setdefault(stay.station, set())
        if anchor in anchored:
            return False
        anchored.add(anchor)
        curve = self.curves.at(candidate.station, battery_c, self._percent(arrival))
        self._stations[stay.station - 1] = replace(self._stations[stay.station - 1], curve=curve)
        return True

    def _prepare_s(self, priced: Priced) -> float:
        """When to begin warming the battery on a leg that it may be ready at its end; 0 where time is short."""
        battery = self.pricing.model.car.battery
        missing = max(0.0, READY_C - priced.battery_c) * _LOSSES
        return max(0.0, round(priced.time_s - missing * battery.heat_capacity / battery.conditioning, -1))


def _way(start: int, end: int, time_s: float, draw: Draw, step: np.ndarray, kind: int) -> list[Way]:
    seconds, energy = float(step[0]), float(step[1])
    if not np.isfinite(seconds):
        return []
    return [Way(start, end, time_s + seconds, draw.then(light(energy)), kind)]


def _worthwhile(ways: Sequence[Way]) -> list[Way]:
    """Without those that another between the same points beats in time and in energy."""
    between: dict[tuple[int, int], list[Way]] = {}
    for way in ways:
        others = between.setdefault((way.start, way.end), [])
        if not any(o.time_s <= way.time_s + 1.0 and o.draw.energy <= way.draw.energy + 1e-3 for o in others):
            others.append(way)
    return [way for others in between.values() for way in others]


def _numbers(draw: Draw) -> tuple[float, float, float, float]:
    return draw.energy, draw.need, draw.drop, draw.fall
