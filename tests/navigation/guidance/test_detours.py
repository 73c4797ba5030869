"""What it costs to go to a place along the route."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.navigation.guidance.detours import detours
from alpenglow.navigation.maps import OpenMap
from alpenglow.navigation.roads.paths import NoPath
from tests.navigation.andorra import country
from tests.navigation.guidance.town import Town, place


@given(seed=st.integers(0, 10_000))
@settings(max_examples=12, deadline=None)
def test_one_search_back_from_a_place_costs_what_a_search_from_each_start_does(shared_data: Path, seed: int) -> None:
    ground = country(shared_data / "maps")
    weights, seconds = ground.time_weights(), ground.costs.time_s
    pairs = ground.trips(6, seed)
    starts, end = [start for start, _ in pairs], pairs[0][1]
    found = ground.network.to_one(starts, end, weights, seconds)
    for start, cost in zip(starts, found, strict=True):
        try:
            wanted = ground.network.totals(ground.network.find(start, end, weights), seconds)[0]
        except NoPath:
            wanted = np.inf
        assert cost == pytest.approx(wanted, rel=1e-3, abs=0.2)


def test_a_place_on_the_route_costs_nothing_and_one_off_it_the_way_there_and_back(small_town: Town) -> None:
    following = small_town.follow(small_town.plan((-380, 0), (380, 0)))
    opened = OpenMap.__new__(OpenMap)
    opened.roads, opened.network, opened.snapper = small_town.roads, small_town.network, small_town.snapper
    pricing = small_town.planner.model.edge_costs(small_town.roads, following.planned.conditions)
    weights = small_town.network.weights(pricing, "fastest")
    on, off, far, nowhere = detours(
        opened,
        weights,
        pricing.time_s,
        following,
        [place(100, 5), place(0, 150), place(380, 190), place(0, 9000)],
    )
    assert on == pytest.approx(0.0, abs=1.0)
    assert off is not None
    assert off > 15.0
    assert far is not None
    assert far > 15.0
    assert nowhere is None
