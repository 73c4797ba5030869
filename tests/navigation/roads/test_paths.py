"""Best paths: against slower searches that are surely right, and the rules that they keep."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.navigation.api import Avoid
from alpenglow.navigation.roads.graph import Floats, Roads
from alpenglow.navigation.roads.paths import NoPath
from alpenglow.navigation.roads.snapping import Snap
from tests.navigation.roads.maps import Drawn, Trips

SQUARE = list(itertools.product(range(4), range(4)))


def town(lanes: list[tuple[int, int, bool]]) -> Drawn:
    """A town of four by four crossings; each lane joins two of them, maybe one way."""
    drawn = Drawn()
    for i, (a, b, one_way) in enumerate(lanes):
        if a != b:
            drawn.way(i + 1, SQUARE[a], SQUARE[b], **({"oneway": "yes"} if one_way else {}))
    return drawn


def relaxed(roads: Roads, start: int, weights: Floats) -> Floats:
    """Bellman's and Ford's way: the price from a node to each, by going over all edges until nothing changes."""
    price = np.full(roads.nodes, np.inf)
    price[start] = 0.0
    for _ in range(roads.nodes):
        before = price.copy()
        np.minimum.at(price, roads.end, price[roads.start] + weights)
        if np.array_equal(before, price):
            return price
    raise AssertionError("a circle that pays")


lanes = st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15), st.booleans()), min_size=4, max_size=30)


@settings(deadline=None, max_examples=60)
@given(lanes, st.integers(0, 10**6), st.data())
def test_the_cheapest_path_is_found(lanes: list[tuple[int, int, bool]], seed: int, data: st.DataObject) -> None:
    if all(a == b for a, b, _ in lanes):
        return
    trips = Trips(town(lanes).roads())
    roads = trips.roads
    weights = np.random.default_rng(seed).uniform(1.0, 100.0, roads.edges)
    first = data.draw(st.integers(0, roads.edges - 1))
    last = data.draw(st.integers(0, roads.edges - 1))
    start = Snap(first, 1.0, 0.0, 0.0, 0.0, both=False)  # at the end of one edge, to the start of another
    end = Snap(last, 0.0, 0.0, 0.0, 0.0)
    if int(roads.twin[last]) >= 0 or first == last:
        return
    expected = relaxed(roads, int(roads.end[first]), weights)[roads.start[last]]
    try:
        path = trips.network.find(start, end, weights)
    except NoPath:
        assert not np.isfinite(expected)
        return
    assert trips.network.totals(path, weights)[0] == pytest.approx(expected, abs=1e-3)
    assert (roads.end[path.edges[:-1]] == roads.start[path.edges[1:]]).all(), "one edge begins where another ends"


def test_two_roads_between_the_same_crossings_are_told_apart() -> None:
    drawn = Drawn().way(1, (0, 0), (1, 0)).way(2, (1, 0), (1, 3), (4, 3), (4, 0)).way(3, (1, 0), (4, 0))
    drawn.way(4, (4, 0), (5, 0))
    trips = Trips(drawn.roads())
    assert trips.ways((0, 0), (5, 0)) == [1, 3, 4]
    dear = np.where(trips.roads.way_id == 3, trips.weights * 10.0, trips.weights)
    path = trips.network.find(trips.snap(0, 0), trips.snap(5, 0), dear)
    assert set(trips.roads.way_id[path.edges].tolist()) == {1, 2, 4}


def test_both_ends_on_one_road() -> None:
    trips = Trips(Drawn().way(1, (0, 0), (4, 0)).way(2, (0, 0), (0, 1), (4, 1), (4, 0)).roads())
    assert trips.metres((1, 0), (3, 0)) == pytest.approx(200.0, rel=0.01)
    assert trips.metres((3, 0), (1, 0)) == pytest.approx(200.0, rel=0.01)
    assert trips.metres((2, 0), (2, 0)) == pytest.approx(0.0, abs=0.1)


def test_a_place_behind_us_on_a_one_way_road_is_a_way_round() -> None:
    drawn = Drawn().way(1, (0, 0), (4, 0), oneway="yes").way(2, (4, 0), (4, 1), (0, 1), (0, 0))
    trips = Trips(drawn.roads())
    assert trips.metres((3, 0), (1, 0)) == pytest.approx(800.0, rel=0.01)


def test_a_moving_car_goes_on_the_way_it_is_going() -> None:
    drawn = Drawn().way(1, (0, 0), (4, 0)).way(2, (4, 0), (4, 1), (0, 1), (0, 0))
    trips = Trips(drawn.roads())
    east = trips.network.find(trips.snap(3, 0, heading=90.0), trips.snap(0, 0.5), trips.weights)
    assert trips.network.totals(east, trips.costs.length_m)[0] == pytest.approx(650.0, rel=0.01)
    west = trips.network.find(trips.snap(3, 0, heading=270.0), trips.snap(0, 0.5), trips.weights)
    assert trips.network.totals(west, trips.costs.length_m)[0] == pytest.approx(350.0, rel=0.01)


def test_the_way_through_a_place_passes_it() -> None:
    drawn = Drawn().way(1, (0, 0), (4, 0)).way(2, (0, 0), (0, 2), (4, 2), (4, 0)).way(3, (4, 0), (6, 0))
    trips = Trips(drawn.roads())
    legs = trips.network.find_via([trips.snap(1, 0), trips.snap(2, 2), trips.snap(6, 0)], trips.weights)
    metres = [trips.network.totals(leg, trips.costs.length_m)[0] for leg in legs]
    assert metres == pytest.approx([500.0, 600.0], rel=0.01)


def test_what_is_avoided_is_used_only_where_there_is_no_other_way() -> None:
    drawn = Drawn().way(1, (0, 0), (1, 0)).way(2, (1, 0), (2, 0), toll="yes").way(3, (2, 0), (3, 0))
    drawn.way(4, (1, 0), (1, 1), (2, 1), (2, 0), surface="gravel").way(5, (3, 0), (5, 0), toll="yes")
    trips = Trips(drawn.roads())
    start, end, beyond = trips.snap(0, 0), trips.snap(3, 0), trips.snap(5, 0)

    def ways(avoid: Avoid, to: Snap) -> set[int]:
        weights = trips.network.weights(trips.costs, "shortest", avoid)
        return set(trips.roads.way_id[trips.network.find(start, to, weights).edges].tolist())

    assert ways(Avoid(), end) == {1, 2, 3}
    assert ways(Avoid(tolls=True), end) == {1, 4, 3}
    assert ways(Avoid(unpaved=True), end) == {1, 2, 3}
    assert ways(Avoid(tolls=True), beyond) == {1, 4, 3, 5}


def test_alternatives_differ_and_are_not_much_dearer() -> None:
    drawn = Drawn().way(1, (0, 0), (1, 0)).way(2, (9, 0), (10, 0))
    for i, bow in enumerate((0, 1, 2, 9)):
        drawn.way(10 + i, (1, 0), (1, bow), (9, bow), (9, 0))
    trips = Trips(drawn.roads())
    paths = trips.network.alternatives(trips.snap(0, 0), trips.snap(10, 0), trips.weights, 3)
    metres = [trips.network.totals(p, trips.costs.length_m)[0] for p in paths]
    assert metres == pytest.approx([1000.0, 1200.0, 1400.0], rel=0.02), "the one by far too long is not offered"
    for a, b in itertools.combinations(paths, 2):
        shared = np.isin(a.edges, b.edges)
        length = trips.roads.length_m[a.edges] * a.shares()
        assert length[shared].sum() <= 0.7 * length.sum()


def test_one_search_gives_the_way_to_many() -> None:
    trips = Trips(Drawn().way(1, (0, 0), (4, 0)).way(2, (4, 0), (4, 4)).way(3, (9, 9), (9, 8)).roads())
    start, ends = trips.snap(1, 0), [trips.snap(3, 0), trips.snap(4, 3), trips.snap(9, 9)]
    found = trips.network.one_to_many(start, ends, trips.weights, trips.costs.time_s)
    assert found[:2, 0] == pytest.approx([200.0, 600.0], rel=0.01)
    assert found[:2, 1] == pytest.approx([20.0, 60.0], rel=0.01)
    assert np.isinf(found[2]).all()
    many = trips.network.many_to_many([start, ends[0]], ends, trips.weights, trips.costs.time_s)
    assert many[0] == pytest.approx(found)
    assert many[1, 0, 0] == pytest.approx(0.0, abs=0.1)


def test_the_line_runs_from_place_to_place() -> None:
    trips = Trips(Drawn().way(1, (0, 0), (4, 0)).way(2, (4, 0), (4, 4)).roads())
    start, end = trips.snap(1.03, 0), trips.snap(4, 3.33)
    path = trips.network.find(start, end, trips.weights)
    line = trips.network.line(path)
    assert (line.lat[0], line.lon[0]) == pytest.approx((start.lat, start.lon), abs=1e-6)
    assert (line.lat[-1], line.lon[-1]) == pytest.approx((end.lat, end.lon), abs=1e-6)
    assert (np.diff(line.distance_m) > 0).all()
    assert line.distance_m[-1] == pytest.approx(trips.network.totals(path, trips.costs.length_m)[0], rel=1e-3)
    assert (np.diff(line.edge) >= 0).all()
