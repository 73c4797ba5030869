"""Typed values, and what travels with them.

Rules that always hold:
- a value is checked once, by `check_value`, at its owner, against the signal's datatype, range and allowed values;
- a reading's `value` is None unless its quality is VALID, so that an old number cannot be shown by mistake.

Datatypes and their ranges: COVESA VSS 6.0, "Data Types".
"""

import math
import sys
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

if TYPE_CHECKING:
    from alpenglow.signals.leaf import Signal

type Scalar = bool | int | float | str
type Value = Scalar | list[Scalar]


class Quality(IntEnum):
    """How far a value may be trusted."""

    VALID = 0  # the source vouches for it and it is younger than its age limit
    STALE = 1  # it was valid once and is now older than its age limit
    INVALID = 2  # the source or the way from it says that it is wrong: checksum, counter, "signal not available"
    UNAVAILABLE = 3  # nobody has said anything yet


class Sample(NamedTuple):
    """One value of one signal, as its owner publishes it."""

    index: int  # type: ignore[assignment]  # into Catalogue.signals; hides tuple.index
    value: Value | None  # None when the quality is not VALID
    quality: Quality
    time_ns: int  # when it was true at the source, ns since 1970 (of the log's clock in a replay)


class Reading(NamedTuple):
    """What one signal reads as now.

    `value` is None unless `quality` is VALID; `last` is the last valid value, for charts and for logs.
    """

    value: Value | None
    quality: Quality
    age_s: float  # since the last sample arrived from its source; inf where there was none
    time_ns: int  # when the last sample was true at the source, ns since 1970; 0 where there was none
    last: Value | None


class BadValue(ValueError):
    """A value that a signal cannot have; the text says why and what it may be."""


_FLOAT_MAX = 3.4028234663852886e38  # the largest finite IEEE 754 binary32
_DOUBLE_MAX = sys.float_info.max
_RANGES: dict[str, tuple[float, float]] = {
    "int8": (-(2**7), 2**7 - 1),
    "uint8": (0, 2**8 - 1),
    "int16": (-(2**15), 2**15 - 1),
    "uint16": (0, 2**16 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
    "float": (-_FLOAT_MAX, _FLOAT_MAX),
    "double": (-_DOUBLE_MAX, _DOUBLE_MAX),
}
DATATYPES = frozenset(_RANGES) | {"boolean", "string"}


def check_value(signal: "Signal", value: object) -> Value:
    """`value` as the signal's datatype, or BadValue with the reason; no other error, whatever `value` is.

    An int is accepted where a float is wanted, and a whole float where an int is; nothing else is converted. What
    comes back is of Python's own types, not of classes derived from them.
    """
    datatype = signal.datatype
    if not datatype.endswith("[]"):
        return _check_scalar(signal, datatype, value)
    if type(value) is list or type(value) is tuple:
        return [_check_scalar(signal, datatype[:-2], item) for item in value]
    raise BadValue(f"{signal.path} takes a list of {datatype[:-2]}, not {_shown(value)}")


def _is_a[T](value: object, kind: type[T]) -> TypeGuard[T]:
    """`isinstance` without asking the object, which may lie about its class."""
    return issubclass(type(value), kind)


def _check_scalar(signal: "Signal", datatype: str, value: object) -> Scalar:
    checked: Scalar
    if datatype == "boolean":
        if type(value) is not bool:
            raise BadValue(f"{signal.path} takes true or false, not {_shown(value)}")
        checked = value
    elif datatype == "string":
        if not _is_a(value, str):
            raise BadValue(f"{signal.path} takes text, not {_shown(value)}")
        checked = str.__str__(value)
        if not checked.isascii() and any("\ud800" <= letter <= "\udfff" for letter in checked):
            raise BadValue(f"{signal.path} takes text, not half a character (surrogate)")  # has no UTF-8 form
    else:
        checked = _check_number(signal, datatype, value)
    if signal.allowed and checked not in signal.allowed:
        choices = ", ".join(map(str, signal.allowed))
        raise BadValue(f"{signal.path} takes one of {choices}, not {_shown(value)}")
    return checked


def _check_number(signal: "Signal", datatype: str, value: object) -> int | float:
    number: int | float
    if _is_a(value, int) and type(value) is not bool:
        number = int.__int__(value)
    elif _is_a(value, float):
        number = float.__float__(value)
    else:
        raise BadValue(f"{signal.path} takes a number, not {_shown(value)}")
    low, high = limits = _RANGES[datatype]
    if datatype in ("float", "double"):
        try:
            number = float(number)
        except OverflowError:  # an int of more than 308 digits
            number = math.inf
        if not math.isfinite(number):
            raise BadValue(f"{signal.path} takes a finite number, not {_shown(value)}")
    elif type(number) is float:
        if not number.is_integer():  # nor are inf and nan
            raise BadValue(f"{signal.path} takes a whole number, not {_shown(value)}")
        number = int(number)
    least, most = signal.minimum, signal.maximum
    if low <= number <= high and (least is None or least <= number) and (most is None or number <= most):
        return number
    raise BadValue(f"{signal.path} takes {_range(signal, limits)}, not {_shown(value)}")


def _range(signal: "Signal", limits: tuple[float, float]) -> str:
    """The signal's range for a person to read; the datatype's own limits only where they are numbers people know."""
    low = limits[0] if signal.minimum is None else max(limits[0], signal.minimum)
    high = limits[1] if signal.maximum is None else min(limits[1], signal.maximum)
    unit = f" {signal.unit}" if signal.unit else ""
    if signal.minimum is not None and high in (_FLOAT_MAX, _DOUBLE_MAX):
        return f"{_number(low)}{unit} or more"
    if signal.maximum is not None and low in (-_FLOAT_MAX, -_DOUBLE_MAX):
        return f"{_number(high)}{unit} or less"
    return f"{_number(low)} to {_number(high)}{unit}"


def _number(value: float) -> str:
    return f"{value:.10g}" if type(value) is float else str(value)


def _shown(value: object) -> str:
    """`value` in a message: short, and without calling code of an unknown class."""
    if type(value) is str:
        return repr(value if len(value) <= 60 else value[:60] + "…")
    if type(value) is int and value.bit_length() > 128:
        return "a huge number"
    if type(value) in (int, float, bool, type(None)):
        return repr(value)
    return f"a {type(value).__name__:.60}"
