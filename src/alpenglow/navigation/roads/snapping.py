"""The road nearest to a place."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from alpenglow.navigation.roads import geometry
from alpenglow.navigation.roads.graph import FERRY, Floats, Ints, Roads

_OFF_COURSE_M = 60.0  # a road that runs the wrong way counts as so much farther away, one across as half of it
_ISLAND_M = 150.0  # and one that the rest of the network cannot reach
_REACH_M = 20.0  # from a segment's middle to its end, and a little


@dataclass(frozen=True)
class Snap:
    """A place on a road. A journey may set off both ways along it unless `both` is False."""

    edge: int
    along: float  # 0 at the edge's start … 1 at its end
    lat: float  # of the place on the road
    lon: float
    distance_m: float  # from what was asked for to the road
    both: bool = True


class Snapper:
    """Finds roads by place; made once per region."""

    def __init__(self, roads: Roads) -> None:
        self._roads = roads
        index = np.arange(roads.edges)
        kept = (roads.base == index) & ((roads.flags & FERRY) == 0)
        counts = np.diff(roads.offset) - 1
        edge = np.repeat(index, counts)
        first = np.arange(len(edge)) + edge  # each edge has one segment fewer than points
        mask = kept[edge] & ((roads.twin[edge] < 0) | (roads.twin[edge] > edge))
        self._edge: Ints = edge[mask]
        self._first: Ints = first[mask]
        self._main = (roads.component[roads.start] == 0) & (roads.component[roads.end] == 0)
        middle_lat = (roads.lat[self._first] + roads.lat[self._first + 1]) / 2
        middle_lon = (roads.lon[self._first] + roads.lon[self._first + 1]) / 2
        self._tree = cKDTree(_places(middle_lat, middle_lon))

    def nearest(
        self, lat: float, lon: float, heading: float | None = None, limit_m: float = 1000.0, main: bool = True
    ) -> Snap | None:
        """The road nearest to a place, None where none is within `limit_m`.

        `heading` (degrees): a road that runs that way is preferred, and the journey goes on that way. `main`: so is
        one that the rest of the network can reach.
        """
        found, _ = self._tree.query(
            _places(np.array([lat]), np.array([lon]))[0], distance_upper_bound=limit_m + _REACH_M
        )
        if not np.isfinite(found):
            return None
        wider = _OFF_COURSE_M if heading is not None else 0.0
        if main:
            wider = max(wider, _ISLAND_M)
        choices = self.near(lat, lon, min(found + _REACH_M + wider, limit_m), heading)
        if main:
            choices = [c for c in choices if self._main[c.edge]] + [
                _farther(c, _ISLAND_M) for c in choices if not self._main[c.edge]
            ]
        if heading is not None:
            choices = [_farther(c, self._off_course(c, heading)) for c in choices]
        if not choices:
            return None
        best = min(choices, key=lambda c: c.distance_m)
        apart = geometry.distance(lat, lon, best.lat, best.lon)
        return Snap(best.edge, best.along, best.lat, best.lon, apart, heading is None)

    def near(self, lat: float, lon: float, radius_m: float, heading: float | None = None) -> list[Snap]:
        """Every road within `radius_m`, nearest first. With `heading`: in both directions, else in one of them."""
        hits = np.array(
            self._tree.query_ball_point(_places(np.array([lat]), np.array([lon]))[0], radius_m + _REACH_M), int
        )
        if not len(hits):
            return []
        roads, first = self._roads, self._first[hits]
        scale = np.cos(np.radians(lat))
        metres = np.radians(1.0) * geometry.EARTH_M
        ax, ay = (roads.lon[first] - lon) * scale * metres, (roads.lat[first] - lat) * metres
        bx, by = (roads.lon[first + 1] - lon) * scale * metres, (roads.lat[first + 1] - lat) * metres
        dx, dy = bx - ax, by - ay
        share = np.clip(-(ax * dx + ay * dy) / np.maximum(dx * dx + dy * dy, 1e-9), 0.0, 1.0)
        apart = np.hypot(ax + share * dx, ay + share * dy)
        snaps: list[Snap] = []
        seen: set[int] = set()
        for i in np.argsort(apart, kind="stable").tolist():
            edge, point = int(self._edge[hits[i]]), int(first[i])
            if apart[i] > radius_m:
                break
            if edge in seen:
                continue
            seen.add(edge)
            here = float(share[i])
            gone = float(roads.distance_m[point]) + here * float(roads.distance_m[point + 1] - roads.distance_m[point])
            along = gone / max(float(roads.length_m[edge]), 1e-3)
            at_lat = float(roads.lat[point] + here * (roads.lat[point + 1] - roads.lat[point]))
            at_lon = float(roads.lon[point] + here * (roads.lon[point + 1] - roads.lon[point]))
            snap = Snap(edge, min(1.0, along), at_lat, at_lon, float(apart[i]))
            snaps.append(snap)
            twin = int(roads.twin[edge])
            if heading is not None and twin >= 0:
                snaps.append(Snap(twin, 1.0 - snap.along, at_lat, at_lon, snap.distance_m))
        return snaps

    def _off_course(self, snap: Snap, heading: float) -> float:
        """Metres that `snap` counts as farther away, because of its direction."""
        roads = self._roads
        points = roads.points(snap.edge)
        at = np.searchsorted(roads.distance_m[points], snap.along * roads.length_m[snap.edge])
        i = points.start + min(max(1, int(at)), points.stop - points.start - 1)
        way = float(geometry.bearings(roads.lat[i - 1 : i + 1], roads.lon[i - 1 : i + 1])[0])
        return _OFF_COURSE_M * abs((way - heading + 180.0) % 360.0 - 180.0) / 180.0


def _farther(snap: Snap, more_m: float) -> Snap:
    return Snap(snap.edge, snap.along, snap.lat, snap.lon, snap.distance_m + more_m)


def _places(lat: Floats, lon: Floats) -> Floats:
    """Points in space, whose straight distances are those on the ground."""
    phi, lam = np.radians(lat), np.radians(lon)
    flat = np.cos(phi)
    return np.asarray(geometry.EARTH_M * np.stack((flat * np.cos(lam), flat * np.sin(lam), np.sin(phi)), axis=1))
