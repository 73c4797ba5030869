"""Actions: actuators and what they shall be set to, as scenes, timers, habits and suggestions keep them.

Pure data: nothing is moved here. Whoever carries an action out asks the door.
"""

from collections.abc import Sequence

import msgspec

from alpenglow.signals.catalogue import Catalogue, UnknownSignal
from alpenglow.signals.leaf import Kind, Signal
from alpenglow.signals.values import BadValue, Value, check_value

MOST_ACTIONS = 30
_LONGEST_SAYS = 200


class ActionError(ValueError):
    """Something that the car cannot be asked for; the text says what is wrong with it."""


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """Set the actuator `path` to `value`, in the signal's own unit."""

    path: str
    value: Value
    says: str = ""  # for people, in the language of whoever made it; "": nobody has said it yet


def checked_actions(actions: Sequence[Action], catalogue: Catalogue) -> tuple[Action, ...]:
    """The actions with today's paths and values of the right type. Raises ActionError."""
    if not 0 < len(actions) <= MOST_ACTIONS:
        raise ActionError(f"1 to {MOST_ACTIONS} things can be set at once, not {len(actions)}")
    checked: dict[str, Action] = {}
    for action in actions:
        try:
            signal = catalogue[action.path]
            value = check_value(signal, action.value)
        except (UnknownSignal, BadValue) as error:
            raise ActionError(str(error)) from None
        if signal.kind is not Kind.ACTUATOR:
            raise ActionError(f"{signal.path} can only be read")
        if signal.path in checked:
            raise ActionError(f"{signal.path} is set twice")
        checked[signal.path] = Action(path=signal.path, value=value, says=action.says[:_LONGEST_SAYS])
    return tuple(checked.values())


def equal(signal: Signal, current: Value, wanted: Value) -> bool:
    """Whether `current` is what was asked for, as finely as a bus resolves it.

    Numbers with a unit are quantised on their way: a whole one may be off by one, a float by a quarter. Numbers without
    a unit are codes (gears, modes) and must be equal.
    """
    if isinstance(current, bool) or isinstance(wanted, bool) or not signal.unit:
        return current == wanted
    if not isinstance(current, int | float) or not isinstance(wanted, int | float):
        return current == wanted
    tolerance = {"float": 0.26, "double": 1e-6}.get(signal.datatype, 1.0)
    return abs(current - wanted) <= tolerance
