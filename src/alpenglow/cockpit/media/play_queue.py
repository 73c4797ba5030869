"""The queue: what plays now, what plays next. Pure data, not for two threads at once.

Rules that always hold:
- `order` has every entry exactly once; without shuffle it is the order in which they were put;
- the current entry is in the queue, or there is none because the queue is empty;
- switching shuffle on leaves what plays first and mixes the rest; switching it off keeps what plays.
"""

import random
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Literal

import msgspec

type Repeat = Literal["off", "all", "one"]

MOST = 10_000


class Entry(msgspec.Struct, frozen=True):
    """One place in the queue; the same track may have several."""

    id: int
    uri: str


class PlayQueue:
    """Entries in the order in which they play."""

    def __init__(self, chance: random.Random | None = None) -> None:
        self.shuffle = False
        self.repeat: Repeat = "off"
        self.order: list[Entry] = []
        self.current: Entry | None = None
        self._put: list[int] = []  # ids as people put them
        self._chance = chance or random.Random()
        self._ids = count(1)

    def __len__(self) -> int:
        return len(self.order)

    @property
    def at(self) -> int:
        """The place of the current entry; −1 where there is none."""
        return -1 if self.current is None else self.order.index(self.current)

    def replace(self, uris: Sequence[str], at: int = 0) -> None:
        """Begin anew with these; the one at `at` is current."""
        entries = [Entry(next(self._ids), uri) for uri in uris[:MOST]]
        self.order, self._put = entries, [entry.id for entry in entries]
        self.current = entries[min(max(at, 0), len(entries) - 1)] if entries else None
        if self.shuffle:
            self._mix()

    def add(self, uris: Iterable[str], *, soon: bool = False) -> list[Entry]:
        """Put these at the end, or with `soon` right after the current one; what found room."""
        entries = [Entry(next(self._ids), uri) for uri in list(uris)[: MOST - len(self.order)]]
        place = self.at + 1 if soon and self.current is not None else len(self.order)
        self.order[place:place] = entries
        put = self._put.index(self.current.id) + 1 if soon and self.current is not None else len(self._put)
        self._put[put:put] = [entry.id for entry in entries]
        if self.current is None and entries:
            self.current = entries[0]
        return entries

    def remove(self, entry: int) -> bool:
        """Take one out; whether it was there. Where it was current, the next is, or at the end the one before."""
        found = self.find(entry)
        if found is None:
            return False
        place = self.order.index(found)
        del self.order[place]
        self._put.remove(entry)
        if self.current == found:
            self.current = self.order[min(place, len(self.order) - 1)] if self.order else None
        return True

    def move(self, entry: int, to: int) -> bool:
        """Put one at another place of the order; whether it was there."""
        found = self.find(entry)
        if found is None:
            return False
        self.order.remove(found)
        self.order.insert(min(max(to, 0), len(self.order)), found)
        if not self.shuffle:
            self._put = [each.id for each in self.order]
        return True

    def clear(self) -> None:
        """Take all out but what plays."""
        self.order = [self.current] if self.current is not None else []
        self._put = [entry.id for entry in self.order]

    def set_shuffle(self, on: bool) -> None:
        """Mix what is to come, or go back to the order in which it was put."""
        if on == self.shuffle:
            return
        self.shuffle = on
        if on:
            self._mix()
        else:
            by_id = {entry.id: entry for entry in self.order}
            self.order = [by_id[each] for each in self._put]

    def find(self, entry: int) -> Entry | None:
        """The entry of that id."""
        return next((each for each in self.order if each.id == entry), None)

    def go(self, entry: int) -> Entry | None:
        """Make that one current."""
        found = self.find(entry)
        self.current = found or self.current
        return found

    def after(self, entry: int) -> Entry | None:
        """What plays by itself when that one has ended."""
        found = self.find(entry)
        if found is not None and self.repeat == "one":
            return found
        return self._beyond(found, 1, wraps=self.repeat == "all")

    def skip(self, by: Literal[1, -1]) -> Entry | None:
        """Go on or back by hand, which no repeating of one track holds up; None at the end."""
        found = self._beyond(self.current, by, wraps=self.repeat != "off")
        self.current = found or self.current
        return found

    def _beyond(self, entry: Entry | None, by: int, *, wraps: bool) -> Entry | None:
        if entry is None:
            return None
        place = self.order.index(entry) + by
        if 0 <= place < len(self.order):
            return self.order[place]
        return self.order[place % len(self.order)] if wraps else None

    def _mix(self) -> None:
        rest = [entry for entry in self.order if entry != self.current]
        self._chance.shuffle(rest)
        self.order = [self.current, *rest] if self.current is not None else rest
