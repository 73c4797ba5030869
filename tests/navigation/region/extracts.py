"""Small extracts of places that do not exist."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import osmium
import osmium.io
import osmium.osm.mutable as osm

SOUTH, WEST = 47.0, 9.0
STEP = 0.002  # degrees between two crossroads


class Extract:
    """Written when the block ends; nodes first, as extracts are sorted."""

    def __init__(self, path: Path, box: tuple[float, float, float, float] | None = None) -> None:
        header = osmium.io.Header()
        if box is not None:
            west, south, east, north = box
            header.add_box(osmium.osm.Box(osmium.osm.Location(west, south), osmium.osm.Location(east, north)))
        path.unlink(missing_ok=True)
        self._writer = osmium.SimpleWriter(str(path), header=header)
        self._nodes: list[osm.Node] = []
        self._ways: list[osm.Way] = []
        self._relations: list[osm.Relation] = []

    def node(self, number: int, lat: float, lon: float, **tags: str) -> int:
        self._nodes.append(osm.Node(id=number, version=1, location=(lon, lat), tags=_tags(tags)))
        return number

    def way(self, number: int, nodes: Sequence[int], **tags: str) -> int:
        self._ways.append(osm.Way(id=number, version=1, nodes=list(nodes), tags=_tags(tags)))
        return number

    def relation(self, number: int, members: Sequence[tuple[str, int, str]], **tags: str) -> None:
        self._relations.append(osm.Relation(id=number, version=1, members=list(members), tags=_tags(tags)))

    def __enter__(self) -> "Extract":
        return self

    def __exit__(self, *_: object) -> None:
        for node in sorted(self._nodes, key=lambda node: node.id):
            self._writer.add_node(node)
        for way in sorted(self._ways, key=lambda way: way.id):
            self._writer.add_way(way)
        for relation in self._relations:
            self._writer.add_relation(relation)
        self._writer.close()


def village(path: Path, side: int = 6) -> Path:
    """A grid of streets with a charger, houses, a wood and a river; `side` streets each way."""
    with Extract(path, (WEST - STEP, SOUTH - STEP, WEST + side * STEP, SOUTH + side * STEP)) as extract:
        for row in range(side):
            for column in range(side):
                extract.node(1 + row * side + column, SOUTH + row * STEP, WEST + column * STEP)
        for row in range(side):
            nodes = [1 + row * side + column for column in range(side)]
            extract.way(100 + row, nodes, highway="residential", name=f"Street {row}")
        for column in range(side):
            nodes = [1 + row * side + column for row in range(side)]
            extract.way(200 + column, nodes, highway="tertiary", name=f"Avenue {column}")
        middle = SOUTH + side * STEP / 2, WEST + side * STEP / 2
        extract.node(1001, *middle, place="village", name="Nowhere", population="1 200")
        extract.node(1002, middle[0] + 0.0004, middle[1], amenity="charging_station", name="Plug", capacity="2")
        extract.node(1003, middle[0], middle[1] + 0.0004, amenity="cafe", name="The Bean")
        extract.node(1004, middle[0] + 0.001, middle[1] + 0.001, natural="peak", name="Height", ele="812")
        square(extract, 2000, SOUTH + 0.0004, WEST + 0.0004, 0.0003, building="yes", height="9 m")
        square(extract, 2010, SOUTH + 0.0044, WEST + 0.0004, 0.001, landuse="forest")
        extract.node(2020, SOUTH - 0.001, WEST)
        extract.node(2021, SOUTH - 0.001, WEST + side * STEP)
        extract.way(2022, [2020, 2021], waterway="river", name="Brook")
    return path


def square(extract: Extract, number: int, lat: float, lon: float, side: float, **tags: str) -> None:
    """A closed way with its south-west corner at the place."""
    corners = ((0, 0), (0, side), (side, side), (side, 0))
    nodes = [extract.node(number + at, lat + up, lon + across) for at, (up, across) in enumerate(corners)]
    extract.way(number + 4, [*nodes, nodes[0]], **tags)


def _tags(tags: Mapping[str, str]) -> dict[str, str]:
    """`addr__street` is `addr:street`."""
    return {key.replace("__", ":"): value for key, value in tags.items()}
