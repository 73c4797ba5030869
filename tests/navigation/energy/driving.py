"""The simulated car driven along a plan, offline: what it uses is what was to be foreseen."""

import importlib
from dataclasses import dataclass

import numpy as np

from alpenglow.navigation.energy.car import load_car
from alpenglow.navigation.energy.model import Conditions, EnergyModel
from alpenglow.navigation.energy.speeds import SpeedProfile
from alpenglow.vehicle.api import ControlChanges, WorldChanges
from alpenglow.vehicle.ev.car import STEP_S, Car
from alpenglow.vehicle.ev.driver import SpeedFollower
from alpenglow.vehicle.ev.parameters import Parameters
from tests.navigation.andorra import LINES

_LOOK_M = 0.6  # a car that stands looks so far ahead for a speed
_WORLD_STEPS = 10


@dataclass(frozen=True)
class Drive:
    """What the simulated car did."""

    seconds: float
    content_j: float  # out of the battery's content
    terminals_j: float  # over its terminals
    charge_pct: float  # displayed, at the end
    brake_j: float  # taken by the discs
    battery_c: float


def drive(parameters: Parameters, profile: SpeedProfile, conditions: Conditions) -> Drive:
    """Drive the real simulated car along `profile` and come back with what it used."""
    car = Car(parameters)
    data = parameters.battery
    car.battery.charge = data.usable_from + conditions.charge_pct / 100.0 * (data.usable_to - data.usable_from)
    car.battery.temperature = conditions.cells_c
    car.cabin.temperature = conditions.wanted_c if conditions.cabin_c is None else conditions.cabin_c
    car.chassis.altitude = float(profile.height_m[0])
    seats = dict(zip(("front_left", "front_right", "rear_left", "rear_right"), range(4), strict=True))
    car.control(
        ControlChanges(
            **{f"occupant_{seat}": i < conditions.people for seat, i in seats.items()},
            brake=1.0,
            gear="D",
            parking_brake=False,
        )
    )
    weather = "DRY" if conditions.rolling == 1.0 else "RAIN"
    car.surround(
        WorldChanges(
            weather=weather,
            outside_temperature=conditions.outside_c,
            daylight=conditions.daylight * 100.0,
            load=conditions.load_kg,
            traffic=0.0,
        )
    )
    if not conditions.climate:
        for path in list(car.body.values):
            if path.endswith("FanSpeed"):
                car.body.put(path, 0.0)
    for _ in range(20):
        car.step()
    car.control(ControlChanges(brake=0.0))
    follower = SpeedFollower()
    far, squared = profile.distance_m, profile.speed_ms**2
    slope = np.diff(profile.height_m) / np.maximum(np.diff(far), 0.1)
    change = np.diff(squared) / 2 / np.maximum(np.diff(far), 0.1)
    directions = np.degrees(np.arctan2(np.diff(profile.lon) * np.cos(np.radians(profile.lat[0])), np.diff(profile.lat)))
    charge, given, began = car.battery.charge, car.battery.given - car.battery.taken, car.time
    braked = car.chassis.work["brake"]
    gone = 0.0
    i, end, step = 0, float(far[-1]) - _LOOK_M, 0
    while gone < end:
        while i + 2 < len(far) and far[i + 1] < gone:
            i += 1
        if step % _WORLD_STEPS == 0:
            wind = conditions.headwind_ms
            if conditions.wind_ms:
                wind += conditions.wind_ms * float(np.cos(np.radians(conditions.wind_from_deg - directions[i])))
            car.surround(WorldChanges(grade=float(slope[i]) * 100.0, headwind=wind * 3.6))
        ahead = gone + _LOOK_M
        v2 = float(squared[i] + 2.0 * change[i] * (ahead - far[i]))
        wanted = max(v2, 0.2) ** 0.5
        car.driver.accelerator, car.driver.brake = follower.pedals(car, wanted, float(change[i]), STEP_S)
        car.driver.silence = 0.0
        before = car.chassis.distance
        car.step()
        gone += (car.chassis.distance - before) / (1.0 + slope[i] ** 2) ** 0.5
        step += 1
        assert car.time - began < 3.0 * profile.duration_s + 60.0, "the car does not arrive"
    gross = data.energy * 3.6e6
    return Drive(
        car.time - began,
        (charge - car.battery.charge) * gross,
        car.battery.given - car.battery.taken - given,
        car.battery.displayed * 100.0,
        braked - car.chassis.work["brake"],
        car.battery.temperature,
    )


def on_cycle(name: str) -> tuple[float, float, float]:
    """A standard cycle: J over the terminals that are planned, those of FASTSim's car, and the metres.

    FASTSim (NREL) knows the car that Aurora's data are of from dynamometer tests. Both drive at sea level, climate off.
    """
    fastsim = importlib.import_module("fastsim")
    cycle = fastsim.Cycle.from_resource(name)
    trace = cycle.to_dict()
    times, speeds = np.array(trace["time_seconds"]), np.array(trace["speed_meters_per_second"])
    simulation = fastsim.SimDrive(fastsim.Vehicle.from_resource("2020 Chevrolet Bolt EV thrml.yaml"), cycle)
    simulation.run()
    state = simulation.to_dict()["veh"]["pt_type"]["BEV"]["res"]["state"]
    distance = np.concatenate(([0.0], np.cumsum(np.diff(times) * (speeds[1:] + speeds[:-1]) / 2)))
    flat, zero = np.zeros(len(times)), np.zeros(len(times), np.int64)
    profile = SpeedProfile(flat + 40.0, flat, flat, distance, speeds, zero, times, zero, zero.astype(bool))
    conditions = Conditions(charge_pct=80.0, outside_c=22.0, climate=False, people=0, extra_w=22.0)
    ours = EnergyModel(load_car(LINES / "aurora" / "car.toml")).along(profile, conditions)
    return ours.terminals_j, float(state["energy_out_electrical_joules"]), float(distance[-1])
