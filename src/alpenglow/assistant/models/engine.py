"""A language model, in a process of its own (`serving`): one request at a time, greedy, stopped when its time is up.

What a message says cannot end a turn or take another role: the model's control tokens are taken out of it. An answer
that was to keep to a schema keeps to it, or is not an answer.
"""

import asyncio
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

import msgspec

from alpenglow.assistant.models import memory, native
from alpenglow.assistant.models.crashes import CrashGuard
from alpenglow.assistant.models.gguf import read_head
from alpenglow.assistant.models.problems import ModelProblem
from alpenglow.assistant.models.schema import check_schema, keeps, tight
from alpenglow.assistant.models.serving import Died, ModelProcess
from alpenglow.assistant.models.store import Installed, Store
from alpenglow.assistant.models.thinking import ThinkingFilter

type Message = Mapping[str, str]  # role: system, user or assistant; content
type Finish = Literal["stop", "length", "late", "thinking"]

_DEFAULTS = ("coder-1.5b", "coder-0.5b")


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """`finish`: the model was done, or was cut by `max_tokens`, by the deadline, or for thinking too long.

    `cached_tokens` of the prompt were known from before. `first_word_ms` is None where no word came.
    """

    text: str
    finish: Finish
    prompt_tokens: int
    cached_tokens: int
    generated_tokens: int
    first_word_ms: float | None
    total_ms: float


class _Prompt(msgspec.Struct, frozen=True):
    """What the library says while it reads the prompt."""

    total: int = 0
    cache: int = 0


class ChatEngine:
    """Loads in `__init__`, which takes seconds; `load` does the same beside the event loop."""

    def __init__(self, path: Path, *, threads: int = 2, context: int = 4096, guard: CrashGuard | None = None) -> None:
        """Raises ModelProblem for a file that is no model, or a model that may not run."""
        self._name = path.name
        self._guard = guard
        control = read_head(path).control_tokens
        self._control = re.compile("|".join(map(re.escape, control))) if control else None
        if guard is not None:
            guard.require()
        try:
            self._model = ModelProcess(path, threads=threads, context=context)
        except Died as death:
            self._note(death, "loading")
            raise
        self.died = False  # then it is of no more use, and another may be loaded in its place
        self._worker = ThreadPoolExecutor(1, "chat-engine")  # one thread: requests queue

    @property
    def pid(self) -> int:
        """The number of the model's process."""
        return self._model.pid

    @classmethod
    async def load(cls, store: Store, model_id: str, *, threads: int = 2, context: int = 4096) -> "ChatEngine":
        """The engine for a model of the store, if it is sound, fits into memory and has not kept crashing."""

        def load() -> ChatEngine:
            installed = chat_model(store, model_id)
            guard = CrashGuard(store.folder, model_id)
            guard.require()
            memory.require(installed.memory_mb, model_id, memory.room())
            return cls(installed.path, threads=threads, context=context, guard=guard)

        return await asyncio.to_thread(load)

    async def chat(
        self,
        messages: Sequence[Message],
        *,
        schema: dict[str, Any] | None = None,
        grammar: str | None = None,
        max_tokens: int = 256,
        deadline_s: float = 30.0,
        on_text: Callable[[str], None] | None = None,
        thinking_chars: int = 4000,
    ) -> Reply:
        """Ask. `on_text` gets the visible text as it comes, in the event loop; with a schema, before it was checked.

        `schema` binds the answer to JSON of that form (see `schema.check_schema`), without spaces. `grammar` is GBNF,
        or Lark after a line `%llguidance {}`; a faulty one binds nothing, so the caller parses what comes.
        The deadline counts from now, also while waiting for an earlier request. Where the task is cancelled or the
        deadline passes the model stops at its next token or batch. Raises ModelProblem.
        """
        if schema is not None:
            check_schema(schema)
            grammar = _grammar(schema)
        if not messages:
            raise ValueError("no messages")
        loop = asyncio.get_running_loop()
        run = _Run(deadline_s, thinking_chars, loop, on_text)
        request = {
            "messages": [self._clean(message) for message in messages],
            "max_tokens": max_tokens,
            "temperature": 0,
            "stream": True,
            "return_progress": True,  # so that it can be stopped while it reads the prompt
            "chat_template_kwargs": {"enable_thinking": False},  # where a model lets itself be told
        }
        if grammar is not None:
            request["grammar"] = grammar
        answering = loop.run_in_executor(self._worker, self._answer, request, run)
        try:
            await asyncio.wait([answering], timeout=deadline_s)
        finally:
            run.stop.set()
        if answering.done():
            answering.result()
        else:
            answering.add_done_callback(_forget)
        reply = run.reply()
        if schema is not None and reply.finish == "stop" and not keeps(reply.text, schema):
            raise ModelProblem(f"{self._name}: the answer does not keep to the schema: {reply.text[:80]!r}")
        return reply

    async def warm(self, messages: Sequence[Message]) -> Reply:
        """Read a prompt beforehand, so that a later one with the same beginning is answered sooner."""
        # The first schema costs a second more, since the grammar library then goes through the model's vocabulary.
        return await self.chat(messages, schema={"type": "boolean"}, max_tokens=1, deadline_s=120.0)

    def close(self) -> None:
        """Give the memory back, after the running request has stopped."""
        self._worker.submit(self._model.close)
        self._worker.shutdown(wait=True)

    def _clean(self, message: Message) -> dict[str, str]:
        text = message["content"].encode("utf-8", "replace").decode().replace("\0", " ")
        return {"role": message["role"], "content": self._control.sub(" ", text) if self._control else text}

    def _answer(self, request: dict[str, Any], run: "_Run") -> None:
        if not run.over():  # it may have waited too long
            try:
                self._model.answer(request, run.take, run.left_s())
            except Died as death:
                self.died = True
                self._note(death, "answering")
                raise
            if self._guard is not None:
                self._guard.worked()
        if run.error:
            raise ModelProblem(f"{self._name}: {run.error}")

    def _note(self, death: Died, doing: str) -> None:
        if self._guard is not None and death.fault:
            self._guard.crashed(doing)


class _Run:
    """One request: filled by the worker thread, read by the event loop when the worker has ended or time is up."""

    def __init__(
        self,
        deadline_s: float,
        thinking_chars: int,
        loop: asyncio.AbstractEventLoop,
        on_text: Callable[[str], None] | None,
    ) -> None:
        self.stop = threading.Event()
        self.error = ""
        self._started = time.monotonic()
        self._deadline = self._started + deadline_s
        self._filter = ThinkingFilter(budget_chars=thinking_chars)
        self._loop, self._on_text = loop, on_text
        self._shown: list[str] = []
        self._finish: Finish = "late"
        self._prompt = _Prompt()
        self._tokens = 0
        self._first_word_ms: float | None = None

    def over(self) -> bool:
        return self.stop.is_set() or self.left_s() < 0

    def left_s(self) -> float:
        return self._deadline - time.monotonic()

    def take(self, chunk: Any) -> bool:
        """One piece of the answer's stream; True stops the model."""
        if isinstance(chunk, dict):
            if "error" in chunk:
                self.error = str(chunk["error"].get("message", chunk["error"]))
                return True
            if "prompt_progress" in chunk:
                self._prompt = msgspec.convert(chunk["prompt_progress"], _Prompt)
            for choice in chunk.get("choices", ()):
                self._take_choice(choice)
        if self._filter.cut:
            self._finish = "thinking"
            return True
        return self.over()

    def _take_choice(self, choice: dict[str, Any]) -> None:
        if text := choice["delta"].get("content"):
            self._tokens += 1
            self._show(self._filter.feed(text))
        if (why := choice.get("finish_reason")) is not None:
            self._show(self._filter.end())
            self._finish = "length" if why == "length" else "stop"

    def _show(self, text: str) -> None:
        if not text or self.stop.is_set():
            return
        if self._first_word_ms is None:
            self._first_word_ms = (time.monotonic() - self._started) * 1000
        self._shown.append(text)
        if self._on_text is not None:
            self._loop.call_soon_threadsafe(self._tell, text)

    def _tell(self, text: str) -> None:
        if not self.stop.is_set():
            assert self._on_text is not None
            self._on_text(text)

    def reply(self) -> Reply:
        return Reply(
            text="".join(self._shown),
            finish=self._finish,
            prompt_tokens=self._prompt.total,
            cached_tokens=self._prompt.cache,
            generated_tokens=self._tokens,
            first_word_ms=self._first_word_ms,
            total_ms=(time.monotonic() - self._started) * 1000,
        )


def chat_model(store: Store, model_id: str) -> Installed:
    """A sound model that can talk. Raises ModelProblem."""
    installed = store.open(model_id)
    if installed.kind != "chat":
        raise ModelProblem(f"{model_id}: makes sentence vectors and cannot talk; see `alpenglow models list`")
    return installed


def default_model(store: Store) -> str | None:
    """The most capable model of the catalogue for which there is memory and which does not keep crashing."""
    free_mb = memory.room().free_mb
    for model_id in _DEFAULTS:
        fits = model_id in store.catalogue and store.catalogue[model_id].memory_mb <= free_mb
        if fits and CrashGuard(store.folder, model_id).may_run:
            return model_id
    return None


def _grammar(schema: dict[str, Any]) -> str:
    # Without spaces an answer has a third fewer tokens.
    return native.grammar({**tight(schema), "x-guidance": {"whitespace_flexible": False}})


def _forget(answering: "asyncio.Future[None]") -> None:
    """What an answer that nobody waits for any more ended with."""
    if not answering.cancelled():
        answering.exception()
