"""The table of telltales: what lights each lamp, and what the driver is told.

Symbols are ISO 2575's, colours UN R121's; the page draws them. A row looks at its causes' signals. A signal that this
car provides and that is not valid now counts as lost, and a lost signal never leaves its lamp dark:
- a warning lamp lights up, as UN R13-H 5.2.21, FMVSS 126 and FMVSS 208 demand of brakes, stability control and airbags;
- an indicator's lamp burns without flashing, the malfunction that UN R48 6.5.8 describes;
- a lamp that only reports (lights, ready) flashes: it says neither on nor off. Tyre pressure too (UN R141).
"""

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import NamedTuple

import msgspec

from alpenglow.signals import Value


class Light(IntEnum):
    """What a lamp does; of two causes the higher wins."""

    OFF = 0
    ON = 1
    FLASHING = 2


class Level(IntEnum):
    """How urgent a message is; the highest is shown."""

    NONE = 0
    INFO = 1
    WARNING = 2
    STOP = 3


class Message(NamedTuple):
    """What the driver reads. `{place}` becomes the words for where it is: "rear left", "driver's door"."""

    level: Level
    text: str


class Situation(NamedTuple):
    """What the causes may ask besides their own signal."""

    values: Mapping[str, Value]  # every valid signal that the table looks at
    moving: bool  # also when the speed is unknown
    limits: "Limits"


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where "too low" and "too hot" begin in one line of cars; a line's `line.toml` may set them under [cluster]."""

    tyre_pressure_kpa: float = 187.5  # the placard's; without one, so that 80 % of it is UN R141's least 150 kPa
    low_voltage: float = 11.8  # V, a lead-acid battery nearly empty
    charging_voltage: float = 12.8  # V; below it while ready, the DC/DC converter does not charge
    high_voltage: float = 15.5  # V, the converter or alternator is out of control
    motor_celsius: float = 150.0
    coolant_celsius: float = 100.0
    battery_hot_celsius: float = 55.0
    battery_cold_celsius: float = -20.0
    low_charge_percent: float = 10.0
    empty_charge_percent: float = 3.0


class Cause(NamedTuple):
    """One reason for a lamp: any of `signals` (a pattern) has a value for which `when` is true."""

    signals: str
    when: Callable[[Value, Situation], bool]
    says: Message | None = None
    shows: Light = Light.ON
    shows_moving: Light | None = None  # instead of `shows`, while the car moves
    only: Callable[[str, Situation], bool] | None = None  # and this is true of the signal's path


class Telltale(NamedTuple):
    """One lamp, or with an empty name only messages."""

    name: str
    causes: tuple[Cause, ...]
    lost: Light = Light.ON
    lost_says: Message | None = None
    bulb_check: bool = False  # lights up for a moment when the car is switched on (UN R13-H 5.2.21.2)


def _true(value: Value, _: Situation) -> bool:
    return value is True


def _false(value: Value, _: Situation) -> bool:
    return value is False


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")


def _below(limit: str) -> Callable[[Value, Situation], bool]:
    # "not at least", so that what is no number lights the lamp.
    return lambda value, s: not _number(value) >= getattr(s.limits, limit)


def _above(limit: str) -> Callable[[Value, Situation], bool]:
    return lambda value, s: not _number(value) <= getattr(s.limits, limit)


def _soft(value: Value, s: Situation) -> bool:
    return not _number(value) >= max(
        150.0, 0.8 * s.limits.tyre_pressure_kpa
    )  # UN R141: a fifth too low, at least 150 kPa


def _never(value: Value, _: Situation) -> bool:
    return False


def _moving(_: str, s: Situation) -> bool:
    return s.moving


def _standing(_: str, s: Situation) -> bool:
    return not s.moving


def _ready(_: str, s: Situation) -> bool:
    return s.values.get("Vehicle.Alpenglow.Ready") is True


def _occupied(path: str, s: Situation) -> bool:
    return s.values.get(path.rsplit(".", 1)[0] + ".OccupancyStatus") == "OCCUPIED"


def _passenger(path: str, s: Situation) -> bool:
    return ".Row1.DriverSide." not in path and _occupied(path, s)


def _low_not_empty(value: Value, s: Situation) -> bool:
    return not _number(value) >= s.limits.low_charge_percent and _number(value) >= s.limits.empty_charge_percent


_STOP, _WARNING, _INFO = Level.STOP, Level.WARNING, Level.INFO
_ADAS = "Vehicle.ADAS"
_LAMP = "Vehicle.Alpenglow.FaultLamp"
_LIGHTS = "Vehicle.Body.Lights"
_SEATS = "Vehicle.Cabin.Seat"
_WHEELS = "Vehicle.Chassis.Axle.*.Wheel.*"
_MOTOR = "Vehicle.Powertrain.ElectricMotor"
_BATTERY = "Vehicle.Powertrain.TractionBattery"
_VOLTAGE = "Vehicle.LowVoltageBattery.CurrentVoltage"

_NO_BRAKES = Message(_STOP, "Brake fault. Stop safely")
_NO_ABS = Message(_WARNING, "Anti-lock brakes not available. Brake gently")
_NO_ESC = Message(_WARNING, "Stability control not available. Drive with care")
_NO_DRIVE = Message(_STOP, "Electric drive fault. Stop safely")
_NO_12V = Message(_WARNING, "12 V battery is not charging. Have it checked")
_LIGHTS_LOST = Message(_INFO, "Light status not available")

# In the order in which messages of the same level take their turns.
TELLTALES = (
    Telltale(
        "Brake",
        (
            Cause(f"{_LAMP}.Brake", _true, _NO_BRAKES),
            Cause(
                f"{_WHEELS}.Brake.IsFluidLevelLow",
                _true,
                Message(_STOP, "Brake fluid low. Stop safely"),
            ),
            Cause(f"{_ADAS}.EBD.IsError", _true, _NO_BRAKES),  # UN R13-H 5.2.21: a red warning
        ),
        lost_says=Message(_STOP, "Brake status not available. Stop safely"),
        bulb_check=True,
    ),
    Telltale(
        "EVSystem",
        (
            Cause(f"{_LAMP}.EVSystem", _true, _NO_DRIVE),
            Cause(f"{_BATTERY}.IsGroundConnected", _false, Message(_STOP, "Electric isolation fault. Stop safely")),
            Cause(f"{_BATTERY}.CurrentVoltage", _never),  # lost: the battery's control unit is silent
        ),
        lost_says=Message(_WARNING, "Electric drive status not available"),
        bulb_check=True,
    ),
    Telltale(
        "MotorTemperature",
        (
            Cause(f"{_MOTOR}.Temperature", _above("motor_celsius"), Message(_STOP, "Motor too hot. Stop safely")),
            Cause(
                f"{_MOTOR}.EngineCoolant.Temperature",
                _above("coolant_celsius"),
                Message(_STOP, "Motor coolant too hot. Stop safely"),
            ),
            Cause(
                f"{_MOTOR}.EngineCoolant.Level",
                lambda v, _: v == "CRITICALLY_LOW",
                Message(_STOP, "Motor coolant very low. Stop safely"),
            ),
        ),
        lost_says=Message(_WARNING, "Motor temperature not available"),
    ),
    Telltale(
        "BatteryTemperature",
        (
            Cause(
                f"{_BATTERY}.Temperature.*",
                _above("battery_hot_celsius"),
                Message(_STOP, "Drive battery too hot. Stop safely"),
                only=lambda path, _: not path.endswith("CellTemperature"),
            ),
            Cause(
                f"{_BATTERY}.Temperature.Min",
                _below("battery_cold_celsius"),
                Message(_WARNING, "Drive battery very cold. Less power until it is warm"),
            ),
        ),
        lost_says=Message(_WARNING, "Drive battery temperature not available"),
    ),
    Telltale(
        "",
        (
            Cause("Vehicle.Speed", _never),
            Cause(f"{_SEATS}.*.*.Airbag.IsDeployed", _true, Message(_STOP, "Airbag deployed. Call for help")),
        ),
        lost_says=Message(_WARNING, "Speed not available"),
    ),
    Telltale(
        "DoorOpen",
        (
            Cause(
                "Vehicle.Cabin.Door.*.*.IsOpen", _true, Message(_STOP, "{place} open. Stop and close it"), only=_moving
            ),
            Cause(
                "Vehicle.Body.Trunk.*.IsOpen", _true, Message(_STOP, "{place} open. Stop and close it"), only=_moving
            ),
            Cause("Vehicle.Body.Hood.IsOpen", _true, Message(_STOP, "Bonnet open. Stop and close it"), only=_moving),
            Cause("Vehicle.Cabin.Door.*.*.IsOpen", _true, Message(_INFO, "{place} open"), only=_standing),
            Cause("Vehicle.Body.Trunk.*.IsOpen", _true, Message(_INFO, "{place} open"), only=_standing),
            Cause("Vehicle.Body.Hood.IsOpen", _true, Message(_INFO, "Bonnet open"), only=_standing),
        ),
        lost_says=Message(_WARNING, "Check that all doors are shut"),
    ),
    Telltale(
        "ParkingBrake",
        (
            Cause(
                "Vehicle.Chassis.ParkingBrake.IsEngaged",
                _true,
                Message(_WARNING, "Release the parking brake"),
                only=_moving,
            ),
            Cause("Vehicle.Chassis.ParkingBrake.IsEngaged", _true),
        ),
        lost_says=Message(_WARNING, "Parking brake status not available"),
        bulb_check=True,
    ),
    Telltale(
        "Belt",
        (
            # UN R16 8.4: first a lamp, and once under way a warning that cannot be overlooked.
            Cause(
                f"{_SEATS}.Row1.DriverSide.IsBelted",
                _false,
                Message(_WARNING, "Fasten your seat belt"),
                shows_moving=Light.FLASHING,
            ),
            Cause(
                f"{_SEATS}.*.*.IsBelted",
                _false,
                Message(_WARNING, "Seat belt not fastened: {place}"),
                shows_moving=Light.FLASHING,
                only=_passenger,
            ),
            Cause(f"{_SEATS}.*.*.OccupancyStatus", _never),  # lost: nobody knows who should be belted
        ),
        lost_says=Message(_WARNING, "Seat belt status not available"),
        bulb_check=True,
    ),
    Telltale(
        "Airbag",
        (
            Cause(f"{_LAMP}.Airbag", _true, Message(_WARNING, "Airbag fault. Have it checked")),
            Cause(f"{_SEATS}.*.*.Airbag.IsDeployed", _true),
        ),
        lost_says=Message(_WARNING, "Airbags not available. Have them checked"),
        bulb_check=True,
    ),
    Telltale(
        "ABS",
        (
            Cause(f"{_LAMP}.ABS", _true, _NO_ABS),
            Cause(f"{_ADAS}.ABS.IsError", _true, _NO_ABS),
            Cause(f"{_ADAS}.ABS.IsEnabled", _false, _NO_ABS),
        ),
        lost_says=_NO_ABS,
        bulb_check=True,
    ),
    Telltale(
        "ESC",
        (
            Cause(f"{_LAMP}.ESC", _true, _NO_ESC),
            Cause(f"{_ADAS}.ESC.IsError", _true, _NO_ESC),
            Cause(f"{_ADAS}.TCS.IsError", _true, _NO_ESC),
            Cause(f"{_ADAS}.ESC.IsEngaged", _true, shows=Light.FLASHING),  # as FMVSS 126 S5.3 permits
            Cause(f"{_ADAS}.TCS.IsEngaged", _true, shows=Light.FLASHING),
        ),
        lost_says=_NO_ESC,
        bulb_check=True,
    ),
    Telltale(
        "ESCOff",
        (
            Cause(f"{_ADAS}.ESC.IsEnabled", _false, Message(_INFO, "Stability control is off")),
            Cause(f"{_ADAS}.TCS.IsEnabled", _false, Message(_INFO, "Traction control is off")),
        ),
    ),
    Telltale(
        "TyrePressure",
        (
            Cause(f"{_WHEELS}.Tire.IsPressureLow", _true, Message(_WARNING, "Tyre pressure low: {place}")),
            Cause(f"{_WHEELS}.Tire.Pressure", _soft, Message(_WARNING, "Tyre pressure low: {place}")),
        ),
        lost=Light.FLASHING,
        lost_says=Message(_WARNING, "Tyre pressure not available"),
        bulb_check=True,
    ),
    Telltale(
        "Battery12V",
        (
            Cause(_VOLTAGE, _below("low_voltage"), Message(_WARNING, "12 V battery low. Have it checked")),
            Cause(_VOLTAGE, _above("high_voltage"), Message(_WARNING, "12 V system voltage too high. Have it checked")),
            Cause(_VOLTAGE, _below("charging_voltage"), _NO_12V, only=_ready),
        ),
        lost_says=Message(_WARNING, "12 V battery status not available"),
        bulb_check=True,
    ),
    Telltale(
        "LowCharge",
        (
            Cause(
                f"{_BATTERY}.StateOfCharge.Displayed",
                _below("empty_charge_percent"),
                Message(_WARNING, "Drive battery empty. Charge now"),
            ),
            Cause(
                f"{_BATTERY}.StateOfCharge.Displayed",
                _low_not_empty,
                Message(_WARNING, "Drive battery low. Charge soon"),
            ),
        ),
        lost_says=Message(_WARNING, "Battery charge not available"),
    ),
    Telltale(
        "PowerLimited",
        (Cause("Vehicle.Alpenglow.PowertrainLimited", _true, Message(_WARNING, "Less power than usual")),),
        lost_says=Message(_WARNING, "Drive power status not available"),
    ),
    Telltale(
        "",
        (Cause("Vehicle.Powertrain.Transmission.CurrentGear", _never),),
        lost_says=Message(_WARNING, "Gear not available"),
    ),
    Telltale(
        "ChargeCable",
        (
            Cause(
                f"{_BATTERY}.Charging.ChargingPort.*.IsChargingCableConnected",
                _true,
                Message(_INFO, "Charging cable connected"),
            ),
        ),
        lost_says=Message(_WARNING, "Check that the charging cable is unplugged"),
    ),
    Telltale(
        "",
        (
            Cause(f"{_LIGHTS}.Beam.*.IsDefect", _true, Message(_INFO, "{place} not working")),
            Cause(f"{_LIGHTS}.Fog.*.IsDefect", _true, Message(_INFO, "{place} not working")),
            Cause(f"{_LIGHTS}.DirectionIndicator.*.IsDefect", _true, Message(_INFO, "{place} not working")),
            Cause(f"{_LIGHTS}.*.IsDefect", _true, Message(_INFO, "{place} not working")),
        ),
    ),
    Telltale(
        "TurnLeft",
        (Cause(f"{_LIGHTS}.DirectionIndicator.Left.IsSignaling", _true, shows=Light.FLASHING),),
        lost_says=_LIGHTS_LOST,
    ),
    Telltale(
        "TurnRight",
        (Cause(f"{_LIGHTS}.DirectionIndicator.Right.IsSignaling", _true, shows=Light.FLASHING),),
        lost_says=_LIGHTS_LOST,
    ),
    Telltale(
        "Hazard",
        (Cause(f"{_LIGHTS}.Hazard.IsSignaling", _true, shows=Light.FLASHING),),
        lost_says=_LIGHTS_LOST,
    ),
    Telltale(
        "PositionLights",
        (Cause(f"{_LIGHTS}.Parking.IsOn", _true),),
        lost=Light.FLASHING,
        lost_says=_LIGHTS_LOST,
    ),
    Telltale(
        "DippedBeam",
        (Cause(f"{_LIGHTS}.Beam.Low.IsOn", _true),),
        lost=Light.FLASHING,
        lost_says=_LIGHTS_LOST,
    ),
    Telltale(
        "MainBeam",
        (Cause(f"{_LIGHTS}.Beam.High.IsOn", _true),),
        lost=Light.FLASHING,
        lost_says=_LIGHTS_LOST,
    ),
    Telltale(
        "FrontFog",
        (Cause(f"{_LIGHTS}.Fog.Front.IsOn", _true),),
        lost=Light.FLASHING,
        lost_says=_LIGHTS_LOST,
    ),
    Telltale(
        "RearFog",
        (Cause(f"{_LIGHTS}.Fog.Rear.IsOn", _true),),
        lost=Light.FLASHING,
        lost_says=_LIGHTS_LOST,
    ),
    Telltale(
        "Ready",
        (Cause("Vehicle.Alpenglow.Ready", _true),),
        lost=Light.FLASHING,
    ),
)

_WORDS = {
    "Door.Row1.DriverSide": "Driver's door",
    "Door.Row1.PassengerSide": "Passenger's door",
    "Door.Row2.DriverSide": "Rear left door",
    "Door.Row2.PassengerSide": "Rear right door",
    "Trunk.Rear": "Boot",
    "Trunk.Front": "Front boot",
    "Row1.Wheel.Left": "front left",
    "Row1.Wheel.Right": "front right",
    "Row2.Wheel.Left": "rear left",
    "Row2.Wheel.Right": "rear right",
    "Seat.Row1.DriverSide": "driver",
    "Seat.Row1.Middle": "front middle",
    "Seat.Row1.PassengerSide": "front passenger",
    "Seat.Row2.DriverSide": "rear left",
    "Seat.Row2.Middle": "rear middle",
    "Seat.Row2.PassengerSide": "rear right",
    "Lights.Beam.Low": "Dipped beam",
    "Lights.Beam.High": "Main beam",
    "Lights.Fog.Front": "Front fog light",
    "Lights.Fog.Rear": "Rear fog light",
    "Lights.DirectionIndicator.Left": "Left indicator",
    "Lights.DirectionIndicator.Right": "Right indicator",
    "Lights.Brake": "Brake light",
    "Lights.Backup": "Reversing light",
    "Lights.Parking": "Position light",
    "Lights.Running": "Daytime running light",
    "Lights.LicensePlate": "Number plate light",
    "Lights.Hazard": "Hazard warning light",
}  # of a left-hand drive car


def place(path: str) -> str:
    """Words for where a signal's part is in the car."""
    return next((words for part, words in _WORDS.items() if f".{part}." in path), path.split(".")[-2].lower())
