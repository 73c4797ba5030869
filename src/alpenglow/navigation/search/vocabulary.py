"""The words that are one slip away: a letter too many, too few, wrong, or two of them swapped.

With one slip, all before the first letter that differs is right, and the slip is there: so one look at each word is
enough, for all words at once.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

_LONGEST = 24  # letters that are compared
_LEAST = 3  # letters of a word in which a slip can be told from another word
_LEAST_UNFINISHED = 4

type _Flags = NDArray[np.bool_]


class Vocabulary:
    """Words to choose from."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = [word for word in words if len(word) >= _LEAST - 1 and not word.isdigit()]
        self._letters = np.zeros((len(self._words), _LONGEST + 1), np.uint32)
        self._length = np.array([min(len(word), _LONGEST) for word in self._words], np.int32)
        joined = "".join(word[:_LONGEST] for word in self._words)
        codes = np.frombuffer(joined.encode("utf-32-le"), np.uint32)
        inside = np.arange(_LONGEST + 1) < self._length[:, None]
        self._letters[inside] = codes
        self._bag = np.zeros(len(self._words), np.uint64)
        for column in self._letters.T:
            self._bag |= np.where(column > 0, _bit(column), np.uint64(0))

    def near(self, word: str, unfinished: bool) -> list[str]:
        """Words one slip away from `word`; if it is `unfinished`, also those whose beginning is. Without itself."""
        word = word[: _LONGEST - 1]
        size = len(word)
        if size < _LEAST or not self._words or word.isdigit():
            return []
        typed = np.array([ord(letter) for letter in word], np.uint32)
        chosen = self._possible(typed, unfinished and size >= _LEAST_UNFINISHED)
        letters, length = self._letters[chosen], self._length[chosen]
        same = letters[:, :size] == typed
        right = np.where(same.all(axis=1), size, same.argmin(axis=1))  # letters before the first that differs
        matched = np.zeros(len(chosen), bool)
        ends = [
            (_rest(same), 1, 0),  # wrong
            (_rest(letters[:, : size - 1] == typed[1:]), 0, -1),  # too many: typed[i + 1] is letter i
            (_rest(letters[:, 1 : size + 1] == typed), 0, 1),  # too few: typed[i] is letter i + 1
            (_rest(same), 2, 0),  # swapped
        ]
        at = np.minimum(right, size - 1)
        row = np.arange(len(chosen))
        following = np.minimum(at + 1, size - 1)
        swapped = (letters[row, at] == typed[following]) & (letters[row, following] == typed[at]) & (right < size - 1)
        for slip, (rest, skip, shift) in enumerate(ends):
            begin = right + skip
            fits = (begin >= rest.shape[1]) | rest[row, np.minimum(begin, rest.shape[1] - 1)]
            if slip == len(ends) - 1:
                fits &= swapped
            whole = length == size + shift
            begins = (length >= size + shift) & (unfinished and size >= _LEAST_UNFINISHED)
            matched |= fits & (whole | begins)
        matched &= ~(same.all(axis=1) & ((length == size) | unfinished))
        return [self._words[i] for i in chosen[matched]]

    def _possible(self, typed: NDArray[np.uint32], begins: bool) -> NDArray[np.intp]:
        """Words that lack at most one of the letters and, if they are whole, have about as many."""
        bag = np.bitwise_or.reduce(_bit(typed))
        possible: _Flags = np.bitwise_count(bag & ~self._bag) <= 1
        size = len(typed)
        possible &= self._length >= size - 1
        if not begins:
            possible &= self._length <= size + 1
        return np.flatnonzero(possible)


def _bit(letters: NDArray[np.uint32]) -> NDArray[np.uint64]:
    return np.left_shift(np.uint64(1), (letters % 61).astype(np.uint64))


def _rest(equal: _Flags) -> _Flags:
    """For each place whether all from there on is equal."""
    return np.logical_and.accumulate(equal[:, ::-1], axis=1)[:, ::-1]
