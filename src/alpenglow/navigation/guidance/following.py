"""A trip that is being followed: where the car is on it, what comes next, what will be left at its end."""

from dataclasses import dataclass

import msgspec

from alpenglow.navigation import api
from alpenglow.navigation.guidance.locating import Located
from alpenglow.navigation.guidance.manoeuvres import Router, Stopover, maneuvers
from alpenglow.navigation.guidance.matching import Matcher
from alpenglow.navigation.guidance.progress import Place, Progress
from alpenglow.navigation.guidance.record import Record
from alpenglow.navigation.guidance.saying import Announcer
from alpenglow.navigation.guidance.speech import Units, instruction
from alpenglow.navigation.guidance.way import Way, lay
from alpenglow.navigation.roads.graph import Roads
from alpenglow.navigation.trips.legs import KWH
from alpenglow.navigation.trips.plan import Planned

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
        seen = located.seen
        if seen is None:
            if self.progress.joined:
                return self.progress.roll(located.moved_m)
            return Place("before", self.progress.at_m)
        return self.progress.update(
            located.match, seen.lat, seen.lon, located.moved_m, located.speed_ms, seen.accuracy_m
        )

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
    way = lay(roads, [leg.pieces for leg in planned.found.legs])
    ends = [Stopover("charge", stop.charger.name) for stop in trip.stops]
    ends.append(Stopover("arrive", trip.destination.name))
    found = maneuvers(way, ends, router, roads, matcher, language)
    return Following(planned, way, found, language, units, now_s)


def _told(maneuver: api.Maneuver, language: str) -> api.Maneuver:
    name = maneuver.street if maneuver.kind in _NAMED else ""
    text = instruction(maneuver.kind, "" if name else maneuver.street, maneuver.exit, name, language)
    return msgspec.structs.replace(maneuver, text=text)
