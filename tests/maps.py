"""Andorra, made once for all tests of a run, and lent to a car by a link."""

import os
from itertools import pairwise
from pathlib import Path

import pytest

from alpenglow.navigation import api
from alpenglow.navigation.energy.car import load_car
from alpenglow.navigation.energy.model import Conditions
from alpenglow.navigation.guidance.driven import path_of
from alpenglow.navigation.guidance.following import following
from alpenglow.navigation.maps import OpenMap
from alpenglow.navigation.region import regions
from alpenglow.navigation.roads.geometry import distance
from alpenglow.navigation.trips.plan import Request
from alpenglow.navigation.trips.planner import Planner
from alpenglow.vehicle import api as vehicle

MERITXELL = (42.50723, 1.52602)  # Avinguda Meritxell, where the simulated car stands at first
CANILLO = (42.5676, 1.5997)
SANT_JULIA = (42.4636, 1.4912)  # south of where the car stands, while Canillo is north
PAS = (42.5434, 1.7336)  # Pas de la Casa, over the pass


@pytest.fixture(scope="session")
def andorra(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    """A folder of maps that holds `andorra`."""
    return andorra_in(tmp_path_factory.mktemp("maps"), shared_data)


def andorra_in(folder: Path, data: Path) -> Path:
    """Make the map of Andorra in `folder`; $ALPENGLOW_TEST_MAPS names a folder where that was done before."""
    if made := os.environ.get("ALPENGLOW_TEST_MAPS"):
        return Path(made)
    from alpenglow.navigation.region.building import build_region

    build_region(data / "maps" / "andorra.osm.pbf", folder, "andorra", [data / "maps" / "N42E001.hgt.zip"])
    return folder


def lend(maps: Path, state: Path) -> None:
    """Give a car that is to start with the state in `state` these maps."""
    state.mkdir(parents=True, exist_ok=True)
    (state / "maps").symlink_to(maps)


def path_to(maps: Path, place: tuple[float, float]) -> vehicle.FollowedPath:
    """A way for the simulator from where it stands at first, planned beside the car."""
    opened = OpenMap(regions.open_region(maps, "andorra"))
    planner = Planner(opened.roads, opened.network, opened.snapper, opened.stations, load_car())
    start, end = (api.Position(latitude=latitude, longitude=longitude) for latitude, longitude in (MERITXELL, place))
    destination = api.Place(id="", name="Elsewhere", kind="poi", position=end)
    made = planner.plan(Request(start, destination), Conditions())
    return path_of(following(made, opened.roads, opened.matcher, None, "en", "metric"))


def stretch(trip: api.Trip, begin_m: float, end_m: float) -> list[tuple[float, float]]:
    """The part of a trip's way between two distances from its start."""
    points, gone = [], 0.0
    for a, b in pairwise(trip.route.points):
        if begin_m <= gone <= end_m:
            points.append(a)
        gone += distance(a[1], a[0], b[1], b[0])
    return points
