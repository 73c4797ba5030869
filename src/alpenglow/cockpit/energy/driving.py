"""Trips and trip meters on disk: who drives, since when, and what it took so far.

Rules that always hold:
- a trip is one item of the person's, replaced as a whole: after a power cut the old state is there or the new one;
- of a guest's or a valet's driving no trip and no meter of a person's is kept; the meter since the charge is the car's;
- what was erased stays erased: a trip or meter that is gone from the store begins anew, and is not written back.
"""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from alpenglow.cockpit.energy.totals import LEAST_M, Meter, Reading, Totals, Trip, between
from alpenglow.cockpit.parts import CAR
from alpenglow.fabric.store import Store

KEPT = 500  # trips of each person
_OWN = ("a", "b")


class Driving:
    """What is driven now. `feed` it with all that the car says; `save` now and then."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last: Reading | None = None
        self._who: str | None = None  # whose trip it is; None: nobody's to keep
        self._trip: Trip | None = None
        self._written = False  # whether the trip is in the store
        self._ended: list[tuple[str, Trip, bool]] = []  # not on disk as ended: whose, which, was it there
        self._meters: dict[tuple[str, str], Meter] = {}  # by owner and name
        self._kept: set[tuple[str, str]] = set()  # which of them are on disk
        self._moved: set[tuple[str, str]] = set()  # which of them have moved since

    # -- reading -------------------------------------------------------------------------------------------------------

    def trips(self, who: str, limit: int) -> list[Trip]:
        """The latest trips of `who`, the latest first, the one under way included."""
        trips = [trip for trip in self._store.items(who, "trip", Trip) if trip.ended]
        trips += [trip for owner, trip, _ in self._ended if owner == who]
        if self._trip is not None and self._who == who and self._trip.totals.metres >= LEAST_M:
            trips.append(self._trip)
        return trips[::-1][:limit]

    def meter(self, owner: str, name: str, now: datetime) -> Meter:
        """The meter as it stands; one that was never set back begins `now`."""
        key, kept = (owner, name), self._store.get(owner, "meter", name, Meter)
        if kept is not None:
            self._kept.add(key)
        elif key in self._kept:  # it was erased
            self._kept.discard(key)
            self._meters.pop(key, None)
        return self._meters.setdefault(key, kept or Meter(since=now.isoformat(timespec="seconds")))

    # -- changing ------------------------------------------------------------------------------------------------------

    def drop(self, who: str, trip: str) -> bool:
        """Forget a trip; whether there was one. The one under way begins anew."""
        found = self._store.drop(who, "trip", trip)
        if self._trip is not None and self._who == who and self._trip.id == trip:
            self._trip = None
            return True
        return found

    def reset(self, owner: str, name: str, now: datetime) -> None:
        """Set a meter back to nothing, on disk."""
        meter = Meter(since=now.isoformat(timespec="seconds"))
        self._store.put(owner, "meter", name, meter, now)
        self._meters[owner, name] = meter
        self._kept.add((owner, name))

    def feed(
        self,
        reading: Reading,
        who: str | None,
        ready: bool | None,
        percent: float,
        outside: float | None,
        now: datetime,
    ) -> bool:
        """The car says `reading`; `who` drives, None: a guest or a valet; `ready`: None where it does not say.

        Returns whether a trip began or ended, which is worth a `save`.
        """
        last, self._last = self._last, reading
        passed = Totals() if last is None else between(last, reading)
        changed = False
        if self._trip is not None and (ready is False or who != self._who):
            self._finish()
            changed = True
        if ready and self._trip is None:
            self._who = who
            stamp = now.isoformat(timespec="seconds")
            self._trip = Trip(id=stamp, started=stamp, seen=stamp, from_percent=percent)
            self._written = False
            passed, changed = Totals(), True
        if self._trip is not None:
            self._trip = replace(
                self._trip,
                seen=now.isoformat(timespec="seconds"),
                to_percent=percent,
                outside=outside,
                odometer=reading.odometer,
                left=reading.left,
                totals=self._trip.totals + passed,
            )
            self._count(CAR, "charge", passed, now)
            for name in _OWN if who is not None else ():
                self._count(str(who), name, passed, now)
        return changed

    def _count(self, owner: str, name: str, passed: Totals, now: datetime) -> None:
        if (owner, name) not in self._meters:
            self.meter(owner, name, now)
        meter = self._meters[owner, name]
        self._meters[owner, name] = replace(meter, totals=meter.totals + passed)
        if passed.metres or passed.used:
            self._moved.add((owner, name))

    def _finish(self) -> None:
        trip, self._trip = self._trip, None
        if trip is not None and self._who is not None:
            self._ended.append((self._who, replace(trip, ended=trip.seen), self._written))

    # -- disk ----------------------------------------------------------------------------------------------------------

    def let_go(self, who: str) -> None:
        """Everything of a person was erased: what is in memory of them goes too."""
        self._ended = [ended for ended in self._ended if ended[0] != who]
        self._meters = {key: meter for key, meter in self._meters.items() if key[0] != who}
        if self._who == who:
            self._trip = None  # the next moment begins another

    def save(self, now: datetime) -> None:
        """Put what has come together on disk. StoreError, and then it is tried again the next time."""
        while self._ended:
            who, trip, written = self._ended[0]
            erased = written and self._store.get(who, "trip", trip.id, Trip) is None
            if trip.totals.metres < LEAST_M:
                self._store.drop(who, "trip", trip.id)
            elif not erased:
                self._store.put(who, "trip", trip.id, trip, _time(trip.started))
                self._store.drop_oldest(who, "trip", KEPT)
            self._ended.pop(0)
        if self._trip is not None and self._who is not None:
            if self._written and self._store.get(self._who, "trip", self._trip.id, Trip) is None:
                self._trip = None  # it was erased meanwhile; the next moment begins another
            else:
                self._store.put(self._who, "trip", self._trip.id, self._trip, _time(self._trip.started))
                self._written = True
        for owner, name in sorted(self._moved):
            self._store.put(owner, "meter", name, self.meter(owner, name, now), now)
            self._kept.add((owner, name))
            self._moved.discard((owner, name))

    def resume(self, reading: Reading, who: str | None, ready: bool, now: datetime, within: timedelta) -> None:
        """Go on with the trip that was under way when this process ended, or end it as it was last seen.

        It goes on where its person still drives, the car is still switched on, and no more than `within` has passed.
        """
        for owner in self._store.profiles():
            for trip in self._store.items(owner, "trip", Trip):
                if trip.ended:
                    continue
                gone = now - _time(trip.seen)
                if ready and owner == who and timedelta() <= gone <= within and self._trip is None:
                    self._who, self._trip, self._written = owner, trip, True
                    then = replace(
                        reading, at=reading.at - gone.total_seconds(), odometer=trip.odometer, left=trip.left
                    )
                    self._last = then
                elif trip.totals.metres < LEAST_M:
                    self._store.drop(owner, "trip", trip.id)
                else:
                    self._store.put(owner, "trip", trip.id, replace(trip, ended=trip.seen), _time(trip.started))


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
