"""The route that is followed, laid out over its length: where it runs, how fast it is driven, what it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from alpenglow.navigation.energy.model import Driven
from alpenglow.navigation.energy.speeds import Pace, SpeedProfile, profile
from alpenglow.navigation.guidance.geometry import METRES_PER_DEGREE, bearing
from alpenglow.navigation.roads.graph import Floats, Ints, Roads
from alpenglow.navigation.roads.paths import Line, Path

_NOTHING_M = 0.01  # between two points that are one


@dataclass(frozen=True)
class Way:
    """A route in legs, from one stop to the next. Distances are metres from its start, over all legs."""

    lat: Floats  # of its points
    lon: Floats
    distance_m: Floats
    height_m: Floats
    edge: Ints  # of `roads` (base edges), from each point on
    speed_ms: Floats
    limit_kmh: Ints  # 0: unknown
    tunnel: NDArray[np.bool_]
    time_s: Floats  # driving alone
    energy_j: Floats  # out of the battery's content since the start, charging not counted
    ends: list[float]  # where each leg ends; the last is the length
    vias: list[float]  # where via points are passed
    starts: dict[int, list[tuple[float, float]]]  # edge → (metres where it begins, its length), each time it is used

    @property
    def length_m(self) -> float:
        """The whole of it."""
        return self.ends[-1]

    def place(self, at: float) -> tuple[float, float]:
        """Latitude and longitude."""
        return float(np.interp(at, self.distance_m, self.lat)), float(np.interp(at, self.distance_m, self.lon))

    def seconds(self, at: float) -> float:
        """Seconds of driving from the start."""
        return float(np.interp(at, self.distance_m, self.time_s))

    def joules(self, at: float) -> float:
        """Energy from the start."""
        return float(np.interp(at, self.distance_m, self.energy_j))

    def heading(self, at: float) -> float:
        """Degrees from north in which it runs."""
        i = int(np.searchsorted(self.distance_m, at, side="right"))
        i = min(max(i, 1), len(self.distance_m) - 1)
        while i > 1 and self.distance_m[i] - self.distance_m[i - 1] < _NOTHING_M:
            i -= 1
        return bearing(self.lat[i - 1], self.lon[i - 1], self.lat[i], self.lon[i])

    def edge_at(self, at: float) -> int:
        """The edge that is driven there."""
        i = int(np.searchsorted(self.distance_m, at, side="right")) - 1
        return int(self.edge[min(max(i, 0), len(self.edge) - 1)])

    def locate(self, edge: int, along: float, near: float, back_m: float, ahead_m: float) -> float | None:
        """Metres of a place on an edge, the first from `near - back_m` on; None where it is not on the way ahead."""
        for start, length in self.starts.get(edge, ()):
            at = min(max(0.0, start + along * length), self.length_m)
            if near - back_m <= at <= near + ahead_m:
                return at
        return None

    def nearest(self, lat: float, lon: float, begin: float, end: float) -> tuple[float, float]:
        """The place of the way between two that is nearest to a position: its metres, and how far off it is."""
        first = max(0, int(np.searchsorted(self.distance_m, begin)) - 1)
        last = min(len(self.distance_m), int(np.searchsorted(self.distance_m, end)) + 2)
        x, y = self._flat[0][first:last], self._flat[1][first:last]
        px, py = lon * METRES_PER_DEGREE * self._across, lat * METRES_PER_DEGREE
        if len(x) < 2:
            return float(self.distance_m[first]), float(np.hypot(px - x[0], py - y[0]))
        dx, dy = np.diff(x), np.diff(y)
        square = np.maximum(dx * dx + dy * dy, 1e-9)
        share = np.clip(((px - x[:-1]) * dx + (py - y[:-1]) * dy) / square, 0.0, 1.0)
        off = np.hypot(px - x[:-1] - share * dx, py - y[:-1] - share * dy)
        i = int(np.argmin(off))
        steps = np.diff(self.distance_m[first:last])
        return float(self.distance_m[first + i] + share[i] * steps[i]), float(off[i])

    @cached_property
    def _across(self) -> float:
        return float(np.cos(np.radians(np.mean(self.lat))))

    @cached_property
    def _flat(self) -> tuple[Floats, Floats]:
        return self.lon * METRES_PER_DEGREE * self._across, self.lat * METRES_PER_DEGREE


class Piece(Protocol):
    """A path as it is driven from standing to standing."""

    @property
    def path(self) -> Path: ...
    @property
    def line(self) -> Line: ...
    @property
    def profile(self) -> SpeedProfile: ...
    @property
    def driven(self) -> Driven: ...


def lay(roads: Roads, legs: Sequence[Sequence[Piece]]) -> Way:
    """The way over the pieces of each leg."""
    parts: list[tuple[NDArray[Any], ...]] = []
    ends: list[float] = []
    vias: list[float] = []
    starts: dict[int, list[tuple[float, float]]] = {}
    metres = seconds = joules = 0.0
    for pieces in legs:
        for piece in pieces:
            drive = piece.profile
            edges = roads.base[drive.edge].astype(np.int64)
            distance, time = drive.distance_m + metres, drive.time_s + seconds
            taken = np.concatenate(([0.0], np.cumsum(piece.driven.energy_j))) + joules
            _note(starts, roads, piece.path, edges, distance)
            parts.append(
                (
                    *(drive.lat, drive.lon, distance, drive.height_m, edges),
                    *(drive.speed_ms, drive.limit_kmh, drive.tunnel, time, taken),
                )
            )
            metres, seconds, joules = float(distance[-1]), float(time[-1]), float(taken[-1])
            vias.append(metres)
        ends.append(vias.pop())
    lat, lon, distance, height, edge, speed, limit, tunnel, time, taken = map(np.concatenate, zip(*parts, strict=True))
    return Way(
        *(lat, lon, distance, height, edge, speed, limit, tunnel, time, taken), ends=ends, vias=vias, starts=starts
    )


def free_seconds(roads: Roads, legs: Sequence[Sequence[Piece]], pace: Pace) -> Floats:
    """Seconds of driving from the start to each point of the way over `legs`, were all roads free."""
    parts: list[Floats] = []
    seconds = 0.0
    for pieces in legs:
        for piece in pieces:
            parts.append(profile(roads, piece.path, piece.line, pace).time_s + seconds)
            seconds = float(parts[-1][-1])
    return np.concatenate(parts)


def _note(
    starts: dict[int, list[tuple[float, float]]], roads: Roads, path: Path, edges: Ints, distance: Floats
) -> None:
    """Where each edge of a piece begins; the first begins before the piece does."""
    first = np.concatenate(([0], np.flatnonzero(np.diff(edges)) + 1))
    for i in first.tolist():
        length = float(roads.length_m[edges[i]])
        begin = float(distance[i]) - (path.start_along * length if i == 0 else 0.0)
        starts.setdefault(int(edges[i]), []).append((begin, length))
