"""Where: in the words of the speaker, who sits somewhere."""

import pytest

from alpenglow.assistant.api import Seat
from alpenglow.assistant.wishes import Spot, Where, spots
from tests.assistant.speaking import functions

WINDOW = "Vehicle.Cabin.Door.*.*.Window.Position"
FRONT_LEFT, FRONT_RIGHT, REAR_LEFT, REAR_RIGHT = Spot(1, "left"), Spot(1, "right"), Spot(2, "left"), Spot(2, "right")


@pytest.mark.parametrize(
    ("codes", "seat", "expected"),
    [
        ("", "driver", {FRONT_LEFT}),
        ("", "rear-right", {REAR_RIGHT}),
        ("mine", "passenger", {FRONT_RIGHT}),
        ("passenger", "rear-left", {FRONT_RIGHT}),
        ("beside-me", "rear-left", {REAR_RIGHT}),
        ("behind-me", "passenger", {REAR_RIGHT}),
        ("in-front-of-me", "rear-right", {FRONT_RIGHT}),
        ("rear", "driver", {REAR_LEFT, REAR_RIGHT}),
        ("rear left", "driver", {REAR_LEFT}),
        ("left", "rear-right", {REAR_LEFT}),
        ("all", "driver", {FRONT_LEFT, FRONT_RIGHT, REAR_LEFT, REAR_RIGHT}),
        ("child", "driver", {REAR_LEFT, REAR_RIGHT}),
    ],
)
def test_places_are_those_the_speaker_means(codes: str, seat: Seat, expected: set[Spot]) -> None:
    function = functions().by_pattern[WINDOW]
    assert set(spots(function, Where(frozenset(codes.split())), seat)) == expected


def test_the_other_one_is_across_from_the_last() -> None:
    function = functions().by_pattern[WINDOW]
    assert spots(function, Where(frozenset({"other"})), "driver", (REAR_LEFT,)) == (REAR_RIGHT,)


def test_all_but_one() -> None:
    function = functions().by_pattern[WINDOW]
    found = spots(function, Where(frozenset({"all"}), True, frozenset({"mine"})), "driver")
    assert set(found) == {FRONT_RIGHT, REAR_LEFT, REAR_RIGHT}


def test_my_mirrors_are_all_of_them_and_rear_sensors_have_a_middle() -> None:
    mirrors = functions().by_pattern["Vehicle.Body.Mirrors.*.IsFolded"]
    assert len(spots(mirrors, Where(frozenset({"mine"}), plural=True), "driver")) == 2
    sensors = functions().by_pattern["Vehicle.ADAS.ObstacleDetection.*.*.IsEnabled"]
    assert {s.side for s in spots(sensors, Where(frozenset({"rear"}), plural=True), "driver")} >= {"left", "right"}
