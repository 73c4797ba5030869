"""What an endpoint answers, read with suspicion: whole, as the protocol says, and calling only functions that exist.

Rules that always hold:
- a stream that ends before it says that it is done is no answer;
- a call is data: a name that was offered and an object of arguments. Anything else makes the whole answer `Broken`;
- what a model thinks to itself (`<think>`, `reasoning_content`) is never shown and never kept.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import msgspec

from alpenglow.assistant.models.thinking import ThinkingFilter

from .errors import Broken, Limited, Refused, TooLarge
from .redaction import Redactor

_MOST_CALLS = 32
_LONGEST_THOUGHT = 100_000  # signs of <think>; how long it may take is the asker's to say


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A function that the model wants called. The arguments have the originals back in place of placeholders."""

    id: str
    name: str
    arguments: dict[str, Any]


class _Function(msgspec.Struct):
    name: str | None = None
    arguments: str | None = None


class _CallPart(msgspec.Struct):
    index: int | None = None
    id: str | None = None
    function: _Function = msgspec.field(default_factory=_Function)


class _Message(msgspec.Struct):
    content: str | None = None
    tool_calls: list[_CallPart] | None = None


class _Choice(msgspec.Struct):
    delta: _Message | None = None
    message: _Message | None = None
    finish_reason: str | None = None
    index: int = 0


class _Usage(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Piece(msgspec.Struct):
    choices: list[_Choice] = []
    usage: _Usage | None = None
    error: Any = None


_decoder = msgspec.json.Decoder(_Piece)


class Events:
    """The data of server-sent events (WHATWG HTML 9.2.6), out of bytes that arrive in pieces of any size."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._data: list[bytes] = []

    def feed(self, chunk: bytes) -> list[bytes]:
        """The data of the events that are complete now."""
        self._rest += chunk
        if b"\n" not in chunk:
            return []
        *lines, rest = bytes(self._rest).split(b"\n")
        self._rest = bytearray(rest)
        found = []
        for line in lines:
            line = line.removesuffix(b"\r")
            if line.startswith(b"data:"):
                self._data.append(line[5:].removeprefix(b" "))
            elif not line and self._data:
                found.append(b"\n".join(self._data))
                self._data = []
        return found

    def close(self) -> list[bytes]:
        """The last event, where its empty line is missing."""
        return self.feed(b"\n\n")


class Answer:
    """An answer that grows piece by piece."""

    def __init__(
        self, *, functions: Collection[str], redactor: Redactor, on_text: Callable[[str], None] | None = None
    ) -> None:
        self.text = ""
        self.finish = ""
        self.prompt_tokens = 0
        self.generated_tokens = 0
        self.done = False
        self._functions = functions
        self._redactor = redactor
        self._on_text = on_text
        self._thinking = ThinkingFilter(budget_chars=_LONGEST_THOUGHT)
        self._restoring = redactor.restoring()
        self._parts: dict[int, _CallPart] = {}

    def feed(self, data: bytes) -> None:
        """Take the data of an event, or a whole answer that came at once. Raises Broken."""
        if data.strip() == b"[DONE]":
            self.done = True
            return
        try:
            piece = _decoder.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Broken("the cloud's answer is not what the protocol says") from None
        if piece.error is not None:
            raise Broken("the cloud broke off with an error of its own")
        if piece.usage is not None:
            self.prompt_tokens, self.generated_tokens = piece.usage.prompt_tokens, piece.usage.completion_tokens
        for choice in piece.choices:
            if choice.index == 0:
                self._take(choice)

    def close(self) -> list[Call]:
        """The calls, once everything has come. Raises Broken."""
        if not self.done and not self.finish:
            raise Broken("the cloud's answer was cut off in the middle")
        self._show(self._restoring.feed(self._thinking.end()) + self._restoring.close())
        return [self._call(part) for _, part in sorted(self._parts.items())]

    def _take(self, choice: _Choice) -> None:
        message = choice.delta or choice.message
        if choice.finish_reason:
            self.finish = choice.finish_reason
        if message is None:
            return
        if message.content:
            self._show(self._restoring.feed(self._thinking.feed(message.content)))
            if self._thinking.cut:
                raise TooLarge("the cloud thought for too long without an answer")
        for number, part in enumerate(message.tool_calls or ()):
            self._grow(number if part.index is None else part.index, part)

    def _grow(self, index: int, part: _CallPart) -> None:
        if not 0 <= index < _MOST_CALLS:
            raise Broken(f"the cloud wants more than {_MOST_CALLS} calls at once")
        known = self._parts.setdefault(index, _CallPart())
        known.id = known.id or part.id
        known.function.name = known.function.name or part.function.name
        known.function.arguments = (known.function.arguments or "") + (part.function.arguments or "")

    def _call(self, part: _CallPart) -> Call:
        name = part.function.name or ""
        if name not in self._functions:
            raise Broken(f"the cloud called a function that does not exist: {_shown(name)}")
        try:
            arguments = msgspec.json.decode(part.function.arguments or "{}", type=dict[str, Any])
        except (msgspec.DecodeError, RecursionError):
            raise Broken(f"the cloud called {name} with arguments that are not JSON") from None
        return Call(id=part.id or "", name=name, arguments=self._redactor.restore_json(arguments))

    def _show(self, text: str) -> None:
        if text:
            self.text += text
            if self._on_text is not None:
                self._on_text(text)


def check_status(status: int, headers: Mapping[bytes, str]) -> None:
    """Raises what a status other than 200 means."""
    if status in (401, 402, 403):
        raise Refused(f"the cloud does not accept the key or the account (HTTP {status})")
    if status == 413:
        raise TooLarge("the question is too long for the cloud (HTTP 413)")
    if status == 429:
        after_s = _seconds(headers.get(b"retry-after", ""))
        raise Limited(
            f"the cloud wants fewer questions (HTTP 429){f', in {after_s:g} s again' if after_s else ''}", after_s
        )
    if 300 <= status < 400:
        raise Broken(f"the cloud points elsewhere (HTTP {status}); only the address that is set up is asked")
    if status != 200:
        raise Broken(f"the cloud failed (HTTP {status})")


def _seconds(retry_after: str) -> float | None:
    """Of a Retry-After header: those it gives as a number."""
    return float(retry_after) if retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 8 else None


def _shown(name: str) -> str:
    """A name from outside, short and printable."""
    return "".join(sign if sign.isprintable() else "?" for sign in name[:40]) or "(no name)"
