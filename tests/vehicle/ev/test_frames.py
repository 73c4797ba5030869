"""The simulated car's frames say what the car is, read through the DBC and the mapping as a real car's would be."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.fabric.room import line_catalogue
from alpenglow.signals import Catalogue, Kind, Quality, Sample, Value
from alpenglow.vehicle.api import ControlChanges, WorldChanges
from alpenglow.vehicle.dbc import Dbc, load_dbc
from alpenglow.vehicle.decoder import Decoder
from alpenglow.vehicle.encoder import Encoder
from alpenglow.vehicle.ev import make_dbc
from alpenglow.vehicle.ev.body_items import GROUPS, Item, items
from alpenglow.vehicle.ev.car import STEP_S, Car
from alpenglow.vehicle.ev.ecus import ControlUnits
from alpenglow.vehicle.ev.faults import FAULTS
from alpenglow.vehicle.ev.layout import Form, Message, packer, unpack
from alpenglow.vehicle.frames import Frame
from alpenglow.vehicle.mapping import BusMapping, load_mapping
from tests.vehicle.ev.conftest import AURORA, PARAMETERS, in_drive

BUS = "can0"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return line_catalogue(AURORA)


@pytest.fixture(scope="module")
def dbc() -> Dbc:
    return load_dbc(AURORA / "aurora.dbc")


@pytest.fixture(scope="module")
def mapping(dbc: Dbc, catalogue: Catalogue) -> BusMapping:
    return load_mapping(AURORA / "aurora.map.json", dbc, catalogue)


class Bench:
    """A car, its control units, and the real car's way from their frames to signals and back."""

    def __init__(self, dbc: Dbc, mapping: BusMapping, catalogue: Catalogue) -> None:
        self.car = Car(PARAMETERS)
        self.units = ControlUnits(self.car)
        self.catalogue = catalogue
        self._decoder = Decoder({BUS: dbc}, {BUS: mapping}, catalogue)
        self._encoder = Encoder({BUS: dbc}, {BUS: mapping}, catalogue)
        self.latest: dict[str, Sample] = {}
        self.seen: dict[str, list[Value | None]] = {}
        self.heard: set[int] = set()

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / STEP_S)):
            self.car.driver.silence = 0.0
            self.car.step()
            now = round(self.car.time * 1e9)
            for can_id, data in self.units.frames():
                self.heard.add(can_id)
                for sample in self._decoder.feed(Frame(now, BUS, can_id, data)):
                    path = self.catalogue.signals[sample.index].path
                    self.latest[path] = sample
                    self.seen.setdefault(path, []).append(sample.value)

    def run_until(self, what: Callable[[], bool], limit_s: float = 40.0) -> None:
        end = self.car.time + limit_s
        while not what():
            assert self.car.time < end
            self.run(0.1)

    def write(self, path: str, value: Value) -> None:
        for _, frame in self._encoder.write(path, value):
            self.units.receive(frame.can_id, frame.data)

    def value(self, path: str) -> Value | None:
        return self.latest[path].value

    def quality(self, path: str) -> Quality:
        return self.latest[path].quality


@pytest.fixture
def bench(dbc: Dbc, mapping: BusMapping, catalogue: Catalogue) -> Bench:
    return Bench(dbc, mapping, catalogue)


def test_dbc_and_mapping_are_those_that_the_tables_make(tmp_path: Path) -> None:
    """If this fails: python -m alpenglow.vehicle.ev.make_dbc src/alpenglow/lines/aurora"""
    make_dbc.write(tmp_path)
    for name in ("aurora.dbc", "aurora.map.json"):
        assert (tmp_path / name).read_text() == (AURORA / name).read_text(), name


def test_the_dbc_needs_no_repair(dbc: Dbc, mapping: BusMapping) -> None:
    assert not dbc.warnings
    assert not mapping.warnings


MESSAGES = make_dbc.messages()
BODY = {group.name for group in GROUPS}


def sent_in_steps(bench: Bench, steps: int) -> list[set[int]]:
    """The CAN IDs that the car sends in each of its next steps."""
    sent = []
    for _ in range(steps):
        bench.car.step()
        sent.append({can_id for can_id, _ in bench.units.frames()})
    return sent


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_what_a_control_unit_packs_it_can_read_again(data: st.DataObject) -> None:
    message: Message = data.draw(st.sampled_from(MESSAGES))
    drawn = {}
    for field in message.fields:
        if field.form is Form.FLAG:
            value = data.draw(st.none() | st.booleans())
        elif field.form is Form.CHOICE:
            value = data.draw(st.none() | st.sampled_from(field.options))
        elif field.form is Form.COLOUR:
            value = data.draw(st.none() | st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06X}"))
        else:
            value = data.draw(st.none() | st.integers(0, field.sna - 1).map(lambda n, f=field: n * f.scale + f.offset))
        drawn[field.name] = value
    read = unpack(message, bytes(packer(message)(list(drawn.values()))))
    assert set(read) == {name for name, value in drawn.items() if value is not None}
    for name, value in read.items():
        assert value == pytest.approx(drawn[name]) if isinstance(value, float) else value == drawn[name]


def test_every_signal_of_a_driving_car_is_valid_and_says_what_is(bench: Bench) -> None:
    car = in_drive(bench.car)
    car.surround(WorldChanges(outside_temperature=-7.5, speed_limit=80, daylight=55))
    car.control(ControlChanges(accelerator=0.6, steering=-0.2, belt_rear_left=True, occupant_rear_left=True))
    bench.run(6)
    wrong = {p: s for p, s in bench.latest.items() if s.quality is not Quality.VALID}
    assert not wrong
    near = {
        "Vehicle.Speed": (car.chassis.speed * 3.6, 0.5),
        "Vehicle.Powertrain.TractionBattery.CurrentPower": (-car.battery.power, 2000),
        "Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed": (car.battery.displayed * 100, 0.11),
        "Vehicle.Powertrain.TractionBattery.Range": (car.computer.range(car.battery), 1000),
        "Vehicle.Powertrain.ElectricMotor.Torque": (car.motor.torque, 5),
        "Vehicle.Chassis.SteeringWheel.Angle": (car.chassis.wheel_angle, 5),
        "Vehicle.TraveledDistance": (car.odometer, 5),
        "Vehicle.Exterior.AirTemperature": (-7.5, 0.01),
        "Vehicle.Exterior.LightIntensity": (55, 0.01),
        "Vehicle.CurrentLocation.Latitude": (car.chassis.latitude, 1e-4),
        "Vehicle.CurrentLocation.Longitude": (car.chassis.longitude, 1e-4),
        "Vehicle.CurrentLocation.Heading": (car.chassis.heading, 3),
        "Vehicle.Chassis.Axle.Row2.Wheel.Left.Tire.Pressure": (car.tyres.pressure(2), 2),
        "Vehicle.LowVoltageBattery.CurrentVoltage": (car.low_voltage.voltage, 0.1),
    }
    for path, (expected, tolerance) in near.items():
        assert bench.value(path) == pytest.approx(expected, abs=tolerance), path
    exact: dict[str, Value] = {
        "Vehicle.Powertrain.Transmission.CurrentGear": 127,
        "Vehicle.Alpenglow.GearSelector": "D",
        "Vehicle.Alpenglow.Ready": True,
        "Vehicle.Alpenglow.SpeedLimit": 80,
        "Vehicle.Cabin.Seat.Row2.DriverSide.IsBelted": True,
        "Vehicle.Cabin.Seat.Row2.DriverSide.OccupancyStatus": "OCCUPIED",
        "Vehicle.Cabin.Seat.Row2.PassengerSide.OccupancyStatus": "EMPTY",
        "Vehicle.Chassis.ParkingBrake.IsEngaged": False,
    }
    for path, value in exact.items():
        assert bench.value(path) == value, path


def test_frames_come_in_their_cycles(bench: Bench) -> None:
    counts: dict[int, int] = {}
    for ids in sent_in_steps(bench, 1000):
        for can_id in ids:
            counts[can_id] = counts.get(can_id, 0) + 1
    for message in MESSAGES:
        if message.cycle_ms:
            rounds, sent = 10_000 // message.cycle_ms, counts[message.can_id]
            # What the body says goes out between two rounds as well, where it has changed.
            assert sent == rounds or (sent > rounds and message.name in BODY), message.name


def test_what_a_command_changes_is_said_at_once_and_only_once(bench: Bench) -> None:
    slow = next(m for m in MESSAGES if m.name == "AMBIENT_FRONT")
    sent_in_steps(bench, 150)
    bench.car.command("Cabin.Light.AmbientLight.Row1.DriverSide.Color", "#112233")
    steps = [step for step, ids in enumerate(sent_in_steps(bench, 40)) if slow.can_id in ids]
    assert steps[0] <= 2, "within 30 ms, though its cycle is half a second"
    assert len(steps) <= 2


OF_ITS_OWN = {  # what these do is not to take the value and keep it; each has its own test below or elsewhere
    "Powertrain.Transmission.SelectedGear",
    "ADAS.CruiseControl.IsActive",
    "Powertrain.TractionBattery.Charging.ChargingPort.AnyPosition.IsChargingCableLocked",
}

SETTABLE = [item for item in items() if item.settable]
PLAIN = [item for item in SETTABLE if item.path not in OF_ITS_OWN]


def _other(item: Item, at: Value | None) -> Value:
    if item.form is Form.FLAG:
        return at is not True
    if item.form is Form.COLOUR:
        return "#12AB9F"
    if item.form is Form.CHOICE:
        return next(o for o in reversed(item.options) if o != at and o != "INACTIVE")
    step = item.step * max(1, round((item.high - item.low) / item.step / 4))
    return item.low + 3 * step if at != item.low + 3 * step else item.low + 2 * step


@pytest.mark.parametrize("item", PLAIN, ids=lambda i: i.path)
def test_every_actuator_moves_and_reports(bench: Bench, item: Item) -> None:
    """By way of the encoder, a command frame, the control unit, its status frame and the decoder."""
    path = f"Vehicle.{item.path}"
    if item.form is Form.COLOUR:
        path = path.replace("Cabin.Light.AmbientLight", "Alpenglow.AmbientColor").removesuffix(".Color")
    bench.car.surround(WorldChanges(daylight=90))
    bench.run(1.2)
    before = bench.value(path)
    wanted: Value = int("12AB9F", 16) if item.form is Form.COLOUR else _other(item, before)
    assert wanted != before
    others = {p: s.value for p, s in bench.latest.items()}
    bench.write(path, wanted)
    bench.seen.clear()
    bench.run(0.6)
    if item.path.endswith("IsOpen"):
        bench.run(8.0)  # the slowest shade
    if item.seconds:
        bench.run(item.seconds)
        assert len(set(bench.seen[path])) >= 3, "it takes its time, and is seen on the way"
    assert wanted in bench.seen[path], f"was {before}, asked for {wanted}, is {bench.value(path)}"
    if not item.path.endswith(("Switch", "IsSignaling")):
        assert bench.value(path) == wanted
    branch = path.rpartition(".")[0]
    for other, value in others.items():  # a command frame leaves alone what it does not name
        the_same = other.removeprefix("Vehicle.") in item.also
        if isinstance(value, bool | str) and not the_same and not other.startswith((branch, "Vehicle.Body.Lights")):
            assert bench.value(other) == value, other


def test_every_actuator_is_one_in_the_catalogue(catalogue: Catalogue) -> None:
    for item in SETTABLE:
        for path in (item.path, *item.also):
            assert catalogue[f"Vehicle.{path}"].kind is Kind.ACTUATOR, path


def test_the_gear_can_be_selected_by_command_with_the_foot_on_the_brake(bench: Bench) -> None:
    bench.car.control(ControlChanges(brake=0.5))
    bench.write("Vehicle.Powertrain.Transmission.SelectedGear", -1)
    bench.run(0.3)
    assert bench.value("Vehicle.Powertrain.Transmission.SelectedGear") == -1
    assert bench.value("Vehicle.Powertrain.Transmission.CurrentGear") == -1


def test_the_cable_stays_locked_while_current_flows(bench: Bench) -> None:
    locked = "Vehicle.Powertrain.TractionBattery.Charging.ChargingPort.FrontLeft.IsChargingCableLocked"
    bench.car.battery.charge = 0.4
    bench.car.control(ControlChanges(charge_cable="DC"))
    bench.run(1)
    bench.write(locked, False)
    bench.run(1)
    assert bench.value(locked) is True
    bench.write("Vehicle.Powertrain.TractionBattery.Charging.StartStopCharging", "STOP")
    bench.run(1)
    assert bench.value("Vehicle.Powertrain.TractionBattery.Charging.IsCharging") is False
    bench.write(locked, False)
    bench.run(1)
    assert bench.value(locked) is False


def test_indicators_flash_and_a_dead_lamp_is_told_by_haste(bench: Bench) -> None:
    left = "Vehicle.Body.Lights.DirectionIndicator.Left.IsSignaling"

    def flashes() -> int:
        bench.seen.clear()
        bench.run(4)
        return sum(a is False and b is True for a, b in zip(bench.seen[left], bench.seen[left][1:], strict=False))

    bench.car.control(ControlChanges(indicators="LEFT"))
    assert 5 <= flashes() <= 7
    bench.car.damage.set(bench.car, "bulb_indicator", True)
    assert 10 <= flashes() <= 13
    bench.car.control(ControlChanges(indicators="OFF"))
    assert flashes() == 0


def test_lights_come_on_by_themselves_in_the_dark(bench: Bench) -> None:
    low, day = "Vehicle.Body.Lights.Beam.Low.IsOn", "Vehicle.Body.Lights.Running.IsOn"
    bench.car.surround(WorldChanges(daylight=90))
    bench.run(0.5)
    assert (bench.value(low), bench.value(day)) == (False, True)
    bench.car.surround(WorldChanges(daylight=5))
    bench.run(0.5)
    assert (bench.value(low), bench.value(day)) == (True, False)


SEEN_BY = {  # fault → signal that says so, and how
    "speed_sensor": ("Vehicle.Speed", Quality.INVALID),
    "wheel_sensor_fl": ("Vehicle.Chassis.Axle.Row1.Wheel.Left.Speed", Quality.INVALID),
    "soc_sensor": ("Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed", Quality.INVALID),
    "outside_sensor": ("Vehicle.Exterior.AirTemperature", Quality.INVALID),
    "light_sensor": ("Vehicle.Exterior.LightIntensity", Quality.INVALID),
    "speed_checksum": ("Vehicle.Speed", Quality.INVALID),
    "brake_checksum": ("Vehicle.ADAS.ABS.IsError", Quality.INVALID),
    "gear_checksum": ("Vehicle.Powertrain.Transmission.CurrentGear", Quality.INVALID),
    "speed_counter": ("Vehicle.Speed", Quality.INVALID),
    "tyre_fl": ("Vehicle.Chassis.Axle.Row1.Wheel.Left.Tire.IsPressureLow", True),
    "tyre_fr": ("Vehicle.Chassis.Axle.Row1.Wheel.Right.Tire.IsPressureLow", True),
    "tyre_rl": ("Vehicle.Chassis.Axle.Row2.Wheel.Left.Tire.IsPressureLow", True),
    "tyre_rr": ("Vehicle.Chassis.Axle.Row2.Wheel.Right.Tire.IsPressureLow", True),
    "motor_hot": ("Vehicle.Alpenglow.PowertrainLimited", True),
    "battery_cold": ("Vehicle.Alpenglow.PowertrainLimited", True),
    "battery_hot": ("Vehicle.Alpenglow.PowertrainLimited", True),
    "isolation": ("Vehicle.Alpenglow.FaultLamp.EVSystem", True),
    "ev_system": ("Vehicle.Alpenglow.Ready", False),
    "abs": ("Vehicle.Alpenglow.FaultLamp.ABS", True),
    "ebd": ("Vehicle.ADAS.EBD.IsError", True),
    "esc": ("Vehicle.Alpenglow.FaultLamp.ESC", True),
    "brake_fluid": ("Vehicle.Alpenglow.FaultLamp.Brake", True),
    "airbag": ("Vehicle.Alpenglow.FaultLamp.Airbag", True),
    "door_ajar": ("Vehicle.Cabin.Door.Row1.DriverSide.IsOpen", True),
    "bulb_low_beam": ("Vehicle.Body.Lights.Beam.Low.IsDefect", True),
    "bulb_indicator": ("Vehicle.Body.Lights.DirectionIndicator.Left.IsDefect", True),
    "bulb_brake": ("Vehicle.Body.Lights.Brake.IsDefect", True),
    "coolant_low": ("Vehicle.Powertrain.ElectricMotor.EngineCoolant.Level", "CRITICALLY_LOW"),
}


@pytest.mark.parametrize("fault", SEEN_BY)
def test_a_fault_shows_in_the_signal_that_it_breaks_and_goes_with_the_repair(bench: Bench, fault: str) -> None:
    path, expected = SEEN_BY[fault]
    in_drive(bench.car)
    bench.run(2)
    assert bench.quality(path) is Quality.VALID
    assert bench.value(path) != expected
    bench.car.damage.set(bench.car, fault, True)

    def shows() -> bool:
        if isinstance(expected, Quality):
            return bench.quality(path) is expected and bench.value(path) is None
        return bench.value(path) == expected

    bench.run_until(shows)
    bench.car.damage.set(bench.car, fault, False)
    bench.car.control(ControlChanges(brake=0.5, ready=True))
    bench.run_until(lambda: bench.quality(path) is Quality.VALID and not shows())


SILENT = {
    "brake_unit_silent": "BRAKE",
    "drive_unit_silent": "VCU",
    "battery_unit_silent": "BMS",
    "body_unit_silent": "BODY",
    "airbag_unit_silent": "AIRBAG",
    "radar_silent": "RADAR",
    "camera_silent": "CAMERA",
}


@pytest.mark.parametrize("fault", [*SILENT, "bus_cut"])
def test_a_silent_unit_sends_and_obeys_nothing(bench: Bench, fault: str) -> None:
    bench.run(1)
    before = set(bench.heard)
    bench.car.damage.set(bench.car, fault, True)
    bench.heard.clear()
    bench.run(1)
    missing = {m.name for m in MESSAGES if m.can_id in before - bench.heard}
    sent = {m.name for m in MESSAGES if m.cycle_ms}
    assert missing == (sent if fault == "bus_cut" else {m.name for m in MESSAGES if m.sender == SILENT[fault]} & sent)
    if fault in ("bus_cut", "body_unit_silent"):
        bench.write("Vehicle.Cabin.Light.IsDomeOn", True)
        assert not bench.car.body.on("Cabin.Light.IsDomeOn")


def test_a_weak_12_v_battery_sags_and_a_dead_one_silences_the_car(bench: Bench) -> None:
    bench.run(1)
    assert bench.value("Vehicle.LowVoltageBattery.CurrentVoltage") > 13.5  # type: ignore[operator]
    bench.car.damage.set(bench.car, "battery_12v", True)
    bench.run(1)
    assert bench.value("Vehicle.LowVoltageBattery.CurrentVoltage") < 11.8  # type: ignore[operator]
    bench.car.low_voltage.charge = 0.0
    bench.run(0.5)
    bench.heard.clear()
    bench.run(1)
    assert not bench.heard


def test_a_stuck_window_does_not_pretend_to_move(bench: Bench) -> None:
    window = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
    bench.car.damage.set(bench.car, "window_stuck", True)
    bench.write(window, 80)
    bench.run(5)
    assert bench.value(window) == 0


def test_every_fault_of_the_list_is_tested_here_or_acts_through_another() -> None:
    elsewhere = {"battery_12v", "window_stuck", "bus_cut", *SILENT}
    slow = {"dcdc", "coolant_pump"}  # they show after minutes of driving, by way of voltage and temperature
    assert {f.id for f in FAULTS} == set(SEEN_BY) | elsewhere | slow


@given(st.sampled_from([m.can_id for m in MESSAGES]) | st.integers(0, 0x7FF), st.binary(max_size=8))
@settings(max_examples=300, deadline=None)
def test_no_frame_however_odd_upsets_the_control_units(can_id: int, data: bytes) -> None:
    car = Car(PARAMETERS)
    units = ControlUnits(car)
    units.receive(can_id, data)
    for _ in range(30):
        car.step()
        units.frames()
    for group in GROUPS:
        for item in group.items:
            value = car.body.values[item.path]
            if item.form is Form.NUMBER:
                assert isinstance(value, int | float)
                assert item.low <= value <= item.high


def test_no_signal_outlives_its_frame_and_none_goes_stale_between_two(
    dbc: Dbc, mapping: BusMapping, catalogue: Catalogue
) -> None:
    """What comes in a cycle has an age limit, and the limit bears two lost frames."""
    for feed in mapping.feeds:
        limit, cycle = catalogue.signals[feed.index].age_limit_s, dbc.by_name[feed.message].cycle_s
        assert limit is not None, feed.path
        assert cycle is not None
        assert limit >= 2.5 * cycle, f"{feed.path}: {limit} s, sent every {cycle} s"
