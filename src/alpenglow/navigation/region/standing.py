"""Where a simulated car stands in a map that does not hold its home: on an ordinary road in the middle."""

import numpy as np

from alpenglow.navigation.region.regions import Start
from alpenglow.navigation.roads import graph
from alpenglow.navigation.roads.graph import RoadClass, Roads

_NOT_ON = graph.FERRY | graph.TUNNEL | graph.BRIDGE | graph.PRIVATE | graph.UNPAVED | graph.LINK | graph.ROUNDABOUT
_LEAST_M = 40.0  # a road long enough to stand on


def standing_place(roads: Roads, middle: tuple[float, float]) -> Start | None:
    """The road nearest to `middle` (latitude, longitude) from which everything else can be reached, half way along."""
    lat, lon = middle
    ordinary = (roads.road_class >= RoadClass.SECONDARY) & (roads.road_class <= RoadClass.LIVING_STREET)
    fits = ordinary & ((roads.flags & _NOT_ON) == 0) & (roads.length_m >= _LEAST_M)
    fits &= roads.component[roads.start] == 0
    edges = np.flatnonzero(fits)
    if not len(edges):
        edges = np.flatnonzero(roads.component[roads.start] == 0)
    if not len(edges):
        return None
    halves = (roads.offset[edges] + roads.offset[edges + 1]) // 2
    halves = np.minimum(halves, roads.offset[edges + 1] - 2)  # a point with one after it
    east = np.cos(np.radians(lat)) * (roads.lon[halves] - lon)
    north = roads.lat[halves] - lat
    here = int(halves[np.argmin(east**2 + north**2)])
    return Start(
        latitude=round(float(roads.lat[here]), 7),
        longitude=round(float(roads.lon[here]), 7),
        altitude=round(float(roads.height[here]), 1) if roads.has_heights else 0.0,
        heading=round(_heading(roads, here), 1),
    )


def _heading(roads: Roads, here: int) -> float:
    """Degrees from north, to the next point."""
    north = roads.lat[here + 1] - roads.lat[here]
    east = (roads.lon[here + 1] - roads.lon[here]) * np.cos(np.radians(roads.lat[here]))
    return float(np.degrees(np.arctan2(east, north))) % 360.0
