"""Reported lines on the roads that they mean, and what they do to plans."""

import functools
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.navigation import api
from alpenglow.navigation.energy.car import load_car
from alpenglow.navigation.energy.model import Conditions
from alpenglow.navigation.energy.speeds import profile
from alpenglow.navigation.guidance.following import laid
from alpenglow.navigation.guidance.way import free_seconds
from alpenglow.navigation.roads.graph import Floats
from alpenglow.navigation.traffic.roads import Finder, Piece, factors
from alpenglow.navigation.trips.plan import Planned, Request
from alpenglow.navigation.trips.planner import Planner
from alpenglow.navigation.trips.repricing import repriced
from tests.navigation.andorra import BORDER, CAPITAL, LINES, PASS, country
from tests.navigation.guidance.town import Town, place, town

FEW = settings(max_examples=20, deadline=None)


@functools.cache
def here() -> Town:
    return town()


def line(*places: tuple[float, float]) -> list[tuple[float, float]]:
    """[longitude, latitude] of places in metres from the middle of the town."""
    return [(lon, lat) for lat, lon in (place(*each) for each in places)]


def found(points: list[tuple[float, float]]) -> dict[tuple[str, int], list[Piece]]:
    """The pieces by their street and whether they run east or north (1), or west or south (-1)."""
    roads = here().roads
    result: dict[tuple[str, int], list[Piece]] = {}
    for piece in Finder(roads, here().snapper).pieces(points):
        at = roads.points(piece.edge)
        way = roads.lon[at][-1] - roads.lon[at][0] + roads.lat[at][-1] - roads.lat[at][0]
        key = (roads.names[roads.name[piece.edge]], 1 if way > 0 else -1)
        result.setdefault(key, []).append(piece)
    return result


def test_a_line_is_found_on_its_road_in_its_direction_over_junctions() -> None:
    got = found(line((-300, 4), (300, -4)))
    assert list(got) == [("Street A", 1)]
    assert sum(each.end_m - each.begin_m for each in got["Street A", 1]) == pytest.approx(600.0, abs=25.0)
    assert list(found(line((300, 0), (-300, 0)))) == [("Street A", -1)]


def test_a_line_round_a_corner_is_found_on_both_streets() -> None:
    assert set(found(line((-300, 0), (0, 0), (0, 500)))) == {("Street A", 1), ("Street 1", 1)}


def test_a_line_beside_every_road_is_on_none() -> None:
    assert found(line((-300, 90), (300, 110))) == {}
    assert found([(24.9, 60.1), (24.95, 60.1)]) == {}


def test_a_line_across_a_road_is_not_on_it() -> None:
    assert found(line((200, -20), (200, 20))) == {}


def test_a_line_against_a_one_way_road_is_on_none_of_it() -> None:
    ring = line((-600, 20), (-586, 14), (-580, 0))  # clockwise; it is driven the other way
    assert ("Ring", 1) not in found(ring)
    assert ("Ring", -1) not in found(ring)


@given(
    parts=st.lists(
        st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.05, 1.0)).map(
            lambda t: (min(t[:2]), max(t[:2]), t[2])
        ),
        max_size=5,
    )
)
def test_an_edge_takes_the_time_of_its_parts_the_slowest_counting(parts: list[tuple[float, float, float]]) -> None:
    roads, edge = here().roads, 0
    length = float(roads.length_m[edge])
    made = factors(roads, [(f, [Piece(edge, a * length, b * length)]) for a, b, f in parts])
    places = (np.arange(20_000) + 0.5) / 20_000
    pace = np.ones(len(places))
    for a, b, f in parts:
        pace[(places >= a) & (places <= b)] = np.maximum(pace[(places >= a) & (places <= b)], 1.0 / f)
    if made is None:
        assert all(f == 1.0 for _, _, f in parts)
        return
    assert made[edge] == pytest.approx(1.0 / pace.mean(), rel=5e-3)
    others = np.delete(made, np.flatnonzero(roads.base == edge))
    assert (others == 1.0).all()


def jammed(points: list[tuple[float, float]], factor: float) -> Floats:
    made = factors(here().roads, [(factor, Finder(here().roads, here().snapper).pieces(points))])
    assert made is not None
    return made


def plan(start: tuple[float, float], end: tuple[float, float], traffic: Floats | None = None) -> Planned:
    def at(where: tuple[float, float]) -> api.Position:
        lat, lon = place(*where)
        return api.Position(latitude=lat, longitude=lon)

    destination = api.Place(id="d", name="There", kind="poi", position=at(end))
    made = here().planner.plan(Request(at(start), destination), Conditions(), traffic=traffic)
    assert made.found is not None
    return made


def streets(planned: Planned) -> set[str]:
    assert planned.found is not None
    roads = here().roads
    edges = [e for leg in planned.found.legs for piece in leg.pieces for e in piece.path.edges.tolist()]
    return {roads.names[roads.name[edge]] for edge in edges}


def without_id(trip: api.Trip) -> api.Trip:
    return msgspec.structs.replace(trip, id="")


def test_free_roads_are_planned_exactly_as_without_traffic() -> None:
    assert factors(here().roads, []) is None
    assert factors(here().roads, [(1.0, [Piece(0, 0.0, 50.0)])]) is None
    free, ones = (plan((-380, 0), (380, 0), each) for each in (None, np.ones(here().roads.edges)))
    assert without_id(free.trip) == without_id(ones.trip)


def test_a_jam_on_the_fastest_way_is_driven_round() -> None:
    assert "Street B" not in streets(plan((-380, 0), (380, 0)))
    around = plan((-380, 0), (380, 0), jammed(line((-300, 0), (300, 0)), 0.1))
    assert "Street B" in streets(around)


def test_a_jam_the_other_way_changes_nothing() -> None:
    free = plan((-380, 0), (380, 0))
    other = plan((-380, 0), (380, 0), jammed(line((300, 0), (-300, 0)), 0.1))
    assert without_id(free.trip) == without_id(other.trip)


def test_a_jam_with_no_way_round_is_driven_through_and_takes_its_time() -> None:
    free = plan((500, 0), (2300, 0))
    slow = plan((500, 0), (2300, 0), jammed(line((600, 0), (1300, 0)), 0.25))
    assert streets(slow) == streets(free)
    assert slow.trip.route.points == free.trip.route.points
    assert slow.trip.duration_s > free.trip.duration_s + 60.0


def test_a_plan_that_is_followed_is_driven_again_under_other_traffic_and_back() -> None:
    free = plan((500, 0), (2300, 0))
    traffic = jammed(line((600, 0), (1300, 0)), 0.25)
    slow = repriced(here().planner, free, traffic)
    assert slow.trip.id == free.trip.id
    assert slow.trip.duration_s == pytest.approx(plan((500, 0), (2300, 0), traffic).trip.duration_s)
    assert slow.trip.duration_s == pytest.approx(sum(leg.duration_s for leg in slow.trip.legs))
    again = repriced(here().planner, slow, None)
    assert again.trip.duration_s == pytest.approx(free.trip.duration_s)
    assert again.trip.arrival_charge == pytest.approx(free.trip.arrival_charge, abs=0.1)
    way, free_s = laid(here().roads, slow)
    assert free_s is not None
    assert way.time_s[-1] - free_s[-1] == pytest.approx(slow.trip.duration_s - free.trip.duration_s)
    assert laid(here().roads, free)[1] is None


@pytest.fixture
def maps(shared_data: Path) -> Path:
    return shared_data / "maps"


@given(seed=st.integers(0, 10_000), factor=st.floats(0.05, 1.0), share=st.floats(0.0, 1.0))
@FEW
def test_traffic_makes_no_way_faster(shared_data: Path, seed: int, factor: float, share: float) -> None:
    ground = country(shared_data / "maps")
    ((start, end),) = ground.trips(1, seed, 2000.0)
    path = ground.network.find(start, end, ground.time_weights())
    dice = np.random.default_rng(seed)
    slow = np.where(dice.random(ground.roads.edges) < share, factor, 1.0)
    drives = [profile(ground.roads, path, ground.network.line(path), traffic=each) for each in (None, slow)]
    assert drives[1].duration_s >= drives[0].duration_s - 1e-6
    assert (drives[1].speed_ms <= drives[0].speed_ms + 1e-9).all()
    costs = ground.model.edge_costs(ground.roads, Conditions(), traffic=slow)
    assert costs.time_s.sum() >= ground.costs.time_s.sum() - 1e-6


def test_a_plan_with_a_stop_adds_up_when_traffic_slows_it(maps: Path) -> None:
    ground = country(maps)
    planner = Planner(
        ground.roads, ground.network, ground.snapper, ground.stations, load_car(LINES / "aurora" / "car.toml")
    )
    there = api.Place(id="", name="there", kind="settlement", position=api.Position(*PASS))
    request = Request(api.Position(*BORDER), there, options=api.Options(reserve=15.0))
    free = planner.plan(request, Conditions(charge_pct=14.0))
    assert len(free.trip.stops) == 1
    slow = repriced(planner, free, np.full(ground.roads.edges, 0.5))
    trip = slow.trip
    stop = trip.stops[0]
    assert trip.duration_s == pytest.approx(sum(leg.duration_s for leg in trip.legs) + stop.charging_s + stop.waiting_s)
    assert trip.duration_s > free.trip.duration_s + 300.0
    assert stop.arrival_charge == pytest.approx(trip.legs[0].arrival_charge)
    assert stop.departure_charge == pytest.approx(trip.legs[1].departure_charge)
    assert trip.arrival_charge == trip.legs[-1].arrival_charge
    same = repriced(planner, free, None).trip
    assert same.duration_s == pytest.approx(free.trip.duration_s)
    assert same.arrival_charge == pytest.approx(free.trip.arrival_charge, abs=0.3)


def test_a_plans_own_line_is_found_whole_and_turned_round_on_the_other_side_alone(maps: Path) -> None:
    ground = country(maps)
    finder = Finder(ground.roads, ground.snapper)
    path = ground.network.find(ground.snap(CAPITAL), ground.snap(PASS), ground.time_weights())
    drawn = ground.network.line(path)
    points = list(zip(drawn.lon.tolist(), drawn.lat.tolist(), strict=True))
    wanted = set(ground.roads.base[path.edges].tolist())
    got = finder.pieces(points)
    length = float(drawn.distance_m[-1])
    assert sum(each.end_m - each.begin_m for each in got if each.edge in wanted) > 0.98 * length
    assert sum(each.end_m - each.begin_m for each in got if each.edge not in wanted) < 0.01 * length
    assert not {each.edge for each in finder.pieces(points[::-1])} & wanted
    assert len(finder.line(got)) < 12


def test_what_was_said_of_free_seconds_is_the_free_plan() -> None:
    free = plan((-380, 0), (380, 0))
    assert free.found is not None
    seconds = free_seconds(here().roads, [leg.pieces for leg in free.found.legs], free.pace)
    way, _ = laid(here().roads, replace(free, traffic=None))
    assert seconds == pytest.approx(way.time_s)


@given(seed=st.integers(0, 10_000), factor=st.floats(0.05, 1.0), share=st.floats(0.0, 1.0))
@settings(max_examples=10, deadline=None)
def test_traffic_makes_no_trip_faster(shared_data: Path, seed: int, factor: float, share: float) -> None:
    ground = country(shared_data / "maps")
    car = load_car(LINES / "aurora" / "car.toml")
    planner = Planner(ground.roads, ground.network, ground.snapper, ground.stations, car)
    ((start, end),) = ground.trips(1, seed, 2000.0)
    there = api.Place(id="", name="there", kind="poi", position=api.Position(end.lat, end.lon))
    slow = np.where(np.random.default_rng(seed).random(ground.roads.edges) < share, factor, 1.0)[ground.roads.base]
    free, jammed = (
        planner.plan(Request(api.Position(start.lat, start.lon), there), Conditions(), traffic=traffic).trip.duration_s
        for traffic in (None, slow)
    )
    # Ways are chosen by their edges' prices, which know a junction's speed but roughly.
    assert jammed >= 0.97 * free
