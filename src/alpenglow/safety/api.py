"""What other rooms may ask of `safety`: the door through which every command passes."""

import msgspec

from alpenglow.fabric import Outcome, service
from alpenglow.signals import Value

MOST_AT_ONCE = 64  # commands of one caller whose outcome is still open; a profile has about 40 settings


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What the door would say to a command now."""

    permitted: bool
    path: str
    value: Value | None = None  # the current value; None: unknown
    same: bool = False  # the current value is the one asked for, as finely as a bus resolves it
    rule: str = ""  # which check would refuse it
    message: str = ""  # the sentence that a driver would hear


@service
async def actuate(path: str, value: Value) -> Outcome:
    """Set the actuator `path` to `value`, in the signal's own unit, and say what became of it.

    It is checked in this order, and the first check that fails refuses it: how much the caller asks at a time (rule
    `rate`), the value (`value`: known signal, actuator, type, range), the caller's permission (`permission`), the
    interlocks (the rule's id in `interlocks.toml`). Then the owner moves the part or says no (`owner`), and the outcome
    is known when the current value has come back as a signal, within two seconds. Raises nothing of its own: every
    refusal is an outcome.
    """
    raise NotImplementedError


@service
async def actuate_all(values: dict[str, Value]) -> list[Outcome]:
    """Set every actuator in `values` (path → value) at once, in that order; what became of each, in the same order.

    Each is judged, counted, logged and answered as if it had come by itself with `actuate`; a refusal keeps none of the
    others from moving. Raises BadArguments for more than 64.
    """
    raise NotImplementedError


@service
async def check(path: str, value: Value) -> Verdict:
    """Say what `actuate` would answer now, by the same checks in the same order, and move nothing.

    It counts as no command and is not logged as one. What only the owner or the part itself can tell (it says no, it is
    not there, it does not move) is not foreseen. What is permitted now may be refused a moment later.
    """
    raise NotImplementedError
