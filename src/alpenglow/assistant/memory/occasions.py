"""Occasions: when a person was in the car, in which situation, and what they set. Habits are learned from these.

An occasion without settings is kept as well: without it nobody could say how often something was *not* done.
"""

from datetime import datetime, timedelta

import msgspec

from alpenglow.assistant.memory.situations import Cell, Situation, cell, changed, situation
from alpenglow.fabric.store import Store, new_id
from alpenglow.signals.conditions import Read
from alpenglow.signals.values import Scalar

MOST_OCCASIONS = 1000  # of one profile
OLDEST = timedelta(days=180)
_SHORTEST = timedelta(minutes=5)  # rain comes and goes
_LONGEST = timedelta(hours=3)
_MOST_SETTINGS = 30  # of one occasion


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of time in one situation, and what the person set in it (path → the last value)."""

    id: str
    began: datetime
    situation: Situation
    settings: dict[str, Scalar]


class Occasions:
    """The occasions of all profiles, and those that are going on."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._parked: Cell | None = None
        self._now: dict[str, Occasion] = {}
        self._kept: dict[str, list[Occasion]] = {}
        self._kept_of = -1

    def look(self, profile: str, read: Read, now: datetime) -> bool:
        """Notice the situation; whether a new occasion has begun. An empty driver's seat is nobody's occasion."""
        if read("Vehicle.Alpenglow.DrivingState") == "PARKED" and (here := cell(read)) is not None:
            self._parked = here
        if read("Vehicle.Cabin.Seat.Row1.DriverSide.OccupancyStatus") == "EMPTY":
            return False
        this = self.situation(read, now)
        last = self.current(profile)
        if last is not None:
            age = timedelta(seconds=now.timestamp() - last.began.timestamp())
            over = age < timedelta(0) or age >= _LONGEST  # or the clock was set back
            if not over and (age < _SHORTEST or not changed(last.situation, this)):
                return False
        self._keep(profile, Occasion(id=new_id(), began=now, situation=this, settings={}))
        self._store.drop_oldest(profile, "occasion", MOST_OCCASIONS, now - OLDEST)
        return True

    def add(self, profile: str, path: str, value: Scalar) -> None:
        """The person has set `path` to `value` in the occasion that is going on."""
        occasion = self.current(profile)
        if occasion is not None:
            settings = {**occasion.settings, path: value}
            if len(settings) <= _MOST_SETTINGS:
                self._keep(profile, msgspec.structs.replace(occasion, settings=settings))

    def situation(self, read: Read, now: datetime) -> Situation:
        """The situation now; its place is where the car last stood parked."""
        return situation(read, now, self._parked)

    def current(self, profile: str) -> Occasion | None:
        """The one that is going on, unless it has been erased meanwhile."""
        occasion = self._now.get(profile)
        if occasion is not None and all(kept.id != occasion.id for kept in self.all(profile)):
            del self._now[profile]
            return None
        return occasion

    def all(self, profile: str) -> list[Occasion]:
        """All that are kept, oldest first. Read again only after something was written."""
        if self._kept_of != self._store.changes:
            self._kept.clear()
            self._kept_of = self._store.changes
        if profile not in self._kept:
            self._kept[profile] = self._store.items(profile, "occasion", Occasion)
        return self._kept[profile]

    def forget(self, profile: str, path: str) -> int:
        """Erase for good that the person ever set `path`; returns on how many occasions they had."""
        with_it = [occasion for occasion in self.all(profile) if path in occasion.settings]
        for occasion in with_it:
            settings = {other: value for other, value in occasion.settings.items() if other != path}
            kept = msgspec.structs.replace(occasion, settings=settings)
            self._store.put(profile, "occasion", kept.id, kept, kept.began)
            if profile in self._now and self._now[profile].id == kept.id:
                self._now[profile] = kept
        self._store.compact()
        return len(with_it)

    def _keep(self, profile: str, occasion: Occasion) -> None:
        self._store.put(profile, "occasion", occasion.id, occasion, occasion.began)
        self._now[profile] = occasion
