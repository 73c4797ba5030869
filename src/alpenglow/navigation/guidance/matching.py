"""Which road the car is on: a few guesses at a time, each a place on an edge, weighed as positions come in.

A hidden Markov model in the small (Newson and Krumm, 2009, "Hidden Markov map matching through noise and sparseness"):
a guess is good that lies near the position, points where the car points, and is as far along the roads from the guess
before as the wheels have turned. Without a position the guesses roll on along their roads.
"""

import heapq
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from alpenglow.navigation.guidance.geometry import bearing, turn
from alpenglow.navigation.roads.graph import Roads
from alpenglow.navigation.roads.snapping import Snap, Snapper

_GUESSES = 8
_WORST = 12.0  # behind the best, in natural-log likelihood
_SIGMA_M = 6.0  # of a position, at least
_HEADING_DEG = 25.0
_SLOW_HEADING_DEG = 70.0  # of a receiver that hardly moves
_HEADING_MOST = 8.0
_ALONG_M = 6.0  # of the way between two positions
_ALONG_SHARE = 0.1
_UNCONNECTED = 7.0
_TURNED_ROUND = 4.0
_FADES = 0.85  # of what was known, per update
_ON_ROUTE = 2.0
_NEAR_M = 30.0
_STILL_M = 0.3


@dataclass(frozen=True)
class Match:
    """A place on a road."""

    edge: int
    along: float  # 0 at the edge's start … 1 at its end
    lat: float
    lon: float
    heading: float  # the road's, degrees from north
    off_m: float  # from the position to the road
    rivals: float  # how much worse the next guess on another road is, in natural-log likelihood


class Matcher:
    """Follows the car over the roads."""

    def __init__(self, roads: Roads, snapper: Snapper) -> None:
        self._roads, self._snapper = roads, snapper
        order = np.argsort(roads.start, kind="stable")
        self._out = order.astype(np.int64)
        self._first = np.searchsorted(roads.start[order], np.arange(roads.nodes + 1))
        self._guesses: list[tuple[float, int, float]] = []  # cost, edge, along
        self._match: Match | None = None
        self.following = lru_cache(maxsize=4096)(self._following)

    def forget(self) -> None:
        """The car may be anywhere."""
        self._guesses.clear()
        self._match = None

    def begin(self, edge: int, along: float) -> Match:
        """The car is known to be here."""
        self._guesses = [(0.0, edge, along)]
        self._match = self._at(edge, along, 0.0, _WORST)
        return self._match

    def see(
        self,
        lat: float,
        lon: float,
        heading: float | None,
        accuracy_m: float,
        moved_m: float,
        route: Container[int] = frozenset(),
        slow: bool = False,
    ) -> Match | None:
        """The road after the car went `moved_m` and the receiver says this; None where there is no road near.

        `route`: the edges that the car is expected on; `slow`: too slow for the receiver to be sure of `heading`.
        """
        if moved_m < _STILL_M and self._match is not None:
            return self._match
        sigma = max(_SIGMA_M, accuracy_m)
        near = self._snapper.near(lat, lon, max(_NEAR_M, 3.0 * sigma), 0.0 if heading is None else heading)
        before = [
            (cost * _FADES, edge, along, self._reach(edge, along, moved_m)) for cost, edge, along in self._guesses
        ]
        found: dict[int, tuple[float, Snap]] = {}
        for snap in near:
            cost = 0.5 * (snap.distance_m / sigma) ** 2
            if heading is not None:
                off = turn(self.heading(snap.edge, snap.along), heading) / (_SLOW_HEADING_DEG if slow else _HEADING_DEG)
                cost += min(_HEADING_MOST, 0.5 * off * off)
            if snap.edge in route:
                cost -= _ON_ROUTE
            if before:
                cost += min(c + self._step(e, a, reach, snap, moved_m) for c, e, a, reach in before)
            if snap.edge not in found or cost < found[snap.edge][0]:
                found[snap.edge] = (cost, snap)
        ranked = sorted(found.values(), key=lambda each: each[0])[:_GUESSES]
        if not ranked:
            self.forget()
            return None
        best, snap = ranked[0]
        self._guesses = [(cost - best, s.edge, s.along) for cost, s in ranked if cost - best < _WORST]
        twin = int(self._roads.twin[snap.edge])
        rivals = next((cost - best for cost, s in ranked[1:] if s.edge != twin), _WORST)
        self._match = self._at(snap.edge, snap.along, snap.distance_m, rivals)
        return self._match

    def roll(self, moved_m: float, heading: float | None = None, route: Container[int] = frozenset()) -> Match | None:
        """The road after the car went `moved_m` and nothing else is known; None where nothing was known before."""
        if self._match is None:
            return None
        edge, along = self._match.edge, self._match.along
        length = float(self._roads.length_m[edge])
        left = max(0.0, moved_m)
        while left > (1.0 - along) * length:
            left -= (1.0 - along) * length
            onward = self._onward(edge, heading, route)
            if onward is None:
                along, left = 1.0, 0.0
                break
            edge, along, length = onward, 0.0, float(self._roads.length_m[onward])
        along = min(1.0, along + left / length) if length > 0.0 else 1.0
        self._guesses = [(0.0, edge, along)]
        self._match = self._at(edge, along, 0.0, _WORST)
        return self._match

    def heading(self, edge: int, along: float) -> float:
        """Where the road points at a place of it."""
        roads = self._roads
        points = roads.points(edge)
        place = along * float(roads.distance_m[points.stop - 1])
        i = int(np.searchsorted(roads.distance_m[points], place, side="right"))
        i = min(max(i, 1), points.stop - points.start - 1) + points.start
        return bearing(roads.lat[i - 1], roads.lon[i - 1], roads.lat[i], roads.lon[i])

    def place(self, edge: int, along: float) -> tuple[float, float]:
        """Latitude and longitude of a place on a road."""
        roads = self._roads
        points = roads.points(edge)
        distance = roads.distance_m[points]
        at = along * float(distance[-1])
        return float(np.interp(at, distance, roads.lat[points])), float(np.interp(at, distance, roads.lon[points]))

    def _following(self, edge: int) -> tuple[int, ...]:
        node = int(self._roads.end[edge])
        edges = self._out[self._first[node] : self._first[node + 1]]
        return tuple(int(self._roads.base[e]) for e in edges)

    def _onward(self, edge: int, heading: float | None, route: Container[int]) -> int | None:
        """The edge that the car takes after this one: the route's, else the one that goes on most nearly."""
        choices = [e for e in self.following(edge) if e != int(self._roads.twin[edge])]
        if not choices:
            return None
        planned = [e for e in choices if e in route]
        wanted = self.heading(edge, 1.0) if heading is None else heading
        return min(planned or choices, key=lambda e: abs(turn(wanted, self.heading(e, 0.0))))

    def _reach(self, edge: int, along: float, moved_m: float) -> dict[int, float]:
        """Edges that can have been reached, with the metres from here to their start."""
        length = float(self._roads.length_m[edge])
        most = 1.5 * moved_m + 60.0
        reached: dict[int, float] = {}
        heap = [((1.0 - along) * length, e) for e in self.following(edge)]
        heapq.heapify(heap)
        while heap:
            at, e = heapq.heappop(heap)
            if e in reached or at > most:
                continue
            reached[e] = at
            onward = at + float(self._roads.length_m[e])
            if onward <= most:
                for following in self.following(e):
                    if following not in reached:
                        heapq.heappush(heap, (onward, following))
        return reached

    def _step(self, edge: int, along: float, reach: dict[int, float], snap: Snap, moved_m: float) -> float:
        """What it costs to believe that the car went from one guess to another."""
        length = float(self._roads.length_m[snap.edge])
        sigma = _ALONG_M + _ALONG_SHARE * moved_m
        best = _UNCONNECTED
        if snap.edge == edge:
            best = abs((snap.along - along) * length - moved_m) / sigma
        elif snap.edge == int(self._roads.twin[edge]):
            best = _TURNED_ROUND
        if snap.edge in reach:
            best = min(best, abs(reach[snap.edge] + snap.along * length - moved_m) / sigma)
        return min(best, _UNCONNECTED)

    def _at(self, edge: int, along: float, off_m: float, rivals: float) -> Match:
        lat, lon = self.place(edge, along)
        return Match(edge, along, lat, lon, self.heading(edge, along), off_m, rivals)
