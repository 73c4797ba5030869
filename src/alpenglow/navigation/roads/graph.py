"""The graph of roads: arrays of nodes, directed edges and the edges' points, in one file.

Invariants
- An edge runs from `start` to `end` in travel direction; its points are `offset[e]` up to `offset[e + 1]`, the first at
  its start node and the last at its end node. Points are at most `SPACING_M` apart.
- A plain shortest path over (`start`, `end`) obeys one-way roads, restricted turns, and turns round at dead ends alone
  after a restricted turn: where a turn is forbidden the graph holds further *copies* of a node, each with its own
  copies of the edges that may follow. `base[e]` is the edge that `e` copies; itself for all others. `twin` and what
  snapping gives are always base edges.
- `component[n]` is equal for nodes that can reach one another in both directions; 0 is the largest part.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from enum import IntEnum
from pathlib import Path as File

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]

FORMAT = 1  # counts up when arrays change
SPACING_M = 25.0  # most between two points of an edge

# Flags of an edge
TOLL = 1
FERRY = 2
UNPAVED = 4
TUNNEL = 8
BRIDGE = 16
ROUNDABOUT = 32
LINK = 64  # a ramp
PRIVATE = 128  # for who lives or has business there: at a journey's end, never through it
SIGNAL = 256  # traffic lights at its end
GIVE_WAY = 512  # its end meets a more important road
BUILT_UP = 1024


class RoadClass(IntEnum):
    """How important a road is; the smaller the more."""

    MOTORWAY = 1
    TRUNK = 2
    PRIMARY = 3
    SECONDARY = 4
    TERTIARY = 5
    UNCLASSIFIED = 6
    RESIDENTIAL = 7
    LIVING_STREET = 8
    SERVICE = 9
    TRACK = 10
    FERRY = 11


class RoadsError(ValueError):
    """A file of roads that cannot be used; one line for the person who can mend it."""


@dataclass(frozen=True)
class RawWay:
    """A way as the map has it."""

    id: int
    nodes: Sequence[int]
    lat: Floats
    lon: Floats
    tags: dict[str, str]


@dataclass(frozen=True)
class RawRoads:
    """What reading a map gives: ways that cars may use, and what lies on them."""

    ways: list[RawWay] = field(default_factory=list)
    signals: set[int] = field(default_factory=set)  # nodes with traffic lights
    barriers: set[int] = field(default_factory=set)  # nodes that cars cannot pass
    restrictions: list[tuple[int, int, int, bool]] = field(default_factory=list)  # from way, via node, to way, only?


@dataclass(frozen=True)
class Roads:
    """A region's roads. N nodes, E edges, P points of edges."""

    node_lat: Floats
    node_lon: Floats
    node_height: NDArray[np.float32]  # m above the sea
    node_speed: NDArray[np.float32]  # m/s at which the straightest way through it is driven
    plain: NDArray[np.int32]  # the node that each node copies; itself
    component: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    twin: NDArray[np.int32]  # the same road the other way; -1
    base: NDArray[np.int32]
    length_m: NDArray[np.float32]
    limit_kmh: NDArray[np.uint8]  # 0: unknown
    speed_ms: NDArray[np.float32]  # what people drive on it when it is free, curves and junctions counted
    cruise_ms: NDArray[np.float32]  # on a straight part of it
    road_class: NDArray[np.uint8]
    flags: NDArray[np.uint16]
    way_id: NDArray[np.int64]
    name: NDArray[np.int32]  # index into `names`; 0 is ""
    offset: NDArray[np.int64]  # E + 1
    lat: Floats
    lon: Floats
    height: NDArray[np.float32]  # m, smoothed
    distance_m: NDArray[np.float32]  # from the edge's start
    speed: NDArray[np.float32]  # m/s that a free road lets people drive there
    names: list[str]
    has_heights: bool

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self.node_lat)

    @property
    def edges(self) -> int:
        """How many edges there are, copies included."""
        return len(self.start)

    def points(self, edge: int) -> slice:
        """Where the points of `edge` stand in `lat`, `lon`, `height`, `distance_m`, `speed`."""
        return slice(int(self.offset[edge]), int(self.offset[edge + 1]))

    def save(self, path: File) -> None:
        """Write to `path` (npz)."""
        arrays = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("names", "has_heights")}
        text = np.frombuffer("\0".join(self.names).encode(), np.uint8)
        with path.open("wb") as file:
            np.savez(file, format=np.array([FORMAT]), names=text, has_heights=np.array([self.has_heights]), **arrays)

    @classmethod
    def load(cls, path: File) -> "Roads":
        """Read from `path`; RoadsError where it is missing, damaged or of another version."""
        try:
            with np.load(path, allow_pickle=False) as file:
                if int(file["format"][0]) != FORMAT:
                    raise RoadsError(f"{path}: was made by another version: add the map again")
                names = bytes(file["names"]).decode().split("\0")
                plain = [f.name for f in fields(cls) if f.name not in ("names", "has_heights")]
                return cls(
                    **{name: file[name] for name in plain}, names=names, has_heights=bool(file["has_heights"][0])
                )
        except RoadsError:
            raise
        except OSError as error:
            raise RoadsError(f"{path}: {error.strerror or error}") from None
        except Exception:  # numpy and zipfile raise whatever they stumble over
            raise RoadsError(f"{path}: is damaged: add the map again") from None
