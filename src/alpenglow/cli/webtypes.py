"""TypeScript types of all that crosses between a page and the car: `python -m alpenglow.cli.webtypes`.

Written to web/shared/protocol.ts from the Python structs and services, so that nothing is typed twice; a test holds
them together.
"""

import inspect
import re
import sys
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from typing import Any, Literal, TypeAliasType, get_args, get_origin

import msgspec
from msgspec import inspect as types

from alpenglow.assistant import api as assistant
from alpenglow.cockpit import api as cockpit
from alpenglow.fabric import Outcome, web
from alpenglow.fabric.brand import look
from alpenglow.fabric.service import Service
from alpenglow.navigation import api as navigation
from alpenglow.safety import api as safety
from alpenglow.signals import conditions
from alpenglow.signals.actions import Action
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
    safety.Verdict,
    vehicle.ControlChanges,
    vehicle.Controls,
    vehicle.WorldChanges,
    vehicle.World,
    vehicle.Fault,
    vehicle.SimulationState,
    vehicle.PathStop,
    vehicle.FollowedPath,
    # profiles
    cockpit.Profile,
    cockpit.Waiting,
    cockpit.ValetReport,
    cockpit.Profiles,
    cockpit.Unset,
    cockpit.Switched,
    cockpit.PinCheck,
    # privacy
    cockpit.Collected,
    cockpit.Recipient,
    cockpit.AskedConsent,
    cockpit.Demand,
    cockpit.Privacy,
    # scenes, and the conditions that set them off
    Action,
    conditions.Place,
    conditions.Compare,
    conditions.At,
    conditions.After,
    conditions.Arrives,
    conditions.Near,
    conditions.All,
    conditions.Any,
    conditions.Not,
    cockpit.Scene,
    cockpit.ShownScene,
    cockpit.Deed,
    cockpit.SceneRun,
    cockpit.Foreseen,
    cockpit.DryRun,
    cockpit.SceneThing,
    cockpit.SceneTrigger,
    cockpit.SceneParts,
    # the assistant
    assistant.Timer,
    assistant.Done,
    assistant.Answer,
    assistant.TierStatus,
    assistant.Status,
    assistant.Memory,
    assistant.Suggestion,
    assistant.Egress,
    assistant.Consent,
    assistant.Kept,
    cockpit.MediaTrack,
    cockpit.MediaShelf,
    cockpit.MediaListing,
    cockpit.MediaEntry,
    cockpit.MediaQueue,
    cockpit.MediaProblem,
    cockpit.MediaLibrary,
    cockpit.Message,
    cockpit.Chime,
    look.IconPath,
    look.BrandIcon,
    look.Note,
    look.BrandLayout,
    look.BrandName,
    look.Display,
    look.LineFacts,
    look.Brand,
    # energy
    cockpit.RangeReason,
    cockpit.EnergyTotals,
    cockpit.TripMeter,
    cockpit.Trip,
    cockpit.ChargingPoint,
    cockpit.ChargingPlan,
    cockpit.Charging,
    cockpit.Energy,
    cockpit.ConsumptionPoint,
    cockpit.Consumption,
    # navigation
    navigation.Position,
    navigation.Charger,
    navigation.Place,
    navigation.Avoid,
    navigation.Options,
    navigation.Part,
    navigation.Stop,
    navigation.Leg,
    navigation.Route,
    navigation.Trip,
    navigation.Maneuver,
    navigation.Guidance,
    navigation.Cause,
    navigation.Explanation,
    navigation.Area,
    navigation.Jam,
    navigation.KnownJam,
    navigation.Reported,
    navigation.Region,
    navigation.Around,
    navigation.Stored,
)
_SERVICES: tuple[Service[..., Any], ...] = tuple(
    value
    for api in (safety, vehicle, assistant, cockpit, navigation)
    for value in vars(api).values()
    if isinstance(value, Service)
)
_TAKEN = {struct.__name__: struct for struct in reversed(_PARTS)}  # of two rooms that use one name the first has it


def _room(module: str) -> str:
    return module.split(".")[1].title()


def _free(name: str, module: str) -> str:
    return _room(module) + name if name in _TAKEN else name


# Words that Python names, by the set of them, since msgspec tells neither their name nor their order.
_NAMED = {
    frozenset(get_args(alias.__value__)): (get_args(alias.__value__), _free(name, api.__name__))
    for api in (vehicle, assistant, cockpit, look, navigation)
    for name, alias in vars(api).items()
    if isinstance(alias, TypeAliasType) and get_origin(alias.__value__) is Literal
}
_FIELD_COMMENT = re.compile(r"^    (\w+): .*  # (.+)$", re.MULTILINE)


def _struct(struct: type[msgspec.Struct]) -> str:
    """The name of a struct's interface: its own, with its room's in front where another room has that name."""
    name = struct.__name__
    return name if _TAKEN.get(name, struct) is struct else _room(struct.__module__) + name


def typescript() -> str:
    """The content of protocol.ts."""
    parts = [_HEAD]
    parts += [f"export type {name} = {_union(values)};\n" for values, name in _NAMED.values()]
    parts += [_interface(struct) for struct in (*_PARTS, *_SERVER, *_PAGE)]
    parts.append(f"export type ServerMessage = {' | '.join(s.__name__ for s in _SERVER)};\n")
    parts.append(f"export type PageMessage = {' | '.join(s.__name__ for s in _PAGE)};\n")
    parts.append(_services())
    return "\n".join(parts)


def _interface(struct: type[msgspec.Struct]) -> str:
    info = types.type_info(struct)
    assert isinstance(info, types.StructType)
    comments = dict(_FIELD_COMMENT.findall(inspect.getsource(struct)))
    lines = [f"/** {(struct.__doc__ or '').splitlines()[0]} */", f"export interface {_struct(struct)} {{"]
    if info.tag_field is not None:
        lines.append(f'  {info.tag_field}: "{info.tag}";')
    for field in info.fields:
        changes = struct.__name__.endswith("Changes")
        optional = "?" if not field.required and (changes or struct in _PAGE) else ""
        kind = field.type
        if changes and isinstance(kind, types.UnionType):  # left out rather than null
            kind = types.UnionType(tuple(t for t in kind.types if not isinstance(t, types.NoneType)))
        if comment := comments.get(field.name):
            lines.append(f"  /** {comment} */")
        lines.append(f"  {field.encode_name}{optional}: {_type(kind)};")
    return "\n".join((*lines, "}\n"))


def _services() -> str:
    lines = [
        "/** What a page may call, where its server lets it: arguments and result. */",
        "export interface Services {",
    ]
    for service in _SERVICES:
        info = types.type_info(service.arguments_type)
        assert isinstance(info, types.StructType)
        arguments = "; ".join(
            f"{field.encode_name}{'' if field.required else '?'}: {_type(field.type)}" for field in info.fields
        )
        shape = f"{{ {arguments} }}" if arguments else "Record<string, never>"
        result = _type(types.type_info(service.result_type))
        lines.append(f"  /** {service.doc.splitlines()[0]} */")
        lines.append(f'  "{service.name}": {{ args: {shape}; result: {result} }};')
    return "\n".join((*lines, "}\n"))


def _type(kind: Any) -> str:
    match kind:
        case types.BoolType():
            return "boolean"
        case types.IntType() | types.FloatType():
            return "number"
        case types.StrType() | types.TimeType():
            return "string"
        case types.NoneType():
            return "null"
        case types.AnyType():
            return "unknown"
        case types.LiteralType():
            named = _NAMED.get(frozenset(kind.values))
            return named[1] if named else _union(kind.values)
        case types.EnumType():
            return " | ".join(_literal(member) for member in kind.cls)
        case types.StructType():
            return _struct(kind.cls)
        case types.DictType():
            return f"Record<{_type(kind.key_type)}, {_type(kind.value_type)}>"
        case types.ListType() | types.VarTupleType():
            inner = _type(kind.item_type)
            return f"({inner})[]" if "|" in inner else f"{inner}[]"
        case types.TupleType():
            inner = f"[{', '.join(_type(t) for t in kind.item_types)}]"
            return "WireReading" if inner == _READING else inner
        case types.UnionType():
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


def _union(values: Iterable[object]) -> str:
    return " | ".join(f'"{value}"' for value in values)


_READING = "[Value | null, 0 | 1 | 2 | 3, number]"


if __name__ == "__main__":
    TARGET.write_text(typescript())
    print(f"{TARGET} written", file=sys.stderr)
