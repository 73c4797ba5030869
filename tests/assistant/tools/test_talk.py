"""Somebody else's tools, spoken to: what is called, what is asked, what is said to be impossible."""

import re
from pathlib import Path
from typing import Any

import pytest

from alpenglow.assistant.language.pack import Pack
from alpenglow.assistant.tools.catalogue import Call, CatalogueProblem, ToolCatalogue
from alpenglow.assistant.tools.policies import Policies, load_policies
from alpenglow.assistant.tools.talking import Talk
from alpenglow.assistant.tools.viewing import ToolFailed
from tests.assistant.tools.conftest import Car


@pytest.fixture
def talk(tools: ToolCatalogue, english: Pack, car: Car) -> Talk:
    return Talk(tools, english, car)


@pytest.mark.parametrize(
    ("said", "calls"),
    [
        ("Close all the windows.", [("move_window", {"window": "ALL", "percentage": 0})]),
        ("Open my window halfway.", [("move_window", {"window": "DRIVER", "percentage": 50})]),
        (
            "Open the rear windows to 20 percent.",
            [
                ("move_window", {"window": "REAR_LEFT", "percentage": 20}),
                ("move_window", {"window": "REAR_RIGHT", "percentage": 20}),
            ],
        ),
        ("Turn the fan up by one level.", [("set_fan_speed", {"level": 3})]),
        ("Fan to level four, please.", [("set_fan_speed", {"level": 4})]),
        ("Turn on the fog lights.", [("set_fog_lights", {"on": True})]),
        ("Switch the ambient light to blue.", [("set_ambient_light", {"colour": "BLUE"})]),
        ("Set it to 21.5 degrees.", [("set_temperature", {"degrees_celsius": 21.5})]),
        (
            "Close the sunroof and turn off the fan.",
            [("set_sunroof", {"percentage": 0}), ("set_fan_speed", {"level": 0})],
        ),
        (
            "Set my window to the same position as the passenger window.",
            [("move_window", {"window": "DRIVER", "percentage": 40})],
        ),
        (
            "Close all the windows except mine.",
            [
                ("move_window", {"window": "PASSENGER", "percentage": 0}),
                ("move_window", {"window": "REAR_LEFT", "percentage": 0}),
                ("move_window", {"window": "REAR_RIGHT", "percentage": 0}),
            ],
        ),
    ],
)
async def test_what_is_said_is_called(talk: Talk, car: Car, said: str, calls: list[tuple[str, dict[str, Any]]]) -> None:
    await talk.say(said)
    assert car.set == calls


@pytest.mark.parametrize(
    "said",
    [
        "Don't open the sunroof.",
        "It's stuffy in here.",
        "What does the fan do?",
        "The windows are fogging up.",
        "Open the trunk.",
        "Lock the doors.",
        "Set the fan to level nine.",
        "Set the ambient light to brown.",
        "Fold the mirrors.",
        "\x00\x07 ﷽ 𝕆𝕡𝕖𝕟",
        "o" * 100_000,
    ],
)
async def test_nothing_is_called_that_was_not_asked_for_or_is_not_there(talk: Talk, car: Car, said: str) -> None:
    answer = await talk.say(said)
    assert car.set == []
    assert answer.reply


async def test_what_is_open_is_asked_and_the_answer_is_used(talk: Talk, car: Car) -> None:
    answer = await talk.say("Turn on the seat heating for the passenger.")
    assert answer.asking == "value"
    assert "level" in answer.reply
    await talk.say("Two, level two.")
    assert car.set == [("set_seat_heating", {"level": 2, "seat": "PASSENGER"})]


async def test_several_that_fit_are_narrowed_by_the_state(talk: Talk, car: Car) -> None:
    await talk.say("Turn off the lights.")  # only the low beams are on
    assert car.set == [("set_low_beams", {"on": False})]


async def test_a_missing_tool_parameter_or_value_is_said(english: Pack, car: Car, tools: ToolCatalogue) -> None:
    for missing, said in (
        (["set_fog_lights"], "Turn on the fog lights."),
        (["set_seat_heating.level"], "Passenger seat heating to level two."),
        (["set_seat_heating.seat"], "Passenger seat heating to level two."),
    ):
        answer = await Talk(tools.without(missing), english, car).say(said)
        assert answer.lacking, said
        assert re.search("cannot", answer.reply)
    car.state["fan_speed"] = "unknown"
    answer = await Talk(tools, english, car).say("Turn the fan up by one level.")
    assert answer.lacking
    assert car.set == []


@pytest.mark.parametrize(
    ("said", "tool"),
    [
        ("Close all the windows.", "move_window"),
        ("Open the sunroof to ten percent.", "set_sunroof"),
        ("Turn the fan up by one level.", "set_fan_speed"),
        ("Turn on the fog lights.", "set_fog_lights"),
        ("Turn off the low beams.", "set_low_beams"),
        ("Switch the ambient light to blue.", "set_ambient_light"),
        ("Set it to 21.5 degrees.", "set_temperature"),
        ("Passenger seat heating to level two.", "set_seat_heating"),
    ],
)
async def test_nothing_takes_the_place_of_a_missing_tool(
    english: Pack, car: Car, tools: ToolCatalogue, said: str, tool: str
) -> None:
    answer = await Talk(tools.without([tool]), english, car).say(said)
    assert car.set == []
    assert answer.lacking


async def test_a_tool_that_fails_is_said_to_have_failed(english: Pack, tools: ToolCatalogue) -> None:
    class Broken(Car):
        async def call(self, call: Call) -> dict[str, Any]:
            raise ToolFailed("the motor does not answer")

    answer = await Talk(tools, english, Broken()).say("Close the sunroof.")
    assert "the motor does not answer" in answer.reply
    assert answer.calls == []


_RULES = """
[preferences]
tool = "get_wishes"
[[rule]]
id = "1"
tool = "set_fog_lights"
when = ["arguments.on == true"]
also = [{ tool = "set_low_beams", arguments = { on = false }, when = ["get_lights.low_beams == true"] }]
[[rule]]
id = "2"
tool = "set_sunroof"
when = ["arguments.percentage > 0"]
confirm = "The fan is on {get_fan.fan_speed}."
[[rule]]
id = "3"
tool = "set_temperature"
when = ["arguments.degrees_celsius > 25"]
block = "That is too hot."
"""


@pytest.fixture
def rules(tmp_path: Path) -> Policies:
    file = tmp_path / "rules.toml"
    file.write_text(_RULES)
    return load_policies(file)


async def test_rules_add_ask_and_forbid(english: Pack, car: Car, tools: ToolCatalogue, rules: Policies) -> None:
    talk = Talk(tools, english, car, rules)
    await talk.say("Turn on the fog lights.")
    assert car.set == [("set_low_beams", {"on": False}), ("set_fog_lights", {"on": True})]
    answer = await talk.say("Set it to 27 degrees.")
    assert "too hot" in answer.reply
    answer = await talk.say("Open the sunroof to ten percent.")
    assert answer.asking == "confirm"
    assert "The fan is on 2" in answer.reply
    assert len(car.set) == 2
    await talk.say("No.")
    assert len(car.set) == 2
    await talk.say("Open the sunroof to ten percent.")
    await talk.say("Yes, go ahead.")
    assert car.set[2:] == [("set_sunroof", {"percentage": 10})]


async def test_a_rule_that_cannot_be_judged_stops_the_call(
    english: Pack, car: Car, tools: ToolCatalogue, rules: Policies
) -> None:
    car.state["low_beams"] = "unknown"
    answer = await Talk(tools, english, car, rules).say("Turn on the fog lights.")
    assert "low beams" in " ".join(answer.lacking)
    assert car.set == []


async def test_a_preference_fills_what_was_left_open(
    english: Pack, car: Car, tools: ToolCatalogue, rules: Policies
) -> None:
    car.wishes = ["prefers the sunroof at 30 percent, never at 100 percent"]
    talk = Talk(tools, english, car, rules)
    await talk.say("Open the sunroof.")
    await talk.say("Yes.")
    assert car.set == [("set_sunroof", {"percentage": 30})]


@pytest.mark.parametrize(
    "text",
    [
        "[[rule]]\nid = '1'\ntool = 'a'\nwhen = ['b is c']",
        "[[rule]]\nid = '1'\ntool = 'a'\nwhenever = []",
        "[[rule]]\nid = 1",
        "[[rule",
    ],
)
def test_a_faulty_file_of_rules_says_what_is_wrong(tmp_path: Path, text: str) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(text)
    with pytest.raises(CatalogueProblem, match=r"rules\.toml"):
        load_policies(file)
