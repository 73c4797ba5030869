"""Charging stations as the map tells of them: a plug is `socket:type2=4`, its power `socket:type2:output=22 kW`.

Many stations have neither. Such a station is still a place to go to, marked as not known.
"""

import re
from collections.abc import Mapping

import msgspec

from alpenglow.navigation.api import Charger, Position

# https://wiki.openstreetmap.org/wiki/Key:socket; those with which no car charges are left out.
_PLUGS = {
    "type2_combo": "ccs",
    "ccs": "ccs",
    "type1_combo": "ccs1",
    "chademo": "chademo",
    "type2": "type2",
    "type2_cable": "type2",
    "type1": "type1",
    "type1_cable": "type1",
    "tesla_supercharger": "tesla",
    "tesla_supercharger_ccs": "tesla_ccs",
    "tesla_destination": "type2",
    "schuko": "schuko",
    "typee": "schuko",
}
_NOBODY = ("no", "private")
_POWER = re.compile(r"(\d+(?:[.,]\d+)?)\s*(k?)\s*(?:w|va)?\b", re.IGNORECASE)
_MOST_KW = 1500.0  # what is stronger is a slip of the pen


class Station(Charger, frozen=True, kw_only=True):
    """A charger with what each of its plugs gives; plugs of which the map tells no power are not in `outputs`."""

    outputs: dict[str, float] = msgspec.field(default_factory=dict)  # plug -> kW


def charger(osm_id: str, tags: Mapping[str, str], lat: float, lon: float) -> Station | None:
    """The charging station that these tags describe; None where it is none, or none for the public's cars."""
    if tags.get("amenity") != "charging_station" or not _is_for_cars(tags):
        return None
    sockets = {plug: count for key, plug in _PLUGS.items() if (count := _count(tags.get(f"socket:{key}", "")))}
    outputs: dict[str, float] = {}
    for key, plug in _PLUGS.items():
        power_kw = _power_kw(tags.get(f"socket:{key}:output", ""))
        if power_kw:
            sockets.setdefault(plug, 1)
            outputs[plug] = max(power_kw, outputs.get(plug, 0.0))
    strongest_kw = max(outputs.values(), default=_power_kw(tags.get("charging_station:output", "")))
    network = tags.get("network") or tags.get("brand") or tags.get("operator") or ""
    return Station(
        id=osm_id,
        name=tags.get("name") or network,
        position=Position(latitude=lat, longitude=lon),
        network=network,
        plugs=list(sockets),
        power_kw=strongest_kw,
        known=bool(sockets) and strongest_kw > 0,
        points=_count(tags.get("capacity", "")) or sum(sockets.values()) or 1,
        outputs=outputs,
    )


def _is_for_cars(tags: Mapping[str, str]) -> bool:
    if tags.get("access") in _NOBODY or tags.get("motorcar") in _NOBODY:
        return False
    others = any(tags.get(who) in ("yes", "designated") for who in ("bicycle", "scooter", "motorcycle"))
    return not others or tags.get("motorcar") in ("yes", "designated")


def _count(text: str) -> int:
    """How many; "yes" is one, and so is what says nothing that can be read. 0 for none."""
    if not text or text == "no":
        return 0
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def _power_kw(text: str) -> float:
    """The strongest of "22 kW", "22", "50 kW;150 kW", "22000 W". 0 where nothing can be read."""
    strongest_kw = 0.0
    for number, kilo in _POWER.findall(text):
        value = float(number.replace(",", "."))
        if not kilo and value > _MOST_KW:
            value /= 1000  # watts
        if value <= _MOST_KW:
            strongest_kw = max(strongest_kw, value)
    return strongest_kw
