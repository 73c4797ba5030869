"""Why the range is what it is: the reasons add up, and go the way that physics has them go."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import alpenglow
from alpenglow.cockpit.energy.cardata import CarDataError, car_of
from alpenglow.cockpit.energy.reasons import differences, reasons, reference, rolling_factor
from alpenglow.cockpit.energy.road import Moment, Road, Stretch
from alpenglow.vehicle.api import ControlChanges, WorldChanges
from alpenglow.vehicle.ev.car import STEP_S, Car
from alpenglow.vehicle.ev.driver import SpeedFollower
from tests.vehicle.ev.conftest import PARAMETERS, in_drive

LINES = Path(alpenglow.__file__).parent / "lines"
AURORA = car_of(LINES / "aurora")
assert AURORA is not None
CAR = AURORA

STRETCHES = st.builds(
    Stretch,
    metres=st.floats(200.0, 400.0),
    seconds=st.floats(5.0, 600.0),
    joules=st.floats(-2e5, 8e5),
    climate=st.floats(0.0, 3e5),
    care=st.floats(0.0, 3e5),
    square_speed=st.floats(0.0, 2000.0),
    accelerated=st.floats(0.0, 2000.0),
    climb=st.floats(-40.0, 40.0),
    altitude=st.floats(-100.0, 3000.0),
    outside=st.floats(-35.0, 45.0),
    rolling=st.floats(1.0, 1.6),
    people=st.floats(1.0, 5.0),
)
REFERENCE = Stretch(
    metres=200.0, seconds=7.2, joules=0.0, climate=0.0, care=0.0, square_speed=(100 / 3.6) ** 2, accelerated=0.0,
    climb=0.0, altitude=0.0, outside=20.0, rolling=1.0, people=1.0,
)  # fmt: skip


def changed(stretch: Stretch, **fields: float) -> Stretch:
    return Stretch(**({name: getattr(stretch, name) for name in Stretch.__struct_fields__} | fields))


@given(st.lists(STRETCHES, max_size=40), st.floats(1e4, 2.5e8), st.floats(10.0, 6e5))
def test_the_reasons_lead_from_the_reference_to_the_range_that_is_shown(
    road: list[Stretch], joules: float, shown: float
) -> None:
    found = reasons(CAR, Road(road), joules, shown)
    assert found is not None
    assert found.reference + sum(found.metres.values()) == pytest.approx(shown, rel=1e-6, abs=1e-3)


@given(st.floats(-1e6, 0.0), st.floats(1.0, 6e5))
def test_an_empty_battery_has_no_reasons(joules: float, shown: float) -> None:
    assert reasons(CAR, Road(), joules, shown) is None
    assert reasons(CAR, Road(), shown, joules) is None


def test_at_the_reference_nothing_takes_and_nothing_gives() -> None:
    assert all(abs(difference) < 1e-6 for difference in differences(CAR, REFERENCE).values())


@given(STRETCHES, st.floats(0.0, 40.0))
def test_colder_is_never_better(stretch: Stretch, colder: float) -> None:
    cold = changed(stretch, outside=stretch.outside - colder)
    assert differences(CAR, cold)["temperature"] >= differences(CAR, stretch)["temperature"]


@given(STRETCHES, st.floats(0.0, 1e5))
def test_climate_control_and_a_soft_tyre_and_people_and_hills_never_give(stretch: Stretch, more: float) -> None:
    less = differences(CAR, stretch)
    for name, cause, amount in (
        ("climate", "climate", more),
        ("care", "temperature", more),
        ("rolling", "tyres", more / 1e5),
        ("people", "load", more / 1e5),
        ("climb", "height", more / 1e3),
        ("accelerated", "driving", more / 1e2),
    ):
        worse = differences(CAR, changed(stretch, **{name: getattr(stretch, name) + amount}))
        assert worse[cause] >= less[cause] - 1e-9, name  # type: ignore[index]


@given(STRETCHES, st.floats(60 / 3.6, 40.0), st.floats(0.0, 10.0))
def test_beyond_town_speed_faster_is_never_farther(stretch: Stretch, speed: float, faster: float) -> None:
    def at(v: float) -> float:
        return differences(CAR, changed(stretch, square_speed=v * v, seconds=stretch.metres / v))["speed"]

    assert at(speed + faster) >= at(speed) - 1e-9


@given(st.lists(st.floats(0.0, 400.0), min_size=1, max_size=4), st.integers(0, 3), st.floats(0.0, 100.0))
def test_a_softer_tyre_never_rolls_better(pressures: list[float], which: int, less: float) -> None:
    softer = list(pressures)
    softer[which % len(softer)] -= less
    assert rolling_factor(CAR, softer) >= rolling_factor(CAR, pressures) - 1e-12
    assert rolling_factor(CAR, pressures) >= 1.0


@given(st.lists(STRETCHES, min_size=1, max_size=40), st.integers(0, 39))
def test_what_lies_far_behind_weighs_less(road: list[Stretch], index: int) -> None:
    index %= len(road)
    heated = changed(road[index], climate=road[index].climate + 1e5)
    later = changed(road[-1], climate=road[-1].climate + 1e5)

    def climate(stretches: list[Stretch]) -> float:
        found = reasons(CAR, Road(stretches), 1e8, 3e5)
        assert found is not None
        return found.metres["climate"]

    assert climate([*road[:-1], later]) <= climate([*road[:index], heated, *road[index + 1 :]]) + 1e-6


def test_the_reference_is_near_the_published_range() -> None:
    # EPA, Chevrolet Bolt EV 2020: 259 mi combined.
    assert CAR.battery.usable_kwh * 3.6e6 / reference(CAR) == pytest.approx(259 * 1609.344, rel=0.06)


@pytest.mark.parametrize(
    ("kmh", "world", "cause"),
    [
        (50.0, {}, "speed"),
        (130.0, {}, "speed"),
        (80.0, {"outside_temperature": -10.0}, "climate"),
        (80.0, {"grade": 3.0}, "height"),
    ],
)
def test_the_model_explains_what_the_simulated_car_uses(kmh: float, world: dict[str, float], cause: str) -> None:
    car, road, follower, speed = Car(PARAMETERS), Road(), SpeedFollower(), 0.0
    car.chassis.altitude = 0.0
    car.surround(WorldChanges(**world))  # type: ignore[arg-type]
    for row in ("Row1", "Row2"):
        for seat in ("Driver", "Passenger"):
            car.body.put(f"Cabin.HVAC.Station.{row}.{seat}.FanSpeed", 40.0)
    in_drive(car)
    for step in range(round(300.0 / STEP_S)):
        if step % 5 == 0:
            rate = 2.0 if speed < kmh / 3.6 else 0.0
            speed = min(kmh / 3.6, speed + rate * 0.05)
            accelerator, brake = follower.pedals(car, speed, rate, 0.05)
            car.control(ControlChanges(accelerator=accelerator, brake=brake))
        car.step()
        if car.time > 90.0 and step % 20 == 0:
            pressures = [car.tyres.pressure(wheel) for wheel in range(4)]
            moment = Moment(
                speed=car.chassis.speed, odometer=car.odometer, power=car.battery.power,
                climate=car.cabin.power + car.comfort / PARAMETERS.low_voltage.dcdc_efficiency,
                care=abs(car.conditioning), altitude=car.chassis.altitude,
                outside=car.surroundings.world.outside_temperature, rolling=rolling_factor(CAR, pressures),
            )  # fmt: skip
            road.feed(moment, 20 * STEP_S)
    metres = sum(stretch.metres for stretch in road)
    measured = sum(stretch.joules for stretch in road) / metres
    found = {
        name: sum(differences(CAR, stretch)[name] * stretch.metres for stretch in road) / metres
        for name in differences(CAR, REFERENCE)
    }
    assert reference(CAR) + sum(found.values()) == pytest.approx(measured, rel=0.03)
    others = {name: abs(value) for name, value in found.items() if name not in (cause, "speed")}
    assert abs(found[cause]) > max(others.values())  # type: ignore[index]


@pytest.mark.parametrize("line", ["aurora", "falcata", "vidde", "pip"])
def test_every_simulated_car_has_a_model_of_its_own(line: str) -> None:
    car = car_of(LINES / line)
    assert car is not None
    assert 150.0 < car.battery.usable_kwh * 3.6e6 / reference(car) / 1000.0 < 800.0


def test_a_line_without_a_car_has_no_model_and_a_broken_one_says_where(tmp_path: Path) -> None:
    assert car_of(LINES / "rav4") is None
    (tmp_path / "line.toml").write_text('title = "X"\n[vehicle]\ncar = "car.toml"\n')
    with pytest.raises(CarDataError, match=r"car\.toml: No such file"):
        car_of(tmp_path)
    (tmp_path / "car.toml").write_text("[body]\nmass = 1200\n")
    with pytest.raises(CarDataError, match=r"car\.toml: .*drag_coefficient"):
        car_of(tmp_path)
