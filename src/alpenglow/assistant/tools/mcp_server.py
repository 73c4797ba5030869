"""The assistant as an MCP server: what a program may ask of it is what the identity behind `fabric` may ask.

Rules that always hold:
- signals are read here, never set: what moves something goes through `ask`, its policy and the door;
- a fault is an answer marked as an error; it never ends the server.
"""

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec

from alpenglow.assistant import api
from alpenglow.assistant.tools.catalogue import Call, Tool, ToolCatalogue, tool_of, tools_of_services
from alpenglow.cockpit import api as cockpit
from alpenglow.fabric import Fabric, Service, ServiceError
from alpenglow.signals import Quality, UnknownSignal

if TYPE_CHECKING:
    from mcp.server import Server

_SERVICES: tuple[Service[..., Any], ...] = (
    api.ask, api.undo, cockpit.scenes, api.run_scene, api.suggestions, api.status,
)  # fmt: skip
_READ_ONLY = frozenset({"read_signal", "scenes", "suggestions", "status"})
_READ_SIGNAL = tool_of(
    {
        "name": "read_signal",
        "description": "What a signal of the car reads as now: its value, unit and quality (valid, stale, invalid, "
        "unavailable). Only a valid reading has a value.",
        "parameters": {
            "type": "object",
            "properties": {"path": {"type": "string", "description": "A path of COVESA VSS 6.0: Vehicle.Speed"}},
            "required": ["path"],
        },
    }
)
_SETTLE_S = 0.5  # a table that was opened just now may not have everybody's values yet


def offered() -> ToolCatalogue:
    """The tools of the server."""
    ours = [msgspec.structs.replace(t, name=t.name.partition(".")[2]) for t in tools_of_services(_SERVICES)]
    return ToolCatalogue([*ours, _READ_SIGNAL])


class Offer:
    """Answers calls by asking the car."""

    def __init__(self, fabric: Fabric) -> None:
        self._fabric = fabric
        self.catalogue = offered()
        self._services = {service.function: service for service in _SERVICES}

    async def call(self, call: Call) -> Any:
        """What a call gives, in plain types; ValueError or ServiceError with the reason where it gives nothing."""
        problems = self.catalogue.problems(call)
        if problems:
            raise ValueError("; ".join(problems))
        if call.tool == "read_signal":
            return await self._read(call.arguments["path"])
        service = self._services[call.tool]
        return msgspec.to_builtins(await self._fabric.call(service, **service.convert(call.arguments)))

    async def _read(self, path: str) -> dict[str, Any]:
        try:
            reading = self._fabric.read(path)
            if reading.quality is Quality.UNAVAILABLE:
                await asyncio.sleep(_SETTLE_S)
                reading = self._fabric.read(path)
            signal = self._fabric.catalogue[path]
        except UnknownSignal:
            raise ValueError(f"there is no signal {path!r:.200}; `alpenglow signals list` shows all") from None
        return {
            "path": path,
            "value": msgspec.to_builtins(reading.value),
            "unit": signal.unit,
            "quality": reading.quality.name.lower(),
        }


def server_of(offer: Offer, version: str) -> "Server[Any]":
    """The MCP server that offers it."""
    from mcp import types
    from mcp.server import Server

    async def list_tools(_context: Any, _params: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_listed(tool) for tool in offer.catalogue.values()])

    async def call_tool(_context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        try:
            result = await offer.call(Call(tool=params.name, arguments=dict(params.arguments or {})))
        except (ValueError, ServiceError) as error:
            return types.CallToolResult(content=[types.TextContent(type="text", text=str(error))], is_error=True)
        structured = result if isinstance(result, dict) else {"result": result}
        text = structured.get("reply") or msgspec.json.encode(structured).decode()
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=str(text))], structured_content=structured
        )

    return Server(
        "alpenglow",
        version=version,
        instructions="`ask` takes what a person would say to the car, which refuses what is not safe and says why.",
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _listed(tool: Tool) -> Any:
    from mcp import types

    return types.Tool(
        name=tool.name,
        description=tool.description,
        input_schema=tool.schema,
        annotations=types.ToolAnnotations(read_only_hint=tool.name in _READ_ONLY),
    )


async def serve(fabric: Fabric, version: str) -> None:
    """Serve on stdin and stdout until the client is gone."""
    from mcp import stdio_server

    server = server_of(Offer(fabric), version)
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())
