"""The catalogue of signals: COVESA VSS 6.0 as one table, overlays in the same form, old names as aliases.

A table is a tab-separated file with the columns of `COLUMNS`; a line that begins with `#` is a comment. An overlay's
row whose path is already known amends it: what the row leaves empty stays as it was. Rows keep their place, so that a
signal's index is the same in every process that loaded the same files; `Catalogue.fingerprint` proves it.
"""

import difflib
import zlib
from collections.abc import Sequence
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

import msgspec

from alpenglow.signals.values import Scalar

COLUMNS = ("path", "kind", "datatype", "unit", "min", "max", "allowed", "age_limit_s", "description")


class Kind(StrEnum):
    """What may be done with a signal (VSS node types)."""

    SENSOR = "sensor"
    ACTUATOR = "actuator"
    ATTRIBUTE = "attribute"


class Signal(msgspec.Struct, frozen=True):
    """One leaf of the catalogue."""

    path: str
    kind: Kind
    datatype: str  # a VSS datatype; "[]" at the end means a list
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    allowed: tuple[Scalar, ...] = ()
    age_limit_s: float | None = None  # None: what was once said stays true
    description: str = ""


class UnknownSignal(KeyError):
    """A name that no signal has; the text suggests what may have been meant."""

    def __str__(self) -> str:
        return str(self.args[0])


class Catalogue:
    """All signals of one car, in a fixed order."""

    def __init__(self, signals: Sequence[Signal], aliases: dict[str, str | None] | None = None) -> None:
        """`aliases`: an old name → today's path, or None where it was removed or split."""
        self.signals = tuple(signals)
        self.index_of = {s.path: i for i, s in enumerate(self.signals)}
        self.aliases = aliases or {}
        self.fingerprint = zlib.crc32("\n".join(self.index_of).encode())

    def __getitem__(self, name: str) -> Signal:
        """The signal of that path or old name; UnknownSignal with a suggestion where there is none."""
        raise NotImplementedError

    def match(self, pattern: str) -> list[int]:
        """Indexes of the signals that `pattern` names.

        A pattern is a path, a branch (all below it), or a path in which `*` stands for one step and `**` for any
        number. UnknownSignal where nothing matches.
        """
        raise NotImplementedError


def load_catalogue(*overlays: Path, vss: Path | None = None) -> Catalogue:
    """VSS 6.0 (or the user's own `vss` JSON) with Alpenglow's overlay and then `overlays` (tables or VSS JSON)."""
    raise NotImplementedError
