"""What can break, and what each break does: to the physics, a control unit or the bus; never to what is shown."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from alpenglow.vehicle.api import Fault
from alpenglow.vehicle.ev.tyres import Tyres

if TYPE_CHECKING:
    from alpenglow.vehicle.ev.car import Car

type Physics = Callable[["Car", bool], None]


class Break(NamedTuple):
    """One fault. The last four name what it does to frames: senders that fall silent, and messages or signals."""

    id: str
    title: str
    group: str
    physics: Physics | None = None
    silent: tuple[str, ...] = ()  # control units that stop sending and obeying
    missing: tuple[tuple[str, str], ...] = ()  # (message, signal) sent as "not available"
    corrupt: tuple[str, ...] = ()  # messages whose checksum is wrong
    frozen: tuple[str, ...] = ()  # messages that repeat the same frame with the same counter
    cut: bool = False  # the whole bus
    lamps: tuple[str, ...] = ()  # lamps that a control unit asks for by itself: ABS, ESC, EBD, Airbag, Brake, EVSystem


def _tyre(wheel: int) -> Physics:
    def act(car: "Car", active: bool) -> None:
        tyres: Tyres = car.tyres
        if active:
            tyres.punctured[wheel] = True
        else:
            tyres.mend(wheel)

    return act


def _drag(part: str, hot: float, time_constant: float) -> Physics:
    """A part's temperature is dragged to `hot` °C while the fault lasts, and back to the air's when it is repaired."""

    def act(car: "Car", active: bool) -> None:
        outside = car.surroundings.world.outside_temperature
        car.pulls[part] = (hot, time_constant, False) if active else (max(outside, 10.0), 4.0, True)

    return act


def _pump(car: "Car", active: bool) -> None:
    car.motor.coolant_flow = 0.0 if active else 1.0


def _weak_battery(car: "Car", active: bool) -> None:
    car.low_voltage.converter_works = not active
    car.low_voltage.charge = 0.06 if active else 0.9


def _converter(car: "Car", active: bool) -> None:
    car.low_voltage.converter_works = not active


def _ev_fault(text: str) -> Physics:
    def act(car: "Car", active: bool) -> None:
        car.ev_fault = text if active else ""

    return act


def _fluid(car: "Car", active: bool) -> None:
    car.brake_fluid_low = active
    car.brake_assist = 0.6 if active else 1.0


def _lamp(lamp: str) -> Physics:
    def act(car: "Car", active: bool) -> None:
        (car.lights.broken.add if active else car.lights.broken.discard)(lamp)

    return act


def _stuck(path: str) -> Physics:
    def act(car: "Car", active: bool) -> None:
        if active:
            car.body.put(path, True)
            car.body.stuck.add(path)
        else:
            car.body.stuck.discard(path)
            car.body.put(path, car.body.number(path.replace("IsOpen", "Position")) > 0.0)

    return act


def _motor_stuck(path: str) -> Physics:
    def act(car: "Car", active: bool) -> None:
        (car.body.stuck.add if active else car.body.stuck.discard)(path)

    return act


_SENSORS, _BUS, _TYRES = "Sensors", "Bus and control units", "Tyres"
_DRIVE, _BRAKES, _BODY = "Drive and battery", "Brakes and restraint", "Body"

FAULTS: tuple[Break, ...] = (
    Break("speed_sensor", "Speed sensor dead", _SENSORS, missing=(("BRK_SPEED", "VehicleSpeed"),)),
    Break(
        "wheel_sensor_fl",
        "Wheel speed sensor front left dead",
        _SENSORS,
        missing=(("BRK_WHEELS", "WheelSpeedFL"),),
        lamps=("ABS", "ESC"),
    ),
    Break("soc_sensor", "State of charge unknown", _SENSORS, missing=(("BMS_CHARGE", "SocDisplayed"),)),
    Break(
        "outside_sensor",
        "Outside temperature sensor dead",
        _SENSORS,
        missing=(("GTW_SURROUNDINGS", "OutsideTemperature"),),
    ),
    Break("light_sensor", "Light sensor dead", _SENSORS, missing=(("GTW_SURROUNDINGS", "LightIntensity"),)),
    Break("bus_cut", "Bus cut", _BUS, cut=True),
    Break("brake_unit_silent", "Brake control unit silent", _BUS, silent=("BRAKE",)),
    Break("drive_unit_silent", "Drive control unit silent", _BUS, silent=("VCU",)),
    Break("battery_unit_silent", "Battery control unit silent", _BUS, silent=("BMS",)),
    Break("body_unit_silent", "Body control unit silent", _BUS, silent=("BODY",)),
    Break("airbag_unit_silent", "Airbag control unit silent", _BUS, silent=("AIRBAG",)),
    Break("radar_silent", "Radar silent", _BUS, silent=("RADAR",)),
    Break("camera_silent", "Front camera silent", _BUS, silent=("CAMERA",)),
    Break("speed_checksum", "Corrupt checksum in the speed frame", _BUS, corrupt=("BRK_SPEED",)),
    Break("brake_checksum", "Corrupt checksum in the brake status frame", _BUS, corrupt=("BRK_STATUS",)),
    Break("gear_checksum", "Corrupt checksum in the gear frame", _BUS, corrupt=("VCU_DRIVE",)),
    Break("speed_counter", "Frozen counter in the speed frame", _BUS, frozen=("BRK_SPEED",)),
    Break("tyre_fl", "Puncture front left", _TYRES, _tyre(0)),
    Break("tyre_fr", "Puncture front right", _TYRES, _tyre(1)),
    Break("tyre_rl", "Puncture rear left", _TYRES, _tyre(2)),
    Break("tyre_rr", "Puncture rear right", _TYRES, _tyre(3)),
    Break("battery_12v", "12 V battery low", _DRIVE, _weak_battery),
    Break("dcdc", "12 V converter dead", _DRIVE, _converter),
    Break("motor_hot", "Motor too hot", _DRIVE, _drag("motor", 162.0, 3.0)),
    Break("coolant_pump", "Coolant pump dead", _DRIVE, _pump),
    Break("coolant_low", "Coolant low", _DRIVE, _pump),
    Break("battery_hot", "Traction battery too hot", _DRIVE, _drag("battery", 61.0, 4.0)),
    Break("battery_cold", "Traction battery too cold", _DRIVE, _drag("battery", -22.0, 4.0)),
    Break("isolation", "Isolation fault", _DRIVE, lamps=("EVSystem",)),
    Break(
        "ev_system",
        "Electric drive off",
        _DRIVE,
        _ev_fault("The electric drive has a fault"),
        lamps=("EVSystem",),
    ),
    Break("abs", "ABS fault", _BRAKES, lamps=("ABS", "ESC")),
    Break("ebd", "ABS and brake force distribution fault", _BRAKES, lamps=("ABS", "ESC", "EBD")),
    Break("esc", "Stability control fault", _BRAKES, lamps=("ESC",)),
    Break("brake_fluid", "Brake fluid low", _BRAKES, _fluid, lamps=("Brake",)),
    Break("airbag", "Airbag fault", _BRAKES, lamps=("Airbag",)),
    Break(
        "door_ajar",
        "Door contact front left says open",
        _BODY,
        _stuck("Cabin.Door.Row1.DriverSide.IsOpen"),
    ),
    Break(
        "window_stuck",
        "Window front left stuck",
        _BODY,
        _motor_stuck("Cabin.Door.Row1.DriverSide.Window.Position"),
    ),
    Break("bulb_low_beam", "Low beam out", _BODY, _lamp("Beam.Low")),
    Break("bulb_indicator", "Left indicator lamp out", _BODY, _lamp("DirectionIndicator.Left")),
    Break("bulb_brake", "Brake lamp out", _BODY, _lamp("Brake")),
)
BY_ID = {f.id: f for f in FAULTS}


class Damage:
    """Which faults are active, and what they add up to."""

    def __init__(self) -> None:
        self.active: set[str] = set()
        self._sum_up()

    def set(self, car: "Car", fault: str, active: bool) -> None:
        """Break or repair; KeyError for an id that is not in the list."""
        entry = BY_ID[fault]
        if active == (fault in self.active):
            return
        (self.active.add if active else self.active.discard)(fault)
        if entry.physics:
            entry.physics(car, active)
            if not active:  # what another fault still breaks stays broken
                for other in self.active:
                    if (again := BY_ID[other].physics) is not None:
                        again(car, True)
        self._sum_up()

    def _sum_up(self) -> None:
        broken = [BY_ID[f] for f in self.active]
        self.cut = any(b.cut for b in broken)
        self.silent = frozenset(s for b in broken for s in b.silent)
        self.missing = frozenset(m for b in broken for m in b.missing)
        self.corrupt = frozenset(m for b in broken for m in b.corrupt)
        self.frozen = frozenset(m for b in broken for m in b.frozen)
        self.lamps = frozenset(lamp for b in broken for lamp in b.lamps)

    def listed(self) -> list[Fault]:
        """All faults, as the desk shows them."""
        return [Fault(id=f.id, title=f.title, group=f.group, active=f.id in self.active) for f in FAULTS]
