"""The outcome of a command, as everybody who commands gets it."""

from typing import Literal

import msgspec

from alpenglow.signals import Value


class Outcome(msgspec.Struct, frozen=True):
    """What became of one actuation.

    confirmed: the current value is the one asked for. moving: the actuator is on its way there. refused: `rule` names
    the check that forbade it and `message` is the sentence a driver hears. no_provider: nothing in this car moves it.
    timed_out: it was sent, and the current value did not follow in time.
    """

    state: Literal["confirmed", "moving", "refused", "no_provider", "timed_out"]
    path: str
    value: Value | None = None  # the current value when the outcome was decided
    rule: str | None = None
    message: str = ""
