"""What a person wants, once it is understood: which setting, where, and in which sense it shall change."""

from typing import Literal

import msgspec

from alpenglow.assistant.acts import Act
from alpenglow.assistant.api import Seat
from alpenglow.assistant.functions import Function, Side, Spot
from alpenglow.signals import Value

type Degree = Literal["", "little", "much", "full", "half", "crack"]

SEATS: dict[Seat, Spot] = {
    "driver": Spot(1, "left"),
    "passenger": Spot(1, "right"),
    "rear-left": Spot(2, "left"),
    "rear-right": Spot(2, "right"),
}


class Amount(msgspec.Struct, frozen=True):
    """A number as it was said. `share`: a part of a whole (0…1); `relative`: by so much, not to so much."""

    value: float
    unit: str = ""  # percent degree fahrenheit step level kmh mph minute second hour millimetre centimetre
    share: bool = False
    relative: bool = False


class Where(msgspec.Struct, frozen=True):
    """Where, in the words of the speaker: codes of `language.pack.PLACES`."""

    codes: frozenset[str] = frozenset()
    plural: bool = False
    but: frozenset[str] = frozenset()  # all except there


class Wish(msgspec.Struct, frozen=True):
    """One thing that shall change."""

    function: Function
    act: Act
    where: Where = Where()
    amount: Amount | None = None
    token: Value | None = None  # one of the words a mode allows, or a colour
    degree: Degree = ""


class Question(msgspec.Struct, frozen=True):
    """One thing that somebody wants to know of the car's state."""

    function: Function
    where: Where = Where()
    expects: str = ""  # the act whose result is asked for: "are the windows closed?"
    amount: Amount | None = None  # "can I manage another 300 kilometres?"
    which: bool = False  # it asks for places: "who isn't belted?", "which tyre is low?"
    denied: bool = False  # for those of which it is not so


_OTHER: dict[Side, Side] = {"left": "right", "right": "left", "middle": "middle"}
_ROW_OF = {"front": 1, "rear": 2}
_SIDE_OF: dict[str, Side] = {"left": "left", "right": "right", "driver": "left", "passenger": "right"}
# Settings that people share although each place has one of its own.
_AT_SEATS = "Vehicle.Cabin.Door."  # what is beside me there is mine: "the window next to me"
_TOGETHER = ("Vehicle.Body.Mirrors.", "Vehicle.ADAS.", "Vehicle.Chassis.Axle.")


def opposite(spot: Spot) -> Spot:
    """The place across the car."""
    return Spot(spot.row, None if spot.side is None else _OTHER[spot.side])


def spots(function: Function, where: Where, seat: Seat, last: tuple[Spot, ...] = ()) -> tuple[Spot, ...]:
    """The places of `function` that `where` means when said from `seat`; () where the car has none such.

    `last`: the places of which was spoken before, for "the other one".
    """
    known = tuple(function.paths)
    if Spot() in known and (len(known) == 1 or not where.codes):
        return (Spot(),)
    wanted = _wanted(function, where, seat, last)
    if where.but:
        away = _wanted(function, Where(where.but), seat, last)
        wanted = tuple(s for s in (wanted or known) if s not in away)
    return wanted


def _wanted(function: Function, where: Where, seat: Seat, last: tuple[Spot, ...]) -> tuple[Spot, ...]:
    known, me, codes = tuple(function.paths), SEATS[seat], where.codes
    if _shared(function) and (where.plural or codes & {"all", "both"}):
        codes -= {"mine", "here"}  # "my mirrors" are all of them
    rows = {_ROW_OF[c] for c in codes & _ROW_OF.keys()}
    sides: set[Side] = {_SIDE_OF[c] for c in codes & _SIDE_OF.keys()}
    if codes & {"driver", "passenger"} and not rows:
        rows = {1}
    people = codes & {"mine", "here", "behind-me", "beside-me", "in-front-of-me"}
    if "other" in codes:
        people -= {"here"}  # "the other side back here"
    if "other" in codes and not people and not sides:
        before = [s for s in last if s in known] or [s for s in known if _at(me, s)]
        rest = tuple(s for s in (opposite(b) for b in before) if s in known and s not in before)
        return rest or tuple(s for s in known if s not in before and (not rows or s.row in rows))
    picked: list[Spot] = []
    for code in people:
        spot = {
            "behind-me": Spot((me.row or 1) + 1, me.side),
            "in-front-of-me": Spot((me.row or 1) - 1, me.side),
            "beside-me": me if "near" in codes and function.pattern.startswith(_AT_SEATS) else opposite(me),
        }.get(code, me)
        if code == "here" and (sides or codes & {"both", "all"}):
            spot = Spot(me.row, None)
        if code == "mine" and rows and spot.row not in rows:
            spot = Spot(min(rows), spot.side)  # the driver's "my rear window"
        picked += [s for s in known if _at(spot, s) and (not sides or s.side in (*sides, None))]
    if (sides or rows) and not people:
        fits = [s for s in known if s.row in (*rows, None) or not rows]
        fits = [s for s in fits if not sides or s.side in (*sides, None)]
        if not rows and sides and len({s.row for s in fits}) > 1 and not codes & {"all", "both"}:
            fits = [s for s in fits if s.row == me.row] or fits
        one = not (sides or where.plural or codes & {"all", "both", "child"})
        if one and len(fits) > 1 and any(_at(me, s) for s in fits) and not _shared(function) and not _filled(function):
            fits = [s for s in fits if _at(me, s)]
        picked += [s for s in fits if s not in picked]
    if picked:
        return tuple(dict.fromkeys(picked))
    if rows or sides or people:
        return ()
    if "child" in codes:
        return tuple(s for s in known if s.row in (2, None))
    if codes & {"all", "both"} or where.plural or _shared(function):
        if "both" in codes and len(known) > 2:
            return tuple(s for s in known if s.row == me.row)
        return known
    if function.leaf == "IsLocked" and ".Door." in function.pattern:
        return known
    mine = tuple(s for s in known if _at(me, s))
    if any(s.side for s in known):
        return mine or known
    default = 2 if ".Trunk." in function.pattern else 1
    return tuple(s for s in known if s.row == default) or known


def _at(place: Spot, spot: Spot) -> bool:
    """Whether `spot` is at `place`, as far as both say."""
    return (None in (place.row, spot.row) or place.row == spot.row) and (
        None in (place.side, spot.side) or place.side == spot.side
    )


def _filled(function: Function) -> bool:
    """Whether a row has it all over, so that "in front" means both sides: light and air, but not a window or a seat."""
    return ".AmbientLight." in function.pattern or ".HVAC.Station." in function.pattern


def _shared(function: Function) -> bool:
    return function.pattern.startswith(_TOGETHER)
