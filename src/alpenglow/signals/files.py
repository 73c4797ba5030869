"""Reading catalogue files: tables (tab-separated) and VSS JSON.

Both come out as `Row`s: what a file says about a path, None where it says nothing. Every error is one line that names
the file and the place in it.

Tables: one row per signal, cells separated by one tab, `#` begins a comment line. The first row may name the columns
(some of `COLUMNS`, in any order); without it they are `COLUMNS`. Cells at the end of a row may be left out. Allowed
values are separated by `|`.

VSS JSON: see `alpenglow.signals.vss_json`.
"""

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from alpenglow.signals.leaf import Kind, Signal
from alpenglow.signals.patterns import matching
from alpenglow.signals.values import DATATYPES, Scalar, check_value

COLUMNS = ("path", "kind", "datatype", "unit", "min", "max", "allowed", "age_limit_s", "description")

_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*")
KINDS = {kind.value: kind for kind in Kind}
_AGE_LIMIT_MAX_S = 10**6  # above a week, "no limit" is meant
_INTEGER = re.compile(r"[+-]?[0-9]+")


class CatalogueError(ValueError):
    """A catalogue file that cannot be used; the text names the file, the place and the reason."""


class Row(NamedTuple):
    """What a file says about one path; None where it says nothing."""

    place: str  # "overlay.tsv, line 7" or "vss.json, Vehicle.Speed"
    path: str
    kind: Kind | None = None
    datatype: str | None = None
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    allowed: tuple[Scalar, ...] | None = None  # in a table's row still as text
    age_limit_s: float | None = None
    description: str | None = None


def read_rows(file: Path) -> Iterator[Row]:
    """The rows of a table, or of VSS JSON where the name ends with `.json`. Raises CatalogueError."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CatalogueError(f"{file}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{file}: is not UTF-8 text (byte {error.start})") from None
    if file.suffix.lower() != ".json":
        return _table_rows(file, text)
    from alpenglow.signals.vss_json import json_rows  # only where somebody has such a file: it costs each start 3 ms

    return json_rows(file, text)


def _table_rows(file: Path, text: str) -> Iterator[Row]:
    name = str(file)
    columns: tuple[str, ...] = COLUMNS
    order: tuple[int, ...] | None = None  # of the cells, where the header differs from COLUMNS
    first = True
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line[0] == "#" or line.isspace():
            continue
        cells = line.split("\t")
        if first:
            first = False
            if cells[0] == "path":
                columns, order = _header(cells, f"{file}, line {number}")
                continue
        if len(cells) > len(columns):
            raise CatalogueError(f"{file}, line {number}: {len(cells)} cells, but {len(columns)} columns")
        if len(cells) < 2:
            raise CatalogueError(f"{file}, line {number}: one cell only; cells are separated by tabs")
        if order is not None:
            cells = [cells[i] if 0 <= i < len(cells) else "" for i in order]
        elif len(cells) < len(COLUMNS):
            cells += [""] * (len(COLUMNS) - len(cells))
        path, kind, datatype, unit, least, most, allowed, age, description = cells
        place = f"{name}, line {number}"
        try:
            yield Row(
                place,
                path,
                KINDS[kind] if kind else None,
                datatype or None,
                unit or None,
                _number(least, "min") if least else None,
                _number(most, "max") if most else None,
                tuple(allowed.split("|")) if allowed else None,
                _number(age, "age_limit_s") if age else None,
                description or None,
            )
        except KeyError:
            raise CatalogueError(f"{place}: kind is {kind!r}, not one of {', '.join(KINDS)}") from None
        except ValueError as error:
            raise CatalogueError(f"{place}: {error}") from None


def _header(cells: list[str], place: str) -> tuple[tuple[str, ...], tuple[int, ...] | None]:
    columns = tuple(cell.strip() for cell in cells)
    for name in columns:
        if name not in COLUMNS:
            raise CatalogueError(f"{place}: unknown column {name!r}; columns are {', '.join(COLUMNS)}")
    if len(set(columns)) != len(columns):
        raise CatalogueError(f"{place}: a column is named twice")
    if columns == COLUMNS:
        return columns, None
    return columns, tuple(columns.index(name) if name in columns else -1 for name in COLUMNS)


def _number(text: str, column: str) -> int | float:
    try:
        return int(text) if _INTEGER.fullmatch(text) else float(text)
    except ValueError:  # also an integer of thousands of digits
        raise ValueError(f"{text!r:.80} in column {column} is not a number") from None


def merge(signals: dict[str, Signal], rows: Iterator[Row], *, amend_only_known: bool = False) -> None:
    """Put `rows` into `signals` (path → signal): a known path is amended in place, a new one comes last.

    A pattern amends all it matches. A new path needs a kind and a datatype. With `amend_only_known`, a row
    without a datatype is passed over where its path is unknown: our age limits on somebody else's catalogue. Raises
    CatalogueError.
    """
    below: dict[str, list[str]] = {}  # branch → all paths below it
    for path in signals:
        _enter(path, below)
    for row in rows:
        path = row.path
        if "*" in path:
            branch = path[: path.index("*")].rpartition(".")[0]
            found = matching(path, below.get(branch, ()) if branch else tuple(signals))
            if not found and not amend_only_known:
                raise CatalogueError(f"{row.place}: no signal matches {path!r:.200}")
            for each in found:
                signals[each] = _merged(row._replace(path=each), signals[each])
            continue
        old = signals.get(path)
        if old is None:
            if row.kind is None or row.datatype is None:
                if amend_only_known and row.datatype is None:
                    continue
                missing = "kind" if row.kind is None else "datatype"
                raise CatalogueError(
                    f"{row.place}: {path!r:.200} is not in the catalogue; a new signal needs a {missing}"
                )
            _check_place(row, signals, below)
            _enter(path, below)
        signals[path] = _merged(row, old)


def _enter(path: str, below: dict[str, list[str]]) -> None:
    branch = path.rpartition(".")[0]
    while branch:
        below.setdefault(branch, []).append(path)
        branch = branch.rpartition(".")[0]


def _check_place(row: Row, signals: dict[str, Signal], below: dict[str, list[str]]) -> None:
    """A signal has nothing below it, and a branch is no signal."""
    if not _PATH.fullmatch(row.path):
        raise CatalogueError(f"{row.place}: {row.path!r:.200} is no path; steps are letters and digits between dots")
    if row.path in below:
        raise CatalogueError(f"{row.place}: {row.path} is a branch, so it cannot be a signal")
    branch = row.path.rpartition(".")[0]
    while branch and branch not in below:
        if branch in signals:
            raise CatalogueError(f"{row.place}: {row.path} cannot be below the signal {branch}")
        branch = branch.rpartition(".")[0]


def _merged(row: Row, old: Signal | None) -> Signal:
    """The signal that `row` makes of `old`; CatalogueError where the facts contradict one another."""
    kind, datatype, unit, least, most, allowed, age, description = row[2:]
    if old is not None:
        kind = old.kind if kind is None else kind
        datatype = old.datatype if datatype is None else datatype
        unit = old.unit if unit is None else unit
        least = old.minimum if least is None else least
        most = old.maximum if most is None else most
        allowed = old.allowed if allowed is None else allowed
        age = old.age_limit_s if age is None else age
        description = old.description if description is None else description
    assert kind is not None  # merge() saw to both
    assert datatype is not None
    try:
        if datatype.removesuffix("[]") not in DATATYPES:
            raise ValueError(f"datatype {datatype!r:.80} is none of VSS's own (structs are not supported)")
        typed = _typed(datatype.removesuffix("[]"), allowed) if allowed else ()
        signal = Signal(row.path, kind, datatype, unit or "", least, most, typed, age, description or "")
        _check_limits(signal)
    except ValueError as error:
        raise CatalogueError(f"{row.place}: {error}") from None
    return signal


def _typed(datatype: str, allowed: tuple[Scalar, ...]) -> tuple[Scalar, ...]:
    """`allowed` as values of the scalar `datatype` (a table has them as text); ValueError where one cannot be."""
    bare = Signal("allowed", Kind.SENSOR, datatype)
    values: list[Scalar] = []
    for item in allowed:
        if isinstance(item, str) and datatype != "string":
            item = item == "true" if datatype == "boolean" and item in ("true", "false") else _number(item, "allowed")
        value = check_value(bare, item)
        assert not isinstance(value, list)  # `bare` is no list
        values.append(value)
    return tuple(values)


def _check_limits(signal: Signal) -> None:
    least, most, age = signal.minimum, signal.maximum, signal.age_limit_s
    if not (least is None or math.isfinite(least)) or not (most is None or math.isfinite(most)):
        raise ValueError(f"min {least} or max {most} is not a finite number")
    if least is not None and most is not None and least > most:
        raise ValueError(f"min {least} is above max {most}")
    if age is not None and not 0 < age < _AGE_LIMIT_MAX_S:
        raise ValueError(f"age limit {age} is not between 0 and {_AGE_LIMIT_MAX_S} s")
