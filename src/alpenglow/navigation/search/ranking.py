"""How well a place answers a text: by its name first, then by how much it matters and how near it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field

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

    _known: dict[str, float] = field(default_factory=dict, compare=False)

    def fits(self, word: str) -> float:
        """How well a word of a place is what was typed: 0 … 1."""
        known = self._known.get(word)
        if known is None:  # the same words come again and again: "carrer", "de", the settlement
            known = self._known[word] = self._fits(word)
        return known

    def _fits(self, word: str) -> float:
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


def fitness(typed: Sequence[Typed], spelled: Sequence[str], around: str) -> float:
    """How well the names and surroundings of a place fit; 0 where a word is nowhere or none is in a name."""
    best = 0.0
    outside: list[float] = []
    for i, name in enumerate(spelled):
        words = name.split()
        if len(words) > 1 and len(typed) <= len(words):
            words.append("".join(words))
        inside = [_best(each, words) for each in typed]
        if not outside and any(fit < _AROUND for fit, _ in inside):
            outside = [_best(each, around.split())[0] * _AROUND for each in typed]
        fit = _name_fitness(typed, name, inside, outside or [0.0] * len(typed))
        best = max(best, fit if i == 0 else fit * _OTHER_NAME)
    return best


def _best(typed: Typed, words: Sequence[str]) -> tuple[float, int]:
    """How well the word that fits best does, and how many of its letters were typed."""
    best, covered = 0.0, 0
    for word in words:
        fit = typed.fits(word)
        if fit > best:
            best, covered = fit, min(len(word), len(typed.word))
    return best, covered


def _name_fitness(
    typed: Sequence[Typed], name: str, inside: Sequence[tuple[float, int]], outside: Sequence[float]
) -> float:
    total = weights = 0.0
    covered = 0
    for each, (fit, letters), elsewhere in zip(typed, inside, outside, strict=True):
        if fit <= 0.0 and elsewhere <= 0.0:
            return 0.0
        if fit > elsewhere:
            covered += letters
        weight = len(each.word) + 1.0
        total += weight * max(fit, elsewhere)
        weights += weight
    if not covered:
        return 0.0
    text = " ".join([each.word for each in typed])
    extra = _NAME_IS_TEXT if text == name else _NAME_BEGINS if name.startswith(text) else 0.0
    return total / weights + extra + _COVERED * min(1.0, covered / max(1, len(name) - name.count(" ")))


def worth(importance: Floats, metres: Floats | None, nearest: bool = False) -> Floats:
    """What is added for mattering and for being near; `nearest`: near is all that counts."""
    near = np.zeros_like(importance) if metres is None else 1.0 / (1.0 + metres / _NEAR_M)
    if nearest:
        return 0.05 * importance + 2.0 * near
    return _IMPORTANCE * importance + _NEARNESS * near
