"""One way through an extract: roads for the graph, places for the index, chargers, and what is drawn, all at once.

The extract is read as it comes: nodes, then ways, then surfaces. What is drawn goes straight to a file, a feature a
line, as tippecanoe reads it; the rest is small enough to keep.
"""

import contextlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import msgspec
import numpy as np
import osmium
import osmium.filter
import osmium.geom
import osmium.io
import osmium.osm
from osmium.osm import Area, Node, Relation, Way

from alpenglow.navigation.region import layers
from alpenglow.navigation.region.chargers import Station, charger
from alpenglow.navigation.region.coast import Box, Coastline, seas
from alpenglow.navigation.region.layers import Drawn
from alpenglow.navigation.region.problems import RegionError
from alpenglow.navigation.roads.graph import RawRoads, RawWay
from alpenglow.navigation.search.reading import PlaceReader

type Tags = Mapping[str, str]

_DRIVABLE = {
    *("motorway", "trunk", "primary", "secondary", "tertiary"),
    *("motorway_link", "trunk_link", "primary_link", "secondary_link", "tertiary_link"),
    *("unclassified", "residential", "living_street", "road", "service", "track"),
}
# What stops a car wherever it stands, and what does so only where a tag says that cars may not pass.
_CLOSED = {
    *(
        "bollard",
        "block",
        "cycle_barrier",
        "motorcycle_barrier",
        "jersey_barrier",
        "turnstile",
        "full-height_turnstile",
    ),
    *("stile", "kissing_gate", "horse_stile", "log", "debris", "planter", "sump_buster", "chain", "wedge"),
}
# A surface with none of these is no place that anybody looks for; most are nameless houses and fields.
_FINDABLE = {"name", "addr:housenumber", "amenity", "shop", "leisure", "tourism", "healthcare", "highway", "brand"}
_MAY_PASS = ("yes", "permissive", "destination", "designated")


@dataclass
class Reading:
    """What an extract holds."""

    box: Box
    date: str  # of the data: what the file says, else when a road was last changed; "" where neither is known
    roads: RawRoads = field(default_factory=RawRoads)
    chargers: list[Station] = field(default_factory=list)
    places: PlaceReader = field(default_factory=PlaceReader)
    features: int = 0
    centre: tuple[float, float] | None = None  # of its most important settlement: latitude, longitude

    @property
    def middle(self) -> tuple[float, float]:
        """Where most is: latitude, longitude."""
        west, south, east, north = self.box
        return self.centre or ((south + north) / 2, (west + east) / 2)


def read(pbf: Path, features: Path, progress: Callable[[float], None] = lambda share: None) -> Reading:
    """Read `pbf` and write what is drawn to `features`. Raises RegionError; OSError for the disk."""
    source = osmium.io.File(str(pbf), "pbf")
    try:
        with features.open("wb") as file:
            return _Reader(source, file, progress).run()
    except RuntimeError as error:  # all that osmium says of a file that it cannot read
        raise RegionError(
            f"{pbf}: is damaged or not whole ({_plain(error)}); fetch it again, then add it again"
        ) from None


class _Reader:
    def __init__(self, source: osmium.io.File, features: IO[bytes], progress: Callable[[float], None]) -> None:
        self._source = source
        self._features = features
        self._progress = progress
        self._shapes = osmium.geom.GeoJSONFactory()
        self._levels: dict[int, int] = {}  # way -> highest level of what it divides
        self._coast: list[Coastline] = []
        self._newest = datetime.fromtimestamp(0, UTC)  # road
        self._weight = (-99.0, 0.0)  # of the settlement in the middle
        header = osmium.io.Reader(source, osmium.osm.NOTHING).header()
        date = header.get("osmosis_replication_timestamp") or header.get("timestamp")
        box = header.box()
        self._has_box = box.valid()
        self._box = Box(180.0, 90.0, -180.0, -90.0)
        if self._has_box:
            low, high = box.bottom_left, box.top_right
            self._box = Box(low.lon, low.lat, high.lon, high.lat)
        self._reading = Reading(box=Box(0, 0, 0, 0), date=date[:10])

    def run(self) -> Reading:
        self._read_relations()
        self._progress(0.05)
        self._read_all()
        self._reading.box = self._box
        if not self._reading.date and self._newest.year > 2000:
            self._reading.date = self._newest.date().isoformat()
        self._draw_sea(self._box)
        self._progress(1.0)
        return self._reading

    def _read_relations(self) -> None:
        """First of all, since a way does not know of which boundary it is a part."""
        kinds = osmium.filter.TagFilter(("type", "restriction"), ("type", "boundary"))
        for found in osmium.FileProcessor(self._source, osmium.osm.RELATION).with_filter(kinds):
            assert isinstance(found, Relation)
            tags = dict(found.tags)
            if tags["type"] == "restriction":
                self._reading.roads.restrictions.extend(_restrictions(found, tags))
            elif (level := layers.level(tags)) is not None:
                for member in found.members:
                    if member.type == "w":
                        self._levels[member.ref] = min(level, self._levels.get(member.ref, 99))

    def _read_all(self) -> None:
        tagged = osmium.filter.EmptyTagFilter()
        tagged.enable_for(osmium.osm.NODE)  # a way without tags may still be a boundary
        stage = 0
        for found in osmium.FileProcessor(self._source).with_areas().with_filter(tagged):
            if isinstance(found, Node):
                self._node(found)
            elif isinstance(found, Way):
                if stage == 0:
                    stage = 1
                    self._progress(0.3)
                self._way(found)
            elif isinstance(found, Area):
                self._area(found)

    def _node(self, node: Node) -> None:
        tags = dict(node.tags)
        if tags.get("highway") == "traffic_signals":
            self._reading.roads.signals.add(node.id)
        if "barrier" in tags and _stops_cars(tags):
            self._reading.roads.barriers.add(node.id)
        self._place(f"n{node.id}", tags, node.lat, node.lon)
        if drawn := layers.of_point(tags):
            self._draw(drawn, self._shapes.create_point(node))
            if drawn[0].layer == "places":
                self._settlement(node, drawn[0])

    def _settlement(self, node: Node, drawn: Drawn) -> None:
        people = drawn.properties.get("population", 0)
        weight = (-float(drawn.properties["rank"]), float(people))
        if weight > self._weight and (not self._has_box or _within(self._box, node.lat, node.lon)):
            self._weight = weight
            self._reading.centre = (node.lat, node.lon)

    def _way(self, way: Way) -> None:
        tags = dict(way.tags)
        if tags.get("highway") in _DRIVABLE or tags.get("route") == "ferry":
            self._newest = max(self._newest, way.timestamp)
            for part in _raw_ways(way, tags):
                self._reading.roads.ways.append(part)
                self._widen(part)
        if "highway" in tags and ("name" in tags or "ref" in tags):
            for _, points in itertools.islice(_runs(way), 1):
                lon, lat = points[len(points) // 2]
                self._reading.places.road(way.id, tags, lat, lon)
        if tags.get("natural") == "coastline":
            self._coast += [Coastline(nodes, points) for nodes, points in _runs(way)]
        if drawn := layers.of_line(tags, self._levels.get(way.id)):
            for shape in self._lines(way):
                self._draw(drawn, shape)

    def _area(self, area: Area) -> None:
        tags = dict(area.tags)
        if not tags:
            return
        if not _FINDABLE.isdisjoint(tags) and (middle := _middle(area)):
            kind = "w" if area.from_way() else "r"
            self._place(f"{kind}{area.orig_id()}", tags, *middle)
        if drawn := layers.of_area(tags):
            with contextlib.suppress(RuntimeError):
                self._draw(drawn, self._shapes.create_multipolygon(area))

    def _lines(self, way: Way) -> list[str]:
        try:
            return [self._shapes.create_linestring(way)]
        except osmium.InvalidLocationError:  # the extract left some of its nodes out
            return [
                msgspec.json.encode({"type": "LineString", "coordinates": points}).decode() for _, points in _runs(way)
            ]
        except RuntimeError:  # all its points are one
            return []

    def _place(self, osm_id: str, tags: Tags, lat: float, lon: float) -> None:
        """For the index; points of interest are drawn as well, each as the index has it."""
        if found := charger(osm_id, tags, lat, lon):
            self._reading.chargers.append(found)
        if poi := self._reading.places.point(osm_id, tags, lat, lon):
            self._draw(
                [layers.of_poi(*poi)], msgspec.json.encode({"type": "Point", "coordinates": (lon, lat)}).decode()
            )

    def _draw(self, drawn: Iterable[Drawn], shape: str) -> None:
        for one in drawn:
            properties = msgspec.json.encode(one.properties)
            self._features.write(
                b'{"type":"Feature","tippecanoe":{"layer":"%b","minzoom":%d},"properties":%b,"geometry":%b}\n'
                % (one.layer.encode(), one.zoom, properties, shape.encode())
            )
            self._reading.features += 1

    def _draw_sea(self, box: Box) -> None:
        if box.east <= box.west or box.north <= box.south:
            return
        for polygon in seas(self._coast, box):
            shape = msgspec.json.encode({"type": "Polygon", "coordinates": polygon}).decode()
            self._draw([Drawn("water", layers.LOWEST_ZOOM, {"kind": "sea"})], shape)

    def _widen(self, road: RawWay) -> None:
        """For a file that does not say which box it covers: the one around its roads."""
        if self._has_box:
            return
        west, south, east, north = self._box
        self._box = Box(
            min(west, float(road.lon.min())),
            min(south, float(road.lat.min())),
            max(east, float(road.lon.max())),
            max(north, float(road.lat.max())),
        )


def _runs(way: Way) -> Iterator[tuple[list[int], list[tuple[float, float]]]]:
    """The way's nodes and their places; several parts where the extract left nodes in its middle out."""
    nodes: list[int] = []
    points: list[tuple[float, float]] = []
    for node in way.nodes:
        if node.location.valid():
            nodes.append(node.ref)
            points.append((node.lon, node.lat))
            continue
        if len(nodes) > 1:
            yield nodes, points
        nodes, points = [], []
    if len(nodes) > 1:
        yield nodes, points


def _raw_ways(way: Way, tags: dict[str, str]) -> Iterator[RawWay]:
    for nodes, points in _runs(way):
        places = np.array(points)
        yield RawWay(id=way.id, nodes=nodes, lat=places[:, 1].copy(), lon=places[:, 0].copy(), tags=tags)


def _stops_cars(tags: Tags) -> bool:
    allowed = tags.get("motorcar") or tags.get("motor_vehicle") or tags.get("vehicle") or tags.get("access")
    if tags["barrier"] in _CLOSED:
        return allowed not in _MAY_PASS
    return allowed == "no"


def _restrictions(relation: Relation, tags: Tags) -> Iterator[tuple[int, int, int, bool]]:
    """Turns that are forbidden, or the only ones allowed, at a node; ways in between and hours are left out."""
    kind = tags.get("restriction:motorcar") or tags.get("restriction", "")
    if not kind.startswith(("no_", "only_")) or "motorcar" in tags.get("except", ""):
        return
    via = [member.ref for member in relation.members if member.role == "via" and member.type == "n"]
    if len(via) != 1 or any(member.role == "via" and member.type != "n" for member in relation.members):
        return
    froms, tos = (
        [member.ref for member in relation.members if member.role == role and member.type == "w"]
        for role in ("from", "to")
    )
    for come_from in froms:
        for go_to in tos:
            yield come_from, via[0], go_to, kind.startswith("only_")


def _within(box: Box, lat: float, lon: float) -> bool:
    return box.south <= lat <= box.north and box.west <= lon <= box.east


def _middle(area: Area) -> tuple[float, float] | None:
    """Of its outer rings' nodes: latitude, longitude. None where its ways make no ring."""
    points = [(node.lat, node.lon) for ring in area.outer_rings() for node in ring]
    if not points:
        return None
    places: Any = np.array(points)
    lat, lon = (places.min(axis=0) + places.max(axis=0)) / 2
    return float(lat), float(lon)


def _plain(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
