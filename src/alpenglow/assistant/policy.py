"""What needs a yes before it is done: what opens the car, costs money or lets it roll. The table is `policy.toml`.

Rules that always hold:
- this only asks; whether something may be moved at all is the door's to say, after the yes too;
- where an interlock is sure to refuse, nothing is asked first: the speaker hears the refusal at once.
"""

import re
from collections.abc import Callable

import msgspec

from alpenglow.assistant.api import Language
from alpenglow.assistant.resolving import Move
from alpenglow.fabric.tables import read_table
from alpenglow.signals import Value

type Read = Callable[[str], Value | None]


class PolicyError(ValueError):
    """The table cannot be used; the text says which row is wrong."""


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that must be known of the car: a value, or a magnitude of `within` at most."""

    signal: str
    is_: bool | str | None = msgspec.field(name="is", default=None)
    within: float | None = None

    def known(self, read: Read) -> bool:
        """Whether it is so for sure."""
        value = read(self.signal)
        if self.within is None:
            return type(value) is type(self.is_) and value == self.is_
        return isinstance(value, int | float) and not isinstance(value, bool) and -self.within <= value <= self.within


class First(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row: settings that need a yes, to which values, and why."""

    id: str
    paths: list[str]
    says: dict[Language, str]
    values: list[bool | int | float | str] | None = None
    but: list[bool | int | float | str] | None = None
    above: float | None = None
    below: float | None = None
    provided: list[Fact] = []

    def covers(self, value: Value) -> bool:
        """Whether `value` is one of those that need a yes."""
        if self.values is not None and value not in self.values:
            return False
        if self.but is not None and value in self.but:
            return False
        number = isinstance(value, int | float)
        if self.above is not None and number and value <= self.above:  # type: ignore[operator]
            return False
        return not (self.below is not None and number and value >= self.below)  # type: ignore[operator]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    first: list[First]
    forgetting: dict[Language, str]


class Policy:
    """Which moves are read back and confirmed first."""

    def __init__(self, text: str | None = None) -> None:
        """The table in `text` (TOML; default: Alpenglow's own). PolicyError says what is wrong."""
        table = read_table(__package__, "policy.toml", _Table, PolicyError, text)
        for row in table.first:
            if "en" not in row.says or not row.paths:
                raise PolicyError(f"policy: row {row.id} needs paths, and at least an English sentence")
        self._rows = [(re.compile("|".join(map(_pattern, row.paths))), row) for row in table.first]
        self.forgetting = table.forgetting

    def asks_first(self, move: Move, read: Read) -> First | None:
        """The row because of which the speaker must say yes before `move` is made; None where nothing is to ask."""
        for pattern, row in self._rows:
            if pattern.fullmatch(move.path) and row.covers(move.value) and all(f.known(read) for f in row.provided):
                return row
        return None


def _pattern(path: str) -> str:
    """A catalogue's pattern as a regular expression."""
    steps = {"*": r"[^.]+", "**": r".+"}
    return r"\.".join(steps.get(step) or re.escape(step) for step in path.split("."))
