"""Where the car is: on which road, and through a tunnel."""

from typing import cast

import pytest

from alpenglow.navigation.car import Car
from alpenglow.navigation.guidance.locating import Locating
from alpenglow.navigation.roads.geometry import distance
from tests.navigation.guidance.town import Receiver, Town, drive, place


def locating(receiver: Receiver) -> Locating:
    return Locating(cast(Car, receiver))


@pytest.mark.parametrize("noise_m", [0.0, 4.0])
def test_a_drive_is_put_on_its_roads(small_town: Town, noise_m: float) -> None:
    follow = small_town.follow(small_town.plan((-390, 10), (0, 590)))
    receiver = Receiver()
    locate = locating(receiver)
    small_town.matcher.forget()
    right = total = 0
    for now, at in drive(follow, receiver, noise_m=noise_m):
        located = locate.look(now, small_town.matcher)
        assert located is not None
        assert located.source == "MATCHED"
        if at < 10.0:
            continue  # nobody can tell yet which way it will go
        total += 1
        right += located.match is not None and located.match.edge == follow.way.edge_at(at)
    assert right / total > (0.97 if noise_m == 0.0 else 0.93)


def test_through_a_tunnel_the_wheels_tell_where_the_car_is(small_town: Town) -> None:
    follow = small_town.follow(small_town.plan((0, -390), (2300, 0)))
    receiver = Receiver()
    locate = locating(receiver)
    small_town.matcher.forget()
    worst, blind = 0.0, 0
    sources = set()
    for now, at in drive(follow, receiver):
        if follow.way.tunnel[min(len(follow.way.tunnel) - 1, int((follow.way.distance_m <= at).sum()))]:
            receiver.blind()
        located = locate.look(now, small_town.matcher)
        if located is None:
            continue
        sources.add(located.source)
        if located.source == "DEAD_RECKONING":
            blind += 1
            worst = max(worst, distance(located.lat, located.lon, *follow.way.place(at)))
    assert sources == {"MATCHED", "DEAD_RECKONING"}
    assert blind > 100
    assert worst < 25.0


def test_without_satellites_from_the_start_nothing_is_claimed(small_town: Town) -> None:
    receiver = Receiver()
    locate = locating(receiver)
    small_town.matcher.forget()
    receiver.speed_ms = 10.0
    assert all(locate.look(n / 10, small_town.matcher) is None for n in range(100))
    assert locate.last is None


def test_a_jump_of_the_receiver_moves_the_car_nowhere(small_town: Town) -> None:
    receiver = Receiver()
    locate = locating(receiver)
    small_town.matcher.forget()
    receiver.speed_ms = 10.0
    for n in range(200):
        east = -300.0 + n
        lat, lon = place(east, 0.0) if n not in range(80, 95) else place(east, 900.0)
        receiver.at(lat, lon, 90.0)
        located = locate.look(n / 10, small_town.matcher)
        if located is not None and n > 5:
            assert distance(located.lat, located.lon, *place(east, 0.0)) < 20.0


def test_in_a_car_park_the_receiver_alone_is_believed(small_town: Town) -> None:
    receiver = Receiver()
    locate = locating(receiver)
    small_town.matcher.forget()
    lat, lon = place(200.0, 100.0)  # between the streets
    receiver.at(lat, lon, 0.0)
    located = locate.look(0.0, small_town.matcher)
    assert located is not None
    assert (located.source, located.match) == ("RAW", None)
    assert (located.lat, located.lon) == (lat, lon)


def test_a_pause_of_the_process_drives_no_kilometres(small_town: Town) -> None:
    receiver = Receiver()
    locate = locating(receiver)
    small_town.matcher.forget()
    receiver.speed_ms = 10.0
    receiver.at(*place(-300.0, 0.0), 90.0)
    locate.look(0.0, small_town.matcher)
    receiver.at(*place(-290.0, 0.0), 90.0)
    located = locate.look(3600.0, small_town.matcher)
    assert located is not None
    assert located.moved_m <= 10.0
    receiver.at(*place(-280.0, 0.0), 90.0)
    located = locate.look(100.0, small_town.matcher)  # a clock that goes back, if there were one
    assert located is not None
    assert located.moved_m == 0.0
