"""What tags say to a car."""

import pytest

from alpenglow.navigation.roads.graph import BUILT_UP, FERRY, LINK, PRIVATE, ROUNDABOUT, TOLL, TUNNEL, UNPAVED
from alpenglow.navigation.roads.tagging import duration, usage


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "footway"},
        {"highway": "residential", "access": "no"},
        {"highway": "residential", "motor_vehicle": "no"},
        {"highway": "track", "access": "forestry"},
        {"highway": "track", "tracktype": "grade5"},
        {"highway": "track", "smoothness": "very_horrible"},
        {"highway": "service", "area": "yes"},
        {"highway": "primary", "oneway": "reversible"},
        {"highway": "construction"},
        {"route": "ferry", "motor_vehicle": "no"},
        {"route": "ferry", "foot": "yes"},
    ],
)
def test_a_car_keeps_off(tags: dict[str, str]) -> None:
    assert usage(tags) is None


@pytest.mark.parametrize(
    ("tags", "directions"),
    [
        ({"highway": "primary"}, (True, True)),
        ({"highway": "primary", "oneway": "yes"}, (True, False)),
        ({"highway": "primary", "oneway": "-1"}, (False, True)),
        ({"highway": "primary", "oneway": "yes", "oneway:motor_vehicle": "no"}, (True, True)),
        ({"highway": "motorway"}, (True, False)),
        ({"highway": "motorway", "oneway": "no"}, (True, True)),
        ({"highway": "residential", "junction": "roundabout"}, (True, False)),
    ],
)
def test_one_way_roads_are_driven_one_way(tags: dict[str, str], directions: tuple[bool, bool]) -> None:
    found = usage(tags)
    assert found is not None
    assert (found.forward, found.backward) == directions


@pytest.mark.parametrize(
    ("tags", "limits"),
    [
        ({"maxspeed": "60"}, (60, 60)),
        ({"maxspeed": "30 mph"}, (48, 48)),
        ({"maxspeed": "walk"}, (7, 7)),
        ({"maxspeed": "none"}, (0, 0)),
        ({"maxspeed": "ES:urban"}, (50, 50)),
        ({"maxspeed:type": "AD:rural"}, (60, 60)),
        ({"maxspeed:type": "DE:zone30"}, (30, 30)),
        ({"maxspeed": "80", "maxspeed:backward": "60"}, (80, 60)),
        ({"maxspeed": "nonsense"}, (0, 0)),
        ({"maxspeed": "999"}, (255, 255)),
        ({}, (0, 0)),
    ],
)
def test_limits_are_read_in_all_their_forms(tags: dict[str, str], limits: tuple[int, int]) -> None:
    found = usage({"highway": "primary", **tags})
    assert found is not None
    assert (found.limit_forward, found.limit_backward) == limits


@pytest.mark.parametrize(
    ("tags", "flag"),
    [
        ({"highway": "service", "access": "private"}, PRIVATE),
        ({"highway": "service", "access": "no", "motor_vehicle": "customers"}, PRIVATE),
        ({"highway": "track"}, UNPAVED),
        ({"highway": "residential", "surface": "gravel"}, UNPAVED),
        ({"highway": "trunk", "tunnel": "yes", "toll": "yes"}, TUNNEL | TOLL),
        ({"highway": "trunk_link"}, LINK),
        ({"highway": "primary", "lit": "yes"}, BUILT_UP),
        ({"highway": "primary", "junction": "roundabout"}, ROUNDABOUT),
        ({"route": "ferry", "duration": "00:35"}, FERRY),
    ],
)
def test_what_a_route_may_avoid_is_known(tags: dict[str, str], flag: int) -> None:
    found = usage(tags)
    assert found is not None
    assert found.flags & flag == flag


def test_a_passage_through_a_building_is_no_tunnel() -> None:
    found = usage({"highway": "service", "tunnel": "building_passage"})
    assert found is not None
    assert not found.flags & TUNNEL


def test_without_a_limit_towns_and_small_roads_are_slower() -> None:
    def kmh(**tags: str) -> tuple[float, float]:
        found = usage(tags)
        assert found is not None
        return found.usual_kmh

    assert kmh(highway="primary")[0] > kmh(highway="primary")[1] > kmh(highway="residential")[1]
    assert (
        kmh(highway="residential")[1] > kmh(highway="service")[1] > kmh(highway="service", service="parking_aisle")[1]
    )
    assert kmh(highway="track", tracktype="grade1") > kmh(highway="track", tracktype="grade4")


@pytest.mark.parametrize(
    ("text", "seconds"), [("35", 2100), ("01:05", 3900), ("01:05:30", 3930), ("PT1H5M", 3900), ("soon", 0), ("", 0)]
)
def test_how_long_a_ferry_takes(text: str, seconds: float) -> None:
    assert duration(text) == seconds
