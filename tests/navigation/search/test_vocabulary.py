"""Words one slip away, against trying every slip."""

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.navigation.search.vocabulary import Vocabulary

_WORD = st.text(alphabet="abcé", min_size=3, max_size=7)


def slips(word: str) -> set[str]:
    """Every word that is one slip away, over a small alphabet."""
    letters = "abcé"
    found = set()
    for i in range(len(word) + 1):
        found |= {word[:i] + letter + word[i:] for letter in letters}
        if i < len(word):
            found |= {word[:i] + word[i + 1 :]} | {word[:i] + letter + word[i + 1 :] for letter in letters}
        if i + 1 < len(word):
            found.add(word[:i] + word[i + 1] + word[i] + word[i + 2 :])
    return found - {word}


@settings(max_examples=300, deadline=None)
@given(st.lists(_WORD, min_size=1, max_size=30, unique=True), _WORD)
def test_the_words_one_slip_away_are_those(words: list[str], typed: str) -> None:
    assert set(Vocabulary(words).near(typed, unfinished=False)) == slips(typed) & set(words)


@settings(max_examples=300, deadline=None)
@given(st.lists(_WORD, min_size=1, max_size=30, unique=True), st.text(alphabet="abcé", min_size=4, max_size=6))
def test_an_unfinished_word_may_go_on(words: list[str], typed: str) -> None:
    near = Vocabulary(words).near(typed, unfinished=True)
    begun = {word for word in words if any(word.startswith(slip) for slip in slips(typed))}
    assert set(near) == {word for word in begun if not word.startswith(typed)}


def test_long_and_odd_words_do_no_harm() -> None:
    words = Vocabulary(["donaudampfschifffahrtsgesellschaft", "ab", "", "12345", "\U0001f600" * 5])
    assert words.near("donaudampfschiffahrtsgesellschaft", unfinished=True)
    assert words.near(string.ascii_letters * 9, unfinished=True) == []
    assert Vocabulary([]).near("abc", unfinished=False) == []
