"""A route in the running car: planned, guided, driven by the simulator, and gone on with after a kill."""

import os
import signal
from pathlib import Path

import pytest

from alpenglow.fabric import Failed
from alpenglow.navigation import api
from tests.cockpit.riding import Rider
from tests.maps import CANILLO, MERITXELL, lend
from tests.running import Stack

NAVIGATION = "Vehicle.Alpenglow.Navigation"


def at(place: tuple[float, float]) -> api.Position:
    return api.Position(latitude=place[0], longitude=place[1])


def planned(rider: Rider, place: tuple[float, float], **arguments: object) -> api.Trip:
    """A trip from where the car stands."""
    trip: api.Trip = rider.call(api.plan_trip, destination=at(place), **arguments)
    return trip


def value(rider: Rider, name: str) -> object:
    return rider.value(f"{NAVIGATION}.{name}")


@pytest.fixture
def folder(tmp_path: Path, andorra: Path) -> Path:
    """Where a car with a map of Andorra can start."""
    lend(andorra, tmp_path / "state")
    return tmp_path


def test_a_car_without_a_map_says_so_and_keeps_places(tmp_path: Path) -> None:
    with Stack(tmp_path) as stack, Rider(stack) as rider:
        rider.ready()
        assert rider.call(api.around).regions == []
        with pytest.raises(Failed, match="there is no map"):
            rider.call(api.plan_trip, destination=at(CANILLO))
        assert not rider.call(api.guidance).active
        home = api.Place(id="n1", name="Casa", kind="address", position=at(MERITXELL))
        rider.call(api.keep_place, place=home, kind="home")
        assert [place.name for place in rider.call(api.kept_places)] == ["Casa"]


def test_a_route_is_planned_guided_and_driven_to_its_end(folder: Path) -> None:
    with Stack(folder) as stack, Rider(stack) as rider:
        rider.ready()
        rider.until(lambda: value(rider, "Position.Source") == "MATCHED")
        assert [region.name for region in rider.call(api.around).regions] == ["andorra"]
        trip = planned(rider, CANILLO)
        assert trip.feasible
        guidance = rider.call(api.start_guidance, trip=trip.id)
        assert guidance.active
        assert guidance.maneuvers[0].kind == "depart"
        assert guidance.maneuvers[-1].kind == "arrive"
        assert value(rider, "State") == "GUIDING"
        rider.call(api.follow_route, active=True, pace=20)
        rider.until(lambda: (value(rider, "Progress") or 0.0) > 2000.0)
        assert rider.value("Vehicle.Alpenglow.Simulator.IsDriving") is True
        assert value(rider, "Maneuver.Kind")
        assert value(rider, "Maneuver.Text")
        pid = stack.pid("navigation")
        os.kill(pid, signal.SIGKILL)
        stack.until_back("navigation", pid)
        rider.until(lambda: value(rider, "State") == "GUIDING")
        again = rider.call(api.guidance)
        assert again.active
        assert again.trip.id == trip.id
        rider.until(lambda: value(rider, "State") == "ARRIVED", 120)
        assert value(rider, "Remaining.Distance") < 40.0
        rider.until(lambda: rider.value("Vehicle.Speed") == 0.0)
