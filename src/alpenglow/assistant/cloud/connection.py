"""The way out: HTTP connections that count every byte, and through which none passes without an entry in the ledger.

The stream itself asks for the entry at every write and read, so no request and no bug above it can go round that.
"""

import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from pathlib import Path

import httpcore2

from .endpoint import Endpoint
from .errors import BadEndpoint, NotRecorded, TooLarge


class Exchange:
    """One question and its answer: the ledger's entry, once there is one, and what has passed so far."""

    def __init__(self, answer_bytes: int) -> None:
        self.entry: int | None = None
        self.bytes_out = 0
        self.bytes_in = 0
        self._answer_bytes = answer_bytes

    @property
    def bytes_left(self) -> int:
        """How much may still come."""
        return self._answer_bytes - self.bytes_in

    def came(self, count: int) -> None:
        self.bytes_in += count
        if self.bytes_left < 0:
            raise TooLarge(f"the cloud's answer is longer than {self._answer_bytes:,} bytes and was cut off")


_current: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


def begin(exchange: Exchange) -> None:
    """What this task sends from now on belongs to `exchange`."""
    _current.set(exchange)


class Connections:
    """Connections to one endpoint, one for each question. No proxies, redirects, cookies or compression; HTTP/1.1."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Raises BadEndpoint for a certificate file that cannot be used."""
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=_tls(endpoint.ca_file),
            max_keepalive_connections=0,
            network_backend=_Counting(),
        )
        limits = endpoint.limits
        self._timeouts = {
            "connect": limits.connect_s,
            "read": limits.silence_s,
            "write": limits.silence_s,
        }

    @asynccontextmanager
    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> AsyncIterator[httpcore2.Response]:
        """Send `body`; the block reads the answer. Raises httpcore2's errors, and TooLarge."""
        sent = {**headers, "Content-Length": str(len(body)), "Accept-Encoding": "identity", "Connection": "close"}
        extensions = {"timeout": self._timeouts}
        async with self._pool.stream(
            "POST", url, headers=_host_first(url, sent), content=body, extensions=extensions
        ) as r:
            yield r


class _Counting(httpcore2.AsyncNetworkBackend):
    """Connects as usual, for an exchange that is in the ledger."""

    def __init__(self) -> None:
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        _recorded()
        return _Counted(await self._network.connect_tcp(host, port, timeout, local_address, socket_options))


class _Counted(httpcore2.AsyncNetworkStream):
    def __init__(self, stream: httpcore2.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        exchange = _recorded()
        data = await self._stream.read(max(1, min(max_bytes, exchange.bytes_left + 1)), timeout)
        exchange.came(len(data))
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        _recorded().bytes_out += len(buffer)
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.AsyncNetworkStream:
        return _Counted(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def _recorded() -> Exchange:
    exchange = _current.get()
    if exchange is None or exchange.entry is None:
        raise NotRecorded("there is no entry in the egress ledger for this; nothing was sent")
    return exchange


def _tls(ca_file: str) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=str(Path(ca_file).expanduser())) if ca_file else None
    except (OSError, ssl.SSLError) as problem:
        raise BadEndpoint(f"the certificates in {ca_file} cannot be used: {problem}") from None
    context = context or httpcore2.default_ssl_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _host_first(url: str, headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    host = httpcore2.URL(url).origin
    default = {b"https": 443, b"http": 80}[host.scheme]
    name = host.host.decode() + ("" if host.port == default else f":{host.port}")
    return [(b"Host", name.encode()), *((key.encode(), value.encode()) for key, value in headers.items())]
