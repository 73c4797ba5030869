"""How far along its route a car is, and when it has left it."""

from typing import cast

import pytest

from alpenglow.navigation.car import Car
from alpenglow.navigation.guidance.following import Following
from alpenglow.navigation.guidance.locating import Locating
from alpenglow.navigation.guidance.progress import Place
from tests.navigation.guidance.town import Receiver, Town, drive, place


def driven(town: Town, follow: Following, receiver: Receiver, places: list[tuple[float, float, float]]) -> list[Place]:
    """Drive through places (metres east and north, heading) at 10 m/s, one metre after the other."""
    locate = Locating(cast(Car, receiver))
    town.matcher.forget()
    receiver.speed_ms = 10.0
    found = []
    for n, (east, north, heading) in enumerate(places):
        receiver.at(*place(east, north), heading)
        located = locate.look(n / 10, town.matcher, follow.edges)
        assert located is not None
        found.append(follow.update(located))
    return found


@pytest.mark.parametrize("pace", [1.0, 20.0, 60.0])
def test_a_drive_along_the_route_arrives(small_town: Town, pace: float) -> None:
    follow = small_town.follow(small_town.plan((-390, 0), (0, 590)))
    receiver = Receiver()
    locate = Locating(cast(Car, receiver))
    small_town.matcher.forget()
    states, worst = [], 0.0
    for now, at in drive(follow, receiver, noise_m=3.0, pace=pace):
        located = locate.look(now, small_town.matcher, follow.edges)
        assert located is not None
        found = follow.update(located)
        states.append(found.state)
        worst = max(worst, abs(found.at_m - at))
    assert set(states) <= {"on", "arrived"}
    assert states[-1] == "arrived"
    assert worst < 30.0


def test_a_wrong_turn_is_noticed_within_fifty_metres(small_town: Town) -> None:
    follow = small_town.follow(small_town.plan((-390, 0), (390, 0)))
    wrong = [(-300.0 + n, 0.0, 90.0) for n in range(301)] + [(0.0, float(n), 0.0) for n in range(1, 120)]
    states = [each.state for each in driven(small_town, follow, Receiver(), wrong)]
    assert set(states[:300]) == {"on"}
    assert "off" in states[301:351]


def test_somebody_who_starts_in_a_car_park_is_not_lost(small_town: Town) -> None:
    follow = small_town.follow(small_town.plan((-100, 100), (390, 0)))
    out = [(-100.0, 100.0 - n, 180.0) for n in range(66)]
    states = [each.state for each in driven(small_town, follow, Receiver(), out)]
    assert "off" not in states


def test_the_road_beside_the_route_is_the_route_while_nobody_can_tell(small_town: Town) -> None:
    follow = small_town.follow(small_town.plan((-390, 0), (390, 0)))
    beside = [(-300.0 + n, 12.0, 90.0) for n in range(200)]
    assert {each.state for each in driven(small_town, follow, Receiver(), beside)} == {"on"}


def test_no_stop_is_passed_over_by_a_short_cut(small_town: Town) -> None:
    """A route to the end of Street 1 and back: being on the way back already does not skip the turning point."""
    follow = small_town.follow(small_town.plan((-300, 0), (0, 590), (300, 0)))
    assert follow.way.vias
    there = [(-280.0 + n, 0.0, 90.0) for n in range(270)]
    last = driven(small_town, follow, Receiver(), there)[-1]
    assert last.state == "on"
    assert abs(last.at_m - 289.0) < 25.0
