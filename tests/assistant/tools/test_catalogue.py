"""Tools of every form, and what is never called."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.assistant import api
from alpenglow.assistant.tools.catalogue import (
    Call,
    CatalogueProblem,
    ToolCatalogue,
    catalogue_of,
    split_words,
    tool_of,
    tools_of_services,
)
from tests.assistant.tools.conftest import TOOLS

_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"level": {"type": "integer", "minimum": 0, "maximum": 5}},
    "required": ["level"],
}


def test_the_same_tool_in_every_form() -> None:
    forms: list[dict[str, Any]] = [
        {"name": "set_fan", "description": "d", "inputSchema": _SCHEMA},
        {"type": "function", "function": {"name": "set_fan", "description": "d", "parameters": _SCHEMA}},
        {"name": "set_fan", "description": "d", "parameters": _SCHEMA},
    ]
    first, *rest = map(tool_of, forms)
    assert first.parameters[0].limits == (0, 5)
    assert all(tool == first for tool in rest)


@pytest.mark.parametrize(
    ("tool", "arguments", "why"),
    [
        ("set_fan_speed", {"level": 6}, "above 5"),
        ("set_fan_speed", {"level": 2.5}, "no integer"),
        ("set_fan_speed", {"level": True}, "no integer"),
        ("set_fan_speed", {"level": "3"}, "no integer"),
        ("set_fan_speed", {}, "missing"),
        ("set_fan_speed", {"level": 3, "zone": "ALL"}, "no such argument"),
        ("set_fog_lights", {"on": 1}, "no boolean"),
        ("move_window", {"window": "ROOF", "percentage": 5}, "none of ALL"),
        ("move_window", {"window": "ALL", "percentage": 5.5}, "no multiple"),
        ("set_roof_box", {}, "no tool"),
    ],
)
def test_what_does_not_fit_is_a_problem(tools: ToolCatalogue, tool: str, arguments: dict[str, Any], why: str) -> None:
    assert why in " ".join(tools.problems(Call(tool=tool, arguments=arguments)))


def test_what_fits_is_none(tools: ToolCatalogue) -> None:
    assert tools.problems(Call(tool="move_window", arguments={"window": "ALL", "percentage": 5})) == []
    assert tools.problems(Call(tool="get_fan", arguments={})) == []


_ANY = st.one_of(st.none(), st.booleans(), st.integers(-1, 7), st.floats(), st.text(), st.lists(st.none()))


@given(st.dictionaries(st.one_of(st.just("level"), st.text(max_size=8)), _ANY))
def test_only_one_level_of_six_gets_through(arguments: dict[str, Any]) -> None:
    tools = catalogue_of(TOOLS)
    problems = tools.problems(Call(tool="set_fan_speed", arguments=arguments))
    level = arguments.get("level")
    fits = set(arguments) == {"level"} and not isinstance(level, bool) and level in (0, 1, 2, 3, 4, 5)
    assert (problems == []) == fits


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"name": 5},
        {"name": "rm -rf /"},
        {"name": "x" * 200},
        {"name": "a", "parameters": "none"},
        {"name": "a", "parameters": {"properties": {"b": 3}}},
        {"name": "a", "parameters": {"properties": []}},
    ],
)
def test_a_malformed_tool_is_refused(raw: dict[str, Any]) -> None:
    with pytest.raises(CatalogueProblem):
        tool_of(raw)


def test_two_tools_of_one_name_are_refused() -> None:
    with pytest.raises(CatalogueProblem, match="twice"):
        catalogue_of([{"name": "a"}, {"name": "a"}])


def test_parts_can_be_missing(tools: ToolCatalogue) -> None:
    less = tools.without(["set_fog_lights", "set_seat_heating.seat"])
    assert "set_fog_lights" not in less
    assert less.problems(Call(tool="set_seat_heating", arguments={"level": 2})) == []
    assert less.problems(Call(tool="set_seat_heating", arguments={"level": 2, "seat": "DRIVER"})) != []


def test_a_hint_from_outside_does_not_make_a_reader() -> None:
    raw = {"name": "open_garage", "annotations": {"readOnlyHint": True}}
    assert tool_of(raw).reads
    assert not tool_of(raw, outside=True).reads


def test_services_are_tools_by_themselves() -> None:
    (ask,) = tools_of_services([api.ask])
    assert ask.name == "assistant.ask"
    assert ask.description.startswith("Do or answer what a person said")
    assert ask.required == ("text",)
    catalogue = ToolCatalogue([ask])
    assert catalogue.problems(Call(tool="assistant.ask", arguments={"text": "hello", "seat": "driver"})) == []
    assert catalogue.problems(Call(tool="assistant.ask", arguments={"text": "hello", "seat": "roof"})) != []


def test_words_of_names() -> None:
    assert split_words("setFanSpeed") == split_words("set_fan-speed") == ["set", "fan", "speed"]
    assert split_words("activateParkingBrakeHDC") == ["activate", "parking", "brake", "hdc"]
