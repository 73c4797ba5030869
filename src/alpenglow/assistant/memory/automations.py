"""Timers and automations: "in ten minutes …", "when we get home …".

Rules that always hold:
- they survive a restart, and what was due more than two minutes ago is reported as missed, never done late;
- one that happens once is taken off the list before its settings begin: after a power cut it may not have happened,
  but it never happens twice;
- what somebody asked for happens only while their profile is in the car.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec

from alpenglow.assistant.memory.facts import Facts
from alpenglow.assistant.memory.words import quoted
from alpenglow.fabric.store import Store, new_id
from alpenglow.signals import Catalogue
from alpenglow.signals.actions import Action, ActionError, checked_actions
from alpenglow.signals.conditions import (
    LATE_S,
    Condition,
    ConditionError,
    Place,
    Read,
    check,
    has_delay,
    last_moment,
    place_names,
)
from alpenglow.signals.evaluator import Evaluator, Watch

EXPIRES_S = 86_400.0  # what is to happen once is forgotten after a day, unless its moment comes later
MOST_AUTOMATIONS = 50  # of one profile
_LONGEST_LIFE_S = 366 * 86_400.0


class AutomationError(ValueError):
    """Something that cannot be planned; the text says what is wrong with it."""


class Automation(msgspec.Struct, frozen=True, kw_only=True):
    """Settings for when a condition becomes true, once or every time."""

    id: str
    profile: str
    when: Condition
    hold_s: float
    actions: tuple[Action, ...]
    once: bool
    expires: datetime | None
    said: str
    made: datetime
    armed: bool | None = None
    fired: datetime | None = None


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """What one look brought. What is in `fired` is to be run now; those that happen once are off the list."""

    fired: tuple[Automation, ...] = ()
    missed: tuple[Automation, ...] = ()  # its moment came while the car was off or the person was not in it
    expired: tuple[Automation, ...] = ()  # it never came true in its time


class Automations:
    """The automations of all profiles."""

    def __init__(self, store: Store, catalogue: Catalogue, facts: Facts) -> None:
        self._store = store
        self._catalogue = catalogue
        self._facts = facts
        self._evaluator = Evaluator(self._places)
        self._watched: dict[str, Automation] = {}
        self._as_of = -1

    def add(
        self,
        profile: str,
        *,
        when: Condition,
        actions: Sequence[Action],
        once: bool = True,
        hold_s: float = 0.0,
        expires_s: float | None = None,
        said: str,
        now: datetime,
    ) -> Automation:
        """Watch for `when` from now on. Raises AutomationError, also for a place that nobody has named."""
        try:
            check(when, self._catalogue, hold_s)
            checked = checked_actions(actions, self._catalogue)
        except (ConditionError, ActionError) as error:
            raise AutomationError(str(error)) from None
        if not once and has_delay(when):
            raise AutomationError("a delay comes once, not every time")
        for place in sorted(place_names(when)):
            if place.strip().lower() not in self._facts.places(profile):
                raise AutomationError(f"nobody has said yet where {place!r} is")
        if self._store.count(profile, "automation") >= MOST_AUTOMATIONS:
            raise AutomationError(f"there are {MOST_AUTOMATIONS} timers and automations already; cancel one first")
        automation = Automation(
            id=new_id(),
            profile=profile,
            when=when,
            hold_s=hold_s,
            actions=checked,
            once=once,
            expires=_expiry(when, once, expires_s, now),
            said=quoted(said),
            made=now,
        )
        self._store.put(profile, "automation", automation.id, automation, now)
        return automation

    def all(self, profile: str) -> list[Automation]:
        """What is waiting, oldest first."""
        return self._store.items(profile, "automation", Automation)

    def cancel(self, profile: str, automation: str) -> bool:
        """Erase one for good; whether there was one."""
        return self._store.erase(profile, "automation", automation) > 0

    def due(self, automation: Automation, now: datetime) -> datetime | None:
        """When it comes at the latest, where that is known (a timer), in the time zone of `now`."""
        moment = last_moment(automation.when, automation.made.astimezone(now.tzinfo)) if automation.once else None
        return None if moment is None else datetime.fromtimestamp(moment, now.tzinfo)

    def step(self, read: Read, now: datetime, profiles: Collection[str]) -> Happened:
        """Look at everything that the people in the car (`profiles`) wait for. To be called about once a second."""
        if self._as_of != self._store.changes:
            self._load()
        step = self._evaluator.step(read, now, profiles)
        fired = [self._watched[name] for name in step.fired]
        for item in fired:
            if item.once:
                self._store.drop(item.profile, "automation", item.id)
            else:
                self._save(item, armed=False, fired=now)
        for name in step.turned:
            item = self._watched[name]
            self._save(item, armed=self._evaluator.armed(name), fired=item.fired)
        missed, expired = self._ended(step.missed), self._ended(step.expired)
        return Happened(fired=tuple(fired), missed=missed, expired=expired)

    def _ended(self, names: Sequence[str]) -> tuple[Automation, ...]:
        ended = [self._watched[name] for name in names]
        for item in ended:
            self._store.drop(item.profile, "automation", item.id)
        return tuple(ended)

    def _load(self) -> None:
        found = [item for profile in self._store.profiles() for item in self.all(profile)]
        self._watched = {item.id: item for item in found if self._possible(item.when)}
        self._evaluator.watch(_watch(item) for item in self._watched.values())
        self._as_of = self._store.changes

    def _possible(self, when: Condition) -> bool:
        """Whether this car has what the condition speaks of; the file may come from another."""
        try:
            check(when, self._catalogue)
        except ConditionError:
            return False
        return True

    def _save(self, item: Automation, *, armed: bool | None, fired: datetime | None) -> None:
        kept = msgspec.structs.replace(item, armed=armed, fired=fired)
        self._watched[item.id] = kept
        self._store.put(item.profile, "automation", item.id, kept, item.made)

    def _places(self, profile: str) -> Mapping[str, Place]:
        return self._facts.places(profile)


def _watch(item: Automation) -> Watch:
    return Watch(
        id=item.id,
        profile=item.profile,
        when=item.when,
        made=item.made,
        hold_s=item.hold_s,
        once=item.once,
        expires=item.expires,
        armed=item.armed,
        fired=item.fired,
    )


def _expiry(when: Condition, once: bool, expires_s: float | None, now: datetime) -> datetime | None:
    if expires_s is None:
        if not once:
            return None
        moment = last_moment(when, now)
        expires_s = max(EXPIRES_S, 0.0 if moment is None else moment + LATE_S + 1 - now.timestamp())
    elif not 0 < expires_s <= _LONGEST_LIFE_S:
        raise AutomationError(f"an automation expires after more than 0 s and at most a year, not {expires_s:g} s")
    return datetime.fromtimestamp(now.timestamp() + expires_s, now.tzinfo)
