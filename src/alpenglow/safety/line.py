"""What one line of cars tells the cluster: which signals it provides, and where its limits lie.

`line.toml` may say in [cluster] `limits = { … }` (see `telltales.Limits`) and `provides = ["Vehicle.Speed", …]`.
Without `provides`, a line provides what the mappings of its buses feed.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from alpenglow.fabric.line import LineFault, read_table
from alpenglow.safety.telltales import Limits
from alpenglow.signals import Catalogue, UnknownSignal

_DEPTH_MAX = 32  # of a VSS tree


class LineError(ValueError):
    """The line's description cannot be used; the text names file and place."""


class _ClusterSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    limits: Limits = Limits()
    provides: list[str] | None = None


class _BusSection(msgspec.Struct, frozen=True):
    name: str = ""
    mapping: str = ""


class _Line(msgspec.Struct, frozen=True):
    cluster: _ClusterSection = _ClusterSection()
    bus: list[_BusSection] = []


def read_line(line_dir: Path, catalogue: Catalogue, own: str = "") -> tuple[set[str], Limits]:
    """The paths that the line in `line_dir` provides, and its limits.

    `own`: the user's mapping files instead of the line's, as the option `map` of a process has them:
    "can0=a.json,can1=b.json", or one file for the first bus.

    LineError where `line.toml` is wrong. A mapping that cannot be read is the vehicle's to complain of; here the line
    then provides everything, so that the lamps show what is missing.
    """
    file = line_dir / "line.toml"
    try:
        line = msgspec.convert(read_table(line_dir), _Line)
    except LineFault as fault:
        raise LineError(str(fault)) from None
    except msgspec.ValidationError as error:
        raise LineError(f"{file}: {error}") from None
    provided: set[str] = set()
    if line.cluster.provides is not None:
        for pattern in line.cluster.provides:
            try:
                provided.update(catalogue.signals[i].path for i in catalogue.match(pattern))
            except UnknownSignal as error:
                raise LineError(f"{file}: cluster.provides: {error}") from None
        return provided, line.cluster.limits
    mappings = {bus.name: line_dir / bus.mapping for bus in line.bus if bus.mapping}
    for part in filter(None, own.split(",")):
        name, equals, path = part.partition("=")
        mappings[name if equals else line.bus[0].name if line.bus else ""] = Path(path if equals else part)
    for file in mappings.values():
        try:
            tree = msgspec.json.decode(file.read_bytes())
            provided.update(_fed(tree, catalogue))
        except (OSError, ValueError, RecursionError):
            return set(catalogue.index_of), line.cluster.limits
    return provided, line.cluster.limits


def _fed(tree: Any, catalogue: Catalogue) -> Iterator[str]:
    """The paths that a mapping feeds, in either form that `vehicle` reads."""
    if not isinstance(tree, dict):
        raise ValueError("not a mapping")
    if "signals" in tree or "actuators" in tree:
        names = [e.get("path", "") for e in tree.get("signals", []) if isinstance(e, dict)]
    else:
        names = list(_kuksa(tree, "", _DEPTH_MAX))
    for name in names:
        try:
            yield catalogue[name].path
        except UnknownSignal:
            continue


def _kuksa(tree: dict[str, Any], above: str, depth: int) -> Iterator[str]:
    """The leaves of a VSS tree that have a bus signal behind them (kuksa-can-provider's keys)."""
    for name, node in tree.items():
        if not isinstance(node, dict) or not depth:
            continue
        path = f"{above}.{name}" if above else name
        if "dbc2vss" in node or "dbc" in node:
            yield path
        children = node.get("children")
        if isinstance(children, dict):
            yield from _kuksa(children, path, depth - 1)
