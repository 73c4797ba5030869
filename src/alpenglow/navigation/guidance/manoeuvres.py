"""What is to be done along a route. Valhalla says it, asked to follow our path; where it cannot, the roads themselves.

Valhalla's own route would differ from ours where the battery has a say, so it is given the points of the path and
only names what happens on it. Words are ours (`speech`), since it knows neither charging stops nor all our languages.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Protocol

import msgspec

from alpenglow.navigation.api import Maneuver, ManeuverKind, Position
from alpenglow.navigation.guidance.geometry import turn
from alpenglow.navigation.guidance.matching import Matcher
from alpenglow.navigation.guidance.speech import instruction
from alpenglow.navigation.guidance.way import Way
from alpenglow.navigation.roads.graph import FERRY, ROUNDABOUT, Roads

# Valhalla's DirectionsLeg.Maneuver.Type; what is not here is nothing to be told.
_KINDS: dict[int, ManeuverKind] = {
    9: "slight_right", 10: "right", 11: "sharp_right", 12: "u_turn", 13: "u_turn", 14: "sharp_left", 15: "left",
    16: "slight_left", 17: "keep_straight", 18: "ramp_right", 19: "ramp_left", 20: "exit_right", 21: "exit_left",
    22: "keep_straight", 23: "keep_right", 24: "keep_left", 25: "merge", 26: "roundabout", 28: "ferry", 37: "merge",
    38: "merge",
}  # fmt: skip
_ROUNDABOUT, _ROUNDABOUT_END = 26, 27
# Bits of a lane's directions, valhalla/baldr/turnlanes.h
_ARROWS = (
    (2, "through"),
    (4, "sharp_left"),
    (8, "left"),
    (16, "slight_left"),
    (32, "slight_right"),
    (64, "right"),
    (128, "sharp_right"),
    (256, "reverse"),
    (512, "merge_to_left"),
    (1024, "merge_to_right"),
)
_WINDOW_M = 250.0  # how far two lengths of one path may differ
_OFF_M = 25.0
_PRECISION = 1e6  # of an encoded line
_BESIDE_DEG = 45.0  # roads nearer to straight on than this may be mistaken for it


class Router(Protocol):
    """Valhalla's Actor."""

    def trace_route(self, request: dict[str, Any] | str) -> Any:
        """Manoeuvres along given points."""


class Stopover(msgspec.Struct, frozen=True):
    """What a leg ends at."""

    kind: ManeuverKind  # "via", "charge" or "arrive"
    name: str


def maneuvers(
    way: Way, stopovers: Sequence[Stopover], router: Router | None, roads: Roads, matcher: Matcher, language: str
) -> list[Maneuver]:
    """What to do along `way`, whose legs end at `stopovers`."""
    found: list[Maneuver] = []
    begin = 0.0
    ends = [*zip(way.ends, stopovers, strict=True), *((via, Stopover("via", "")) for via in way.vias)]
    for end, stopover in sorted(ends, key=lambda each: each[0]):
        found.append(_made(way, "depart", begin, _street(roads, way, begin), language))
        within = None if router is None else _traced(way, begin, end, router, language)
        found += _seen(way, begin, end, roads, matcher, language) if within is None else within
        found.append(_made(way, stopover.kind, end, stopover.name, language))
        begin = end
    return found


def _made(way: Way, kind: ManeuverKind, at: float, street: str, language: str, exit_: int = 0) -> Maneuver:
    lat, lon = way.place(at)
    name = street if kind in ("charge", "arrive", "via") else ""
    text = instruction(kind, "" if name else street, exit_, name, language)
    return Maneuver(
        kind=kind, at_m=at, position=Position(latitude=lat, longitude=lon), street=street, exit=exit_, text=text
    )


def _street(roads: Roads, way: Way, at: float) -> str:
    return roads.names[int(roads.name[way.edge_at(at)])]


# -- by Valhalla -------------------------------------------------------------------------------------------------------


def _traced(way: Way, begin: float, end: float, router: Router, language: str) -> list[Maneuver] | None:
    """The manoeuvres between two stopovers; None where Valhalla cannot follow the path."""
    inner = [i for i, at in enumerate(way.distance_m) if begin < at < end]
    points = [way.place(begin), *((float(way.lat[i]), float(way.lon[i])) for i in inner), way.place(end)]
    request = {
        "encoded_polyline": encode(points),
        "costing": "auto",
        "shape_match": "walk_or_snap",
        "turn_lanes": True,
        "directions_options": {"units": "kilometers", "language": "en-US"},
    }
    try:
        trip = router.trace_route(request)["trip"]
        (leg,) = trip["legs"]
        shape = decode(leg["shape"])
        told = list(leg["maneuvers"])
    except (RuntimeError, KeyError, ValueError, TypeError):  # what the binding raises where the tiles have no such way
        return None
    found: list[Maneuver] = []
    last, passed, length = begin, 0.0, max(1e-3, sum(float(m.get("length", 0.0)) for m in told))
    for number, each in enumerate(told):
        expected = begin + (end - begin) * passed / length
        passed += float(each.get("length", 0.0))
        kind = _KINDS.get(int(each.get("type", 0)))
        if kind is None:
            continue
        lat, lon = shape[int(each["begin_shape_index"])]
        at, off = way.nearest(lat, lon, max(last, expected - _WINDOW_M), min(end, expected + _WINDOW_M))
        if off > _OFF_M:
            return None  # it went another way
        last = at
        street = _named(each)
        exit_ = int(each.get("roundabout_exit_count", 0))
        if kind == "roundabout" and number + 1 < len(told) and int(told[number + 1]["type"]) == _ROUNDABOUT_END:
            street = _named(told[number + 1])
        made = _made(way, kind, at, street, language, exit_)
        found.append(msgspec.structs.replace(made, lanes=lanes(each.get("lanes", ()))))
    return found


def _named(told: dict[str, Any]) -> str:
    """The road after a manoeuvre: what stands on its first stretch."""
    for key in ("begin_street_names", "street_names"):
        if names := told.get(key):
            return str(names[0])
    signs = told.get("sign", {})
    for key in ("exit_toward_elements", "exit_branch_elements", "exit_name_elements"):
        if elements := signs.get(key):
            return str(elements[0].get("text", ""))
    return ""


def lanes(told: Sequence[dict[str, int]]) -> list[str]:
    """Valhalla's lanes as `api.Maneuver.lanes` has them."""
    shown = []
    for lane in told:
        mask, good = int(lane.get("directions", 0)), bool(lane.get("active", 0) or lane.get("valid", 0))
        arrows = "|".join(name for bit, name in _ARROWS if mask & bit) or "none"
        shown.append(f"!{arrows}" if good else arrows)
    return shown


def encode(points: Sequence[tuple[float, float]]) -> str:
    """Points as an encoded polyline of six digits."""
    text: list[str] = []
    before = [0, 0]
    for point in points:
        for axis in (0, 1):
            value = round(point[axis] * _PRECISION)
            step = (value - before[axis]) << 1
            before[axis] = value
            step = ~step if step < 0 else step
            while step >= 0x20:
                text.append(chr((0x20 | (step & 0x1F)) + 63))
                step >>= 5
            text.append(chr(step + 63))
    return "".join(text)


def decode(text: str) -> list[tuple[float, float]]:
    """The points of an encoded polyline of six digits."""
    values: list[int] = []
    number = shift = 0
    for letter in text:
        bits = ord(letter) - 63
        number |= (bits & 0x1F) << shift
        shift += 5
        if bits < 0x20:
            values.append(~(number >> 1) if number & 1 else number >> 1)
            number = shift = 0
    points: list[tuple[float, float]] = []
    lat = lon = 0
    for i in range(0, len(values) - 1, 2):
        lat, lon = lat + values[i], lon + values[i + 1]
        points.append((lat / _PRECISION, lon / _PRECISION))
    return points


# -- by the roads ------------------------------------------------------------------------------------------------------


def _seen(way: Way, begin: float, end: float, roads: Roads, matcher: Matcher, language: str) -> list[Maneuver]:
    """The manoeuvres between two stopovers, from the angles of the roads at each junction."""
    found: list[Maneuver] = []
    steps = [(at, int(way.edge[i])) for i, at in enumerate(way.distance_m) if i == 0 or way.edge[i] != way.edge[i - 1]]
    circle_at, exits = -1.0, 0
    for (_, before), (at, after) in pairwise(steps):
        if not begin < at < end:
            continue
        others = [e for e in matcher.following(before) if e not in (after, int(roads.twin[before]))]
        was_round, is_round = (bool(roads.flags[e] & ROUNDABOUT) for e in (before, after))
        if is_round:
            if not was_round:
                circle_at, exits = at, 0
            exits += sum(1 for e in others if not roads.flags[e] & ROUNDABOUT)
            continue
        if was_round and circle_at >= 0.0:
            found.append(_made(way, "roundabout", circle_at, _street(roads, way, at), language, exits + 1))
            circle_at = -1.0
            continue
        if roads.flags[after] & FERRY and not roads.flags[before] & FERRY:
            found.append(_made(way, "ferry", at, _street(roads, way, at), language))
            continue
        angle = turn(matcher.heading(before, 1.0), matcher.heading(after, 0.0))
        kind = _kind(angle)
        if after == int(roads.twin[before]):
            kind = "u_turn"
        elif not others:
            continue
        elif kind == "straight":
            ahead = matcher.heading(before, 1.0)
            clear = min(abs(turn(ahead, matcher.heading(e, 0.0))) for e in others) > _BESIDE_DEG
            if clear or roads.name[before] == roads.name[after]:
                continue
        found.append(_made(way, kind, at, _street(roads, way, at), language))
    return found


def _kind(angle: float) -> ManeuverKind:
    side = "right" if angle > 0 else "left"
    size = abs(angle)
    if size < 20.0:
        return "straight"
    if size > 165.0:
        return "u_turn"
    form = "slight_" if size < 45.0 else "sharp_" if size > 125.0 else ""
    return f"{form}{side}"  # type: ignore[return-value]  # one of ManeuverKind
