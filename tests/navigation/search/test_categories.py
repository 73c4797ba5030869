"""The words of categories."""

import re
from pathlib import Path

import msgspec
import pytest

from alpenglow.navigation.search.categories import LANGUAGES, categories
from alpenglow.navigation.search.folding import fold

_WORDS = Path(__file__).parents[3] / "web" / "words"


def test_every_category_has_words_in_every_language() -> None:
    for category in categories().all.values():
        assert set(category.words) == set(LANGUAGES), category.name
        assert all(fold(word) for words in category.words.values() for word in words), category.name


@pytest.mark.parametrize("language", ["en", "de", "zh", "ar"])
def test_the_words_on_the_pages_buttons_are_understood(language: str) -> None:
    words = msgspec.json.decode((_WORDS / language / "map.json").read_bytes(), type=dict[str, str])
    buttons = {key.removeprefix("category_"): word for key, word in words.items() if re.match("category_", key)}
    assert buttons
    for name, word in buttons.items():
        meant = categories().meant(fold(word))
        assert meant is not None, word
        assert name in meant.categories
        assert meant.sure == 1.0
