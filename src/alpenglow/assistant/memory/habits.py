"""Habits: what a person sets again and again in similar situations, offered with its reason.

Rules that always hold:
- nothing is ever set from here: an offer has actions, and the person takes it or turns it down;
- what may be learned is a list (`habits.toml`): comfort, and nothing that opens the car or moves it;
- what was turned down twice is not offered for 30 days; what is kept of the past is bounded.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from importlib.resources import files
from statistics import median_low, mode
from typing import NamedTuple

import msgspec

from alpenglow.assistant.memory.association import LEAST_DAYS, Evidence, Seen, habit
from alpenglow.assistant.memory.occasions import Occasion, Occasions
from alpenglow.assistant.memory.situations import Situation, alike, described
from alpenglow.assistant.memory.words import LANGUAGES, Says, filled, say, shown, where
from alpenglow.fabric.store import Store, new_id
from alpenglow.signals import BadValue, Catalogue, Kind, UnknownSignal, Value, check_value
from alpenglow.signals.actions import Action
from alpenglow.signals.conditions import Read, number
from alpenglow.signals.values import Scalar

QUIET = timedelta(days=30)
MOST_OFFERED = 3  # at a time
_REFUSALS = 2  # until it is quiet
_MOST_REFUSED = 200
_SWITCHED: dict[Scalar, int] = {"CLOSE": 0, "ONE_SHOT_CLOSE": 0, "OPEN": 100, "ONE_SHOT_OPEN": 100}  # → Position
_ALIKE = {"Celsius": 1.0, "percent": 10.0}  # how far apart two values of one habit may be


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """What a person did not want to be offered."""

    id: str
    path: str
    value: Scalar
    times: int
    at: datetime  # the last time
    until: datetime | None  # not offered before


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """An offer: what, and why."""

    id: str
    text: dict[str, str]  # language → sentence with the reason
    actions: tuple[Action, ...]
    days: int  # on which the person did so in this situation (the support)
    of: int  # days on which the situation came
    confidence: float
    lift: float
    like_now: list[str]  # what the situation has in common with now: "time", "place" …


class Setting(NamedTuple):
    """How often a person has set something."""

    path: str
    text: dict[str, str]  # language → "You set the driver's seat heating, mostly to 60 % (days so far: 12)"
    since: datetime


class HabitError(ValueError):
    """A suggestion that cannot be answered; the text says why."""


class _Learn(Says, frozen=True, kw_only=True, forbid_unknown_fields=True):
    paths: list[str]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    learn: list[_Learn]


class _Found(NamedTuple):
    path: str
    value: Scalar
    evidence: Evidence


class Habits:
    """The habits of all profiles."""

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self._store = store
        self._catalogue = catalogue
        self._names = _learnable(catalogue)
        self._occasions = Occasions(store)
        self._offered: dict[tuple[str, str], Suggestion] = {}
        self._answered: set[tuple[str, str]] = set()

    def learns(self, path: str) -> bool:
        """Whether a habit of setting this may be learned."""
        return path in self._names

    def look(self, profile: str, read: Read, now: datetime) -> None:
        """Notice the situation of a person in the car, also where nothing is set. To be called about once a minute."""
        if self._occasions.look(profile, read, now):
            self._offered = {key: offer for key, offer in self._offered.items() if key[0] != profile}
            self._answered = {key for key in self._answered if key[0] != profile}

    def made(self, profile: str, path: str, value: Value, read: Read, now: datetime) -> None:
        """Learn that the person has set `path` to `value`, by hand or by asking. What may not be learned is ignored."""
        if path not in self._names:
            return
        try:
            checked = check_value(self._catalogue[path], value)
        except BadValue:
            return
        if not isinstance(checked, list):
            self.look(profile, read, now)
            self._occasions.add(profile, path, checked)

    def suggest(self, profile: str, read: Read, now: datetime) -> list[Suggestion]:
        """What to offer now, surest first; the same offers until the situation changes or they are answered."""
        self.look(profile, read, now)
        occasion = self._occasions.current(profile)
        if occasion is None:
            return []
        this = self._occasions.situation(read, now)
        refused = [r for r in self.refused(profile) if r.until and now < r.until]
        offers: list[Suggestion] = []
        for found in self._find(profile, this, occasion):
            if self._is_so(found.path, found.value, read):
                continue
            if any(r.path == found.path and self._alike(r.path, r.value, found.value) for r in refused):
                continue
            key = f"{profile}\n{occasion.id}\n{found.path}"
            offer = self._offer(hashlib.sha256(key.encode()).hexdigest()[:12], found, this)
            if (profile, offer.id) not in self._answered:
                self._offered[profile, offer.id] = offer
                offers.append(offer)
        return offers[:MOST_OFFERED]

    def accept(self, profile: str, suggestion: str) -> Suggestion:
        """Take it: its actions are to be run through the door, and `made` told what came of them. Raises HabitError."""
        offer = self._answer(profile, suggestion)
        if (refused := self._refused(profile, offer)) is not None:
            self._store.drop(profile, "suggestion", refused.id)
        return offer

    def dismiss(self, profile: str, suggestion: str, now: datetime) -> None:
        """Turn it down; the second time it is quiet for 30 days. Raises HabitError."""
        offer = self._answer(profile, suggestion)
        action = offer.actions[0]
        assert not isinstance(action.value, list)  # see `made`
        old = self._refused(profile, offer)
        times = 1 + (old.times if old is not None and old.until is None else 0)
        refused = Refused(
            id=old.id if old is not None else new_id(),
            path=action.path,
            value=action.value,
            times=times,
            at=now,
            until=now + QUIET if times >= _REFUSALS else None,
        )
        self._store.put(profile, "suggestion", refused.id, refused, now)
        self._store.drop_oldest(profile, "suggestion", _MOST_REFUSED)

    def settings(self, profile: str) -> list[Setting]:
        """What has been learned from, by path."""
        found: list[Setting] = []
        past = self._occasions.all(profile)
        for path in sorted({path for occasion in past for path in occasion.settings}):
            if path not in self._names:
                continue
            with_it = [occasion for occasion in past if path in occasion.settings]
            usual = mode(occasion.settings[path] for occasion in with_it)
            days = len({occasion.began.date() for occasion in with_it})
            text = say("shown_habit", days=days, what=self.name(path), value=shown(self._catalogue[path], usual))
            found.append(Setting(path, text, with_it[0].began))
        return found

    def forget(self, profile: str, path: str) -> int:
        """Erase for good that the person ever set `path`; returns how often they had."""
        return self._occasions.forget(profile, path)

    def refused(self, profile: str) -> list[Refused]:
        """What the person did not want to be offered."""
        return self._store.items(profile, "suggestion", Refused)

    def name(self, path: str) -> dict[str, str]:
        """What a setting is called: "the rear left seat heating"."""
        if path not in self._names:
            return dict.fromkeys(LANGUAGES, path)
        return filled(self._names[path].text(), where=where(path))

    def _find(self, profile: str, this: Situation, current: Occasion) -> list[_Found]:
        past = [occasion for occasion in self._occasions.all(profile) if occasion.id != current.id]
        common = [alike(occasion.situation, this) for occasion in past]
        # The person's own days: the date where the car was.
        days = [occasion.began.date().toordinal() for occasion in past]
        best: dict[str, _Found] = {}
        for path in sorted({path for occasion in past for path in occasion.settings} - current.settings.keys()):
            if path not in self._names:
                continue
            values = [occasion.settings.get(path) for occasion in past]
            for value in _distinct(values):
                done = [v is not None and self._alike(path, v, value) for v in values]
                if len({day for day, did in zip(days, done, strict=True) if did}) < LEAST_DAYS:
                    continue
                evidence = habit(map(Seen, days, common, done))
                if evidence is None or (path in best and best[path].evidence.days >= evidence.days):
                    continue
                usual = median_low(
                    v
                    for v, did, same in zip(values, done, common, strict=True)
                    if v is not None and did and same & evidence.features == evidence.features
                )
                best[path] = _Found(path, usual, evidence)
        return sorted(best.values(), key=lambda f: (-f.evidence.confidence, -f.evidence.days, f.path))

    def _offer(self, name: str, found: _Found, this: Situation) -> Suggestion:
        signal, evidence = self._catalogue[found.path], found.evidence
        sentence = "habit_set"
        if isinstance(found.value, bool):
            sentence = "habit_on" if found.value else "habit_off"
        text = say(
            sentence,
            days=evidence.days,
            of=evidence.of,
            situation=described(this, evidence.features),
            what=self.name(found.path),
            value=shown(signal, found.value),
        )
        return Suggestion(
            id=name,
            text=text,
            actions=(Action(path=found.path, value=found.value),),
            days=evidence.days,
            of=evidence.of,
            confidence=round(evidence.confidence, 3),
            lift=round(evidence.lift, 3),
            like_now=[str(feature.name).lower() for feature in evidence.features],
        )

    def _answer(self, profile: str, suggestion: str) -> Suggestion:
        offer = self._offered.pop((profile, suggestion), None)
        if offer is None:
            raise HabitError(f"the suggestion {suggestion!r} is no longer offered")
        self._answered.add((profile, suggestion))
        return offer

    def _refused(self, profile: str, offer: Suggestion) -> Refused | None:
        action = offer.actions[0]
        return next(
            (r for r in self.refused(profile) if r.path == action.path and self._alike(r.path, r.value, action.value)),
            None,
        )

    def _is_so(self, path: str, value: Scalar, read: Read) -> bool:
        branch, _, leaf = path.rpartition(".")
        if leaf == "Switch" and value in _SWITCHED:  # springs back; where the thing stands says more
            return self._alike(f"{branch}.Position", read(f"{branch}.Position"), _SWITCHED[value])
        return self._alike(path, read(path), value)

    def _alike(self, path: str, one: Value | None, other: Value | None) -> bool:
        a, b = number(one), number(other)
        if a is None or b is None:
            return one is not None and type(one) is type(other) and one == other
        return abs(a - b) <= _ALIKE.get(self._catalogue[path].unit, 0.0)


def _distinct(values: Iterable[Scalar | None]) -> list[Scalar]:
    """Each value once; true is not 1."""
    return list({(type(v), v): v for v in values if v is not None}.values())


def _learnable(catalogue: Catalogue) -> dict[str, Says]:
    """Path → what it is called, for the actuators of this car about which habits may be learned."""
    text = files(__package__).joinpath("habits.toml").read_text(encoding="utf-8")
    names: dict[str, Says] = {}
    for row in msgspec.toml.decode(text, type=_Table).learn:
        for pattern in row.paths:
            try:
                found = [catalogue.signals[i] for i in catalogue.match(pattern)]
            except UnknownSignal:
                continue
            names |= {signal.path: row for signal in found if signal.kind is Kind.ACTUATOR}
    return names
