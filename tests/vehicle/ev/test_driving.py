"""The simulated car drives as the published car does, and as a driver expects of an electric car."""

import pytest

from alpenglow.vehicle.api import ControlChanges, WorldChanges
from alpenglow.vehicle.ev.car import Car
from tests.vehicle.ev.conftest import in_drive, keep, run_until


def kmh(car: Car) -> float:
    return car.chassis.speed * 3.6


def at_speed(car: Car, speed_kmh: float) -> Car:
    """Rolling in D at that speed, feet off the pedals."""
    in_drive(car)
    car.chassis.speed = speed_kmh / 3.6
    return car


def test_it_sprints_as_published(car: Car) -> None:
    """Chevrolet Bolt EV (2020): 0–60 mph in 6.5 s (GM), about 7.0 s to 100 km/h; within 8 %."""
    in_drive(car)
    car.control(ControlChanges(accelerator=1.0))
    to_60_mph = run_until(car, lambda c: kmh(c) >= 96.56, 10)
    to_100 = to_60_mph + run_until(car, lambda c: kmh(c) >= 100, 2)
    assert to_60_mph == pytest.approx(6.5, rel=0.08)
    assert to_100 == pytest.approx(7.0, rel=0.08)


def test_its_top_speed_is_the_published_one(car: Car) -> None:
    """Chevrolet Bolt EV: limited to 146 km/h (91 mph); within 2 %."""
    at_speed(car, 130)
    keep(car, 40, ControlChanges(accelerator=1.0))
    assert kmh(car) == pytest.approx(146, rel=0.02)


def test_rolling_in_neutral_loses_what_its_drag_says(car: Car) -> None:
    """Coast-down from 100 km/h: deceleration by the published road load (½ρ·CdA·v² + m·g·Crr), within 5 %."""
    at_speed(car, 100)
    keep(car, 2, ControlChanges(gear="N"))
    v = car.chassis.speed
    load = 0.5 * car.air_density * 0.309 * 2.397 * v * v + 0.00777 * car.mass * 9.81
    assert -car.chassis.acceleration == pytest.approx(load / car.chassis.inertia(car.mass), rel=0.05)


def test_lifting_the_foot_slows_the_car_and_charges_the_battery(car: Car) -> None:
    at_speed(car, 60)
    keep(car, 1)
    assert -2.0 < car.chassis.acceleration < -1.2
    assert car.battery.power < -20e3
    assert car.braking == 1, "UN R13-H: so strong a regeneration lights the brake lamps"


@pytest.mark.parametrize(("charge", "temperature"), [(0.978, 20.0), (0.7, -20.0)])
def test_a_full_or_a_frozen_battery_takes_no_regeneration(car: Car, charge: float, temperature: float) -> None:
    car.battery.charge, car.battery.temperature = charge, temperature
    car.surround(WorldChanges(outside_temperature=temperature))
    car.battery.refresh()
    at_speed(car, 60)
    keep(car, 1)
    assert car.battery.power > -4e3
    assert car.chassis.acceleration > -0.6


def test_braking_hard_stops_within_what_the_road_grips(car: Car) -> None:
    """From 100 km/h: a good car needs 35–42 m on a dry road, and two to five times as much on snow."""
    distances = {}
    for weather in ("DRY", "RAIN", "SNOW"):
        fresh = at_speed(Car(car.parameters), 100)
        fresh.surround(WorldChanges(weather=weather))
        start = fresh.chassis.distance
        fresh.control(ControlChanges(brake=1.0))
        run_until(fresh, lambda c: c.chassis.speed == 0.0, 60)
        distances[weather] = fresh.chassis.distance - start
    assert 35 < distances["DRY"] < 45
    assert distances["DRY"] * 1.2 < distances["RAIN"] < 80
    assert distances["SNOW"] > distances["RAIN"] * 1.8


def test_abs_works_on_snow_and_without_it_the_wheels_lock(car: Car) -> None:
    at_speed(car, 60)
    car.surround(WorldChanges(weather="SNOW"))
    keep(car, 0.5, ControlChanges(brake=1.0))
    assert car.chassis.abs_active
    assert min(car.chassis.wheel_speeds()) > 10
    car.damage.set(car, "abs", True)
    keep(car, 0.1)
    assert not car.chassis.abs_active
    assert max(car.chassis.wheel_speeds()) == 0.0


def test_traction_control_keeps_the_wheels_from_spinning_on_snow(car: Car) -> None:
    in_drive(car)
    car.surround(WorldChanges(weather="SNOW"))
    keep(car, 1.5, ControlChanges(accelerator=1.0))
    assert car.chassis.tcs_active
    assert car.chassis.spin < 1.0
    car.body.put("ADAS.TCS.IsEnabled", False)
    keep(car, 1.5)
    assert car.chassis.spin > 5.0


def test_it_creeps_and_a_hill_does_not_let_it_roll_at_once(car: Car) -> None:
    in_drive(car)
    keep(car, 8)
    assert 4 < kmh(car) < 8
    keep(car, 4, ControlChanges(brake=0.5))
    assert kmh(car) == 0
    car.surround(WorldChanges(grade=15))
    keep(car, 1.0)
    keep(car, 1.0, ControlChanges(brake=0.0))
    assert kmh(car) == 0, "hill hold"
    keep(car, 3.0)
    assert kmh(car) < 0, "then it rolls back, as it would"


def test_parked_it_stays_where_it_is_on_any_hill(car: Car) -> None:
    car.surround(WorldChanges(grade=-25))
    keep(car, 5)
    assert car.chassis.distance == 0.0


@pytest.mark.parametrize(
    ("speed", "lever", "engaged", "hint"),
    [(30, "P", "D", "Stop"), (30, "R", "D", "Slow down"), (1, "P", "P", ""), (30, "N", "N", "")],
)
def test_the_selector_refuses_what_would_break_or_frighten(
    car: Car, speed: float, lever: str, engaged: str, hint: str
) -> None:
    at_speed(car, speed)
    keep(car, 0.05, ControlChanges(gear=lever))  # type: ignore[arg-type]
    assert car.selector.engaged == engaged
    assert hint in car.hint


def test_leaving_p_needs_the_brake_and_no_cable(car: Car) -> None:
    keep(car, 0.1, ControlChanges(gear="D"))
    assert car.selector.engaged == "P"
    assert "brake" in car.hint
    keep(car, 0.1, ControlChanges(brake=0.5, charge_cable="AC"))
    assert car.selector.engaged == "P"
    assert "cable" in car.hint


def test_the_parking_brake_lets_go_by_itself_for_a_belted_driver_only(car: Car) -> None:
    keep(car, 0.1, ControlChanges(brake=0.5, gear="D", belt_front_left=False))
    keep(car, 1, ControlChanges(brake=0.0, accelerator=0.3))
    assert kmh(car) == 0
    keep(car, 1, ControlChanges(belt_front_left=True))
    assert kmh(car) > 1


def test_a_driver_who_vanishes_lets_go_of_the_accelerator(car: Car) -> None:
    at_speed(car, 50)
    car.control(ControlChanges(accelerator=0.8))
    for _ in range(150):
        car.step()
    assert car.driver.accelerator == 0.0
    assert car.chassis.acceleration < 0.0


def test_range_and_charge_fall_together_and_charging_brings_them_back(car: Car) -> None:
    at_speed(car, 90)
    before = car.battery.charge
    keep(car, 60, ControlChanges(accelerator=0.5))
    assert car.battery.charge < before
    assert 250e3 < car.computer.range(car.battery) < 480e3
    keep(car, 30, ControlChanges(accelerator=0.0, brake=0.5, gear="P"))
    keep(car, 1, ControlChanges(gear="P"))
    assert car.selector.engaged == "P"
    low = car.battery.charge = 0.3
    keep(car, 60, ControlChanges(charge_cable="DC"))
    assert car.charging.active
    assert car.battery.charge > low
    assert 40e3 < -car.battery.power < 56e3, "published: 55 kW"
    assert car.body.on("Powertrain.TractionBattery.Charging.ChargingPort.AnyPosition.IsChargingCableLocked")
    keep(car, 1, ControlChanges(charge_cable="AC"))
    assert 5.5e3 < -car.battery.power < 7.2e3, "published: 7.2 kW from the grid"


def test_a_fast_charge_tapers_and_ends_at_the_limit(car: Car) -> None:
    powers = {}
    for charge in (0.3, 0.7, 0.75, 0.9):
        fresh = Car(car.parameters)
        fresh.body.put("Powertrain.TractionBattery.Charging.ChargeLimit", 90.0)
        fresh.battery.charge = charge
        keep(fresh, 2, ControlChanges(charge_cable="DC"))
        powers[charge] = fresh.charging.power
    assert powers[0.3] > powers[0.7] > powers[0.75] > powers[0.9] == 0.0


def test_cruise_control_holds_its_speed_uphill_until_the_brake(car: Car) -> None:
    at_speed(car, 80)
    car.command("ADAS.CruiseControl.IsEnabled", True)
    car.command("ADAS.CruiseControl.SpeedSet", 80.0)
    car.command("ADAS.CruiseControl.IsActive", True)
    car.surround(WorldChanges(traffic=0))
    keep(car, 15)
    car.surround(WorldChanges(grade=4))
    keep(car, 25)
    assert kmh(car) == pytest.approx(80, abs=3)
    keep(car, 0.1, ControlChanges(brake=0.3))
    assert not car.body.on("ADAS.CruiseControl.IsActive")


def test_the_cabin_warms_up_in_winter_and_costs_range(car: Car) -> None:
    car.surround(WorldChanges(outside_temperature=-5, daylight=0))
    car.cabin.temperature = -5.0
    keep(car, 600)
    assert car.cabin.temperature > 16
    assert car.auxiliary > 1000
