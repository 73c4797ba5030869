"""Words of three languages meet although they are bent, joined, taken apart or not spaced."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.assistant.handbook.words import STOP, stem, terms


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["wiper", "wipers"]),
        ("en", ["charge", "charges", "charging", "charged"]),
        ("en", ["battery", "batteries"]),
        ("en", ["stop", "stopping", "stopped"]),
        ("de", ["Reifen", "Reifens"]),
        ("de", ["beschlagen", "beschlagene", "beschlagenen"]),
        ("de", ["Spiegel", "Spiegeln"]),
        ("de", ["Größe", "Grösse"]),
    ],
)
def test_forms_of_a_word_are_one(language: str, words: list[str]) -> None:
    assert len({stem(word.casefold(), language) for word in words}) == 1


def test_a_german_compound_counts_by_its_parts() -> None:
    known = {stem(word, "de") for word in ("reifen", "druck", "winter")}
    (term,) = terms("Winterreifen", "de", known)
    assert term.parts == (stem("winter", "de"), stem("reifen", "de"))
    assert terms("Wintergarten", "de", known)[0].parts == ()


def test_a_separated_german_verb_is_put_together() -> None:
    known = {stem(word, "de") for word in ("einklappen", "spiegel")}
    assert stem("einklappen", "de") in {t.whole for t in terms("Wie klappe ich die Spiegel ein?", "de", known)}


def test_chinese_is_compared_by_pairs_without_what_only_asks() -> None:
    assert [t.whole for t in terms("车窗起雾怎么办？", "zh")] == ["车窗", "窗起", "起雾"]


@pytest.mark.parametrize("language", ["en", "de", "zh"])
def test_a_question_of_nothing_but_little_words_is_about_nothing(language: str) -> None:
    assert terms(" ".join(sorted(STOP[language])), language) == []


@given(st.text(max_size=300), st.sampled_from(["en", "de", "zh"]))
def test_any_text_has_terms_that_hold_no_punctuation(text: str, language: str) -> None:
    for term in terms(text, language, {"reif", "druck"}):
        assert term.whole
        assert not set(term.whole) & set('"*() \t\n')
