"""Conditions: a small typed language for "when it rains", "in ten minutes", "when we get home".

Rules that always hold:
- a condition is true, false or unknown (Kleene's three-valued logic); an unknown one is never taken for true;
- whether it is true depends on its arguments alone: signals, time and places are handed in, nothing is looked up.
"""

import math
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

import msgspec

from alpenglow.signals.catalogue import Catalogue, UnknownSignal
from alpenglow.signals.values import BadValue, Scalar, Value, check_value

type Read = Callable[[str], Value | None]  # a signal's value now; None: stale, invalid or never heard of
type Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LATE_S = 120.0  # a moment that was missed by more than this is over
LONGEST_DELAY_S = 7 * 86_400.0
LONGEST_HOLD_S = 86_400.0
_HUGE = 1e15
_MOST_PARTS = 16
_DEEPEST = 4
_LONGEST_PLACE = 80
_LEAVING = 1.5  # a place is left at this many times the radius at which it was reached: GNSS wanders
_EARTH_M = 6_371_008.8  # mean radius (IUGG)
_LATITUDE, _LONGITUDE = "Vehicle.CurrentLocation.Latitude", "Vehicle.CurrentLocation.Longitude"


class ConditionError(ValueError):
    """A condition that cannot be meant; the text says which part and why."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Somewhere on earth: within `radius_m` of a point (WGS 84 degrees)."""

    latitude: float
    longitude: float
    radius_m: float = 150.0


class Compare(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="compare", forbid_unknown_fields=True):
    """A signal against a value, in the signal's own unit.

    Once true, an ordering stays true until the signal is `margin` back behind `value` (hysteresis).
    """

    path: str
    op: Literal["==", "!=", "<", "<=", ">", ">="]
    value: Scalar
    margin: float = 0.0


class At(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="at", forbid_unknown_fields=True):
    """A time of day in the car's local time; without `days` on every day. True for two minutes from then on."""

    time: time
    days: tuple[Day, ...] = ()


class After(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="after", forbid_unknown_fields=True):
    """So long after it was said. True for two minutes from then on."""

    seconds: float


class Arrives(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="arrives", forbid_unknown_fields=True):
    """The car is at a place that the person has named: home, work, or any other."""

    place: str


class Near(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="near", forbid_unknown_fields=True):
    """The car is at this place, which bears its coordinates with it; `name` is for people."""

    place: Place
    name: str = ""


class All(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="all", forbid_unknown_fields=True):
    """All of them at the same time."""

    of: tuple["Condition", ...]


class Any(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="any", forbid_unknown_fields=True):
    """At least one of them."""

    of: tuple["Condition", ...]


class Not(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="not", forbid_unknown_fields=True):
    """The opposite: "when it stops raining", "when we leave work"."""

    of: "Condition"


type Condition = Compare | At | After | Arrives | Near | All | Any | Not


@dataclass(slots=True)
class Look:
    """All that a condition may look at, at one moment."""

    read: Read
    now: datetime  # aware, in the car's local time
    made: datetime  # when the condition was said
    places: Mapping[str, Place]
    fired: datetime | None = None  # a moment that has set something off is over
    held: MutableMapping[tuple[int, ...], bool] | None = None  # hysteresis: which parts were true at the last look
    held_first: bool = False  # what counts for parts never looked at


def truth(condition: Condition, look: Look, part: tuple[int, ...] = ()) -> bool | None:
    """Whether it holds; None: unknown. `part` says which part of the whole condition this is, for the hysteresis."""
    match condition:
        case All(of=parts):
            found = [truth(c, look, (*part, i)) for i, c in enumerate(parts)]
            return False if False in found else None if None in found else True
        case Any(of=parts):
            found = [truth(c, look, (*part, i)) for i, c in enumerate(parts)]
            return True if True in found else None if None in found else False
        case Not(of=inner):
            holds = truth(inner, look, (*part, 0))
            return None if holds is None else not holds
        case At():
            return _within(_latest(condition, look.now), look)
        case After(seconds=seconds):
            return _within(look.made.timestamp() + seconds, look)
    held = look.held_first if look.held is None else look.held.get(part, look.held_first)
    match condition:
        case Compare():
            holds = _compare(condition, look.read, held)
        case Near(place=place):
            holds = _there(place, look.read, held)
        case Arrives(place=name):
            holds = _there(look.places.get(name.strip().lower()), look.read, held)
    if holds is not None and look.held is not None:
        look.held[part] = holds
    return holds


def check(condition: Condition, catalogue: Catalogue, hold_s: float = 0.0) -> None:
    """ConditionError where the condition, asked to hold for `hold_s`, could never be meant like that in this car."""
    if not 0 <= hold_s <= LONGEST_HOLD_S:
        raise ConditionError(f"a condition can be asked to hold for 0 to {LONGEST_HOLD_S:.0f} s, not {hold_s:g}")
    if hold_s and momentary(condition):
        raise ConditionError("a time of day or a delay is a moment, which cannot hold for a while")
    parts = list(_leaves(condition, 0))
    if len(parts) > _MOST_PARTS:
        raise ConditionError(f"a condition may have {_MOST_PARTS} parts, not {len(parts)}")
    for part in parts:
        match part:
            case Compare():
                _check_compare(part, catalogue)
            case After(seconds=seconds) if not 0 < seconds <= LONGEST_DELAY_S:
                raise ConditionError(f"a delay is more than 0 s and at most seven days, not {seconds:g} s")
            case At(time=clock) if clock.tzinfo is not None:
                raise ConditionError("a time of day is the car's local time and has no time zone")
            case Arrives(place=name) if not name.strip() or not _is_name(name):
                raise ConditionError(f"a place needs a name of 1 to {_LONGEST_PLACE} printable characters")
            case Near(name=name) if not _is_name(name):
                raise ConditionError(f"the name of a place has at most {_LONGEST_PLACE} printable characters")
            case Near(place=place) if not is_place(place):
                raise ConditionError("a place needs a latitude, a longitude, and a radius of 20 to 5000 m")


def momentary(condition: Condition) -> bool:
    """Whether it is true at moments alone, so that it needs not be seen false before."""
    match condition:
        case At() | After():
            return True
        case All(of=parts):
            return any(momentary(c) for c in parts)
        case Any(of=parts):
            return all(momentary(c) for c in parts)
    return False


def last_moment(condition: Condition, made: datetime) -> float | None:
    """The last time (s since 1970) from which it may become true for the first time; None: there is none."""
    match condition:
        case After(seconds=seconds):
            return made.timestamp() + seconds
        case At():
            return _next(condition, made)
        case All(of=parts):
            return min((m for c in parts if (m := last_moment(c, made)) is not None), default=None)
        case Any(of=parts):
            moments = [last_moment(c, made) for c in parts]
            known = [m for m in moments if m is not None]
            return max(known) if len(known) == len(moments) else None
    return None


def has_delay(condition: Condition) -> bool:
    """Whether it speaks of a time after it was said."""
    return any(isinstance(part, After) for part in _leaves(condition, 0))


def place_names(condition: Condition) -> set[str]:
    """The places that it speaks of by their names alone."""
    return {part.place for part in _leaves(condition, 0) if isinstance(part, Arrives)}


def paths(condition: Condition) -> set[str]:
    """The signals that it looks at."""
    found = {part.path for part in _leaves(condition, 0) if isinstance(part, Compare)}
    somewhere = any(isinstance(part, Arrives | Near) for part in _leaves(condition, 0))
    return found | ({_LATITUDE, _LONGITUDE} if somewhere else set())


def located(condition: Condition, places: Mapping[str, Place]) -> Condition:
    """The same with the coordinates of every place; ConditionError for one that is not among `places`."""
    match condition:
        case Arrives(place=name):
            place = places.get(name.strip().lower())
            if place is None:
                raise ConditionError(f"nobody has said yet where {name!r} is")
            return Near(place=place, name=name)
        case All(of=parts):
            return All(of=tuple(located(c, places) for c in parts))
        case Any(of=parts):
            return Any(of=tuple(located(c, places) for c in parts))
        case Not(of=inner):
            return Not(of=located(inner, places))
    return condition


def is_place(place: Place) -> bool:
    """Whether it is somewhere on earth, and neither smaller nor larger than a place that one arrives at."""
    return abs(place.latitude) <= 90 and abs(place.longitude) <= 180 and 20 <= place.radius_m <= 5_000


def distance_m(latitude: float, longitude: float, place: Place) -> float:
    """Great-circle distance to the middle of `place`, by the haversine formula."""
    a, b = math.radians(latitude), math.radians(place.latitude)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(place.longitude - longitude) / 2) ** 2
    return 2 * _EARTH_M * math.asin(min(1.0, math.sqrt(half)))


def number(value: Value | None) -> float | None:
    """`value` as a number, or None where it is none (true and false are not, nor what no sensor counts)."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -_HUGE <= value <= _HUGE:
        return None
    return float(value)


def _compare(test: Compare, read: Read, held: bool) -> bool | None:
    value = read(test.path)
    wanted = number(test.value)
    if wanted is None:
        if value is None or type(value) is not type(test.value):
            return None
        return (value == test.value) is (test.op == "==")
    seen = number(value)
    if seen is None:
        return None
    margin = test.margin if held else 0.0
    match test.op:
        case "==":
            return seen == wanted
        case "!=":
            return seen != wanted
        case "<":
            return seen < wanted + margin
        case "<=":
            return seen <= wanted + margin
        case ">":
            return seen > wanted - margin
        case ">=":
            return seen >= wanted - margin


def _there(place: Place | None, read: Read, held: bool) -> bool | None:
    latitude, longitude = number(read(_LATITUDE)), number(read(_LONGITUDE))
    if place is None or latitude is None or longitude is None:
        return None
    return distance_m(latitude, longitude, place) <= place.radius_m * (_LEAVING if held else 1.0)


def _within(due: float, look: Look) -> bool:
    """Whether now is in the two minutes from `due` on, and this moment has neither passed before nor been used."""
    if due < look.made.timestamp() or (look.fired is not None and look.fired.timestamp() >= due):
        return False
    return due <= look.now.timestamp() <= due + LATE_S


def _latest(at: At, now: datetime) -> float:
    """The latest such time up to now, of today and yesterday (s since 1970); -inf: none."""
    for back in (0, 1):
        due = _on(at, now, -back)
        if due is not None and due <= now.timestamp():
            return due
    return -math.inf


def _next(at: At, after: datetime) -> float | None:
    for ahead in range(8):
        due = _on(at, after, ahead)
        if due is not None and due >= after.timestamp():
            return due
    return None


def _on(at: At, day: datetime, shift: int) -> float | None:
    date = day.date() + timedelta(days=shift)
    if at.days and DAYS[date.weekday()] not in at.days:
        return None
    return datetime.combine(date, at.time, tzinfo=day.tzinfo).timestamp()


def _leaves(condition: Condition, depth: int) -> Iterator[Compare | At | After | Arrives | Near]:
    if depth > _DEEPEST:
        raise ConditionError(f"a condition may be nested {_DEEPEST} deep")
    match condition:
        case All(of=parts) | Any(of=parts):
            if not parts:
                raise ConditionError("all and any need at least one part")
            for part in parts:
                yield from _leaves(part, depth + 1)
        case Not(of=inner):
            yield from _leaves(inner, depth + 1)
        case _:
            yield condition


def _is_name(name: str) -> bool:
    return len(name.strip()) <= _LONGEST_PLACE and name.isprintable()


def _check_compare(test: Compare, catalogue: Catalogue) -> None:
    try:
        signal = catalogue[test.path]
    except UnknownSignal as error:
        raise ConditionError(str(error)) from None
    if signal.path != test.path:
        raise ConditionError(f"{test.path} is now called {signal.path}")
    wanted = number(test.value)
    if signal.datatype in ("boolean", "string"):
        if test.op not in ("==", "!="):
            raise ConditionError(f"{test.path} has no order: compare it with == or !=, not {test.op}")
        try:
            check_value(signal, test.value)
        except BadValue as error:
            raise ConditionError(str(error)) from None
    elif signal.datatype.endswith("[]"):
        raise ConditionError(f"{test.path} is a list, which a condition cannot compare")
    elif wanted is None:
        raise ConditionError(f"{test.path} is a number; compare it with one, not with {test.value!r}")
    if not 0 <= test.margin < math.inf:
        raise ConditionError(f"the margin of {test.path} is 0 or more, not {test.margin}")
