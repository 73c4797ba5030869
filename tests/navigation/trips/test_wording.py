"""Sentences in four languages: none lacks one, and each fills in the same names."""

import string

import pytest

from alpenglow.navigation.trips.wording import LANGUAGES, words


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things(language: str) -> None:
    english, other = words("en").entries, words(language).entries
    assert other.keys() == english.keys()
    for section, entries in english.items():
        if isinstance(entries, dict):
            assert other[section].keys() == entries.keys(), section
            for key, text in entries.items():
                assert fields(other[section][key]) == fields(text), f"{section}.{key}"


def test_numbers_are_written_as_people_write_them() -> None:
    assert words("de").energy(4.25) == "4,2 kWh"
    assert words("en").percent(-0.2) == "0 %"
    assert words("en").change(0.094) == "+9 %"
    assert words("en").change(-0.05) == "−5 %"
    assert words("en").time(3600 * 2 + 5 * 60) == "2 h 5 min"
    assert words("en").time(20.0) == "1 min"
    assert words("en").distance(840.0) == "840 m"
    assert words("en").distance(4321.0) == "4.3 km"
    assert words("en").power(22.0) == "22 kW"


def test_a_language_that_there_is_none_of_is_english() -> None:
    assert words("fi").language == "en"
    assert words("zh-Hans-CN").language == "zh"
