"""Typed values, and what travels with them.

Rules that always hold:
- a value is checked once, by `check_value`, at its owner, against the signal's datatype, range and allowed values;
- a reading's `value` is None unless its quality is VALID, so that an old number cannot be shown by mistake.

Datatypes and their ranges: COVESA VSS 6.0, "Data Types".
"""

import math
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

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


_INTEGER_RANGES = {
    "int8": (-(2**7), 2**7 - 1),
    "uint8": (0, 2**8 - 1),
    "int16": (-(2**15), 2**15 - 1),
    "uint16": (0, 2**16 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
}
DATATYPES = frozenset(_INTEGER_RANGES) | {"boolean", "string", "float", "double"}
_FLOAT_MAX = 3.4028234663852886e38  # the largest finite IEEE 754 binary32


def check_value(signal: "Signal", value: object) -> Value:
    """`value` as the signal's datatype, or BadValue with the reason.

    An int is accepted where a float is wanted, and a whole float where an int is; nothing else is converted.
    """
    if signal.datatype.endswith("[]"):
        if not isinstance(value, list | tuple):
            raise BadValue(f"{signal.path} takes a list of {signal.datatype[:-2]}, not {value!r}")
        return [_check_scalar(signal, signal.datatype[:-2], item) for item in value]
    return _check_scalar(signal, signal.datatype, value)


def _check_scalar(signal: "Signal", datatype: str, value: object) -> Scalar:
    checked: Scalar
    if datatype == "boolean":
        if not isinstance(value, bool):
            raise BadValue(f"{signal.path} takes true or false, not {value!r}")
        return value
    if datatype == "string":
        if not isinstance(value, str):
            raise BadValue(f"{signal.path} takes text, not {value!r}")
        if signal.allowed and value not in signal.allowed:
            raise BadValue(f"{signal.path} takes one of {', '.join(map(str, signal.allowed))}, not {value!r}")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadValue(f"{signal.path} takes a number, not {value!r}")
    if datatype in _INTEGER_RANGES:
        if isinstance(value, float):
            if not value.is_integer():
                raise BadValue(f"{signal.path} takes a whole number, not {value!r}")
            value = int(value)
        low, high = _INTEGER_RANGES[datatype]
        checked = value
    else:
        checked = float(value) if abs(value) <= 1e308 else math.inf
        if not math.isfinite(checked):
            raise BadValue(f"{signal.path} takes a finite number, not {value!r}")
        low, high = (-_FLOAT_MAX, _FLOAT_MAX) if datatype == "float" else (-math.inf, math.inf)  # type: ignore[assignment]
    if signal.allowed:
        if checked not in signal.allowed:
            raise BadValue(f"{signal.path} takes one of {', '.join(map(str, signal.allowed))}, not {value!r}")
        return checked
    least = low if signal.minimum is None else max(low, signal.minimum)
    most = high if signal.maximum is None else min(high, signal.maximum)
    if not least <= checked <= most:
        unit = f" {signal.unit}" if signal.unit else ""
        raise BadValue(f"{signal.path} takes {_number(least)} to {_number(most)}{unit}, not {value!r}")
    return checked


def _number(value: float) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
