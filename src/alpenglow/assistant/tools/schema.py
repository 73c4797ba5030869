"""Whether a value keeps to a JSON schema, and if not, why: for arguments on their way to a tool.

Nothing gets through that a schema does not describe: an argument it does not name is a problem, and so is a schema
with a type that is not understood. Schemas come from outside and may be hostile, so depth and number are bounded.
"""

from collections.abc import Mapping
from typing import Any

MAX_DEPTH = 12

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def problems(value: Any, schema: Mapping[str, Any], name: str, depth: int = 0) -> list[str]:
    """What is wrong with `value`, a sentence each; [] where it keeps to `schema`."""
    if depth > MAX_DEPTH:
        return [f"{name}: nested too deeply"]
    if "$ref" in schema:
        return [f"{name}: its schema refers to another one, which is not understood"]
    for key in ("anyOf", "oneOf"):
        if isinstance(parts := schema.get(key), list):
            if any(isinstance(part, dict) and not problems(value, part, name, depth + 1) for part in parts):
                return []
            return [f"{name}: {_shown(value)} is none of what it may be"]
    kinds = schema.get("type")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if isinstance(kinds, list) and not any(_is_of(value, kind) for kind in kinds):
        return [f"{name}: {_shown(value)} is no {' or '.join(map(str, kinds))}"]
    allowed = schema.get("enum", [schema["const"]] if "const" in schema else None)
    if isinstance(allowed, list) and not any(type(a) is type(value) and a == value for a in allowed):
        return [f"{name}: {_shown(value)} is none of {', '.join(map(str, allowed))}"]
    if isinstance(value, dict):
        return _object(value, schema, name, depth)
    if isinstance(value, list):
        return _array(value, schema, name, depth)
    if isinstance(value, str):
        most = schema.get("maxLength", 10_000)
        return [f"{name}: is longer than {most} characters"] if len(value) > most else []
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value, schema, name)
    return []


def _object(value: dict[str, Any], schema: Mapping[str, Any], name: str, depth: int) -> list[str]:
    parts = schema.get("properties", {})
    found = [f"{_in(name, key)}: is missing" for key in schema.get("required", ()) if key not in value]
    for key, part in value.items():
        if isinstance(parts.get(key), dict):
            found += problems(part, parts[key], _in(name, key), depth + 1)
        elif not isinstance(other := schema.get("additionalProperties", False), dict) or not other:
            found.append(f"{_in(name, key)}: there is no such argument")
        else:
            found += problems(part, other, _in(name, key), depth + 1)
    return found


def _array(value: list[Any], schema: Mapping[str, Any], name: str, depth: int) -> list[str]:
    low, high = schema.get("minItems", 0), schema.get("maxItems", 1000)
    if not low <= len(value) <= high:
        return [f"{name}: has {len(value)} items, not {low} to {high}"]
    items = schema.get("items")
    if not isinstance(items, dict):
        return []
    return [p for i, part in enumerate(value) for p in problems(part, items, f"{name}[{i}]", depth + 1)]


def _number(value: float, schema: Mapping[str, Any], name: str) -> list[str]:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and value < low:
        return [f"{name}: {value:g} is below {low:g}"]
    if high is not None and value > high:
        return [f"{name}: {value:g} is above {high:g}"]
    step = schema.get("multipleOf")
    if step and abs(value / step - round(value / step)) > 1e-9:
        return [f"{name}: {value:g} is no multiple of {step:g}"]
    if value != value or value in (float("inf"), float("-inf")):
        return [f"{name}: is no number that can be written"]
    return []


def _is_of(value: Any, kind: Any) -> bool:
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _TYPES.get(kind, ())) and (kind == "boolean" or not isinstance(value, bool))


def _in(name: str, key: str) -> str:
    return f"{name}.{key}" if name else key


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
