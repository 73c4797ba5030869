"""When something shall be done: "in ten minutes", "at seven", "when it rains", "when we get home".

The words of conditions are data of the language packs ([conditions]): an expression over a signal, `PATH op VALUE`, or
`arrives PLACE`. What stands behind "when" and is none of them is not understood, and then nothing is planned.
"""

import re
from collections.abc import Sequence
from datetime import time

import msgspec

from alpenglow.assistant.language.clauses import Clause, first_part
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
        cut = next((i for i, u in enumerate(clause.units) if _begins(u)), None)
        if cut is None:
            if not clause.says_nothing or clause.unknown:
                rest.append(clause)
            continue
        behind = clause.units[cut:]
        units += behind
        every = every or any("every" in u.find("mark") for u in behind)
        if cut:
            rest.append(first_part(tokens, clause, cut))
    conditions = tuple(dict.fromkeys(parse_condition(key) for unit in units for key in unit.find("condition")))
    words = " ".join(u.text for u in units)
    if units and not conditions and (clock := _CLOCK.search(words)) and int(clock[1]) < 24:
        at = time(int(clock[1]), int(clock[2] or 0))
    if not units and not after_s:
        return rest, None
    understood = bool(conditions or after_s or at is not None)
    return rest, When(words, after_s, at, conditions, every, understood)


def _begins(unit: Unit) -> bool:
    marks = unit.find("mark")
    return "when" in marks or "every" in marks or bool(unit.find("condition"))
