"""Followers: what a process sees of the signals that pass.

A follower never holds up who publishes. `Follower` keeps only the latest of each signal until it is asked; `Stream`
keeps every sample, up to a limit. Both count what they had to drop and say so with the next thing they yield.
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from operator import and_
from typing import NamedTuple, Self

from alpenglow.signals import Reading, Sample, Table

_STREAM_LIMIT = 200_000  # samples; about 20 MB


class Changes(NamedTuple):
    """The latest readings of the followed signals that changed, and how many samples were passed over."""

    readings: dict[str, Reading]
    missed: int


class Streamed(NamedTuple):
    """Every sample of the followed signals in order, and how many were lost before them."""

    samples: list[Sample]
    missed: int


class Follower:
    """Latest value per signal. An async iterator of Changes; `take` is the same without waiting."""

    def __init__(self, table: Table, indexes: Iterable[int], changed: asyncio.Event | None = None) -> None:
        """`changed` is set when something arrives; give one to wait for several things at once."""
        self._table = table
        self.indexes = sorted(set(indexes))
        self._mask = bytearray(len(table.catalogue.signals))
        for index in self.indexes:
            self._mask[index] = 1
        self._pending: set[int] = set()
        self._missed = 0
        self.changed = changed or asyncio.Event()

    def feed(self, samples: Sequence[Sample]) -> None:
        """Called by the fabric with everything that arrives."""
        mask, pending = self._mask, self._pending
        hits = [s[0] for s in samples if mask[s[0]]]
        if hits:
            before = len(pending)
            pending.update(hits)
            self._missed += before + len(hits) - len(pending)
            self.changed.set()

    def lost(self, owned: bytes | bytearray) -> None:
        """Called by the fabric when a batch did not arrive; `owned`: for every signal, whether it could be in it."""
        self._missed += any(map(and_, owned, self._mask))

    def take(self) -> Changes:
        """What changed since the last time, possibly nothing."""
        signals, table = self._table.catalogue.signals, self._table
        indexes, missed = self.take_indexes()
        return Changes({signals[i].path: table.read_index(i) for i in indexes}, missed)

    def take_indexes(self) -> tuple[set[int], int]:
        """`take` without the readings: which signals changed, and how many samples were passed over."""
        pending, self._pending = self._pending, set()
        missed, self._missed = self._missed, 0
        self.changed.clear()
        return pending, missed

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Changes:
        await self.changed.wait()
        return self.take()


class Stream:
    """Every sample of the followed signals. An async iterator of Streamed."""

    def __init__(self, table: Table, indexes: Iterable[int], limit: int = _STREAM_LIMIT) -> None:
        self._mask = bytearray(len(table.catalogue.signals))
        for index in indexes:
            self._mask[index] = 1
        self._samples: deque[Sample] = deque(maxlen=limit)
        self._limit = limit
        self._missed = 0
        self.changed = asyncio.Event()

    def feed(self, samples: Sequence[Sample]) -> None:
        """Called by the fabric with everything that arrives."""
        mask = self._mask
        hits = [s for s in samples if mask[s[0]]]
        if hits:
            self._missed += max(0, len(self._samples) + len(hits) - self._limit)
            self._samples.extend(hits)
            self.changed.set()

    def lost(self, owned: bytes | bytearray) -> None:
        """Called by the fabric when a batch did not arrive; `owned`: for every signal, whether it could be in it."""
        self._missed += any(map(and_, owned, self._mask))

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Streamed:
        await self.changed.wait()
        streamed = Streamed(list(self._samples), self._missed)
        self._samples.clear()
        self._missed = 0
        self.changed.clear()
        return streamed
