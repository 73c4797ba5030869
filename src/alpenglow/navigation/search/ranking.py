"""How well a place answers a text: by its name first, then by how much it matters and how near it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]

_WHOLE, _BEGINNING = 1.0, 0.55  # of a word of the name
_SLIP = 0.72  # times that, for a word with a letter wrong
_SYNONYM = 0.9
_AROUND = 0.35  # times that, for a word of the street or settlement instead of the name
_OTHER_NAME = 0.96  # times that, for a name that is not on the sign
_NAME_IS_TEXT = 0.5
_NAME_BEGINS = 0.12
_COVERED = 0.25
_IMPORTANCE, _NEARNESS = 0.55, 0.35
_NEAR_M = 4000.0  # where nearness is worth half


@dataclass(frozen=True)
class Typed:
    """One word that was typed, with what may be meant by it."""

    word: str
    slips: frozenset[str] = frozenset()  # words one slip away, of it or of their beginning
    synonyms: frozenset[str] = frozenset()

    def fits(self, word: str) -> float:
        """How well a word of a place is what was typed: 0 … 1."""
        if word == self.word:
            return _WHOLE
        best = 0.0
        if word.startswith(self.word):
            best = _BEGINNING + (_WHOLE - _BEGINNING) * 0.8 * len(self.word) / len(word)
        if word in self.synonyms:
            best = max(best, _SYNONYM)
        if word in self.slips:
            begins = len(word) > len(self.word) + 1
            part = min(1.0, len(self.word) / len(word))
            best = max(best, _SLIP * (_BEGINNING + (_WHOLE - _BEGINNING) * 0.8 * part if begins else _WHOLE))
        return best


def fitness(typed: Sequence[Typed], spelled: Sequence[str], around: Sequence[str]) -> float:
    """How well the names and surroundings of a place fit; 0 where a word is nowhere or none is in a name."""
    best = 0.0
    outside = [max((each.fits(word) for word in around), default=0.0) * _AROUND for each in typed]
    for i, name in enumerate(spelled):
        words = name.split()
        if len(words) > 1 and len(typed) <= len(words):
            words.append("".join(words))
        best = max(best, _name_fitness(typed, name, words, outside) * (1.0 if i == 0 else _OTHER_NAME))
    return best


def _name_fitness(typed: Sequence[Typed], name: str, words: list[str], outside: list[float]) -> float:
    total = weights = 0.0
    covered = 0
    inside = False
    for each, elsewhere in zip(typed, outside, strict=True):
        fit, word = max((each.fits(word), word) for word in words)
        if fit > elsewhere:
            inside = True
            covered += min(len(word), len(each.word))
        elif elsewhere <= 0.0:
            return 0.0
        weight = len(each.word) + 1.0
        total += weight * max(fit, elsewhere)
        weights += weight
    if not inside:
        return 0.0
    text = " ".join(each.word for each in typed)
    extra = _NAME_IS_TEXT if text == name else _NAME_BEGINS if name.startswith(text) else 0.0
    return total / weights + extra + _COVERED * min(1.0, covered / max(1, len(name.replace(" ", ""))))


def worth(importance: Floats, metres: Floats | None, nearest: bool = False) -> Floats:
    """What is added for mattering and for being near; `nearest`: near is all that counts."""
    near = np.zeros_like(importance) if metres is None else 1.0 / (1.0 + metres / _NEAR_M)
    if nearest:
        return 0.05 * importance + 2.0 * near
    return _IMPORTANCE * importance + _NEARNESS * near
