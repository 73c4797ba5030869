"""The road behind the car: what it keeps of what was driven."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.cockpit.energy.road import KEPT, STRETCH_M, Moment, Road, Stretch

SPEEDS = st.lists(st.floats(0.0, 40.0), min_size=2, max_size=400)


def drive(road: Road, speeds: list[float], power: float = 10_000.0, dt: float = 1.0) -> float:
    """Metres driven, second by second."""
    odometer, last = 0.0, speeds[0]
    for speed in speeds:
        odometer += (last + speed) / 2 * dt
        road.feed(Moment(speed=speed, odometer=odometer, power=power, climate=500.0), dt)
        last = speed
    return odometer


@given(SPEEDS)
def test_stretches_are_as_long_as_the_way_and_as_costly_as_the_power(speeds: list[float]) -> None:
    road = Road()
    driven = drive(road, speeds)
    whole = sum(stretch.metres for stretch in road)
    assert driven - STRETCH_M - 40.0 <= whole <= driven + 1e-6
    for stretch in road:
        assert stretch.metres >= STRETCH_M
        assert stretch.joules == pytest.approx(10_000.0 * stretch.seconds, abs=1001.0)
        assert 0.0 <= stretch.square_speed <= 1600.1
        assert stretch.climate <= stretch.joules


@given(st.integers(1, 3 * KEPT))
def test_only_the_latest_hundred_kilometres_are_kept(count: int) -> None:
    each = [Stretch(float(200 + n), 10.0, 1.0, 0, 0, 400.0, 0, 0, 0, 20.0, 1.0, 1.0) for n in range(count)]
    road = Road(each)
    assert len(road) == min(count, KEPT)
    backs = [back for back, _ in road.back()]
    assert backs == sorted(backs)
    assert next(iter(road.back()))[1] is each[-1]


def test_what_passed_unheard_is_no_stretch() -> None:
    road = Road()
    road.feed(Moment(speed=20.0, odometer=1000.0, power=1e4), 0.2)
    road.lost()
    road.feed(Moment(speed=20.0, odometer=9000.0, power=1e4), 0.2)
    assert not road.feed(Moment(speed=20.0, odometer=9004.0, power=1e4), 0.2)
    assert not list(road)
