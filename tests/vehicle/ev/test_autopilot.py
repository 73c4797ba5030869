"""The simulator as driver: it keeps to the path, to its speeds and to the car's own physics, and charges on the way."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from alpenglow.vehicle.api import ControlChanges, FollowedPath, PathStop
from alpenglow.vehicle.ev import autopilot
from alpenglow.vehicle.ev.autopilot import Autopilot, PathFault
from alpenglow.vehicle.ev.car import STEP_S, Car
from alpenglow.vehicle.ev.parameters import load_parameters

CAR = Path(__file__).parents[3] / "src/alpenglow/lines/aurora/car.toml"
LATITUDE, LONGITUDE = 42.5, 1.5
METRES = math.radians(1.0) * 6_371_008.8  # of a degree of latitude
STEP_M = 10.0


def path(
    length_m: float,
    speed_kmh: float,
    rise: Callable[[float], float] = lambda at: 0.0,
    stops: tuple[PathStop, ...] = (),
    tunnel: tuple[float, float] = (-1.0, -1.0),
) -> FollowedPath:
    """A road in gentle bends, driven from standing to standing, also at its stops."""
    count = int(length_m / STEP_M) + 1
    at = [i * STEP_M for i in range(count)]
    standing = [0.0, at[-1], *(stop.at_m for stop in stops)]
    speed = [min([speed_kmh, *(3.6 * math.sqrt(2.0 * 1.0 * abs(x - s)) for s in standing)]) for x in at]
    latitude, longitude, course = [LATITUDE], [LONGITUDE], 0.0
    for x in at[1:]:
        course = 0.5 * math.sin(x / 150.0)
        latitude.append(latitude[-1] + STEP_M * math.cos(course) / METRES)
        longitude.append(longitude[-1] + STEP_M * math.sin(course) / METRES / math.cos(math.radians(LATITUDE)))
    return FollowedPath(
        latitude=latitude,
        longitude=longitude,
        altitude=[1000.0 + rise(x) for x in at],
        distance_m=at,
        speed_kmh=speed,
        limit_kmh=[round(speed_kmh)] * count,
        tunnel=[tunnel[0] <= x <= tunnel[1] for x in at],
        stops=list(stops),
    )


@pytest.fixture
def car() -> Car:
    """Aurora, standing in P."""
    return Car(load_parameters(CAR))


class Drive:
    """A car and its autopilot, moved on together."""

    def __init__(self, car: Car, way: FollowedPath) -> None:
        self.car, self.way = car, way
        self.pilot = Autopilot(car, way)

    def step(self) -> None:
        if self.car.steps % autopilot.EVERY_STEPS == 0:
            self.pilot.step(self.car, STEP_S * autopilot.EVERY_STEPS)
        self.car.step()

    def until(self, done: Callable[[], bool], most_s: float) -> None:
        for _ in range(int(most_s / STEP_S)):
            if done():
                return
            self.step()
        raise AssertionError(f"not within {most_s} s, at {self.pilot.progress(self.car):.0f} m")

    def wanted_kmh(self) -> float:
        at = self.pilot.progress(self.car)
        i = min(int(at / STEP_M), len(self.way.speed_kmh) - 2)
        return self.way.speed_kmh[i]

    def off_m(self) -> float:
        """How far the car is from the nearest point of the path."""
        here = self.car.chassis
        scale = math.cos(math.radians(LATITUDE))
        return min(
            math.hypot(lat - here.latitude, (lon - here.longitude) * scale) * METRES
            for lat, lon in zip(self.way.latitude, self.way.longitude, strict=True)
        )

    def arrive(self, most_s: float = 1000.0) -> None:
        self.until(lambda: self.pilot.ended is not None, most_s)


@pytest.mark.parametrize("slope", [0.0, 0.07, -0.07])
def test_it_drives_the_paths_speed_up_down_and_along_and_parks_at_its_end(car: Car, slope: float) -> None:
    drive = Drive(car, path(3000.0, 70.0, lambda at: slope * at))
    errors, off = [], 0.0
    while drive.pilot.ended is None and car.time < 400.0:
        drive.step()
        if car.steps % 100 == 0:
            off = max(off, drive.off_m())
            if 600.0 < drive.pilot.progress(car) < 2400.0:
                errors.append(abs(car.chassis.speed * 3.6 - drive.wanted_kmh()))
    assert drive.pilot.ended == "The simulator has arrived"
    assert max(errors) < 1.5
    assert off < STEP_M  # half of a step beside the nearest point, and what was driven since the last look
    assert car.selector.engaged == "P"
    assert abs(drive.pilot.progress(car) - 3000.0) < 3.0
    assert car.chassis.altitude == pytest.approx(1000.0 + slope * 3000.0, abs=0.5)


def test_climbing_uses_what_physics_says_and_coming_down_wins_part_of_it_back(car: Car) -> None:
    def used_j(way: FollowedPath) -> float:
        one = Car(load_parameters(CAR))
        one.body.values["Cabin.HVAC.IsAirConditioningActive"] = False
        drive = Drive(one, way)
        before = one.battery.energy_left
        drive.arrive()
        return before - one.battery.energy_left

    height = 200.0
    flat = used_j(path(4000.0, 60.0))
    up = used_j(path(4000.0, 60.0, lambda at: height * at / 4000.0))
    down = used_j(path(4000.0, 60.0, lambda at: -height * at / 4000.0))
    lifted = car.mass * 9.80665 * height
    assert 1.0 < (up - flat) / lifted < 1.35
    assert 0.6 < (flat - down) / lifted < 1.0


def test_it_charges_at_a_stop_until_the_plan_says_and_goes_on(car: Car) -> None:
    car.battery.charge = 0.3
    stop = PathStop(at_m=1000.0, power_kw=50.0, until=45.0, name="Midway")
    drive = Drive(car, path(2000.0, 50.0, stops=(stop,)))
    drive.until(lambda: car.charging.active, 300.0)
    assert car.selector.engaged == "P"
    assert abs(drive.pilot.progress(car) - 1000.0) < 3.0
    began = car.time
    most = 0.0
    while car.charging.active:
        drive.step()
        most = max(most, car.charging.power)
    assert car.battery.displayed * 100.0 == pytest.approx(45.0, abs=0.6)
    assert most <= 50e3
    assert car.time - began > 300.0
    drive.arrive()
    assert car.charging.cable == "NONE"
    assert car.body.number("Powertrain.TractionBattery.Charging.ChargeLimit") == 80.0


def test_the_satellites_are_gone_in_a_tunnel_and_back_behind_it(car: Car) -> None:
    drive = Drive(car, path(1500.0, 50.0, tunnel=(500.0, 800.0)))
    drive.until(lambda: drive.pilot.progress(car) > 600.0, 200.0)
    assert car.gnss_blind
    drive.until(lambda: drive.pilot.progress(car) > 900.0, 200.0)
    assert not car.gnss_blind


def test_it_begins_where_the_car_is_and_goes_on_after_a_restart(car: Car) -> None:
    way = path(3000.0, 50.0)
    car.chassis.latitude, car.chassis.longitude = way.latitude[100], way.longitude[100]
    drive = Drive(car, way)
    assert drive.pilot.progress(car) == pytest.approx(1000.0)
    drive.until(lambda: drive.pilot.progress(car) > 1500.0, 200.0)
    kept = msgspec.json.decode(msgspec.json.encode(drive.pilot.kept()), type=autopilot.Kept)
    drive.pilot = Autopilot(car, kept.path, kept.pace, kept)
    assert drive.pilot.progress(car) == pytest.approx(1500.0, abs=1.0)
    drive.arrive()


def test_a_fault_of_the_drive_ends_it_and_gives_back_what_was_lent(car: Car) -> None:
    traffic = car.surroundings.world.traffic
    drive = Drive(car, path(3000.0, 70.0, lambda at: 0.05 * at))
    drive.until(lambda: car.chassis.speed > 10.0, 100.0)
    assert car.surroundings.world.traffic == 0.0
    car.ev_fault = "The drive is broken"
    drive.until(lambda: drive.pilot.ended is not None, 1.0)
    assert "fault" in (drive.pilot.ended or "")
    assert car.driver.accelerator == 0.0
    assert car.surroundings.world.traffic == traffic
    assert car.surroundings.world.grade == 0.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"distance_m": [0.0, 10.0]},
        {"distance_m": [0.0, 20.0, 10.0]},
        {"latitude": [42.5, math.nan, 42.6]},
        {"speed_kmh": [0.0, 50.0, 50.0]},
        {"stops": [PathStop(at_m=500.0, power_kw=50.0, until=80.0)]},
    ],
)
def test_a_path_that_contradicts_itself_is_refused(car: Car, wrong: dict[str, list[float]]) -> None:
    way = FollowedPath(
        latitude=[42.5, 42.5001, 42.5002],
        longitude=[1.5, 1.5, 1.5],
        altitude=[0.0, 0.0, 0.0],
        distance_m=[0.0, 11.0, 22.0],
        speed_kmh=[0.0, 10.0, 0.0],
        limit_kmh=[50, 50, 50],
        tunnel=[False] * 3,
    )
    Autopilot(car, way)
    with pytest.raises(PathFault):
        Autopilot(car, msgspec.structs.replace(way, **wrong))


def test_the_driver_can_say_where_a_new_car_begins(tmp_path: Path) -> None:
    from alpenglow.vehicle.simulation import Pose, Simulation

    pose = Pose.read("60.17,24.94,12,90")
    simulation = Simulation(CAR, tmp_path / "car.json", lambda can_id, data: None, demo=False, start=pose)
    assert (simulation.car.chassis.latitude, simulation.car.chassis.heading) == (60.17, 90.0)
    with pytest.raises(ValueError, match="latitude,longitude"):
        Pose.read("60.17,24.94")


def test_a_car_that_was_left_off_its_map_begins_anew_and_one_on_it_stays(tmp_path: Path) -> None:
    from alpenglow.vehicle.simulation import Area, Pose, Simulation

    file = tmp_path / "car.json"
    left = Simulation(CAR, file, lambda can_id, data: None, demo=False)
    left.car.chassis.latitude, left.car.chassis.longitude = 60.17, 24.94
    left.save_now()
    home = Pose.read("42.5,1.5,1000,90")
    there, elsewhere = Area.read("24,60,25,61"), Area.read("1,42,2,43")

    def stands_at(**options: Any) -> tuple[float, float]:
        chassis = Simulation(CAR, file, lambda can_id, data: None, demo=False, **options).car.chassis
        return chassis.latitude, chassis.longitude

    assert stands_at(start=home) == stands_at(start=home, within=there) == (60.17, 24.94)
    assert stands_at(start=home, within=elsewhere) == (42.5, 1.5)
    assert stands_at(within=elsewhere) == pytest.approx((42.50723, 1.53393), abs=0.05)
    with pytest.raises(ValueError, match="west,south,east,north"):
        Area.read("1,2,3")


def test_a_foot_on_the_brake_takes_the_car_back() -> None:
    from alpenglow.vehicle.simulation import _takes_over

    assert _takes_over(ControlChanges(brake=0.3))
    assert _takes_over(ControlChanges(gear="N"))
    assert not _takes_over(ControlChanges(accelerator=0.0, brake=0.0, steering=0.0))
    assert not _takes_over(ControlChanges(horn=True))
