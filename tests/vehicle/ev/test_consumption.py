"""Energy on standard cycles against NREL's FASTSim for the car whose data Aurora has (Chevrolet Bolt EV, 2020).

FASTSim knows that car from dynamometer tests; our model shares with it the published road load and nothing of the
drive. Same mass, same auxiliary power within a few watts, climate off.
"""

from typing import Any

import pytest

from alpenglow.vehicle.api import ControlChanges, WorldChanges
from alpenglow.vehicle.ev.car import STEP_S, Car
from alpenglow.vehicle.ev.driver import SpeedFollower
from tests.vehicle.ev.conftest import PARAMETERS, in_drive, keep

fastsim: Any = pytest.importorskip("fastsim")
np: Any = pytest.importorskip("numpy")

WITHIN = 0.10


def oracle(cycle: Any) -> tuple[float, float]:
    """(J from the battery, m) of FASTSim's car."""
    drive = fastsim.SimDrive(fastsim.Vehicle.from_resource("2020 Chevrolet Bolt EV thrml.yaml"), cycle)
    drive.run()
    vehicle = drive.to_dict()["veh"]
    battery = vehicle["pt_type"]["BEV"]["res"]["state"]
    return battery["energy_out_electrical_joules"], vehicle["state"]["dist_meters"]


def ours(times: Any, speeds: Any) -> tuple[float, float, float]:
    """(J from the battery, m, largest speed error in m/s) of the simulated car on the same cycle."""
    car = Car(PARAMETERS)
    car.control(ControlChanges(occupant_front_left=False))
    car.chassis.altitude = 0.0  # FASTSim's air is that of sea level
    car.surround(WorldChanges(outside_temperature=22.0, daylight=90.0))
    car.battery.temperature = 22.0
    for path in list(car.body.values):
        if path.endswith("FanSpeed"):
            car.body.put(path, 0.0)
    in_drive(car)
    keep(car, 1.0, ControlChanges(brake=0.5))
    battery, follower = car.battery, SpeedFollower()
    start_energy, start_distance, worst = battery.given - battery.taken, car.chassis.distance, 0.0
    now = np.arange(0.0, float(times[-1]), STEP_S)
    wanted = np.interp(now, times, speeds)
    changing = np.interp(now + 0.5, times, speeds) - np.interp(now - 0.5, times, speeds)
    for v, a in zip(wanted.tolist(), changing.tolist(), strict=True):
        car.driver.accelerator, car.driver.brake = follower.pedals(car, v, a, STEP_S)
        keep(car, STEP_S)
        worst = max(worst, abs(car.chassis.speed - v))
    return battery.given - battery.taken - start_energy, car.chassis.distance - start_distance, worst


@pytest.mark.parametrize("name", ["udds.csv", "hwfet.csv"])
def test_energy_on_the_cycle_is_that_of_the_published_car(name: str) -> None:
    cycle = fastsim.Cycle.from_resource(name)
    trace = cycle.to_dict()
    energy, distance, worst = ours(trace["time_seconds"], trace["speed_meters_per_second"])
    reference_energy, reference_distance = oracle(cycle)
    assert worst < 0.9, "the driver follows the cycle (EPA allows 2 mph)"
    assert distance == pytest.approx(reference_distance, rel=0.005)
    print(
        f"{name}: {energy / distance / 3.6:.1f} Wh/km, FASTSim {reference_energy / reference_distance / 3.6:.1f} Wh/km"
    )
    assert energy / distance == pytest.approx(reference_energy / reference_distance, rel=WITHIN)
