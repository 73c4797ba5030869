"""Small maps drawn by hand: nodes on a grid of 100 m, ways between them."""

import numpy as np

from alpenglow.navigation.roads.building import Heights, build_graph
from alpenglow.navigation.roads.graph import RawRoads, RawWay, Roads
from alpenglow.navigation.roads.paths import Costs, Network
from alpenglow.navigation.roads.snapping import Snap, Snapper

SOUTH, WEST = 42.5, 1.5
METRE_LAT = 1.0 / 111_195.0
METRE_LON = METRE_LAT / float(np.cos(np.radians(SOUTH)))


class Drawn:
    """A map under the pencil. A node is named by its column and row."""

    def __init__(self) -> None:
        self.raw = RawRoads()

    @staticmethod
    def node(x: int, y: int) -> int:
        """The id of the node at a column and a row."""
        return 1_000_000 + 1000 * y + x

    @staticmethod
    def place(x: float, y: float) -> tuple[float, float]:
        """Latitude and longitude of a place, in hundreds of metres."""
        return SOUTH + 100.0 * y * METRE_LAT, WEST + 100.0 * x * METRE_LON

    def way(self, id: int, *nodes: tuple[int, int], **tags: str) -> "Drawn":  # noqa: A002
        """A road; residential where nothing is said."""
        given = {k.replace("__", ":"): v for k, v in tags.items()}
        if "route" not in given:
            given.setdefault("highway", "residential")
        places = np.array([self.place(*n) for n in nodes])
        self.raw.ways.append(RawWay(id, [self.node(*n) for n in nodes], places[:, 0], places[:, 1], given))
        return self

    def forbid(self, way: int, via: tuple[int, int], to: int, only: bool = False) -> "Drawn":
        """A restricted turn."""
        self.raw.restrictions.append((way, self.node(*via), to, only))
        return self

    def roads(self, heights: Heights | None = None) -> Roads:
        """The graph."""
        return build_graph(self.raw, heights)


class Trips:
    """Ways over a drawn map, by length."""

    def __init__(self, roads: Roads) -> None:
        self.roads = roads
        self.network = Network(roads)
        self.snapper = Snapper(roads)
        nothing = np.zeros(roads.nodes)
        length = roads.length_m.astype(float)
        self.costs = Costs(length / 10.0, length, length, nothing)
        self.weights = self.network.weights(self.costs, "shortest")

    def snap(self, x: float, y: float, heading: float | None = None) -> Snap:
        """The road nearest to a place."""
        found = self.snapper.nearest(*Drawn.place(x, y), heading=heading, main=False)
        assert found is not None
        return found

    def ways(self, start: tuple[float, float], end: tuple[float, float]) -> list[int]:
        """The ids of the ways that the shortest path uses, in order."""
        path = self.network.find(self.snap(*start), self.snap(*end), self.weights)
        used = [int(self.roads.way_id[e]) for e in path.edges]
        return [w for i, w in enumerate(used) if i == 0 or w != used[i - 1]]

    def metres(self, start: tuple[float, float], end: tuple[float, float]) -> float:
        """The length of the shortest path."""
        path = self.network.find(self.snap(*start), self.snap(*end), self.weights)
        return self.network.totals(path, self.costs.length_m)[0]
