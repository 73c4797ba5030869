"""Energy as a price of the roads."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import bellman_ford

from alpenglow.navigation.energy.model import Conditions
from alpenglow.navigation.energy.reach import node_energy, reachable
from alpenglow.navigation.energy.speeds import ECONOMICAL, profile
from alpenglow.navigation.roads.snapping import Snap
from tests.navigation.andorra import BORDER, CAPITAL, PASS, Country, country

conditions = st.builds(
    Conditions,
    charge_pct=st.floats(0.0, 100.0),
    outside_c=st.floats(-25.0, 40.0),
    people=st.integers(1, 5),
    load_kg=st.floats(0.0, 400.0),
    rolling=st.sampled_from([1.0, 1.15, 1.6]),
    headwind_ms=st.floats(0.0, 15.0),
)


@pytest.fixture
def andorra(shared_data: Path) -> Country:
    return country(shared_data / "maps")


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(conditions)
def test_with_the_potential_no_price_is_below_nothing(andorra: Country, given_: Conditions) -> None:
    costs = andorra.model.edge_costs(andorra.roads, given_)
    roads = andorra.roads
    reduced = costs.energy_j + costs.potential_j[roads.start] - costs.potential_j[roads.end]
    assert reduced.min() > -1.0, "J: beyond rounding"
    assert np.isfinite(costs.energy_j).all()
    assert (costs.time_s > 0.0).all()
    assert (costs.energy_j < 0.0).any() or given_.charge_pct > 90.0 or given_.outside_c < -5.0


def test_the_cheapest_path_with_the_potential_is_that_of_a_search_that_knows_negative_prices(andorra: Country) -> None:
    roads, costs = andorra.roads, andorra.costs
    # Bellman and Ford need every edge many times: a part of the land is enough.
    near = (np.abs(roads.node_lat - 42.51) < 0.02) & (np.abs(roads.node_lon - 1.53) < 0.03)
    kept = near[roads.start] & near[roads.end]
    inside = np.flatnonzero(near)
    number = np.full(roads.nodes, -1)
    number[inside] = np.arange(len(inside))
    start, end, energy = number[roads.start[kept]], number[roads.end[kept]], costs.energy_j[kept]
    order = np.lexsort((energy, end, start))  # of parallel roads the cheapest
    first = np.concatenate(([True], (np.diff(start[order]) != 0) | (np.diff(end[order]) != 0)))
    pick = order[first]
    assert (energy < 0.0).any()
    graph = csr_array((energy[pick], (start[pick], end[pick])), shape=(len(inside),) * 2)
    two_way = kept & (roads.twin >= 0) & (roads.plain[roads.start] == roads.start)
    edge = int(np.flatnonzero(two_way & (roads.component[roads.start] == 0))[0])
    source = int(number[roads.start[edge]])
    slow = bellman_ford(graph, indices=source)
    barred = np.where(kept, costs.reduced_j(roads), 1e15)
    price, _ = andorra.network.tree(Snap(edge, 0.0, 0.0, 0.0, 0.0), barred)  # at a crossing: free to go any way
    fast = price[inside] - costs.potential_j[roads.start[edge]] + costs.potential_j[inside]
    reached = np.isfinite(slow) & (price[inside] < 1e14)
    reached[source] = False
    assert reached.sum() > 500
    assert fast[reached] == pytest.approx(slow[reached], abs=1.0)


def test_an_edge_costs_about_what_driving_along_it_does(andorra: Country) -> None:
    network, model = andorra.network, andorra.model
    times, energies, kilometres = [], [], []
    for start, end in andorra.trips(25, seed=3, least_m=3000.0):
        path = network.find(start, end, andorra.time_weights())
        speeds = profile(andorra.roads, path, network.line(path))
        driven = model.along(speeds, Conditions())
        time_s, energy_j, metres = network.totals(
            path, andorra.costs.time_s, andorra.costs.energy_j, andorra.costs.length_m
        )
        times.append(time_s / speeds.duration_s)
        energies.append((energy_j - driven.total_j) / 3.6e3)
        kilometres.append(metres / 1e3)
    assert np.median(times) == pytest.approx(1.0, abs=0.03)
    assert np.abs(np.array(times) - 1.0).max() < 0.10
    assert np.median(np.array(energies) / np.array(kilometres)) == pytest.approx(0.0, abs=15.0), "Wh/km"


@pytest.mark.parametrize(
    "worse",
    [Conditions(load_kg=300.0), Conditions(headwind_ms=8.0), Conditions(rolling=1.6), Conditions(outside_c=-15.0)],
    ids=["load", "wind", "snow", "frost"],
)
def test_what_makes_driving_harder_makes_every_climb_dearer(andorra: Country, worse: Conditions) -> None:
    dear, usual, roads = andorra.model.edge_costs(andorra.roads, worse), andorra.costs, andorra.roads
    rise = roads.node_height[roads.end] - roads.node_height[roads.start]
    climbs = (rise > 0.04 * roads.length_m) & (roads.length_m > 100.0)
    assert climbs.sum() > 500
    assert (dear.energy_j[climbs] > usual.energy_j[climbs]).mean() > 0.97
    assert dear.energy_j[climbs].sum() > 1.03 * usual.energy_j[climbs].sum()


def test_slow_traffic_takes_longer(andorra: Country) -> None:
    factor = np.ones(andorra.roads.edges)
    factor[:1000] = 0.4
    slow = andorra.model.edge_costs(andorra.roads, Conditions(), traffic=factor)
    assert (slow.time_s[:1000] > 1.8 * andorra.costs.time_s[:1000]).mean() > 0.9
    assert slow.time_s[2000:3000] == pytest.approx(andorra.costs.time_s[2000:3000])


def test_an_economical_way_uses_less_energy_and_more_time(andorra: Country) -> None:
    network, roads = andorra.network, andorra.roads
    gentle = andorra.model.edge_costs(roads, Conditions(), ECONOMICAL)
    weights = network.weights(gentle, "economical")
    saved = []
    for start, end in andorra.trips(20, seed=5, least_m=4000.0):
        fast = network.find(start, end, andorra.time_weights())
        calm = network.find(start, end, weights)
        quick = profile(roads, fast, network.line(fast))
        slow = profile(roads, calm, network.line(calm), ECONOMICAL)
        assert slow.duration_s > quick.duration_s
        used = andorra.model.along(quick, Conditions()).total_j
        if used > 1e6:
            saved.append(1.0 - andorra.model.along(slow, Conditions()).total_j / used)
    assert np.median(saved) > 0.05


def test_more_charge_reaches_farther(andorra: Country) -> None:
    start = andorra.snap(CAPITAL)
    areas = [reachable(andorra.network, andorra.costs, start, kwh * 3.6e6) for kwh in (0.0, 1.0, 3.0, 9.0, 60.0)]
    lengths = [area.roads_m for area in areas]
    assert lengths == sorted(lengths)
    assert areas[0].roads_m < 1500.0, "the car's own road"
    assert lengths[-1] > 0.95 * lengths[-2] > 5.0 * lengths[1]
    for area in areas:
        for ring in area.rings:
            assert ring[0] == ring[-1]
            assert len(ring) > 3


def test_a_pass_that_the_battery_does_not_climb_hides_the_valley_behind_it(andorra: Country) -> None:
    """Pas de la Casa lies lower than the pass: the way down gives back, but the top must be reached first."""
    start = andorra.snap(CAPITAL)
    behind = (42.5436, 1.7339)
    there = int(andorra.roads.end[andorra.snap(behind).edge])
    top = float(np.min(node_energy(andorra.network, andorra.costs, start, 1e12)[there]))
    assert np.isfinite(node_energy(andorra.network, andorra.costs, start, 1.3 * top)[there])
    assert np.isinf(node_energy(andorra.network, andorra.costs, start, 0.9 * top)[there])


def test_down_the_valley_the_charge_reaches_farther_than_up(andorra: Country) -> None:
    start = andorra.snap(CAPITAL)
    used = node_energy(andorra.network, andorra.costs, start, 60e6)
    down = used[andorra.roads.end[andorra.snap(BORDER).edge]]
    up = used[andorra.roads.end[andorra.snap(PASS).edge]]
    assert down < 2.5e6 < 15e6 < up
