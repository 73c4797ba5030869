"""What other rooms may ask of `vehicle`: the services of the simulated car, permitted to the desk alone; `navigation`
may have it follow a path.

They act on the car as its driver, its passengers and the weather would, or break a part of it. They never set a signal:
what the cockpit shows has always come over the bus. Where the car is a real one or a recording, every one of them
raises NoProvider.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from alpenglow.fabric import service

type Share = Annotated[float, Meta(ge=0.0, le=1.0)]
type Lever = Literal["P", "R", "N", "D"]
type Indicators = Literal["OFF", "LEFT", "RIGHT"]
type LightSwitch = Literal["OFF", "POSITION", "DAYTIME_RUNNING_LIGHTS", "AUTO", "BEAM"]
type WiperMode = Literal["OFF", "SLOW", "MEDIUM", "FAST", "INTERVAL", "RAIN_SENSOR"]
type Cable = Literal["NONE", "AC", "DC"]
type Weather = Literal["DRY", "RAIN", "SNOW", "FOG"]


class ControlChanges(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the people in and around the car do; None leaves a control as it is."""

    accelerator: Share | None = None  # 0 released, 1 to the floor
    brake: Share | None = None
    steering: Annotated[float, Meta(ge=-1.0, le=1.0)] | None = None  # -1 full left lock, 1 full right lock
    gear: Lever | None = None
    parking_brake: bool | None = None
    ready: bool | None = None  # the power button: switched on, or off
    indicators: Indicators | None = None  # the stalk
    hazard: bool | None = None
    light_switch: LightSwitch | None = None
    high_beam: bool | None = None  # the stalk
    fog_front: bool | None = None
    fog_rear: bool | None = None
    wiper: WiperMode | None = None
    horn: bool | None = None
    door_front_left: bool | None = None  # True: open
    door_front_right: bool | None = None
    door_rear_left: bool | None = None
    door_rear_right: bool | None = None
    bonnet: bool | None = None
    boot: bool | None = None
    charge_flap: bool | None = None
    charge_cable: Cable | None = None  # what is plugged in; needs the flap open
    key: Annotated[int, Meta(ge=0, le=14)] | None = None  # which key opens the car; 0: none is near
    belt_front_left: bool | None = None  # True: fastened; the front left seat is the driver's
    belt_front_right: bool | None = None
    belt_rear_left: bool | None = None
    belt_rear_right: bool | None = None
    occupant_front_left: bool | None = None
    occupant_front_right: bool | None = None
    occupant_rear_left: bool | None = None
    occupant_rear_right: bool | None = None


class Controls(msgspec.Struct, frozen=True, kw_only=True):
    """The same controls as they are now; a part that moved by itself or by a command shows where it is."""

    accelerator: float
    brake: float
    steering: float
    gear: Lever  # the lever; what the drive has engaged is Vehicle.Powertrain.Transmission.CurrentGear
    parking_brake: bool
    ready: bool
    indicators: Indicators
    hazard: bool
    light_switch: LightSwitch
    high_beam: bool
    fog_front: bool
    fog_rear: bool
    wiper: WiperMode
    horn: bool
    door_front_left: bool
    door_front_right: bool
    door_rear_left: bool
    door_rear_right: bool
    bonnet: bool
    boot: bool
    charge_flap: bool
    charge_cable: Cable
    key: int
    belt_front_left: bool
    belt_front_right: bool
    belt_rear_left: bool
    belt_rear_right: bool
    occupant_front_left: bool
    occupant_front_right: bool
    occupant_rear_left: bool
    occupant_rear_right: bool


class WorldChanges(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What surrounds the car; None leaves it as it is."""

    weather: Weather | None = None
    outside_temperature: Annotated[float, Meta(ge=-40.0, le=55.0)] | None = None  # Celsius
    daylight: Annotated[float, Meta(ge=0.0, le=100.0)] | None = None  # percent: 0 night, 100 bright day
    grade: Annotated[float, Meta(ge=-30.0, le=30.0)] | None = None  # percent: positive is uphill
    load: Annotated[float, Meta(ge=0.0, le=500.0)] | None = None  # kg of luggage; people count by their seats
    speed_limit: Annotated[int, Meta(ge=0, le=200)] | None = None  # km/h; 0: none known
    headwind: Annotated[float, Meta(ge=-100.0, le=100.0)] | None = None  # km/h; negative pushes
    traffic: Annotated[float, Meta(ge=0.0, le=100.0)] | None = None  # percent: 0 nobody else, 100 dense


class World(msgspec.Struct, frozen=True, kw_only=True):
    """The surroundings as they are now; units as in WorldChanges."""

    weather: Weather = "DRY"
    outside_temperature: float = 20.0
    daylight: float = 80.0
    grade: float = 0.0
    load: float = 0.0
    speed_limit: int = 0
    headwind: float = 0.0
    traffic: float = 40.0


class PathStop(msgspec.Struct, frozen=True, kw_only=True):
    """A charging station on a path."""

    at_m: Annotated[float, Meta(ge=0.0)]  # along the path
    power_kw: Annotated[float, Meta(gt=0.0, le=1000.0)]
    until: Annotated[float, Meta(ge=0.0, le=100.0)]  # percent of charge, as displayed, with which to go on
    name: str = ""


class FollowedPath(msgspec.Struct, frozen=True, kw_only=True):
    """A way for the simulated car to drive by itself: points along it, all lists of one length of two or more.

    Distances begin at 0 and never fall; the last speed is 0, and so is the one at each stop.
    """

    latitude: list[float]  # degrees, WGS 84
    longitude: list[float]
    altitude: list[float]  # m
    distance_m: list[float]
    speed_kmh: list[float]
    limit_kmh: list[int]  # 0: none known
    tunnel: list[bool]  # where satellites are not seen
    stops: list[PathStop] = []


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Something that can break."""

    id: str
    title: str
    group: str
    active: bool


class SimulationState(msgspec.Struct, frozen=True, kw_only=True):
    """All that a desk needs to draw its controls."""

    title: str  # which car
    controls: Controls
    world: World
    faults: list[Fault]
    hint: str  # why the car does not do what was asked ("Press the brake to leave P"); "" where it does


@service
async def set_controls(changes: ControlChanges) -> None:
    """Operate the simulated car's controls; fields left out stay as they are.

    While the accelerator is pressed, call at least once a second (the same value will do): a desk that has gone lets
    go of both pedals. Raises BadArguments for a value out of range.
    """


@service
async def set_world(changes: WorldChanges) -> None:
    """Change the weather, the road or the load; fields left out stay as they are.

    Raises BadArguments for a value out of range.
    """


@service
async def inject_fault(fault: str, active: bool) -> None:
    """Break a part of the simulated car, or repair it. `fault`: an id from `simulation().faults`.

    Raises BadArguments for an unknown id.
    """


@service
async def simulation() -> SimulationState:
    """The simulated car's controls, surroundings and faults as they are now."""
    raise NotImplementedError


@service
async def follow_path(path: FollowedPath, pace: Annotated[int, Meta(ge=1, le=60)] = 1) -> None:
    """Let the simulator drive `path`, `pace` times faster than the clock, and charge at its stops.

    The car is put at the path's first point where it stands more than 30 m from the path; otherwise it begins at the
    nearest point. It ends in P at the last one. A foot on a pedal, a hand on the wheel or the lever, or a fault of the
    drive takes the car back. Raises BadArguments for a path that contradicts itself, Failed while the car is broken.
    """


@service
async def leave_path() -> None:
    """Give the car back to its driver: it rolls on as it is, with nobody's foot on a pedal, at the clock's pace."""
