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
from statistics import median_low
from typing import NamedTuple

import msgspec

from alpenglow.assistant.memory.association import LEAST_DAYS, Evidence, Seen, habit
from alpenglow.assistant.memory.conditions import Read, number
from alpenglow.assistant.memory.scenes import Action, new_id
from alpenglow.assistant.memory.situations import Cell, Situation, alike, cell, changed, described, situation
from alpenglow.assistant.memory.store import Store
from alpenglow.assistant.memory.words import Says, filled, say, shown, where
from alpenglow.signals import BadValue, Catalogue, Kind, UnknownSignal, Value, check_value
from alpenglow.signals.values import Scalar

MOST_OCCASIONS = 1000  # of one profile
OLDEST = timedelta(days=180)
QUIET = timedelta(days=30)
MOST_OFFERED = 3  # at a time
_REFUSALS = 2  # until it is quiet
_MOST_REFUSED = 200
_SHORTEST = timedelta(minutes=5)  # of an occasion: rain comes and goes
_LONGEST = timedelta(hours=3)
_MOST_SETTINGS = 30  # of one occasion
_ALIKE = {"Celsius": 1.0, "percent": 10.0}  # how far apart two values of one habit may be


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of time in one situation, and what the person set in it (path → the last value)."""

    id: str
    began: datetime
    situation: Situation
    settings: dict[str, Scalar]


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """What a person did not want to be offered."""

    id: str
    path: str
    value: Scalar
    times: int
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
        self._parked: Cell | None = None
        self._now: dict[str, Occasion] = {}
        self._past: dict[str, list[Occasion]] = {}
        self._past_of = -1
        self._offered: dict[tuple[str, str], Suggestion] = {}
        self._answered: set[tuple[str, str]] = set()

    def learns(self, path: str) -> bool:
        """Whether a habit of setting this may be learned."""
        return path in self._names

    def look(self, profile: str, read: Read, now: datetime) -> None:
        """Notice the situation of a person in the car, also where nothing is set. To be called about once a minute."""
        if read("Vehicle.Alpenglow.DrivingState") == "PARKED" and (here := cell(read)) is not None:
            self._parked = here
        if read("Vehicle.Cabin.Seat.Row1.DriverSide.OccupancyStatus") == "EMPTY":
            return
        this = situation(read, now, self._parked)
        last = self._occasion(profile)
        if last is not None:
            age = timedelta(seconds=now.timestamp() - last.began.timestamp())
            if age < timedelta(0) or age >= _LONGEST or (age >= _SHORTEST and changed(last.situation, this)):
                last = None
        if last is None:
            self._keep(profile, Occasion(id=new_id(), began=now, situation=this, settings={}))
            self._store.drop_oldest(profile, "occasion", MOST_OCCASIONS, now - OLDEST)
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
        self.look(profile, read, now)
        occasion = self._occasion(profile)
        if occasion is None or isinstance(checked, list):
            return
        settings = {**occasion.settings, path: checked}
        if len(settings) <= _MOST_SETTINGS:
            self._keep(profile, msgspec.structs.replace(occasion, settings=settings))

    def suggest(self, profile: str, read: Read, now: datetime) -> list[Suggestion]:
        """What to offer now, surest first; the same offers until the situation changes or they are answered."""
        self.look(profile, read, now)
        occasion = self._occasion(profile)
        if occasion is None:
            return []
        this = situation(read, now, self._parked)
        refused = [r for r in self._store.items(profile, "suggestion", Refused) if r.until and now < r.until]
        offers: list[Suggestion] = []
        for found in self._find(profile, this, occasion):
            if self._alike(found.path, read(found.path), found.value):
                continue  # it is so already
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
            until=now + QUIET if times >= _REFUSALS else None,
        )
        self._store.put(profile, "suggestion", refused.id, refused, now)
        self._store.drop_oldest(profile, "suggestion", _MOST_REFUSED)

    def _find(self, profile: str, this: Situation, current: Occasion) -> list[_Found]:
        past = [occasion for occasion in self._occasions(profile) if occasion.id != current.id]
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
            what=filled(self._names[found.path].text(), where=where(found.path)),
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
        every = self._store.items(profile, "suggestion", Refused)
        return next((r for r in every if r.path == action.path and self._alike(r.path, r.value, action.value)), None)

    def _alike(self, path: str, one: Value | None, other: Value | None) -> bool:
        a, b = number(one), number(other)
        if a is None or b is None:
            return one is not None and type(one) is type(other) and one == other
        return abs(a - b) <= _ALIKE.get(self._catalogue[path].unit, 0.0)

    def _keep(self, profile: str, occasion: Occasion) -> None:
        self._store.put(profile, "occasion", occasion.id, occasion, occasion.began)
        self._now[profile] = occasion

    def _occasion(self, profile: str) -> Occasion | None:
        """The one that is going on, unless it has been erased meanwhile."""
        occasion = self._now.get(profile)
        if occasion is not None and all(kept.id != occasion.id for kept in self._occasions(profile)):
            del self._now[profile]
            return None
        return occasion

    def _occasions(self, profile: str) -> list[Occasion]:
        if self._past_of != self._store.changes:
            self._past.clear()
            self._past_of = self._store.changes
        if profile not in self._past:
            self._past[profile] = self._store.items(profile, "occasion", Occasion)
        return self._past[profile]


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
