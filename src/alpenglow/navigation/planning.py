"""Plans, made in the thread of the roads: one at a time, over the map that the start is on."""

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from alpenglow.fabric import Failed
from alpenglow.fabric.line import read_table
from alpenglow.navigation import api
from alpenglow.navigation.car import Car
from alpenglow.navigation.energy.car import CarData, CarError, load_car
from alpenglow.navigation.energy.model import Conditions, EnergyModel
from alpenglow.navigation.energy.reach import reachable
from alpenglow.navigation.energy.speeds import NORMAL
from alpenglow.navigation.guidance.detours import detours
from alpenglow.navigation.guidance.following import Following, following, laid
from alpenglow.navigation.guidance.saved import Saved, SavedPath
from alpenglow.navigation.guidance.speech import Units
from alpenglow.navigation.guidance.way import Way
from alpenglow.navigation.maps import Maps, OpenMap
from alpenglow.navigation.roads.graph import Floats
from alpenglow.navigation.roads.paths import Path as RoadPath
from alpenglow.navigation.search.corridor import Corridor
from alpenglow.navigation.traffic.known import Traffic
from alpenglow.navigation.trips.chargers import usable
from alpenglow.navigation.trips.explaining import Slowed
from alpenglow.navigation.trips.legs import CHARGING_W
from alpenglow.navigation.trips.plan import Planned, Request
from alpenglow.navigation.trips.planner import Planner
from alpenglow.navigation.trips.repricing import repriced
from alpenglow.navigation.trips.search import Found

_REMEMBERED = 12  # plans that can still be followed
_NEAR_M = 2000.0  # from a place to a road
_BESIDE_M = 1000.0  # from the route: along it
_POINTED_M = 60.0  # from a place that somebody points at to the road it is named by


@dataclass(frozen=True)
class Start:
    """Where a trip begins."""

    position: api.Position
    heading: float | None = None
    charge: float | None = None  # per cent; None: the car's own


class Planning:
    """Plans of one car, and those that were made last."""

    def __init__(self, maps: Maps, car: Car, line_dir: Path) -> None:
        """Raises CarError for a car's data that cannot be used."""
        self.maps, self.car = maps, car
        self.data: CarData = load_car(_car_file(line_dir))
        self._model = EnergyModel(self.data)
        self.traffic = Traffic(maps)
        self._planner: tuple[OpenMap, Planner] | None = None
        self._made: OrderedDict[str, tuple[Planned, OpenMap]] = OrderedDict()

    async def plan(
        self, start: Start, destination: api.Place, via: Sequence[api.Position], options: api.Options
    ) -> Planned:
        """The best trip, remembered with its alternatives. Failed where there is no map."""
        opened = await self.maps.at(start.position)
        if self.maps.covering(destination.position.latitude, destination.position.longitude) is None:
            raise Failed(f"{destination.name or 'the destination'} is on no map")
        request = Request(start.position, destination, tuple(via), options, start.heading)
        conditions, language = self.car.conditions(start.charge), self.car.language
        traffic = await self.traffic.on(opened)
        planned = await self.maps.work(lambda: self._of(opened).plan(request, conditions, language, traffic=traffic))
        for each in (planned, *planned.alternatives):
            self._made[each.trip.id] = (each, opened)
        while len(self._made) > _REMEMBERED:
            self._made.popitem(last=False)
        return planned

    def made(self, trip: str) -> tuple[Planned, OpenMap]:
        """A plan that was made before. Failed where it is forgotten."""
        found = self._made.get(trip)
        if found is None:
            raise Failed("this plan is not there any more; plan the trip again")
        return found

    async def around(self, where: api.Position | None) -> OpenMap:
        """The map around a place, or the open one where there is none. Failed."""
        known = where is not None and self.maps.covering(where.latitude, where.longitude) is not None
        return await self.maps.at(where if known else None)

    def forget(self) -> None:
        """Let go of every plan."""
        self._made.clear()

    async def follow(self, planned: Planned, opened: OpenMap) -> tuple[Following, list[list[SavedPath]]]:
        """Make a plan ready to be followed, and its paths to be kept. Failed where it cannot be done."""
        if planned.found is None:
            raise Failed(planned.trip.problem or "this trip cannot be done")
        kept = [[_saved(piece.path) for piece in leg.pieces] for leg in planned.found.legs]
        traffic = await self.traffic.on(opened)
        return await self.maps.work(lambda: self._laid(self._now(planned, opened, traffic), opened)), kept

    async def slow(self, following: Following, opened: OpenMap) -> bool:
        """Take the traffic of now into what is followed; whether its times have changed. Failed."""
        traffic, planned = await self.traffic.on(opened), following.planned
        if planned.traffic is traffic:
            return False

        def price() -> tuple[Planned, Way, Floats | None]:
            now = self._now(planned, opened, traffic)
            return now, *laid(opened.roads, now)

        now, way, free_s = await self.maps.work(price)
        return following.slow(now, way, free_s)

    def _now(self, planned: Planned, opened: OpenMap, traffic: Floats | None) -> Planned:
        """The plan with this traffic. In the roads' thread."""
        return planned if planned.traffic is traffic else repriced(self._of(opened), planned, traffic)

    async def resume(self, saved: Saved, opened: OpenMap) -> Following:
        """Make a trip ready that was followed before this process began. Failed."""
        conditions, traffic = self.car.conditions(), await self.traffic.on(opened)
        return await self.maps.work(lambda: self._resumed(saved, opened, conditions, traffic))

    async def reachable(self, start: Start, charge_left: float) -> api.Area:
        """Where the car can go. Failed."""
        opened = await self.maps.at(start.position)
        charge = self.car.charge
        if charge is None:
            raise Failed("the battery's charge is not known")
        energy_j = max(0.0, charge - charge_left) / 100.0 * self.data.usable_j
        conditions, traffic = self.car.conditions(), await self.traffic.on(opened)
        area = await self.maps.work(lambda: self._reachable(opened, start, conditions, energy_j, charge_left, traffic))
        if area is None:
            raise Failed("there is no road near the car")
        return area

    async def nearest(self, where: api.Position, limit: int, plugs: Sequence[str] | None) -> list[api.Place]:
        """Chargers by driving time. Failed."""
        opened, language = await self.maps.at(where), self.car.language
        traffic = await self.traffic.on(opened)
        return await self.maps.work(
            lambda: self._of(opened).nearest(where, limit, plugs, language=language, traffic=traffic)
        )

    async def search(
        self,
        text: str,
        near: api.Position | None,
        limit: int,
        near_m: float | None = None,
        points: Sequence[tuple[float, float]] | None = None,
    ) -> list[api.Place]:
        """Places as people type them, around `near`, or no further from it than `near_m`, or along `points`. Failed."""
        places, language = await self.maps.places(near), self.car.language

        def look() -> list[api.Place]:
            corridor = None if points is None else Corridor(points, _BESIDE_M)
            found = places.search(text, near, limit, language, within_m=near_m, corridor=corridor)
            return [self._with_charger(place) for place in found]

        return await self.maps.look(look)

    async def with_detours(self, places: Sequence[api.Place], following: Following) -> list[api.Place]:
        """The same places with what going there costs on the way that is followed. Failed."""
        opened = await self.maps.at(following.trip.destination.position)
        conditions, traffic = self.car.conditions(), await self.traffic.on(opened)
        options, where = following.trip.options, [(p.position.latitude, p.position.longitude) for p in places]

        def price() -> list[float | None]:
            planner = self._of(opened)
            pricing = planner.pricing(
                conditions, options.preference, options.avoid, CHARGING_W, following.planned.pace, traffic
            )
            return detours(opened, pricing.weights[0], pricing.costs.time_s, following, where)

        costs = await self.maps.work(price)
        return [msgspec.structs.replace(place, detour_s=cost) for place, cost in zip(places, costs, strict=True)]

    async def find(self, place: str, near: api.Position | None) -> api.Place | None:
        """The place of that id. Failed."""
        places, language = await self.maps.places(near), self.car.language
        found = await self.maps.look(lambda: places.find(place, language))
        if found is not None or self.maps.open is None:
            return found
        station = next((each for each in self.maps.open.stations if each.id == place), None)
        if station is None:
            return None
        name, where = station.name, station.position
        return self._with_charger(api.Place(id=place, name=name, kind="charger", category="charger", position=where))

    async def named(self, where: api.Position) -> api.Place:
        """A place on the map that somebody pointed at, by the name of its road. Failed."""
        opened = await self.maps.at(where)

        def name() -> str:
            snap = opened.snapper.nearest(where.latitude, where.longitude, limit_m=_POINTED_M)
            return "" if snap is None else opened.roads.names[int(opened.roads.name[snap.edge])]

        return api.Place(id="", name=await self.maps.work(name), kind="poi", position=where)

    def _with_charger(self, place: api.Place) -> api.Place:
        """A charging station with what this car can do there."""
        opened = self.maps.open
        if (place.kind != "charger" and place.category != "charger") or opened is None:
            return place
        station = next((each for each in opened.stations if each.id == place.id), None)
        fits = usable(station, self.data.charging.plugs) if station is not None else None
        return place if fits is None else msgspec.structs.replace(place, charger=fits.charger)

    async def explain(self, following: Following) -> api.Explanation:
        """Why the plan is as it is, and how the drive differs from it."""
        conditions, language = self.car.conditions(), self.car.language
        slowed = Slowed(following.delay_s, following.saved_s)
        return await self.maps.work(lambda: following.record.explanation(self._model, conditions, language, slowed))

    # -- in the roads' thread ------------------------------------------------------------------------------------------

    def _of(self, opened: OpenMap) -> Planner:
        if self._planner is None or self._planner[0] is not opened:
            made = Planner(opened.roads, opened.network, opened.snapper, opened.stations, self.data)
            self._planner = (opened, made)
        return self._planner[1]

    def _laid(self, planned: Planned, opened: OpenMap) -> Following:
        units: Units = "imperial" if self.car.miles else "metric"
        matcher, router = opened.matcher, opened.router()
        return following(planned, opened.roads, matcher, router, self.car.language, units, time.monotonic())

    def _resumed(self, saved: Saved, opened: OpenMap, conditions: Conditions, traffic: Floats | None) -> Following:
        trip, planner = saved.trip, self._of(opened)
        options = trip.options
        pricing = planner.pricing(conditions, options.preference, options.avoid, CHARGING_W, NORMAL, traffic)
        legs = []
        for number, (leg, kept) in enumerate(zip(trip.legs, saved.legs, strict=True)):
            paths = [RoadPath(np.array(path.edges, dtype=np.int64), path.start_along, path.end_along) for path in kept]
            profiles = [pricing.profile(path) for path in paths]
            legs.append(pricing.along(paths, profiles, leg.departure_charge, conditions.cells_c, number == 0, ()))
        charges = tuple((_kwh(leg.departure_charge, planner), _kwh(leg.arrival_charge, planner)) for leg in trip.legs)
        found = Found(tuple(legs), charges, (), trip.duration_s, trip.duration_s)
        begin = trip.route.points[0]
        start = api.Position(latitude=begin[1], longitude=begin[0])
        request = Request(start, trip.destination, tuple(trip.via), options)
        return self._laid(Planned(trip, request, conditions, planner.full, found, traffic=traffic), opened)

    def _reachable(
        self,
        opened: OpenMap,
        start: Start,
        conditions: Conditions,
        energy_j: float,
        charge_left: float,
        traffic: Floats | None,
    ) -> api.Area | None:
        where = start.position
        snap = opened.snapper.nearest(where.latitude, where.longitude, start.heading, limit_m=_NEAR_M)
        if snap is None:
            return None
        costs = self._of(opened).pricing(conditions, "fastest", api.Avoid(), CHARGING_W, NORMAL, traffic).costs
        area = reachable(opened.network, costs, snap, energy_j, charge_left)
        rings = [[(float(lon), float(lat)) for lon, lat in ring] for ring in area.rings]
        return msgspec.structs.replace(area, rings=rings)


def _kwh(percent: float, planner: Planner) -> float:
    return percent / 100.0 * planner.full


def _saved(path: RoadPath) -> SavedPath:
    return SavedPath(path.edges.tolist(), path.start_along, path.end_along)


def _car_file(line_dir: Path) -> Path | None:
    """What the line names as `vehicle.car`; None where it names none. CarError."""
    try:
        table = read_table(line_dir).get("vehicle", {})
    except ValueError as error:
        raise CarError(str(error)) from None
    name = table.get("car", "") if isinstance(table, dict) else ""
    return line_dir / name if isinstance(name, str) and name else None
