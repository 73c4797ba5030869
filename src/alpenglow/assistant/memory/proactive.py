"""What the assistant says unasked: a few sentences, rarely, at a calm moment, and never twice.

Rules that always hold:
- it says and offers; it sets nothing;
- at most one thing at a time, within the limits of `proactive.toml`; what is about safety is exempt from the count;
- what is no longer true when its moment comes is not said; what was waved away stays quiet for its time.
"""

from datetime import datetime, timedelta

import msgspec

from alpenglow.assistant.memory.facts import Facts
from alpenglow.assistant.memory.rules import Rule, Table
from alpenglow.assistant.memory.words import filled, joined, where
from alpenglow.fabric.store import Store
from alpenglow.signals.actions import Action
from alpenglow.signals.conditions import Any, Look, Read, number, truth
from alpenglow.signals.evaluator import Evaluator, Watch

_CAR = ""  # the watches belong to the car, not to a profile


class Nudge(msgspec.Struct, frozen=True, kw_only=True):
    """Something said unasked."""

    id: str  # of its rule
    text: dict[str, str]  # language → sentence
    offers: tuple[Action, ...]  # what the person may take, through the door
    priority: int
    safety: bool


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered of one rule for one profile."""

    rule: str
    at: datetime | None  # when it was last said
    quiet_until: datetime | None  # waved away until then


class Proactive:
    """The rules, over time."""

    def __init__(self, table: Table, store: Store, facts: Facts, now: datetime) -> None:
        self._limits, self._demanding = table.limits, Any(of=table.demanding.any_)
        self._rules = {rule.id: rule for rule in table.rule}
        self._store = store
        self._facts = facts
        # Armed from the start: what is wrong already when the car is switched on is worth a word.
        self._evaluator = Evaluator(lambda _: {})
        self._evaluator.watch(
            Watch(id=rule.id, profile=_CAR, when=rule.whole(), made=now, hold_s=rule.hold_s, armed=True)
            for rule in table.rule
        )
        self._waiting: dict[str, float] = {}  # rule → since when (s)
        self._demanding_at = float("-inf")

    def step(self, profile: str, read: Read, now: datetime) -> Nudge | None:
        """Look once, about every second; what to say to `profile` now, if anything."""
        now_s = now.timestamp()
        fired = self._evaluator.step(read, now).fired
        self._waiting |= dict.fromkeys(fired, now_s)
        self._waiting = {rule: s for rule, s in self._waiting.items() if self._evaluator.level(rule) is not False}
        if self._is_demanding(read, now) or self._demanding_at > now_s:  # or the clock was set back
            self._demanding_at = now_s
        if not self._waiting:
            return None
        told = {item.rule: item for item in self._store.items(profile, "nudge", Told)}
        for rule in sorted((self._rules[name] for name in self._waiting), key=lambda r: (not r.safety, r.priority)):
            if self._evaluator.level(rule.id) is not True:
                continue  # a signal has dropped out for the moment
            if not self._wanted(rule, profile, told.get(rule.id), now):
                del self._waiting[rule.id]
            elif self._may(rule, told, now):
                del self._waiting[rule.id]
                quiet = told[rule.id].quiet_until if rule.id in told else None
                self._store.put(profile, "nudge", rule.id, Told(rule=rule.id, at=now, quiet_until=quiet), now)
                return self._nudge(rule, read, now)
        return None

    def is_over(self, nudge: str) -> bool:
        """Whether what was said no longer holds: the rain has stopped, the battery is being charged."""
        return nudge in self._rules and self._evaluator.level(nudge) is False

    def dismiss(self, profile: str, nudge: str, now: datetime) -> None:
        """The person waved it away: be quiet about it for its time. An unknown id changes nothing."""
        rule = self._rules.get(nudge)
        if rule is None:
            return
        old = self._store.get(profile, "nudge", nudge, Told)
        until = now + timedelta(seconds=rule.mute_s)
        told = Told(rule=nudge, at=old.at if old is not None else None, quiet_until=until)
        self._store.put(profile, "nudge", nudge, told, now)

    def _wanted(self, rule: Rule, profile: str, told: Told | None, now: datetime) -> bool:
        if rule.needs and ((fact := self._facts.recall(profile, rule.needs)) is None or not fact.value):
            return False
        if told is None:
            return True
        if told.quiet_until is not None and now < told.quiet_until:
            return False
        return told.at is None or not 0 <= now.timestamp() - told.at.timestamp() < rule.cooldown_s

    def _may(self, rule: Rule, told: dict[str, Told], now: datetime) -> bool:
        now_s = now.timestamp()
        calm = now_s - self._demanding_at >= self._limits.calm_s
        if rule.safety:
            return calm or now_s - self._waiting[rule.id] >= self._limits.safety_waits_s
        ages = [
            now_s - item.at.timestamp()
            for item in told.values()
            if item.at is not None and item.rule in self._rules and not self._rules[item.rule].safety
        ]
        lately = [age for age in ages if 0 <= age < 3600]
        return calm and len(lately) < self._limits.an_hour and all(age >= self._limits.apart_s for age in lately)

    def _is_demanding(self, read: Read, now: datetime) -> bool:
        if read("Vehicle.Alpenglow.DrivingState") is None:
            return True
        return truth(self._demanding, Look(read=read, now=now, made=now, places={})) is True

    def _nudge(self, rule: Rule, read: Read, now: datetime) -> Nudge:
        look = Look(read=read, now=now, made=now, places={}, held_first=True)  # as far as the margin goes
        found = [place for place in rule.each if truth(rule.at(place), look) is True]
        offers = [action for place in found for action in rule.offers_at(place)] if rule.each else list(rule.offers)
        told = number(read(rule.number.path)) if rule.number is not None else None
        text = filled(
            rule.says.text(),
            where=joined([where(place) for place in found]) if found else "",
            number="" if rule.number is None or told is None else f"{told * rule.number.scale:.{rule.number.digits}f}",
        )
        return Nudge(id=rule.id, text=text, offers=tuple(offers), priority=rule.priority, safety=rule.safety)
