"""How fast the battery fills."""

import math

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.navigation.energy.car import load_car
from alpenglow.navigation.energy.charging import ChargingModel
from tests.navigation.andorra import LINES

CAR = load_car(LINES / "aurora" / "car.toml")
MODEL = ChargingModel(CAR)


def test_power_falls_towards_full() -> None:
    powers = [MODEL.power_w(charge, 25.0, 50.0, True) for charge in (10, 40, 60, 80, 95)]
    assert powers[0] == powers[1] == 50e3
    assert powers == sorted(powers, reverse=True)
    assert powers[-1] < 8e3


def test_a_stronger_charger_is_of_use_up_to_what_the_car_takes() -> None:
    times = [MODEL.charge(10, 60, kw, True, 25.0).time_s for kw in (22.0, 50.0, 150.0, 350.0)]
    assert times[0] > times[1] > times[2] == times[3]
    assert MODEL.charge(10, 60, 0.0, True, 25.0).time_s == times[3], "unknown: what the car takes"


def test_a_cold_battery_charges_slowly_and_warms() -> None:
    cold, warm = (MODEL.charge(10, 60, 50.0, True, c, outside_c=c) for c in (-15.0, 25.0))
    assert cold.time_s > 1.4 * warm.time_s
    assert cold.battery_c > -15.0
    assert cold.grid_j > warm.grid_j, "warming it takes energy too"


def test_more_than_the_battery_holds_is_never_reached() -> None:
    assert math.isinf(MODEL.charge(50, 103, 50.0, True, 25.0).time_s)


@given(st.floats(0, 95), st.floats(0, 30), st.floats(0, 30), st.sampled_from([3.7, 11.0, 22.0, 50.0]))
def test_charging_in_two_goes_takes_as_long_as_in_one(start: float, first: float, second: float, kw: float) -> None:
    middle, end = min(start + first, 96.0), min(start + first + second, 97.0)
    whole = MODEL.charge(start, end, kw, True, 20.0)
    one = MODEL.charge(start, middle, kw, True, 20.0)
    two = MODEL.charge(middle, end, kw, True, one.battery_c)
    assert abs(one.time_s + two.time_s - whole.time_s) <= 0.01 * whole.time_s + 2.0


def test_a_better_car_is_never_slower() -> None:
    better = msgspec.structs.replace(
        CAR, charging=msgspec.structs.replace(CAR.charging, dc_power=110e3, dc_taper_from=0.7)
    )
    for start, end in ((5, 40), (20, 80), (60, 95)):
        ours, theirs = (ChargingModel(c).charge(start, end, 150.0, True, 30.0).time_s for c in (CAR, better))
        assert theirs < ours
