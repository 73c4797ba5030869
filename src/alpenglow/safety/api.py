"""What other rooms may ask of `safety`: the door through which every command passes."""

from alpenglow.fabric import Outcome, service
from alpenglow.signals import Value


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
