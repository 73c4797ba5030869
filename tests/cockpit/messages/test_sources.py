"""What the car gives to tell: by its signals, and by what the cluster says."""

import json
from pathlib import Path

import pytest

from alpenglow.cockpit.messages import cluster
from alpenglow.cockpit.messages.cluster import Cluster, said
from alpenglow.cockpit.messages.quiet import STATE, Quiet, is_demanding
from alpenglow.cockpit.messages.sources import SOURCES, Charging, Holding
from alpenglow.safety.cluster import _NO_CAR
from alpenglow.safety.telltales import _WORDS, TELLTALES, Level
from alpenglow.signals import Value, load_catalogue

BATTERY = "Vehicle.Powertrain.TractionBattery"
CABLE = f"{BATTERY}.Charging.ChargingPort.AnyPosition.IsChargingCableConnected"
DOOR = "Vehicle.Cabin.Door.Row2.DriverSide.IsOpen"
DRIVER = "Vehicle.Cabin.Seat.Row1.DriverSide.OccupancyStatus"
WORDS = Path(__file__).parents[3] / "web" / "words" / "en" / "messages.json"


def cluster_texts() -> list[tuple[str, str]]:
    """Every sentence of the cluster's that this screen takes over, with its level."""
    rows = [row.lost_says for row in TELLTALES] + [cause.says for row in TELLTALES for cause in row.causes]
    texts = [(m.level.name, m.text) for m in (*rows, _NO_CAR) if m is not None and m.level >= Level.WARNING]
    places = [words for part, words in _WORDS.items() if not part.startswith("Lights.")]
    return [(level, text.replace("{place}", place)) for level, text in texts for place in places]


def test_everything_that_the_cluster_warns_of_has_its_words() -> None:
    words = json.loads(WORDS.read_text())
    for level, text in cluster_texts():
        message = said(text, level)
        assert message is not None
        for key in (message.says, *(str(arg).removeprefix("@") for arg in message.args.values())):
            assert key.removeprefix("messages.") in words, f"{key}: {text!r}"


def test_every_source_has_its_words_and_looks_at_signals_that_there_are() -> None:
    words, catalogue = json.loads(WORDS.read_text()), load_catalogue()
    for source in SOURCES:
        assert source.says.removeprefix("messages.") in words
        for arg in source.args.values():
            assert str(arg).removeprefix("@messages.") in words

        def read(path: str) -> Value | None:
            assert path in catalogue.index_of
            return None

        assert source.holds(read) is None


def test_a_warning_is_one_message_while_the_cluster_takes_turns() -> None:
    watched = Cluster()
    seen: list[str] = []
    for tick in range(400):
        now = tick * 0.2
        text = "Tyre pressure low: rear left" if int(now / 4) % 2 else "Fasten your seat belt"
        message, over = watched.look(text, "WARNING", now)
        assert message is not None
        seen += over
    assert seen == []
    _, over = watched.look("", "NONE", 81.0)
    assert sorted(over) == ["cluster.fasten_your_seat_belt", "cluster.tyre_pressure_low.rear_left"]


def test_warnings_behind_a_stop_message_are_not_over() -> None:
    watched = Cluster()
    watched.look("Fasten your seat belt", "WARNING", 0.0)
    for now in range(1, 100):
        assert watched.look("Brake fault. Stop safely", "STOP", float(now))[1] == []
    assert watched.look("Fasten your seat belt", "WARNING", 130.0)[1] == ["cluster.brake_fault_stop_safely"]


@pytest.mark.parametrize("level", ["NONE", "INFO", None])
def test_what_the_cluster_tells_for_information_is_not_taken_over(level: str | None) -> None:
    assert said("Boot open", level or "") is None
    assert cluster.slug("Driver's door") == "drivers_door"


def test_a_door_left_open_is_told_after_a_while_and_once() -> None:
    holding, signals = Holding(), {DOOR: True, STATE: "PARKED", DRIVER: "EMPTY"}
    told = [(now, s.cause) for now in range(200) for s in holding.look(signals.get, float(now))[0]]
    assert told == [(60, "left_open.rear_left_door")]
    assert holding.look({}.get, 201.0) == ([], [])
    assert holding.look({**signals, DOOR: False}.get, 202.0)[1] == ["left_open.rear_left_door"]


@pytest.mark.parametrize(
    ("charge", "command", "cable", "told"),
    [
        (79.5, "START", True, "charging_done"),
        (60.0, "START", True, "charging_failed"),
        (60.0, "STOP", True, None),
        (60.0, "START", False, None),
    ],
)
def test_how_a_charge_ended(charge: float, command: str, cable: bool, told: str | None) -> None:
    charging = Charging()
    signals: dict[str, Value] = {
        f"{BATTERY}.Charging.IsCharging": True,
        f"{BATTERY}.Charging.ChargeLimit": 80,
        f"{BATTERY}.Charging.StartStopCharging": command,
        f"{BATTERY}.StateOfCharge.Displayed": charge,
        CABLE: cable,
    }
    assert charging.look(signals.get) is None
    assert charging.look({}.get) is None
    signals[f"{BATTERY}.Charging.IsCharging"] = False
    assert charging.look(signals.get) == told
    assert charging.look(signals.get) is None


def test_traffic_that_takes_the_drivers_head_is_quiet_and_calm_takes_a_moment() -> None:
    esc = "Vehicle.ADAS.ESC.IsEngaged"
    assert is_demanding({}.get), "nobody knows whether the car moves"
    assert not is_demanding({STATE: "PARKED", esc: True}.get)
    assert is_demanding({STATE: "MOVING", esc: True}.get)
    quiet = Quiet()
    assert not quiet.look({STATE: "PARKED"}.get, 0.0)
    assert quiet.look({STATE: "MOVING", "Vehicle.Acceleration.Lateral": -4.0}.get, 1.0)
    assert quiet.look({STATE: "MOVING"}.get, 2.0)
    assert not quiet.look({STATE: "MOVING"}.get, 7.5)
