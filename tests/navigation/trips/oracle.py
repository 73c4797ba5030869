"""A search for the best trip that leaves nothing out, against which the planner is measured, and a driver of its plans.

It knows every station, many more ways between two places than the planner asks for, each priced exactly with its own
speed profile, and tries every half per cent of charge as a departure charge at every station. It shares the model of
roads and car with the planner, and no code of its search.
"""

import heapq
import math
from dataclasses import replace

import numpy as np

from alpenglow.navigation.energy.model import Conditions
from alpenglow.navigation.roads.paths import NoPath
from alpenglow.navigation.roads.snapping import Snap
from alpenglow.navigation.trips.charging import Curves
from alpenglow.navigation.trips.legs import KWH, Pricing
from alpenglow.navigation.trips.plan import Planned
from alpenglow.navigation.trips.planner import Planner
from alpenglow.navigation.trips.pool import Candidate
from alpenglow.navigation.trips.stops import Draw

STEP = 0.1  # per cent
_BIN = 25.0  # per cent of charge from one exact price of a way to the next; straight between them
_TRADES = (0.0, 0.3, 1.0, 3.0)  # how much a joule is worth, over the time in which a station gives it; and energy alone


class Exhaustive:
    """One car's best trips."""

    def __init__(self, planner: Planner, conditions: Conditions, charging_w: float) -> None:
        self.conditions = conditions
        self.full = planner.full
        self.curves: Curves = planner.curves(conditions.outside_c)
        self.pricing = Pricing(planner.roads, planner.network, planner.model, conditions, "fastest", None, charging_w)
        time, _, frugal = self.pricing.weights
        self.pricing.weights = [*(time + trade * frugal / charging_w for trade in _TRADES), frugal]
        self.battery_c = conditions.cells_c
        self._prices: dict[tuple[Snap, Snap, int], list[tuple[float, Draw]]] = {}
        self._anchors: dict[tuple[Snap, Snap, int], list[tuple[float, tuple[float, ...]]]] = {}

    def ways(self, start: Snap, end: Snap, level: int) -> list[tuple[float, Draw]]:
        """Every way between two places when begun at a level: seconds and per cent of charge."""
        key = (start, end, level)
        if key not in self._prices:
            low = min(int(level * STEP / _BIN), int(100.0 / _BIN) - 1)
            share = level * STEP / _BIN - low
            self._prices[key] = [
                (time, Draw(*((1.0 - share) * np.array(a) + share * np.array(b)).tolist()))
                for (time, a), (_, b) in zip(self._at(start, end, low), self._at(start, end, low + 1), strict=True)
            ]
        return self._prices[key]

    def _at(self, start: Snap, end: Snap, anchor: int) -> list[tuple[float, tuple[float, ...]]]:
        """The same at a charge for which they are priced exactly."""
        key = (start, end, anchor)
        if key not in self._anchors:
            found: dict[tuple[int, ...], tuple[float, tuple[float, ...]]] = {}
            for kind in self.pricing.kinds:
                try:
                    paths = self.pricing.paths(kind, (start, end))
                except NoPath:
                    break
                edges = tuple(paths[0].edges.tolist())
                if edges not in found:
                    priced = self.pricing.price(kind, (start, end), anchor * _BIN, self.battery_c, False)
                    d = priced.draw
                    percent = tuple(v * 100.0 / self.full for v in (d.energy, d.need, d.drop, d.fall))
                    found[edges] = (priced.time_s, percent)
            self._anchors[key] = list(found.values())
        return self._anchors[key]

    def best(
        self, start: Snap, end: Snap, stations: list[Candidate], charge: float, least: float, reserve: float, up: bool
    ) -> float | None:
        """Cost of the best trip in seconds; None where there is none. Charges in per cent.

        `up`: charges on arrival are rounded up instead of down, so that no trip can be better than this.
        """
        rounded = (lambda v: math.ceil(v / STEP - 1e-9)) if up else (lambda v: math.floor(v / STEP + 1e-9))
        top = int(100.0 / STEP)
        seconds = [self._seconds(station) for station in stations]
        best: dict[tuple[int, int, bool], float] = {}
        # Place, level, and whether the car is plugged in: charging goes on by one level at a time.
        heap = [(0.0, 0, rounded(charge), True)]
        while heap:
            cost, place, level, plugged = heapq.heappop(heap)
            if best.get((place, level, plugged), math.inf) <= cost:
                continue
            best[place, level, plugged] = cost
            if place == -1:
                return cost
            here = start if place == 0 else stations[place - 1].snap
            if place and not plugged:
                station = stations[place - 1]
                heapq.heappush(heap, (cost + station.overhead_s + station.cost_s, place, level, True))
                continue
            if place and level < top:
                more = seconds[place - 1][level + 1] - seconds[place - 1][level]
                if math.isfinite(more):
                    heapq.heappush(heap, (cost + more, place, level + 1, True))
            percent, slack = level * STEP, STEP if up else 0.0
            for there in range(-1, len(stations) + 1):
                if there in (0, place):
                    continue
                target = end if there == -1 else stations[there - 1].snap
                kept = reserve if there == -1 else least
                for time, draw in self.ways(here, target, level):
                    arrival = min(percent - draw.energy, 100.0 - draw.drop)
                    if min(percent - draw.need, 100.0 - draw.fall) >= least - slack and arrival >= kept - slack:
                        state = (there, min(top, rounded(arrival)), False)
                        if cost + time < best.get(state, math.inf):
                            heapq.heappush(heap, (cost + time, *state))
        return None

    def _seconds(self, station: Candidate) -> list[float]:
        """From empty to each level."""
        curve = self.curves.at(station.station, self.battery_c)
        levels = np.arange(int(100.0 / STEP) + 1) * STEP / 100.0 * self.full
        return [curve.at(float(level)) if level <= curve.most + 1e-9 else math.inf for level in levels]


def lowest(planner: Planner, planned: Planned) -> tuple[float, float]:
    """Drive a plan with the model, from its first charge on, with nothing rounded.

    Returns by how many per cent the charge stays above what must be kept, on the way and at the destination.
    """
    assert planned.found is not None
    options = planned.request.options
    conditions = planned.conditions
    charge, battery_c = conditions.charge_pct, conditions.cells_c
    margin = math.inf
    for number, leg in enumerate(planned.found.legs):
        if number:
            stay = planned.found.stays[number - 1]
            target = 100.0 * stay.departure / planner.full
            _, battery_c = planner.curves(conditions.outside_c).time(stay.candidate.station, battery_c, charge, target)
            charge = max(charge, target)
        for piece in leg.pieces:
            now = replace(conditions, charge_pct=charge, battery_c=battery_c)
            driven = planner.model.along(piece.profile, now)
            left = charge - 100.0 * np.cumsum(driven.energy_j) / KWH / planner.full
            margin = min(margin, float(left.min()) - options.least)
            charge, battery_c = min(100.0, float(left[-1])), driven.battery_c
    return margin, charge - options.reserve
