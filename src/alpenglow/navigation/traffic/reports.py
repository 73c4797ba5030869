"""What sources have reported, until it is too old to be believed.

Rules that always hold:
- a source's new report stands in place of all that it said before, at once or, where it is refused, not at all;
- what is here is bounded, whoever reports whatever;
- the clock is one that never goes back: a step of the wall clock revives nothing.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from alpenglow.navigation.api import Jam
from alpenglow.navigation.roads.geometry import distance

MOST_SOURCES = 16
MOST_STRETCHES = 500  # of one report
MOST_POINTS = 20_000  # of one report
MOST_M = 500_000.0  # of one report's lines
_LEAST_M = 1.0  # of a line


class BadReport(ValueError):
    """A report that is not taken; one line for who wrote the source."""


@dataclass(frozen=True, eq=False)
class Stretch:
    """One reported jam. Compared by identity: what is found for it on the map is kept by it."""

    source: str
    jam: Jam
    ends_s: float  # of the clock that `Reports` is asked by


@dataclass
class Reports:
    """All that is believed now."""

    revision: int = 0  # counts up with each change
    _by_source: dict[str, list[Stretch]] = field(default_factory=dict)

    def replace(self, source: str, jams: Sequence[Jam], now_s: float) -> list[Stretch]:
        """Take what `source` says at `now_s` in place of what it said before. BadReport changes nothing."""
        self.prune(now_s)
        _check(jams)
        if jams and source not in self._by_source and len(self._by_source) >= MOST_SOURCES:
            raise BadReport(f"{MOST_SOURCES} sources report traffic already: {', '.join(sorted(self._by_source))}")
        before = self._by_source.pop(source, [])
        # A jam that is said again in the same words stays what it is; only its end is later.
        stretches = [Stretch(source, jam, now_s + jam.until_s) for jam in jams]
        if stretches:
            self._by_source[source] = stretches
        if [_where(each.jam) for each in before] != [_where(jam) for jam in jams]:
            self.revision += 1
        return stretches

    def prune(self, now_s: float) -> bool:
        """Forget what is too old at `now_s`; whether anything was."""
        old = [each for each in self.stretches() if each.ends_s <= now_s]
        if not old:
            return False
        left = {source: [s for s in each if s.ends_s > now_s] for source, each in self._by_source.items()}
        self._by_source = {source: each for source, each in left.items() if each}
        self.revision += 1
        return True

    def stretches(self) -> list[Stretch]:
        """Of all sources."""
        return [stretch for each in self._by_source.values() for stretch in each]

    def next_end_s(self) -> float | None:
        """When the next of them is too old; None where there is none."""
        return min((each.ends_s for each in self.stretches()), default=None)


def _where(jam: Jam) -> tuple[object, ...]:
    """What of a jam changes how roads are driven, and what is told of it."""
    return (tuple(jam.points), jam.speed_factor, jam.cause)


def _check(jams: Sequence[Jam]) -> None:
    """BadReport for what the declared bounds do not catch."""
    if len(jams) > MOST_STRETCHES:
        raise BadReport(f"a report has at most {MOST_STRETCHES} stretches, not {len(jams)}")
    if (points := sum(len(jam.points) for jam in jams)) > MOST_POINTS:
        raise BadReport(f"a report has at most {MOST_POINTS} points, not {points}")
    metres = 0.0
    for number, jam in enumerate(jams):
        numbers = (jam.speed_factor, jam.until_s, *itertools.chain.from_iterable(jam.points))
        if not all(map(math.isfinite, numbers)):
            raise BadReport(f"stretch {number} holds what is no number")
        if jam.until_s <= 0.0 or not 0.05 <= jam.speed_factor <= 1.0:
            raise BadReport(f"stretch {number}: speed_factor is 0.05 to 1, until_s more than 0")
        length = sum(distance(a[1], a[0], b[1], b[0]) for a, b in itertools.pairwise(jam.points))
        if length < _LEAST_M:
            raise BadReport(f"stretch {number} is a line without length")
        metres += length
    if metres > MOST_M:
        raise BadReport(f"a report covers at most {MOST_M / 1000.0:.0f} km, not {metres / 1000.0:.0f} km")
