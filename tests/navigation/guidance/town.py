"""A small town to drive in, made by the same code as every map, and a car whose receiver says what a test wants.

Streets A (west to east) and 1 (south to north) meet at (0, 0); B runs beside A, 200 m further north; T is a tunnel that
goes on from A in the east; the ring is a roundabout in the west.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from alpenglow.navigation import api
from alpenglow.navigation.car import Seen
from alpenglow.navigation.energy.car import load_car
from alpenglow.navigation.energy.model import Conditions
from alpenglow.navigation.guidance.following import Following, following
from alpenglow.navigation.guidance.geometry import METRES_PER_DEGREE
from alpenglow.navigation.guidance.matching import Matcher
from alpenglow.navigation.roads.building import build_graph
from alpenglow.navigation.roads.graph import RawRoads, RawWay, Roads
from alpenglow.navigation.roads.paths import Network
from alpenglow.navigation.roads.snapping import Snapper
from alpenglow.navigation.trips.plan import Planned, Request
from alpenglow.navigation.trips.planner import Planner

LATITUDE, LONGITUDE = 42.5, 1.5


def place(east: float, north: float) -> tuple[float, float]:
    """Latitude and longitude of a place, in metres from the middle of the town."""
    across = math.cos(math.radians(LATITUDE))
    return LATITUDE + north / METRES_PER_DEGREE, LONGITUDE + east / (METRES_PER_DEGREE * across)


def position(east: float, north: float) -> api.Position:
    lat, lon = place(east, north)
    return api.Position(latitude=lat, longitude=lon)


def _way(number: int, nodes: list[tuple[int, float, float]], **tags: str) -> RawWay:
    places = [place(east, north) for _, east, north in nodes]
    lat, lon = (np.array(values) for values in zip(*places, strict=True))
    return RawWay(number, [node for node, _, _ in nodes], lat, lon, {"highway": "residential", **tags})


def raw_town() -> RawRoads:
    """Its ways."""
    ring = [
        (20 + i, -600 + 20 * math.cos(a), 20 * math.sin(a)) for i, a in enumerate(math.tau * k / 8 for k in range(8))
    ]
    return RawRoads(
        ways=[
            _way(1, [ring[0], (1, -400, 0), (2, 0, 0), (3, 400, 0)], name="Street A", maxspeed="50"),
            _way(2, [(4, 0, -400), (2, 0, 0), (5, 0, 200), (6, 0, 600)], name="Street 1", maxspeed="30"),
            _way(3, [(7, -400, 200), (5, 0, 200), (8, 400, 200)], name="Street B", maxspeed="50"),
            _way(4, [(1, -400, 0), (7, -400, 200)], name="Street 0"),
            _way(5, [(3, 400, 0), (8, 400, 200)], name="Street 2"),
            _way(6, [(3, 400, 0), (9, 1400, 0)], name="Long Tunnel", tunnel="yes", highway="primary"),
            _way(7, [(9, 1400, 0), (10, 2400, 0)], name="Street A", highway="primary"),
            _way(8, [*ring, ring[0]], junction="roundabout", name="Ring"),
            _way(9, [ring[2], (11, -600, 400)], name="North Road"),
            _way(10, [ring[4], (12, -1000, 0)], name="West Road"),
            _way(11, [ring[6], (13, -600, -400)], name="South Road"),
        ]
    )


@dataclass
class Town:
    """The town's graph with what is made of it."""

    roads: Roads
    network: Network
    snapper: Snapper
    matcher: Matcher
    planner: Planner

    def edge(self, east: float, north: float, heading: float) -> int:
        """The edge at a place, in a direction."""
        lat, lon = place(east, north)
        found = self.snapper.nearest(lat, lon, heading, limit_m=50.0)
        assert found is not None
        return found.edge

    def plan(self, *places: tuple[float, float], charge: float = 80.0, heading: float | None = None) -> Planned:
        """A trip through these places."""
        start, *via, end = (position(*each) for each in places)
        destination = api.Place(id="d", name="There", kind="poi", position=end)
        request = Request(start, destination, tuple(via), api.Options(), heading)
        planned = self.planner.plan(request, Conditions(charge_pct=charge))
        assert planned.found is not None, planned.trip.problem
        return planned

    def follow(self, planned: Planned, language: str = "en") -> Following:
        return following(planned, self.roads, self.matcher, None, language, "metric")


def town() -> Town:
    roads = build_graph(raw_town(), None)
    network, snapper = Network(roads), Snapper(roads)
    matcher = Matcher(roads, snapper)
    return Town(roads, network, snapper, matcher, Planner(roads, network, snapper, [], load_car()))


class Receiver:
    """A car as `Locating` asks it: what its receiver and its wheels say."""

    def __init__(self) -> None:
        self.seen: Seen | None = None
        self.speed_ms = 0.0
        self.pace = 1.0
        self._stamp = 0

    def position(self) -> Seen | None:
        return self.seen

    def at(self, lat: float, lon: float, heading: float | None, accuracy_m: float = 5.0) -> None:
        """A new position."""
        self._stamp += 1
        self.seen = Seen(lat, lon, heading, accuracy_m, self._stamp)

    def blind(self) -> None:
        """No satellites."""
        self.seen = None


def drive(
    follow: Following, receiver: Receiver, *, noise_m: float = 0.0, pace: float = 1.0, seed: int = 1
) -> Iterator[tuple[float, float]]:
    """Move a receiver along a way as planned, ten positions a second: seconds of the clock, and metres driven."""
    way, dice = follow.way, random.Random(seed)
    east = north = now = 0.0
    receiver.pace = pace
    while True:
        driven = min(now * pace, float(way.time_s[-1]))
        at = float(np.interp(driven, way.time_s, way.distance_m))
        receiver.speed_ms = float(np.interp(at, way.distance_m, way.speed_ms))
        # A receiver's error wanders; it is not new at each position.
        east, north = (0.98 * each + dice.gauss(0.0, 0.2 * noise_m) for each in (east, north))
        lat, lon = way.place(at)
        across = math.cos(math.radians(lat))
        receiver.at(
            lat + north / METRES_PER_DEGREE,
            lon + east / (METRES_PER_DEGREE * across),
            way.heading(at) if receiver.speed_ms > 1.5 else None,
        )
        yield now, at
        if driven >= way.time_s[-1]:
            return
        now += 0.1
