"""The best cover of a sentence: longer phrases before shorter, words as written before their stems."""

from alpenglow.assistant.language.phrases import Phrases, Tag, cover
from alpenglow.assistant.language.text import hear


def stem(word: str) -> str:
    return word.removesuffix("s")


def covered(said: str, phrases: Phrases) -> list[tuple[str, list[str]]]:
    tokens = hear(said).tokens
    return [(unit.text, [tag.key for tag in unit.tags]) for unit in cover(tokens, phrases.find(tokens))]


def test_a_longer_phrase_hides_the_shorter_in_it() -> None:
    phrases = Phrases(stem)
    phrases.add(["rear"], Tag("place", "rear"))
    phrases.add(["fog"], Tag("name", "fog"))
    phrases.add(["rear", "fog"], Tag("name", "rear-fog"))
    assert covered("the rear fog", phrases) == [("the", []), ("rear fog", ["rear-fog"])]


def test_a_word_as_written_hides_what_its_stem_would_be() -> None:
    phrases = Phrases(stem)
    phrases.add(["window"], Tag("name", "window"))
    phrases.add(["lights"], Tag("name", "headlights"), exact=True)
    phrases.add(["light"], Tag("act", "on"))
    assert covered("windows", phrases) == [("windows", ["window"])]
    assert covered("lights", phrases) == [("lights", ["headlights"])]


def test_a_phrase_of_function_words_costs_none_that_means_something() -> None:
    phrases = Phrases(stem)
    phrases.add(["turn", "it"], Tag("stop", ""))
    phrases.add(["it", "up"], Tag("act", "up"))
    assert covered("turn it up", phrases) == [("turn", []), ("it up", ["up"])]


def test_all_meanings_of_one_extent_are_kept() -> None:
    phrases = Phrases(stem)
    phrases.add(["back"], Tag("place", "rear"))
    phrases.add(["back"], Tag("act", "back"))
    assert covered("back", phrases) == [("back", ["rear", "back"])]
