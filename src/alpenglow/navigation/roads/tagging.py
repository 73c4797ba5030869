"""What a way's tags say to a car: which roads it may use, in which direction, and how fast people go there.

Tags as the OpenStreetMap wiki defines them (Key:highway, Key:access, Key:oneway, Key:maxspeed, Key:tracktype).
"""

import re
from dataclasses import dataclass

from alpenglow.navigation.roads.graph import (
    BRIDGE,
    BUILT_UP,
    FERRY,
    LINK,
    PRIVATE,
    ROUNDABOUT,
    TOLL,
    TUNNEL,
    UNPAVED,
    RoadClass,
)

_CLASSES = {
    "motorway": RoadClass.MOTORWAY,
    "trunk": RoadClass.TRUNK,
    "primary": RoadClass.PRIMARY,
    "secondary": RoadClass.SECONDARY,
    "tertiary": RoadClass.TERTIARY,
    "unclassified": RoadClass.UNCLASSIFIED,
    "road": RoadClass.UNCLASSIFIED,
    "residential": RoadClass.RESIDENTIAL,
    "living_street": RoadClass.LIVING_STREET,
    "service": RoadClass.SERVICE,
    "track": RoadClass.TRACK,
}
# km/h that people drive where no limit is known: outside of towns, in towns.
_USUAL = {
    RoadClass.MOTORWAY: (115, 90),
    RoadClass.TRUNK: (85, 60),
    RoadClass.PRIMARY: (80, 50),
    RoadClass.SECONDARY: (70, 50),
    RoadClass.TERTIARY: (60, 45),
    RoadClass.UNCLASSIFIED: (50, 40),
    RoadClass.RESIDENTIAL: (35, 30),
    RoadClass.LIVING_STREET: (15, 12),
    RoadClass.SERVICE: (20, 18),
    RoadClass.TRACK: (20, 20),
    RoadClass.FERRY: (15, 15),
}
# Roads that nobody drives faster than so, whatever the sign says: km/h.
_MOST = {
    RoadClass.UNCLASSIFIED: 70,
    RoadClass.RESIDENTIAL: 45,
    RoadClass.LIVING_STREET: 20,
    RoadClass.SERVICE: 30,
    RoadClass.TRACK: 35,
}
_TRACKS = {"grade1": 35, "grade2": 28, "grade3": 20, "grade4": 12}
_SERVICES = {"parking_aisle": 10, "driveway": 12, "alley": 15, "drive-through": 8}
_UNPAVED = {
    *("unpaved", "compacted", "fine_gravel", "gravel", "pebblestone", "dirt", "earth", "ground", "grass", "mud"),
    *("sand", "rock", "snow", "ice"),
}
_UNPAVED_KMH = 35
_BAD = {"horrible", "very_horrible", "impassable"}
_OPEN = {"yes", "permissive", "designated", "official", "public"}
_LIMITED = {
    "private",
    "customers",
    "destination",
    "delivery",
    "permit",
    "residents",
    "residential",
    "permissive_private",
}
# Limits of law where only the kind of zone is tagged; without a country's own the last letters decide.
_ZONES = {
    "urban": 50,
    "rural": 90,
    "trunk": 110,
    "motorway": 130,
    "living_street": 20,
    "AD:rural": 60,
    "DE:rural": 100,
    "DE:living_street": 7,
    "FI:rural": 80,
    "FR:rural": 80,
    "ES:motorway": 120,
    "FI:motorway": 120,
    "CN:rural": 70,
    "CN:motorway": 120,
}
_MPH = 1.609344


@dataclass(frozen=True)
class Usage:
    """How a car may use a way."""

    road_class: RoadClass
    flags: int
    forward: bool
    backward: bool
    limit_forward: int  # km/h; 0 unknown
    limit_backward: int
    usual_kmh: tuple[float, float]  # where no limit is known: outside of towns, in towns
    most_kmh: float
    name: str
    duration_s: float = 0.0  # of a ferry's whole crossing; 0 unknown


def usage(tags: dict[str, str]) -> Usage | None:
    """How a car may use a way with `tags`; None where it may not."""
    highway = tags.get("highway", "")
    if tags.get("route") == "ferry":
        return _ferry(tags)
    link = highway.endswith("_link")
    road_class = _CLASSES.get(highway.removesuffix("_link"))
    access = _access(tags)
    if road_class is None or access == "no" or tags.get("area") == "yes" or tags.get("smoothness") in _BAD:
        return None
    if road_class == RoadClass.TRACK and tags.get("tracktype") == "grade5":
        return None
    if tags.get("service") == "emergency_access":
        return None
    flags = _flags(tags, road_class) | (LINK if link else 0) | (PRIVATE if access == "limited" else 0)
    forward, backward = _directions(tags, highway)
    if not forward and not backward:
        return None
    usual: tuple[float, float] = _USUAL[road_class]
    most: float = _MOST.get(road_class, 200)
    if link:
        usual = (60, 45) if road_class <= RoadClass.TRUNK else (45, 40)
    elif road_class == RoadClass.TRACK:
        usual = (_TRACKS.get(tags.get("tracktype", ""), 20),) * 2
    elif road_class == RoadClass.SERVICE and tags.get("service", "") in _SERVICES:
        usual = (_SERVICES[tags["service"]],) * 2
        most = min(most, usual[0])
    if flags & ROUNDABOUT:
        usual = (min(usual[0], 45), min(usual[1], 40))
    if flags & UNPAVED:
        usual = (min(usual[0], _UNPAVED_KMH), min(usual[1], _UNPAVED_KMH))
        most = min(most, _UNPAVED_KMH)
    limit = _limit(tags, "maxspeed") or _zone(tags)
    return Usage(
        road_class,
        flags,
        forward,
        backward,
        _limit(tags, "maxspeed:forward") or limit,
        _limit(tags, "maxspeed:backward") or limit,
        usual,
        most,
        tags.get("name") or tags.get("ref", ""),
    )


def _ferry(tags: dict[str, str]) -> Usage | None:
    carries = tags.get("motor_vehicle") or tags.get("motorcar") or tags.get("vehicle")
    if carries in ("no", "private") or (carries is None and tags.get("foot") in ("yes", "designated")):
        return None
    forward, backward = _directions(tags, "")
    usual = _USUAL[RoadClass.FERRY]
    name = tags.get("name", "")
    return Usage(
        RoadClass.FERRY,
        FERRY | _toll(tags),
        forward,
        backward,
        0,
        0,
        usual,
        60,
        name,
        duration(tags.get("duration", "")),
    )


def _access(tags: dict[str, str]) -> str:
    """ "yes", "limited" or "no", by the most particular tag."""
    for key in ("motorcar", "motor_vehicle", "vehicle", "access"):
        value = tags.get(key)
        if value is not None:
            return "yes" if value in _OPEN else "limited" if value in _LIMITED else "no"
    return "yes"


def _flags(tags: dict[str, str], road_class: RoadClass) -> int:
    flags = _toll(tags)
    surface = tags.get("surface", "").split(";")[0].split(":")[0]
    rough = road_class == RoadClass.TRACK and tags.get("tracktype") != "grade1" and not surface
    if surface in _UNPAVED or rough:
        flags |= UNPAVED
    if tags.get("tunnel", "no") not in ("no", "building_passage"):
        flags |= TUNNEL
    if tags.get("bridge", "no") != "no":
        flags |= BRIDGE
    if tags.get("junction") in ("roundabout", "circular"):
        flags |= ROUNDABOUT
    if tags.get("lit") == "yes" or tags.get("sidewalk", "no") in ("both", "left", "right", "yes", "separate"):
        flags |= BUILT_UP
    return flags


def _toll(tags: dict[str, str]) -> int:
    return TOLL if tags.get("toll") == "yes" or tags.get("toll:motorcar") == "yes" else 0


def _directions(tags: dict[str, str], highway: str) -> tuple[bool, bool]:
    """(forward, backward)"""
    value = tags.get("oneway:motor_vehicle") or tags.get("oneway:motorcar") or tags.get("oneway")
    if value in ("-1", "reverse"):
        return False, True
    if value in ("yes", "1", "true"):
        return True, False
    if value == "reversible":
        return False, False
    implied = tags.get("junction") in ("roundabout", "circular") or highway in ("motorway", "motorway_link")
    return True, not implied or value in ("no", "0", "false")


def _limit(tags: dict[str, str], key: str) -> int:
    """km/h; 0 where none is known."""
    value = tags.get(key, "").split(";")[0].strip()
    if value == "walk":
        return 7
    found = re.fullmatch(r"(\d{1,3})(?:\.\d+)?\s*(mph|km/h|kmh)?", value)
    if found:
        return min(255, round(int(found[1]) * (_MPH if found[2] == "mph" else 1.0)))
    return _by_zone(value)


def _zone(tags: dict[str, str]) -> int:
    for key in ("maxspeed:type", "source:maxspeed", "zone:maxspeed", "zone:traffic"):
        if limit := _by_zone(tags.get(key, "")):
            return limit
    return 0


def _by_zone(value: str) -> int:
    if ":" not in value:
        return 0
    kind = value.split(":", 1)[1]
    if kind.removeprefix("zone").isdigit():  # "DE:zone30", "DE:30"
        return int(kind.removeprefix("zone"))
    return _ZONES.get(value) or _ZONES.get(kind, 0)


def duration(text: str) -> float:
    """Seconds of a `duration` tag ("00:35", "35", "PT1H5M"); 0 where it says nothing."""
    if found := re.fullmatch(r"(?:(\d+):)?(\d{1,3}):(\d\d)|(\d+)", text.strip()):
        if found[4]:
            return int(found[4]) * 60.0
        if found[1]:  # hours, minutes, seconds
            return int(found[1]) * 3600.0 + int(found[2]) * 60.0 + int(found[3])
        return int(found[2]) * 3600.0 + int(found[3]) * 60.0
    if found := re.fullmatch(r"P(?:T)?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", text.strip()):
        return int(found[1] or 0) * 3600.0 + int(found[2] or 0) * 60.0 + int(found[3] or 0)
    return 0.0
