"""What of the car's settings belongs to a person: the table `settings.toml`, checked against the car's catalogue."""

import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from alpenglow.fabric.tables import read_table
from alpenglow.signals import Catalogue, Kind, UnknownSignal

_CHOICE = re.compile(r"\{([^{}]*)\}")


class Setting(NamedTuple):
    """An actuator whose value is a person's."""

    path: str
    group: str
    travels: bool  # a motor takes its time to get there


class SettingsError(ValueError):
    """The table does not fit the catalogue; the text says which entry."""


class _Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    paths: list[str]
    travels: bool = False


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    group: list[_Group]


def load_settings(catalogue: Catalogue, text: str | None = None) -> dict[str, Setting]:
    """By path, in the table's order. SettingsError where an entry is no actuator of the catalogue or there twice."""
    table = read_table(__package__, "settings.toml", _Table, SettingsError, text)
    found: dict[str, Setting] = {}
    for group in table.group:
        for path in (path for pattern in group.paths for path in _spread(pattern)):
            try:
                signal = catalogue[path]
            except UnknownSignal as error:
                raise SettingsError(f"profiles' settings, {group.name}: {error}") from None
            if signal.kind is not Kind.ACTUATOR:
                raise SettingsError(f"profiles' settings, {group.name}: {path} is a {signal.kind}, not an actuator")
            if path in found:
                raise SettingsError(f"profiles' settings, {group.name}: {path} is there twice")
            found[path] = Setting(path, group.name, group.travels)
    return found


def _spread(pattern: str) -> Iterator[str]:
    """Every path that a pattern with {a,b} stands for."""
    parts = _CHOICE.split(pattern)  # text, choices, text, choices … text
    options = [part.split(",") if i % 2 else [part] for i, part in enumerate(parts)]
    return ("".join(chosen) for chosen in itertools.product(*options))
