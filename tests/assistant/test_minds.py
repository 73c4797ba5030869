"""Which of the bigger models is asked, and what is taken from what it says."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from alpenglow.assistant.minds import Minds
from alpenglow.assistant.models.store import Store


class Engine:
    """A model in the car that says the same to everything, word by word."""

    def __init__(self, *words: str) -> None:
        self.words, self.asked, self.closed, self.died = words, [], False, False

    async def chat(
        self, messages: list[dict[str, str]], *, on_text: Callable[[str], None] | None = None, **_: Any
    ) -> Any:
        self.asked.append(messages)
        for word in self.words:
            if on_text is not None:
                on_text(word)
        return SimpleNamespace(text="".join(self.words), finish="stop", first_word_ms=120.0)

    def close(self) -> None:
        self.closed = True


def with_model(*words: str) -> tuple[Minds, Engine]:
    minds, engine = Minds(Store()), Engine(*words)
    minds.engine, minds.state = engine, "ready"  # type: ignore[assignment]
    return minds, engine


def test_of_a_command_the_first_plain_line_counts() -> None:
    async def run() -> None:
        for text, command in (
            ('"open the window"', "open the window"),
            ("\n\n  open the window.\nBecause they said so.", "open the window"),
            ("x" * 10_000, "x" * 200),
            ("  \n ", ""),
        ):
            minds, _ = with_model(text)
            answer = await minds.rephrase("…", "owner", "PARKED")
            assert answer.text == command
            assert answer.tier == "local"

    asyncio.run(run())


def test_small_talk_comes_word_by_word_and_knows_what_was_said_just_before() -> None:
    async def run() -> None:
        minds, engine = with_model("How ", "nice.")
        heard: list[str] = []
        before = [(f"question {n}", f"reply {n}") for n in range(5)]
        answer = await minds.talk("My aunt keeps bees.", before, "owner", "PARKED", heard.append)
        assert heard == ["How ", "nice."]
        assert answer.text == "How nice."
        contents = [m["content"] for m in engine.asked[0]]
        assert contents[1:] == ["question 3", "reply 3", "question 4", "reply 4", "My aunt keeps bees."]
        assert answer.egress_bytes == 0

    asyncio.run(run())


def test_a_model_that_floods_is_cut() -> None:
    async def run() -> None:
        minds, _ = with_model("word " * 1_000_000)
        assert len((await minds.talk("…", (), "owner", "PARKED", None)).text) <= 2000

    asyncio.run(run())


def test_while_it_loads_nobody_is_asked_and_the_reasons_say_so() -> None:
    async def run() -> None:
        for state in ("loading", "fetching", "missing", "broken", "off"):
            minds, engine = with_model("Hello.")
            minds.state = state  # type: ignore[assignment]
            answer = await minds.talk("…", (), "owner", "MOVING", None)
            assert answer.text == ""
            assert engine.asked == []
            assert any("no model could be asked" in reason for reason in answer.why)

    asyncio.run(run())


def test_switched_off_it_stays_off(tmp_path: Path) -> None:
    async def run() -> None:
        minds = Minds(Store(tmp_path))
        await minds.prepare("none")
        assert [s.state for s in minds.status()] == ["off", "off"]
        assert list(tmp_path.iterdir()) == []

    asyncio.run(run())


def test_a_model_that_nobody_knows_is_named() -> None:
    async def run() -> None:
        minds = Minds(Store())
        await minds.prepare("gpt-99")
        assert minds.state in ("broken", "missing")
        assert "gpt-99" in minds.says

    asyncio.run(run())


def test_closing_lets_the_model_go() -> None:
    minds, engine = with_model()
    minds.close()
    assert engine.closed
