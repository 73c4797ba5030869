"""From a map's ways to the graph.

1. Ways that cars may use are cut into *stretches* at junctions, lights, barriers and wherever a turn is restricted.
2. Their points are filled up to `SPACING_M` and get smooth heights.
3. Each stretch becomes an edge in each direction that may be driven; restricted turns make copies (`turns`).
4. Junctions, bends and limits give each point its free speed (`junctions`, `flow`).
"""

from collections import Counter
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from alpenglow.navigation.roads import flow, geometry
from alpenglow.navigation.roads.graph import (
    BRIDGE,
    BUILT_UP,
    SPACING_M,
    TUNNEL,
    Floats,
    Ints,
    RawRoads,
    RawWay,
    RoadClass,
    Roads,
    RoadsError,
)
from alpenglow.navigation.roads.heights import smooth
from alpenglow.navigation.roads.junctions import Junctions, junctions
from alpenglow.navigation.roads.tagging import Usage, usage
from alpenglow.navigation.roads.turns import copies

_TOWN_M = 150.0  # about a road's middle …
_TOWN_ROADS = 6  # … so many stretches of residential road make a town
# Slopes beyond are mistakes of the grid: about what the steepest roads of each kind have.
_STEEPEST = {
    RoadClass.MOTORWAY: 0.08,
    RoadClass.TRUNK: 0.10,
    RoadClass.PRIMARY: 0.12,
    RoadClass.SECONDARY: 0.13,
    RoadClass.TERTIARY: 0.15,
    RoadClass.TRACK: 0.22,
}


class Heights(Protocol):
    """Who knows how high the ground is."""

    def at(self, lat: Floats, lon: Floats) -> Floats:
        """m above the sea at each place; NaN where nobody knows."""
        ...


@dataclass
class _Chain:
    """A way with its filled-up points."""

    way: RawWay
    usage: Usage
    points: Ints  # ids of points
    corners: Ints  # index in `points` of each of the way's own nodes
    length: Floats  # m between points


@dataclass
class _Stretch:
    """Part of a chain from one node of the graph to the next."""

    chain: _Chain
    first: int  # index into the chain's points
    last: int
    start: int  # node of the graph
    end: int


class _Points:
    """All points of all chains, by id. A map's node is one point, wherever it is used."""

    def __init__(self) -> None:
        self.of_node: dict[int, int] = {}
        self.lat: list[float] = []
        self.lon: list[float] = []

    def add(self, lat: float, lon: float) -> int:
        self.lat.append(lat)
        self.lon.append(lon)
        return len(self.lat) - 1

    def chain(self, way: RawWay, usage: Usage) -> _Chain | None:
        """`way` filled up; None where it has no length."""
        gaps = geometry.distances(way.lat, way.lon)
        if not np.isfinite(gaps).all():
            return None
        ids: list[int] = []
        corners: list[int] = []
        for i, node in enumerate(way.nodes):
            point = self.of_node.get(node)
            if point is None:
                point = self.of_node[node] = self.add(float(way.lat[i]), float(way.lon[i]))
            if ids and ids[-1] == point:
                corners.append(len(ids) - 1)
                continue
            if i and (extra := int(gaps[i - 1] / SPACING_M)):
                for share in np.arange(1, extra + 1) / (extra + 1):
                    lat = way.lat[i - 1] + share * (way.lat[i] - way.lat[i - 1])
                    ids.append(self.add(float(lat), float(way.lon[i - 1] + share * (way.lon[i] - way.lon[i - 1]))))
            corners.append(len(ids))
            ids.append(point)
        if len(ids) < 2:
            return None
        points = np.array(ids)
        lat, lon = np.array([self.lat[p] for p in ids]), np.array([self.lon[p] for p in ids])
        return _Chain(way, usage, points, np.array(corners), geometry.distances(lat, lon))


def build_graph(raw: RawRoads, heights: Heights | None = None) -> Roads:
    """The graph of `raw`'s roads that a car may use; RoadsError where there is none."""
    points = _Points()
    chains = [
        chain
        for way in raw.ways
        if len(way.nodes) > 1 and (use := usage(way.tags)) and (chain := points.chain(way, use))
    ]
    if not chains:
        raise RoadsError("the map has no road that a car may use")
    lat, lon = np.array(points.lat), np.array(points.lon)
    ground = heights.at(lat, lon) if heights is not None else np.full(len(lat), np.nan)
    high = _heights(ground, chains, lat, lon)
    nodes, stretches = _cut(raw, chains)
    towns = _towns(stretches, lat, lon)
    edges = _Edges(stretches, towns, lat, lon, high)
    if not len(edges.start):
        raise RoadsError("the map has no road that a car may use")
    at = np.array([points.of_node[n] for n in nodes.map_node])
    crossings = junctions(
        edges.start,
        edges.end,
        edges.twin,
        edges.road_class,
        edges.flags,
        edges.cruise,
        edges.offset,
        edges.lat,
        edges.lon,
        np.array([n in raw.signals for n in nodes.map_node]),
    )
    return _roads(raw, nodes, edges, crossings, at, lat, lon, high, not bool(np.isnan(ground).all()))


def _heights(ground: Floats, chains: list[_Chain], lat: Floats, lon: Floats) -> Floats:
    if np.isnan(ground).all():
        return np.zeros(len(ground))
    spans = [bool((TUNNEL | BRIDGE) & c.usage.flags) for c in chains]
    steepest = [_STEEPEST.get(c.usage.road_class, 0.18) for c in chains]
    lengths = [c.length for c in chains]
    return smooth(ground, [c.points for c in chains], spans, steepest, lengths, _joins(chains, lat, lon))


def _joins(chains: list[_Chain], lat: Floats, lon: Floats) -> Ints:
    """(k, 3) points: before, at and after the place where one way goes on as another."""
    ends: dict[int, list[int]] = {}
    for chain in chains:
        p = chain.points
        ends.setdefault(int(p[0]), []).append(int(p[1]))
        ends.setdefault(int(p[-1]), []).append(int(p[-2]))
    joins: list[tuple[int, int, int]] = []
    for middle, others in ends.items():
        if not 2 <= len(others) <= 6:
            continue
        away = [float(geometry.bearings(lat[[middle, o]], lon[[middle, o]])[0]) for o in others]
        best = min(
            (abs(abs((away[i] - away[j] + 180.0) % 360.0 - 180.0) - 180.0), others[i], others[j])
            for i in range(len(others))
            for j in range(i)
        )
        if best[0] < 60.0 and best[1] != best[2]:
            joins.append((best[1], middle, best[2]))
    return np.array(joins, np.int64).reshape(-1, 3)


class _Nodes:
    """The graph's nodes; a barrier is as many nodes as ways end at it."""

    def __init__(self) -> None:
        self.map_node: list[int] = []
        self.of: dict[int, int] = {}

    def get(self, map_node: int, barrier: bool) -> int:
        if barrier or map_node not in self.of:
            self.of[map_node] = len(self.map_node)
            self.map_node.append(map_node)
        return self.of[map_node]


def _cut(raw: RawRoads, chains: list[_Chain]) -> tuple[_Nodes, list[_Stretch]]:
    uses: Counter[int] = Counter()
    for chain in chains:
        uses.update(chain.way.nodes)
        uses[chain.way.nodes[0]] += 1
        uses[chain.way.nodes[-1]] += 1
    cuts = raw.signals | raw.barriers | {via for _, via, _, _ in raw.restrictions}
    nodes, stretches = _Nodes(), []
    for chain in chains:
        way = chain.way
        since = 0
        start = nodes.get(way.nodes[0], way.nodes[0] in raw.barriers)
        for i in range(1, len(way.nodes)):
            node = way.nodes[i]
            if uses[node] < 2 and node not in cuts:
                continue
            first, last = int(chain.corners[since]), int(chain.corners[i])
            end = nodes.get(node, node in raw.barriers)
            if last > first:
                stretches.append(_Stretch(chain, first, last, start, end))
            since = i
            # What comes after a barrier begins at a node of its own.
            start = nodes.get(node, True) if node in raw.barriers and i + 1 < len(way.nodes) else end
    return nodes, stretches


def _towns(stretches: list[_Stretch], lat: Floats, lon: Floats) -> list[bool]:
    """Whether each stretch lies in a town: it is lit or has pavements, or there are residential roads all around."""
    middle = np.array([s.chain.points[(s.first + s.last) // 2] for s in stretches])
    scale = np.cos(np.radians(lat.mean()))
    places = np.stack((np.radians(lat[middle]), np.radians(lon[middle]) * scale), axis=1) * geometry.EARTH_M
    living = [s.chain.usage.road_class in (RoadClass.RESIDENTIAL, RoadClass.LIVING_STREET) for s in stretches]
    if not any(living):
        return [bool(s.chain.usage.flags & BUILT_UP) for s in stretches]
    around = cKDTree(places[np.array(living)]).query_ball_point(places, _TOWN_M, return_length=True)
    return [
        bool(s.chain.usage.flags & BUILT_UP) or n >= _TOWN_ROADS
        for s, n in zip(stretches, around.tolist(), strict=True)
    ]


class _Edges:
    """Directed edges with their points, before junctions and restricted turns."""

    def __init__(self, stretches: list[_Stretch], towns: list[bool], lat: Floats, lon: Floats, high: Floats) -> None:
        start, end, twin, road_class, flags, limit, cruise, way_id, names = ([] for _ in range(9))  # type: ignore[var-annotated]
        runs: list[Ints] = []
        for stretch, town in zip(stretches, towns, strict=True):
            use, way = stretch.chain.usage, stretch.chain.way
            points = stretch.chain.points[stretch.first : stretch.last + 1]
            for along in (True, False):
                if not (use.forward if along else use.backward):
                    continue
                allowed = use.limit_forward if along else use.limit_backward
                both = use.forward and use.backward
                twin.append(len(start) + (1 if along else -1) if both else -1)
                start.append(stretch.start if along else stretch.end)
                end.append(stretch.end if along else stretch.start)
                road_class.append(int(use.road_class))
                flags.append(use.flags | (BUILT_UP if town else 0))
                limit.append(allowed)
                cruise.append(_cruise(use, allowed, town, stretch.chain))
                way_id.append(way.id)
                names.append(use.name)
                runs.append(points if along else points[::-1])
        self.start, self.end, self.twin = np.array(start, int), np.array(end, int), np.array(twin, int)
        self.road_class, self.flags = np.array(road_class, int), np.array(flags, int)
        self.limit, self.cruise, self.way_id = np.array(limit, int), np.array(cruise, float), np.array(way_id, int)
        self.name_of: list[str] = names
        self.offset = np.concatenate(([0], np.cumsum([len(r) for r in runs]))).astype(np.int64)
        at = np.concatenate(runs) if runs else np.zeros(0, int)
        self.lat, self.lon, self.height = lat[at], lon[at], high[at]


def _cruise(use: Usage, limit: int, town: bool, chain: _Chain) -> float:
    """m/s on a straight stretch."""
    if use.duration_s:
        return max(0.5, float(chain.length.sum()) / use.duration_s)
    usual = use.usual_kmh[1 if town else 0]
    return min(float(limit) if limit else usual, use.most_kmh) / 3.6


def _roads(
    raw: RawRoads,
    nodes: _Nodes,
    edges: _Edges,
    crossings: Junctions,
    at: Ints,
    lat: Floats,
    lon: Floats,
    high: Floats,
    has_heights: bool,
) -> Roads:
    flags = edges.flags | crossings.flags
    first, last = edges.offset[:-1], edges.offset[1:] - 1
    gaps = geometry.distances(edges.lat, edges.lon)
    gaps[last[:-1]] = 1.0  # between one edge and the next
    far = np.concatenate(([0.0], np.cumsum(gaps)))
    counts = last - first + 1
    distance = far - np.repeat(far[first], counts)
    bends = geometry.bends(edges.lat, edges.lon, far, np.repeat(first, counts), np.repeat(last, counts))
    most = np.minimum(np.repeat(edges.cruise, counts), flow.bend_speed(bends))
    most[first] = np.minimum(most[first], crossings.entry)
    most[last] = np.minimum(most[last], crossings.exit)
    speed = flow.even_out_all(most, far, last)
    times = np.concatenate((flow.seconds(speed, far), [0.0]))
    times[last] = 0.0
    length = distance[last]
    turned = copies(edges.start, edges.end, edges.twin, edges.way_id, _restrictions(raw, nodes), len(nodes.map_node))
    base = turned.base
    index = {"": 0}
    name = np.array([index.setdefault(n, len(index)) for n in edges.name_of])
    run = np.concatenate([np.arange(edges.offset[e], edges.offset[e + 1]) for e in base.tolist()])
    plain = turned.plain
    network = coo_array((np.ones(len(base)), (turned.start, turned.end)), shape=(len(plain), len(plain)))
    return Roads(
        node_lat=lat[at][plain],
        node_lon=lon[at][plain],
        node_height=high[at][plain].astype(np.float32),
        node_speed=crossings.node[plain].astype(np.float32),
        plain=plain.astype(np.int32),
        component=_components(network),
        start=turned.start.astype(np.int32),
        end=turned.end.astype(np.int32),
        twin=np.where(np.arange(len(base)) == base, edges.twin[base], -1).astype(np.int32),
        base=base.astype(np.int32),
        length_m=length[base].astype(np.float32),
        limit_kmh=edges.limit[base].astype(np.uint8),
        speed_ms=(length / np.maximum(np.add.reduceat(times, first), 1e-3))[base].astype(np.float32),
        cruise_ms=edges.cruise[base].astype(np.float32),
        road_class=edges.road_class[base].astype(np.uint8),
        flags=flags[base].astype(np.uint16),
        way_id=edges.way_id[base],
        name=name[base].astype(np.int32),
        offset=np.concatenate(([0], np.cumsum(counts[base]))).astype(np.int64),
        lat=edges.lat[run],
        lon=edges.lon[run],
        height=edges.height[run].astype(np.float32),
        distance_m=distance[run].astype(np.float32),
        speed=speed[run].astype(np.float32),
        names=list(index),
        has_heights=has_heights,
    )


def _restrictions(raw: RawRoads, nodes: _Nodes) -> list[tuple[int, int, int, bool]]:
    return [(way, nodes.of[via], to, only) for way, via, to, only in raw.restrictions if via in nodes.of]


def _components(network: "coo_array") -> "np.ndarray[tuple[int], np.dtype[np.int32]]":
    """The number of each node's strongly connected part, the largest first."""
    _, label = connected_components(network, directed=True, connection="strong")
    order = np.argsort(-np.bincount(label), kind="stable")
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order))
    return np.asarray(rank[label])
