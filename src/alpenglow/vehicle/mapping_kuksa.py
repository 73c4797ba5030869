"""Mappings in the form of kuksa-can-provider: a VSS tree whose leaves have `dbc2vss` (or `dbc`) and `vss2dbc`.

Read as that project documents it (its `mapping/README.md`), with three differences, all towards never showing an old
value as live: a value that no `mapping` covers or whose `math` fails becomes INVALID and is not ignored; a signal that
its value table marks as not available is INVALID; and an interval never exceeds half the signal's age limit.

A bus signal is named without its message, so it must be in one message only.
"""

from typing import Any

import msgspec

from alpenglow.signals import Catalogue, UnknownSignal
from alpenglow.signals.values import Scalar
from alpenglow.vehicle.dbc import Dbc
from alpenglow.vehicle.mapping import Entry, MappingError

_INTERVAL_MS = 1000.0  # what that project takes where neither interval_ms nor on_change is given
_DEPTH_MAX = 32


class _Pair(msgspec.Struct, frozen=True):
    source: Scalar = msgspec.field(name="from")
    to: Scalar


class _Transform(msgspec.Struct, frozen=True):
    math: str | None = None
    mapping: list[_Pair] | None = None


class _Multiplexer(msgspec.Struct, frozen=True):
    signal: str
    value: int


class _Dbc(msgspec.Struct, frozen=True):
    signal: str
    interval_ms: float | None = None
    on_change: bool | None = None
    transform: _Transform | None = None
    multiplexer: list[_Multiplexer] = []


type _Places = list[tuple[str, Entry]]


def convert(tree: dict[str, Any], name: str, dbc: Dbc, catalogue: Catalogue) -> tuple[_Places, _Places, list[str]]:
    """The tree's feeds and commands as entries of our own form, and warnings about paths that are no more."""
    messages: dict[str, list[str]] = {}
    for message in dbc.messages:
        for signal in message.signals:
            messages.setdefault(signal.name, []).append(message.name)
    feeds: _Places = []
    commands: _Places = []
    warnings: list[str] = []
    for path, node in _leaves(tree, "", name, 0):
        for key, into in (("dbc2vss", feeds), ("dbc", feeds), ("vss2dbc", commands)):
            if key not in node or (key == "dbc" and "dbc2vss" in node):
                continue
            where = f"{path}.{key}"
            try:
                found = catalogue[path].path
            except UnknownSignal as error:
                warnings.append(f"{name}: {where}: {error}: ignored")
                continue
            try:
                item = msgspec.convert(node[key], _Dbc)
            except msgspec.ValidationError as error:
                raise MappingError(f"{name}: {where}: {error}") from None
            of = messages.get(item.signal, [])
            if len(of) != 1:
                what = f"is in {', '.join(of[:4])}: it must be in one message only" if of else f"is not in {dbc.name}"
                raise MappingError(f"{name}: {where}.signal: {item.signal!r} {what}")
            into.append((where, _entry(found, of[0], item, f"{name}: {where}")))
    if not feeds and not commands and not warnings:
        raise MappingError(f"{name}: has neither signals, actuators nor any dbc2vss or vss2dbc key")
    return feeds, commands, warnings


def _leaves(tree: dict[str, Any], path: str, name: str, depth: int) -> list[tuple[str, dict[str, Any]]]:
    if depth > _DEPTH_MAX:
        raise MappingError(f"{name}: {path[:80]}…: nested too deeply")
    found: list[tuple[str, dict[str, Any]]] = []
    for key, node in tree.items():
        here = f"{path}.{key}" if path else key
        if not isinstance(node, dict):
            raise MappingError(f"{name}: {here}: must be a branch or leaf of a VSS tree")
        if node.keys() & {"dbc2vss", "dbc", "vss2dbc"}:
            found.append((here, node))
        children = node.get("children", {})
        if not isinstance(children, dict):
            raise MappingError(f"{name}: {here}.children: must be an object")
        found += _leaves(children, here, name, depth + 1)
    return found


def _entry(path: str, message: str, item: _Dbc, where: str) -> Entry:
    transform = item.transform
    values: dict[str, Scalar] | None = None
    if transform is not None:
        if (transform.math is None) == (transform.mapping is None):
            raise MappingError(f"{where}.transform: takes either math or mapping")
        if transform.mapping is not None:
            # The bus's side is the key in our form, whichever way the value goes.
            to_bus = where.endswith("vss2dbc")
            values = {}
            for pair in transform.mapping:
                bus, ours = (pair.to, pair.source) if to_bus else (pair.source, pair.to)
                values.setdefault(_key(bus), ours)
    interval = item.interval_ms
    if interval is None:
        interval = 0.0 if item.on_change else _INTERVAL_MS
    if interval < 0:
        raise MappingError(f"{where}.interval_ms: must not be negative")
    return Entry(
        path=path,
        message=message,
        signal=item.signal,
        formula=transform.math if transform else None,
        values=values,
        when={m.signal: m.value for m in item.multiplexer},
        interval_ms=interval,
        on_change=bool(item.on_change),
    )


def _key(value: Scalar) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)
