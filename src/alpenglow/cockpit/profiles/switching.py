"""Bringing a person's settings back: all through the door, as many at once as it takes.

Rules that always hold:
- nothing moves but through `safety.actuate`;
- what is there at once goes first, what a motor has to move goes last: a seat never keeps the screen waiting;
- what an interlock refuses waits, and is tried once each time the car is put into P (not at the first moment in which
  it would be permitted: a seat that moves by itself in rolling traffic frightens), as long as the same profile is in
  force and nobody has set it otherwise since. What the car lacks, cannot do or does not do in time is told, not tried
  again.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Protocol

from alpenglow.cockpit import api
from alpenglow.cockpit.profiles.settings import Setting
from alpenglow.fabric import NoProvider, Outcome, ServiceError
from alpenglow.signals import Value

_AT_ONCE = 24  # the door takes 32 of one caller, and fingers want some of them
_CROWDED_S = 0.1  # pause after a command that was too many, for the door or on the way to it
_CROWDED_TIMES = 30
# Refusals that no other driving state changes: a value or path that this car does not know, one that is not ours.
_FOR_GOOD = frozenset({"value", "permission", "owner", "rate"})


class Door(Protocol):
    """The part of the fabric that a switch needs."""

    async def actuate(self, path: str, value: Value) -> Outcome: ...


async def apply(door: Door, values: Mapping[str, Value], settings: Mapping[str, Setting]) -> list[Outcome]:
    """Set all `values`; what became of each, in the order of `settings`. Raises nothing of the door's."""
    chosen = [s for s in settings.values() if s.path in values]
    room = asyncio.Semaphore(_AT_ONCE)

    async def one(setting: Setting) -> Outcome:
        async with room:
            return await _set(door, setting.path, values[setting.path])

    # gather keeps the order, and the semaphore lets in who came first
    ordered = sorted(chosen, key=lambda s: s.travels)
    outcomes = dict(zip((s.path for s in ordered), await asyncio.gather(*map(one, ordered)), strict=True))
    return [outcomes[s.path] for s in chosen]


async def _set(door: Door, path: str, value: Value) -> Outcome:
    outcome = Outcome("timed_out", path)
    for _ in range(_CROWDED_TIMES):
        try:
            outcome = await door.actuate(path, value)
        except NoProvider as error:  # it did not reach the door: a router that is busy drops one now and then
            outcome = Outcome("timed_out", path, None, None, str(error))
        except ServiceError as error:
            return Outcome("timed_out", path, None, None, str(error))
        else:
            if outcome.rule != "rate":
                break
        await asyncio.sleep(_CROWDED_S)
    return outcome


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
