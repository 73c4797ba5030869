"""Other people's MCP servers: their tools join a catalogue, as far as a file permits.

    [servers.calendar]
    command = ["calendar-server", "--quiet"]      # or: url = "https://…"
    tools = ["today", "next"]                     # what may be called; without it, nothing

Rules that always hold:
- a tool that is not permitted is not in the catalogue and is not called; a server's description grants nothing;
- a result is data: bounded in size, marked with where it came from, never read as an instruction or an utterance;
- a server that hangs, ends, floods or lies costs its own calls and nothing else.
"""

import asyncio
import contextlib
import os
import tomllib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from alpenglow.assistant.tools.catalogue import Call, CatalogueProblem, Tool, ToolCatalogue, tool_of
from alpenglow.assistant.tools.viewing import ToolFailed

if TYPE_CHECKING:
    from mcp import Client

MAX_RESULT = 16_000  # characters of a result that are kept
_MAX_LINE = 1_000_000  # bytes of one message; a server that sends more is ended
_START_S = 10.0
_STOP_S = 2.0
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ")  # of our environment; the rest may hold secrets


class Outside(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One server of the file."""

    command: tuple[str, ...] = ()
    url: str = ""
    tools: tuple[str, ...] = ()
    seconds: float = 10.0  # for one call
    env: dict[str, str] = {}


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    servers: dict[str, Outside] = {}


def load_servers(file: Path) -> dict[str, Outside]:
    """The servers of a file; CatalogueProblem says what is wrong with it."""
    try:
        servers = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), _File).servers
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise CatalogueProblem(f"{file.name}: {error}") from None
    for name, server in servers.items():
        if not name.isidentifier():
            raise CatalogueProblem(f"{file.name}: servers.{name}: a server's name has letters, digits and _")
        if bool(server.command) is bool(server.url):
            raise CatalogueProblem(f"{file.name}: servers.{name}: give either `command` or `url`")
        if server.url and not server.url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise CatalogueProblem(f"{file.name}: servers.{name}: url must begin with https://")
    return servers


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What a server gave back. `source`: its name, which every use of the text has to show."""

    source: str
    text: str
    cut: bool
    values: dict[str, Any]


class _Link:
    """One run of a server."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[tuple[Call | None, asyncio.Future[Any]]] = asyncio.Queue()
        self.open = True
        self.task: asyncio.Task[None] | None = None


class Server:
    """One server: started with the first need, and again after it has ended."""

    def __init__(self, name: str, settings: Outside) -> None:
        self.name, self._settings = name, settings
        self._link = _Link()
        self._link.open = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def tools(self) -> list[Tool]:
        """The tools that may be called, under the server's name; ToolFailed where it does not answer."""
        listed = await self._ask(None, _START_S)
        found = []
        for each in listed.tools[:200]:
            raw = each.model_dump(by_alias=True, exclude_none=True)
            if raw.get("name") not in self._settings.tools:
                continue
            with contextlib.suppress(CatalogueProblem):  # a malformed one is as good as none
                found.append(tool_of(raw, prefix=f"{self.name}.", outside=True))
        return found

    async def call(self, call: Call) -> Result:
        """Call a permitted tool by its own name; ToolFailed where it is not permitted or does not work."""
        if call.tool not in self._settings.tools:
            raise ToolFailed(f"{self.name}.{call.tool} is not permitted")
        answer = await self._ask(call, self._settings.seconds)
        texts = [part.text for part in answer.content if getattr(part, "type", "") == "text"]
        text = "\n".join(texts)
        if answer.is_error:
            raise ToolFailed(f"{self.name} says: {text[:300]}")
        values = answer.structured_content if isinstance(answer.structured_content, dict) else {}
        if len(msgspec.json.encode(values)) > MAX_RESULT:
            values = {}
        return Result(source=self.name, text=text[:MAX_RESULT], cut=len(text) > MAX_RESULT, values=values)

    async def close(self) -> None:
        """End the server."""
        self._link.open = False
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=3 * _STOP_S)

    async def _ask(self, call: Call | None, seconds: float) -> Any:
        link = self._link
        if not link.open:
            link = self._link = _Link()
            link.task = asyncio.create_task(self._run(link))
            self._tasks.add(link.task)
            link.task.add_done_callback(self._tasks.discard)
        assert link.task is not None
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        link.asked.put_nowait((call, answer))
        try:
            # The end of the task ends the wait: a server that has ended answers nothing any more.
            await asyncio.wait([answer, link.task], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if answer.done():
                return answer.result()
            if not link.task.done():  # it hangs: the next need starts it anew
                link.open = False
                link.task.cancel()
                raise ToolFailed(f"{self.name} did not answer within {seconds:g} s")
            raise ToolFailed(f"{self.name} has ended, or could not be started")
        finally:
            answer.cancel()

    async def _run(self, link: _Link) -> None:
        """Talk to the server; all in one task, as its library wants it."""
        try:
            with contextlib.suppress(Exception):  # whatever it died of, who waits sees that it has ended
                async with _client(self._settings) as client:
                    while link.open:
                        call, answer = await link.asked.get()
                        if not answer.done():
                            await self._answer(client, call, answer, link)
        finally:
            link.open = False

    async def _answer(self, client: "Client", call: Call | None, answer: "asyncio.Future[Any]", link: _Link) -> None:
        try:
            if call is None:
                result: Any = await client.list_tools()
            else:
                result = await client.call_tool(call.tool, call.arguments)
        except Exception as error:
            link.open = False  # perhaps only this call failed; a new start tells
            if not answer.done():
                answer.set_exception(ToolFailed(f"{self.name}: {str(error)[:300]}"))
        else:
            if not answer.done():
                answer.set_result(result)


class Servers:
    """All servers of a file as one surface: their tools as a catalogue, and calls to them."""

    def __init__(self, servers: dict[str, Outside]) -> None:
        self._servers = {name: Server(name, settings) for name, settings in servers.items()}
        self.catalogue = ToolCatalogue(())
        self.problems: list[str] = []  # servers that could not be asked, a sentence each

    async def open(self) -> None:
        """Ask every server for its tools; one that does not answer is in `problems`."""
        self.problems = []
        answers = await asyncio.gather(*(s.tools() for s in self._servers.values()), return_exceptions=True)
        found: list[Tool] = []
        for answer in answers:
            if isinstance(answer, ToolFailed):
                self.problems.append(str(answer))
            elif isinstance(answer, BaseException):
                raise answer
            else:
                found += answer
        self.catalogue = ToolCatalogue({t.name: t for t in found}.values())

    async def call(self, call: Call) -> dict[str, Any]:
        """See `viewing.Surface`. The text of the result is under `text`, its origin under `outside`."""
        problems = self.catalogue.problems(call)
        if problems:
            raise ToolFailed("; ".join(problems))
        name, _, tool = call.tool.partition(".")
        result = await self._servers[name].call(Call(tool=tool, arguments=call.arguments))
        return {**result.values, "text": result.text, "outside": result.source}

    async def close(self) -> None:
        """End all servers."""
        await asyncio.gather(*(s.close() for s in self._servers.values()))


@contextlib.asynccontextmanager
async def _client(settings: Outside) -> "AsyncIterator[Client]":
    from mcp import Client

    transport = settings.url or _process(settings.command, settings.env)
    async with Client(transport, cache=None, read_timeout_seconds=settings.seconds + _START_S) as client:
        yield client


@contextlib.asynccontextmanager
async def _process(command: Sequence[str], env: dict[str, str]) -> AsyncIterator[Any]:
    """A server as a child process, one message a line; it is ended when a line is longer than a message may be."""
    import anyio
    from mcp import types
    from mcp.shared.message import SessionMessage

    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=_MAX_LINE,
        env={**{k: os.environ[k] for k in _KEPT if k in os.environ}, **env},
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    to_us, reading = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    writing, from_us = anyio.create_memory_object_stream[SessionMessage](0)
    stdin, stdout = process.stdin, process.stdout

    async def hear() -> None:
        async with to_us:
            with contextlib.suppress(ValueError, anyio.BrokenResourceError, anyio.ClosedResourceError):
                while line := await stdout.readline():  # ValueError: the line is too long
                    try:
                        message = types.jsonrpc_message_adapter.validate_json(line, by_name=False)
                    except ValueError as error:
                        await to_us.send(error)
                    else:
                        await to_us.send(SessionMessage(message))

    async def say() -> None:
        with contextlib.suppress(OSError, anyio.BrokenResourceError, anyio.ClosedResourceError):
            async for message in from_us:
                stdin.write(message.message.model_dump_json(by_alias=True, exclude_unset=True).encode() + b"\n")
                await stdin.drain()

    tasks = [asyncio.create_task(hear()), asyncio.create_task(say())]
    try:
        yield reading, writing
    finally:
        for task in tasks:
            task.cancel()
        for stream in (reading, writing, to_us, from_us):
            stream.close()
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a process and whatever it has started."""
    for signal in (15, 9):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_STOP_S):
                await process.wait()
                return
