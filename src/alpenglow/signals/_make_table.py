"""Makes `vss_6_0.tsv` and `aliases.tsv` from the VSS catalogues 4.0, 5.1 and 6.0 and our own descriptions.

    python -m alpenglow.signals._make_table ../shared/data/vss

The catalogues' facts are carried over, their prose is not: descriptions come from `descriptions.tsv`.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from alpenglow.signals.files import COLUMNS
from alpenglow.signals.patterns import matching

type Leaf = dict[str, Any]

_HERE = Path(__file__).parent
_NOTICE = """\
# The signals of the COVESA Vehicle Signal Specification 6.0 (https://github.com/COVESA/vehicle_signal_specification):
# path, kind, datatype, unit, limits and allowed values. The descriptions are Alpenglow's own.
# This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0. If a copy of the MPL was not
# distributed with this file, You can obtain one at https://mozilla.org/MPL/2.0/.
# Made by `python -m alpenglow.signals._make_table`; do not edit.
"""
_ALIASES_HEAD = """\
# Names that VSS 6.0 no longer has: old name, today's path (empty: removed, split, or not certain), last VSS version.
# Facts of the COVESA Vehicle Signal Specification 4.0, 5.1 and 6.0. This Source Code Form is subject to the terms of
# the Mozilla Public License, v. 2.0. If a copy of the MPL was not distributed with this file, You can obtain one at
# https://mozilla.org/MPL/2.0/.
# Made by `python -m alpenglow.signals._make_table`; do not edit.
"""
_MOVED = re.compile(r"(?:refactored to(?: to)?|moved to|replaced with|use data from) ([\w.*]*\w)")


def leaves(vss: Path) -> dict[str, Leaf]:
    """Path → leaf of a VSS JSON, in its order."""
    found: dict[str, Leaf] = {}

    def walk(path: str, node: Leaf) -> None:
        if node["type"] == "branch":
            for name, child in node["children"].items():
                walk(f"{path}.{name}" if path else name, child)
        else:
            found[path] = node

    walk("", {"type": "branch", "children": json.loads(vss.read_text(encoding="utf-8"))})
    return found


def table(leaves: dict[str, Leaf], descriptions: dict[str, str]) -> str:
    """The text of `vss_6_0.tsv`."""
    lines = ["\t".join(COLUMNS)]
    for path, leaf in leaves.items():
        cells = [path, leaf["type"], leaf["datatype"], leaf.get("unit", "")]
        cells += [repr(leaf[key]) if key in leaf else "" for key in ("min", "max")]
        cells += ["|".join(map(str, leaf.get("allowed", []))), "", descriptions.get(path, "")]
        lines.append("\t".join(cells).rstrip("\t"))
    return _NOTICE + "\n".join(lines) + "\n"


def describe(paths: dict[str, Leaf], text: str) -> dict[str, str]:
    """Path → description, from the text of `descriptions.tsv`.

    A row is a pattern and a sentence. `{place}` stands for the words of the steps that the pattern's stars matched;
    the word for a step is a row of its own that begins with `=`. Of two rows for one signal the later wins.
    """
    words: dict[str, str] = {}
    found: dict[str, str] = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        pattern, sentence = line.split("\t")
        if pattern.startswith("="):
            words[pattern[1:]] = sentence
            continue
        matches = matching(pattern, paths)
        if not matches:
            raise ValueError(f"descriptions.tsv: no signal matches {pattern}")
        for path in matches:
            stars = [step for step, mark in zip(path.split("."), pattern.split("."), strict=True) if mark == "*"]
            place = " ".join(words[step] for step in stars)
            found[path] = sentence.replace("{place}", place).replace("{Place}", place[:1].upper() + place[1:])
    return found


def aliases(old: dict[str, dict[str, Leaf]], today: dict[str, Leaf]) -> Iterator[tuple[str, str | None, str]]:
    """Old name, today's path or None, and the last version that had the name; `old`: version → leaves, newest first.

    A mapping is certain where the facts (kind, datatype, unit, limits) are the same and either the old catalogue's
    deprecation note names the new place, or the leaf with the same definition, word for word, is new and is the only
    such one below the same branch. A mapping may take both steps, the first into the newest old catalogue.
    """
    newest = next(iter(old.values()))
    named: set[str] = set()
    for version, catalogue in old.items():
        for name, leaf in catalogue.items():
            if name in today or name in named:
                continue
            named.add(name)
            path = _noted(name, leaf) or _redefined(name, leaf, newest, today)
            if path not in today and path in newest:
                leaf, path = newest[path], _redefined(path, newest[path], newest, today)
            yield name, path if path in today and _facts(leaf) == _facts(today[path]) else None, version


def aliases_table(rows: Iterable[tuple[str, str | None, str]]) -> str:
    """The text of `aliases.tsv`."""
    return _ALIASES_HEAD + "".join(f"{name}\t{path or ''}\t{version}\n" for name, path, version in rows)


def _noted(name: str, leaf: Leaf) -> str | None:
    """The path that the leaf's deprecation note names."""
    note = _MOVED.search(leaf.get("deprecation", ""))
    if note is None:
        return None
    place, steps = note[1], name.split(".")
    if place.startswith("Vehicle.Occupant."):  # "Vehicle.Occupant.*.*.Identifier", of the seat's row and position
        return ".".join(["Vehicle.Occupant", *steps[3:5], *steps[-2:]]) if steps[2] == "Seat" else None
    if place.startswith("Vehicle."):
        return place
    if place.startswith("Seat."):  # of the seat that the leaf belongs to
        return ".".join(steps[:5]) + place.removeprefix("Seat")
    return ".".join(steps[:-1]) + "." + place


def _redefined(name: str, leaf: Leaf, before: dict[str, Leaf], today: dict[str, Leaf]) -> str | None:
    """The only leaf below the same branch that is new and is defined word for word as `leaf` was."""
    branch = name.rpartition(".")[0] + "."
    same = [
        path
        for path, candidate in today.items()
        if path.startswith(branch) and path not in before and candidate["description"] == leaf["description"]
    ]
    return same[0] if len(same) == 1 else None


def _facts(leaf: Leaf) -> tuple[Any, ...]:
    facts = [leaf.get(key) for key in ("type", "datatype", "min", "max", "allowed")]
    return (*facts, leaf.get("unit", "").lower())  # "celsius" is "Celsius" since 6.0


def main(folder: Path) -> None:
    """Write both tables from the three catalogues in `folder`."""
    today = leaves(folder / "vss_6.0.json")
    descriptions = describe(today, (_HERE / "descriptions.tsv").read_text(encoding="utf-8"))
    (_HERE / "vss_6_0.tsv").write_text(table(today, descriptions), encoding="utf-8")
    old = {version: leaves(folder / f"vss_{version}.json") for version in ("5.1", "4.0")}
    rows = list(aliases(old, today))
    (_HERE / "aliases.tsv").write_text(aliases_table(rows), encoding="utf-8")
    certain = sum(path is not None for _, path, _ in rows)
    print(f"{len(today)} signals, {len(descriptions)} described; {len(rows)} old names, {certain} certain")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
