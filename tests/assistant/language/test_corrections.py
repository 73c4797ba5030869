"""What takes back or leaves open: the other way round, one of several, and no place in the car."""

import pytest

from alpenglow.assistant.language.parsed import Parsed, Past
from alpenglow.assistant.language.parsing import parse
from alpenglow.assistant.language.text import hear
from tests.assistant.speaking import functions, packs


def _after(first: str, second: str, language: str = "en") -> Parsed:
    past = tuple(Past(w) for w in parse(hear(first), packs()[language], functions()).wishes)
    assert past
    return parse(hear(second), packs()[language], functions(), past)


@pytest.mark.parametrize(
    ("language", "first", "second", "act"),
    [
        ("en", "Turn the volume up.", "No, the opposite.", "down"),
        ("en", "Open my window.", "The other way round!", "close"),
        ("de", "Mach mein Fenster auf.", "Nein, umgekehrt.", "close"),
    ],
)
def test_the_opposite_turns_the_last_act_round(language: str, first: str, second: str, act: str) -> None:
    parsed = _after(first, second, language)
    assert [w.act.name for w in parsed.wishes] == [act]
    assert parsed.instead


def test_back_after_the_next_song_is_the_one_before() -> None:
    assert [w.token for w in _after("Next song.", "Oh no wait, go back.").wishes] == ["SKIP_BACKWARD"]


@pytest.mark.parametrize("said", ["Open one of the rear windows.", "Warm up one of the back seats."])
def test_one_of_several_is_asked(said: str) -> None:
    assert parse(hear(said), packs()["en"], functions()).kind == "unclear"


def test_every_bend_is_no_place_in_the_car() -> None:
    clauses = parse(hear("I get thrown about in every bend"), packs()["en"], functions()).clauses
    assert not any("all" in clause.codes for clause in clauses)
