"""Numbers in words are the numbers in digits, whatever the language."""

import pytest
from unicode_rbnf import RbnfEngine

from alpenglow.assistant.language.clauses import cut, read_units
from alpenglow.assistant.language.numbers import of_digits
from alpenglow.assistant.language.text import hear
from tests.assistant.speaking import packs


def numbers(said: str, language: str = "en") -> list[tuple[float, bool]]:
    tokens, parts = read_units(hear(said), packs()[language])
    return [(s.number.value, s.number.share) for clause in cut(tokens, parts) for s in clause.said]


@pytest.mark.parametrize(("language", "unit"), [("en", "percent"), ("de", "Prozent"), ("zh", "度")])
def test_whole_numbers_in_words_are_those_in_digits(language: str, unit: str) -> None:
    engine = RbnfEngine.for_language(language)
    for number in range(201):
        words = f"{engine.format_number(number).text} {unit}"
        assert numbers(words, language) == numbers(f"{number} {unit}", language) == [(float(number), False)], words


@pytest.mark.parametrize(
    ("said", "value", "share"),
    [
        ("one hundred and fifteen percent", 115, False),
        ("at one-twenty", 120, False),
        ("twenty-one and a half degrees", 21.5, False),
        ("one and a half degrees", 1.5, False),
        ("nineteen point five degrees", 19.5, False),
        ("19,5 degrees", 19.5, False),
        ("two fifths", 0.4, True),
        ("three quarters", 0.75, True),
        ("half", 0.5, True),
        ("1/4", 0.25, True),
        ("level one", 1, False),
    ],
)
def test_numbers_are_built_of_numbers(said: str, value: float, share: bool) -> None:
    assert numbers(said) == [(pytest.approx(value, abs=0.001), share)]


@pytest.mark.parametrize("said", ["the other one", "open one of them", "12:30", "no windows"])
def test_what_is_no_amount_is_no_number(said: str) -> None:
    assert numbers(said) == []


@pytest.mark.parametrize(("token", "value"), [("19.5", 19.5), ("1/2", 0.5), ("1/0", None), ("12:30", None)])
def test_digits(token: str, value: float | None) -> None:
    assert of_digits(token) == value
