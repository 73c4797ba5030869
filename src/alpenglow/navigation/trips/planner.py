"""Trip plans over one region's roads and stations, for one car."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec
import numpy as np

from alpenglow.navigation import api
from alpenglow.navigation.energy.car import CarData
from alpenglow.navigation.energy.charging import ChargingModel
from alpenglow.navigation.energy.model import Conditions, EnergyModel
from alpenglow.navigation.energy.speeds import NORMAL, Pace
from alpenglow.navigation.region.chargers import Station
from alpenglow.navigation.region.regions import Region
from alpenglow.navigation.roads.graph import Floats, Roads
from alpenglow.navigation.roads.paths import Network, NoPath
from alpenglow.navigation.roads.snapping import Snap, Snapper
from alpenglow.navigation.trips import describing
from alpenglow.navigation.trips.chargers import Status, load_chargers
from alpenglow.navigation.trips.charging import Curves
from alpenglow.navigation.trips.job import Job
from alpenglow.navigation.trips.legs import CHARGING_W, Pricing
from alpenglow.navigation.trips.plan import Places, Planned, Request
from alpenglow.navigation.trips.pool import Candidate, Pool
from alpenglow.navigation.trips.remedies import failed
from alpenglow.navigation.trips.wording import Words, words

_KEPT = 4  # sets of conditions whose prices are kept
_NEAR_M = 2000.0  # from a place to a road


class Planner:
    """Plans for one car in one region. It keeps what it has worked out, so one thread may use it at a time."""

    def __init__(
        self, roads: Roads, network: Network, snapper: Snapper, stations: Sequence[Station], car: CarData
    ) -> None:
        self.roads, self.network, self.snapper, self.car = roads, network, snapper, car
        self.model, self.charging = EnergyModel(car), ChargingModel(car)
        self.pool = Pool(stations, snapper)
        self.full = car.usable_j / 3.6e6  # kWh
        self._pricings: dict[tuple[object, ...], Pricing] = {}
        self._curves: dict[float, Curves] = {}

    def plan(
        self,
        request: Request,
        conditions: Conditions,
        language: str = "en",
        status: Mapping[str, Status] | None = None,
        traffic: Floats | None = None,
    ) -> Planned:
        """The best trip, or one that says why there is none and what would help.

        `traffic`: factor on the speed of each edge.
        """
        say = words(language)
        places = self._places(request)
        if isinstance(places, str):
            problem = say.say("problem.no_road", place=places or self._named(request, say))
            return self._failed(request, conditions, problem)
        job = Job(self, request, places, conditions, say, status or {}, traffic)
        try:
            return job.plan() or failed(job)
        except NoPath as error:
            key = "problem.island" if error.island else "problem.no_way"
            return self._failed(request, conditions, say.say(key, place=self._named(request, say)))

    def nearest(
        self,
        start: api.Position,
        limit: int = 10,
        plugs: Sequence[str] | None = None,
        status: Mapping[str, Status] | None = None,
        language: str = "en",
        traffic: Floats | None = None,
    ) -> list[api.Place]:
        """Chargers by driving time, with their distance along the road. Empty where there is no road or no charger."""
        snap = self.snapper.nearest(start.latitude, start.longitude, limit_m=_NEAR_M)
        candidates = self.pool.all(self.plugs(plugs or ()), api.Options(), status or {})
        if snap is None or not candidates:
            return []
        costs = self.pricing(Conditions(), "fastest", api.Avoid(), CHARGING_W, NORMAL, traffic).costs
        weights = self.network.weights(costs, "fastest")
        found = self.network.one_to_many(snap, [c.snap for c in candidates], weights, costs.length_m)
        order = [int(n) for n in np.argsort(found[:, 0]) if np.isfinite(found[n, 0])]
        return [self._place(candidates[n], float(found[n, 1]), words(language)) for n in order[:limit]]

    def plugs(self, wanted: Sequence[str]) -> frozenset[str]:
        """The plugs that count: those that somebody named, else the car's own."""
        return frozenset(wanted or self.car.charging.plugs)

    def pricing(
        self,
        conditions: Conditions,
        preference: api.Preference,
        avoid: api.Avoid,
        charging_w: float,
        pace: Pace,
        traffic: Floats | None,
    ) -> Pricing:
        """Prices under conditions that are as good as these; kept for the next plan."""
        like = _alike(conditions)
        key = (like, preference, avoid, round(charging_w, -3), pace, id(traffic))
        found = self._pricings.pop(key, None)
        if found is None or found.traffic is not traffic:
            found = Pricing(self.roads, self.network, self.model, like, preference, avoid, charging_w, pace, traffic)
        found.tidy()
        self._pricings[key] = found
        while len(self._pricings) > _KEPT:
            del self._pricings[next(iter(self._pricings))]
        return found

    def curves(self, outside_c: float) -> Curves:
        """The car's charging curves at an outside temperature."""
        degrees = float(round(outside_c))
        if degrees not in self._curves:
            self._curves[degrees] = Curves(self.charging, degrees)
        return self._curves[degrees]

    def name(self, candidate: Candidate, say: Words) -> api.Charger:
        """The charger with a name: its own, else its street's."""
        charger = candidate.station.charger
        if charger.name:
            return charger
        street = self.roads.names[self.roads.name[candidate.snap.edge]]
        return msgspec.structs.replace(charger, name=f"{say.say('names.station')} {street}".strip())

    def _place(self, candidate: Candidate, distance_m: float, say: Words) -> api.Place:
        charger = self.name(candidate, say)
        return api.Place(
            id=charger.id,
            name=charger.name,
            kind="charger",
            category="charger",
            where=self.roads.names[self.roads.name[candidate.snap.edge]],
            position=charger.position,
            distance_m=distance_m,
            charger=charger,
        )

    def _places(self, request: Request) -> Places | str:
        """The roads of a request's places; what is nowhere near a road, in words ("" is the destination)."""
        snaps: list[Snap] = []
        end = request.destination.position
        for number, place in enumerate((request.start, *request.via, end)):
            heading = request.heading if number == 0 else None
            snap = self.snapper.nearest(place.latitude, place.longitude, heading, limit_m=_NEAR_M)
            if snap is None:
                return "" if place is end else f"{place.latitude:.5f}, {place.longitude:.5f}"
            snaps.append(snap)
        return Places(snaps[0], tuple(snaps[1:-1]), snaps[-1])

    def _named(self, request: Request, say: Words) -> str:
        where = request.destination.position
        return request.destination.name or f"{where.latitude:.5f}, {where.longitude:.5f}"

    def _failed(self, request: Request, conditions: Conditions, problem: str) -> Planned:
        trip = describing.nowhere(request.destination, request.via, request.options, conditions.charge_pct, problem)
        return Planned(trip, request, conditions, self.full)


def _alike(conditions: Conditions) -> Conditions:
    """Conditions whose prices are as good as these: what hardly changes them is rounded."""

    def to(value: float | None, step: float) -> float | None:
        return None if value is None else round(value / step) * step

    return replace(
        conditions,
        charge_pct=100.0,  # each way is priced at the charge with which it is begun
        outside_c=round(conditions.outside_c * 2.0) / 2.0,
        battery_c=to(conditions.battery_c, 5.0),
        cabin_c=to(conditions.cabin_c, 1.0),
        climate_w=to(conditions.climate_w, 50.0),
        load_kg=round(conditions.load_kg, -1),
        headwind_ms=round(conditions.headwind_ms * 2.0) / 2.0,
        wind_ms=round(conditions.wind_ms * 2.0) / 2.0,
        wind_from_deg=round(conditions.wind_from_deg, -1),
        extra_w=round(conditions.extra_w, -1),
    )


def open_planner(region: Region, car: CarData) -> Planner:
    """A planner for an installed map, read from its folder; RoadsError, ChargersError where it is damaged."""
    roads = Roads.load(region.roads)
    return Planner(roads, Network(roads), Snapper(roads), load_chargers(region.chargers), car)
