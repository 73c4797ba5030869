"""The pages' server: built pages over HTTP, signals and service calls over one WebSocket.

Rules that always hold:
- it binds where the settings say, by default loopback; elsewhere only with a token, which every request must carry;
- a request whose Host or Origin is not one of the car's own pages is refused (DNS rebinding, cross-site WebSockets);
- a page gets the latest readings of what it follows, at most 60 times a second and at most two messages ahead of what
  it has acknowledged: a slow page gets fewer and newer values, and holds up nobody;
- staleness is pushed like a value, and a page that hears nothing for 300 ms knows that its server is gone.
"""

import asyncio
import contextlib
import functools
import hmac
import ipaddress
import math
import os
import socket
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from alpenglow import __version__
from alpenglow.fabric.brand.serving import BrandServer
from alpenglow.fabric.errors import BadArguments, NotPermitted, ServiceError
from alpenglow.fabric.first_paint import dressed, language_in, worded
from alpenglow.fabric.room import Room
from alpenglow.fabric.service import Service
from alpenglow.signals import Kind, Quality, Signal, UnknownSignal, Value
from alpenglow.signals.values import Scalar

# $ALPENGLOW_WEB_DIR: pages that were built elsewhere, for who works on them while another car runs
BUILT_PAGES = Path(os.environ.get("ALPENGLOW_WEB_DIR") or Path(__file__).parent.parent / "web")

_FRAME_S = 1 / 60
_HEARTBEAT_S = 0.1
_STALE_CHECK_S = 0.02  # how often followed readings are looked at for having gone stale
_AGE_S = 0.5
_IN_FLIGHT = 2
_ACK_PATIENCE_S = 1.0  # a page in a background tab paints nothing and acknowledges nothing
_MESSAGE_LIMIT_BYTES = 256 * 1024
_PATTERNS = 2000  # a page follows at most so many
_CALLS_AT_ONCE = 32

_NEVER = (None, None, 0.0)


# -- messages; `python -m alpenglow.fabric.webtypes` turns these into web/shared/protocol.ts ---------------------------


class Hello(msgspec.Struct, tag_field="op", tag="hello", frozen=True):
    """First message on a connection."""

    identity: str
    version: str
    line: str
    pages: dict[str, str]  # page → URL


class Values(msgspec.Struct, tag_field="op", tag="values", frozen=True):
    """What changed since the last message; with empty `values` a heartbeat."""

    seq: int
    time: float  # the server's clock, seconds since 1970
    values: dict[
        str, tuple[Value | None, Quality, int]
    ]  # path → value (null unless valid), quality, age in ms (−1: never)
    missed: int  # samples that were passed over since the last message


class SignalInfo(msgspec.Struct, frozen=True):
    """A signal as the catalogue has it."""

    path: str
    kind: Kind
    datatype: str
    unit: str
    minimum: float | None
    maximum: float | None
    allowed: tuple[Scalar, ...]
    description: str


class Described(msgspec.Struct, tag_field="op", tag="described", frozen=True):
    """Answer to `describe`."""

    signals: list[SignalInfo]


class CallResult(msgspec.Struct, tag_field="op", tag="result", frozen=True):
    """Answer to a `call` that was done."""

    id: int
    result: Any


class CallError(msgspec.Struct, frozen=True):
    """A service error."""

    kind: str
    message: str


class CallFailed(msgspec.Struct, tag_field="op", tag="error", frozen=True):
    """Answer to a `call` that was not done."""

    id: int
    error: CallError


class Problem(msgspec.Struct, tag_field="op", tag="problem", frozen=True):
    """A message from the page that could not be used."""

    message: str


class Follow(msgspec.Struct, tag_field="op", tag="follow", frozen=True):
    """Send me these from now on, and only these; patterns as in `Catalogue.match`."""

    paths: list[str]


class Ack(msgspec.Struct, tag_field="op", tag="ack", frozen=True):
    """The values of this number are painted."""

    seq: int


class Call(msgspec.Struct, tag_field="op", tag="call", frozen=True):
    """Call a service."""

    id: int
    service: str
    args: dict[str, Any] = {}


class Describe(msgspec.Struct, tag_field="op", tag="describe", frozen=True):
    """Tell me what these signals are."""

    paths: list[str]


type ServerMessage = Hello | Values | Described | CallResult | CallFailed | Problem
type PageMessage = Follow | Ack | Call | Describe

_decode = msgspec.json.Decoder(Follow | Ack | Call | Describe).decode
_encode = msgspec.json.Encoder().encode


# -- one page ----------------------------------------------------------------------------------------------------------


class _Page:
    """One connected page."""

    def __init__(self, server: "PageServer", websocket: WebSocket) -> None:
        self.server, self.websocket = server, websocket
        self.fabric = server.room.fabric
        self.wake = asyncio.Event()  # something arrived, was asked for, or was acknowledged
        self.follower = self.fabric.follower(changed=self.wake)
        self.sent: dict[int, tuple[Value | None, Quality, float]] = {}  # and when
        self.seq = self.acked = 0
        self.acked_at = time.monotonic()
        self.calls: set[asyncio.Task[None]] = set()
        self.limited: list[int] = []  # followed signals that can go stale

    async def run(self) -> None:
        settings = self.server.room.settings
        await self.send(Hello(settings.identity, __version__, Path(settings.line).name, dict(settings.pages)))
        push = asyncio.ensure_future(self.push())
        try:
            while True:
                message = await self.websocket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                await self.take(message.get("text") or message.get("bytes") or "")
        finally:
            push.cancel()
            for call in self.calls:
                call.cancel()
            self.fabric.unfollow(self.follower)

    async def send(self, message: ServerMessage) -> None:
        await self.websocket.send_text(_encode(message).decode())

    async def take(self, text: str | bytes) -> None:
        try:
            message = _decode(text)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            await self.send(Problem(f"message not understood: {error}"))
            return
        match message:
            case Ack():
                self.acked = max(self.acked, min(message.seq, self.seq))
                self.acked_at = time.monotonic()
                self.wake.set()
            case Follow():
                await self.follow(message.paths)
            case Describe():
                await self.describe(message.paths)
            case Call():
                if len(self.calls) >= _CALLS_AT_ONCE:
                    busy = CallError("Failed", "too many calls at once; wait for an answer")
                    await self.send(CallFailed(message.id, busy))
                    return
                task = asyncio.ensure_future(self.call(message))
                self.calls.add(task)
                task.add_done_callback(self.calls.discard)

    def match(self, patterns: Sequence[str]) -> tuple[list[int], list[str]]:
        """Indexes of the signals that `patterns` name, and what is wrong with the patterns that name none."""
        indexes: dict[int, None] = {}
        wrong: list[str] = []
        for pattern in patterns[:_PATTERNS]:
            try:
                indexes.update(dict.fromkeys(self.fabric.catalogue.match(pattern)))
            except UnknownSignal as error:
                wrong.append(str(error))
        if len(patterns) > _PATTERNS:
            wrong.append(f"at most {_PATTERNS} patterns")
        return list(indexes), wrong

    async def follow(self, patterns: Sequence[str]) -> None:
        indexes, wrong = self.match(patterns)
        if wrong:
            await self.send(Problem("; ".join(wrong[:5])))
        self.fabric.unfollow(self.follower)
        signals = self.fabric.catalogue.signals
        self.follower = self.fabric.follower(*(signals[i].path for i in indexes), changed=self.wake)
        self.limited = [i for i in indexes if signals[i].age_limit_s is not None]
        self.sent.clear()
        self.wake.set()

    async def describe(self, patterns: Sequence[str]) -> None:
        indexes, wrong = self.match(patterns)
        if wrong:
            await self.send(Problem("; ".join(wrong[:5])))
        await self.send(Described([info(self.fabric.catalogue.signals[i]) for i in indexes]))

    async def call(self, call: Call) -> None:
        try:
            service = self.server.services.get(call.service)
            if service is None:
                raise NotPermitted(f"this page may not call {call.service}")
            try:
                answer: ServerMessage = CallResult(call.id, await self.fabric.call_named(service, call.args))
            except TypeError as error:
                raise BadArguments(f"{call.service}: {error}") from None
        except ServiceError as error:
            answer = CallFailed(call.id, CallError(type(error).__name__, str(error)))
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await self.send(answer)

    async def push(self) -> None:
        """Send what changed: at once after a pause, else once per frame."""
        last = 0.0
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # the page went away; `run` ends the rest
            while True:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.wake.wait(), _STALE_CHECK_S if self.limited else _HEARTBEAT_S)
                now = time.monotonic()
                if now - last < _FRAME_S:
                    await asyncio.sleep(_FRAME_S - (now - last))
                    now = time.monotonic()
                ahead = self.seq - self.acked >= _IN_FLIGHT and now - self.acked_at < _ACK_PATIENCE_S
                if ahead and now - last < _HEARTBEAT_S:
                    self.wake.clear()
                    continue
                values, missed = self.changes(now)
                if values or now - last >= _HEARTBEAT_S:
                    self.seq += 1
                    last = now
                    await self.send(Values(self.seq, time.time(), values, missed))

    def changes(self, now: float) -> tuple[dict[str, tuple[Value | None, Quality, int]], int]:
        """What a page has to hear: new values and qualities at once, unchanged ones now and then for their age."""
        table, signals, sent = self.fabric.table, self.fabric.catalogue.signals, self.sent
        first = not sent
        pending, missed = self.follower.take_indexes()
        now_ns = time.monotonic_ns()
        values: dict[str, tuple[Value | None, Quality, int]] = {}
        for index in self.follower.indexes if first else (*pending, *self.limited):
            reading = table.read_index(index, now_ns)
            value, quality, at = sent.get(index, _NEVER)
            if quality is not reading.quality or value != reading.value or (now - at > _AGE_S and index in pending):
                sent[index] = (reading.value, reading.quality, now)
                age_ms = int(reading.age_s * 1e3) if math.isfinite(reading.age_s) else -1
                values[signals[index].path] = (reading.value, reading.quality, age_ms)
        return values, missed


def info(signal: Signal) -> SignalInfo:
    """A catalogue entry for the pages."""
    return SignalInfo(
        signal.path, signal.kind, signal.datatype, signal.unit, signal.minimum, signal.maximum, signal.allowed,
        signal.description,
    )  # fmt: skip


# -- the server --------------------------------------------------------------------------------------------------------


class PageServer:
    """Serves the built `pages` and the WebSocket; pages may call `services` with this process's permissions."""

    def __init__(
        self,
        room: Room,
        pages: Sequence[str],
        services: Sequence[Service[..., Any]] = (),
        routes: Sequence[BaseRoute] = (),
    ) -> None:
        """`routes`: what else the pages may fetch; guarded like the pages."""
        self.room = room
        self.services: Mapping[str, Service[..., Any]] = {s.name: s for s in services}
        settings = room.settings
        self.loopback = _is_loopback(settings.web_host)
        if not self.loopback and not settings.web_token:
            raise ValueError(f"serving pages on {settings.web_host} needs a token; only loopback goes without one")
        self._pages = pages
        self._brands = BrandServer(room)
        self._routes = (*self._brands.routes, *routes)

    async def serve(self, started: Callable[[], None] | None = None) -> None:
        """Serve until cancelled; `started` is called once requests are answered. OSError: the port is taken."""
        settings = self.room.settings
        family = socket.AF_INET6 if ":" in settings.web_host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listening.bind((settings.web_host, settings.web_port))
            except OSError as error:
                raise OSError(f"cannot serve pages on {settings.web_host}:{settings.web_port}: {error}") from None
            listening.listen(128)
            config = uvicorn.Config(
                self.application(),
                log_config=None,
                access_log=False,
                lifespan="off",
                ws="websockets-sansio",
                ws_max_size=_MESSAGE_LIMIT_BYTES,
                ws_per_message_deflate=False,  # costs more than it saves on one machine
                timeout_graceful_shutdown=1,
            )
            server = _Uvicorn(config)
            serving = asyncio.ensure_future(server.serve(sockets=[listening]))
            while not server.started and not serving.done():
                await asyncio.sleep(0.002)
            if started is not None and not serving.done():
                started()
            try:
                await asyncio.shield(serving)
            except asyncio.CancelledError:
                server.should_exit = True
                server.force_exit = True
                await asyncio.wait({serving}, timeout=2)
                raise

    def application(self) -> ASGIApp:
        """The ASGI application."""
        routes: list[Any] = [
            Route("/", self._index),
            Route("/health", _health),
            WebSocketRoute("/ws", self._websocket),
        ]
        routes += [Route(f"/{page}", self._page(page)) for page in self._pages]
        routes += self._routes
        if (BUILT_PAGES / "assets").is_dir():
            routes.append(Mount("/assets", StaticFiles(directory=BUILT_PAGES / "assets")))
        return _Guard(Starlette(routes=routes), self)

    def _page(self, page: str) -> Callable[[Any], Awaitable[Response]]:
        async def answer(request: Any) -> Response:
            try:
                html = (BUILT_PAGES / f"{page}.html").read_text(encoding="utf-8")
            except FileNotFoundError:
                return PlainTextResponse("This page is not built yet: run `make setup`.\n", 503)
            html = dressed(html, self.room.fabric.read, request.query_params.get("theme", ""))
            html = await self._brands.dress(worded(html, _words(language_in(html))))
            return HTMLResponse(html, headers={"Cache-Control": "no-cache"})

        return answer

    async def _index(self, request: Any) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/{self._pages[0]}{query}")

    async def _websocket(self, websocket: WebSocket) -> None:
        await websocket.accept()
        with contextlib.suppress(WebSocketDisconnect):
            await _Page(self, websocket).run()


def _words(language: str) -> Mapping[str, str]:
    """What the pages say in a language, by key; nothing where they do not speak it."""
    file = next((BUILT_PAGES / "assets").glob(f"words-{language}-*.json"), None)
    return _read_words(file) if file else {}


@functools.cache  # a file's name changes with what is in it
def _read_words(file: Path) -> Mapping[str, str]:
    parts = msgspec.json.decode(file.read_bytes(), type=dict[str, dict[str, str]])
    return {f"{part}.{key}": said for part, words in parts.items() for key, said in words.items()}


class _Uvicorn(uvicorn.Server):
    """Uvicorn inside a process that has its own signal handlers."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _health(_: Any) -> Response:
    return PlainTextResponse("ok\n")


class _Guard:
    """Refuses foreign hosts, foreign origins and missing tokens before anything else sees the request."""

    def __init__(self, application: ASGIApp, server: PageServer) -> None:
        self._application = application
        settings = server.room.settings
        self._token = settings.web_token
        origins = {_origin(url) for url in (*settings.web_origins, *settings.pages.values()) if url}
        own = f"http://{settings.web_host}:{settings.web_port}"
        self._origins = {alias for origin in (*origins, own) for alias in _aliases(origin)}
        self._hosts = {urlsplit(origin).netloc for origin in self._origins}
        # Pages of the car may frame each other (the desk does), nobody else may. A policy cannot name an IPv6 address.
        frames = " ".join(sorted(origin for origin in self._origins if "[" not in origin))
        self._headers = [
            (
                b"content-security-policy",
                (
                    f"default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
                    f"connect-src 'self' {frames.replace('http', 'ws')}; frame-src {frames}; "
                    f"frame-ancestors 'self' {frames}; base-uri 'none'; form-action 'none'"
                ).encode(),
            ),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._application(scope, receive, send)
            return
        why = self._refusal(scope)
        if why:
            if scope["type"] == "websocket":
                await WebSocket(scope, receive, send).close(1008, why)
            else:
                await PlainTextResponse(why + "\n", 403)(scope, receive, send)
            return

        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        await self._application(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> str:
        headers = Headers(scope=scope)
        if headers.get("host", "") not in self._hosts:
            return "this car is not reached under that name"
        origin = headers.get("origin")
        if origin is not None and origin not in self._origins:
            return "pages of another site may not use this car"
        if self._token and not scope["path"].startswith("/assets/"):
            query = scope.get("query_string", b"").decode("latin-1")
            given = next((p[6:] for p in query.split("&") if p.startswith("token=")), "")
            if not hmac.compare_digest(given.encode(), self._token.encode()):
                return "a token is needed: open the address that `alpenglow drive` printed"
        return ""


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _aliases(origin: str) -> list[str]:
    """`origin` and, on loopback, its other names."""
    parts = urlsplit(origin)
    if not _is_loopback(parts.hostname or ""):
        return [origin]
    return [f"{parts.scheme}://{name}:{parts.port}" for name in ("127.0.0.1", "localhost", "[::1]")]


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
