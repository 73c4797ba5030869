"""Best paths over the graph, under any price of its edges."""

from collections.abc import Sequence
from dataclasses import dataclass

from alpenglow.navigation.api import Avoid, Preference
from alpenglow.navigation.roads.graph import Floats, Ints, Roads
from alpenglow.navigation.roads.snapping import Snap


@dataclass(frozen=True)
class Costs:
    """What each edge costs under some conditions. `energy.prices.edge_costs` makes them."""

    time_s: Floats
    length_m: Floats
    energy_j: Floats  # out of the battery; negative downhill
    potential_j: Floats  # of each node: energy_j + potential[start] - potential[end] >= 0 for every edge


@dataclass(frozen=True)
class Path:
    """A way over edges: from `start_along` (0…1) of the first to `end_along` of the last."""

    edges: Ints
    start_along: float
    end_along: float


@dataclass(frozen=True)
class Line:
    """The points of a path in order, each with what holds from there on."""

    lat: Floats
    lon: Floats
    height_m: Floats
    distance_m: Floats  # from the path's start
    edge: Ints  # index into the path's edges


class NoPath(Exception):
    """There is no way; `island` says that the destination cannot be reached from the main network at all."""

    def __init__(self, island: bool) -> None:
        super().__init__("there is no way by road")
        self.island = island


class Network:
    """The graph prepared for searches; made once per region, used by one thread."""

    def __init__(self, roads: Roads) -> None:
        raise NotImplementedError

    def weights(self, costs: Costs, preference: Preference, avoid: Avoid | None = None) -> Floats:
        """One price ≥ 0 per edge: seconds, metres or (with the potential) joules, with what is avoided made dear."""
        raise NotImplementedError

    def find(self, start: Snap, end: Snap, weights: Floats) -> Path:
        """The cheapest path; NoPath."""
        raise NotImplementedError

    def find_via(self, places: Sequence[Snap], weights: Floats) -> list[Path]:
        """The cheapest path through all `places` in order: one path between each two; NoPath."""
        raise NotImplementedError

    def alternatives(self, start: Snap, end: Snap, weights: Floats, most: int = 3) -> list[Path]:
        """The best path and up to `most` others: each shares at most 70 % with those before, costs at most 1.4 times."""
        raise NotImplementedError

    def totals(self, path: Path, *costs: Floats) -> tuple[float, ...]:
        """The sum of each of `costs` along `path`, its first and last edge in part."""
        raise NotImplementedError

    def one_to_many(self, start: Snap, ends: Sequence[Snap], weights: Floats, *costs: Floats) -> Floats:
        """(len(ends), 1 + len(costs)): price of the cheapest path to each and the sums of `costs` along it; inf."""
        raise NotImplementedError

    def many_to_many(self, starts: Sequence[Snap], ends: Sequence[Snap], weights: Floats, *costs: Floats) -> Floats:
        """(len(starts), len(ends), 1 + len(costs)), as `one_to_many` for each."""
        raise NotImplementedError

    def line(self, path: Path) -> Line:
        """The path's points."""
        raise NotImplementedError
