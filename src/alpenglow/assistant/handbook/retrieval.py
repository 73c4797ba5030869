"""Asking the handbook: the passages that fit a question, and an answer in the passage's own sentences.

Words and meaning are fused by one linear score, whose weights a logistic regression has fitted to questions
(`python tests/assistant/handbook/calibrate.py`). A weighted sum keeps what ranks throw away, how good a match is, so
that one number both orders the passages and says whether any of them is meant; it also ordered better here than
reciprocal rank fusion, as Bruch, Gai and Ingber found ("An Analysis of Fusion Functions for Hybrid Retrieval", ACM
TOIS 42, 2023).

A passage is text and stays text: what is found here is only ever returned, with the place it comes from.
"""

import math
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Self

import msgspec

from alpenglow.assistant.handbook.meaning import Encoder, Meaning
from alpenglow.assistant.handbook.passages import Passage, read
from alpenglow.assistant.handbook.wording import Wording
from alpenglow.assistant.handbook.words import sentences

OWN = Path(__file__).parent  # the handbook of the simulated car
_LONGEST = 500  # characters of a question that are looked at; the handbook answers questions, not letters
_MOST_SENTENCES = 3
_BEGINNING = 0.3  # of the question: what the beginning of a passage, its main point, may cover less than the rest
_HANDBOOK = {"en": "Handbook", "de": "Handbuch", "zh": "用户手册"}


class Weights(msgspec.Struct, frozen=True):
    """Of a passage's score before it is squeezed between 0 and 1, and from where the passage is surely meant."""

    coverage: float  # for all of the question's words
    bm25: float  # for each unit
    closeness: float  # for each spread
    start: float
    sure: float  # 0 to 1


BOTH = Weights(3.4, 0.26, 2.0, -9.0, 0.25)
WORDS = Weights(2.5, 0.60, 0.0, -6.9, 0.30)  # without an encoder


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A passage that may answer."""

    passage: Passage
    score: float  # 0 to 1
    sure: bool  # whether it is good enough to be quoted


class Cite(msgspec.Struct, frozen=True, kw_only=True):
    """Where a sentence comes from."""

    id: str
    title: str  # for people: "Handbook: Climate › Temperature"


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """Sentences of the handbook, word for word."""

    text: str
    cites: list[Cite]


class Evidence(msgspec.Struct, frozen=True):
    """What speaks for one passage."""

    coverage: float
    bm25: float
    closeness: float

    def score(self, weights: Weights) -> float:
        """0 to 1."""
        return 1.0 / (1.0 + math.exp(-self.sum(weights)))

    def sum(self, w: Weights) -> float:
        """The score before it is squeezed."""
        return w.coverage * self.coverage + w.bm25 * self.bm25 + w.closeness * self.closeness + w.start


class _Volume:
    """The handbook in one language."""

    def __init__(self, passages: Sequence[Passage], language: str, encoder: Encoder | None) -> None:
        self.passages = passages
        self.language = language
        self.encoder = encoder
        self.wording = Wording(passages, language)

    @cached_property
    def meaning(self) -> Meaning | None:
        """Made when it is first needed: a car whose people speak one language embeds one volume."""
        return Meaning(self.passages, self.encoder) if self.encoder else None

    def evidence(self, question: str) -> list[Evidence]:
        """For each passage, by its place."""
        asked = self.wording.terms(question)
        bm25 = self.wording.scores(asked)
        close = self.meaning.closeness(question) if self.meaning else [0.0] * len(self.passages)
        return [
            Evidence(self.wording.coverage(asked, place), bm25.get(place, 0.0), near)
            for place, near in enumerate(close)
        ]


class Handbook:
    """A handbook in one or more languages; the car's own, or a brand's. `load` it."""

    def __init__(self, passages: Sequence[Passage], encoder: Encoder | None = None) -> None:
        self._weights = BOTH if encoder else WORDS
        self._volumes = {
            language: _Volume([p for p in passages if p.language == language], language, encoder)
            for language in dict.fromkeys(p.language for p in passages)
        }

    @classmethod
    def load(cls, folder: Path = OWN, encoder: Encoder | None = None) -> Self:
        """The handbook in `folder`; without an encoder it is searched by words alone. HandbookError for a bad file."""
        return cls(read(folder), encoder)

    @property
    def languages(self) -> list[str]:
        """The languages it is written in."""
        return list(self._volumes)

    def prepare(self, language: str) -> None:
        """Embed this language's passages now instead of at the first question; takes a second or more."""
        _ = self._volume(language).meaning

    def passage(self, passage_id: str, language: str) -> Passage | None:
        """The passage with this id."""
        return next((p for p in self._volume(language).passages if p.id == passage_id), None)

    def evidence(self, question: str, language: str) -> dict[str, Evidence]:
        """What speaks for each passage, by id."""
        volume = self._volume(language)
        found = volume.evidence(question[:_LONGEST])
        return {p.id: e for p, e in zip(volume.passages, found, strict=True)}

    def search(self, question: str, language: str, limit: int = 3) -> list[Found]:
        """The passages that fit best, best first; where none is `sure`, the handbook has nothing to say."""
        volume = self._volume(language)
        return [
            Found(passage=volume.passages[place], score=score, sure=score >= self._weights.sure)
            for score, place in self._ranked(volume, question[:_LONGEST])[:limit]
        ]

    def answer(self, question: str, language: str) -> Answered | None:
        """One to three sentences of the best passage, cited; None when nothing fits."""
        question = question[:_LONGEST]
        volume = self._volume(language)
        score, place = self._ranked(volume, question)[0]
        if score < self._weights.sure:
            return None
        passage = volume.passages[place]
        return Answered(text=_quote(volume, place, question), cites=[_cite(passage)])

    def _ranked(self, volume: _Volume, question: str) -> list[tuple[float, int]]:
        scores = [(e.score(self._weights), place) for place, e in enumerate(volume.evidence(question))]
        return sorted(scores, key=lambda found: (-found[0], found[1]))

    def _volume(self, language: str) -> _Volume:
        # A brand may write in fewer languages than its customers speak: better a passage in English than none.
        return self._volumes.get(language) or self._volumes.get("en") or next(iter(self._volumes.values()))


def _cite(passage: Passage) -> Cite:
    book = _HANDBOOK.get(passage.language, _HANDBOOK["en"])
    colon = "：" if passage.language == "zh" else ": "
    return Cite(id=passage.id, title=f"{book}{colon}{passage.chapter} › {passage.title}")


def _quote(volume: _Volume, place: int, question: str) -> str:
    """The consecutive sentences that cover most of the question; of equals the first, where a passage says the most.

    What the heading says already tells no sentence from another.
    """
    passage = volume.passages[place]
    said = sentences(passage.text)
    wording = volume.wording
    asked = [term for term in wording.terms(question) if not wording.coverage_of([term], passage.title)]
    glue = "" if passage.language == "zh" else " "
    windows = [glue.join(said[i : i + _MOST_SENTENCES]) for i in range(max(1, len(said) - _MOST_SENTENCES + 1))]
    worth = [wording.coverage_of(asked, window) for window in windows]
    worth[0] += _BEGINNING
    return windows[worth.index(max(worth))]
