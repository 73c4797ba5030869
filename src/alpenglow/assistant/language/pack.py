"""A language: its words for the car's functions, for acts, places and amounts, and its replies, from one TOML file.

To teach the assistant a language is to write such a file (docs/assistant.md tells how). Every pattern in it must be
known to the car's catalogue or to VSS 6.0: a word for a function that this car lacks is skipped, a misspelt one is an
error that says where.
"""

import contextlib
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
import snowballstemmer  # type: ignore[import-untyped]

from alpenglow.assistant.acts import ACTS
from alpenglow.assistant.functions import Functions
from alpenglow.assistant.language.conditions import parse_condition
from alpenglow.assistant.language.numbers import NumberWords, spelled
from alpenglow.assistant.language.phrases import Phrases, Tag
from alpenglow.assistant.language.text import Token, hear
from alpenglow.signals import Value

PLACES = (
    "front", "rear", "left", "right", "driver", "passenger", "mine", "here", "all", "both", "behind-me",
    "in-front-of-me", "beside-me", "near", "other", "only", "child",
)  # fmt: skip
DEGREES = ("little", "much", "full", "lowest", "too", "half", "crack", "most", "default")
MARKS = (
    "not", "keep", "unreal", "and", "instead", "also", "undo", "that", "again", "no", "yes", "never-mind", "question",
    "state-question", "how-to", "polite", "by", "to", "until", "from", "later", "when", "every", "scene",
    "call-me", "remember", "forget", "except", "light-verb", "filler", "level", "why", "quote", "stop", "tells",
    "wants", "so", "but", "others", "ensure", "reason", "person", "which", "without", "as-now",
    "one-of", "reverse",
)  # fmt: skip


class PackError(ValueError):
    """A language's file cannot be used; the text says which entry is wrong."""


class Effect(msgspec.Struct, frozen=True):
    """What a phrase or a sentence asks for. Written `PATTERN act` or `PATTERN =VALUE`."""

    pattern: str
    act: str
    value: Value | None = None

    @property
    def key(self) -> str:
        """The effect as it is written in a language's file."""
        return f"{self.pattern} {self.act}" if self.value is None else f"{self.pattern} ={self.value}"


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file, section by section; docs/assistant.md says what each is for."""

    language: str
    stemmer: str = ""  # of snowballstemmer; "": words do not change
    spaces: bool = True  # words are written apart
    compounds: bool = False  # words are joined into longer ones: Beifahrersitzheizung
    asks_in_place: bool = False  # a question word stands where its answer would: 还剩多少电
    particle_links: list[str] = []  # between a particle and its verb in one word: aus·zu·schalten, aus·ge·schaltet
    particles: list[
        str
    ] = []  # words that are acts only at a clause's end, else prepositions: das Licht *an*, *an* der Tür
    articles: list[str] = []  # what follows a preposition
    joins: list[str] = []  # words after a comma that does not end a clause: ich will nicht, *dass* du das Dach öffnest
    names: dict[str, list[str]] = {}
    aspects: dict[str, list[str]] = {}
    values: dict[str, list[str]] = {}
    colours: dict[str, list[str]] = {}
    acts: dict[str, list[str]] = {}
    does: dict[str, list[str]] = {}
    asks: dict[str, list[str]] = {}
    needs: dict[str, list[str]] = {}
    talk: list[str] = []
    ask: list[str] = []
    places: dict[str, list[str]] = {}
    degrees: dict[str, list[str]] = {}
    units: dict[str, list[str]] = {}
    marks: dict[str, list[str]] = {}
    conditions: dict[str, list[str]] = {}
    plural: list[str] = []
    stop: list[str] = []
    told_endings: list[str] = []  # of verbs that tell what somebody does or did: he open*s*, she open*ed*
    numbers: NumberWords = NumberWords()
    weak_numbers: list[str] = []
    replies: dict[str, str] = {}


def parse_effect(text: str) -> Effect:
    """The effect written as `text`; PackError where it has no act."""
    pattern, _, act = text.strip().partition(" ")
    if act.startswith("="):
        raw = act[1:]
        value: Value = {"true": True, "false": False}.get(raw, raw)
        with contextlib.suppress(ValueError):
            value = float(raw) if "." in raw else int(raw)
        return Effect(pattern, "set", value)
    if act not in ACTS:
        raise PackError(f"{text!r}: {act!r} is no act; known are {', '.join(ACTS)}, or =VALUE")
    return Effect(pattern, act)


class Pack:
    """One language, ready to read sentences."""

    def __init__(self, words: Words, functions: Functions) -> None:
        self.words, self.functions = words, functions
        self.language = words.language
        self._stemmer = snowballstemmer.stemmer(words.stemmer) if words.stemmer else None
        self._stems: dict[str, str] = {}
        self.phrases = Phrases(self.stem)
        self.effects: dict[str, Effect] = {}
        self.skipped: list[str] = []  # patterns that this car lacks
        self._parts: frozenset[str] = frozenset()
        self._part_stems: frozenset[str] = frozenset()
        self._particles: frozenset[str] = frozenset()
        self.separable: dict[tuple[str, str], list[str]] = {}  # turn … off: verb (stem) and particle → acts
        self._fill()

    def effects_of(self, key: str) -> tuple[Effect, ...]:
        """The effects that `key` of [needs] names, as far as this car has them."""
        return tuple(e for part in key.split(";") if (e := parse_effect(part)).key in self.effects)

    def stem(self, word: str) -> str:
        """The stem of a word in small letters."""
        if self._stemmer is None:
            return word
        stem = self._stems.get(word)
        if stem is None:
            stem = self._stems[word] = str(self._stemmer.stemWord(word))
            if len(self._stems) > 20_000:  # words come from people, so not without bound
                self._stems.clear()
        return stem

    def tokens(self, phrase: str) -> list[str]:
        """A phrase of the file as the words that sentences are cut into."""
        return [t.text for t in hear(phrase).tokens if t.is_word or t.text in "%°"]

    def _add(self, kind: str, key: str, phrases: list[str], value: float = 0.0, *, exact: bool = False) -> None:
        for phrase in phrases:
            words = self.tokens(phrase)
            if not words:
                raise PackError(f"{self.language}: {kind}.{key!r}: {phrase!r} has no word")
            self.phrases.add(words, Tag(kind, key, value), exact=exact)

    def _check(self, section: str, keys: Mapping[str, object], known: tuple[str, ...]) -> None:
        for key in keys:
            if key not in known:
                raise PackError(f"{self.language}: [{section}] has {key!r}; known are {', '.join(known)}")

    def _fill(self) -> None:
        words = self.words
        self._check("acts", words.acts, tuple(ACTS))
        self._check("places", words.places, PLACES)
        self._check("degrees", words.degrees, DEGREES)
        self._check("marks", words.marks, MARKS)
        for pattern, phrases in words.names.items():
            if self.functions.below(pattern):
                self._add("name", pattern, phrases)
            else:
                self.skipped.append(pattern)
                self._add("lacking", pattern, phrases)
        for section in (words.does, words.needs):
            for key in section:
                effects = [parse_effect(part) for part in key.split(";")]
                self.effects.update({e.key: e for e in effects if self.functions.below(e.pattern)})
        for key, phrases in words.does.items():
            if (effect := parse_effect(key)).key in self.effects:
                self._add("does", effect.key, phrases, exact=True)
            else:
                self.skipped.append(effect.pattern)
                self._add("lacking", effect.pattern, phrases)
        for pattern, phrases in words.asks.items():
            if self.functions.below(pattern):
                self._add("ask", pattern, phrases)
        for kind, section in (("aspect", words.aspects), ("value", words.values), ("colour", words.colours)):
            for key, phrases in section.items():
                self._add(kind, key, phrases, exact=kind != "aspect")
        for act, phrases in words.acts.items():
            self._add("act", act, phrases)
            for phrase in phrases:
                if len(parts := self.tokens(phrase)) in (2, 3) and words.spaces:
                    self.separable.setdefault((self.stem(parts[0]), " ".join(parts[1:])), []).append(act)
        for kind, section in (("place", words.places), ("degree", words.degrees), ("unit", words.units)):
            for key, phrases in section.items():
                self._add(kind, key, phrases, exact=kind == "degree")
        for key, phrases in words.conditions.items():
            try:
                parse_condition(key)
            except ValueError as error:
                raise PackError(f"{self.language}: conditions: {error}") from None
            self._add("condition", key, phrases)
        for key, phrases in words.marks.items():
            self._add("mark", key, phrases, exact=True)
        self._add("plural", "", words.plural, exact=True)
        self._add("stop", "", words.stop, exact=True)
        self._fill_numbers()
        if words.compounds:
            sections = (words.names, words.aspects, words.places, words.units, words.acts)
            words_of = (p for section in sections for phrases in section.values() for p in phrases)
            self._parts = frozenset(t for p in words_of if len(w := self.tokens(p)) == 1 and len(t := w[0]) >= 3)
            self._part_stems = frozenset(self.stem(part) for part in self._parts)
        if words.particle_links:
            self._particles = frozenset(p for phrases in words.acts.values() for p in phrases if " " not in p)

    def _fill_numbers(self) -> None:
        numbers = self.words.numbers
        whole = dict(spelled(self.language))
        for long, short in numbers.also.items():
            whole |= {short + text.removeprefix(long): n for text, n in whole.items() if text.startswith(long)}
        if self.words.compounds:  # einundzwanzig·einhalb
            whole |= {text + half: n + 0.5 for half in numbers.and_half if " " not in half for text, n in whole.items()}
        for text, value in {**whole, **numbers.numbers}.items():
            weak = text in self.words.weak_numbers
            self._add("weak-number" if weak else "number", "", [text], value, exact=True)
        for text, value in numbers.denominators.items():
            self._add("denominator", "", [text], value, exact=True)
        for text, value in numbers.shares.items():
            self._add("share", "", [text], value, exact=True)
        for kind in ("point", "and_half", "parts", "hundred_parts", "tenths"):
            self._add(kind, "", getattr(numbers, kind), exact=True)

    def split_compounds(self, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
        """`tokens` with unknown long words cut into known ones: Fahrersitz → fahrer sitz."""
        if not self._parts:
            return tokens
        result: list[Token] = []
        for token in tokens:
            if len(token.text) < 6 or self.phrases.known(token.text) or not token.text.isalpha():
                result.append(token)
                continue
            parts = self._separate(token.text) or self._split(token.text)
            if parts is None:
                result.append(token)
            else:
                result += [Token(part, token.start, token.end) for part in parts]
        return tuple(result)

    def _separate(self, word: str) -> list[str] | None:
        """A particle and its verb: ausmachen → aus machen, aufzudrehen → auf drehen."""
        verbs = self.words.marks.get("light-verb", ())
        for end in range(2, len(word) - 1):
            if word[:end] in self._particles:
                for link in ("", *self.words.particle_links):
                    if word.startswith(link, end) and word[end + len(link) :] in verbs:
                        return [word[:end], word[end + len(link) :]]
        return None

    def _split(self, word: str) -> list[str] | None:
        """The fewest known words that `word` consists of, with -s- or -n- between them; None where it does not."""
        best: dict[int, list[str]] = {0: []}
        for at in range(len(word)):
            if at not in best:
                continue
            for end in range(at + 3, len(word) + 1):
                last = end == len(word)
                if word[at:end] in self._parts or (last and at and self.stem(word[at:]) in self._part_stems):
                    for link in ("", "s", "n", "en", "es"):
                        after = end + len(link)
                        if word.startswith(link, end) and (after < len(word) or (not link and after == len(word))):
                            parts = [*best[at], word[at:end]]
                            if after not in best or len(parts) < len(best[after]):
                                best[after] = parts
        return best.get(len(word))


def load_words(*files_: Path) -> Words:
    """One language's files as one; PackError says what is wrong with which."""
    merged: dict[str, Any] = {}
    for file in files_:
        try:
            content = tomllib.loads(file.read_text(encoding="utf-8"))
            msgspec.convert({"language": "", **content}, Words)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
            raise PackError(f"{file.name}: {error}") from None
        for key, value in content.items():
            if key in merged and isinstance(value, dict):
                merged[key] = {**merged[key], **value}
            elif key in merged and isinstance(value, list):
                merged[key] = [*merged[key], *value]
            else:
                merged[key] = value
    return msgspec.convert(merged, Words)


def load_packs(functions: Functions, folder: Path | None = None) -> dict[str, Pack]:
    """All languages in `folder` (by default ours), by language; `en.toml` and `en.needs.toml` are one language."""
    where = Path(str(files("alpenglow.assistant") / "words")) if folder is None else folder
    languages: dict[str, list[Path]] = {}
    for file in sorted(where.glob("*.toml"), key=lambda f: f.name.split(".")):
        languages.setdefault(file.name.partition(".")[0], []).append(file)
    return {language: Pack(load_words(*parts), functions) for language, parts in languages.items()}
