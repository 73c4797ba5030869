"""Places as the tags of an extract tell of them: settlements, streets, addresses, points of interest, nature.

https://wiki.openstreetmap.org/wiki/Map_features has the tags. In which settlement something is, tags seldom say: it is
the one that is nearest for its size.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from alpenglow.navigation.api import PlaceKind
from alpenglow.navigation.region.chargers import charger
from alpenglow.navigation.search.categories import Category, categories
from alpenglow.navigation.search.folding import folded

type Tags = Mapping[str, str]
type _Points = np.ndarray[tuple[int, int], np.dtype[np.float64]]  # x, y, z in metres

_DEGREE_M = 111_195.0
# fmt: off
_PLACES: dict[str, tuple[PlaceKind, float]] = {
    "country": ("settlement", 0.6), "state": ("settlement", 0.55), "province": ("settlement", 0.5),
    "region": ("settlement", 0.45), "county": ("settlement", 0.5), "municipality": ("settlement", 0.5),
    "city": ("settlement", 0.85), "borough": ("settlement", 0.55), "town": ("settlement", 0.72),
    "village": ("settlement", 0.58), "suburb": ("settlement", 0.52), "quarter": ("settlement", 0.46),
    "neighbourhood": ("settlement", 0.42), "hamlet": ("settlement", 0.44), "isolated_dwelling": ("settlement", 0.3),
    "farm": ("settlement", 0.25), "locality": ("settlement", 0.22), "island": ("nature", 0.4),
    "islet": ("nature", 0.2), "square": ("street", 0.36), "archipelago": ("nature", 0.3),
}
# How far one of that size lends its name.
_REACH_M = {"city": 7000.0, "town": 3500.0, "village": 1800.0, "hamlet": 900.0}
_WIDE = ("country", "state", "province", "region", "county")
_DISTRICTS = ("suburb", "quarter", "neighbourhood", "borough")
_DISTRICT_M = 1200.0
_FAR_M = 20_000.0
_STREETS = {
    "motorway": 0.4, "trunk": 0.4, "primary": 0.38, "secondary": 0.36, "tertiary": 0.34, "unclassified": 0.3,
    "residential": 0.3, "living_street": 0.3, "pedestrian": 0.3, "road": 0.25, "service": 0.2, "track": 0.14,
    "footway": 0.14, "path": 0.12, "steps": 0.14, "cycleway": 0.12, "bridleway": 0.1,
    "motorway_link": 0.1, "trunk_link": 0.1, "primary_link": 0.1, "secondary_link": 0.1, "tertiary_link": 0.1,
}
# fmt: on
_OTHER_NAMES = ("alt_name", "old_name", "short_name", "official_name", "loc_name", "int_name", "nat_name", "reg_name")
# Those that somebody in the car or on the land may type; a capital has its name in two hundred.
_LANGUAGE = re.compile(r"name:((?:en|de|zh|ar|ca|es|fr|fi|sv|it|pt|nl|ru|ja|ko)(?:-[A-Za-z]{2,8})?)")
_CLOSED = ("private", "no")
_KNOWN_WIDELY = 0.1  # more importance for what an encyclopaedia has
_SAME_M = 150.0  # two of one name and category so near are one


@dataclass(frozen=True, slots=True)
class RawPlace:
    """A place as the extract has it."""

    id: str
    names: dict[str, str]  # "" is the one on the sign; others by language, or by the key that they have
    kind: PlaceKind
    category: str
    street: str
    housenumber: str
    settlement: str  # with its district, if any: "Kallio, Helsinki"
    postcode: str
    lat: float
    lon: float
    importance: float  # 0 … 1


class Poi(NamedTuple):
    """What the map draws of a place."""

    category: str
    name: str
    importance: float


class _Near(NamedTuple):
    name: str
    kind: str
    lat: float
    lon: float


@dataclass
class _Street:
    names: dict[str, str]
    importance: float
    ids: list[int] = field(default_factory=list)
    lats: list[float] = field(default_factory=list)
    lons: list[float] = field(default_factory=list)


class PlaceReader:
    """Gathers places in any order; `places` has them all with their settlements."""

    def __init__(self) -> None:
        self._found: list[RawPlace] = []
        self._roads: list[tuple[int, dict[str, str], float, float, float]] = []
        self._near: list[_Near] = []
        self._wide: set[str] = set()  # what is in no settlement, but has many
        self._categories = categories()

    def point(self, osm_id: str, tags: Tags, lat: float, lon: float) -> Poi | None:
        """A node, or the middle of a surface. What the map should draw of it, if it is a point of interest."""
        if len(tags) == 1 and "name" not in tags and "amenity" not in tags:
            return None
        if (number := tags.get("addr:housenumber")) and (tags.get("addr:street") or tags.get("addr:place")):
            self._found.append(_address(osm_id, number, tags, lat, lon))
        if place := tags.get("place"):
            self._place(osm_id, place, tags, lat, lon)
            return None
        category = self._categories.of(tags)
        if category is None:
            return None
        return self._categorised(osm_id, category, tags, lat, lon)

    def road(self, way_id: int, tags: Tags, lat: float, lon: float) -> None:
        """A way with `highway`, at its middle."""
        importance = _STREETS.get(tags.get("highway", ""))
        names = _names(tags)
        if ref := tags.get("ref"):
            names.setdefault("", ref)
            names["ref"] = ref
        if importance is not None and names.get(""):
            self._roads.append((way_id, names, importance, lat, lon))

    def places(self) -> list[RawPlace]:
        """All of them: what is there twice once, streets merged within a settlement."""
        around = _Settlements(self._near)
        once = list(_once(self._found))
        named = around.of([(place.lat, place.lon) for place in once])
        found = [self._placed(place, near) for place, near in zip(once, named, strict=True)]
        return found + self._streets(around)

    def _place(self, osm_id: str, value: str, tags: Tags, lat: float, lon: float) -> None:
        names = _names(tags)
        if value not in _PLACES or not names.get(""):
            return
        kind, importance = _PLACES[value]
        if tags.get("capital") in ("yes", "2"):
            importance = 0.95
        people = re.sub(r"[ ,.']", "", tags.get("population", ""))
        if people.isascii() and people.isdigit() and len(people) < 10:
            importance += 0.02 * math.log10(1 + int(people))
        if kind == "settlement":
            self._near.append(_Near(names[""], value, lat, lon))
            if value in _WIDE:
                self._wide.add(osm_id)
        postcode = tags.get("postal_code", tags.get("addr:postcode", ""))
        self._found.append(
            RawPlace(osm_id, names, kind, "", "", "", "", postcode, lat, lon, min(1.0, importance + _fame(tags)))
        )

    def _categorised(self, osm_id: str, category: Category, tags: Tags, lat: float, lon: float) -> Poi | None:
        names = _names(tags)
        if category.name == "charger":
            station = charger(osm_id, tags, lat, lon)
            if station is None:
                return None
            names.setdefault("", station.name)
        elif not names.get("") and (brand := tags.get("brand") or tags.get("operator")) and category.unnamed:
            names[""] = brand
        if not names.get("") and (not category.unnamed or tags.get("access") in _CLOSED):
            return None
        for key in ("brand", "operator", "network"):
            if category.kind != "nature" and (other := tags.get(key)) and other != names.get(""):
                names[key] = other
        importance = min(1.0, category.importance + _fame(tags) + (0.03 if names.get("") else -0.05))
        if tags.get("access") in _CLOSED:
            importance *= 0.5
        place = RawPlace(
            osm_id, names, category.kind, category.name,
            tags.get("addr:street", ""), tags.get("addr:housenumber", ""), tags.get("addr:city", ""),
            tags.get("addr:postcode", ""), lat, lon, importance,
        )  # fmt: skip
        self._found.append(place)
        return None if category.kind == "nature" else Poi(category.name, names.get("", ""), importance)

    def _placed(self, place: RawPlace, near: tuple[str, str]) -> RawPlace:
        """In which settlement it is; a settlement may lie in a larger one, but is not its own."""
        settlement, district = near
        if place.kind == "settlement":
            is_itself = place.id in self._wide or settlement in place.names.values()
            return replace(place, settlement="" if is_itself else settlement)
        return replace(place, settlement=_joined(district, place.settlement or settlement))

    def _streets(self, around: "_Settlements") -> list[RawPlace]:
        merged: dict[tuple[str, str], _Street] = {}
        near = around.of([(lat, lon) for *_, lat, lon in self._roads])
        for (way_id, names, importance, lat, lon), (settlement, _) in zip(self._roads, near, strict=True):
            street = merged.setdefault((names[""], settlement), _Street(names, importance))
            street.names = names | street.names
            street.importance = max(importance, street.importance)
            street.ids.append(way_id)
            street.lats.append(lat)
            street.lons.append(lon)
        found = []
        for (_, settlement), street in merged.items():
            lats, lons = np.array(street.lats), np.array(street.lons)
            off = np.hypot(lats - lats.mean(), (lons - lons.mean()) * math.cos(math.radians(lats[0])))
            middle = int(off.argmin())  # a part of the street itself, not of the land between its parts
            (_, district), *_ = around.of([(lats[middle], lons[middle])])
            found.append(
                RawPlace(
                    f"w{min(street.ids)}", street.names, "street", "", "", "", _joined(district, settlement), "",
                    float(lats[middle]), float(lons[middle]), street.importance,
                )
            )  # fmt: skip
        return found


class _Settlements:
    """Which settlement and which district of it a place is in."""

    def __init__(self, known: Sequence[_Near]) -> None:
        self._sizes = [
            (reach_m, *self._tree([each for each in known if each.kind == kind])) for kind, reach_m in _REACH_M.items()
        ]
        districts = [each for each in known if each.kind in _DISTRICTS]
        self._districts = self._tree(districts)
        self._whose = self._settlements(_on_sphere([(each.lat, each.lon) for each in districts]))

    @staticmethod
    def _tree(of: Sequence[_Near]) -> tuple[cKDTree | None, list[str]]:
        points = [(each.lat, each.lon) for each in of]
        return (cKDTree(_on_sphere(points)) if points else None), [each.name for each in of]

    def of(self, points: Sequence[tuple[float, float]]) -> list[tuple[str, str]]:
        """Settlement and district of each point, "" where there is none."""
        if not points:
            return []
        at = _on_sphere(points)
        settlements = self._settlements(at)
        districts = [""] * len(points)
        tree, names = self._districts
        if tree is not None:
            metres, nearest = tree.query(at)
            for i in np.flatnonzero(metres < _DISTRICT_M):
                if self._whose[nearest[i]] == settlements[i]:  # not one across the border
                    districts[i] = names[nearest[i]]
        return list(zip(settlements, districts, strict=True))

    def _settlements(self, at: _Points) -> list[str]:
        best = np.full(len(at), np.inf)
        found = [""] * len(at)
        for reach_m, tree, names in self._sizes:
            if tree is None or not len(at):
                continue
            metres, nearest = tree.query(at)
            for i in np.flatnonzero((metres / reach_m < best) & (metres < _FAR_M)):
                best[i], found[i] = metres[i] / reach_m, names[nearest[i]]
        return found


def _on_sphere(points: Sequence[tuple[float, float]]) -> _Points:
    """Metres from the earth's middle, so that distances are right everywhere."""
    lat, lon = np.radians(np.array(points, float).reshape(-1, 2)).T
    earth_m = _DEGREE_M * 180 / math.pi
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]) * earth_m


def _names(tags: Tags) -> dict[str, str]:
    names: dict[str, str] = {}
    if name := tags.get("name") or tags.get("name:en"):
        names[""] = name
    for key, value in tags.items():
        if found := _LANGUAGE.fullmatch(key):
            names[found[1]] = value
        elif key in _OTHER_NAMES:
            for i, other in enumerate(value.split(";")):
                names[f"{key}{i or ''}"] = other.strip()
    if simplified := names.get("zh-Hans"):
        names["zh"] = simplified
    return names


def _address(osm_id: str, number: str, tags: Tags, lat: float, lon: float) -> RawPlace:
    street = tags.get("addr:street") or tags["addr:place"]
    return RawPlace(
        f"{osm_id}/{number}", {}, "address", "", street, number, tags.get("addr:city", ""),
        tags.get("addr:postcode", ""), lat, lon, 0.2,
    )  # fmt: skip


def _fame(tags: Tags) -> float:
    return _KNOWN_WIDELY if "wikidata" in tags or "wikipedia" in tags else 0.0


def _joined(district: str, settlement: str) -> str:
    return ", ".join(dict.fromkeys(part for part in (district, settlement) if part))


def _once(found: Sequence[RawPlace]) -> Iterator[RawPlace]:
    """A hotel that is there as a point and as its building is one hotel; so are a settlement and its area."""
    kept: dict[tuple[str, str, str], list[RawPlace]] = {}
    for place in sorted(found, key=lambda place: -place.importance):
        if place.kind == "address" or not place.names.get(""):
            yield place
            continue
        same = kept.setdefault((folded(place.names[""]), place.kind, place.category), [])
        limit_m = _SAME_M * (20 if place.kind == "settlement" else 1)
        if all(_apart_m(place, other) > limit_m for other in same):
            same.append(place)
            yield place


def _apart_m(one: RawPlace, other: RawPlace) -> float:
    across = (one.lon - other.lon + 180) % 360 - 180
    return _DEGREE_M * math.hypot(one.lat - other.lat, across * math.cos(math.radians(one.lat)))
