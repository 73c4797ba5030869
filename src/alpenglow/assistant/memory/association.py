"""Is it a habit? Association rules "situation → setting" over days, seen from the situation that is now.

Agrawal, Imieliński and Swami (SIGMOD 1993) measure such a rule by its support (how often both came together) and its
confidence (how often the setting came, of all times that the situation did); Brin, Motwani, Ullman and Tsur (SIGMOD
1997) add the lift (confidence over the setting's share of all). Counted are days: what happens twice on one day is no
second proof. A habit is
- support: at least 3 days;
- confidence: clearly more often than not, that is, the lower end of Wilson's interval (1927; one-sided, 95 %) is above
  one half: 3 of 3 days do, 4 of 5 do not, 6 of 7 do;
- lift: half as often again as outside the situation, unless it is as sure a habit there or hardly anything is known;
- and no narrower situation that is like now, and was met on 3 days, speaks against it (a confidence below one half).
"""

from collections.abc import Iterable
from itertools import combinations
from math import sqrt
from typing import NamedTuple

from alpenglow.assistant.memory.situations import Feature

LEAST_DAYS = 3
_WILSON_Z = 1.645
_CONTRAST = 1.5

# Two situations that have one thing in common are not similar yet.
_SITUATIONS = tuple(
    Feature(sum(some)) for size in range(2, len(Feature) + 1) for some in combinations(tuple(Feature), size)
)


class Seen(NamedTuple):
    """One occasion as it looks from now."""

    day: int  # any number that tells days apart
    common: Feature  # what it has in common with now
    done: bool  # whether the setting was made


class Evidence(NamedTuple):
    """What speaks for a rule."""

    features: Feature  # the situation: what it has in common with now
    days: int  # on which the situation came and the setting was made (the support)
    of: int  # days on which the situation came
    days_outside: int  # the same for everything but the situation
    of_outside: int

    @property
    def confidence(self) -> float:
        """The setting's share of the days on which the situation came."""
        return self.days / self.of if self.of else 0.0

    @property
    def lift(self) -> float:
        """Confidence over the setting's share of all: 1 where the situation makes no difference."""
        done = self.days + self.days_outside
        return self.confidence * (self.of + self.of_outside) / done if done else 0.0

    @property
    def outside(self) -> float:
        """The setting's share of the days outside; where there were none, as much as inside."""
        return self.days_outside / self.of_outside if self.of_outside else self.confidence


def habit(history: Iterable[Seen]) -> Evidence | None:
    """The situation that best explains why the setting would be made now, or None where it is no habit."""
    came: dict[Feature, int] = {}  # sets of days, as the bits of a number
    done: dict[Feature, int] = {}
    numbers: dict[int, int] = {}
    for seen in history:
        bit = 1 << numbers.setdefault(seen.day, len(numbers))
        came[seen.common] = came.get(seen.common, 0) | bit
        if seen.done:
            done[seen.common] = done.get(seen.common, 0) | bit
    every = {features: _evidence(features, came, done) for features in _SITUATIONS}
    good = [evidence for evidence in every.values() if _convinces(evidence) and not _denied(evidence, every.values())]
    return max(good, key=_strength, default=None)


def surely_more_often_than_not(days: int, of: int) -> bool:
    """Whether the lower end of Wilson's interval for `days` of `of` is above one half."""
    if not of:
        return False
    share, z2 = days / of, _WILSON_Z * _WILSON_Z
    middle = share + z2 / (2 * of)
    spread = _WILSON_Z * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return (middle - spread) / (1 + z2 / of) > 0.5


def _evidence(features: Feature, came: dict[Feature, int], done: dict[Feature, int]) -> Evidence:
    inside = [0, 0]
    outside = [0, 0]
    for common, days in came.items():
        counted = inside if common & features == features else outside
        counted[0] |= done.get(common, 0)
        counted[1] |= days
    return Evidence(features, *(days.bit_count() for days in inside), *(days.bit_count() for days in outside))


def _convinces(e: Evidence) -> bool:
    if e.days < LEAST_DAYS or not surely_more_often_than_not(e.days, e.of):
        return False
    if e.of_outside < LEAST_DAYS or surely_more_often_than_not(e.days_outside, e.of_outside):
        return True
    return e.confidence >= _CONTRAST * e.outside


def _denied(e: Evidence, every: Iterable[Evidence]) -> bool:
    """Whether a situation that is narrower than that of `e` speaks against it."""
    return any(n.of >= LEAST_DAYS and n.confidence < 0.5 and n.features & e.features == e.features for n in every)


def _strength(e: Evidence) -> tuple[float, int, int, int]:
    """What explains most, then what is known best, then what is said in the fewest words."""
    return e.confidence - e.outside, e.of, -e.features.bit_count(), -e.features
