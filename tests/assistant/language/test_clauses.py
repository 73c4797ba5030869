"""A sentence is cut where another thing begins, and each part says what its words may mean."""

import pytest

from alpenglow.assistant.language.clauses import Clause, cut, read_units
from alpenglow.assistant.language.text import hear
from tests.assistant.speaking import packs


def clauses(said: str) -> list[Clause]:
    tokens, parts = read_units(hear(said), packs()["en"])
    return cut(tokens, parts)


def acts(said: str) -> list[set[str]]:
    return [{name for _, name in clause.act_units()} for clause in clauses(said)]


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("close the window and turn on the dome light", 2),
        ("close the window, turn on the dome light, lock the doors", 3),
        ("window up fan down", 2),
        ("give the rear screen a wipe", 1),
        ("it is dark because the lamp is off", 2),
        ("a hundred and fifteen percent", 1),
    ],
)
def test_a_sentence_has_as_many_parts_as_things_are_said(said: str, parts: int) -> None:
    assert len(clauses(said)) == parts


@pytest.mark.parametrize(
    ("said", "describes"),
    [
        ("the boot isn't shut", True),
        ("there's a gap at the window", True),
        ("my brother opened the window", True),
        ("make sure the doors are locked", False),
        ("open the window", False),
        ("are the doors locked", True),
    ],
)
def test_what_tells_how_things_are_is_told_from_what_shall_be_done(said: str, describes: bool) -> None:
    assert clauses(said)[0].describes is describes


def test_a_separable_verb_is_one_act_with_its_particle() -> None:
    assert "push-out" in acts("push the lumbar out")[0]
    assert "fold" in acts("tuck the mirrors in")[0]
    assert "off" in acts("no music please")[0]


def test_a_particle_before_an_article_is_a_preposition() -> None:
    assert acts("the picture on the screen") == [set()]
    assert "on" in acts("the screen on")[0]


def test_a_name_is_no_act_where_another_word_is() -> None:
    assert acts("lights off") == [{"off", "push-out"} & acts("lights off")[0]]
    assert "on" not in acts("lights off")[0]
    assert "lock" in acts("lock the back right door")[0]


def test_a_reason_is_an_aside() -> None:
    first, second = clauses("close the roof because it is cold")
    assert (first.aside, second.aside) == (False, True)
