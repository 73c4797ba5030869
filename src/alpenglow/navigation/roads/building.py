"""From ways to the graph."""

from typing import Protocol

from alpenglow.navigation.roads.graph import Floats, RawRoads, Roads


class Heights(Protocol):
    """Who knows how high the ground is."""

    def at(self, lat: Floats, lon: Floats) -> Floats:
        """m above the sea at each place; NaN where nobody knows."""
        ...


def build_graph(raw: RawRoads, heights: Heights | None = None) -> Roads:
    """The graph of `raw`'s roads that a car may use; RoadsError where there is none."""
    raise NotImplementedError
