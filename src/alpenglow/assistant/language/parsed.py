"""What a sentence comes to, once its words are read."""

from typing import Literal

import msgspec

from alpenglow.assistant.functions import Function, Spot
from alpenglow.assistant.language.clauses import Clause
from alpenglow.assistant.language.timing import When
from alpenglow.assistant.wishes import Question, Where, Wish

type Kind = Literal[
    "command", "question", "how-to", "nothing", "unclear", "undo", "yes", "no", "why", "scene", "later",
    "remember", "forget", "unknown",
]  # fmt: skip


class Past(msgspec.Struct, frozen=True):
    """One wish that was carried out, as far as it can be spoken of again."""

    wish: Wish
    spots: tuple[Spot, ...] = ()


class Parsed(msgspec.Struct, frozen=True):
    """One utterance as it was understood."""

    kind: Kind
    sure: float
    wishes: tuple[Wish, ...] = ()
    question: Question | None = None
    instead: bool = False  # what was done before shall be taken back
    undo: Function | None = None  # what shall be put back; None: all of the last turn
    undo_where: Where = Where()
    when: When | None = None  # the wishes are for later
    note: str = ""  # what shall be remembered
    lacking: tuple[str, ...] = ()  # named, and not in this car
    close: tuple[Function, ...] = ()  # what else it may mean
    unknown: tuple[str, ...] = ()  # words that mean nothing to us
    clauses: tuple[Clause, ...] = ()
    left_over: tuple[Clause, ...] = ()  # clauses that ask for something which the words do not tell
    doubts: tuple[tuple[Clause, Wish], ...] = ()  # clauses whose words say it with little certainty
    vague: bool = False  # a setting is named, and not what shall become of it
    why: tuple[str, ...] = ()
