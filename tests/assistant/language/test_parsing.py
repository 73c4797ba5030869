"""English: what people say is read as they mean it, and what is no command moves nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.assistant.resolving import Move, resolve
from alpenglow.assistant.wishes import SEATS
from tests.assistant.speaking import functions, moves, packs, read

LEFT, RIGHT = "Cabin.Door.Row1.DriverSide.Window.Position", "Cabin.Door.Row1.PassengerSide.Window.Position"
REAR_LEFT, REAR_RIGHT = "Cabin.Door.Row2.DriverSide.Window.Position", "Cabin.Door.Row2.PassengerSide.Window.Position"
VOLUME = "Cabin.Infotainment.Media.Volume"
MIRRORS = {"Body.Mirrors.DriverSide.IsFolded": True, "Body.Mirrors.PassengerSide.IsFolded": True}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Turn the air conditioning on", {"Cabin.HVAC.IsAirConditioningActive": True}),
        ("Open my window", {LEFT: 100}),
        ("tuck the mirrors in", MIRRORS),
        ("Pull the handbrake now!", {"Chassis.ParkingBrake.IsEngaged": True}),
        ("Send the air down to my feet", {"Cabin.HVAC.Station.Row1.Driver.AirDistribution": "DOWN"}),
        ("Nineteen degrees for my seat only", {"Cabin.HVAC.Station.Row1.Driver.Temperature": 19.0}),
        ("Cruise at one hundred and fifteen", {"ADAS.CruiseControl.SpeedSet": 115.0}),
        ("Stop filling the battery at three quarters", {"Powertrain.TractionBattery.Charging.ChargeLimit": 75}),
        ("The two front windows down", {LEFT: 100, RIGHT: 100}),
        ("I'd like the radio on Bluetooth", {"Cabin.Infotainment.Media.Played.Source": "BLUETOOTH"}),
    ],
)
def test_a_command_sets_what_it_names(said: str, expected: dict[str, object]) -> None:
    assert moves(said) == expected


@pytest.mark.parametrize("said", ["Turn {} off", "Turn off {}", "Could you turn {} off?", "{} off"])
@pytest.mark.parametrize("part", ["the dome light", "the air con", "cruise control"])
def test_verb_and_particle_stand_together_or_apart(said: str, part: str) -> None:
    assert list(moves(said.format(part)).values()) == [False]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("The tailgate isn't shut right, pop it", {"Body.Trunk.Rear.Position": 100}),
        (
            "Skip this one and play the next a bit louder",
            {"Cabin.Infotainment.Media.Action": "SKIP_FORWARD", VOLUME: 40},
        ),
        ("Lock up and tuck the mirrors in, I'm off", MIRRORS),
        ("Next song please, and turn it down", {"Cabin.Infotainment.Media.Action": "SKIP_FORWARD", VOLUME: 20}),
        ("Close my window, no wait, the rear left one", {REAR_LEFT: 0}),
        ("It's too loud, turn the music down", {VOLUME: 20}),
    ],
)
def test_each_clause_says_its_part(said: str, expected: dict[str, object]) -> None:
    found = moves(said, Media_Volume=30)
    assert {path: found.get(path) for path in expected} == expected


@pytest.mark.parametrize(
    ("said", "before", "expected"),
    [
        ("And the passenger's too", "Open my window", {RIGHT: 100}),
        ("Make it half that", "Set the volume to 60", {VOLUME: 15}),
        ("No, 45", "Turn the volume up to 60", {VOLUME: 45}),
        ("Sorry, I meant mine", "Open the passenger's window", {LEFT: 100}),
        ("I only wanted it tilted", "Open the sunroof", {"Cabin.Sunroof.Switch": "TILT_UP"}),
        ("D-A-B, I said", "Play FM", {"Cabin.Infotainment.Media.Played.Source": "DAB"}),
        ("Bit slower than that", "Wipers on fast", {"Body.Windshield.Front.Wiping.Mode": "MEDIUM"}),
    ],
)
def test_what_is_left_out_follows_from_before(said: str, before: str, expected: dict[str, object]) -> None:
    assert moves(said, before, Media_Volume=30, Wiping_Mode="FAST") == expected


def test_a_correction_takes_the_old_place_back() -> None:
    assert read("Sorry, I meant mine", "Open the passenger's window").instead
    assert not read("And the passenger's too", "Open my window").instead


@pytest.mark.parametrize(
    "said",
    [
        "Don't open the window",
        "Never touch the headlights",
        "Leave the heating as it is",
        "My brother opened the window",
        "She told me to turn the music off",
        "The boot is open",
        "He sings 'turn up the bass' all day",
        "I wish the sunroof were open",
        "Imagine if the roof opened by itself",
        "What a lovely day",
        "Close the garage door",
        "Turn off everything except the dome light",
    ],
)
def test_what_is_no_command_is_not_surely_one(said: str) -> None:
    parsed = read(said)
    assert parsed.kind != "command" or parsed.sure < 0.62, parsed.wishes


@pytest.mark.parametrize(
    "said",
    ["open the windows", "turn on the dome light", "fold the mirrors", "set the volume to 50", "heat my seat", "honk"],
)
@pytest.mark.parametrize("denial", ["don't {}", "please do not {}", "never {}", "no need to {}"])
def test_a_denied_command_moves_nothing(denial: str, said: str) -> None:
    assert moves(denial.format(said)) == {}


@pytest.mark.parametrize(
    ("said", "pattern"),
    [
        ("How full is the battery?", "Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed"),
        ("How many kilometres till the next service?", "Vehicle.Service.DistanceToService"),
        ("Can I manage another 300 kilometres without plugging in?", "Vehicle.Powertrain.TractionBattery.Range"),
        ("What's this tune called?", "Vehicle.Cabin.Infotainment.Media.Played.Track"),
        ("What have I got my climate set to?", "Vehicle.Cabin.HVAC.Station.*.*.Temperature"),
        ("Who isn't wearing a seat belt?", "Vehicle.Cabin.Seat.*.*.IsBelted"),
    ],
)
def test_a_question_asks_and_moves_nothing(said: str, pattern: str) -> None:
    parsed = read(said)
    assert parsed.question is not None
    assert not parsed.wishes
    assert parsed.question.function.pattern == pattern


def vocabulary() -> list[str]:
    words = packs()["en"].words
    sections = (words.names, words.acts, words.values, words.places, words.degrees, words.units, words.marks)
    return sorted({w for section in sections for phrases in section.values() for p in phrases for w in p.split()})


WORDS = st.lists(
    st.sampled_from([*vocabulary(), "twenty", "1", "99", "half", ",", ".", "?", "and", "zxq"]), max_size=14
)


@given(WORDS.map(" ".join), st.sampled_from(sorted(SEATS)))
def test_whatever_is_understood_is_legal_for_the_catalogue(said: str, seat: str) -> None:
    catalogue = functions().catalogue
    for wish in read(said).wishes:
        found = resolve(wish, seat, lambda path: None, functions())  # type: ignore[arg-type]
        for move in found if isinstance(found, list) else []:
            assert isinstance(move, Move)
            signal = catalogue[move.path]
            assert wish.function.settable
            if signal.allowed:
                assert move.value in signal.allowed
            if isinstance(move.value, int | float) and not isinstance(move.value, bool):
                assert signal.minimum is None or move.value >= signal.minimum
                assert signal.maximum is None or move.value <= signal.maximum


@given(st.text(max_size=700), st.sampled_from(["en", "de", "zh"]))
def test_any_text_is_read(said: str, language: str) -> None:
    assert 0.0 <= read(said, language=language).sure <= 1.0
