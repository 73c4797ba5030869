"""What it costs to go somewhere that lies along the route: there and on, instead of on.

The route's own stops and via points part it into stretches. A place is gone to from the beginning of the stretch that
it lies along, or from where the car is on it, and left for that stretch's end: two searches for all places of one.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from alpenglow.navigation.guidance.following import Following
from alpenglow.navigation.maps import OpenMap
from alpenglow.navigation.roads.graph import Floats
from alpenglow.navigation.roads.snapping import Snap
from alpenglow.navigation.search.corridor import Corridor

_NEAR_M = 300.0  # from a place to a road
_BESIDE_M = 3000.0  # from a place to the route


def detours(
    opened: OpenMap,
    weights: Floats,
    time_s: Floats,
    following: Following,
    places: Sequence[tuple[float, float]],
) -> list[float | None]:
    """Seconds that going to each place (latitude, longitude) costs; None where no road leads there and on.

    `weights`: the price of each edge under which ways are chosen; `time_s`: what it takes.
    """
    way, at = following.way, following.progress.at_m
    result: list[float | None] = [None] * len(places)
    points = following.points_ahead()
    if not places or len(points) < 2:
        return result
    first = max(0, int(way.distance_m.searchsorted(at)) - 1)
    lat, lon = np.array(places).T
    along, _ = Corridor(points, _BESIDE_M).places(lat, lon)
    where = float(way.distance_m[first]) + along
    cuts = [at, *(end for end in sorted({*way.ends, *way.vias}) if end > at + 1.0)]
    for begin, end in pairwise(cuts):
        last = end == cuts[-1]
        mine = [n for n in range(len(places)) if begin <= where[n] < end or (last and end <= where[n] < np.inf)]
        if mine:
            costs = _of_stretch(
                opened,
                weights,
                time_s,
                (_snap(opened, following, begin), _snap(opened, following, end)),
                [places[n] for n in mine],
            )
            for number, cost in zip(mine, costs, strict=True):
                result[number] = cost
    return result


def _of_stretch(
    opened: OpenMap,
    weights: Floats,
    time_s: Floats,
    ends: tuple[Snap | None, Snap | None],
    places: Sequence[tuple[float, float]],
) -> list[float | None]:
    start, end = ends
    snaps = [opened.snapper.nearest(*place, limit_m=_NEAR_M) for place in places]
    found = [snap for snap in snaps if snap is not None]
    if start is None or end is None or not found:
        return [None] * len(places)
    there = opened.network.one_to_many(start, [*found, end], weights, time_s)[:, 1]
    onward = opened.network.to_one(found, end, weights, time_s)
    costs = iter([float(a) + b - float(there[-1]) for a, b in zip(there[:-1], onward, strict=True)])
    told = [None if snap is None else next(costs) for snap in snaps]
    return [max(0.0, cost) if cost is not None and np.isfinite(cost) else None for cost in told]


def _snap(opened: OpenMap, following: Following, at_m: float) -> Snap | None:
    """The route's own road at a place of it; who is there goes on its way."""
    way = following.way
    lat, lon = way.place(at_m)
    return opened.snapper.nearest(lat, lon, way.heading(at_m), limit_m=_NEAR_M)
