"""What the car can be asked to do and to tell, read from its catalogue of signals.

A *function* is one setting wherever it occurs in the car: `Vehicle.Cabin.Door.*.*.Window.Position` with a path for each
place. What may be done with it (its role) follows from the signal's own facts: datatype, unit, limits, allowed values.
Nothing is listed by hand, so that a signal of an overlay becomes a function by itself.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import Literal

import msgspec

from alpenglow.signals import Catalogue, Kind, Signal

type Side = Literal["left", "right", "middle"]


class Spot(msgspec.Struct, frozen=True):
    """Where in the car: a row (1 is the front) and a side, where the path tells them. The car is left-hand drive."""

    row: int | None = None
    side: Side | None = None


class Role(StrEnum):
    """What kind of thing a setting is, which says what "on", "up" and "more" mean for it."""

    OPENING = "opening"  # a window, a lid, a shade: per cent open, or a switch that opens and closes
    SWITCH = "switch"
    LOCK = "lock"
    FOLD = "fold"
    WARMTH = "warmth"  # -100 cools … 100 heats
    LEVEL = "level"  # 0 … 100 per cent
    QUANTITY = "quantity"  # a number with a unit
    MODE = "mode"  # one of several words
    COLOUR = "colour"
    TEXT = "text"


class Function(msgspec.Struct, frozen=True):
    """One setting or measurement, at each place that has it."""

    pattern: str  # the path with `*` for the steps that say where
    role: Role
    signal: Signal  # of the first place; the facts are the same everywhere
    paths: dict[Spot, str]

    @property
    def leaf(self) -> str:
        """The last step: `Position`."""
        return self.pattern.rpartition(".")[2]

    @property
    def item(self) -> str:
        """The part it belongs to: the pattern without the last step."""
        return self.pattern.rpartition(".")[0]

    @property
    def settable(self) -> bool:
        """Whether the car can be asked to set it."""
        return self.signal.kind is Kind.ACTUATOR

    @property
    def drawn(self) -> bool:
        """Whether 100 per cent means drawn, as for shades and blinds, and not open."""
        return ".Shade" in self.pattern or ".RearShade" in self.pattern


_ROWS = {f"Row{n}": n for n in range(1, 5)} | {"Front": 1, "Rear": 2}
_SIDES: dict[str, Side] = {
    "DriverSide": "left",
    "PassengerSide": "right",
    "Driver": "left",
    "Passenger": "right",
    "Left": "left",
    "Right": "right",
    "Middle": "middle",
    "Center": "middle",
}
_BOTH: dict[str, tuple[int, Side]] = {
    "FrontLeft": (1, "left"),
    "FrontRight": (1, "right"),
    "FrontMiddle": (1, "middle"),
    "RearLeft": (2, "left"),
    "RearRight": (2, "right"),
    "RearMiddle": (2, "middle"),
}
_NOT_PLACES = ("Vehicle.Driver.", "Vehicle.Occupant.")  # there `Driver` is a person
_OPEN_SHUT = frozenset({"OPEN", "CLOSE"})
_OPENINGS = ("Window", "Door", "Trunk", "Hood", "Shade", "RearShade", "Sunroof")


def split_path(path: str) -> tuple[str, Spot]:
    """The pattern of a path, and the place that it names.

    >>> split_path("Vehicle.Chassis.Axle.Row1.Wheel.Left.Speed")
    ('Vehicle.Chassis.Axle.*.Wheel.*.Speed', Spot(row=1, side='left'))
    """
    if path.startswith(_NOT_PLACES):
        return path, Spot()
    row, side, steps = None, None, []
    for step in path.split("."):
        if step in _BOTH:
            row, side = _BOTH[step]
            step = "*"
        elif step == "AnyPosition":
            step = "*"
        elif row is None and step in _ROWS:
            row, step = _ROWS[step], "*"
        elif side is None and step in _SIDES:
            side, step = _SIDES[step], "*"
        steps.append(step)
    return ".".join(steps), Spot(row, side)


def role_of(signal: Signal) -> Role:
    """What kind of setting `signal` is."""
    *_, part, leaf = signal.path.split(".")
    part = next((step for step in reversed(signal.path.split(".")[:-1]) if split_path(step)[0] != "*"), part)
    if set(signal.allowed) >= _OPEN_SHUT:
        return Role.OPENING
    if leaf == "Position" and part in _OPENINGS and signal.unit == "percent":
        return Role.OPENING
    if signal.datatype == "boolean":
        if leaf.endswith("Open"):
            return Role.OPENING
        if leaf.endswith(("Locked", "LockEngaged", "ChildLockActive")):
            return Role.LOCK
        return Role.FOLD if leaf == "IsFolded" else Role.SWITCH
    if signal.datatype == "string":
        if signal.allowed:
            return Role.MODE
        return Role.COLOUR if leaf == "Color" else Role.TEXT
    if leaf == "HeatingCooling":
        return Role.WARMTH
    return Role.LEVEL if signal.unit == "percent" and (signal.maximum or 100) == 100 else Role.QUANTITY


class Functions:
    """All functions of a car, by pattern. `rows`: how many rows of seats it has; `only`: the signals that it has."""

    def __init__(self, catalogue: Catalogue, rows: int = 2, only: Collection[str] | None = None) -> None:
        self.catalogue = catalogue
        paths: dict[str, dict[Spot, str]] = {}
        for signal in catalogue.signals:
            pattern, spot = split_path(signal.path)
            if only is not None and signal.path not in only:
                continue
            if (spot.row is None or spot.row <= rows) and not signal.datatype.endswith("[]"):
                paths.setdefault(pattern, {}).setdefault(spot, signal.path)
        self.by_pattern: dict[str, Function] = {}
        for pattern, places in paths.items():
            if pattern.startswith("Vehicle.Cabin."):  # two seats a row
                places = {spot: path for spot, path in places.items() if spot.side != "middle"} or places
            first = catalogue[next(iter(places.values()))]
            self.by_pattern[pattern] = Function(pattern, role_of(first), first, places)
        self._of_path = {path: f for f in self.by_pattern.values() for path in f.paths.values()}

    def of_path(self, path: str) -> Function | None:
        """The function that `path` is one place of."""
        return self._of_path.get(path)

    def below(self, pattern: str) -> list[Function]:
        """The function of this pattern, or all below this branch; [] where the car has none.

        `Vehicle.Body.Trunk.Rear` names only the places at the rear of the functions below `Vehicle.Body.Trunk.*`.
        """
        if exact := self.by_pattern.get(pattern):
            return [exact]
        found = [f for p, f in self.by_pattern.items() if p.startswith(pattern + ".")]
        if found:
            return found
        general, spot = split_path(pattern)
        if general == pattern:
            return []
        narrowed = []
        for function in self.below(general):
            paths = {
                at: path
                for at, path in function.paths.items()
                if spot.row in (None, at.row) and spot.side in (None, at.side)
            }
            if paths:
                narrowed.append(Function(function.pattern, function.role, function.signal, paths))
        return narrowed
