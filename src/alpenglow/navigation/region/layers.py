"""What of the map is drawn, in which layer of the vector tiles, and from which zoom on.

Layers and their properties are what the pages' style reads: docs/maps.md has the table.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

type Value = str | int | float
type Tags = Mapping[str, str]

LOWEST_ZOOM, HIGHEST_ZOOM = 5, 14
LANGUAGES = ("en", "de", "zh", "ar")


class Drawn(NamedTuple):
    """One feature of the tiles, without its shape."""

    layer: str
    zoom: int  # the first that has it
    properties: dict[str, Value]


# fmt: off
_ROADS: dict[str, tuple[str, int]] = {
    "motorway": ("motorway", 5), "trunk": ("trunk", 5), "primary": ("primary", 7), "secondary": ("secondary", 9),
    "tertiary": ("tertiary", 10), "motorway_link": ("motorway", 10), "trunk_link": ("trunk", 10),
    "primary_link": ("primary", 11), "secondary_link": ("secondary", 11), "tertiary_link": ("tertiary", 12),
    "unclassified": ("minor", 12), "residential": ("minor", 12), "living_street": ("minor", 12), "road": ("minor", 12),
    "service": ("service", 13), "track": ("track", 13), "pedestrian": ("path", 13), "footway": ("path", 14),
    "path": ("path", 13), "cycleway": ("path", 13), "bridleway": ("path", 14), "steps": ("path", 14),
}
_RAILS = {"rail": 9, "narrow_gauge": 10, "light_rail": 11, "funicular": 12, "tram": 13}
_WATERWAYS = {"river": 8, "canal": 10, "stream": 12, "drain": 14, "ditch": 14}
_PLACES: dict[str, tuple[int, int]] = {  # zoom, rank
    "city": (5, 2), "town": (7, 3), "village": (10, 4), "suburb": (11, 5), "quarter": (12, 6), "hamlet": (12, 6),
    "neighbourhood": (13, 7), "isolated_dwelling": (13, 8), "locality": (13, 8), "island": (10, 6),
}
_LAND: dict[tuple[str, str], tuple[str, int]] = {
    (key, value): (kind, zoom)
    for kind, zoom, keys in (
        ("forest", 7, "landuse=forest natural=wood"),
        ("grass", 10, "landuse=grass landuse=meadow landuse=village_green landuse=recreation_ground natural=grassland "
                      "leisure=golf_course landuse=greenfield landuse=flowerbed"),
        ("park", 11, "leisure=park leisure=garden leisure=dog_park leisure=common"),
        ("farmland", 10, "landuse=farmland landuse=farmyard landuse=orchard landuse=vineyard landuse=allotments "
                         "landuse=greenhouse_horticulture landuse=plant_nursery"),
        ("scrub", 9, "natural=scrub natural=heath natural=fell natural=tundra"),
        ("rock", 9, "natural=bare_rock natural=scree natural=rock natural=shingle"),
        ("sand", 10, "natural=sand natural=beach natural=dune"),
        ("glacier", 7, "natural=glacier"),
        ("wetland", 10, "natural=wetland natural=mud"),
        ("residential", 8, "landuse=residential"),
        ("commercial", 10, "landuse=commercial landuse=retail"),
        ("industrial", 10, "landuse=industrial landuse=brownfield landuse=landfill landuse=quarry landuse=railway "
                           "landuse=construction landuse=port landuse=depot"),
        ("cemetery", 12, "landuse=cemetery amenity=grave_yard"),
        ("institution", 12, "amenity=school amenity=university amenity=college amenity=kindergarten amenity=hospital "
                            "landuse=education landuse=institutional"),
        ("sport", 13, "leisure=pitch leisure=stadium leisure=sports_centre leisure=track leisure=playground"),
        ("parking", 13, "amenity=parking"),
        ("airfield", 9, "aeroway=aerodrome aeroway=apron aeroway=runway aeroway=taxiway"),
        ("square", 13, "place=square"),
        ("pier", 12, "man_made=pier man_made=breakwater"),
    )
    for key, value in (pair.split("=") for pair in keys.split())
}
_WATER: dict[tuple[str, str], tuple[str, int]] = {
    ("natural", "water"): ("lake", 7), ("landuse", "reservoir"): ("lake", 7), ("landuse", "basin"): ("lake", 12),
    ("waterway", "riverbank"): ("river", 9), ("waterway", "dock"): ("dock", 11), ("natural", "bay"): ("", 99),
    ("leisure", "swimming_pool"): ("pool", 14),
}
_BOUNDARIES = {2: 5, 3: 6, 4: 6, 5: 8, 6: 8, 7: 10, 8: 11}
# fmt: on
_COVER_KEYS = ("natural", "landuse", "leisure", "amenity", "waterway", "aeroway", "place", "man_made")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_STOREY_M = 3.2
_TALLEST_M = 1000.0


def of_point(tags: Tags) -> list[Drawn]:
    """What a node shows by itself; points of interest come from the place index instead."""
    drawn = []
    name = _name(tags)
    if name and (found := _PLACES.get(tags.get("place", ""))):
        zoom, rank = found
        capital = tags.get("capital") in ("yes", "2")
        properties: dict[str, Value] = {"kind": tags["place"], "rank": 1 if capital else rank, **_names(tags, name)}
        if population := _number(tags.get("population", "").replace(" ", "").replace(",", "")):
            properties["population"] = int(population)
        drawn.append(Drawn("places", LOWEST_ZOOM if capital else zoom, properties))
    if tags.get("natural") in ("peak", "volcano", "saddle") and name:
        properties = {"kind": tags["natural"], "name": name}
        if height := _number(tags.get("ele", "")):
            properties["ele"] = round(height)
        drawn.append(Drawn("peaks", 11 if tags["natural"] != "saddle" else 13, properties))
    return drawn


def of_line(tags: Tags, boundary: int | None = None) -> list[Drawn]:
    """What a way shows as a line; `boundary` is the highest administrative level (2: country) that it divides."""
    drawn = []
    if tags.get("area") != "yes" and (road := _road(tags)):
        drawn.append(road)
    if (zoom := _WATERWAYS.get(tags.get("waterway", ""))) and "tunnel" not in tags:
        drawn.append(Drawn("water", zoom, {"kind": tags["waterway"], **_named(tags)}))
    if boundary in _BOUNDARIES:
        drawn.append(Drawn("boundaries", _BOUNDARIES[boundary], {"level": boundary}))
    if tags.get("man_made") in ("pier", "breakwater") and tags.get("area") != "yes":
        drawn.append(Drawn("land", 12, {"kind": "pier"}))
    return drawn


def of_area(tags: Tags) -> list[Drawn]:
    """What a closed way or a multipolygon shows as a surface."""
    drawn = []
    if tags.get("building", "no") != "no" and tags.get("location") != "underground":
        properties: dict[str, Value] = {}
        height_m = _number(tags.get("height", "")) or _STOREY_M * _number(tags.get("building:levels", ""))
        if 0 < height_m < _TALLEST_M:
            properties["height"] = round(height_m, 1)
        drawn.append(Drawn("buildings", 13, properties))
        return drawn
    if tags.get("highway") == "pedestrian" or (tags.get("area") == "yes" and tags.get("highway")):
        return [Drawn("land", 13, {"kind": "square"})]
    for key in _COVER_KEYS:
        value = tags.get(key)
        if value is None:
            continue
        if found := _WATER.get((key, value)):
            if found[0] and tags.get("location") != "underground":
                drawn.append(Drawn("water", found[1], {"kind": found[0], **_named(tags)}))
            break
        if (found := _LAND.get((key, value))) and tags.get("parking") not in ("underground", "multi-storey"):
            drawn.append(Drawn("land", found[1], {"kind": found[0], **_named(tags)}))
            break
    return drawn


def of_poi(category: str, name: str, importance: float) -> Drawn:
    """A point of interest of the place index; chargers and what is known widely are seen from farther away."""
    return Drawn("pois", 12 if category == "charger" or importance > 0.5 else 14, {"category": category, "name": name})


def level(tags: Tags) -> int | None:
    """The administrative level that a boundary divides; None for other kinds of boundary."""
    if tags.get("boundary") != "administrative" or tags.get("maritime") == "yes":
        return None
    text = tags.get("admin_level", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else None


def _road(tags: Tags) -> Drawn | None:
    properties: dict[str, Value]
    if found := _ROADS.get(highway := tags.get("highway", "")):
        kind, zoom = found
        properties = {"kind": kind}
        if highway.endswith("_link"):
            properties["link"] = 1
        if highway == "service" and "service" in tags:  # driveways and the aisles of car parks
            zoom = 14
    elif tags.get("route") == "ferry":
        properties, zoom = {"kind": "ferry"}, 7
    elif tags.get("railway") in _RAILS:
        properties, zoom = {"kind": "rail"}, _RAILS[tags["railway"]]
        if tags["railway"] in ("tram", "light_rail"):
            properties["light"] = 1
        if "service" in tags:  # yards and sidings
            zoom = 13
    else:
        return None
    properties |= _named(tags)
    if ref := tags.get("ref"):
        properties["ref"] = ref
    for key in ("tunnel", "bridge"):
        if tags.get(key, "no") != "no":
            properties[key] = 1
    if tags.get("oneway") in ("yes", "1", "true") or (
        tags.get("junction") == "roundabout" or highway in ("motorway", "motorway_link")
    ):
        properties["oneway"] = 1
    elif tags.get("oneway") in ("-1", "reverse"):
        properties["oneway"] = -1
    if (text := tags.get("layer", "").removeprefix("-")).isdigit() and text.isascii() and len(text) < 3:
        properties["layer"] = int(tags["layer"])
    return Drawn("roads", zoom, properties)


def _name(tags: Tags) -> str:
    return tags.get("name") or tags.get("name:en", "")


def _named(tags: Tags) -> dict[str, Value]:
    name = _name(tags)
    return {"name": name} if name else {}


def _names(tags: Tags, name: str) -> dict[str, Value]:
    others = {f"name_{code}": tags[f"name:{code}"] for code in LANGUAGES if tags.get(f"name:{code}", name) != name}
    return {"name": name, **others}


def _number(text: str) -> float:
    """The first number in a text, 0 without any."""
    found = _NUMBER.search(text)
    return float(found[0]) if found and len(found[0]) < 12 else 0.0
