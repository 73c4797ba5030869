"""Trips through Andorra: what people get, and what they are told."""

import functools
import itertools
import json
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.navigation import api
from alpenglow.navigation.energy.car import CarData, load_car
from alpenglow.navigation.energy.model import Conditions
from alpenglow.navigation.region.chargers import Station
from alpenglow.navigation.roads.building import build_graph
from alpenglow.navigation.roads.graph import RawRoads, RawWay
from alpenglow.navigation.roads.paths import Network
from alpenglow.navigation.roads.snapping import Snapper
from alpenglow.navigation.trips.chargers import PLUG_IN_S, Status
from alpenglow.navigation.trips.plan import Planned, Request
from alpenglow.navigation.trips.planner import Planner
from tests.navigation.andorra import BORDER, CAPITAL, LINES, PASS, country
from tests.navigation.trips.oracle import lowest

PAS_DE_LA_CASA = (42.5425, 1.7336)
ARINSAL = (42.5720, 1.4840)
FEW = settings(max_examples=25, deadline=None)


def place(where: tuple[float, float], name: str = "there") -> api.Place:
    return api.Place(id="", name=name, kind="settlement", position=api.Position(*where))


def request(start: tuple[float, float], end: tuple[float, float], **options: object) -> Request:
    return Request(api.Position(*start), place(end), options=api.Options(**options))  # type: ignore[arg-type]


def smaller(car: CarData, energy_kwh: float) -> CarData:
    return msgspec.structs.replace(car, battery=msgspec.structs.replace(car.battery, energy=energy_kwh))


def strong(station: Station, power_kw: float) -> Station:
    plug = "ccs" if power_kw > 22.0 else "type2"
    return msgspec.structs.replace(station, plugs=[plug], outputs={plug: power_kw}, power_kw=power_kw, known=True)


@functools.cache
def planner(maps: Path, energy_kwh: float = 77.4, power_kw: float = 0.0) -> Planner:
    ground = country(maps)
    stations = [strong(s, power_kw) for s in ground.stations] if power_kw else ground.stations
    car = smaller(load_car(LINES / "aurora" / "car.toml"), energy_kwh)
    return Planner(ground.roads, ground.network, ground.snapper, stations, car)


@pytest.fixture
def maps(shared_data: Path) -> Path:
    return shared_data / "maps"


def adds_up(planned: Planned) -> None:
    """Every sum of a trip is that of its parts, and each leg begins where the one before ended."""
    trip = planned.trip
    assert len(trip.legs) == len(trip.stops) + 1
    assert trip.distance_m == pytest.approx(sum(leg.distance_m for leg in trip.legs))
    assert trip.route.distance_m == pytest.approx(trip.distance_m)
    stopped = sum(stop.charging_s + stop.waiting_s for stop in trip.stops)
    assert trip.duration_s == pytest.approx(sum(leg.duration_s for leg in trip.legs) + stopped)
    assert trip.energy_kwh == pytest.approx(sum(leg.energy_kwh for leg in trip.legs))
    now = 0.0
    for number, leg in enumerate(trip.legs):
        assert leg.energy_kwh == pytest.approx(sum(part.energy_kwh for part in leg.parts))
        used = (leg.departure_charge - leg.arrival_charge) / 100.0 * planned.full
        assert leg.energy_kwh == pytest.approx(used)
        now += leg.duration_s
        if number < len(trip.stops):
            stop = trip.stops[number]
            assert stop.arrival_s == pytest.approx(now)
            assert stop.arrival_charge == pytest.approx(leg.arrival_charge)
            assert stop.departure_charge == pytest.approx(trip.legs[number + 1].departure_charge)
            assert stop.energy_kwh == pytest.approx((stop.departure_charge - stop.arrival_charge) / 100 * planned.full)
            assert stop.charging_s >= PLUG_IN_S
            now += stop.charging_s + stop.waiting_s
    assert trip.departure_charge == trip.legs[0].departure_charge
    assert trip.arrival_charge == trip.legs[-1].arrival_charge


def test_a_charge_that_lasts_needs_no_stop(maps: Path) -> None:
    planned = planner(maps).plan(request(BORDER, PAS_DE_LA_CASA), Conditions(charge_pct=60.0))
    assert planned.trip.feasible
    assert planned.trip.stops == []
    assert planned.trip.arrival_charge > 40.0
    adds_up(planned)


def test_little_charge_leads_past_a_charger_and_the_reserve_is_kept(maps: Path) -> None:
    planned = planner(maps).plan(request(BORDER, PAS_DE_LA_CASA, reserve=15.0), Conditions(charge_pct=14.0))
    assert planned.trip.feasible
    assert len(planned.trip.stops) == 1
    assert planned.trip.arrival_charge == pytest.approx(15.0, abs=0.3)
    adds_up(planned)
    first, last = planned.trip.route.points[0], planned.trip.route.points[-1]
    assert first[::-1] == pytest.approx(BORDER, abs=3e-3)
    assert last[::-1] == pytest.approx(PAS_DE_LA_CASA, abs=3e-3)


@given(
    seed=st.integers(0, 10_000),
    charge=st.floats(5.0, 100.0),
    reserve=st.floats(0.0, 30.0),
    least=st.floats(0.0, 12.0),
    outside=st.floats(-15.0, 38.0),
    power=st.sampled_from([0.0, 50.0, 150.0]),
)
@FEW
def test_no_plan_goes_below_what_is_to_be_kept(
    shared_data: Path, seed: int, charge: float, reserve: float, least: float, outside: float, power: float
) -> None:
    ground = country(shared_data / "maps")
    ((start, end),) = ground.trips(1, seed, least_m=4000.0)
    subject = planner(shared_data / "maps", 5.0, power)
    conditions = Conditions(charge_pct=charge, outside_c=round(outside), battery_c=max(5.0, round(outside)))
    asked = request((start.lat, start.lon), (end.lat, end.lon), reserve=reserve, least=least)
    planned = subject.plan(asked, conditions)
    if not planned.trip.feasible:
        assert planned.trip.problem
        return
    adds_up(planned)
    if planned.trip.precondition_s is None:
        way, arrival = lowest(subject, planned)
        assert way >= -0.1
        assert arrival >= -0.1


def test_a_better_car_is_never_slower(maps: Path) -> None:
    rough = planner(maps, 5.0)
    car = rough.car
    frugal = msgspec.structs.replace(
        car, body=msgspec.structs.replace(car.body, mass=0.85 * car.body.mass, drag_coefficient=0.2)
    )
    quick = msgspec.structs.replace(car, charging=msgspec.structs.replace(car.charging, ac_power=22e3))
    ground = country(maps)
    better = [Planner(ground.roads, ground.network, ground.snapper, ground.stations, each) for each in (frugal, quick)]
    stops = 0
    for start, end in ground.trips(6, 3, least_m=9000.0):
        asked = request((start.lat, start.lon), (end.lat, end.lon))
        conditions = Conditions(charge_pct=70.0)
        worse = rough.plan(asked, conditions).trip
        stops += len(worse.stops)
        for each in better:
            trip = each.plan(asked, conditions).trip
            assert trip.feasible >= worse.feasible
            if worse.feasible:
                assert trip.duration_s <= worse.duration_s + 5.0
    assert stops >= 3


def test_time_grows_with_the_reserve_and_falls_with_the_charge(maps: Path) -> None:
    subject = planner(maps, 10.0)
    asked = request(BORDER, PAS_DE_LA_CASA)
    by_reserve = [
        subject.plan(replace(asked, options=api.Options(reserve=float(reserve))), Conditions(charge_pct=60.0)).trip
        for reserve in (0, 10, 20, 30, 40)
    ]
    by_charge = [subject.plan(asked, Conditions(charge_pct=float(charge))).trip for charge in (100, 80, 60, 40, 20)]
    for trips in (by_reserve, by_charge):
        assert all(trip.feasible for trip in trips)
        for sooner, later in itertools.pairwise(trips):
            assert later.duration_s >= sooner.duration_s - 2.0
        assert trips[-1].duration_s > trips[0].duration_s + 300.0


def test_via_points_are_passed_and_stops_found_between_them(maps: Path) -> None:
    subject = planner(maps, 10.0)
    asked = replace(request(BORDER, PAS_DE_LA_CASA), via=(api.Position(*ARINSAL),))
    planned = subject.plan(asked, Conditions(charge_pct=45.0))
    assert planned.trip.feasible
    assert planned.trip.stops
    adds_up(planned)
    nearest = min(abs(lat - ARINSAL[0]) + abs(lon - ARINSAL[1]) for lon, lat in planned.trip.route.points)
    assert nearest < 2e-3
    straight = subject.plan(request(BORDER, PAS_DE_LA_CASA), Conditions(charge_pct=100.0))
    assert planned.trip.distance_m > straight.trip.distance_m + 5000.0


def test_the_way_down_gives_back_and_the_way_up_takes(maps: Path) -> None:
    subject = planner(maps)
    up = subject.plan(request(CAPITAL, PASS), Conditions(charge_pct=60.0)).trip
    down = subject.plan(request(PASS, CAPITAL), Conditions(charge_pct=60.0)).trip
    assert up.energy_kwh > 4.0
    assert down.energy_kwh < 0.25 * up.energy_kwh
    full = subject.plan(request(PASS, CAPITAL), Conditions(charge_pct=100.0)).trip
    assert full.energy_kwh > down.energy_kwh  # a full battery takes nothing back
    assert full.arrival_charge <= 100.0


def test_what_cannot_be_done_says_why_and_what_would_help(maps: Path) -> None:
    trip = planner(maps).plan(request(BORDER, PAS_DE_LA_CASA), Conditions(charge_pct=5.1)).trip
    assert not trip.feasible
    assert "5 % do not last to there" in trip.problem
    first = next(remedy for remedy in trip.remedies if remedy.startswith("Charge to"))
    enough = float(first.split()[2])
    assert planner(maps).plan(request(BORDER, PAS_DE_LA_CASA), Conditions(charge_pct=enough)).trip.feasible
    assert not planner(maps).plan(request(BORDER, PAS_DE_LA_CASA), Conditions(charge_pct=enough - 2.0)).trip.feasible
    assert trip.route.points  # the way can be shown all the same


def test_without_a_charger_a_smaller_reserve_is_offered(maps: Path) -> None:
    ground = country(maps)
    alone = Planner(ground.roads, ground.network, ground.snapper, [], load_car(LINES / "aurora" / "car.toml"))
    asked = request(BORDER, PAS_DE_LA_CASA, reserve=30.0)
    trip = alone.plan(asked, Conditions(charge_pct=30.0)).trip
    assert "less than the 30 %" in trip.problem
    (lower,) = (remedy for remedy in trip.remedies if remedy.startswith("Arrive with"))
    reserve = float(lower.split()[2])
    assert alone.plan(request(BORDER, PAS_DE_LA_CASA, reserve=reserve), Conditions(charge_pct=30.0)).trip.feasible
    assert not alone.plan(
        request(BORDER, PAS_DE_LA_CASA, reserve=reserve + 2.0), Conditions(charge_pct=30.0)
    ).trip.feasible


def test_a_cable_that_would_help_is_named(maps: Path) -> None:
    ground = country(maps)
    car = load_car(LINES / "aurora" / "car.toml")
    direct = msgspec.structs.replace(car, charging=msgspec.structs.replace(car.charging, plugs=["ccs"]))
    subject = Planner(ground.roads, ground.network, ground.snapper, ground.stations, direct)
    trip = subject.plan(request(BORDER, PAS_DE_LA_CASA), Conditions(charge_pct=12.0)).trip
    assert not trip.feasible
    assert "no charging station that fits" in trip.problem
    assert "Take a cable for type2 along: there are charging stations on the way." in trip.remedies


def test_a_place_without_a_road_and_an_island_are_told_apart(maps: Path) -> None:
    nowhere = planner(maps).plan(request(BORDER, (42.9, 1.1)), Conditions()).trip
    assert (nowhere.feasible, nowhere.problem) == (False, "There is no road near there.")
    assert nowhere.route.points == []

    def street(number: int, lat: float) -> RawWay:
        lon = np.linspace(1.0, 1.03, 4)
        return RawWay(number, [10 * number + n for n in range(4)], np.full(4, lat), lon, {"highway": "residential"})

    roads = build_graph(RawRoads([street(1, 42.0), street(2, 42.2)]))
    subject = Planner(roads, Network(roads), Snapper(roads), [], planner(maps).car)
    island = subject.plan(request((42.0, 1.0), (42.2, 1.03), reserve=0.0), Conditions()).trip
    assert not island.feasible
    assert island.problem == "there cannot be reached by road: nothing joins it to the other roads of the map."
    assert subject.plan(request((42.0, 1.0), (42.0, 1.03)), Conditions()).trip.feasible


def test_the_battery_is_warmed_for_fast_charging_where_that_pays(maps: Path) -> None:
    subject = planner(maps, 40.0, 150.0)
    cold = Conditions(charge_pct=35.0, outside_c=-8.0, battery_c=-5.0)
    asked = request(BORDER, PAS_DE_LA_CASA, reserve=70.0)
    planned = subject.plan(asked, cold)
    assert planned.trip.feasible
    adds_up(planned)
    begin = planned.trip.precondition_s
    assert begin is not None
    assert 0.0 <= begin < planned.trip.legs[0].duration_s
    assert planned.saved_s > 60.0
    assert subject.plan(asked, replace(cold, outside_c=24.0, battery_c=29.0)).trip.precondition_s is None


def test_a_station_that_is_out_of_order_is_passed_by_and_a_queue_is_waited_for(maps: Path) -> None:
    subject = planner(maps)
    asked, low = request(BORDER, PAS_DE_LA_CASA), Conditions(charge_pct=12.0)
    (usual,) = subject.plan(asked, low).trip.stops
    (other,) = subject.plan(asked, low, status={usual.charger.id: Status("out_of_order")}).trip.stops
    assert other.charger.id != usual.charger.id
    everywhere = {station.id: Status("busy", 1) for station in subject.pool.stations}
    planned = subject.plan(asked, low, status=everywhere)
    assert planned.trip.stops[0].waiting_s > 600.0
    adds_up(planned)


def test_a_preferred_network_is_taken_while_it_costs_little(maps: Path) -> None:
    ground = country(maps)
    stations = [
        msgspec.structs.replace(strong(s, 22.0), network="Glacier" if n % 2 else "Moraine")
        for n, s in enumerate(ground.stations)
    ]
    subject = Planner(ground.roads, ground.network, ground.snapper, stations, planner(maps).car)
    for network in ("Glacier", "Moraine"):
        (stop,) = subject.plan(
            request(BORDER, PAS_DE_LA_CASA, networks=[network]), Conditions(charge_pct=14.0)
        ).trip.stops
        assert stop.charger.network == network


def test_alternatives_differ_and_hold(maps: Path) -> None:
    subject = planner(maps)
    ways = subject.plan(request(CAPITAL, ARINSAL, alternatives=3), Conditions(charge_pct=70.0))
    assert ways.trip.alternatives
    assert len({trip.distance_m for trip in (ways.trip, *ways.trip.alternatives)}) == len(ways.trip.alternatives) + 1
    stops = subject.plan(request(BORDER, PAS_DE_LA_CASA, alternatives=2), Conditions(charge_pct=12.0))
    used = [tuple(stop.charger.id for stop in trip.stops) for trip in (stops.trip, *stops.trip.alternatives)]
    assert len(used) == len(set(used)) > 1
    for planned in (ways, stops, *ways.alternatives, *stops.alternatives):
        adds_up(planned)
        assert planned.trip.duration_s >= stops.trip.duration_s or planned.trip.stops == []


def test_economical_takes_less_energy_than_fastest(maps: Path) -> None:
    subject, ground = planner(maps), country(maps)
    saved = []
    for start, end in ground.trips(12, 9, least_m=6000.0):
        trips = [
            subject.plan(
                request((start.lat, start.lon), (end.lat, end.lon), preference=preference), Conditions(charge_pct=90.0)
            ).trip
            for preference in ("fastest", "economical")
        ]
        saved.append(trips[0].energy_kwh - trips[1].energy_kwh)
        assert trips[0].duration_s <= trips[1].duration_s + 1.0
    assert min(saved) > -0.02
    assert max(saved) > 0.1


def test_chargers_come_by_driving_time(maps: Path) -> None:
    found = planner(maps).nearest(api.Position(*CAPITAL), limit=4)
    assert len(found) == 4
    assert all(each.charger and each.name and each.distance_m for each in found)
    assert found[0].distance_m is not None
    assert found[0].distance_m < 1500.0
    assert planner(maps).nearest(api.Position(*CAPITAL), plugs=["chademo"]) == []
    assert planner(maps).nearest(api.Position(45.0, 5.0)) == []


def test_a_trip_crosses_the_fabric_whole(maps: Path) -> None:
    planned = planner(maps).plan(request(BORDER, PAS_DE_LA_CASA, alternatives=1), Conditions(charge_pct=12.0))
    text = msgspec.json.encode(planned.trip)
    assert msgspec.json.decode(text, type=api.Trip) == planned.trip
    assert json.loads(text)["feasible"]
