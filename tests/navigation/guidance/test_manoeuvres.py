"""What is to be done on a route, by the roads' own angles and by Valhalla."""

import random
from typing import Any

import pytest

from alpenglow.navigation.guidance.manoeuvres import Stopover, decode, encode, lanes, maneuvers
from tests.navigation.guidance.town import Town


def done(town: Town, *places: tuple[float, float]) -> list[tuple[str, str, int]]:
    return [(m.kind, m.street, m.exit) for m in town.follow(town.plan(*places)).maneuvers]


def test_turns_are_seen_and_roads_that_go_on_are_not(small_town: Town) -> None:
    assert done(small_town, (-300, 0), (0, 590)) == [
        ("depart", "Street A", 0),
        ("left", "Street 1", 0),
        ("arrive", "There", 0),
    ]
    assert done(small_town, (-300, 0), (390, 0)) == [("depart", "Street A", 0), ("arrive", "There", 0)]
    assert done(small_town, (0, -390), (390, 0))[1] == ("right", "Street A", 0)


@pytest.mark.parametrize(
    ("end", "street", "exit_"),
    [((-600, -390), "South Road", 3), ((-990, 0), "West Road", 2), ((-600, 390), "North Road", 1)],
)
def test_exits_of_a_roundabout_are_counted(small_town: Town, end: tuple[float, float], street: str, exit_: int) -> None:
    """Entered from the east; which way round it goes is the direction of its way: against the clock, on the right."""
    assert done(small_town, (-450, 0), end)[1] == ("roundabout", street, exit_)


def test_places_on_the_way_are_told(small_town: Town) -> None:
    kinds = [kind for kind, _, _ in done(small_town, (-300, 0), (0, 300), (0, 590))]
    assert kinds == ["depart", "left", "via", "depart", "arrive"]


def test_a_line_survives_its_encoding() -> None:
    dice = random.Random(3)
    points = [(dice.uniform(-90, 90), dice.uniform(-180, 180)) for _ in range(200)]
    for (lat, lon), (back_lat, back_lon) in zip(points, decode(encode(points)), strict=True):
        assert abs(lat - back_lat) <= 0.6e-6
        assert abs(lon - back_lon) <= 0.6e-6


def test_lanes_of_valhalla_are_arrows() -> None:
    told = [{"directions": 8}, {"directions": 2, "valid": 2}, {"directions": 66, "active": 64}, {"directions": 0}]
    assert lanes(told) == ["left", "!through", "!through|right", "none"]


class Silent:
    """A router whose tiles have no such way."""

    def trace_route(self, request: dict[str, Any] | str) -> Any:
        raise RuntimeError("map matching failed")


class Elsewhere:
    """A router that answers with another way."""

    def trace_route(self, request: dict[str, Any] | str) -> Any:
        told = [{"type": 10, "begin_shape_index": 0, "length": 1.0}]
        return {"trip": {"legs": [{"shape": encode([(41.0, 1.0), (41.0, 1.1)]), "maneuvers": told}]}}


@pytest.mark.parametrize("router", [Silent(), Elsewhere()])
def test_without_valhalla_the_roads_are_enough(small_town: Town, router: Any) -> None:
    planned = small_town.plan((-300, 0), (0, 590))
    way = small_town.follow(planned).way
    stopovers = [Stopover("arrive", "There")]
    found = maneuvers(way, stopovers, router, small_town.roads, small_town.matcher, "en")
    assert [m.kind for m in found] == ["depart", "left", "arrive"]
    assert found[1].text == "turn left into Street 1"
