"""Where to stop and how much to charge: the quickest way through a table of ways and stations.

The search is exact. Along one sequence of stations the total time is a sum of terms, and in each of them stands one
departure charge alone: `T_i(d) - T_j(d - e)`, with T the charging curves on both ends of a way and e its energy. So
only a few departure charges can be best: the least with which the way can be driven, and the points where that term
has a local minimum, which are corners of the two curves. Labels (time, charge on arrival) spread over these choices
in order of time plus a lower bound of what is left; one label makes another needless where it is there earlier with
as much charge, or could have charged up to the other's charge by then.

Energies and charges are kWh of the usable battery, times are seconds.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from alpenglow.navigation.trips.curves import Curve

_EXACT = 1e-9  # kWh; what sums of floats may differ by


@dataclass(frozen=True)
class Draw:
    """What a way takes from the battery: not one sum, since a descent gives back what a climb had taken before.

    `energy`: from end to end, negative where more comes back. `need`: the most that has been taken at any point of
    it, so the least charge to begin with. `drop`: the most that is taken from any point to the end: who arrives at
    that point with a full battery has at most `full - drop` at the end. `fall`: the most between any two points.
    """

    energy: float = 0.0
    need: float = 0.0
    drop: float = 0.0
    fall: float = 0.0

    @classmethod
    def of(cls, energies: Sequence[float] | NDArray[np.float64]) -> "Draw":
        """Of a way's pieces in order."""
        level = np.concatenate(([0.0], np.cumsum(energies)))
        lowest = np.minimum.accumulate(level)
        return cls(float(level[-1]), float(level.max()), float(level[-1] - lowest[-1]), float(np.max(level - lowest)))

    def then(self, other: "Draw") -> "Draw":
        """Of both ways one after the other."""
        return Draw(
            self.energy + other.energy,
            max(self.need, self.energy + other.need),
            max(other.energy + self.drop, other.drop),
            max(self.fall, other.fall, self.drop + other.need),
        )

    def arrival(self, departure: float, full: float) -> float:
        """Charge at the end."""
        return min(departure - self.energy, full - self.drop)


@dataclass(frozen=True)
class Way:
    """One way of driving from a point to another. Points: 0 is the start, -1 the destination, else a station."""

    start: int
    end: int
    time_s: float
    draw: Draw
    kind: int = 0  # which of the ways between the two; the caller's own number


@dataclass(frozen=True)
class Station:
    """A place to charge."""

    curve: Curve
    overhead_s: float = 0.0  # for the queue, plugging in and paying
    cost_s: float = 0.0  # how much longer a trip may take rather than stop here; counts in the choice, not in the time


@dataclass(frozen=True)
class Table:
    """All that can be chosen from. Stations are numbered from 1: `stations[n - 1]` is point n."""

    charge: float  # at the start
    full: float
    least: float  # never gone below on the way
    reserve: float  # at the destination
    stations: Sequence[Station]
    ways: Sequence[Way]

    def __post_init__(self) -> None:
        known = range(-1, len(self.stations) + 1)
        if any(way.start not in known or way.end not in known for way in self.ways):
            raise ValueError("a way leads to a station that is not in the table")


@dataclass(frozen=True)
class Stay:
    """A charging stop of a choice."""

    station: int
    arrival_s: float
    arrival: float
    departure: float
    charging_s: float


@dataclass(frozen=True)
class Choice:
    """The quickest: `len(ways) == len(stays) + 1`."""

    ways: tuple[Way, ...]
    stays: tuple[Stay, ...]
    time_s: float  # driving, overheads and charging
    cost_s: float  # the same with what was to be avoided
    arrival: float


@dataclass(order=True)
class _Label:
    rank: float  # cost so far and a lower bound of the rest
    cost: float
    time: float = field(compare=False)
    point: int = field(compare=False)
    charge: float = field(compare=False)
    way: Way | None = field(compare=False, default=None)
    departure: float = field(compare=False, default=0.0)  # with which `way` was begun
    before: "_Label | None" = field(compare=False, default=None)


def choose(table: Table) -> Choice | None:
    """The least costly choice that keeps `least` on the way and `reserve` at the end; None where there is none."""
    leaving: dict[int, list[Way]] = {}
    for way in table.ways:
        if way.draw.fall <= table.full - table.least + _EXACT:
            leaving.setdefault(way.start, []).append(way)
    rest = _rest(table)
    if 0 not in rest:
        return None
    reached: dict[int, list[tuple[float, float]]] = {}
    corners: dict[int, list[float]] = {}
    heap = [_Label(rest[0], 0.0, 0.0, 0, table.charge)]
    while heap:
        label = heapq.heappop(heap)
        if label.point == -1:
            return _choice(table, label)
        if label.point > 0:
            curve = table.stations[label.point - 1].curve
            others = reached.setdefault(label.point, [])
            if _needless(curve, label, others):
                continue
            others.append((label.cost, label.charge))
        for way in leaving.get(label.point, ()):
            if way.end in rest:
                for departure in _departures(table, label, way, corners):
                    _reach(table, label, way, departure, rest[way.end], heap)
    return None


def _reach(table: Table, label: _Label, way: Way, departure: float, rest: float, heap: list[_Label]) -> None:
    """Put what `way` leads to on the heap."""
    time, cost = label.time + way.time_s, label.cost + way.time_s
    if label.point > 0:
        station = table.stations[label.point - 1]
        charging = station.curve.time(label.charge, departure) + station.overhead_s
        time += charging
        cost += charging + station.cost_s
    arrival = way.draw.arrival(departure, table.full)
    heapq.heappush(heap, _Label(cost + rest, cost, time, way.end, arrival, way, departure, label))


def _departures(table: Table, label: _Label, way: Way, corners: dict[int, list[float]]) -> list[float]:
    """The charges with which it can be best to begin `way`."""
    lowest = way.draw.need + table.least
    if way.end == -1:
        if table.full - way.draw.drop < table.reserve - _EXACT:
            return []
        lowest = max(lowest, way.draw.energy + table.reserve)
    else:
        lowest = max(lowest, way.draw.energy + table.least)
    if label.point == 0:
        return [label.charge] if label.charge >= lowest - _EXACT else []
    curve = table.stations[label.point - 1].curve
    first = max(lowest, label.charge)
    if first > max(label.charge, min(curve.most, table.full)) + _EXACT:
        return []
    if way.end == -1:
        return [first]
    others = corners.get(id(way))
    if others is None:
        others = corners[id(way)] = _minima(curve, table.stations[way.end - 1].curve, way.draw, lowest, table.full)
    return [first, *(charge for charge in others if charge > first)]


def _minima(here: Curve, there: Curve, draw: Draw, lowest: float, full: float) -> list[float]:
    """Departure charges above `lowest` at which charging more here begins to cost more than it saves there."""
    if here is there and here.slows and draw.energy >= 0.0:
        return []  # the emptier, the quicker: charge here no more than must be
    most = min(here.most, full)
    places = np.concatenate((here.charge, there.charge + draw.energy, [lowest, most]))
    places = np.unique(places[(places >= lowest) & (places <= most)])
    if len(places) < 2:
        return []
    arrivals = np.minimum(places - draw.energy, full - draw.drop)
    total = np.interp(places, here.charge, here.seconds) - np.interp(arrivals, there.charge, there.seconds)
    rises = np.append(np.diff(total) > 0.0, True)
    falls = np.concatenate(([False], np.diff(total) <= 0.0))
    return [float(place) for place in places[rises & falls]]


def _needless(curve: Curve, label: _Label, others: list[tuple[float, float]]) -> bool:
    """Whether somebody else at this station can do all that `label` can, no later."""
    own = curve.at(label.charge)
    for cost, charge in others:
        behind = 0.0 if charge >= label.charge else own - curve.at(charge)
        if cost + behind <= label.cost and (charge >= label.charge or label.charge <= curve.most):
            return True
    return False


def _rest(table: Table) -> dict[int, float]:
    """The least driving time from each point to the destination, as if the battery were endless."""
    arriving: dict[int, list[Way]] = {}
    for way in table.ways:
        arriving.setdefault(way.end, []).append(way)
    rest: dict[int, float] = {}
    heap = [(0.0, -1)]
    while heap:
        time, point = heapq.heappop(heap)
        if point in rest:
            continue
        rest[point] = time
        for way in arriving.get(point, ()):
            stop = table.stations[way.start - 1] if way.start > 0 else None
            more = way.time_s + (stop.overhead_s + stop.cost_s if stop else 0.0)
            heapq.heappush(heap, (time + more, way.start))
    return rest


def _choice(table: Table, last: _Label) -> Choice:
    ways: list[Way] = []
    stays: list[Stay] = []
    label = last
    while label.before is not None and label.way is not None:
        ways.append(label.way)
        before = label.before
        if before.point > 0:
            curve = table.stations[before.point - 1].curve
            charging = curve.time(before.charge, label.departure)
            stays.append(Stay(before.point, before.time, before.charge, label.departure, charging))
        label = before
    return Choice(tuple(reversed(ways)), tuple(reversed(stays)), last.time, last.cost, last.charge)
