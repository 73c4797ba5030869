"""The road nearest to a place."""

from dataclasses import dataclass

from alpenglow.navigation.roads.graph import Roads


@dataclass(frozen=True)
class Snap:
    """A place on a road."""

    edge: int
    along: float  # 0 at the edge's start … 1 at its end
    lat: float  # of the place on the road
    lon: float
    distance_m: float  # from what was asked for to the road


class Snapper:
    """Finds roads by place; made once per region."""

    def __init__(self, roads: Roads) -> None:
        raise NotImplementedError

    def nearest(
        self, lat: float, lon: float, heading: float | None = None, limit_m: float = 1000.0, main: bool = True
    ) -> Snap | None:
        """The road nearest to a place, None where none is within `limit_m`.

        `heading` (degrees): a road that runs that way is preferred. `main`: so is one that the rest of the network can
        reach.
        """
        raise NotImplementedError

    def near(self, lat: float, lon: float, radius_m: float) -> list[Snap]:
        """Every edge within `radius_m`, nearest first, both directions of a road one by one."""
        raise NotImplementedError
