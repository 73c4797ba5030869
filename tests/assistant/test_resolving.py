"""From wishes to values: in the signal's own unit, within its limits, for the places that were meant."""

import pytest

from alpenglow.assistant.resolving import Unclear, limits_of, resolve
from tests.assistant.speaking import functions, moves, read

FAN = "Cabin.HVAC.Station.Row1.Driver.FanSpeed"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("My seat heating on full", 100),
        ("My seat heating to level two", 67),
        ("Cool my seat", -67),
        ("Turn my seat heating off", 0),
    ],
)
def test_seats_are_warmed_in_three_levels_or_cooled(said: str, expected: int) -> None:
    assert moves(said) == {"Cabin.Seat.Row1.DriverSide.HeatingCooling": expected}


def test_shades_are_drawn_where_windows_are_closed() -> None:
    shade, window = "Cabin.Door.Row2.DriverSide.Shade.Position", "Cabin.Door.Row2.DriverSide.Window.Position"
    assert moves("Close my blind", seat="rear-left") == {shade: 100}
    assert moves("Close my window", seat="rear-left") == {window: 0}
    assert moves("Put my blind down halfway", seat="rear-left") == {shade: 50}


@pytest.mark.parametrize(
    ("said", "now", "expected"),
    [
        ("Bring the fan down two notches", 50, 30),
        ("Reduce the fan by fifteen", 50, 35),
        ("Fan up a bit", 50, 60),
        ("Fan to two thirds", 50, 67),
        ("Double the fan", 30, 60),
        ("Fan down a lot", 10, 0),
    ],
)
def test_more_and_less_start_from_what_is(said: str, now: int, expected: int) -> None:
    assert moves(said, Driver_FanSpeed=now) == {FAN: expected}


def test_units_are_those_of_the_signal() -> None:
    assert moves("70 degrees Fahrenheit on my side") == {"Cabin.HVAC.Station.Row1.Driver.Temperature": 21.1}
    assert moves("Cruise at 70 miles per hour") == {"ADAS.CruiseControl.SpeedSet": pytest.approx(112.63)}
    assert moves("Screen off after ten minutes") == {"Cabin.Infotainment.HMI.DisplayOffDuration": 600}


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Set the volume to 110", "out-of-range"),
        ("Change the volume", "how-much"),
        ("Change the drive mode", "which-value"),
    ],
)
def test_what_cannot_be_decided_is_asked(said: str, kind: str) -> None:
    found = resolve(read(said).wishes[0], "driver", lambda path: None, functions())
    assert isinstance(found, Unclear)
    assert found.kind == kind


def test_the_wheel_comes_nearer_and_the_backrest_upright() -> None:
    assert moves("Pull the steering wheel nearer to me", SteeringWheel_Extension=50) == {
        "Chassis.SteeringWheel.Extension": 70
    }
    assert moves("My backrest upright", Backrest_Recline=45) == {"Cabin.Seat.Row1.DriverSide.Backrest.Recline": 5.0}


def test_limits_are_the_catalogues_and_what_people_can_mean() -> None:
    assert limits_of(functions().by_pattern["Vehicle.Cabin.HVAC.Station.*.*.FanSpeed"]) == (0, 100)
    assert limits_of(functions().by_pattern["Vehicle.Cabin.HVAC.Station.*.*.Temperature"]) == (16, 30)
