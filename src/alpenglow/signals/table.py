"""The table of latest values: one row per signal of the catalogue, in every process.

Two times per row. `time_ns` says when the value was true in the world (history, charts); `stamp_ns`, on this machine's
monotonic clock, says since when it has been ageing, so that a step of the wall clock makes nothing stale or fresh.

Staleness is never sent: a row older than its signal's age limit reads as STALE, wherever it is read.
"""

from collections.abc import Iterable, Iterator
from time import monotonic_ns

from alpenglow.signals.catalogue import Catalogue
from alpenglow.signals.values import Quality, Reading, Sample, Value

_VALID, _STALE, _INVALID, _UNAVAILABLE = Quality
_NOTHING = Reading(None, _UNAVAILABLE, float("inf"), 0, None)
_NO_LIMIT_NS = 2**63  # 292 years


class Table:
    """Latest value, quality and times of every signal in one catalogue. Not thread-safe: one thread owns it."""

    def __init__(self, catalogue: Catalogue) -> None:
        size = len(catalogue.signals)
        self.catalogue = catalogue
        self._index = catalogue.index_of
        self._limits_ns = [
            _NO_LIMIT_NS if s.age_limit_s is None else round(s.age_limit_s * 1e9) for s in catalogue.signals
        ]
        self._last: list[Value | None] = [None] * size
        self._qualities: list[Quality] = [_UNAVAILABLE] * size
        self._times_ns = [0] * size
        self._stamps_ns = [0] * size

    def put(self, samples: Iterable[Sample], stamp_ns: int) -> None:
        """Take over samples that are as old as `stamp_ns` (ns, monotonic clock of this machine).

        A stamp in the future counts as now, else the row would stay fresh for too long. A sample that says VALID and
        has no value is INVALID.
        """
        stamp_ns = min(stamp_ns, monotonic_ns())
        last, qualities, times, stamps = self._last, self._qualities, self._times_ns, self._stamps_ns
        for index, value, quality, time_ns in samples:
            if quality is _VALID:
                if value is None:
                    quality = _INVALID
                else:
                    last[index] = value
            qualities[index] = quality
            times[index] = time_ns
            stamps[index] = stamp_ns

    def read(self, path: str) -> Reading:
        """What `path` (or an old name) reads as now; UnknownSignal for a name that the catalogue does not have."""
        try:
            index = self._index[path]
        except KeyError:
            index = self._index[self.catalogue[path].path]
        return self.read_index(index)

    def read_index(self, index: int, now_ns: int | None = None) -> Reading:
        """What the signal at `index` reads as at `now_ns` (default: now)."""
        stamp = self._stamps_ns[index]
        if not stamp:
            return _NOTHING
        age_ns = (monotonic_ns() if now_ns is None else now_ns) - stamp
        quality = self._qualities[index]
        last = self._last[index]
        # tuple.__new__ takes half the time of Reading(…), and this is the hottest path of every process.
        if quality is _VALID:
            if age_ns <= self._limits_ns[index]:
                return tuple.__new__(Reading, (last, _VALID, age_ns * 1e-9, self._times_ns[index], last))
            quality = _STALE
        return tuple.__new__(Reading, (None, quality, age_ns * 1e-9, self._times_ns[index], last))

    def value(self, path: str) -> Value | None:
        """The value of `path` (or an old name) if it is valid now, else None; UnknownSignal as with `read`."""
        try:
            index = self._index[path]
        except KeyError:
            index = self._index[self.catalogue[path].path]
        if self._qualities[index] is _VALID and monotonic_ns() - self._stamps_ns[index] <= self._limits_ns[index]:
            return self._last[index]
        return None

    def stamp_ns(self, index: int) -> int:
        """Since when (ns, monotonic clock) the row has been ageing; 0 where nothing has arrived."""
        return self._stamps_ns[index]

    def known(self) -> Iterator[tuple[int, Value | None, Quality, int, int]]:
        """Every row that anything has arrived for: index, last value, quality as sent, time_ns, stamp_ns."""
        for index, stamp in enumerate(self._stamps_ns):
            if stamp:
                yield index, self._last[index], self._qualities[index], self._times_ns[index], stamp
