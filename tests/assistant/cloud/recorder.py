"""An endpoint on loopback that keeps every byte it is sent and answers as a test wants."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import msgspec

type Behaviour = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Recorder:
    """What was received: per connection all bytes, and the bodies of the requests among them."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.received: list[bytes] = []
        self.port = 0
        self.asked = asyncio.Event()  # a whole request is there

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def heads(self) -> list[str]:
        return [data.partition(b"\r\n\r\n")[0].decode() for data in self.received]

    @property
    def texts(self) -> list[str]:
        return [data.partition(b"\r\n\r\n")[2].decode() for data in self.received]

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(text) for text in self.texts]

    @property
    def bytes(self) -> int:
        return sum(map(len, self.received))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        index = len(self.received)
        self.received.append(b"")
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            self.received[index] += head
            length = next(
                int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
            )
            self.received[index] += await reader.readexactly(length)
            self.asked.set()
            await self.behaviour(writer)
        writer.close()


@asynccontextmanager
async def recording(behaviour: Behaviour):
    """A recorder that runs within the block."""
    recorder = Recorder(behaviour)
    server = await asyncio.start_server(recorder.serve, "127.0.0.1", 0)
    recorder.port = server.sockets[0].getsockname()[1]
    try:
        yield recorder
    finally:
        server.close()
        server.close_clients()


def says(body: bytes, *, status: str = "200 OK", kind: str = "application/json", headers: str = "") -> Behaviour:
    """Answers with `body`, whole."""

    async def behaviour(writer: asyncio.StreamWriter) -> None:
        writer.write(
            f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode()
        )
        writer.write(body)
        await writer.drain()

    return behaviour


def streams(*pieces: bytes, pause_s: float = 0.0, end: bool = True) -> Behaviour:
    """Sends the pieces one after the other, as an event stream; without `end` the connection then stays open."""

    async def behaviour(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause_s)
        if not end:
            await asyncio.Event().wait()

    return behaviour


def event(content: Any) -> bytes:
    """One server-sent event."""
    return b"data: " + msgspec.json.encode(content) + b"\n\n"


def word(text: str) -> bytes:
    """An event with a piece of text."""
    return event({"choices": [{"index": 0, "delta": {"content": text}}]})


def call(name: str, arguments: str, index: int = 0) -> bytes:
    """An event with a whole call."""
    part = {"index": index, "id": f"c{index}", "type": "function", "function": {"name": name, "arguments": arguments}}
    return event({"choices": [{"index": 0, "delta": {"tool_calls": [part]}}]})


STOP = event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
DONE = b"data: [DONE]\n\n"


def message(content: str | None = None, calls: list[tuple[str, str]] | None = None, finish: str = "stop") -> bytes:
    """A whole answer."""
    answer: dict[str, Any] = {"role": "assistant", "content": content}
    if calls:
        answer["tool_calls"] = [
            {"id": f"c{i}", "type": "function", "function": {"name": name, "arguments": arguments}}
            for i, (name, arguments) in enumerate(calls)
        ]
    usage = {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15}
    return msgspec.json.encode({"choices": [{"index": 0, "message": answer, "finish_reason": finish}], "usage": usage})
