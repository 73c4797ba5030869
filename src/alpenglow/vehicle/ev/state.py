"""What survives when the process that runs the simulated car ends: written once a second, whole or not at all.

Where the process is back within seconds, the car goes on with the motion and the controls that it had. After longer,
it stands parked where it was, with its odometer and its charge.
"""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from alpenglow.fabric import durable
from alpenglow.vehicle.api import Cable, Indicators, Lever, World, WorldChanges
from alpenglow.vehicle.ev.layout import Physical

if TYPE_CHECKING:
    from alpenglow.vehicle.ev.car import Car

RESUME_S = 10.0  # a car that stood still for longer than this has been parked


class Motion(msgspec.Struct, frozen=True):
    """What only a car that goes on at once needs."""

    speed: float
    lever: Lever
    engaged: Lever
    ready: bool
    accelerator: float
    brake: float
    steering: float
    wheel_angle: float
    indicators: Indicators
    hazard: bool
    fog_front: bool
    fog_rear: bool
    since_start: float
    motor_temperature: float
    world: World
    faults: list[str]
    silence: float


class Saved(msgspec.Struct, frozen=True):
    """The file's content."""

    saved_at: float  # s since 1970
    odometer: float
    charge: float
    battery_temperature: float
    latitude: float
    longitude: float
    altitude: float
    heading: float
    charge_12v: float
    cabin_temperature: float
    usual: float
    air: list[float]
    cable: Cable
    belts: dict[str, bool]
    occupants: dict[str, bool]
    body: dict[str, Physical]
    motion: Motion


def capture(car: "Car", now: float) -> Saved:
    """What the car is now; `now`: s since 1970."""
    driver, chassis, lights = car.driver, car.chassis, car.lights
    return Saved(
        saved_at=now,
        odometer=car.odometer,
        charge=car.battery.charge,
        battery_temperature=car.battery.temperature,
        latitude=chassis.latitude,
        longitude=chassis.longitude,
        altitude=chassis.altitude,
        heading=chassis.heading,
        charge_12v=car.low_voltage.charge,
        cabin_temperature=car.cabin.temperature,
        usual=car.computer.usual,
        air=list(car.tyres.air),
        cable=car.charging.cable,
        belts=dict(driver.belts),
        occupants=dict(driver.occupants),
        body=dict(car.body.values),
        motion=Motion(
            speed=chassis.speed,
            lever=driver.lever,
            engaged=car.selector.engaged,
            ready=car.ready,
            accelerator=driver.accelerator,
            brake=driver.brake,
            steering=driver.steering,
            wheel_angle=chassis.wheel_angle,
            indicators=driver.indicators,
            hazard=lights.hazard,
            fog_front=lights.fog["Front"],
            fog_rear=lights.fog["Rear"],
            since_start=car.since_start,
            motor_temperature=car.motor.temperature,
            world=car.surroundings.world,
            faults=sorted(car.damage.active),
            silence=driver.silence,
        ),
    )


def restore(car: "Car", saved: Saved, now: float) -> bool:
    """Make a new `car` what `saved` says; returns whether it goes on with its motion."""
    car.odometer = saved.odometer
    car.battery.charge = min(1.0, max(0.0, saved.charge))
    car.chassis.latitude, car.chassis.longitude = saved.latitude, saved.longitude
    car.chassis.altitude, car.chassis.heading = saved.altitude, saved.heading
    car.low_voltage.charge = saved.charge_12v
    car.computer.usual = saved.usual
    car.tyres.air = list(saved.air)
    for path, value in saved.body.items():
        if path in car.body.values:
            car.body.values[path] = value
    car.charging.cable = saved.cable
    car.driver.belts |= saved.belts
    car.driver.occupants |= saved.occupants
    resumes = 0.0 <= now - saved.saved_at <= RESUME_S
    if resumes:
        _resume(car, saved)
    else:
        car.body.values["Chassis.ParkingBrake.IsEngaged"] = True
        car.body.values["ADAS.CruiseControl.IsActive"] = False
    car.driver.parking_brake = car.body.on("Chassis.ParkingBrake.IsEngaged")
    car.battery.refresh()
    return resumes


def _resume(car: "Car", saved: Saved) -> None:
    motion, driver = saved.motion, car.driver
    car.surround(WorldChanges(**msgspec.structs.asdict(motion.world)))
    car.chassis.speed, car.chassis.wheel_angle = motion.speed, motion.wheel_angle
    driver.lever, car.selector.engaged = motion.lever, motion.engaged
    driver.ready = car.ready = motion.ready
    driver.accelerator, driver.brake, driver.steering = motion.accelerator, motion.brake, motion.steering
    driver.indicators = motion.indicators
    driver.silence = motion.silence
    car.lights.hazard = motion.hazard
    car.lights.fog = {"Front": motion.fog_front, "Rear": motion.fog_rear}
    car.since_start = motion.since_start
    car.motor.temperature = motion.motor_temperature
    car.battery.temperature = saved.battery_temperature
    car.cabin.temperature = saved.cabin_temperature
    for fault in motion.faults:
        with contextlib.suppress(KeyError):  # a fault of an older version
            car.damage.set(car, fault, True)
    car.tyres.air = list(saved.air)


def write(path: Path, saved: Saved) -> None:
    """Put `saved` at `path`: the old file or the new one, never neither, whatever happens meanwhile. OSError."""
    durable.write(path, msgspec.json.encode(saved))


def read(path: Path) -> Saved | None:
    """What was written; None where there is nothing, or nothing readable."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Saved)
    except (OSError, msgspec.DecodeError):
        return None
