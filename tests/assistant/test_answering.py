"""Answers tell the car's own numbers, and which, and whether it is enough."""

import pytest

from alpenglow.assistant.answering import answer
from alpenglow.assistant.replies import Replies
from alpenglow.signals import Value
from tests.assistant.speaking import functions, packs, read

TRACK = "Vehicle.Cabin.Infotainment.Media.Played.Track"
BATTERY = "Vehicle.Powertrain.TractionBattery."


def told(said: str, state: dict[str, Value]) -> str:
    parsed = read(said)
    assert parsed.question is not None, parsed
    return answer(parsed.question, "driver", state.get, Replies(packs()["en"], functions()))


@pytest.mark.parametrize(
    ("said", "state", "says"),
    [
        ("How full is the battery?", {BATTERY + "StateOfCharge.Displayed": 47.0}, "Battery level: 47 %."),
        ("Will we make 250 kilometres?", {BATTERY + "Range": 180_000}, "No. Range: 180 km."),
        ("Will we make 150 kilometres?", {BATTERY + "Range": 180_000}, "Yes. Range: 180 km."),
        ("How many kilometres till the next service?", {"Vehicle.Service.DistanceToService": 3200.0}, "3200 km"),
        ("Is the boot open?", {"Vehicle.Body.Trunk.Rear.IsOpen": True}, "Yes. Boot: open."),
        (
            "What's this song called?",
            {"Vehicle.Cabin.Infotainment.Media.Played.Track": "Clair de Lune"},
            "Clair de Lune",
        ),
        ("How full is the battery?", {}, "does not tell"),
    ],
)
def test_the_number_is_the_cars(said: str, state: dict[str, Value], says: str) -> None:
    assert says in told(said, state)


def test_which_tyre_is_low_is_the_one_with_the_least_pressure() -> None:
    wheel = "Vehicle.Chassis.Axle.Row1.Wheel."
    says = told("Which tyre is low?", {wheel + "Left.Tire.Pressure": 190, wheel + "Right.Tire.Pressure": 250})
    assert "Front left" in says
    assert "190" in says
    assert "250" not in says


def test_who_is_not_belted_is_asked_of_those_who_are_there() -> None:
    seat = "Vehicle.Cabin.Seat."
    state: dict[str, Value] = {
        seat + "Row1.DriverSide.IsBelted": True,
        seat + "Row1.PassengerSide.IsBelted": False,
        seat + "Row2.DriverSide.IsBelted": False,
        seat + "Row2.DriverSide.IsOccupied": False,
    }
    says = told("Who isn't wearing a seat belt?", state)
    assert "Front right" in says
    assert "rear" not in says.casefold()
    assert "Front left" not in says
