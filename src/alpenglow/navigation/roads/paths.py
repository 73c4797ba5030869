"""Best paths over the graph, under any price of its edges.

A price is ≥ 0 for each edge. Energy is made so by each node's potential (Johnson 1977): the energy that height and
motion would give back at best. It shifts the price of every path between two places by the same amount.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from alpenglow.navigation.api import Avoid, Preference
from alpenglow.navigation.roads.graph import FERRY, PRIVATE, TOLL, UNPAVED, Floats, Ints, Roads
from alpenglow.navigation.roads.snapping import Snap

_AVOIDED = 10.0  # times as dear; what is private is never a way through either
_KEPT_BYTES = 32e6  # of trees that are asked for again and again
_HOUR_J = 2 * 3.6e6  # J: an hour that an economical driver saves may cost so much
_SHARED = 0.7  # of an alternative's length at most runs along what is offered already
_DEARER = 1.4
_PENALTY = 1.35  # on a road that was offered, each time that it was
_LEAST = 1e-6
_TURNING_ROUND = 1e12  # for a moving car: where there is no other way at all


@dataclass(frozen=True)
class Costs:
    """What each edge costs under some conditions. `energy.model.EnergyModel.edge_costs` makes them."""

    time_s: Floats
    length_m: Floats
    energy_j: Floats  # out of the battery; negative downhill
    potential_j: Floats  # of each node: energy_j + potential[start] - potential[end] >= 0 for every edge

    def reduced_j(self, roads: Roads) -> Floats:
        """The energy as a price ≥ 0: with the difference of the potentials."""
        reduced = self.energy_j + self.potential_j[roads.start] - self.potential_j[roads.end]
        return np.maximum(reduced, _LEAST)


@dataclass(frozen=True)
class Path:
    """A way over edges: from `start_along` (0…1) of the first to `end_along` of the last."""

    edges: Ints
    start_along: float
    end_along: float

    def shares(self) -> Floats:
        """How much of each edge is driven, 0…1."""
        shares = np.ones(len(self.edges))
        shares[0] -= self.start_along
        shares[-1] -= 1.0 - self.end_along
        return shares


@dataclass(frozen=True)
class Line:
    """The points of a path in order."""

    lat: Floats
    lon: Floats
    height_m: Floats
    distance_m: Floats  # from the path's start
    edge: Ints  # index into the path's edges: the edge that leads on from the point


class NoPath(Exception):
    """There is no way; `island` says that the rest of the network cannot reach the destination at all."""

    def __init__(self, island: bool) -> None:
        super().__init__("there is no way by road")
        self.island = island


@dataclass(frozen=True)
class _Tree:
    """Cheapest paths from one place."""

    price: Floats  # to each node
    before: Ints  # the node before each; -1 none; `nodes` stands for the start
    into: Ints  # the edge by which each node is reached; -1


class Network:
    """The graph prepared for searches; made once per region."""

    def __init__(self, roads: Roads) -> None:
        self.roads = roads
        self._trees: dict[tuple[Snap, int], tuple[Floats, _Tree]] = {}
        start, end = roads.start.astype(np.int64), roads.end.astype(np.int64)
        key = start * roads.nodes + end
        self._order = np.argsort(key, kind="stable")
        sorted_key = key[self._order]
        self._group = np.flatnonzero(np.concatenate(([True], sorted_key[1:] != sorted_key[:-1])))
        self._key = sorted_key[self._group]
        self._column = (self._key % roads.nodes).astype(np.int32)
        counts = np.bincount(self._key // roads.nodes, minlength=roads.nodes)
        self._row = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)

    @cached_property
    def _copies(self) -> dict[int, list[int]]:
        """Further edges that run along a base edge, where it has any."""
        roads = self.roads
        result: dict[int, list[int]] = {}
        for edge in np.flatnonzero(roads.base != np.arange(roads.edges)).tolist():
            result.setdefault(int(roads.base[edge]), []).append(edge)
        return result

    def weights(self, costs: Costs, preference: Preference, avoid: Avoid | None = None) -> Floats:
        """One price ≥ 0 per edge: seconds, metres or (with the potential) joules, with what is avoided made dear."""
        if preference == "economical":
            price = costs.reduced_j(self.roads) + _HOUR_J / 3600.0 * costs.time_s
        else:
            price = costs.time_s if preference == "fastest" else costs.length_m
        return self.with_avoided(price, avoid)

    def with_avoided(self, price: Floats, avoid: Avoid | None = None) -> Floats:
        """`price` with private roads and what is to be avoided made dear."""
        dear = PRIVATE
        if avoid is not None:
            dear |= (TOLL if avoid.tolls else 0) | (FERRY if avoid.ferries else 0) | (UNPAVED if avoid.unpaved else 0)
        return np.maximum(np.where(self.roads.flags & dear, price * _AVOIDED, price), _LEAST)

    def find(self, start: Snap, end: Snap, weights: Floats) -> Path:
        """The cheapest path; NoPath."""
        return self._path(start, end, weights, self._tree(start, weights))

    def find_via(self, places: Sequence[Snap], weights: Floats) -> list[Path]:
        """The cheapest path through all `places` in order: one path between each two; NoPath."""
        return [self.find(a, b, weights) for a, b in pairwise(places)]

    def alternatives(self, start: Snap, end: Snap, weights: Floats, most: int = 3) -> list[Path]:
        """The best path and up to `most` others, cheapest first.

        Each shares at most 70 % of its length with those before it and costs at most 1.4 times the best. NoPath.
        """
        found = self.find(start, end, weights)
        paths = [found]
        best = self._price(found, weights)
        dear = weights.copy()
        for _ in range(2 * most + 1):
            if len(paths) > most:
                break
            dear[self._road(found)] *= _PENALTY
            found = self.find(start, end, dear)
            if self._price(found, weights) > _DEARER * best:
                continue
            if all(self._shared(found, path) <= _SHARED for path in paths):
                paths.append(found)
        return paths[:1] + sorted(paths[1:], key=lambda p: self._price(p, weights))

    def _road(self, path: Path) -> Ints:
        """Every edge that runs along `path`, either way."""
        base = self.roads.base[path.edges]
        twin = self.roads.twin[base]
        mask = np.zeros(self.roads.edges, bool)
        mask[base] = True
        mask[twin[twin >= 0]] = True
        return np.flatnonzero(mask[self.roads.base])

    def _shared(self, path: Path, other: Path) -> float:
        """How much of `path`'s length runs along `other`."""
        length = self.roads.length_m[path.edges] * path.shares()
        along = np.isin(path.edges, self._road(other))
        return float(length[along].sum() / max(float(length.sum()), 1e-3))

    def _price(self, path: Path, weights: Floats) -> float:
        return self.totals(path, weights)[0]

    def totals(self, path: Path, *costs: Floats) -> tuple[float, ...]:
        """The sum of each of `costs` along `path`, its first and last edge in part."""
        shares = path.shares()
        return tuple(float(cost[path.edges] @ shares) for cost in costs)

    def one_to_many(
        self, start: Snap, ends: Sequence[Snap], weights: Floats, *costs: Floats, keep: bool = False
    ) -> Floats:
        """(len(ends), 1 + len(costs)): price of the cheapest path to each and the sums of `costs` along it; inf.

        `keep`: the same will be asked for other ends; `weights` must not be changed meanwhile.
        """
        tree = self._kept_tree(start, weights) if keep else self._tree(start, weights)
        result = np.full((len(ends), 1 + len(costs)), np.inf)
        for i, end in enumerate(ends):
            try:
                path = self._path(start, end, weights, tree)
            except NoPath:
                continue
            result[i] = self.totals(path, weights, *costs)
        return result

    def many_to_many(self, starts: Sequence[Snap], ends: Sequence[Snap], weights: Floats, *costs: Floats) -> Floats:
        """(len(starts), len(ends), 1 + len(costs)), as `one_to_many` for each."""
        rows = [self.one_to_many(start, ends, weights, *costs) for start in starts]
        return np.array(rows).reshape(len(starts), len(ends), 1 + len(costs))

    def tree(self, start: Snap, weights: Floats) -> tuple[Floats, Ints]:
        """Price of the cheapest path from `start` to each node (inf: none), and the edge that leads into it (-1)."""
        tree = self._tree(start, weights)
        return tree.price[: self.roads.nodes], tree.into[: self.roads.nodes]

    def to_one(self, starts: Sequence[Snap], end: Snap, weights: Floats, cost: Floats) -> list[float]:
        """The sum of `cost` along the cheapest path from each of many places to one; inf. One search serves all."""
        roads, n = self.roads, self.roads.nodes
        best = np.minimum.reduceat(weights[self._order], self._group)
        into = [(end.edge, end.along)]
        if (twin := int(roads.twin[end.edge])) >= 0:
            into.append((twin, 1.0 - end.along))
        last = [(same, share) for edge, share in into for same in (edge, *self._copies.get(edge, ()))]
        # Each edge turned round, and the end joined to where its own edges begin.
        source = np.repeat(np.arange(n), np.diff(self._row))
        row = np.concatenate((self._column, [n] * len(last)))
        column = np.concatenate((source, [int(roads.start[edge]) for edge, _ in last]))
        data = np.concatenate((best, [max(_LEAST, share * weights[edge]) for edge, share in last]))
        nearest = np.lexsort((data, column, row))  # of edges between the same two, the cheapest
        kept = nearest[np.concatenate(([True], np.diff(row[nearest] * (n + 1) + column[nearest]) != 0))]
        graph = csr_array((data[kept], (row[kept], column[kept])), shape=(n + 1, n + 1))
        price, onward = dijkstra(graph, indices=n, return_predecessors=True)

        def spent(node: int) -> float:
            total = 0.0
            while (after := int(onward[node])) < n:
                group = np.searchsorted(self._key, np.array([node * n + after]))
                total += float(cost[self._cheapest(weights, best, group)[0]])
                node = after
            ways = [(share * weights[e], share * cost[e]) for e, share in last if int(roads.start[e]) == node]
            return total + float(min(ways)[1])

        return [self._to(start, end, weights, cost, price, spent) for start in starts]

    def _to(
        self,
        start: Snap,
        end: Snap,
        weights: Floats,
        cost: Floats,
        price: Floats,
        spent: Callable[[int], float],
    ) -> float:
        """Of `to_one`, for one place: over its own edge, then on from that edge's end."""
        roads = self.roads
        choices: list[tuple[float, float, int]] = []
        leaving = [(start.edge, start.along)]
        if start.both and (twin := int(roads.twin[start.edge])) >= 0:
            leaving.append((twin, 1.0 - start.along))
        for edge, along in leaving:
            node, share = int(roads.end[edge]), 1.0 - along
            if np.isfinite(price[node]):
                choices.append((float(price[node]) + share * float(weights[edge]), share * float(cost[edge]), node))
            for other, there in ((end.edge, end.along), (int(roads.twin[end.edge]), 1.0 - end.along)):
                if edge == other and there >= along:
                    choices.append(((there - along) * float(weights[edge]), (there - along) * float(cost[edge]), -1))
        if not choices:
            return float("inf")
        _, own, node = min(choices)
        return own if node < 0 else own + spent(node)

    def line(self, path: Path) -> Line:
        """The path's points."""
        roads = self.roads
        counts = np.diff(roads.offset)[path.edges]
        at = np.repeat(roads.offset[path.edges] - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
        which = np.repeat(np.arange(len(path.edges)), counts)
        begin = np.concatenate(([0.0], np.cumsum(roads.length_m[path.edges].astype(float))[:-1]))
        far = roads.distance_m[at] + begin[which]
        first = path.start_along * float(roads.length_m[path.edges[0]])
        last = begin[-1] + path.end_along * float(roads.length_m[path.edges[-1]])
        last = max(last, first + 0.1)
        lat, lon, height = roads.lat[at], roads.lon[at], roads.height[at].astype(float)
        inner = (far > first + 0.05) & (far < last - 0.05)
        inner &= np.concatenate((np.diff(far) > 1e-3, [True]))  # an edge's last point is the next one's first
        ends = np.array([first, last])
        result = [np.interp(ends, far, values) for values in (lat, lon, height)]
        places, turns, heights = (
            np.concatenate(([two[0]], values[inner], [two[1]]))
            for two, values in zip(result, (lat, lon, height), strict=True)
        )
        distance = np.concatenate(([first], far[inner], [last])) - first
        edge = np.concatenate(([0], which[inner], [len(path.edges) - 1]))
        return Line(places, turns, heights, distance, edge)

    # The search itself

    def _onward(self, start: Snap, weights: Floats) -> Floats:
        """`weights` for who must not turn round at the start: the way back is dearer than any other."""
        back = int(self.roads.twin[start.edge])
        if start.both or back < 0:
            return weights
        onward = weights.copy()
        onward[[back, *self._copies.get(back, ())]] += _TURNING_ROUND
        return onward

    def _kept_tree(self, start: Snap, weights: Floats) -> _Tree:
        key = (start, id(weights))
        of, tree = self._trees.pop(key, (None, None))
        if tree is None or of is not weights:
            tree = self._tree(start, weights)
        self._trees[key] = weights, tree
        while len(self._trees) * 24 * self.roads.nodes > _KEPT_BYTES:
            del self._trees[next(iter(self._trees))]
        return tree

    def _tree(self, start: Snap, weights: Floats) -> _Tree:
        roads, weights = self.roads, self._onward(start, weights)
        n = roads.nodes
        best = np.minimum.reduceat(weights[self._order], self._group)
        leaving = [(start.edge, 1.0 - start.along)]
        twin = int(roads.twin[start.edge])
        if start.both and twin >= 0:
            leaving.append((twin, start.along))
        data = np.concatenate((best, [max(_LEAST, share * weights[e]) for e, share in leaving]))
        column = np.concatenate((self._column, [int(roads.end[e]) for e, _ in leaving])).astype(np.int32)
        row = np.concatenate((self._row, [self._row[-1] + len(leaving)])).astype(np.int32)
        graph = csr_array((data, column, row), shape=(n + 1, n + 1))
        price, before = dijkstra(graph, indices=n, return_predecessors=True)
        before = before.astype(np.int64)
        into = np.full(n + 1, -1, np.int64)
        inner = np.flatnonzero((before >= 0) & (before < n))
        group = np.searchsorted(self._key, before[inner] * n + inner)
        into[inner] = self._cheapest(weights, best, group)
        for edge, share in leaving:
            node = int(roads.end[edge])
            if before[node] == n and (into[node] < 0 or share * weights[edge] < price[node] + _LEAST):
                into[node] = edge
        return _Tree(price, np.where(before < 0, -1, before), into)

    def _cheapest(self, weights: Floats, best: Floats, group: Ints) -> Ints:
        """The edge that has the least price among those between the same two nodes, for each of `group`."""
        edge = self._order[self._group[group]]
        dearer = np.flatnonzero(weights[edge] > best[group])
        for i in dearer.tolist():  # parallel roads: rare
            g = int(group[i])
            stop = self._group[g + 1] if g + 1 < len(self._group) else len(self._order)
            same = self._order[self._group[g] : stop]
            edge[i] = same[np.argmin(weights[same])]
        return edge

    def _path(self, start: Snap, end: Snap, weights: Floats, tree: _Tree) -> Path:
        roads, weights = self.roads, self._onward(start, weights)
        choices: list[tuple[float, int, float]] = []
        twin = int(roads.twin[end.edge])
        for edge, along in ((end.edge, end.along), (twin, 1.0 - end.along)):
            if edge < 0:
                continue
            for same in (edge, *self._copies.get(edge, ())):
                price = float(tree.price[roads.start[same]])
                if np.isfinite(price):
                    choices.append((price + along * float(weights[same]), same, along))
        leaving = [(start.edge, start.along)]
        if start.both and (back := int(roads.twin[start.edge])) >= 0:
            leaving.append((back, 1.0 - start.along))
        for edge, along in leaving:  # both places on one road
            for other, there in ((end.edge, end.along), (twin, 1.0 - end.along)):
                if edge == other and there >= along:
                    choices.append(((there - along) * float(weights[edge]), -1 - edge, there))
        if not choices:
            raise NoPath(bool(roads.component[roads.start[end.edge]] != 0))
        _, last, there = min(choices)
        if last < 0:
            edge = -1 - last
            return Path(np.array([edge]), dict(leaving)[edge], there)
        edges = [last]
        node, start_node = int(roads.start[last]), roads.nodes
        while node != start_node:
            edges.append(int(tree.into[node]))
            node = int(tree.before[node])
        edges.reverse()
        return Path(np.array(edges), dict(leaving)[edges[0]], there)
