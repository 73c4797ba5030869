"""Bringing a person's settings back: all through the door, in one message.

Rules that always hold:
- nothing moves but through `safety.actuate_all`, which judges each setting by itself;
- what is there at once goes first, what a motor has to move goes last: a seat never keeps the screen waiting;
- what an interlock refuses waits, and is tried once each time the car is put into P (not at the first moment in which
  it would be permitted: a seat that moves by itself in rolling traffic frightens), as long as the same profile is in
  force and nobody has set it otherwise since. What the car lacks, cannot do or does not do in time is told, not tried
  again.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol

from alpenglow.cockpit import api
from alpenglow.cockpit.profiles.settings import Setting
from alpenglow.fabric import Outcome, ServiceError
from alpenglow.signals import Value

# Refusals that no other driving state changes: a value or path that this car does not know, one that is not ours.
_FOR_GOOD = frozenset({"value", "permission", "owner", "rate"})


class Door(Protocol):
    """The part of the fabric that a switch needs."""

    async def actuate_all(self, values: Mapping[str, Value]) -> list[Outcome]: ...


async def apply(door: Door, values: Mapping[str, Value], settings: Mapping[str, Setting]) -> list[Outcome]:
    """Set all `values` that `settings` knows; what became of each. Raises nothing of the door's."""
    chosen = sorted((s for s in settings.values() if s.path in values), key=lambda s: s.travels)
    if not chosen:
        return []
    try:
        return await door.actuate_all({s.path: values[s.path] for s in chosen})
    except ServiceError as error:
        return [Outcome("timed_out", s.path, None, None, str(error)) for s in chosen]


def waits(outcome: Outcome) -> bool:
    """Whether it was refused for how things are now, and may be permitted later."""
    return outcome.state == "refused" and outcome.rule not in _FOR_GOOD


def switched(profile: str, kind: api.ProfileKind, outcomes: Iterable[Outcome]) -> api.Switched:
    """What to tell whoever switched."""
    confirmed, moving, unset = [], [], []
    for outcome in outcomes:
        if outcome.state == "confirmed":
            confirmed.append(outcome.path)
        elif outcome.state == "moving":
            moving.append(outcome.path)
        else:
            unset.append(
                api.Unset(
                    path=outcome.path,
                    state=outcome.state,
                    rule=outcome.rule or "",
                    message=outcome.message,
                    again=waits(outcome),
                )
            )
    return api.Switched(profile=profile, kind=kind, confirmed=confirmed, moving=moving, unset=unset)
