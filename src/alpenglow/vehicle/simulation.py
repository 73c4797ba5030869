"""Runs the simulated car in real time, connected to a bus as a real car's control units are to theirs."""

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import structlog

from alpenglow.fabric import BadArguments, Caller, Fabric, Failed, durable
from alpenglow.signals import Value
from alpenglow.vehicle import api
from alpenglow.vehicle.api import ControlChanges, FollowedPath, SimulationState, WorldChanges
from alpenglow.vehicle.ev import autopilot, state
from alpenglow.vehicle.ev.autopilot import Autopilot
from alpenglow.vehicle.ev.car import STEP_S, Car
from alpenglow.vehicle.ev.driver import Demonstration
from alpenglow.vehicle.ev.ecus import ControlUnits
from alpenglow.vehicle.ev.parameters import Parameters, load_parameters

CATCH_UP_STEPS = 5  # after a pause the car makes up for so many steps; the rest of the pause has not happened to it
_SAVE_EVERY_S = 1.0
_DEMONSTRATION_STEPS = 5  # between two decisions of the car that drives itself
_HANDS = 0.05  # of a pedal's or the wheel's way: somebody means it
_DRIVING = "Vehicle.Alpenglow.Simulator.IsDriving"
_PACE = "Vehicle.Alpenglow.Simulator.Pace"
_TAKEN = "The simulator gave the car back: your hands and feet have it"


class Pose(NamedTuple):
    """Where a car begins."""

    latitude: float
    longitude: float
    altitude: float  # m
    heading: float  # degrees

    @classmethod
    def read(cls, text: str) -> "Pose":
        """From "latitude,longitude,altitude,heading". ValueError."""
        try:
            pose = cls(*(float(part) for part in text.split(",")))
        except (TypeError, ValueError):
            raise ValueError(f"a start is latitude,longitude,altitude,heading, not {text!r}") from None
        if not (abs(pose.latitude) <= 85.0 and abs(pose.longitude) <= 180.0 and abs(pose.altitude) < 9000.0):
            raise ValueError(f"a start lies on the earth, and {text!r} does not")
        return pose


class Area(NamedTuple):
    """A part of the earth, in degrees, that does not cross the date line."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def read(cls, text: str) -> "Area":
        """From "west,south,east,north". ValueError."""
        try:
            return cls(*(float(part) for part in text.split(",")))
        except (TypeError, ValueError):
            raise ValueError(f"an area is west,south,east,north, not {text!r}") from None

    def holds(self, latitude: float, longitude: float) -> bool:
        """Whether a place is in it."""
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


class Simulation:
    """The simulated car behind one bus."""

    def __init__(
        self,
        car_file: Path,
        state_file: Path,
        send: Callable[[int, bytes], None],
        *,
        demo: bool,
        start: Pose | None = None,
        within: Area | None = None,
    ) -> None:
        """`send` puts a frame of the car's control units on the bus. ParameterError for a bad `car_file`.

        `start`: where a car begins that has nothing saved, instead of where `car_file` says. `within`: where a car has
        to stand; one that was left elsewhere begins anew, while one in motion goes on.
        """
        self.parameters: Parameters = load_parameters(car_file)
        self.car = Car(self.parameters)
        self._state_file = state_file
        self._send = send
        self._demo = Demonstration() if demo else None
        self._saving: asyncio.Task[None] | None = None
        self._saved_at = 0.0
        self._autopilot: Autopilot | None = None
        self._path_file = state_file.with_name("path.json")  # what the simulator drives, while it does
        self._path_saved: asyncio.Task[None] | None = None
        self._hint = ""  # why the simulator no longer drives
        self._log: Any = structlog.get_logger("vehicle")
        chassis = self.car.chassis
        start = start or Pose(chassis.latitude, chassis.longitude, chassis.altitude, chassis.heading)
        saved = state.read(state_file)
        goes_on = saved is not None and state.restore(self.car, saved, time.time())
        stands = chassis.speed == 0.0
        if saved is None or (within and stands and not within.holds(chassis.latitude, chassis.longitude)):
            chassis.latitude, chassis.longitude, chassis.altitude, chassis.heading = start
        elif goes_on:
            self._log.info("the car goes on with its motion", speed_kmh=round(abs(chassis.speed) * 3.6, 1))
            self._autopilot = self._continued()
        if self._autopilot is None:
            self._path_file.unlink(missing_ok=True)
        self._units = ControlUnits(self.car)
        self._next: float | None = None  # monotonic s at which the next step is due

    def receive(self, can_id: int, data: bytes) -> None:
        """A frame from the bus for the car's control units."""
        self._units.receive(can_id, data)

    def advance(self, now: float) -> int:
        """Make the steps that are due at `now` (monotonic s); returns how many."""
        if self._next is None or now - self._next > CATCH_UP_STEPS * STEP_S:
            self._next = now
        made = 0
        while self._next <= now:
            self._next += STEP_S
            made += 1
            for _ in range(self.pace):
                self._think()
                self.car.step()
            for can_id, data in self._units.frames():
                self._send(can_id, data)
        return made

    @property
    def pace(self) -> int:
        """How many times faster than the clock the car lives."""
        return self._autopilot.pace if self._autopilot is not None else 1

    def told(self) -> Mapping[str, Value]:
        """The signals of the simulator itself; no bus of a real car has them."""
        return {_DRIVING: self._autopilot is not None, _PACE: self.pace}

    def _think(self) -> None:
        """Let whoever drives by program decide, where it is time to."""
        if self._autopilot is not None:
            if self.car.steps % autopilot.EVERY_STEPS == 0:
                self._autopilot.step(self.car, STEP_S * autopilot.EVERY_STEPS)
                if self._autopilot.ended is not None:
                    self._ended(self._autopilot.ended)
        elif self._demo is not None and self.car.steps % _DEMONSTRATION_STEPS == 0:
            self._demo.step(self.car, STEP_S * _DEMONSTRATION_STEPS)

    def _give_back(self) -> None:
        """Let the driver have the car, where the simulator has it."""
        if self._autopilot is not None:
            self._autopilot.end(self.car, _TAKEN)
            self._ended(_TAKEN)

    def _ended(self, why: str) -> None:
        self._autopilot = None
        self._hint = why
        self._path_file.unlink(missing_ok=True)
        self._log.info(why)

    def _continued(self) -> Autopilot | None:
        """What the simulator drove before the process was restarted; None where it did not, or nobody can read it."""
        try:
            kept = msgspec.json.decode(self._path_file.read_bytes(), type=autopilot.Kept)
            return Autopilot(self.car, kept.path, kept.pace, kept)
        except (OSError, msgspec.DecodeError, autopilot.PathFault):
            return None

    def _keep_path(self) -> None:
        if self._autopilot is not None:
            kept = msgspec.json.encode(self._autopilot.kept())
            self._path_saved = asyncio.ensure_future(asyncio.to_thread(self._write_path, kept))

    def _write_path(self, kept: bytes) -> None:
        try:
            durable.write(self._path_file, kept)
        except OSError as error:  # a restarted process would let the car roll out, which is safe
            self._log.warning(f"cannot save the path that is driven: {error}")

    def save(self, now: float) -> None:
        """Write the car's state in the background, about once a second."""
        if now - self._saved_at < _SAVE_EVERY_S or (self._saving is not None and not self._saving.done()):
            return
        self._saved_at = now
        saved = state.capture(self.car, time.time())
        self._saving = asyncio.ensure_future(self._write(saved))

    async def _write(self, saved: state.Saved) -> None:
        try:
            await asyncio.to_thread(state.write, self._state_file, saved)
        except OSError as error:
            self._log.warning(f"cannot save the car's state: {error}")

    def save_now(self) -> None:
        """Write the car's state before the process ends. OSError."""
        state.write(self._state_file, state.capture(self.car, time.time()))

    def attributes(self) -> Mapping[str, Value]:
        """What never changes about this car, by VSS path."""
        p = self.parameters
        port = "Vehicle.Powertrain.TractionBattery.Charging.ChargingPort"
        inlets: Value = ["IEC_TYPE_2_AC", "IEC_TYPE_2_CCS_DC"]
        return {
            "Vehicle.VehicleIdentification.Brand": p.brand,
            "Vehicle.VehicleIdentification.Model": p.model,
            "Vehicle.Powertrain.Type": "ELECTRIC",
            "Vehicle.Powertrain.ElectricMotor.MaxPower": round(p.motor.power / 1e3),
            "Vehicle.Powertrain.ElectricMotor.MaxTorque": round(p.motor.torque),
            "Vehicle.Powertrain.ElectricMotor.MaxRegenPower": round(p.motor.regen_power / 1e3),
            "Vehicle.Powertrain.TractionBattery.GrossCapacity": round(p.battery.energy),
            "Vehicle.Powertrain.Transmission.DriveType": "FORWARD_WHEEL_DRIVE",
            "Vehicle.Powertrain.Transmission.GearChangeMode": "AUTOMATIC",
            f"{port}.AnyPosition.SupportedInletTypes": inlets,
            f"{port}.FrontLeft.SupportedInletTypes": inlets,
            "Vehicle.Cabin.DriverPosition": "LEFT",
            "Vehicle.Cabin.DoorCount": 4,
            "Vehicle.Cabin.SeatRowCount": 2,
            "Vehicle.Cabin.SeatPosCount": [2, 3],
            "Vehicle.CurbWeight": round(p.body.mass),
            "Vehicle.Length": p.body.length,
            "Vehicle.Height": p.body.height,
            "Vehicle.WidthExcludingMirrors": p.body.width,
            "Vehicle.Chassis.Wheelbase": round(p.body.wheelbase * 1000.0),
            "Vehicle.LowVoltageBattery.NominalVoltage": 12,
        }

    # The services of `vehicle.api`; the fabric lets only the desk call them.

    async def set_controls(self, _caller: Caller, changes: ControlChanges) -> None:
        """`vehicle.set_controls`."""
        if self._autopilot is not None and _takes_over(changes):
            self._give_back()
        elif changes.gear is not None or (changes.accelerator or 0.0) > _HANDS:
            self._hint = ""
        self.car.control(changes)

    async def set_world(self, _caller: Caller, changes: WorldChanges) -> None:
        """`vehicle.set_world`."""
        self.car.surround(changes)

    async def inject_fault(self, _caller: Caller, fault: str, active: bool) -> None:
        """`vehicle.inject_fault`."""
        try:
            self.car.damage.set(self.car, fault, active)
        except KeyError:
            known = ", ".join(f.id for f in self.car.damage.listed())
            raise BadArguments(f"there is no fault {fault!r}; there are {known}") from None

    async def simulation(self, _caller: Caller) -> SimulationState:
        """`vehicle.simulation`."""
        return SimulationState(
            title=self.parameters.title,
            controls=self.car.controls(),
            world=self.car.surroundings.world,
            faults=self.car.damage.listed(),
            hint=self.car.hint or self._hint,
        )

    async def follow_path(self, _caller: Caller, path: FollowedPath, pace: int) -> None:
        """`vehicle.follow_path`."""
        if self.car.ev_fault:
            raise Failed(f"the simulator cannot drive: {self.car.ev_fault}")
        if self._autopilot is not None:
            self._autopilot.end(self.car, "")
        try:
            self._autopilot = Autopilot(self.car, path, pace)
        except autopilot.PathFault as error:
            if self._autopilot is not None:
                self._ended("The simulator was given a path that it cannot drive")
            raise BadArguments(str(error)) from None
        self._hint = ""
        self._keep_path()

    async def leave_path(self, _caller: Caller) -> None:
        """`vehicle.leave_path`."""
        self._give_back()

    async def serve(self, fabric: Fabric) -> None:
        """Offer the services on the fabric."""
        await fabric.serve(api.set_controls, self.set_controls)
        await fabric.serve(api.set_world, self.set_world)
        await fabric.serve(api.inject_fault, self.inject_fault)
        await fabric.serve(api.simulation, self.simulation)
        await fabric.serve(api.follow_path, self.follow_path)
        await fabric.serve(api.leave_path, self.leave_path)


def _takes_over(changes: ControlChanges) -> bool:
    """Whether somebody's hands or feet drive."""
    moved = (changes.accelerator or 0.0, changes.brake or 0.0, abs(changes.steering or 0.0))
    return max(moved) > _HANDS or changes.gear is not None or changes.ready is False or changes.parking_brake is True
