"""What is said unasked: rarely, at a calm moment, with true numbers, and nothing is done."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.assistant.memory.facts import Facts
from alpenglow.assistant.memory.proactive import Nudge, Proactive
from alpenglow.assistant.memory.rules import RuleError, load_rules
from alpenglow.assistant.memory.words import LANGUAGES
from alpenglow.fabric.store import Store
from alpenglow.signals import Value
from tests.assistant.memory.car import CATALOGUE, RAIN, SOC, STATE, Car

TABLE = load_rules(CATALOGUE)
CHARGING = "Vehicle.Powertrain.TractionBattery.Charging.IsCharging"
ESC = "Vehicle.ADAS.ESC.IsEngaged"
OUTSIDE = "Vehicle.Exterior.AirTemperature"
READY = "Vehicle.Alpenglow.Ready"
RANGE = "Vehicle.Powertrain.Range"
ROOF_OPEN = "Vehicle.Cabin.Sunroof.Position"
SEAT = "Vehicle.Cabin.Seat.{}.{}"
WINDOW = "Vehicle.Cabin.Door.{}.Window.Position"
TYRE = "Vehicle.Chassis.Axle.Row2.Wheel.Left.Tire.IsPressureLow"
TIRED = "Vehicle.Driver.FatigueLevel"

CALM: dict[str, Value | None] = {
    STATE: "MOVING",
    SOC: 70.0,
    CHARGING: False,
    RAIN: 0,
    OUTSIDE: 18.0,
    READY: True,
    RANGE: 300_000,
    ROOF_OPEN: 0,
}


class Drive:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.car = Car()
        self.car.signals |= CALM
        self.on()

    def on(self) -> None:
        self.store = Store(self.folder, "memory")
        self.facts = Facts(self.store)
        self.proactive = Proactive(TABLE, self.store, self.facts, self.car.now)

    def pass_(self, seconds: int) -> list[tuple[int, Nudge]]:
        said = []
        for second in range(seconds):
            if nudge := self.proactive.step("kim", self.car.read, self.car.now):
                said.append((second, nudge))
            self.car.wait(seconds=1)
        return said

    def ids(self, seconds: int) -> list[str]:
        return [nudge.id for _, nudge in self.pass_(seconds)]


@pytest.fixture
def drive(tmp_path: Path) -> Drive:
    return Drive(tmp_path)


def test_a_calm_drive_is_a_silent_one(drive: Drive) -> None:
    assert drive.pass_(600) == []


def test_a_low_battery_is_told_once_with_the_true_number(drive: Drive) -> None:
    drive.pass_(30)
    drive.car.signals[SOC] = 19.4
    [(second, nudge)] = drive.pass_(3600)
    assert second == 10
    assert nudge.text["en"] == "The battery is at 19 %. Charge it before long."
    assert nudge.text["zh"].startswith("电池电量为19%")
    drive.car.signals[SOC] = 21.0
    drive.pass_(60)
    drive.car.signals[SOC] = 19.0
    assert drive.pass_(3600) == []


def test_a_battery_that_is_being_charged_is_no_news(drive: Drive) -> None:
    drive.car.signals |= {SOC: 10.0, CHARGING: True}
    assert drive.pass_(600) == []


def test_rain_and_an_open_roof_bring_an_offer_and_nothing_moves(drive: Drive) -> None:
    drive.pass_(30)
    drive.car.signals |= {RAIN: 40, ROOF_OPEN: 100}
    [(_, nudge)] = drive.pass_(600)
    assert [(a.path, a.value) for a in nudge.offers] == [("Vehicle.Cabin.Sunroof.Switch", "CLOSE")]
    assert drive.car.moved == []


def test_of_several_windows_those_that_are_open_are_named_and_offered(drive: Drive) -> None:
    drive.pass_(30)
    drive.car.signals |= {RAIN: 40, WINDOW.format("Row1.DriverSide"): 0}
    drive.car.signals |= {WINDOW.format("Row2.DriverSide"): 60, WINDOW.format("Row2.PassengerSide"): 100}
    [(_, nudge)] = drive.pass_(600)
    assert "rear left and rear right" in nudge.text["en"]
    assert {a.path: a.value for a in nudge.offers} == {
        WINDOW.format("Row2.DriverSide"): 0,
        WINDOW.format("Row2.PassengerSide"): 0,
    }


def test_what_is_over_before_its_moment_is_not_said(drive: Drive) -> None:
    drive.car.signals[ESC] = True
    drive.car.signals |= {RAIN: 40, ROOF_OPEN: 100}
    assert drive.pass_(60) == []
    drive.car.signals |= {ESC: False, ROOF_OPEN: 0}
    assert drive.pass_(60) == []


def test_what_was_said_is_over_when_it_no_longer_holds(drive: Drive) -> None:
    drive.car.signals |= {RAIN: 60, ROOF_OPEN: 100}
    [nudge] = drive.ids(60)
    assert not drive.proactive.is_over(nudge)
    drive.car.signals[RAIN] = None
    drive.pass_(5)
    assert not drive.proactive.is_over(nudge)  # nobody knows
    drive.car.signals[RAIN] = 0
    drive.pass_(5)
    assert drive.proactive.is_over(nudge)


def test_demanding_traffic_is_quiet_and_the_word_comes_when_it_is_calm(drive: Drive) -> None:
    drive.car.signals |= {RAIN: 40, ROOF_OPEN: 100, ESC: True}
    assert drive.pass_(120) == []
    drive.car.signals[ESC] = False
    assert [second for second, _ in drive.pass_(60)] == [int(TABLE.limits.calm_s) - 1]


def test_where_nobody_knows_whether_the_car_moves_it_is_quiet(drive: Drive) -> None:
    drive.car.signals |= {STATE: None, RAIN: 40, ROOF_OPEN: 100}
    assert drive.pass_(120) == []


def test_at_most_one_in_five_minutes_and_three_an_hour(drive: Drive) -> None:
    drive.pass_(30)
    drive.car.signals |= {RAIN: 40, ROOF_OPEN: 100, WINDOW.format("Row1.DriverSide"): 100, SOC: 15.0, RANGE: 30_000}
    said = drive.pass_(3600)
    assert [nudge.id for _, nudge in said] == ["rain-roof", "rain-windows", "range-short"]
    assert all(b[0] - a[0] >= TABLE.limits.apart_s for a, b in pairwise(said))
    assert drive.ids(600) == ["battery-low"]


def test_the_limits_hold_over_a_restart(drive: Drive) -> None:
    drive.pass_(30)
    drive.car.signals |= {RAIN: 40, ROOF_OPEN: 100, SOC: 15.0}
    assert drive.ids(60) == ["rain-roof"]
    drive.store.close()
    drive.on()
    assert drive.ids(60) == []
    assert drive.ids(600) == ["battery-low"]


def test_what_is_about_safety_does_not_wait_for_its_turn(drive: Drive) -> None:
    drive.pass_(30)
    drive.car.signals |= {RAIN: 40, ROOF_OPEN: 100}
    assert drive.ids(30) == ["rain-roof"]
    belt, sits = SEAT.format("Row2.Middle", "IsBelted"), SEAT.format("Row2.Middle", "OccupancyStatus")
    drive.car.signals |= {belt: False, sits: "OCCUPIED", TYRE: True, TIRED: 80.0}
    said = drive.pass_(30)
    assert [nudge.id for _, nudge in said] == ["belt", "tired", "tyre"]
    assert said[0][1].text["en"] == "The rear middle seat belt is not fastened."
    assert said[2][1].text["de"].startswith("Der Reifen hinten links")


def test_safety_waits_a_moment_in_demanding_traffic_and_no_longer(drive: Drive) -> None:
    drive.car.signals |= {ESC: True, TIRED: 80.0}
    [(second, nudge)] = drive.pass_(120)
    assert (nudge.id, second) == ("tired", 5 + TABLE.limits.safety_waits_s)


def test_what_is_wrong_at_the_start_is_told_at_the_start(drive: Drive) -> None:
    drive.car.signals[TYRE] = True
    assert drive.ids(60) == ["tyre"]


def test_a_sensor_that_comes_and_goes_says_nothing_twice(drive: Drive) -> None:
    said = []
    for second in range(2000):
        drive.car.signals[TIRED] = 80.0 if second % 100 < 90 else None
        said += drive.ids(1)
    assert said == ["tired"]


def test_waved_away_is_quiet_for_its_time_also_after_a_restart(drive: Drive) -> None:
    drive.car.signals |= {RAIN: 40, ROOF_OPEN: 100}
    assert drive.ids(60) == ["rain-roof"]
    drive.car.wait(seconds=1800)
    drive.proactive.dismiss("kim", "rain-roof", drive.car.now)
    drive.proactive.dismiss("kim", "no-such-rule", drive.car.now)
    drive.car.signals[ROOF_OPEN] = 0
    drive.pass_(60)
    drive.store.close()
    drive.on()
    drive.car.wait(seconds=3000)
    drive.car.signals[ROOF_OPEN] = 100
    assert drive.ids(60) == []  # an hour after it was said, but not after it was waved away
    drive.car.signals[ROOF_OPEN] = 0
    drive.pass_(60)
    drive.car.wait(seconds=1800)
    drive.car.signals[ROOF_OPEN] = 100
    assert drive.ids(60) == ["rain-roof"]


def test_a_child_lock_matters_to_people_with_children(drive: Drive) -> None:
    lock = "Vehicle.Cabin.Door.Row2.PassengerSide.IsChildLockActive"
    sits = SEAT.format("Row2.PassengerSide", "OccupancyStatus")
    drive.car.signals |= {lock: False, sits: "OCCUPIED"}
    assert drive.ids(60) == []
    drive.facts.remember("kim", "children", True, "we have two children", drive.car.now)
    drive.car.signals[sits] = "EMPTY"
    drive.pass_(90)  # the other rear seat is unknown in this car
    drive.car.signals[sits] = "OCCUPIED"
    [(_, nudge)] = drive.pass_(60)
    assert nudge.text["en"] == "The child lock of the rear right door is off, and somebody sits there."


def test_a_door_left_open_after_parking(drive: Drive) -> None:
    door, driver = "Vehicle.Cabin.Door.Row1.DriverSide.IsOpen", SEAT.format("Row1.DriverSide", "OccupancyStatus")
    drive.car.signals |= {STATE: "PARKED", door: True, driver: "OCCUPIED"}
    assert drive.ids(120) == []
    drive.car.signals[driver] = "EMPTY"
    assert [(s, n.id) for s, n in drive.pass_(120)] == [(30, "door-left-open")]


def test_every_rule_has_its_sentence_in_every_language() -> None:
    assert len(TABLE.rule) >= 9
    for rule in TABLE.rule:
        assert set(rule.says.text()) == set(LANGUAGES)
        assert len(set(rule.says.text().values())) == len(LANGUAGES)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("Vehicle.Driver.FatigueLevel", "Vehicle.Driver.Fatigue"), "rule tired: no signal"),
        (('value = "CLOSE"', 'value = "SHUT"'), "rule rain-roof"),
        (("{number} km", "{distance} km"), "rule range-short.*distance"),
        (('id = "tired"', 'id = "belt"'), "two of that id"),
        (("cooldown_s = 7200.0\nmute_s = 7200.0", "cooldown_s = 60.0\nmute_s = 7200.0"), "below an hour"),
        (("priority = 9", "priority = 'high'"), "proactive.toml: "),
        (('"Vehicle.ADAS.ABS.IsEngaged"', '"Vehicle.ADAS.ABS.IsOn"'), "demanding"),
    ],
)
def test_a_table_with_a_mistake_names_the_rule(change: tuple[str, str], says: str) -> None:
    text = (Path(__file__).parents[3] / "src/alpenglow/assistant/memory/proactive.toml").read_text(encoding="utf-8")
    assert change[0] in text
    with pytest.raises(RuleError, match=says):
        load_rules(CATALOGUE, text.replace(*change))


SIGNALS: dict[str, list[Value | None]] = {
    STATE: [None, "PARKED", "MOVING"],
    SOC: [None, 10.0, 70.0],
    RAIN: [None, 0, 50],
    ROOF_OPEN: [0, 100],
    ESC: [False, True],
    OUTSIDE: [1.0, 20.0],
    RANGE: [20_000, 300_000],
    TYRE: [True, False],
    WINDOW.format("Row1.DriverSide"): [0, 100],
}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(SIGNALS)), st.integers(0, 2), st.integers(1, 900)), min_size=1, max_size=25
    )
)
def test_whatever_happens_it_keeps_its_limits(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[str, int, int]]
) -> None:
    drive = Drive(tmp_path_factory.mktemp("drive"))
    told: list[tuple[float, Nudge]] = []
    for path, which, seconds in events:
        drive.car.signals[path] = SIGNALS[path][which % len(SIGNALS[path])]
        for _ in range(seconds // 10):
            if nudge := drive.proactive.step("kim", drive.car.read, drive.car.now):
                told.append((drive.car.now.timestamp(), nudge))
                assert drive.car.read(ESC) is not True or nudge.safety
            drive.car.wait(seconds=10)
    counted = [when for when, nudge in told if not nudge.safety]
    assert all(b - a >= TABLE.limits.apart_s for a, b in pairwise(counted))
    for when in counted:
        assert sum(when <= other < when + 3600 for other in counted) <= TABLE.limits.an_hour
    for rule in TABLE.rule:
        times = [when for when, nudge in told if nudge.id == rule.id]
        assert all(b - a >= rule.cooldown_s for a, b in pairwise(times))
    drive.store.close()
