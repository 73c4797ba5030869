"""A simulated car to drive, without a clock and without a fabric."""

from collections.abc import Callable
from pathlib import Path

import pytest

from alpenglow.vehicle import api
from alpenglow.vehicle.api import ControlChanges
from alpenglow.vehicle.ev.car import STEP_S, Car
from alpenglow.vehicle.ev.parameters import Parameters, load_parameters

AURORA = Path(api.__file__).parent.parent / "lines" / "aurora"
PARAMETERS = load_parameters(AURORA / "car.toml")


def keep(car: Car, seconds: float, changes: ControlChanges | None = None) -> None:
    """Let the car live for `seconds` with a driver who stays at the wheel."""
    if changes is not None:
        car.control(changes)
    for _ in range(round(seconds / STEP_S)):
        car.driver.silence = 0.0
        car.step()


def run_until(car: Car, what: Callable[[Car], bool], limit_s: float) -> float:
    """Seconds until `what` holds; fails after `limit_s`."""
    start = car.time
    while not what(car):
        keep(car, STEP_S)
        assert car.time - start < limit_s
    return car.time - start


def in_drive(car: Car) -> Car:
    """Ready, in D, brakes released."""
    keep(car, 0.1, ControlChanges(brake=1.0, gear="D", parking_brake=False))
    assert car.selector.engaged == "D"
    car.control(ControlChanges(brake=0.0))
    return car


@pytest.fixture
def parameters() -> Parameters:
    return PARAMETERS


@pytest.fixture
def car() -> Car:
    return Car(PARAMETERS)
