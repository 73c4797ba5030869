"""The cluster's lamps and message: a fault shows, a lost source shows, and what a car lacks stays dark."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.safety.cluster import Cluster, ClusterState, Indicators
from alpenglow.safety.telltales import TELLTALES, Limits
from alpenglow.signals import Catalogue, Quality, Value, load_catalogue
from tests.safety.conftest import Car

CATALOGUE = load_catalogue()
ALL = [s.path for s in CATALOGUE.signals]
NAMES = [s.path.rsplit(".", 1)[1] for s in CATALOGUE.signals if s.path.startswith("Vehicle.Alpenglow.Telltale.")]
LIMITS = Limits(tyre_pressure_kpa=262)

WHEELS = [f"Vehicle.Chassis.Axle.Row{row}.Wheel.{side}" for row in (1, 2) for side in ("Left", "Right")]
DOORS = [f"Vehicle.Cabin.Door.Row{row}.{side}Side.IsOpen" for row in (1, 2) for side in ("Driver", "Passenger")]
SEATS = [f"Vehicle.Cabin.Seat.Row{row}.{side}Side" for row in (1, 2) for side in ("Driver", "Passenger")]
LIGHTS = "Vehicle.Body.Lights"
LAMP = "Vehicle.Alpenglow.FaultLamp"
BATTERY = "Vehicle.Powertrain.TractionBattery"
CABLE = f"{BATTERY}.Charging.ChargingPort.FrontLeft.IsChargingCableConnected"

# A sound car, driving in the daytime, as its mapping would feed it.
SOUND: dict[str, Value] = {
    "Vehicle.Speed": 50.0,
    "Vehicle.Powertrain.Transmission.CurrentGear": 127,
    "Vehicle.Alpenglow.Ready": True,
    "Vehicle.Alpenglow.PowertrainLimited": False,
    "Vehicle.LowVoltageBattery.CurrentVoltage": 14.1,
    "Vehicle.Chassis.ParkingBrake.IsEngaged": False,
    "Vehicle.Powertrain.ElectricMotor.Temperature": 60.0,
    f"{BATTERY}.Temperature.Average": 25.0,
    f"{BATTERY}.Temperature.Min": 24.0,
    f"{BATTERY}.Temperature.Max": 26.0,
    f"{BATTERY}.StateOfCharge.Displayed": 70.0,
    f"{BATTERY}.IsGroundConnected": True,
    f"{BATTERY}.CurrentVoltage": 360.0,
    "Vehicle.Body.Trunk.Rear.IsOpen": False,
    "Vehicle.Body.Hood.IsOpen": False,
    CABLE: False,
    "Vehicle.ADAS.ABS.IsError": False,
    "Vehicle.ADAS.ESC.IsError": False,
    "Vehicle.ADAS.ESC.IsEngaged": False,
    "Vehicle.ADAS.ESC.IsEnabled": True,
    **{f"{LAMP}.{name}": False for name in ("ABS", "ESC", "Airbag", "Brake", "EVSystem")},
    **{f"{w}.Tire.Pressure": 262 for w in WHEELS},
    **{f"{w}.Tire.IsPressureLow": False for w in WHEELS},
    **{f"{w}.Brake.IsFluidLevelLow": False for w in WHEELS},
    **dict.fromkeys(DOORS, False),
    **{f"{s}.IsBelted": True for s in SEATS},
    **{f"{s}.OccupancyStatus": "OCCUPIED" for s in SEATS},
    **{f"{LIGHTS}.DirectionIndicator.{side}.IsSignaling": False for side in ("Left", "Right")},
    f"{LIGHTS}.Hazard.IsSignaling": False,
    **{f"{LIGHTS}.{lamp}.IsOn": False for lamp in ("Parking", "Beam.Low", "Beam.High", "Fog.Front", "Fog.Rear")},
    f"{LIGHTS}.Beam.Low.IsDefect": False,
}


def shown(car: Car, values: dict[str, Value], quality: Quality = Quality.VALID, **settings: object) -> ClusterState:
    """What the cluster shows a sound car's driver after the owner said `values` with `quality`."""
    car.say(SOUND)
    car.say(values, quality)
    cluster = Cluster(car.catalogue, settings.pop("provided", SOUND), LIMITS)  # type: ignore[arg-type]
    return cluster.evaluate(car.table, time.monotonic_ns(), **settings)  # type: ignore[arg-type]


def lit(state: ClusterState) -> dict[str, str]:
    return {name: light for name, light in state.telltales.items() if light != "OFF"}


def test_a_sound_car_shows_that_it_is_ready_and_nothing_else(car: Car) -> None:
    state = shown(car, {})
    assert lit(state) == {"Ready": "ON"}
    assert (state.message, state.level) == ("", "NONE")


def test_every_lamp_of_the_catalogue_has_a_row_and_every_pattern_names_something() -> None:
    assert sorted(t.name for t in TELLTALES if t.name) == sorted(NAMES)
    for row in TELLTALES:
        for cause in row.causes:
            assert CATALOGUE.match(cause.signals)


@pytest.mark.parametrize(
    ("values", "lights", "level", "says"),
    [
        ({f"{LAMP}.Brake": True}, {"Brake": "ON"}, "STOP", "Brake fault"),
        ({f"{WHEELS[2]}.Brake.IsFluidLevelLow": True}, {"Brake": "ON"}, "STOP", "Brake fluid low"),
        ({f"{LAMP}.EVSystem": True}, {"EVSystem": "ON"}, "STOP", "Electric drive fault"),
        ({f"{BATTERY}.IsGroundConnected": False}, {"EVSystem": "ON"}, "STOP", "isolation fault"),
        ({"Vehicle.Powertrain.ElectricMotor.Temperature": 161.0}, {"MotorTemperature": "ON"}, "STOP", "Motor too hot"),
        ({f"{BATTERY}.Temperature.Max": 58.0}, {"BatteryTemperature": "ON"}, "STOP", "battery too hot"),
        ({f"{BATTERY}.Temperature.Min": -22.0}, {"BatteryTemperature": "ON"}, "WARNING", "very cold"),
        ({f"{LAMP}.ABS": True}, {"ABS": "ON"}, "WARNING", "Anti-lock brakes"),
        ({"Vehicle.ADAS.ESC.IsError": True}, {"ESC": "ON"}, "WARNING", "Stability control"),
        ({"Vehicle.ADAS.ESC.IsEngaged": True}, {"ESC": "FLASHING"}, "NONE", ""),
        ({"Vehicle.ADAS.ESC.IsEnabled": False}, {"ESCOff": "ON"}, "INFO", "Stability control is off"),
        ({f"{LAMP}.Airbag": True}, {"Airbag": "ON"}, "WARNING", "Airbag fault"),
        ({f"{WHEELS[2]}.Tire.Pressure": 208}, {"TyrePressure": "ON"}, "WARNING", "Tyre pressure low: rear left"),
        ({f"{WHEELS[2]}.Tire.Pressure": 210}, {}, "NONE", ""),
        ({"Vehicle.LowVoltageBattery.CurrentVoltage": 11.5}, {"Battery12V": "ON"}, "WARNING", "12 V battery"),
        ({"Vehicle.LowVoltageBattery.CurrentVoltage": 12.2}, {"Battery12V": "ON"}, "WARNING", "not charging"),
        ({"Vehicle.LowVoltageBattery.CurrentVoltage": 16.0}, {"Battery12V": "ON"}, "WARNING", "too high"),
        ({f"{BATTERY}.StateOfCharge.Displayed": 9.0}, {"LowCharge": "ON"}, "WARNING", "Charge soon"),
        ({f"{BATTERY}.StateOfCharge.Displayed": 2.0}, {"LowCharge": "ON"}, "WARNING", "Charge now"),
        ({"Vehicle.Alpenglow.PowertrainLimited": True}, {"PowerLimited": "ON"}, "WARNING", "Less power"),
        ({"Vehicle.Chassis.ParkingBrake.IsEngaged": True}, {"ParkingBrake": "ON"}, "WARNING", "Release the parking"),
        ({DOORS[3]: True}, {"DoorOpen": "ON"}, "STOP", "Rear right door open. Stop"),
        ({DOORS[0]: True, "Vehicle.Speed": 0.0}, {"DoorOpen": "ON"}, "INFO", "Driver's door open"),
        ({"Vehicle.Body.Trunk.Rear.IsOpen": True, "Vehicle.Speed": 0.0}, {"DoorOpen": "ON"}, "INFO", "Boot open"),
        ({f"{SEATS[0]}.IsBelted": False}, {"Belt": "FLASHING"}, "WARNING", "Fasten your seat belt"),
        ({f"{SEATS[0]}.IsBelted": False, "Vehicle.Speed": 0.0}, {"Belt": "ON"}, "WARNING", "Fasten your seat belt"),
        ({f"{SEATS[3]}.IsBelted": False}, {"Belt": "FLASHING"}, "WARNING", "not fastened: rear right"),
        ({f"{SEATS[3]}.IsBelted": False, f"{SEATS[3]}.OccupancyStatus": "EMPTY"}, {}, "NONE", ""),
        ({CABLE: True}, {"ChargeCable": "ON"}, "INFO", "Charging cable connected"),
        ({f"{LIGHTS}.Beam.Low.IsDefect": True}, {}, "INFO", "Dipped beam not working"),
        ({f"{LIGHTS}.Beam.Low.IsOn": True}, {"DippedBeam": "ON"}, "NONE", ""),
        ({f"{LIGHTS}.Beam.High.IsOn": True}, {"MainBeam": "ON"}, "NONE", ""),
        ({f"{LIGHTS}.Parking.IsOn": True}, {"PositionLights": "ON"}, "NONE", ""),
        ({f"{LIGHTS}.Fog.Front.IsOn": True}, {"FrontFog": "ON"}, "NONE", ""),
        ({f"{LIGHTS}.Fog.Rear.IsOn": True}, {"RearFog": "ON"}, "NONE", ""),
        ({f"{LIGHTS}.DirectionIndicator.Left.IsSignaling": True}, {"TurnLeft": "FLASHING"}, "NONE", ""),
        ({f"{LIGHTS}.Hazard.IsSignaling": True}, {"Hazard": "FLASHING"}, "NONE", ""),
    ],
)
def test_what_lights_which_lamp(
    values: dict[str, Value], lights: dict[str, str], level: str, says: str, car: Car
) -> None:
    state = shown(car, values)
    assert {name: light for name, light in lit(state).items() if name != "Ready"} == lights
    assert state.level == level
    assert says in state.message
    assert bool(says) == bool(state.message)


LOST = {
    f"{BATTERY}.CurrentVoltage": "EVSystem",
    f"{LAMP}.Brake": "Brake",
    f"{LAMP}.EVSystem": "EVSystem",
    "Vehicle.Powertrain.ElectricMotor.Temperature": "MotorTemperature",
    f"{BATTERY}.Temperature.Max": "BatteryTemperature",
    f"{BATTERY}.StateOfCharge.Displayed": "LowCharge",
    f"{LAMP}.ABS": "ABS",
    "Vehicle.ADAS.ESC.IsError": "ESC",
    "Vehicle.ADAS.ESC.IsEnabled": "ESCOff",
    f"{LAMP}.Airbag": "Airbag",
    f"{SEATS[0]}.IsBelted": "Belt",
    f"{SEATS[3]}.OccupancyStatus": "Belt",
    f"{WHEELS[1]}.Tire.Pressure": "TyrePressure",
    "Vehicle.LowVoltageBattery.CurrentVoltage": "Battery12V",
    "Vehicle.Alpenglow.PowertrainLimited": "PowerLimited",
    "Vehicle.Chassis.ParkingBrake.IsEngaged": "ParkingBrake",
    DOORS[1]: "DoorOpen",
    CABLE: "ChargeCable",
    f"{LIGHTS}.DirectionIndicator.Left.IsSignaling": "TurnLeft",
    f"{LIGHTS}.DirectionIndicator.Right.IsSignaling": "TurnRight",
    f"{LIGHTS}.Hazard.IsSignaling": "Hazard",
    f"{LIGHTS}.Parking.IsOn": "PositionLights",
    f"{LIGHTS}.Beam.Low.IsOn": "DippedBeam",
    f"{LIGHTS}.Beam.High.IsOn": "MainBeam",
    f"{LIGHTS}.Fog.Front.IsOn": "FrontFog",
    f"{LIGHTS}.Fog.Rear.IsOn": "RearFog",
    "Vehicle.Alpenglow.Ready": "Ready",
}


def test_every_lamp_is_tried_for_a_lost_source() -> None:
    assert set(LOST.values()) == set(NAMES)


@pytest.mark.parametrize(("path", "lamp"), LOST.items())
@pytest.mark.parametrize("quality", [Quality.STALE, Quality.INVALID, Quality.UNAVAILABLE])
def test_a_lost_source_lights_its_lamp(path: str, lamp: str, quality: Quality, car: Car) -> None:
    lights = lit(shown(car, {path: None}, quality))  # type: ignore[dict-item]
    assert lights.pop(lamp) in ("ON", "FLASHING")
    assert set(lights) <= {"Ready"}


@pytest.mark.parametrize(("path", "lamp"), LOST.items())
def test_a_source_that_never_spoke_lights_its_lamp_if_this_car_has_it(path: str, lamp: str, car: Car) -> None:
    car.say({p: v for p, v in SOUND.items() if p != path})
    has = Cluster(car.catalogue, SOUND, LIMITS).evaluate(car.table, time.monotonic_ns())
    assert has.telltales[lamp] != "OFF"
    lacks = Cluster(car.catalogue, set(SOUND) - {path}, LIMITS).evaluate(car.table, time.monotonic_ns())
    assert lacks.telltales[lamp] == "OFF"


def test_a_car_without_a_traction_battery_shows_none_of_its_lamps(car: Car) -> None:
    has = {p: v for p, v in SOUND.items() if "Powertrain" not in p and "EVSystem" not in p}
    car.say(has)
    state = Cluster(car.catalogue, has, LIMITS).evaluate(car.table, time.monotonic_ns())
    assert lit(state) == {"Ready": "ON"}


def test_a_lost_speed_is_said(car: Car) -> None:
    state = shown(car, {"Vehicle.Speed": None}, Quality.INVALID)  # type: ignore[dict-item]
    assert (state.message, state.level) == ("Speed not available", "WARNING")


def test_a_silent_car_is_one_message_and_all_lamps(car: Car) -> None:
    car.say(SOUND, age_s=10)
    state = Cluster(car.catalogue, SOUND, LIMITS).evaluate(car.table, time.monotonic_ns())
    assert (state.message, state.level) == ("No data from the car. Stop safely", "STOP")
    assert set(lit(state)) == set(NAMES)


def test_before_the_car_has_said_anything_the_driver_reads_so(car: Car) -> None:
    state = Cluster(car.catalogue, SOUND, LIMITS).evaluate(car.table, time.monotonic_ns())
    assert state.message == "Waiting for the car"
    assert set(lit(state)) == set(NAMES)


def test_the_most_urgent_message_wins_and_equals_take_turns(car: Car) -> None:
    faults: dict[str, Value] = {f"{LAMP}.ABS": True, f"{LAMP}.Airbag": True, "Vehicle.ADAS.ESC.IsEnabled": False}
    cluster, messages = Cluster(car.catalogue, SOUND, LIMITS), []
    for now in (100_000_000_000, 104_000_000_000, 108_000_000_000):
        car.say(SOUND | faults, at_ns=now)
        messages.append(cluster.evaluate(car.table, now).message)
    assert messages[0] != messages[1]
    assert messages[0] == messages[2]
    assert set(messages) == {"Anti-lock brakes not available. Brake gently", "Airbag fault. Have it checked"}
    car.say({f"{LAMP}.Brake": True}, at_ns=now)
    assert cluster.evaluate(car.table, now).level == "STOP"


def test_the_bulb_check_lights_warning_lamps_and_masks_nothing(car: Car) -> None:
    lights = lit(shown(car, {f"{SEATS[0]}.IsBelted": False}, bulb_check=True))
    assert {"Brake", "ABS", "ESC", "Airbag", "TyrePressure", "EVSystem", "Battery12V"} <= set(lights)
    assert lights["Belt"] == "FLASHING"
    assert "DippedBeam" not in lights


def test_an_indicator_follows_each_flash_of_the_bulb_and_flashes_by_itself_over_a_mere_switch() -> None:
    dark = dict.fromkeys(NAMES, "OFF")
    lit_now = dark | {"TurnLeft": "FLASHING", "Belt": "FLASHING"}
    bulb, switch = Indicators(), Indicators()
    ms = 1_000_000
    for now in range(0, 5000, 20):
        bulb_lit = now % 667 < 333
        assert bulb.follow(lit_now if bulb_lit else dark, now * ms)["TurnLeft"] == ("ON" if bulb_lit else "OFF")
        shown_now = switch.follow(lit_now, now * ms)
        assert shown_now["TurnLeft"] == ("ON" if now <= 800 else "FLASHING")
        assert shown_now["Belt"] == "FLASHING"


SOURCES = sorted(SOUND)
kinds = st.sampled_from(list(Quality)) | st.just(Quality.VALID)
values = st.booleans() | st.floats() | st.integers(-100, 300) | st.sampled_from(["OCCUPIED", "EMPTY", ""]) | st.none()


@given(said=st.dictionaries(st.sampled_from(SOURCES), st.tuples(values, kinds), max_size=20), data=st.data())
def test_no_lamp_is_dark_while_a_source_is_lost_whatever_the_car_says(
    said: dict[str, tuple[Value | None, Quality]], data: st.DataObject, new_car: Callable[[], Car]
) -> None:
    car = new_car()
    car.say({p: v for p, v in SOUND.items() if p not in said})
    for path, (value, quality) in said.items():
        car.say({path: value if quality is Quality.VALID else None}, quality)
    provided = set(data.draw(st.sets(st.sampled_from(SOURCES))))
    now = time.monotonic_ns()
    state = Cluster(car.catalogue, provided, LIMITS).evaluate(car.table, now)
    assert sorted(state.telltales) == sorted(NAMES)
    assert set(state.telltales.values()) <= {"OFF", "ON", "FLASHING"}
    assert bool(state.message) == (state.level != "NONE")
    for path, lamp in LOST.items():
        reading = car.table.read_index(car.catalogue.index_of[path], now)
        if reading.quality is not Quality.VALID or reading.value is None:
            assert state.telltales[lamp] != "OFF", path


def test_the_catalogue_takes_every_state_that_is_published(catalogue: Catalogue) -> None:
    for name in NAMES:
        assert set(catalogue[f"Vehicle.Alpenglow.Telltale.{name}"].allowed) == {"OFF", "ON", "FLASHING"}
    assert set(catalogue["Vehicle.Alpenglow.Cluster.MessageLevel"].allowed) == {"NONE", "INFO", "WARNING", "STOP"}
