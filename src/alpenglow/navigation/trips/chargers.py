"""The charging stations of a map as one car can use them: which plug, how much power, how long the queue."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import msgspec

from alpenglow.navigation.api import Charger, ChargerState
from alpenglow.navigation.region.chargers import Station

PLUG_IN_S = 120.0  # from stopping to current flowing and from its end to driving: plugging in, paying, unplugging
_DIRECT = frozenset({"ccs", "ccs1", "chademo", "tesla", "tesla_ccs"})
_FITS = {"tesla_ccs": "ccs"}  # a plug that a car with another name for it takes
_ASSUMED_PLUG = "type2"  # what stations of which the map says nothing mostly have

# kW of a plug of which the map tells no power: the least that is usual, so that a plan errs towards the longer stop.
_ASSUMED_KW = {
    "type2": 11.0,
    "type1": 7.4,
    "schuko": 2.3,
    "ccs": 50.0,
    "ccs1": 50.0,
    "chademo": 50.0,
    "tesla": 120.0,
    "tesla_ccs": 120.0,
}
_SESSION_S = {True: 1500.0, False: 5400.0}  # how long others usually charge: direct current, alternating current


class ChargersError(ValueError):
    """A file of chargers that cannot be used; one line for the person who can mend it."""


@dataclass(frozen=True)
class Status:
    """What is known of a station right now."""

    state: ChargerState = "unknown"
    queue: int = 0  # cars that wait before this one


@dataclass(frozen=True)
class Usable:
    """A station where this car can charge."""

    charger: Charger  # as people see it: its power is that of `plug`
    plug: str
    power_kw: float
    direct: bool  # direct current
    waiting_s: float


def load_chargers(file: Path) -> list[Station]:
    """The stations of a region; ChargersError where the file is missing or damaged."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=list[Station])
    except OSError as error:
        raise ChargersError(f"{file}: {error.strerror or error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ChargersError(f"{file}: {error}: add the map again") from None


def usable(station: Station, plugs: Collection[str], status: Status | None = None) -> Usable | None:
    """`station` for a car that has `plugs`; None where none of them fits or it is out of order."""
    now = status or Status()
    if now.state == "out_of_order":
        return None
    best: tuple[float, str] | None = None
    for plug in station.plugs or [_ASSUMED_PLUG]:
        if plug in plugs or _FITS.get(plug) in plugs:
            power_kw = station.outputs.get(plug) or _share(station, plug)
            best = max(best, (power_kw, plug)) if best else (power_kw, plug)
    if best is None:
        return None
    power_kw, plug = best
    direct = plug in _DIRECT
    charger = Charger(
        id=station.id,
        name=station.name,
        position=station.position,
        network=station.network,
        plugs=station.plugs,
        power_kw=power_kw,
        known=plug in station.outputs,
        points=station.points,
        state=now.state,
    )
    return Usable(charger, plug, power_kw, direct, _waiting_s(now, max(1, station.points), direct))


def _share(station: Station, plug: str) -> float:
    """kW of a plug of which the map tells none of its own: the station's, where it can be this plug's."""
    assumed = _ASSUMED_KW.get(plug, _ASSUMED_KW[_ASSUMED_PLUG])
    if not station.power_kw:
        return assumed
    others = [output for other, output in station.outputs.items() if other != plug]
    return assumed if station.power_kw in others else station.power_kw


def _waiting_s(status: Status, points: int, direct: bool) -> float:
    """How long until a point is free: sessions end evenly spread over all points."""
    if status.state != "busy" and not status.queue:
        return 0.0
    return _SESSION_S[direct] * (1.0 / (points + 1) + status.queue / points)
