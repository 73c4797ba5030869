"""What the car says of its power is where the battery's power goes."""

import pytest

from alpenglow.vehicle.api import ControlChanges, WorldChanges
from alpenglow.vehicle.ev.car import Car
from alpenglow.vehicle.ev.ecus import _REPORTS
from tests.vehicle.ev.conftest import in_drive, keep


def split(car: Car) -> tuple[float, ...]:
    """W of drive, climate, battery care, the rest, and charging, as the frame has them."""
    return tuple(float(value or 0.0) for value in _REPORTS["VCU_POWER"](car))


def test_the_shares_of_a_driving_car_are_what_its_battery_gives(car: Car) -> None:
    car.surround(WorldChanges(outside_temperature=-5.0))
    car.body.put("Cabin.HVAC.Station.Row1.Driver.Temperature", 22.0)
    keep(in_drive(car), 10.0, ControlChanges(accelerator=0.8))
    drive, climate, care, rest, charging = split(car)
    assert drive > 5000.0
    assert climate > 500.0
    assert charging == 0.0
    assert drive + climate + care + rest == pytest.approx(car.battery.power, rel=0.02)


def test_heated_seats_count_as_climate(car: Car) -> None:
    keep(car, 1.0)
    _, before, _, rest, _ = split(car)
    car.body.put("Cabin.Seat.Row1.DriverSide.Seating.HeatingCooling", 100.0)
    keep(car, 1.0)
    _, after, _, rest_after, _ = split(car)
    assert after - before > 50.0
    assert rest_after == pytest.approx(rest, abs=20.0)


def test_while_charging_the_battery_gets_what_the_car_leaves(car: Car) -> None:
    car.control(ControlChanges(ready=False, charge_cable="AC"))
    keep(car, 2.0)
    drive, climate, care, rest, charging = split(car)
    assert charging > 3000.0
    assert charging - drive - climate - care - rest == pytest.approx(-car.battery.power, rel=0.02)
