"""What a model may choose. A stand-in says its answer by heart; the real one is measured in `benchmarks`."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from alpenglow.assistant.language.pack import Pack
from alpenglow.assistant.models.engine import Finish, Message, Reply
from alpenglow.assistant.models.problems import ModelProblem
from alpenglow.assistant.models.schema import check_schema
from alpenglow.assistant.tools.catalogue import Call, ToolCatalogue, catalogue_of
from alpenglow.assistant.tools.choosing import Chooser, unfounded
from alpenglow.assistant.tools.talking import Talk
from tests.assistant.tools.conftest import TOOLS, Car

_DIARY = {
    "name": "add_diary_entry",
    "description": "Write an entry into the diary",
    "parameters": {
        "type": "object",
        "properties": {"title": {"type": "string"}, "hour": {"type": "integer", "minimum": 0, "maximum": 23}},
        "required": ["title", "hour"],
    },
}


class ByHeart:
    """Answers what it was given, whatever is asked."""

    def __init__(self, answer: Any, finish: Finish = "stop") -> None:
        self.answer, self.finish, self.asked = answer, finish, 0

    async def chat(
        self,
        messages: Sequence[Message],
        *,
        schema: dict[str, Any] | None = None,
        max_tokens: int = 256,
        deadline_s: float = 30.0,
    ) -> Reply:
        self.asked += 1
        check_schema(schema)  # what a model would be held to
        if isinstance(self.answer, Exception):
            raise self.answer
        text = self.answer if isinstance(self.answer, str) else json.dumps(self.answer)
        counts: dict[str, Any] = {"prompt_tokens": 1, "cached_tokens": 0, "generated_tokens": 1}
        return Reply(text=text, finish=self.finish, first_word_ms=1, total_ms=1, **counts)


def _entry(title: str, hour: int) -> dict[str, Any]:
    return {"calls": [{"tool": "add_diary_entry", "arguments": {"title": title, "hour": hour}}]}


@pytest.fixture
def all_tools() -> ToolCatalogue:
    return catalogue_of([*TOOLS, _DIARY])


async def test_what_the_words_do_not_bind_is_chosen(all_tools: ToolCatalogue, english: Pack, car: Car) -> None:
    thinker = ByHeart(_entry("dentist", 15))
    await Talk(all_tools, english, car, chooser=Chooser(thinker, all_tools)).say("Add the dentist to my diary for 15")
    assert car.set == [("add_diary_entry", {"title": "dentist", "hour": 15})]


async def test_a_made_up_value_is_asked_for_instead(all_tools: ToolCatalogue, english: Pack, car: Car) -> None:
    thinker = ByHeart(_entry("dentist", 9))
    talk = Talk(all_tools, english, car, chooser=Chooser(thinker, all_tools))
    answer = await talk.say("Add the dentist to my diary")
    assert car.set == []
    assert "hour" in answer.reply
    assert answer.asking == "value"


async def test_without_a_model_text_is_asked_for(all_tools: ToolCatalogue, english: Pack, car: Car) -> None:
    talk = Talk(all_tools, english, car)
    answer = await talk.say("Make a diary entry at hour 15")
    assert answer.asking == "value"
    await talk.say("dentist")
    assert car.set == [("add_diary_entry", {"title": "dentist", "hour": 15})]


async def test_what_is_known_and_has_no_tool_is_not_left_to_a_model(
    all_tools: ToolCatalogue, english: Pack, car: Car
) -> None:
    thinker = ByHeart({"calls": [{"tool": "set_low_beams", "arguments": {"on": True}}]})
    tools = all_tools.without(["set_fog_lights"])
    await Talk(tools, english, car, chooser=Chooser(thinker, tools)).say("Turn on the fog lights.")
    assert (car.set, thinker.asked) == ([], 0)


@pytest.mark.parametrize(
    "answer",
    [
        {"calls": [{"tool": "open_garage", "arguments": {}}]},
        {"calls": [{"tool": "add_diary_entry", "arguments": {"title": "dentist"}}]},
        {"calls": [{"tool": "add_diary_entry", "arguments": {"title": "dentist", "hour": 99}}]},
        {"calls": []},
        {"call": 1},
        "<think>",
        "[" * 5000,
        ModelProblem("it crashed"),
    ],
)
async def test_a_call_that_does_not_fit_is_none(all_tools: ToolCatalogue, answer: Any) -> None:
    assert await Chooser(ByHeart(answer), all_tools).choose([{"role": "user", "content": "the dentist"}]) == []


async def test_an_answer_that_was_cut_is_none(all_tools: ToolCatalogue) -> None:
    assert await Chooser(ByHeart(_entry("dentist", 15), "late"), all_tools).choose([]) == []


@pytest.mark.parametrize(
    ("arguments", "said", "nowhere"),
    [
        ({"title": "the dentist", "hour": 15}, "the dentist at 15", []),
        ({"title": "the dentist", "hour": 16}, "the dentist at 15", ["hour"]),
        ({"title": "surgery", "hour": 15}, "the dentist at 15", ["title"]),
        ({"title": "lunch", "hour": 14}, "lunch 2 hours after 12", []),
    ],
)
def test_where_values_come_from(
    all_tools: ToolCatalogue, arguments: dict[str, Any], said: str, nowhere: list[str]
) -> None:
    call = Call(tool="add_diary_entry", arguments=arguments)
    assert unfounded(call, all_tools["add_diary_entry"], [said]) == nowhere
