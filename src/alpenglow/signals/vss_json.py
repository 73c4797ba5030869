"""Reading VSS JSON: nested `children`, as vss-tools writes it with `vspec export json`, instances expanded.

A leaf may carry our `age_limit_s` as an extended attribute.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alpenglow.signals.files import KINDS, CatalogueError, Row

_STEP = re.compile(r"[A-Za-z0-9_]+")


def json_rows(file: Path, text: str) -> Iterator[Row]:
    """The leaves of `text`, which `file` holds. Raises CatalogueError."""
    try:
        tree = json.loads(text)
    except json.JSONDecodeError as error:
        raise CatalogueError(f"{file}, line {error.lineno}, column {error.colno}: {error.msg}") from None
    except (RecursionError, ValueError) as error:  # ValueError: an integer of thousands of digits
        raise CatalogueError(f"{file}: is not VSS JSON: {error}") from None
    if not isinstance(tree, dict) or not tree:
        raise CatalogueError(f'{file}: is not VSS JSON: no root branch such as "Vehicle"')
    pending = [("", name, node) for name, node in reversed(tree.items())]
    while pending:
        branch, name, node = pending.pop()
        if not _STEP.fullmatch(name):
            raise CatalogueError(f"{file}, {branch or 'top'}: {name!r:.80} is no name of a branch or signal")
        path = f"{branch}.{name}" if branch else name
        if not isinstance(node, dict):
            raise CatalogueError(f'{file}, {path}: is {type(node).__name__}, not a node with "type"')
        if node.get("type") == "branch":
            children = node.get("children", {})
            if not isinstance(children, dict):
                raise CatalogueError(f'{file}, {path}: "children" is not an object')
            if "instances" in node:
                raise CatalogueError(f"{file}, {path}: has unexpanded instances; export it expanded")
            pending += [(path, name, child) for name, child in reversed(children.items())]
        else:
            yield _json_row(f"{file}, {path}", path, node)


def _json_row(place: str, path: str, node: dict[str, Any]) -> Row:
    def get(key: str, *types: type) -> Any:
        value = node.get(key)
        if value is not None and (type(value) not in types):
            raise CatalogueError(f"{place}: {key!r} is {value!r:.40}")
        return value

    kind = get("type", str)
    if kind is not None and kind not in KINDS:
        raise CatalogueError(f"{place}: type is {kind!r:.40}, not branch, {', '.join(KINDS)}")
    allowed = get("allowed", list)
    if allowed is not None and not all(isinstance(item, bool | int | float | str) for item in allowed):
        raise CatalogueError(f"{place}: 'allowed' is {allowed!r:.40}, not a list of values")
    return Row(
        place,
        path,
        None if kind is None else KINDS[kind],
        get("datatype", str),
        get("unit", str),
        get("min", int, float),
        get("max", int, float),
        None if allowed is None else tuple(allowed),
        get("age_limit_s", int, float),
        get("description", str),
    )
