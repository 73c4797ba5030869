"""A small car of somebody else's, as tools, and the words to speak about it."""

from pathlib import Path
from typing import Any

import pytest

import alpenglow
from alpenglow.assistant.functions import Functions
from alpenglow.assistant.language.pack import Pack, load_packs
from alpenglow.assistant.tools.catalogue import Call, ToolCatalogue, catalogue_of
from alpenglow.fabric.room import line_catalogue


def _tool(name: str, properties: dict[str, Any], returns: dict[str, Any] | None = None) -> dict[str, Any]:
    entry = {"name": name, "description": name.replace("_", " "), "parameters": _object(properties)}
    return entry | ({"returns": _object(returns)} if returns else {})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


_PERCENT = {"type": "number", "minimum": 0, "maximum": 100, "multipleOf": 1}
_ON = {"type": "boolean"}
_SIDES = {"type": "string", "enum": ["ALL", "DRIVER", "PASSENGER", "REAR_LEFT", "REAR_RIGHT"]}
TOOLS = [
    _tool("move_window", {"window": _SIDES, "percentage": _PERCENT}),
    _tool("set_sunroof", {"percentage": _PERCENT}),
    _tool("set_seat_heating", {"level": {"type": "integer", "minimum": 0, "maximum": 3}, "seat": _SIDES}),
    _tool("set_fan_speed", {"level": {"type": "integer", "minimum": 0, "maximum": 5}}),
    _tool("set_fog_lights", {"on": _ON}),
    _tool("set_low_beams", {"on": _ON}),
    _tool("set_ambient_light", {"colour": {"type": "string", "enum": ["RED", "GREEN", "BLUE"]}}),
    _tool("set_temperature", {"degrees_celsius": {"type": "number", "minimum": 16, "maximum": 28}}),
    _tool("get_fan", {}, {"fan_speed": {"type": "integer"}}),
    _tool(
        "get_windows", {}, {f"window_{side}": _PERCENT for side in ("driver", "passenger", "rear_left", "rear_right")}
    ),
    _tool("get_lights", {}, {"fog_lights": _ON, "low_beams": _ON}),
    _tool("get_wishes", {}, {"wishes": {"type": "array"}}),
]


class Car:
    """Keeps what is set, and every call."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.state: dict[str, Any] = {"fan_speed": 2, "fog_lights": False, "low_beams": True}
        self.state |= {"window_driver": 0, "window_passenger": 40, "window_rear_left": 0, "window_rear_right": 0}
        self.wishes: list[str] = []

    @property
    def set(self) -> list[tuple[str, dict[str, Any]]]:
        return [c for c in self.calls if not c[0].startswith("get_")]

    async def call(self, call: Call) -> dict[str, Any]:
        self.calls.append((call.tool, call.arguments))
        if call.tool == "get_wishes":
            return {"wishes": self.wishes}
        if call.tool == "set_fan_speed":
            self.state["fan_speed"] = call.arguments["level"]
        return dict(self.state)


@pytest.fixture(scope="session")
def english() -> Pack:
    catalogue = line_catalogue(Path(alpenglow.__file__).parent / "lines" / "aurora")
    return load_packs(Functions(catalogue))["en"]


@pytest.fixture
def car() -> Car:
    return Car()


@pytest.fixture(scope="session")
def tools() -> ToolCatalogue:
    return catalogue_of(TOOLS)
