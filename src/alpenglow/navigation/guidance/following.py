"""A trip that is being followed: where the car is on it, what comes next, what will be left at its end."""

from dataclasses import dataclass

import msgspec
import numpy as np

from alpenglow.navigation import api
from alpenglow.navigation.guidance.locating import Located
from alpenglow.navigation.guidance.manoeuvres import Router, Stopover, maneuvers
from alpenglow.navigation.guidance.matching import Matcher
from alpenglow.navigation.guidance.progress import Place, Progress
from alpenglow.navigation.guidance.record import Record
from alpenglow.navigation.guidance.saying import Announcer
from alpenglow.navigation.guidance.speech import Units, instruction
from alpenglow.navigation.guidance.way import Way, free_seconds, lay
from alpenglow.navigation.roads.graph import Floats, Roads
from alpenglow.navigation.trips.legs import KWH
from alpenglow.navigation.trips.plan import Planned

_SAME_S = 0.5  # of a way's time at each of its points
_SLOWED = 0.005  # s/m lost to traffic while driving: others set the speed
_NAMED = ("charge", "arrive", "via")


@dataclass(frozen=True)
class Ahead:
    """What lies ahead."""

    distance_m: float
    time_s: float  # charging and waiting included
    charge: float  # on arrival
    stop: api.Stop | None
    stop_distance_m: float
    stop_charge: float


class Following:
    """One trip."""

    def __init__(
        self, planned: Planned, way: Way, found: list[api.Maneuver], language: str, units: Units, now_s: float = 0.0
    ) -> None:
        """`now_s`: s, monotonic; the plan is of that moment."""
        self.planned, self.way = planned, way
        self.progress = Progress(way)
        self.edges = frozenset(way.starts)
        self.announcer = Announcer(found, language, units)
        self.record = Record(planned, way, now_s)
        self.saved_s = 0.0  # by having been taken instead of a way with more traffic
        self.free_s: Floats | None = None  # driving to each point of the way were it free; None: it is

    @property
    def trip(self) -> api.Trip:
        """What is followed."""
        return self.planned.trip

    @property
    def maneuvers(self) -> list[api.Maneuver]:
        """All of them."""
        return self.announcer.maneuvers

    def speak(self, language: str, units: Units) -> None:
        """Go on in another language."""
        if language == self.announcer.language and units == self.announcer.units:
            return
        self.announcer.language, self.announcer.units = language, units
        self.announcer.maneuvers = [_told(each, language) for each in self.maneuvers]

    def update(self, located: Located) -> Place:
        """The car is somewhere else."""
        before, place = self.progress.at_m, self._update(located)
        if self.free_s is not None and place.at_m > before:
            passed = np.interp([before, place.at_m], self.way.distance_m, self.way.time_s - self.free_s)
            self.record.slowed |= bool(passed[1] - passed[0] > _SLOWED * (place.at_m - before))
        return place

    def _update(self, located: Located) -> Place:
        seen = located.seen
        if seen is None:
            if self.progress.joined:
                return self.progress.roll(located.moved_m)
            return Place("before", self.progress.at_m)
        return self.progress.update(
            located.match, seen.lat, seen.lon, located.moved_m, located.speed_ms, seen.accuracy_m
        )

    def slow(self, planned: Planned, way: Way, free_s: Floats | None) -> bool:
        """Go on along the same way, driven as fast as other traffic lets it; whether that makes a difference."""
        differs = not np.allclose(way.time_s, self.way.time_s, atol=_SAME_S)
        self.planned, self.way, self.free_s = planned, way, free_s
        self.progress.way = way
        self.record.slow(planned, way)
        return differs

    @property
    def delay_s(self) -> float:
        """How much longer the way ahead takes than on free roads."""
        if self.free_s is None:
            return 0.0
        way, at = self.way, self.progress.at_m
        free = float(self.free_s[-1]) - float(np.interp(at, way.distance_m, self.free_s))
        return max(0.0, float(way.time_s[-1]) - way.seconds(at) - free)

    def points_ahead(self) -> list[tuple[float, float]]:
        """The rest of the way, [longitude, latitude]."""
        first = max(0, int(self.way.distance_m.searchsorted(self.progress.at_m)) - 1)
        return list(zip(self.way.lon[first:].tolist(), self.way.lat[first:].tolist(), strict=True))

    def ahead(self, charge: float | None) -> Ahead:
        """What is left, with `charge` per cent in the battery now (None: as planned)."""
        at, trip, way = self.progress.at_m, self.trip, self.way
        leg = self.progress.leg
        stops = trip.stops[leg:]
        time_s = way.time_s[-1] - way.seconds(at) + sum(stop.charging_s + stop.waiting_s for stop in stops)
        end = way.ends[leg]
        stop = stops[0] if stops else None
        at_end = stop.arrival_charge if stop else trip.arrival_charge
        if charge is not None:
            used = (way.joules(end) - way.joules(at)) / KWH
            at_end = min(100.0, max(0.0, charge - 100.0 * used / self.planned.full))
        return Ahead(
            distance_m=way.length_m - at,
            time_s=float(time_s),
            charge=trip.arrival_charge if stop else at_end,
            stop=stop,
            stop_distance_m=end - at if stop else 0.0,
            stop_charge=at_end if stop else 0.0,
        )


def following(
    planned: Planned,
    roads: Roads,
    matcher: Matcher,
    router: Router | None,
    language: str,
    units: Units,
    now_s: float = 0.0,
) -> Following:
    """Make ready to follow a plan. ValueError for one that cannot be done."""
    if planned.found is None:
        raise ValueError("a trip that cannot be done cannot be followed")
    trip = planned.trip
    way, free_s = laid(roads, planned)
    ends = [Stopover("charge", stop.charger.name) for stop in trip.stops]
    ends.append(Stopover("arrive", trip.destination.name))
    found = maneuvers(way, ends, router, roads, matcher, language)
    made = Following(planned, way, found, language, units, now_s)
    made.free_s = free_s
    return made


def laid(roads: Roads, planned: Planned) -> tuple[Way, Floats | None]:
    """The way of a plan, and the seconds to each of its points on free roads; None where they are free."""
    if planned.found is None:
        raise ValueError("a trip that cannot be done has no way")
    legs = [leg.pieces for leg in planned.found.legs]
    edges = (piece.path.edges for pieces in legs for piece in pieces)
    slower = planned.traffic is not None and any(bool((planned.traffic[each] < 1.0).any()) for each in edges)
    return lay(roads, legs), free_seconds(roads, legs, planned.pace) if slower else None


def _told(maneuver: api.Maneuver, language: str) -> api.Maneuver:
    name = maneuver.street if maneuver.kind in _NAMED else ""
    text = instruction(maneuver.kind, "" if name else maneuver.street, maneuver.exit, name, language)
    return msgspec.structs.replace(maneuver, text=text)
