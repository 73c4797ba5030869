"""Planning and the simulated car reckon with the same formulas, each in its own room: here they are held together."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.navigation.energy.battery import Cells
from alpenglow.navigation.energy.car import load_car
from alpenglow.navigation.energy.charging import ChargingModel
from alpenglow.navigation.energy.comfort import Climate
from alpenglow.navigation.energy.traction import Traction
from alpenglow.vehicle.ev.battery import Battery
from alpenglow.vehicle.ev.charging import Charging
from alpenglow.vehicle.ev.climate import Cabin
from alpenglow.vehicle.ev.motor import Motor
from alpenglow.vehicle.ev.parameters import load_parameters
from tests.navigation.andorra import LINES

PARAMETERS = load_parameters(LINES / "aurora" / "car.toml")
CAR = load_car(LINES / "aurora" / "car.toml")
charges = st.floats(0.02, 0.98)
temperatures = st.floats(-30.0, 60.0)


@given(charges, temperatures, st.floats(-60e3, 120e3))
def test_the_battery(charge: float, celsius: float, power: float) -> None:
    cells, battery = Cells(CAR.battery), Battery(PARAMETERS.battery, charge, celsius)
    assert float(cells.open_circuit(charge)) == pytest.approx(battery.open_circuit())
    assert cells.open_circuit_at(charge) == pytest.approx(battery.open_circuit())
    assert float(cells.resistance(celsius)) == pytest.approx(battery.resistance)
    assert cells.resistance_at(celsius) == pytest.approx(battery.resistance)
    assert float(cells.power_in(charge, celsius)) == pytest.approx(battery.power_in, abs=1e-6)
    assert cells.power_in_at(charge, celsius) == pytest.approx(battery.power_in, abs=1e-6)
    before = battery.charge
    battery.step(power, 0.1)
    content = float(cells.content(cells.current(power, charge, celsius))) * 0.1
    assert content == pytest.approx((before - battery.charge) * CAR.battery.energy * 3.6e6, rel=1e-6, abs=1e-3)
    assert cells.current_at(power, charge, celsius) == pytest.approx(battery.current, rel=1e-6, abs=1e-9)


@given(st.floats(-360.0, 360.0), st.floats(0.0, 900.0))
def test_the_motor(torque: float, speed: float) -> None:
    ours = Traction(CAR).losses(np.array([torque]), np.array([speed]))
    assert float(ours[0]) == pytest.approx(Motor(PARAMETERS.motor, 20.0).losses(torque, speed))


@settings(deadline=None, max_examples=30)
@given(st.floats(-20.0, 38.0), st.floats(16.0, 26.0), st.integers(1, 5), st.floats(0.0, 1.0))
def test_the_cabin(outside: float, wanted: float, people: int, daylight: float) -> None:
    ours, theirs = Climate(CAR.cabin, outside), Cabin(PARAMETERS.cabin, outside)
    used = taken = 0.0
    for _ in range(80):
        used += 15.0 * ours.step(wanted, outside, daylight, people, 14.0, 15.0)
        for _ in range(150):
            theirs.step(wanted, 0.25, True, False, outside, daylight, people, 14.0, 0.0, True, 0.1)
            taken += 0.1 * theirs.power
    assert ours.temperature == pytest.approx(theirs.temperature, abs=0.3)
    assert used == pytest.approx(taken, rel=0.06, abs=30e3)


@pytest.mark.parametrize(
    ("start", "end", "cable", "celsius"),
    [(20, 80, "DC", 20.0), (70, 95, "DC", 30.0), (10, 60, "DC", 2.5), (40, 60, "AC", 15.0)],
)
def test_charging(start: float, end: float, cable: str, celsius: float) -> None:
    data = PARAMETERS.battery
    battery = Battery(data, data.usable_from + start / 100.0 * (data.usable_to - data.usable_from), celsius)
    charging = Charging(PARAMETERS.charging)
    charging.cable, charging.limit = cable, end  # type: ignore[assignment]
    seconds = grid = 0.0
    while battery.displayed * 100.0 < end:
        charging.step(battery, True, 400.0)
        assert charging.active
        battery.step(400.0 - charging.power, 1.0)
        battery.warm(15.0, 0.0, 1.0)
        battery.refresh()
        seconds += 1.0
        grid += charging.grid
    planned = ChargingModel(CAR).charge(start, end, 0.0, cable == "DC", celsius, 15.0, 400.0)
    assert planned.time_s == pytest.approx(seconds, rel=0.01)
    assert planned.grid_j == pytest.approx(grid, rel=0.01)
    assert planned.battery_c == pytest.approx(battery.temperature, abs=0.5)
    assert planned.energy_j == pytest.approx((end - start) / 100.0 * CAR.usable_j)
