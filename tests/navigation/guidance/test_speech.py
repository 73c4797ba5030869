"""What guidance says."""

import itertools
from typing import get_args

import pytest

from alpenglow.navigation.api import Maneuver, ManeuverKind, Position
from alpenglow.navigation.guidance import speech
from alpenglow.navigation.guidance.saying import Announcer
from alpenglow.navigation.guidance.speech import LANGUAGES

KINDS: tuple[ManeuverKind, ...] = get_args(ManeuverKind.__value__)


def maneuver(kind: ManeuverKind, at_m: float, street: str = "Carrer Major", **more: object) -> Maneuver:
    name = street if kind in ("charge", "via", "arrive") else ""
    text = speech.instruction(kind, street, int(str(more.get("exit", 0))), name, "en")
    where = Position(latitude=42.5, longitude=1.5)
    return Maneuver(kind=kind, at_m=at_m, position=where, street=street, text=text, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_manoeuvre_is_said_in_every_language(language: str, kind: ManeuverKind) -> None:
    for street, exit_ in itertools.product(("", "Carrer Major"), (0, 2, 30)):
        text = speech.instruction(kind, street, exit_, "Placa", language)
        assert text
        assert "{" not in text
    with_street = speech.instruction(kind, "Carrer Major", 0, "", language)
    if kind not in ("via", "charge", "arrive", "u_turn"):
        assert "Carrer Major" in with_street


def test_a_language_that_is_not_there_is_said_in_english() -> None:
    assert speech.instruction("left", "", 0, "", "fr") == "turn left"
    assert speech.instruction("left", "", 0, "", "de-AT") == "links abbiegen"


@pytest.mark.parametrize(
    ("metres", "says"),
    [
        (3.0, "10 metres"),
        (84.0, "80 metres"),
        (260.0, "250 metres"),
        (940.0, "950 metres"),
        (1010.0, "one kilometre"),
        (1600.0, "1.5 kilometres"),
        (12_400.0, "12 kilometres"),
    ],
)
def test_distances_are_rounded_as_people_say_them(metres: float, says: str) -> None:
    assert speech.distance(metres, "en") == says


def test_distances_in_miles_and_with_a_comma() -> None:
    assert speech.distance(100.0, "en", "imperial") == "350 feet"
    assert speech.distance(1609.0, "en", "imperial") == "one mile"
    assert speech.distance(2400.0, "en", "imperial") == "1.5 miles"
    assert speech.distance(1500.0, "de") == "1,5 Kilometern"


def test_lanes_are_told_where_they_matter() -> None:
    assert speech.lane_advice(["!left", "through", "through"], "en") == "Use the left lane"
    assert speech.lane_advice(["left", "!through", "!through|right"], "en") == "Use the 2 right lanes"
    assert speech.lane_advice(["!through", "!through"], "en") == ""
    assert speech.lane_advice(["left", "right"], "en") == ""
    assert speech.lane_advice([], "en") == ""


def said(announcer: Announcer, speed_ms: float, length_m: float) -> list[tuple[float, str]]:
    """All that is said on a drive at one speed."""
    return [(float(at), text) for at in range(int(length_m)) if (text := announcer.say(float(at), speed_ms))]


def test_in_town_a_manoeuvre_is_told_twice() -> None:
    announcer = Announcer([maneuver("depart", 0.0), maneuver("left", 500.0), maneuver("arrive", 900.0, "Home")], "en")
    told = said(announcer, 13.9, 901)
    assert [text for _, text in told] == [
        "In 200 metres, turn left into Carrer Major.",
        "Turn left into Carrer Major.",
        "In 200 metres, you reach your destination.",
        "You have arrived.",
    ]
    assert 270 < told[0][0] < 330
    assert 430 < told[1][0] < 475


def test_on_a_motorway_it_is_told_a_minute_ahead_too() -> None:
    announcer = Announcer([maneuver("depart", 0.0), maneuver("exit_right", 6000.0), maneuver("arrive", 9000.0)], "en")
    told = said(announcer, 33.0, 6001)
    assert [text for _, text in told] == [
        "Continue for 6 kilometres.",
        "In 2 kilometres, take the exit on the right to Carrer Major.",
        "In 500 metres, take the exit on the right to Carrer Major.",
        "Take the exit on the right to Carrer Major.",
    ]


def test_two_that_follow_at_once_are_told_together_and_not_again() -> None:
    announcer = Announcer([maneuver("left", 500.0), maneuver("right", 540.0, "B"), maneuver("arrive", 900.0)], "en")
    texts = [text for _, text in said(announcer, 10.0, 545)]
    assert texts[:2] == [
        "In 150 metres, turn left into Carrer Major, then turn right into B.",
        "Turn left into Carrer Major, then turn right into B.",
    ]
    assert texts[2:] == ["Turn right into B."]


def test_standing_before_a_manoeuvre_says_it_once() -> None:
    announcer = Announcer([maneuver("left", 100.0), maneuver("arrive", 900.0)], "en")
    assert announcer.say(90.0, 0.0) == "Turn left into Carrer Major."
    assert [announcer.say(90.0, 0.0) for _ in range(50)] == [""] * 50
