"""Answers about the car's state, with the true numbers: from the signals alone, never from a model's memory."""

from alpenglow.assistant.acts import ACTS
from alpenglow.assistant.api import Seat
from alpenglow.assistant.functions import Function, Role, Spot
from alpenglow.assistant.replies import Replies
from alpenglow.assistant.resolving import Read
from alpenglow.assistant.wishes import Question, spots
from alpenglow.signals import Value


def answer(question: Question, seat: Seat, read: Read, replies: Replies) -> str:
    """The sentence that answers `question`."""
    function = question.function
    where = question.where
    personal = (function.settable and ".Station." in function.pattern) or ".Seat." in function.pattern
    at = spots(function, where, seat) if where.codes or (personal and not where.plural) else tuple(function.paths)
    known: dict[Spot, Value] = {}
    for view in replies.views(function):
        known = {s: value for s in at if s in view.paths and (value := read(view.paths[s])) is not None}
        if known:
            function = view
            break
    if not known:
        return replies.say("not-known", what=replies.name(function))
    if question.expects or _yes_or_no(function):
        return _whether(function, question, known, replies)
    if len(set(map(str, known.values()))) == 1:
        spot = next(iter(known)) if len(known) == 1 else None
        return replies.say(
            "state", what=replies.name(function, spot), value=replies.value(function, next(iter(known.values())))
        )
    return "; ".join(
        replies.say("state", what=replies.name(function, spot), value=replies.value(function, value))
        for spot, value in known.items()
    )


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
    wanted = not question.expects or ACTS[question.expects].base in ("open", "on")
    if question.expects == "unlock":
        wanted = False
    odd = [spot for spot, value in known.items() if _is(function, value) is not wanted]
    if not odd:
        value = next(iter(known.values()))
        what = replies.name(function, next(iter(known)) if len(known) == 1 else None)
        return replies.say("yes-state", what=what, value=replies.value(function, value))
    places = ", ".join(replies.name(function, spot) for spot in odd)
    return replies.say("no-state", what=places, value=replies.value(function, known[odd[0]]))
