"""Reported lines on the directed edges of a map, and what they make of the edges' speeds.

Rules that always hold:
- a line is driven from its first point to its last: the other carriageway and crossing roads stay as they are;
- where reports overlap the slowest counts, so another report never makes a road faster;
- a factor is of the time that a whole edge takes: with the share c of it at f of its speed, 1 / (1 − c + c / f).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from alpenglow.navigation.guidance.geometry import turn
from alpenglow.navigation.guidance.matching import Match, Matcher
from alpenglow.navigation.roads import geometry
from alpenglow.navigation.roads.graph import Floats, Roads
from alpenglow.navigation.roads.snapping import Snapper

_STEP_M = 10.0  # between two places of a line that are put on a road
_ACCURACY_M = 8.0  # of the line: maps of two makers differ by so much
_ASTRAY_DEG = 60.0  # a road that points so far elsewhere is not the line's
_WAVERED_M = 25.0  # seen on an edge for less, and then no more: a ramp or a crossing, unless it lies between others
_TO_ITS_END_M = 15.0  # a gap of so much to an edge's end is none


@dataclass(frozen=True)
class Piece:
    """A part of a directed edge, in metres from its start."""

    edge: int  # a base edge
    begin_m: float
    end_m: float


class Finder:
    """Puts lines on one map's roads. One thread may use it at a time."""

    def __init__(self, roads: Roads, snapper: Snapper) -> None:
        self._roads = roads
        self._matcher = Matcher(roads, snapper)

    def pieces(self, points: Sequence[tuple[float, float]]) -> list[Piece]:
        """The roads along a line of [longitude, latitude]; empty where there is none that runs its way."""
        lat, lon, heading, step = _resampled(points)
        matcher = self._matcher
        matcher.forget()
        runs: list[tuple[int, float, float]] = []  # edge, first and last place on it in metres
        for i in range(len(lat)):
            match = matcher.see(lat[i], lon[i], heading[i], _ACCURACY_M, step if i else 0.0)
            if match is None or abs(turn(match.heading, heading[i])) > _ASTRAY_DEG:
                continue
            self._note(runs, match)
        return self._joined(runs)

    def _note(self, runs: list[tuple[int, float, float]], match: Match) -> None:
        at = match.along * float(self._roads.length_m[match.edge])
        if runs and runs[-1][0] == match.edge and at >= runs[-1][1]:
            runs[-1] = (match.edge, runs[-1][1], max(runs[-1][2], at))
        else:
            runs.append((match.edge, at, at))

    def _joined(self, runs: list[tuple[int, float, float]]) -> list[Piece]:
        """What was seen as parts of edges: drawn out to the ends where the line went on, without what only wavered."""
        found: dict[int, tuple[float, float]] = {}
        wavered: list[Piece] = []
        for number, (edge, begin, end) in enumerate(runs):
            length = float(self._roads.length_m[edge])
            if number and (passed := self._between(runs[number - 1][0], edge)) is not None:
                found.setdefault(passed, (0.0, float(self._roads.length_m[passed])))
            before = number > 0 and self._leads(runs[number - 1][0], edge)
            after = number + 1 < len(runs) and self._leads(edge, runs[number + 1][0])
            if begin < _TO_ITS_END_M and before:
                begin = 0.0
            if length - end < _TO_ITS_END_M and after:
                end = length
            if end - begin < _WAVERED_M and not (before and after) and end - begin < 0.5 * length:
                wavered.append(Piece(edge, begin, end))
                continue
            low, high = found.get(edge, (begin, end))
            found[edge] = (min(low, begin), max(high, end))
        kept = [Piece(edge, begin, end) for edge, (begin, end) in found.items() if end > begin]
        return kept or [each for each in wavered if each.end_m > each.begin_m]

    def _leads(self, edge: int, other: int) -> bool:
        """Whether `other` comes after `edge`, at once or over what no place of a line fell on."""
        return other in self._matcher.following(edge) or self._between(edge, other) is not None

    def _between(self, edge: int, other: int) -> int | None:
        """The edge that joins two, so short that no place of a line fell on it."""
        onward = self._matcher.following(edge)
        if edge == other or other in onward:
            return None
        short = [each for each in onward if float(self._roads.length_m[each]) < 2.0 * _STEP_M]
        return next((each for each in short if other in self._matcher.following(each)), None)

    def line(self, pieces: Sequence[Piece]) -> list[list[tuple[float, float]]]:
        """[longitude, latitude] along the roads, in as few lines as hang together."""
        lines: list[list[tuple[float, float]]] = []
        for piece in pieces:
            points = self._points(piece)
            if lines and geometry.distance(*lines[-1][-1][::-1], *points[0][::-1]) < 1.0:
                lines[-1] += points[1:]
            else:
                lines.append(points)
        return lines

    def _points(self, piece: Piece) -> list[tuple[float, float]]:
        roads, at = self._roads, self._roads.points(piece.edge)
        metres = roads.distance_m[at].astype(float)
        inner = metres[(metres > piece.begin_m) & (metres < piece.end_m)]
        far = np.concatenate(([piece.begin_m], inner, [piece.end_m]))
        lon, lat = np.interp(far, metres, roads.lon[at]), np.interp(far, metres, roads.lat[at])
        return list(zip(lon.tolist(), lat.tolist(), strict=True))

    def length_m(self, pieces: Iterable[Piece]) -> float:
        """Of road."""
        return sum(piece.end_m - piece.begin_m for piece in pieces)

    def delay_s(self, pieces: Iterable[Piece], speed_factor: float) -> float:
        """How much longer they take than when they are free."""
        slower = 1.0 / speed_factor - 1.0
        speed = self._roads.speed_ms
        return sum(slower * (each.end_m - each.begin_m) / max(float(speed[each.edge]), 0.5) for each in pieces)


def factors(roads: Roads, slow: Iterable[tuple[float, Sequence[Piece]]]) -> Floats | None:
    """The factor on each edge's speed, from that of stretches and where they are; None where every road is free."""
    parts: dict[int, list[tuple[float, float, float]]] = {}
    for speed_factor, pieces in slow:
        if speed_factor < 1.0:
            for piece in pieces:
                parts.setdefault(piece.edge, []).append((piece.begin_m, piece.end_m, speed_factor))
    if not parts:
        return None
    factor = np.ones(roads.edges)
    for edge, slower in parts.items():
        factor[edge] = _factor(slower, float(roads.length_m[edge]))
    return np.asarray(factor[roads.base])


def _factor(parts: Sequence[tuple[float, float, float]], length_m: float) -> float:
    """Of a whole edge, parts of which are slow."""
    length_m = max(length_m, 1e-3)
    cuts = sorted({0.0, length_m, *(min(length_m, at) for begin, end, _ in parts for at in (begin, end))})
    taken = 0.0
    for low, high in pairwise(cuts):
        here = [factor for begin, end, factor in parts if begin <= low and high <= end]
        taken += (high - low) / min(here, default=1.0)
    return min(1.0, length_m / taken)


def _resampled(points: Sequence[tuple[float, float]]) -> tuple[list[float], list[float], list[float], float]:
    """Latitudes, longitudes and headings [degrees] of places a step [m] apart."""
    line = np.array(points, np.float64)
    lon, lat = line[:, 0], line[:, 1]
    gaps = geometry.distances(lat, lon)
    kept = np.concatenate(([True], gaps > 1e-6))
    lon, lat = lon[kept], lat[kept]
    far = np.concatenate(([0.0], np.cumsum(geometry.distances(lat, lon))))
    at = np.linspace(0.0, far[-1], max(2, round(far[-1] / _STEP_M) + 1))
    bearings = geometry.bearings(lat, lon)
    which = np.clip(np.searchsorted(far, at, side="right") - 1, 0, len(bearings) - 1)
    step = float(at[1] - at[0])
    return np.interp(at, far, lat).tolist(), np.interp(at, far, lon).tolist(), bearings[which].tolist(), step
