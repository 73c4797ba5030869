"""Guidance in Andorra: a position put on its road, a new way after a wrong turn, and what is said in time."""

import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from tests.cockpit.riding import Rider
from tests.maps import CANILLO, SANT_JULIA, andorra_in, lend, path_to
from tests.navigation.guidance.town import Receiver, drive
from tests.running import Stack

from alpenglow.navigation import api
from alpenglow.navigation.car import Car
from alpenglow.navigation.energy.car import load_car
from alpenglow.navigation.energy.model import Conditions
from alpenglow.navigation.guidance.following import Following, following
from alpenglow.navigation.guidance.locating import Locating
from alpenglow.navigation.maps import OpenMap
from alpenglow.navigation.region import regions
from alpenglow.navigation.trips.plan import Request
from alpenglow.navigation.trips.planner import Planner
from alpenglow.vehicle import api as vehicle
from benchmarks.table import Row, at_least, at_most, quantile

_LINE = Path(__file__).parents[1] / "src" / "alpenglow" / "lines" / "aurora" / "car.toml"
_DATA = Path(__file__).parents[2] / "shared" / "data"
_TRIPS = 12
_NOISE_M = 4.0
_WRONG = 60  # wrong turns
_CARS = 5
_SIGNALS = "Vehicle.Alpenglow.Navigation"


@dataclass
class Country:
    """Andorra, open, with a planner for the simulated car."""

    opened: OpenMap
    planner: Planner
    dice: random.Random

    def trip(self, start: api.Position | None = None, heading: float | None = None) -> Following | None:
        """A trip across the country, ready to be followed; None where there is none."""
        destination = api.Place(id="", name="There", kind="poi", position=self.somewhere())
        request = Request(start or self.somewhere(), destination, (), api.Options(), heading)
        planned = self.planner.plan(request, Conditions(charge_pct=90.0))
        if planned.found is None:
            return None
        opened = self.opened
        return following(planned, opened.roads, opened.matcher, opened.router(), "en", "metric")

    def somewhere(self) -> api.Position:
        """A place on a road that leads on."""
        roads = self.opened.roads
        node = self.dice.choice(np.flatnonzero(roads.component == 0).tolist())
        return api.Position(latitude=float(roads.node_lat[node]), longitude=float(roads.node_lon[node]))

    def trips(self, count: int) -> Iterator[Following]:
        """So many that are longer than a kilometre."""
        while count:
            found = self.trip()
            if found is not None and found.way.length_m > 1000.0:
                count -= 1
                yield found


def run() -> list[Row]:
    """Positions, manoeuvres told, new ways."""
    with tempfile.TemporaryDirectory() as folder:
        maps = andorra_in(Path(folder), _DATA)
        opened = OpenMap(regions.open_region(maps, "andorra"))
        planner = Planner(opened.roads, opened.network, opened.snapper, opened.stations, load_car(_LINE))
        country = Country(opened, planner, random.Random(5))
        opened.router()
        country.trip()  # what is read at the first use is read now
        return [*followed(country), *rerouted(country), *in_the_car(maps)]


def followed(country: Country) -> list[Row]:
    """Drive trips with a wandering receiver."""
    took: list[float] = []
    right = total = lost = wanted = in_time = 0
    matcher = country.opened.matcher
    for follow in country.trips(_TRIPS):
        receiver = Receiver()
        locating = Locating(cast(Car, receiver))
        matcher.forget()
        told: dict[int, float] = {}
        for now, at in drive(follow, receiver, noise_m=_NOISE_M, seed=total):
            began = time.perf_counter()
            located = locating.look(now, matcher, follow.edges)
            place = follow.update(located) if located is not None else None
            took.append(time.perf_counter() - began)
            if located is None or place is None:
                continue
            total += 1
            right += located.match is not None and located.match.edge == follow.way.edge_at(at)
            lost += place.state == "off"
            if follow.announcer.say(place.at_m, receiver.speed_ms):
                number = follow.announcer.next(place.at_m)
                if number is not None:
                    told[number] = at
        for number, maneuver in enumerate(follow.maneuvers):
            if maneuver.kind in ("depart", "straight", "continue") or maneuver.at_m < 100.0:
                continue
            wanted += 1
            together = number and maneuver.at_m - follow.maneuvers[number - 1].at_m < 70.0
            in_time += number in told or bool(together)
    return [
        Row("position put on its road, p50", quantile(took, 0.5) * 1e3, "ms"),
        at_most("position put on its road, p95", quantile(took, 0.95) * 1e3, 5.0, "ms"),
        at_least("positions on the right one of all edges (4 m noise)", 100.0 * right / total, 93.0, "%"),
        at_most("updates that wrongly say the route was left", 100.0 * lost / total, 0.1, "%"),
        at_least("manoeuvres told before they come", 100.0 * in_time / max(1, wanted), 99.0, "%"),
    ]


def rerouted(country: Country) -> list[Row]:
    """From the wrong road to the new way, its manoeuvres included."""
    took: list[float] = []
    for _ in range(_WRONG):
        where = country.somewhere()
        began = time.perf_counter()
        found = country.trip(where, country.dice.uniform(0.0, 360.0))
        if found is not None:
            took.append(time.perf_counter() - began)
    return [
        Row("from leaving the route to a new one, p50", quantile(took, 0.5) * 1e3, "ms"),
        at_most("from leaving the route to a new one, slowest", max(took) * 1e3, 1000.0, "ms"),
    ]


def in_the_car(maps: Path) -> list[Row]:
    """In whole cars whose driver takes another way: from seeing that the route was left to showing the new one."""
    elsewhere = path_to(maps, SANT_JULIA)
    took = [_left(maps, elsewhere) for _ in range(_CARS)]
    return [at_most(f"the same in the running car, slowest of {_CARS}", max(took) * 1e3, 1000.0, "ms")]


def _left(maps: Path, elsewhere: vehicle.FollowedPath) -> float:
    with tempfile.TemporaryDirectory() as scratch:
        lend(maps, Path(scratch) / "state")
        with Stack(Path(scratch)) as stack, Rider(stack) as rider:
            rider.ready()
            rider.until(lambda: rider.value(f"{_SIGNALS}.Position.Source") == "MATCHED")
            destination = api.Position(latitude=CANILLO[0], longitude=CANILLO[1])
            trip = rider.call(api.plan_trip, destination=destination)
            rider.call(api.start_guidance, trip=trip.id)
            rider.call(vehicle.follow_path, path=elsewhere, pace=1)
            return _while(rider, "REROUTING")


def _while(rider: Rider, state: str) -> float:
    """For how long (s) the next such state of guidance lasts, seen from another process to 2 ms."""
    deadline = time.perf_counter() + 120.0
    began = 0.0
    while time.perf_counter() < deadline:
        there = rider.value(f"{_SIGNALS}.State") == state
        if there and not began:
            began = time.perf_counter()
        if began and not there:
            return time.perf_counter() - began
        time.sleep(0.002)
    raise RuntimeError(f"guidance was not {state} for two minutes")
