"""Sentences about the way, as people say them in three languages, and all that only sounds like one."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.assistant.language.text import hear
from alpenglow.assistant.navigating.errands import chosen, languages_of, wanted
from alpenglow.assistant.navigating.wording import LANGUAGES, words
from alpenglow.navigation.api import Place, Position

_HERE = Path(__file__).parent
_LATIN = st.text("aàáäbcçdeéèfghiïjklmnñoòóöpqrstuüvwxyz", min_size=2, max_size=12).map(lambda tail: f"Qx{tail}")
_CHINESE = st.text("鑫森淼焱垚卡尼略山水云", min_size=2, max_size=6).map(lambda tail: f"鑫{tail}")


def rows(name: str) -> list[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def places(*where: str, name: str = "Carrer Major") -> list[Place]:
    at = Position(latitude=42.5, longitude=1.5)
    return [Place(id=f"n{n}", name=name, kind="street", where=each, position=at) for n, each in enumerate(where)]


@pytest.mark.parametrize("row", rows("errands.tsv"), ids=lambda row: row["said"])
def test_a_sentence_about_the_way_is_an_errand(row: dict[str, str]) -> None:
    errand = wanted(hear(row["said"]), row["language"])
    assert errand is not None
    assert errand.kind == row["kind"]
    assert (errand.place, errand.via, errand.kept) == (row["place"], row["via"], row["kept"])
    assert errand.scope == row["scope"]


@pytest.mark.parametrize("row", rows("others.tsv"), ids=lambda row: row["said"])
def test_what_else_people_say_in_a_car_is_none(row: dict[str, str]) -> None:
    assert wanted(hear(row["said"]), row["language"]) is None
    assert languages_of(hear(row["said"])) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_sentences_enough_in_each_language(language: str) -> None:
    for name in ("errands.tsv", "others.tsv"):
        assert len([row for row in rows(name) if row["language"] == language]) >= 40


def test_every_language_says_the_same_things() -> None:
    assert len({frozenset(words(language).table.replies) for language in LANGUAGES}) == 1
    for language in LANGUAGES:
        assert set(words(language).table.scopes) == {"near", "along", "destination"}


@given(st.text(max_size=700), st.sampled_from([*LANGUAGES, "fr"]))
def test_nothing_that_is_said_raises(said: str, language: str) -> None:
    wanted(hear(said), language)
    chosen(said, places("Encamp", "Ordino"), language)


@given(
    st.text(max_size=60),
    st.sampled_from(["navigate to {}", "find {} near me", "can I make it to {}?", "take me to {}"]),
)
def test_nothing_that_is_said_for_a_place_raises(name: str, pattern: str) -> None:
    wanted(hear(pattern.format(name)), "en")


@given(
    st.lists(_LATIN, min_size=1, max_size=3).map(" ".join),
    st.sampled_from(
        [
            ("navigate to {}", "en"),
            ("Take me to {}, please.", "en"),
            ("Navigiere nach {}", "de"),
            ("Bring mich bitte nach {}!", "de"),
        ]
    ),
)
def test_a_name_stays_as_it_was_said(name: str, pattern: tuple[str, str]) -> None:
    sentence, language = pattern
    errand = wanted(hear(sentence.format(name)), language)
    assert errand is not None
    assert errand.place == hear(name).text


@given(_CHINESE, st.sampled_from(["导航到{}", "带我去{}。", "去{}怎么走？"]))
def test_a_name_stays_as_it_was_said_in_chinese(name: str, pattern: str) -> None:
    errand = wanted(hear(pattern.format(name)), "zh")
    assert errand is not None
    assert errand.place == name


@pytest.mark.parametrize(
    ("said", "language", "index"),
    [
        ("the second one", "en", 1), ("the first", "en", 0), ("number two please", "en", 1), ("the last one", "en", 1),
        ("Ordino", "en", 1), ("the one in Encamp", "en", 0), ("in Ordino, please", "en", 1),
        ("the third one", "en", None),
        ("die zweite", "de", 1), ("das erste bitte", "de", 0), ("die in Ordino", "de", 1), ("Nummer zwei", "de", 1),
        ("第二个", "zh", 1), ("第一个吧", "zh", 0), ("在Ordino的那个", "zh", 1), ("去第二个", "zh", 1),
        ("open the window", "en", None), ("yes", "en", None), ("", "en", None),
    ],
)  # fmt: skip
def test_one_of_several_is_chosen(said: str, language: str, index: int | None) -> None:
    assert chosen(hear(said).text, places("Encamp", "Ordino"), language) == index


def test_letters_in_disguise_and_speeches_are_no_errand() -> None:
    assert wanted(hear("navigate to Cаnillo"), "en") is None  # a Cyrillic letter
    assert wanted(hear("navigate to " + "very " * 200 + "far"), "en") is None
