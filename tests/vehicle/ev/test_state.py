"""A simulated car that was interrupted goes on; one that was away stands parked. Its odometer is never lost."""

import os
from pathlib import Path

import pytest

from alpenglow.vehicle.api import ControlChanges, WorldChanges
from alpenglow.vehicle.ev import state
from alpenglow.vehicle.ev.car import Car
from tests.vehicle.ev.conftest import PARAMETERS, in_drive, keep


def driven() -> Car:
    car = in_drive(Car(PARAMETERS))
    car.surround(WorldChanges(weather="RAIN", outside_temperature=3.0))
    car.command("Cabin.Light.IsDomeOn", True)
    car.damage.set(car, "tyre_rr", True)
    keep(car, 8, ControlChanges(accelerator=0.6, indicators="LEFT", fog_rear=True))
    return car


def test_back_within_seconds_it_goes_on_as_if_nothing_had_been(tmp_path: Path) -> None:
    car, again = driven(), Car(PARAMETERS)
    state.write(tmp_path / "car.json", state.capture(car, now=1000.0))
    saved = state.read(tmp_path / "car.json")
    assert saved is not None
    assert state.restore(again, saved, now=1003.0)
    assert again.controls() == car.controls()
    assert again.damage.active == {"tyre_rr"}
    for _ in range(100):
        car.step()
        again.step()
    assert again.chassis.speed == pytest.approx(car.chassis.speed, rel=0.01)
    assert again.odometer == pytest.approx(car.odometer, abs=0.5)
    assert again.battery.charge == pytest.approx(car.battery.charge, abs=1e-5)
    assert again.tyres.pressure(3) == pytest.approx(car.tyres.pressure(3), rel=0.02)


@pytest.mark.parametrize("away_s", [11.0, 1e6, -500.0])
def test_back_later_it_stands_parked_where_it_was(away_s: float) -> None:
    car, again = driven(), Car(PARAMETERS)
    assert not state.restore(again, state.capture(car, now=1000.0), now=1000.0 + away_s)
    keep(again, 1)
    assert again.chassis.speed == 0.0
    assert again.selector.engaged == "P"
    assert again.body.on("Chassis.ParkingBrake.IsEngaged")
    assert again.odometer == car.odometer
    assert again.chassis.latitude == car.chassis.latitude
    assert again.body.on("Cabin.Light.IsDomeOn")


@pytest.mark.parametrize("content", [b"", b"{}", b'{"odometer": 12', b"\xff\xfe", b"null", b"[]"])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "car.json").write_bytes(content)
    assert state.read(tmp_path / "car.json") is None
    assert state.read(tmp_path / "nothing.json") is None


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "car.json"
    state.write(path, state.capture(Car(PARAMETERS), now=1.0))
    before = path.read_bytes()
    path.with_name(f".{path.name}.{os.getpid()}.new").mkdir()  # where the new file would be written
    with pytest.raises(OSError):
        state.write(path, state.capture(driven(), now=2.0))
    assert path.read_bytes() == before
