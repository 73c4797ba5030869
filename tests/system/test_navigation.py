"""A route in the running car: planned, guided, driven by the simulator, and gone on with after a kill."""

import json
import os
import signal
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from alpenglow.assistant import api as assistant
from alpenglow.cockpit import api as cockpit
from alpenglow.fabric import Failed
from alpenglow.navigation import api
from alpenglow.vehicle import api as vehicle
from tests.cockpit.riding import Rider
from tests.maps import CANILLO, MERITXELL, SANT_JULIA, lend, path_to, stretch
from tests.running import Stack

NAVIGATION = "Vehicle.Alpenglow.Navigation"
pytestmark = pytest.mark.timeout(400)  # some of these drive kilometres


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
        found = rider.call(api.search, text="canilo")[0]
        assert found.name == "Canillo"
        trip = rider.call(api.plan_trip, destination=found.id)
        assert trip.feasible
        assert trip.destination.name == "Canillo"
        area = rider.call(api.reachable_area)
        assert area.roads_m > 100_000
        assert rider.call(api.nearest_chargers)[0].charger is not None
        guidance = rider.call(api.start_guidance, trip=trip.id)
        assert guidance.active
        assert guidance.maneuvers[0].kind == "depart"
        assert guidance.maneuvers[-1].kind == "arrive"
        assert value(rider, "State") == "GUIDING"
        assert [place.name for place in rider.call(api.kept_places, kind="recent")] == ["Canillo"]
        assert rider.call(api.search, text="restaurant", along=True)
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
        assert stack.status()["navigation"]["memory_mb"] < 400
        assert again.trip.id == trip.id
        rider.until(lambda: value(rider, "State") == "ARRIVED", 120)
        assert value(rider, "Remaining.Distance") < 40.0
        rider.until(lambda: rider.value("Vehicle.Speed") == 0.0)


def test_a_route_that_is_left_is_replaced_by_another_to_the_same_place(folder: Path, andorra: Path) -> None:
    elsewhere = path_to(andorra, SANT_JULIA)
    with Stack(folder) as stack, Rider(stack) as rider:
        rider.ready()
        rider.until(lambda: value(rider, "Position.Source") == "MATCHED")
        trip = planned(rider, CANILLO)
        rider.call(api.start_guidance, trip=trip.id)
        rider.call(vehicle.follow_path, path=elsewhere, pace=5)
        rider.until(lambda: rider.call(api.guidance).trip.id != trip.id)
        rider.until(lambda: value(rider, "State") == "GUIDING")
        again = rider.call(api.guidance).trip
        assert again.feasible
        assert again.destination == trip.destination
        log = [json.loads(line) for line in (stack.run_dir / "alpenglow.log").read_text().splitlines()]
        assert [line["why"] for line in log if line["event"] == "a new way"] == ["the route was left"]


def test_a_route_with_a_charging_stop_is_driven_and_the_battery_filled(folder: Path) -> None:
    with Stack(folder) as stack, Rider(stack) as rider:
        rider.ready()
        rider.until(lambda: value(rider, "Position.Source") == "MATCHED")
        charge = rider.value("Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed")
        options = api.Options(reserve=min(95.0, charge + 4.0), least=5.0)
        trip = planned(rider, CANILLO, options=options)
        assert trip.feasible
        assert len(trip.stops) >= 1
        rider.call(api.start_guidance, trip=trip.id)
        rider.until(lambda: value(rider, "NextStop.Name") == trip.stops[0].charger.name)
        rider.call(api.follow_route, active=True, pace=60)
        charging = "Vehicle.Powertrain.TractionBattery.Charging.IsCharging"
        rider.until(lambda: rider.value(charging) is True, 200)
        rider.until(lambda: value(rider, "State") == "ARRIVED", 200)
        left = rider.value("Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed")
        assert left >= options.reserve - 2.0
        told = rider.call(api.explain_plan)
        assert told.sentences


def test_the_pages_get_the_tiles_of_a_map_in_ranges_and_nothing_else(folder: Path) -> None:
    with Stack(folder) as stack:
        server = stack.centre_url.rsplit("/", 1)[0]
        asked = urllib.request.Request(f"{server}/maps/andorra/map.pmtiles", headers={"Range": "bytes=0-6"})
        with urllib.request.urlopen(asked, timeout=10) as answer:
            assert (answer.status, answer.read()) == (206, b"PMTiles")
        for path in ("maps/none/map.pmtiles", "maps/andorra/roads.npz", "maps/%2e%2e/map.pmtiles"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(f"{server}/{path}", timeout=10)


def erased(rider: Rider) -> bool:
    """Whether the owner's data is erased; it is not while the assistant is on its way."""
    try:
        rider.call(cockpit.erase_my_data)
    except Failed:
        return False
    return True


def test_where_somebody_goes_is_not_shown_to_a_guest_nor_kept_when_erased(folder: Path) -> None:
    with Stack(folder) as stack, Rider(stack) as rider:
        rider.ready()
        rider.until(lambda: value(rider, "Position.Source") == "MATCHED")
        kept = folder / "state" / "navigation" / "guidance.json"
        for end in (
            lambda: rider.call(cockpit.switch_profile, profile="guest"),
            lambda: rider.until(lambda: erased(rider), 180),
            lambda: rider.call(api.stop_guidance),
        ):
            rider.call(cockpit.switch_profile, profile="owner")
            trip = planned(rider, CANILLO)
            rider.call(api.start_guidance, trip=trip.id)
            assert kept.exists()
            assert kept.stat().st_mode & 0o077 == 0
            end()
            rider.until(lambda: value(rider, "State") == "IDLE")
            assert not kept.exists()
            assert not rider.call(api.guidance).active


def test_people_are_guided_by_what_they_say(folder: Path) -> None:
    with Stack(folder) as stack, Rider(stack) as rider:
        rider.ready()
        rider.until(lambda: value(rider, "Position.Source") == "MATCHED")

        def ask(said: str) -> assistant.Answer:
            answer: assistant.Answer = rider.call(assistant.ask, text=said)
            return answer

        for go, language, stop in (
            ("Navigate to Canillo.", "en", "Stop navigation."),
            ("Navigiere nach Canillo.", "de", "Navigation beenden."),
            ("导航到Canillo", "zh", "结束导航"),
        ):
            answer = ask(go)
            assert answer.language == language
            assert [done.path for done in answer.did] == ["navigation.start_guidance"], answer.reply
            guidance = rider.call(api.guidance)
            assert guidance.active
            assert guidance.trip.destination.name == "Canillo"
            assert not ask(stop).refused
            assert not rider.call(api.guidance).active
        for said in ("Take me to the nearest charger.", "Bring mich zur nächsten Ladesäule.", "带我去最近的充电站"):
            assert [done.path for done in ask(said).did] == ["navigation.start_guidance"]
            assert rider.call(api.guidance).trip.destination.kind == "charger"
        rider.until(lambda: value(rider, "Remaining.Distance") is not None)
        assert "%" in ask("When will we arrive?").reply
        assert ask("Why do I have to charge there?").reply
        assert ask("Undo.").did
        assert "Canillo" in ask("Can I make it to Canillo?").reply
        found = ask("Find coffee near me.")
        assert found.asked
        assert len(found.choices) == 3
        ask("The second one.")
        assert rider.call(api.guidance).trip.destination.name == found.choices[1]
        assert "map page" in ask("Take me home.").reply
        home = api.Place(id="n1", name="Casa", kind="address", position=at(CANILLO))
        rider.call(api.keep_place, place=home, kind="home")
        ask("Take me home.")
        assert rider.call(api.guidance).trip.destination.name == "Casa"


def test_a_jam_ahead_is_driven_slowly_puts_off_the_arrival_and_ends_by_itself(folder: Path) -> None:
    with Stack(folder) as stack, Rider(stack) as rider:
        rider.ready()
        rider.until(lambda: value(rider, "Position.Source") == "MATCHED")
        trip = planned(rider, CANILLO)
        rider.call(api.start_guidance, trip=trip.id)
        rider.call(api.follow_route, active=True, pace=5)
        rider.until(lambda: (value(rider, "Progress") or 0.0) > 300.0)
        revision, left = value(rider, "Traffic.Revision"), value(rider, "Remaining.Time")
        # Two kilometres, and whatever runs beside them: there is no way round that is worth it.
        slow = api.Jam(points=stretch(trip, 1500.0, 3500.0), speed_factor=0.5, until_s=60.0)
        reported = rider.call(api.report_traffic, source="desk", stretches=[slow])
        assert reported.unmatched == []
        rider.until(lambda: value(rider, "Traffic.Revision") == revision + 1)
        rider.until(lambda: (value(rider, "Traffic.Delay") or 0.0) > 30.0)
        assert value(rider, "Remaining.Time") > left
        assert rider.call(api.guidance).trip.id == trip.id
        rider.until(lambda: (value(rider, "Progress") or 0.0) > 1700.0)
        speeds = []
        while (value(rider, "Progress") or 0.0) < 2600.0:
            speeds.append(rider.value("Vehicle.Speed"))
            time.sleep(0.1)
        assert max(speeds) < 32.0, "km/h: half of what the road lets people drive"
        rider.until(lambda: value(rider, "Traffic.Revision") == revision + 2, 90)
        assert rider.call(api.traffic) == []
        rider.until(lambda: value(rider, "Traffic.Delay") == 0.0)
