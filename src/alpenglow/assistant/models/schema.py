"""The part of JSON Schema that a model's answer may be held to, and whether an answer keeps to it.

A grammar library that does not understand a schema may let anything through, so a schema is looked at before it is
used, and the answer after.
"""

import json
import re
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_WORDS = {
    "type", "properties", "required", "additionalProperties", "items", "minItems", "maxItems", "enum", "const",
    "minimum", "maximum", "minLength", "maxLength", "pattern", "anyOf", "description", "title",
}  # fmt: skip


def check_schema(schema: Any, where: str = "schema") -> None:
    """Raises ValueError for a schema that goes beyond this part, or says nothing."""
    if not isinstance(schema, dict):
        raise ValueError(f"{where}: is not an object")
    if unknown := set(schema) - _WORDS:
        raise ValueError(f"{where}: has {', '.join(sorted(unknown))}, which is not understood")
    if not schema.keys() & {"type", "enum", "const", "anyOf"}:
        raise ValueError(f"{where}: says nothing about the value")
    if "type" in schema and schema["type"] not in _TYPES:
        raise ValueError(f"{where}: has the type {schema['type']!r}, which is not understood")
    if "enum" in schema and (not isinstance(schema["enum"], list) or not schema["enum"]):
        raise ValueError(f"{where}: has an enum without a value")
    if schema.get("additionalProperties", False) is not False:
        raise ValueError(f"{where}: allows any other properties")
    if not set(schema.get("required", ())) <= set(schema.get("properties", {})):
        raise ValueError(f"{where}: requires what it does not describe")
    for name, part in schema.get("properties", {}).items():
        check_schema(part, f"{where}.{name}")
    for number, part in enumerate(schema.get("anyOf", ())):
        check_schema(part, f"{where}.anyOf[{number}]")
    if schema.get("type") == "array":
        check_schema(schema.get("items"), f"{where}.items")


def tight(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema, closed to other properties at every level, so that nothing is made up beside it."""
    closed = dict(schema)
    if "properties" in closed:
        closed["properties"] = {name: tight(part) for name, part in closed["properties"].items()}
    if closed.get("type") == "object":
        closed["additionalProperties"] = False
    if "items" in closed:
        closed["items"] = tight(closed["items"])
    if "anyOf" in closed:
        closed["anyOf"] = [tight(part) for part in closed["anyOf"]]
    return closed


def keeps(text: str, schema: dict[str, Any]) -> bool:
    """Whether `text` is JSON that keeps to a checked schema."""
    try:
        return _fits(json.loads(text), schema)
    except (ValueError, RecursionError):
        return False


def _fits(value: Any, schema: dict[str, Any]) -> bool:
    if "type" in schema and not _is_of(value, schema["type"]):
        return False
    if "const" in schema and not _same(value, schema["const"]):
        return False
    if "enum" in schema and not any(_same(value, allowed) for allowed in schema["enum"]):
        return False
    if "anyOf" in schema and not any(_fits(value, part) for part in schema["anyOf"]):
        return False
    if isinstance(value, dict):
        return _object_fits(value, schema)
    if isinstance(value, list):
        return _within(len(value), schema, "minItems", "maxItems") and all(
            _fits(part, schema["items"]) for part in value if "items" in schema
        )
    if isinstance(value, str):
        right = re.search(schema["pattern"], value) is not None if "pattern" in schema else True
        return right and _within(len(value), schema, "minLength", "maxLength")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _within(value, schema, "minimum", "maximum")
    return True


def _object_fits(value: dict[str, Any], schema: dict[str, Any]) -> bool:
    if schema.get("type") != "object":
        return True  # its enum, const or anyOf has said so
    parts = schema.get("properties", {})
    return (
        set(schema.get("required", ())) <= set(value)
        and set(value) <= set(parts)
        and all(_fits(part, parts[name]) for name, part in value.items())
    )


def _is_of(value: Any, kind: str) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _same(value: Any, allowed: Any) -> bool:
    return type(value) is type(allowed) and bool(value == allowed)


def _within(number: float, schema: dict[str, Any], least: str, most: str) -> bool:
    return bool(schema.get(least, number) <= number <= schema.get(most, number))
