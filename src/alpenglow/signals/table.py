"""The table of latest values: one row per signal of the catalogue, in every process.

Two times per row. `time_ns` says when the value was true in the world (history, charts); `stamp_ns`, on this machine's
monotonic clock, says since when it has been ageing, so that a step of the wall clock makes nothing stale or fresh.

Staleness is never sent: a row older than its signal's age limit reads as STALE, wherever it is read.
"""

import time
from collections.abc import Iterable, Iterator

from alpenglow.signals.catalogue import Catalogue
from alpenglow.signals.values import Quality, Reading, Sample, Value

_VALID, _STALE, _UNAVAILABLE = Quality.VALID, Quality.STALE, Quality.UNAVAILABLE
_QUALITIES = tuple(Quality)


class Table:
    """Latest value, quality and times of every signal in one catalogue. Not thread-safe: one thread owns it."""

    def __init__(self, catalogue: Catalogue) -> None:
        size = len(catalogue.signals)
        self.catalogue = catalogue
        self._index = catalogue.index_of
        self._limits_ns = [
            None if s.age_limit_s is None else int(s.age_limit_s * 1e9) for s in catalogue.signals
        ]
        self._last: list[Value | None] = [None] * size
        self._qualities: list[Quality] = [_UNAVAILABLE] * size
        self._times_ns = [0] * size
        self._stamps_ns = [0] * size

    def put(self, samples: Iterable[Sample], stamp_ns: int) -> None:
        """Take over samples that are as old as `stamp_ns` (ns, monotonic clock of this machine)."""
        last, qualities, times, stamps = self._last, self._qualities, self._times_ns, self._stamps_ns
        for index, value, quality, time_ns in samples:
            if value is not None:
                last[index] = value
            qualities[index] = quality
            times[index] = time_ns
            stamps[index] = stamp_ns

    def read(self, path: str) -> Reading:
        """What `path` reads as now; KeyError for a path that is not in the catalogue."""
        return self.read_index(self._index[path])

    def read_index(self, index: int, now_ns: int | None = None) -> Reading:
        """What the signal at `index` reads as at `now_ns` (default: now)."""
        quality = self._qualities[index]
        if quality is _UNAVAILABLE and not self._stamps_ns[index]:
            return _NOTHING
        age_ns = (time.monotonic_ns() if now_ns is None else now_ns) - self._stamps_ns[index]
        last = self._last[index]
        if quality is _VALID:
            limit = self._limits_ns[index]
            if limit is None or age_ns <= limit:
                return Reading(last, _VALID, age_ns / 1e9, self._times_ns[index], last)
            quality = _STALE
        return Reading(None, quality, age_ns / 1e9, self._times_ns[index], last)

    def value(self, path: str) -> Value | None:
        """The value of `path` if it is valid now, else None."""
        return self.read_index(self._index[path]).value

    def stamp_ns(self, index: int) -> int:
        """Since when (ns, monotonic clock) the row has been ageing; 0 where nothing has arrived."""
        return self._stamps_ns[index]

    def known(self) -> Iterator[tuple[int, Value | None, Quality, int, int]]:
        """Every row that anything has arrived for: index, last value, quality as sent, time_ns, stamp_ns."""
        for index, stamp in enumerate(self._stamps_ns):
            if stamp:
                yield index, self._last[index], self._qualities[index], self._times_ns[index], stamp


_NOTHING = Reading(None, _UNAVAILABLE, float("inf"), 0, None)
