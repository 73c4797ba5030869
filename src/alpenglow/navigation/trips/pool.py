"""The stations that a trip may use: those that fit the car and its driver, near enough to the way."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from alpenglow.navigation.api import Options, Position
from alpenglow.navigation.region.chargers import Station
from alpenglow.navigation.roads.snapping import Snap, Snapper
from alpenglow.navigation.trips.chargers import PLUG_IN_S, Status, Usable, usable

MOST = 40  # stations that one trip is planned over
_ELSEWHERE_S = 900.0  # how much longer a trip may take to charge at a preferred network
_ASSUMED_S = 300.0  # … or at a station of which the map tells plug and power
_AROUND = 1.6  # how much further than straight a station may lie, and
_AROUND_M = 20e3  # how much at least
_ROAD_M = 300.0  # from a station to its road


@dataclass(frozen=True)
class Candidate:
    """A usable station and the road it is on."""

    station: Usable
    snap: Snap
    overhead_s: float
    cost_s: float


class Pool:
    """The stations of a region on its roads."""

    def __init__(self, stations: Sequence[Station], snapper: Snapper) -> None:
        self.stations = stations
        self._snapper = snapper
        self._snaps: dict[str, Snap | None] = {}

    def __len__(self) -> int:
        return len(self.stations)

    def all(self, plugs: frozenset[str], options: Options, status: Mapping[str, Status]) -> list[Candidate]:
        """Every station where this car can charge."""
        found = []
        for station in self.stations:
            fits = usable(station, plugs, status.get(station.id))
            snap = self._snap(station) if fits else None
            if fits is not None and snap is not None:
                cost = 0.0 if not options.networks or _is_of(station.network, options.networks) else _ELSEWHERE_S
                cost += 0.0 if fits.charger.known else _ASSUMED_S
                found.append(Candidate(fits, snap, PLUG_IN_S + fits.waiting_s, cost))
        return found

    def _snap(self, station: Station) -> Snap | None:
        if station.id not in self._snaps:
            where = station.position
            self._snaps[station.id] = self._snapper.nearest(where.latitude, where.longitude, limit_m=_ROAD_M)
        return self._snaps[station.id]


def near(candidates: Sequence[Candidate], places: Sequence[Position]) -> list[Candidate]:
    """Those around the way through `places`; the strongest and the least out of the way where there are too many."""
    if len(candidates) <= MOST:
        return list(candidates)
    straight = sum(distance_m(a, b) for a, b in pairwise(places))

    def beside_m(candidate: Candidate) -> float:
        where = candidate.station.charger.position
        return min(distance_m(a, where) + distance_m(where, b) - distance_m(a, b) for a, b in pairwise(places))

    width = max(_AROUND_M, (_AROUND - 1.0) * straight)
    inside = [(beside_m(c), c) for c in candidates]
    inside = [(beside, c) for beside, c in inside if beside <= width]
    # A share of them for each part of the way, so that no stretch is left without.
    parts: dict[int, list[tuple[float, Candidate]]] = {}
    for beside, candidate in inside:
        gone = distance_m(places[0], candidate.station.charger.position) / max(1.0, straight)
        hour = 0.0 if candidate.station.direct else 30e3  # an hour of alternating current is worth a long way round
        parts.setdefault(int(min(0.999, gone) * 10), []).append((beside + hour, candidate))
    chosen: list[Candidate] = []
    rows = [[c for _, c in sorted(part, key=lambda pair: pair[0])] for part in parts.values()]
    while len(chosen) < MOST and any(rows):
        chosen += [row.pop(0) for row in rows if row][: MOST - len(chosen)]
    return chosen


def _is_of(network: str, wanted: Sequence[str]) -> bool:
    return any(name.casefold() in network.casefold() for name in wanted if name)


def distance_m(a: Position, b: Position) -> float:
    """Metres as the crow flies; good to a thousandth within a region."""
    middle = math.radians((a.latitude + b.latitude) / 2.0)
    return 111_195.0 * math.hypot(a.latitude - b.latitude, (a.longitude - b.longitude) * math.cos(middle))
