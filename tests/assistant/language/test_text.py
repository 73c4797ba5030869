"""What was typed comes into one writing, bounded and honest about its letters."""

from hypothesis import given
from hypothesis import strategies as st

from alpenglow.assistant.language.text import MAX_CHARACTERS, hear


@given(st.text(max_size=3000))
def test_nothing_invisible_and_nothing_endless_gets_through(raw: str) -> None:
    heard = hear(raw)
    assert len(heard.text) <= MAX_CHARACTERS
    assert heard.text.isprintable()
    assert all(heard.text[t.start : t.end].casefold() == t.text for t in heard.tokens)


def test_letters_of_another_script_within_a_word_are_a_disguise() -> None:
    assert hear("\u043epen the window").disguised  # a Cyrillic o
    assert not hear("Öffne das Fenster").disguised
    assert not hear("挂P挡").disguised


def test_a_spelt_word_is_the_word() -> None:
    assert [t.text for t in hear("D-A-B please").tokens] == ["dab", "please"]
    assert [t.text for t in hear("a.c. off").tokens] == ["ac", "off"]
    assert [t.text for t in hear("rear-view mirror").tokens] == ["rear", "view", "mirror"]


def test_a_text_that_nobody_says_in_one_breath_is_too_long() -> None:
    assert hear("open " * 1000).too_long
    assert not hear("open the window").too_long
