"""When something shall be done: "in ten minutes", "at seven", "when it rains", "when we get home".

The words of conditions are data of the language packs ([conditions]): an expression over a signal, `PATH op VALUE`, or
`arrives PLACE`. What stands behind "when" and is none of them is not understood, and then nothing is planned.
"""

import re
from collections.abc import Sequence
from datetime import time

import msgspec

from alpenglow.assistant.language.clauses import Clause, part_of
from alpenglow.assistant.language.conditions import OnArrival, OnSignal, parse_condition
from alpenglow.assistant.language.phrases import Unit
from alpenglow.assistant.language.text import Token

_SECONDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0}
_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?")


class When(msgspec.Struct, frozen=True):
    """The moment or the condition of a wish. All that is given must hold."""

    said: str  # the words
    after_s: float = 0.0
    at: time | None = None
    conditions: tuple[OnSignal | OnArrival, ...] = ()
    every: bool = False  # each time, not only once
    understood: bool = True


def apart(tokens: Sequence[Token], clauses: Sequence[Clause]) -> tuple[list[Clause], When | None]:
    """The clauses that say what to do, and when they shall be done; None: at once."""
    rest: list[Clause] = []
    units: list[Unit] = []
    after_s, every = 0.0, False
    at: time | None = None
    for clause in clauses:
        for said in clause.said:
            if said.unit in _SECONDS and "later" in said.marks:
                after_s += said.number.value * _SECONDS[said.unit]
        span = _condition(clause)
        if span is None:
            if not clause.says_nothing or clause.unknown:
                rest.append(clause)
            continue
        start, end = span
        units += clause.units[start:end]
        every = every or any("every" in u.find("mark") for u in clause.units[start:end])
        if start:
            rest.append(part_of(tokens, clause, 0, start))
        if end < len(clause.units):
            rest.append(part_of(tokens, clause, end, len(clause.units)))
    conditions = tuple(dict.fromkeys(parse_condition(key) for unit in units for key in unit.find("condition")))
    words = " ".join(u.text for u in units)
    if units and not conditions and (clock := _CLOCK.search(words)) and int(clock[1]) < 24:
        at = time(int(clock[1]), int(clock[2] or 0))
    if not units and not after_s:
        return rest, None
    understood = bool(conditions or after_s or at is not None)
    return rest, When(words, after_s, at, conditions, every, understood)


def _condition(clause: Clause) -> tuple[int, int] | None:
    """From which unit to which the clause says when: all that follows "when", or, where that comes first, what is known
    as a condition, so that a command may follow in one breath: "when it rains close the roof", 下雨的时候关天窗.

    What is only told is no condition: "it's raining, close the roof".
    """
    marked = [i for i, u in enumerate(clause.units) if {"when", "every"} & set(u.find("mark"))]
    known = [i for i, u in enumerate(clause.units) if u.find("condition")]
    if not marked:
        return None
    start = min(marked + known)
    before = {tag.kind for unit in clause.units[:start] for tag in unit.tags}
    if known and before <= {"stop", "mark"}:
        return start, max(known[-1], max((i for i in marked if i <= known[-1] + 1), default=0)) + 1
    return start, len(clause.units)
