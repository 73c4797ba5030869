"""Conditions as they are written in a language's file: `PATH op VALUE`, or `arrives PLACE`."""

import re

import msgspec

from alpenglow.signals import Value

OPERATORS = (">=", "<=", "==", "!=", ">", "<")


class OnSignal(msgspec.Struct, frozen=True):
    """A signal compared with a value."""

    path: str
    op: str
    value: Value


class OnArrival(msgspec.Struct, frozen=True):
    """The car comes to a place that the person has named."""

    place: str


def parse_condition(text: str) -> OnSignal | OnArrival:
    """The condition written as `text` in a language's file; ValueError where it is none."""
    if text.startswith("arrives "):
        return OnArrival(text.removeprefix("arrives ").strip())
    parts = text.split()
    if len(parts) != 3 or parts[1] not in OPERATORS:
        raise ValueError(f"{text!r}: write `PATH op VALUE` with op one of {', '.join(OPERATORS)}, or `arrives PLACE`")
    path, op, raw = parts
    value: Value = {"true": True, "false": False}.get(raw, raw)
    if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
        value = float(value)
    return OnSignal(path, op, value)
