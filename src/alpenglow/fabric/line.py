"""A vehicle line's `line.toml`: one that extends another, and what the pages are told of it.

`extends = "../aurora"` (a folder as seen from this one, or the name of a line that comes with Alpenglow) takes that
line's buses, mapping, overlays and settings; what this file says itself comes before. Files that are taken over are
found where they were written, so their names become absolute.
"""

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from alpenglow.fabric.brand.base import BASE_NAME, base
from alpenglow.fabric.brand.look import Display, LineFacts
from alpenglow.signals import Catalogue
from alpenglow.signals.nearest import nearest

LINES = Path(__file__).parent.parent / "lines"
FILE = "line.toml"
_EXTENDS_MOST = 4

_DISPLAYS = (
    Display(name="cluster", page="cluster", inches=12.3, width=1920, height=720, layout="wide"),
    Display(name="centre", page="centre", inches=15.1, width=2560, height=1440, layout="landscape"),
)


class LineFault(ValueError):
    """A line.toml that is missing or wrong; one line that names the file."""


class _Facts(msgspec.Struct, frozen=True):
    title: str = ""
    brand: str = BASE_NAME
    features: list[str] | None = None
    displays: list[Display] | None = None
    platform: str = "laptop"


def read_table(folder: Path) -> dict[str, Any]:
    """What the line in `folder` says, with what it extends. LineFault."""
    table: dict[str, Any] = {}
    seen: list[Path] = []
    place = folder
    while True:
        file = place / FILE
        if place.resolve() in seen or len(seen) > _EXTENDS_MOST:
            raise LineFault(f"{file}: extends itself, or more than {_EXTENDS_MOST} lines one after another")
        seen.append(place.resolve())
        try:
            read = tomllib.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise LineFault(f"{file}: {error.strerror or error}") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise LineFault(f"{file}: {error}") from None
        table = read if place == folder else _over(_absolute(read, place), table)
        above = read.get("extends")
        if above is None:
            return table
        if not isinstance(above, str) or not above:
            raise LineFault(f"{file}: extends must be a folder or the name of a line")
        place = place / above if "/" in above else LINES / above


def line_facts(folder: Path) -> LineFacts:
    """What the pages need to know of the line. LineFault."""
    facts, name = _facts(folder), folder.name
    known = base().features
    features = list(known) if facts.features is None else facts.features
    for feature in features:
        if feature not in known:
            meant = nearest(feature, known, 1)
            hint = f"did you mean {meant[0]!r}?" if meant else f"there are {', '.join(known)}"
            raise LineFault(f"{folder / FILE}: features: there is no {feature!r}; {hint}")
    displays = list(_DISPLAYS) if facts.displays is None else facts.displays
    for display in displays:
        if not (0 < display.width <= 16384 and 0 < display.height <= 16384 and 0 < display.inches <= 100):
            raise LineFault(f"{folder / FILE}: displays: {display.name}: its size is not one of a screen")
    return LineFacts(name, facts.title or name, facts.brand, features, displays)


def plain_facts(name: str) -> LineFacts:
    """Of a line that says nothing: the base's look, and a car that has everything."""
    return LineFacts(name, name, BASE_NAME, list(base().features), list(_DISPLAYS))


def lacking(folder: Path, catalogue: Catalogue) -> frozenset[str]:
    """Paths of the signals of what this line of cars does not have. LineFault."""
    present = line_facts(folder).features
    patterns = [each for name, feature in base().features.items() if name not in present for each in feature.signals]
    return frozenset(catalogue.signals[index].path for each in patterns for index in catalogue.match(each))


def line_platform(folder: Path) -> str:
    """The hardware profile that the line names. LineFault."""
    return _facts(folder).platform


def _facts(folder: Path) -> _Facts:
    try:
        return msgspec.convert(read_table(folder), _Facts)
    except msgspec.ValidationError as error:
        raise LineFault(f"{folder / FILE}: {error}") from None


def _over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """`above` before `below`; tables are merged by key, lists are taken whole."""
    merged = {**below, **above}
    for key, value in above.items():
        under = below.get(key)
        if isinstance(value, dict) and isinstance(under, dict):
            merged[key] = {**under, **value}
    return merged


def _absolute(table: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The table with the names of its files as seen from everywhere."""

    def at(name: Any) -> Any:
        return str((folder / name).resolve()) if isinstance(name, str) and name else name

    def files(entry: Any, *keys: str) -> Any:
        if not isinstance(entry, dict):
            return entry
        return {key: at(value) if key in keys else value for key, value in entry.items()}

    found = dict(table)
    if isinstance(found.get("overlays"), list):
        found["overlays"] = [at(name) for name in found["overlays"]]
    if isinstance(found.get("bus"), list):
        found["bus"] = [files(entry, "dbc", "mapping") for entry in found["bus"]]
    if "vehicle" in found:
        found["vehicle"] = files(found["vehicle"], "car")
    return found
