"""The body's items: one table from which the DBC, the mapping and the control units' behaviour come.

Each `Group` is two frames of one layout: the status that the control unit sends, and the command that it obeys, whose
fields mean "leave it" while they are all ones. An item that takes time to move names how long the whole way takes.
Paths are VSS 6.0 without "Vehicle.".
"""

from collections.abc import Iterator
from typing import NamedTuple

from alpenglow.vehicle.ev.layout import Field, Form, Message, Physical

SWITCH = ("INACTIVE", "CLOSE", "OPEN", "ONE_SHOT_CLOSE", "ONE_SHOT_OPEN")
COMMAND_OFFSET = 0x100  # a command's CAN ID is its status's plus this


class Item(NamedTuple):
    """One thing that a control unit reports, and moves where `settable`."""

    path: str
    form: Form
    default: Physical
    bits: int = 2
    low: float = 0.0
    high: float = 0.0
    step: float = 1.0
    unit: str = ""
    seconds: float = 0.0  # for the whole way from low to high; 0: at once
    options: tuple[str, ...] = ()
    settable: bool = True
    also: tuple[str, ...] = ()  # further VSS paths of the same thing
    values: tuple[tuple[str, float], ...] = ()  # VSS values of options that VSS counts as numbers


class Opening(NamedTuple):
    """Something with Position, IsOpen and Switch. `drawn`: a shade, whose 0 is open (retracted) and 100 is drawn."""

    path: str
    seconds: float
    drawn: bool = False


class Group(NamedTuple):
    """One control unit's status frame and its command frame."""

    name: str
    status_id: int
    sender: str
    cycle_ms: int
    items: tuple[Item, ...]


def _flag(path: str, default: bool = False, settable: bool = True) -> Item:
    return Item(path, Form.FLAG, default, settable=settable)


def _level(
    path: str,
    default: float,
    high: float = 100,
    low: float = 0,
    step: float = 1,
    unit: str = "%",
    seconds: float = 0,
    settable: bool = True,
) -> Item:
    bits = int((high - low) / step + 1).bit_length()
    return Item(path, Form.NUMBER, default, bits, low, high, step, unit, seconds, settable=settable)


def _choice(path: str, default: str, *options: str, settable: bool = True) -> Item:
    return Item(path, Form.CHOICE, default, len(options).bit_length(), options=options, settable=settable)


def _colour(path: str, default: str) -> Item:
    return Item(path, Form.COLOUR, default, 25)


def _opening(opening: Opening) -> tuple[Item, ...]:
    return (
        _level(f"{opening.path}.Position", 0, seconds=opening.seconds),
        _flag(f"{opening.path}.IsOpen", default=opening.drawn),
        _choice(f"{opening.path}.Switch", "INACTIVE", *SWITCH),
    )


_CORNERS = ("Row1.DriverSide", "Row1.PassengerSide", "Row2.DriverSide", "Row2.PassengerSide")
_FRONT, _REAR = _CORNERS[:2], _CORNERS[2:]

OPENINGS = (
    *(Opening(f"Cabin.Door.{c}", 1.6) for c in _CORNERS),
    *(Opening(f"Cabin.Door.{c}.Window", 4.0) for c in _CORNERS),
    *(Opening(f"Cabin.Door.{c}.Shade", 5.0, drawn=True) for c in _REAR),
    Opening("Cabin.RearShade", 5.0, drawn=True),
    Opening("Cabin.Sunroof.Shade", 8.0, drawn=True),
    Opening("Body.Hood", 2.0),
    Opening("Body.Trunk.Front", 2.0),
    Opening("Body.Trunk.Rear", 4.0),
)
_OPENING = {o.path: o for o in OPENINGS}


def _open(path: str) -> tuple[Item, ...]:
    return _opening(_OPENING[path])


def _seat_comfort(corner: str) -> tuple[Item, ...]:
    seat = f"Cabin.Seat.{corner}"
    return (
        _level(f"{seat}.HeatingCooling", 0, low=-100),
        _level(f"{seat}.Seating.HeatingCooling", 0, low=-100),
        _level(f"{seat}.Backrest.HeatingCooling", 0, low=-100),
        _level(f"{seat}.Massage.Level", 0),
    )


def _seat_position(corner: str) -> tuple[Item, ...]:
    seat = f"Cabin.Seat.{corner}"
    return (
        _level(f"{seat}.Position", 140, high=260, unit="mm", seconds=8),
        _level(f"{seat}.Height", 30, high=70, unit="mm", seconds=5),
        _level(f"{seat}.Tilt", 0, low=-10, high=10, step=0.5, unit="deg", seconds=4),
        _level(f"{seat}.Backrest.Recline", 15, low=-10, high=70, step=0.5, unit="deg", seconds=8),
        _level(f"{seat}.Backrest.LumbarSupport", 40, seconds=6),
        _level(f"{seat}.Headrest.Height", 40, high=90, unit="mm", seconds=3),
        _level(f"{seat}.Backrest.SideBolsterSupport", 20, seconds=4),
    )


def _climate_zone(row: str, side: str) -> tuple[Item, ...]:
    station = f"Cabin.HVAC.Station.{row}.{side}"
    return (
        _level(f"{station}.Temperature", 21, low=-20, high=60, step=0.5, unit="degC"),
        _level(f"{station}.FanSpeed", 30 if row == "Row1" else 20),
        _choice(f"{station}.AirDistribution", "MIDDLE", "UP", "MIDDLE", "DOWN"),
    )


def _mirror(side: str) -> tuple[Item, ...]:
    mirror = f"Body.Mirrors.{side}"
    return (
        _flag(f"{mirror}.IsFolded"),
        _flag(f"{mirror}.IsHeatingOn"),
        _level(f"{mirror}.Pan", 0, low=-100, seconds=6),
        _level(f"{mirror}.Tilt", 0, low=-100, seconds=6),
    )


def _light(path: str) -> tuple[Item, ...]:
    return (_flag(f"{path}.IsLightOn"), _level(f"{path}.Intensity", 60))


def _wiper(place: str) -> tuple[Item, ...]:
    wiping = f"Body.Windshield.{place}.Wiping"
    default = "RAIN_SENSOR" if place == "Front" else "OFF"
    return (
        _choice(f"{wiping}.Mode", default, "OFF", "SLOW", "MEDIUM", "FAST", "INTERVAL", "RAIN_SENSOR"),
        _level(f"{wiping}.Intensity", 3, high=10, unit=""),
        _flag(f"{wiping}.System.IsWiping", settable=False),
        _level(f"{wiping}.System.Frequency", 0, unit="1/min", settable=False),
        _flag(f"Body.Windshield.{place}.IsHeatingOn"),
    )


_LIGHTS = "Body.Lights"
_BATTERY = "Powertrain.TractionBattery"
_PORT = f"{_BATTERY}.Charging.ChargingPort"

_LAMPS = (
    *(f"{_LIGHTS}.{lamp}" for lamp in ("Beam.Low", "Beam.High", "Fog.Front", "Fog.Rear", "Parking", "Running")),
    *(f"{_LIGHTS}.{lamp}" for lamp in ("LicensePlate", "Backup")),
)

GROUPS = (
    Group(
        "BCM_LIGHTS",
        0x200,
        "BODY",
        50,
        (
            _choice(f"{_LIGHTS}.LightSwitch", "AUTO", "OFF", "POSITION", "DAYTIME_RUNNING_LIGHTS", "AUTO", "BEAM"),
            _flag(f"{_LIGHTS}.IsHighBeamSwitchOn"),
            *(_flag(f"{lamp}.IsOn", settable="Backup" not in lamp) for lamp in _LAMPS),
            _choice(f"{_LIGHTS}.Brake.IsActive", "INACTIVE", "INACTIVE", "ACTIVE", "ADAPTIVE", settable=False),
            _flag(f"{_LIGHTS}.DirectionIndicator.Left.IsSignaling"),
            _flag(f"{_LIGHTS}.DirectionIndicator.Right.IsSignaling"),
            _flag(f"{_LIGHTS}.Hazard.IsSignaling"),
            _flag("Body.Horn.IsActive"),
        ),
    ),
    Group(
        "BCM_LAMP_FAULTS",
        0x201,
        "BODY",
        200,
        (
            *(_flag(f"{lamp}.IsDefect", settable=False) for lamp in _LAMPS),
            *(
                _flag(f"{_LIGHTS}.{lamp}.IsDefect", settable=False)
                for lamp in ("Brake", "DirectionIndicator.Left", "DirectionIndicator.Right", "Hazard")
            ),
        ),
    ),
    Group(
        "BCM_DOORS",
        0x210,
        "BODY",
        100,
        (
            *(item for c in _CORNERS for item in _open(f"Cabin.Door.{c}")),
            *(_flag(f"Cabin.Door.{c}.IsLocked") for c in _CORNERS),
            *(_flag(f"Cabin.Door.{c}.IsChildLockActive") for c in _REAR),
        ),
    ),
    Group(
        "BCM_WINDOWS",
        0x212,
        "BODY",
        100,
        (
            *(item for c in _CORNERS for item in _open(f"Cabin.Door.{c}.Window")),
            _flag("Cabin.IsWindowChildLockEngaged"),
        ),
    ),
    Group(
        "BCM_CLOSURES",
        0x214,
        "BODY",
        100,
        (
            *_open("Body.Hood"),
            *_open("Body.Trunk.Rear"),
            _flag("Body.Trunk.Rear.IsLocked"),
            _flag("Body.Trunk.Rear.IsLightOn"),
            *_open("Body.Trunk.Front"),
            _flag("Body.Trunk.Front.IsLocked", default=True),
            _flag("Body.Trunk.Front.IsLightOn"),
        ),
    ),
    Group(
        "ROOF",
        0x216,
        "ROOF",
        100,
        (
            _level("Cabin.Sunroof.Position", 0, low=-100, seconds=10),
            _choice("Cabin.Sunroof.Switch", "INACTIVE", *SWITCH, "TILT_UP", "TILT_DOWN"),
            *_open("Cabin.Sunroof.Shade"),
        ),
    ),
    Group(
        "SHADES",
        0x218,
        "ROOF",
        100,
        (
            *(item for c in _REAR for item in _open(f"Cabin.Door.{c}.Shade")),
            *_open("Cabin.RearShade"),
        ),
    ),
    Group(
        "MIRRORS",
        0x21A,
        "BODY",
        200,
        (*_mirror("DriverSide"), *_mirror("PassengerSide")),
    ),
    Group("WIPERS", 0x21C, "BODY", 200, (*_wiper("Front"), *_wiper("Rear"))),
    Group(
        "BCM_ACCESS",
        0x21E,
        "BODY",
        200,
        (
            _level("Alpenglow.KeyId", 0, high=15, unit="", settable=False),
            _flag("Alpenglow.GloveBox.IsLocked"),
        ),
    ),
    Group(
        "CABIN_LIGHTS",
        0x220,
        "BODY",
        200,
        (
            _flag("Cabin.Light.IsDomeOn"),
            _flag("Cabin.Light.IsGloveBoxOn"),
            *(item for c in _CORNERS for item in _light(f"Cabin.Light.Spotlight.{c}")),
        ),
    ),
    Group(
        "AMBIENT_LIGHTS",
        0x222,
        "BODY",
        200,
        tuple(item for c in _CORNERS for item in _light(f"Cabin.Light.AmbientLight.{c}")),
    ),
    Group(
        "AMBIENT_FRONT",
        0x224,
        "BODY",
        500,
        tuple(_colour(f"Cabin.Light.AmbientLight.{c}.Color", "#3C6EFF") for c in _FRONT),
    ),
    Group(
        "AMBIENT_REAR",
        0x226,
        "BODY",
        500,
        tuple(_colour(f"Cabin.Light.AmbientLight.{c}.Color", "#3C6EFF") for c in _REAR),
    ),
    Group(
        "SEAT_COMFORT_FRONT",
        0x230,
        "SEATS",
        200,
        tuple(item for c in _FRONT for item in _seat_comfort(c)),
    ),
    Group(
        "SEAT_COMFORT_REAR",
        0x232,
        "SEATS",
        200,
        tuple(item for c in _REAR for item in _seat_comfort(c)),
    ),
    Group("SEAT_POSITION_FL", 0x234, "SEATS", 200, _seat_position(_FRONT[0])),
    Group("SEAT_POSITION_FR", 0x236, "SEATS", 200, _seat_position(_FRONT[1])),
    Group(
        "CLIMATE_FRONT",
        0x240,
        "CLIMATE",
        200,
        (
            *_climate_zone("Row1", "Driver"),
            *_climate_zone("Row1", "Passenger"),
            _flag("Cabin.HVAC.IsAirConditioningActive", default=True),
            _flag("Cabin.HVAC.IsRecirculationActive"),
            _flag("Cabin.HVAC.IsFrontDefrosterActive"),
            _flag("Cabin.HVAC.IsRearDefrosterActive"),
        ),
    ),
    Group(
        "CLIMATE_REAR",
        0x242,
        "CLIMATE",
        200,
        (*_climate_zone("Row2", "Driver"), *_climate_zone("Row2", "Passenger")),
    ),
    Group(
        "STEERING_WHEEL",
        0x244,
        "STEERING",
        200,
        (
            _level("Chassis.SteeringWheel.HeatingCooling", 0, low=-100),
            _level("Chassis.SteeringWheel.Tilt", 50, seconds=4),
            _level("Chassis.SteeringWheel.Extension", 50, seconds=4),
        ),
    ),
    Group(
        "CHARGE_CONTROL",
        0x250,
        "CHARGER",
        200,
        (
            _level(f"{_BATTERY}.Charging.ChargeLimit", 80),
            _choice(f"{_BATTERY}.Charging.StartStopCharging", "START", "START", "STOP"),
            _flag(f"{_PORT}.AnyPosition.IsFlapOpen")._replace(also=(f"{_PORT}.FrontLeft.IsFlapOpen",)),
            _flag(f"{_PORT}.AnyPosition.IsChargingCableLocked")._replace(
                also=(f"{_PORT}.FrontLeft.IsChargingCableLocked",)
            ),
            _choice(
                f"{_BATTERY}.BatteryConditioning.RequestedMode",
                "INACTIVE",
                "INACTIVE",
                "FAST_CHARGING_PREPARATION",
                "DRIVING_PREPARATION",
            ),
        ),
    ),
    Group(
        "DRIVE_CONTROL",
        0x260,
        "VCU",
        100,
        (
            _choice(
                "Powertrain.Transmission.PerformanceMode",
                "NORMAL",
                "NORMAL",
                "SPORT",
                "ECONOMY",
                "SNOW",
                "RAIN",
            ),
            Item(
                "Powertrain.Transmission.SelectedGear",
                Form.CHOICE,
                "P",
                3,
                options=("P", "R", "N", "D"),
                values=(("P", 126), ("R", -1), ("N", 0), ("D", 127)),
            ),
            _flag("Chassis.ParkingBrake.IsEngaged", default=True),
            _flag("Chassis.ParkingBrake.IsAutoApplyEnabled", default=True),
            *(_flag(f"ADAS.{system}.IsEnabled", default=True) for system in ("ESC", "ABS", "TCS", "EBA", "EBD")),
            _flag("ADAS.CruiseControl.IsEnabled"),
            _flag("ADAS.CruiseControl.IsActive"),
            _level("ADAS.CruiseControl.SpeedSet", 0, high=200, unit="km/h"),
            _flag("ADAS.CruiseControl.IsAdaptive", default=True),
            _level("ADAS.CruiseControl.AdaptiveIntervalSet", 3, high=4, low=1, unit=""),
            _flag("ADAS.LaneDepartureDetection.IsEnabled", default=True),
        ),
    ),
)

_DROPPED = {"Cabin", "Body", "Chassis", "Powertrain", "TractionBattery", "Transmission", "ADAS", "Charging"}
_DROPPED |= {"ChargingPort", "AnyPosition", "Light", "Lights", "Seat", "Station", "HVAC", "Windshield", "System"}
_DROPPED |= {"Alpenglow"}
_CORNER = {
    "Row1DriverSide": "FL",
    "Row1PassengerSide": "FR",
    "Row2DriverSide": "RL",
    "Row2PassengerSide": "RR",
    "Row1Driver": "FL",
    "Row1Passenger": "FR",
    "Row2Driver": "RL",
    "Row2Passenger": "RR",
}


def signal_name(path: str) -> str:
    """The DBC signal of a VSS path: its telling words, the corner of the car at the end. At most 32 characters."""
    words = "".join(w for w in path.split(".") if w not in _DROPPED)
    for long, short in _CORNER.items():
        if long in words:
            words = words.replace(long, "") + short
            break
    return words.replace("DirectionIndicator", "Indicator").replace("PassengerSide", "R").replace("DriverSide", "L")


def field_of(item: Item) -> Field:
    """The bus signal of one item."""
    return Field(
        signal_name(item.path),
        item.form,
        item.bits,
        (item.path, *item.also),
        item.step,
        item.low,
        item.unit,
        item.options,
        dict(item.values),
        item.settable,
    )


def status_message(group: Group) -> Message:
    """What the group's control unit sends."""
    fields = tuple(field_of(item) for item in group.items)
    return Message(group.name, group.status_id, group.sender, group.cycle_ms, fields)


def command_message(group: Group) -> Message | None:
    """What the group's control unit obeys; None where nothing can be set."""
    if not any(item.settable for item in group.items):
        return None
    fields = tuple(field_of(item) for item in group.items)
    return Message(f"{group.name}_CMD", group.status_id + COMMAND_OFFSET, "COCKPIT", 0, fields)


def items() -> Iterator[Item]:
    """Every item of every group."""
    for group in GROUPS:
        yield from group.items
