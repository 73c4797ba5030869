"""The kinds of place, and the words by which people ask for them in eight languages."""

import functools
import tomllib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from operator import itemgetter

from alpenglow.navigation.api import PlaceKind
from alpenglow.navigation.search.folding import fold, is_sign, spellings
from alpenglow.navigation.search.vocabulary import Vocabulary

LANGUAGES = ("en", "de", "zh", "ar", "ca", "es", "fr", "fi")
_LEAST_LETTERS = 3  # of the beginning of a category's word


@dataclass(frozen=True)
class Category:
    """One kind of place."""

    name: str
    kind: PlaceKind
    importance: float
    unnamed: bool  # found though it has no name
    holds: tuple[str, ...]
    words: Mapping[str, Sequence[str]]  # language -> its words; the first is the title

    def title(self, language: str) -> str:
        """What it is called."""
        return self.words.get(language, self.words["en"])[0]


@dataclass(frozen=True)
class Meant:
    """What a text asks for, if it may be a category."""

    categories: frozenset[str]
    rest: tuple[str, ...]  # words that tell more: a name, a settlement
    sure: float  # 1 for a whole word, less for its beginning or a slip


@dataclass(frozen=True)
class Asked:
    """A text without what is said around it."""

    words: tuple[str, ...]
    nearest: bool  # the nearest first


class Categories:
    """All of categories.toml and phrases.toml."""

    def __init__(self) -> None:
        files = resources.files("alpenglow.navigation.search")
        table = tomllib.loads((files / "categories.toml").read_text("utf-8"))
        phrases = tomllib.loads((files / "phrases.toml").read_text("utf-8"))
        self.all: dict[str, Category] = {name: _category(name, entry) for name, entry in table.items()}
        self._of_tag: dict[str, int] = {}
        self._order = list(self.all)
        for i, entry in enumerate(table.values()):
            for tag in entry["tags"]:
                self._of_tag.setdefault(tag, i)
        self._keys = tuple(dict.fromkeys(tag.partition("=")[0] for tag in self._of_tag))
        self._of_phrase: dict[tuple[str, ...], set[str]] = {}
        for category in self.all.values():
            for words in category.words.values():
                for text in words:
                    for spelling in spellings(text):
                        self._of_phrase.setdefault(tuple(spelling.split()), set()).add(category.name)
        self._sorted = sorted((" ".join(phrase), names) for phrase, names in self._of_phrase.items())
        self._longest = max(map(len, self._of_phrase))
        self._words = Vocabulary(dict.fromkeys(word for phrase in self._of_phrase for word in phrase))
        self._near: dict[str, list[tuple[str, ...]]] = {}
        for phrase in {tuple(fold(text)) for text in phrases["near"]}:
            self._near.setdefault(phrase[0], []).append(phrase)
        self._filling = {tuple(fold(text)) for text in phrases["filling"]}
        self.short: dict[str, list[str]] = phrases["short"]

    def of(self, tags: Mapping[str, str]) -> Category | None:
        """The category of a place with these tags."""
        found = len(self._order)
        for key in self._keys:
            if value := tags.get(key):
                place = self._of_tag.get(f"{key}={value}", self._of_tag.get(f"{key}=*", found))
                found = min(found, place)
        return self.all[self._order[found]] if found < len(self._order) else None

    def asked(self, words: Sequence[str]) -> Asked:
        """Take "near me" and its like away, where anything is left then."""
        begun = [phrase for word in dict.fromkeys(words) for phrase in self._near.get(word, ())]
        for phrase in sorted(begun, key=len, reverse=True):
            at = _find(words, phrase)
            if at >= 0 and len(words) > len(phrase):
                return Asked((*words[:at], *words[at + len(phrase) :]), nearest=True)
        return Asked(tuple(words), nearest=False)

    def meant(self, words: Sequence[str], slips: bool = False) -> Meant | None:
        """The category that the words name, if they do: the longest phrase of it; `slips`: with a letter wrong."""
        for size in range(min(self._longest, len(words)), 0, -1):
            for at in range(len(words) - size + 1):
                phrase = tuple(words[at : at + size])
                found, sure = self._named(phrase, at + size == len(words), slips)
                if found:
                    rest = [*words[:at], *words[at + size :]]
                    return Meant(self._with_held(found), self._telling(rest), sure)
        return None

    def _named(self, phrase: tuple[str, ...], last: bool, slips: bool) -> tuple[set[str], float]:
        if exact := self._of_phrase.get(phrase):
            return exact, 1.0
        word = phrase[-1]
        if last and len(word) >= _LEAST_LETTERS and (begun := self._begun(" ".join(phrase))):
            return begun, 0.6
        if slips:
            for i, typed in enumerate(phrase):
                for other in self._words.near(typed, unfinished=False):
                    if found := self._of_phrase.get((*phrase[:i], other, *phrase[i + 1 :])):
                        return found, 0.7
        return set(), 0.0

    def _begun(self, text: str) -> set[str]:
        """The categories that have a phrase which begins like that."""
        names: set[str] = set()
        for phrase, found in self._sorted[bisect_left(self._sorted, text, key=itemgetter(0)) :]:
            if not phrase.startswith(text):
                break
            names |= found
        return names

    def _with_held(self, names: set[str]) -> frozenset[str]:
        return frozenset(names).union(*(self.all[name].holds for name in names))

    def _telling(self, words: Sequence[str]) -> tuple[str, ...]:
        """Without the words that tell nothing. Signs are looked at two at a time as well."""
        told: list[str] = []
        i = 0
        while i < len(words):
            if i + 1 < len(words) and is_sign(words[i]) and tuple(words[i : i + 2]) in self._filling:
                i += 2
                continue
            if (words[i],) not in self._filling:
                told.append(words[i])
            i += 1
        return tuple(told)


@functools.cache
def categories() -> Categories:
    """The categories, read once."""
    return Categories()


def _category(name: str, entry: Mapping[str, object]) -> Category:
    kind: PlaceKind = "charger" if name == "charger" else "nature" if entry.get("kind") == "nature" else "poi"
    words = {language: entry[language] for language in LANGUAGES}
    importance, holds = entry["importance"], entry.get("holds", [])
    assert isinstance(importance, float)
    assert isinstance(holds, list)
    return Category(name, kind, importance, entry.get("unnamed") is True, tuple(holds), words)  # type: ignore[arg-type]


def _find(words: Sequence[str], phrase: tuple[str, ...]) -> int:
    size = len(phrase)
    return next((i for i in range(len(words) - size + 1) if tuple(words[i : i + size]) == phrase), -1)
