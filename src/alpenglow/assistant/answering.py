"""Answers about the car's state, with the true numbers: from the signals alone, never from a model's memory."""

from collections.abc import Mapping

from alpenglow.assistant.acts import ACTS
from alpenglow.assistant.api import Seat
from alpenglow.assistant.functions import Function, Role, Spot
from alpenglow.assistant.replies import Replies
from alpenglow.assistant.resolving import Read
from alpenglow.assistant.wishes import Question, spots
from alpenglow.signals import Value


def answer(question: Question, seat: Seat, read: Read, replies: Replies) -> str:
    """The sentence that answers `question`."""
    function, known = _known(question, seat, read, replies)
    if not known:
        return replies.say("not-known", what=replies.name(function))
    if question.which:
        return _which(function, question, known, replies)
    if question.amount is not None and (enough := _enough(function, question, known, replies)):
        return enough
    if question.expects or _yes_or_no(function):
        return _whether(function, question, known, replies)
    if len(set(map(str, known.values()))) == 1:
        spot = next(iter(known)) if len(known) == 1 else None
        return _state(function, spot, next(iter(known.values())), replies)
    return _states(function, known, replies)


def _known(question: Question, seat: Seat, read: Read, replies: Replies) -> tuple[Function, dict[Spot, Value]]:
    """What the car tells of it, and at which places; of belts only where somebody sits."""
    function, where = question.function, question.where
    personal = (function.settable and ".Station." in function.pattern) or ".Seat." in function.pattern
    one = where.codes or (personal and not where.plural and not question.which)
    at = spots(function, where, seat) if one else tuple(function.paths)
    if function.leaf == "IsBelted" and not where.codes:
        at = tuple(function.paths)
        taken = {s: read(function.paths[s].rpartition(".")[0] + ".IsOccupied") for s in at}
        at = tuple(s for s in at if taken[s] is not False) or at
    for view in replies.views(function):
        known = {s: value for s in at if s in view.paths and (value := read(view.paths[s])) is not None}
        if known:
            return view, known
    return function, {}


def _states(function: Function, known: Mapping[Spot, Value], replies: Replies) -> str:
    return " ".join(_state(function, spot, value, replies) for spot, value in known.items())


def _state(function: Function, spot: Spot | None, value: Value, replies: Replies) -> str:
    return replies.say("state", what=replies.name(function, spot), value=replies.value(function, value))


def _which(function: Function, question: Question, known: dict[Spot, Value], replies: Replies) -> str:
    """The places of which it is so; of numbers the one with the least."""
    if not _yes_or_no(function):
        numbers = {s: v for s, v in known.items() if isinstance(v, int | float)}
        least = min(numbers, key=lambda s: numbers[s]) if numbers else next(iter(known))
        return _states(function, {least: known[least]}, replies)
    wanted = _wanted(question) is not question.denied
    found: dict[Spot, Value] = {spot: value for spot, value in known.items() if _is(function, value) is wanted}
    if not found:
        return replies.say("none-of-them") + " " + _state(function, None, next(iter(known.values())), replies)
    return _states(function, found, replies)


def _enough(function: Function, question: Question, known: dict[Spot, Value], replies: Replies) -> str:
    """Whether a distance that is asked for is within what the car tells; "" where they cannot be compared."""
    value = next(iter(known.values()))
    metres = {"m": 1.0, "km": 1000.0}.get(function.signal.unit)
    assert question.amount is not None
    said = {"kilometre": 1000.0, "mile": 1609.3, "metre": 1.0}.get(question.amount.unit)
    if metres is None or said is None or not isinstance(value, int | float):
        return ""
    key = "yes-state" if value * metres >= question.amount.value * said else "no-state"
    return replies.say(key, what=replies.name(function), value=replies.value(function, value))


def _wanted(question: Question) -> bool:
    """The state that is asked for: open, on, locked."""
    if question.expects == "unlock":
        return False
    return not question.expects or ACTS[question.expects].base in ("open", "on")


def _yes_or_no(function: Function) -> bool:
    return function.role in (Role.SWITCH, Role.LOCK, Role.FOLD) or function.role is Role.OPENING


def _is(function: Function, value: Value) -> bool:
    """Whether it is open, on, locked."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value < 100 if function.drawn else value > 0
    return str(value) not in ("OFF", "INACTIVE", "STOP", "CLOSE", "NONE", "MUTED")


def _whether(function: Function, question: Question, known: dict[Spot, Value], replies: Replies) -> str:
    """Yes or no, and which are not as asked."""
    wanted = _wanted(question)
    odd = [spot for spot, value in known.items() if _is(function, value) is not wanted]
    if not odd:
        value = next(iter(known.values()))
        what = replies.name(function, next(iter(known)) if len(known) == 1 else None)
        return replies.say("yes-state", what=what, value=replies.value(function, value))
    places = ", ".join(replies.name(function, spot) for spot in odd)
    return replies.say("no-state", what=places, value=replies.value(function, known[odd[0]]))
