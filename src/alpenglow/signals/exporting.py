"""A catalogue for other tools: as the JSON tree that vss-tools write, or as a table of our own form."""

from collections.abc import Iterable
from typing import Any

import msgspec

from alpenglow.signals.files import COLUMNS
from alpenglow.signals.leaf import Signal
from alpenglow.signals.values import Scalar


def as_vss_json(signals: Iterable[Signal]) -> str:
    """The VSS tree of these signals; `load_catalogue(vss=…)` reads it back."""
    tree: dict[str, Any] = {}
    for signal in signals:
        *branches, leaf = signal.path.split(".")
        children = tree
        for branch in branches:
            node = children.setdefault(branch, {"type": "branch", "description": "", "children": {}})
            children = node["children"]
        facts: dict[str, Any] = {
            "type": signal.kind,
            "datatype": signal.datatype,
            "description": signal.description,
            "unit": signal.unit or None,
            "min": signal.minimum,
            "max": signal.maximum,
            "allowed": list(signal.allowed) or None,
        }
        children[leaf] = {name: fact for name, fact in facts.items() if fact is not None}
    return msgspec.json.format(msgspec.json.encode(tree), indent=1).decode() + "\n"


def as_table(signals: Iterable[Signal]) -> str:
    """These signals as an overlay table; `load_catalogue(path)` reads it back."""
    rows = ["\t".join(COLUMNS)]
    for s in signals:
        allowed = "|".join(_text(item) for item in s.allowed)
        cells = (s.path, s.kind, s.datatype, s.unit, _text(s.minimum), _text(s.maximum), allowed)
        rows.append("\t".join((*cells, _text(s.age_limit_s), s.description)))
    return "\n".join(rows) + "\n"


def _text(value: Scalar | None) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
