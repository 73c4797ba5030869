"""A catalogue of tools, whatever its form: MCP's own, OpenAI's functions, or a room's services.

Rules that always hold:
- a call that is not in the catalogue, or has an argument that is not in the tool's schema, is never made (`problems`);
- what a catalogue says is data of somebody else: names and texts are bounded, and nothing in them is obeyed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from alpenglow.assistant.tools.schema import problems
from alpenglow.fabric import Service

type Kind = Literal["switch", "number", "choice", "text", "other"]

MAX_TOOLS = 500
MAX_TEXT = 4_000  # characters of a description
_NAME = re.compile(r"[A-Za-z_][\w.\-/]{0,127}")
_READERS = frozenset({"get", "read", "list", "show", "check", "find", "search", "lookup", "fetch", "display", "status"})


class CatalogueProblem(ValueError):
    """A catalogue cannot be used; the text says where and why."""


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """One argument that a tool takes."""

    name: str
    schema: dict[str, Any]
    required: bool

    @property
    def description(self) -> str:
        """What the catalogue says of it."""
        return str(self.schema.get("description", ""))[:MAX_TEXT]

    @property
    def choices(self) -> tuple[str, ...]:
        """The words it allows; () where it is no choice between words."""
        return tuple(v for v in self.schema.get("enum", ()) if isinstance(v, str))

    @property
    def kind(self) -> Kind:
        """What kind of value it takes."""
        if self.choices:
            return "choice"
        match self.schema.get("type"):
            case "boolean":
                return "switch"
            case "number" | "integer" | "float":
                return "number"
            case "string":
                return "text"
        return "other"

    @property
    def limits(self) -> tuple[float | None, float | None]:
        """The least and the greatest number; None: not said."""
        return self.schema.get("minimum"), self.schema.get("maximum")


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One value in what a tool gives back. `path`: its place, steps joined by dots."""

    path: str
    description: str = ""
    kind: str = ""  # of JSON schema; "" where it is not said


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call of a tool."""

    tool: str
    arguments: dict[str, Any]


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """One tool. `outside`: it belongs to somebody else, so that its results are marked as theirs."""

    name: str
    description: str
    parameters: tuple[Parameter, ...] = ()
    fields: tuple[Field, ...] = ()
    reads: bool = False  # it tells something and changes nothing
    outside: bool = False
    required: tuple[str, ...] = ()

    def parameter(self, name: str) -> Parameter | None:
        """Its parameter of this name."""
        return next((p for p in self.parameters if p.name == name), None)

    @property
    def schema(self) -> dict[str, Any]:
        """Its arguments as one JSON schema."""
        return {
            "type": "object",
            "properties": {p.name: p.schema for p in self.parameters},
            "required": list(self.required),
            "additionalProperties": False,
        }


class ToolCatalogue(Mapping[str, Tool]):
    """Tools by name."""

    def __init__(self, tools: Iterable[Tool]) -> None:
        self._tools: dict[str, Tool] = {}
        for tool in tools:
            if tool.name in self._tools:
                raise CatalogueProblem(f"tool {tool.name!r} is there twice; names must differ")
            self._tools[tool.name] = tool
        if len(self._tools) > MAX_TOOLS:
            raise CatalogueProblem(f"{len(self._tools)} tools are more than the {MAX_TOOLS} that can be told apart")

    def __getitem__(self, name: str) -> Tool:
        return self._tools[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tools)

    def __len__(self) -> int:
        return len(self._tools)

    def problems(self, call: Call) -> list[str]:
        """Why `call` must not be made, a sentence each; [] where it may."""
        tool = self._tools.get(call.tool)
        if tool is None:
            return [f"there is no tool {call.tool!r}"]
        return [f"{call.tool}: {p}" for p in problems(call.arguments, tool.schema, "")]

    def without(self, missing: Sequence[str]) -> "ToolCatalogue":
        """The same without some parts: `tool`, `tool.parameter` or `result.tool.field`, of which only values go."""
        gone = {m for m in missing if "." not in m}
        parameters = {tuple(m.split(".", 1)) for m in missing if "." in m and not m.startswith("result.")}
        return ToolCatalogue(
            msgspec.structs.replace(
                tool,
                parameters=tuple(p for p in tool.parameters if (tool.name, p.name) not in parameters),
                required=tuple(r for r in tool.required if (tool.name, r) not in parameters),
            )
            for tool in self._tools.values()
            if tool.name not in gone
        )


def tool_of(raw: Mapping[str, Any], *, prefix: str = "", outside: bool = False) -> Tool:
    """A tool from one entry of a catalogue in MCP's form, OpenAI's, or with `parameters` and `returns`.

    Raises CatalogueProblem for an entry that cannot be understood.
    """
    entry = raw["function"] if isinstance(raw.get("function"), dict) else raw
    name = entry.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise CatalogueProblem(f"a tool is called {name!r:.60}; a name has letters, digits, _ . - / and at most 128")
    schema = entry.get("inputSchema") or entry.get("input_schema") or entry.get("parameters") or {}
    if not isinstance(schema, dict) or not isinstance(schema.get("properties", {}), dict):
        raise CatalogueProblem(f"tool {name}: its parameters are no JSON schema of an object")
    required = tuple(str(r) for r in schema.get("required", ()))
    for key, part in schema.get("properties", {}).items():
        if not isinstance(part, dict):
            raise CatalogueProblem(f"tool {name}: parameter {key}: is no JSON schema")
    notes = entry.get("annotations") or {}
    words = split_words(name)
    hint = notes.get("readOnlyHint") if isinstance(notes, dict) else None
    returns = entry.get("outputSchema") or entry.get("returns") or entry.get("response") or {}
    return Tool(
        name=prefix + name,
        description=str(entry.get("description") or "")[:MAX_TEXT],
        parameters=tuple(
            Parameter(name=str(key), schema=part, required=key in required)
            for key, part in schema.get("properties", {}).items()
        ),
        fields=tuple(_fields(returns, "", 0)) if isinstance(returns, dict) else (),
        # A hint from outside may lie, and a reader is asked without a question: there the name must agree.
        reads=(bool(hint) if hint is not None and not outside else bool(words) and words[0] in _READERS),
        outside=outside,
        required=required,
    )


def catalogue_of(raw: Iterable[Mapping[str, Any]]) -> ToolCatalogue:
    """All entries of a catalogue; see `tool_of`."""
    return ToolCatalogue(tool_of(entry) for entry in raw)


def tools_of_services(services: Iterable[Service[..., Any]]) -> list[Tool]:
    """The services of a room's `api.py` as tools: the signature is the schema, the docstring the description."""
    found = []
    for each in services:
        schemas, parts = msgspec.json.schema_components(
            [each.arguments_type, each.result_type], ref_template="#/$defs/{name}"
        )
        arguments, returns = (_inlined(schema, parts, 0) for schema in schemas)
        found.append(tool_of({"name": each.name, "description": each.doc, "parameters": arguments, "returns": returns}))
    return found


def split_words(name: str) -> list[str]:
    """The words of a name: `setFanSpeed`, `set_fan_speed`, `car.set-fan-speed` → set fan speed."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return [w.casefold() for w in re.split(r"[\W_]+", apart) if w]


def _fields(schema: Mapping[str, Any], path: str, depth: int) -> Iterator[Field]:
    if depth > 4:
        return
    parts = dict(schema.get("properties") or {})
    for more in schema.get("allOf") or ():
        if isinstance(more, dict):
            parts.update(more.get("properties") or {})
    for key, part in parts.items():
        if isinstance(part, dict):
            at = f"{path}.{key}" if path else str(key)
            if part.get("properties") or part.get("allOf"):
                yield from _fields(part, at, depth + 1)
            else:
                kind = part.get("type")
                description = str(part.get("description", ""))[:MAX_TEXT]
                yield Field(path=at, description=description, kind=kind if isinstance(kind, str) else "")


def _inlined(schema: Any, parts: Mapping[str, Any], depth: int) -> Any:
    """A schema with what it refers to put in its place; what refers to itself ends as any value."""
    if depth > 8:
        return {}
    if isinstance(schema, dict):
        if isinstance(ref := schema.get("$ref"), str):
            return _inlined(parts[ref.rpartition("/")[2]], parts, depth + 1)
        return {key: _inlined(part, parts, depth + 1) for key, part in schema.items()}
    if isinstance(schema, list):
        return [_inlined(part, parts, depth + 1) for part in schema]
    return schema
