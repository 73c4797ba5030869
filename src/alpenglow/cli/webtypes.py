"""TypeScript types of all that crosses between a page and the car: `python -m alpenglow.cli.webtypes`.

Written to web/shared/protocol.ts from the Python structs, so that nothing is typed twice; a test holds them together.
"""

import sys
from enum import Enum
from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect

from alpenglow.fabric import Outcome, web
from alpenglow.vehicle import api as vehicle

TARGET = Path(__file__).parent.parent.parent.parent / "web" / "shared" / "protocol.ts"

_HEAD = """\
// Made by `python -m alpenglow.cli.webtypes` from the Python structs; do not edit.
// The messages between a page and its server (`/ws`, JSON text), and what the services take and return.

export type Scalar = boolean | number | string;
export type Value = Scalar | Scalar[];

/** Value (null unless valid), quality (0 valid, 1 stale, 2 invalid, 3 unavailable), age in ms (-1: never received). */
export type WireReading = [value: Value | null, quality: 0 | 1 | 2 | 3, age_ms: number];
"""

_SERVER = (web.Hello, web.Values, web.Described, web.CallResult, web.CallFailed, web.Problem)
_PAGE = (web.Follow, web.Ack, web.Call, web.Describe)
_PARTS = (
    web.SignalInfo,
    web.CallError,
    Outcome,
    vehicle.ControlChanges,
    vehicle.Controls,
    vehicle.WorldChanges,
    vehicle.World,
    vehicle.Fault,
    vehicle.SimulationState,
)


def typescript() -> str:
    """The content of protocol.ts."""
    parts = [_HEAD]
    parts += [_interface(struct) for struct in (*_PARTS, *_SERVER, *_PAGE)]
    parts.append(f"export type ServerMessage = {' | '.join(s.__name__ for s in _SERVER)};\n")
    parts.append(f"export type PageMessage = {' | '.join(s.__name__ for s in _PAGE)};\n")
    return "\n".join(parts)


def _interface(struct: type[msgspec.Struct]) -> str:
    info = inspect.type_info(struct)
    assert isinstance(info, inspect.StructType)
    lines = [f"/** {(struct.__doc__ or '').splitlines()[0]} */", f"export interface {struct.__name__} {{"]
    if info.tag_field is not None:
        lines.append(f'  {info.tag_field}: "{info.tag}";')
    for field in info.fields:
        changes = struct.__name__.endswith("Changes")
        optional = "?" if not field.required and (changes or struct in _PAGE) else ""
        kind = field.type
        if changes and isinstance(kind, inspect.UnionType):  # left out rather than null
            kind = inspect.UnionType(tuple(t for t in kind.types if not isinstance(t, inspect.NoneType)))
        lines.append(f"  {field.encode_name}{optional}: {_type(kind)};")
    return "\n".join((*lines, "}\n"))


def _type(kind: Any) -> str:
    match kind:
        case inspect.BoolType():
            return "boolean"
        case inspect.IntType() | inspect.FloatType():
            return "number"
        case inspect.StrType():
            return "string"
        case inspect.NoneType():
            return "null"
        case inspect.AnyType():
            return "unknown"
        case inspect.LiteralType():
            return " | ".join(f'"{v}"' for v in kind.values)
        case inspect.EnumType():
            return " | ".join(_literal(member) for member in kind.cls)
        case inspect.StructType():
            return kind.cls.__name__
        case inspect.DictType():
            return f"Record<{_type(kind.key_type)}, {_type(kind.value_type)}>"
        case inspect.ListType() | inspect.VarTupleType():
            inner = _type(kind.item_type)
            return f"({inner})[]" if "|" in inner else f"{inner}[]"
        case inspect.TupleType():
            inner = f"[{', '.join(_type(t) for t in kind.item_types)}]"
            return "WireReading" if inner == _READING else inner
        case inspect.UnionType():
            names = list(dict.fromkeys(_type(t) for t in kind.types))
            scalars = {"boolean", "number", "string"}
            if scalars <= set(names):
                lists = [n for n in names if n.endswith("[]")]
                rest = [n for n in names if n not in scalars and n not in lists]
                return " | ".join(["Value" if lists else "Scalar", *rest])
            return " | ".join(names).replace("Scalar | Scalar[]", "Value")
    raise TypeError(f"no TypeScript for {kind}")


def _literal(member: Enum) -> str:
    return str(member.value) if isinstance(member.value, int) else f'"{member.value}"'


_READING = "[Value | null, 0 | 1 | 2 | 3, number]"


if __name__ == "__main__":
    TARGET.write_text(typescript())
    print(f"{TARGET} written", file=sys.stderr)
