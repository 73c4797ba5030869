"""What every process of the car is made of: `main(identity, start)` is a process's whole entry point.

It reads the settings file that `$ALPENGLOW_SETTINGS` names, opens the fabric, runs `start(room)` until SIGTERM, and
says how it is over systemd's notification protocol (sd_notify(3)): READY=1 when `room.ready()` is called, WATCHDOG=1
for as long as its event loop turns, STOPPING=1. So the same process runs under our supervisor and under systemd.
Logs go to stderr, one JSON object a line.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import uvloop

from alpenglow.fabric.endpoint import Endpoint
from alpenglow.fabric.line import read_table
from alpenglow.fabric.log import structlog
from alpenglow.fabric.session import Fabric
from alpenglow.signals import Catalogue, load_catalogue

_SWITCH_INTERVAL_S = 0.0005  # how long the loop may keep Zenoh's threads waiting for the interpreter
_WATCHDOG_S = 0.25  # where nobody set $WATCHDOG_USEC
_EX_CONFIG = 78  # sysexits.h: starting again would not help


class Settings(msgspec.Struct, frozen=True):
    """A process's settings file (JSON, mode 0600: it holds the secret)."""

    identity: str
    run_dir: str
    state_dir: str
    line: str  # folder of the vehicle line
    listen: tuple[str, ...] = ()  # of the router alone
    connect: tuple[str, ...] = ()
    secret: str = ""
    users: dict[str, str] = {}  # identity → secret, of the router alone
    tls_ca: str = ""
    tls_certificate: str = ""
    tls_key: str = ""
    web_host: str = "127.0.0.1"
    web_port: int = 0
    web_token: str = ""
    web_origins: tuple[str, ...] = ()
    pages: dict[str, str] = {}  # page → URL
    options: dict[str, str] = {}

    def endpoint(self) -> Endpoint:
        """Where the fabric is; writes the router's password file beside the settings."""
        users_file = ""
        if self.users:
            path = Path(self.run_dir) / "fabric.users"
            path.touch(mode=0o600)
            path.write_text("".join(f"{name}:{secret}\n" for name, secret in self.users.items()))
            users_file = str(path)
        return Endpoint(
            connect=self.connect,
            listen=self.listen,
            secret=self.secret,
            users_file=users_file,
            tls_ca=self.tls_ca,
            tls_certificate=self.tls_certificate,
            tls_key=self.tls_key,
        )


class Started:
    """Whether the process ever did its work."""

    ready = False


class Room:
    """What a process's `start` gets."""

    def __init__(
        self, settings: Settings, catalogue: Catalogue, fabric: Fabric, started: Started | None = None
    ) -> None:
        self._started = started or Started()
        self.settings = settings
        self.catalogue = catalogue
        self.fabric = fabric
        self.line_dir = Path(settings.line)
        self.state_dir = Path(settings.state_dir)
        self.log: structlog.stdlib.BoundLogger = structlog.get_logger(settings.identity)
        self._notify = _Notify()

    def ready(self) -> None:
        """Say that the process does its work now."""
        self._started.ready = True
        self._notify.send("READY=1")

    def status(self, text: str) -> None:
        """Say in one line what the process is at."""
        self._notify.send(f"STATUS={text}")

    async def beat(self) -> None:
        """Say again and again that the event loop turns, four times within the deadline."""
        period_s = int(os.environ.get("WATCHDOG_USEC", _WATCHDOG_S * 4e6)) / 4e6
        while True:
            self._notify.send("WATCHDOG=1")
            await asyncio.sleep(period_s)


class _Notify:
    """The sending end of sd_notify(3)."""

    def __init__(self) -> None:
        self._address = os.environ.get("NOTIFY_SOCKET", "")
        if self._address.startswith("@"):
            self._address = "\0" + self._address[1:]
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        self._socket.setblocking(False)

    def send(self, text: str) -> None:
        if self._address:
            with contextlib.suppress(OSError):  # nobody listens any more: then nobody can act on it either
                self._socket.sendto(text.encode(), self._address)


def line_catalogue(line_dir: Path) -> Catalogue:
    """The catalogue of a vehicle line: VSS, Alpenglow's overlay, and the line's `overlays`."""
    return load_catalogue(*(line_dir / name for name in read_table(line_dir).get("overlays", [])))


def load_settings() -> Settings:
    """The settings that `$ALPENGLOW_SETTINGS` names; ValueError with one line where there are none."""
    path = os.environ.get("ALPENGLOW_SETTINGS")
    if not path:
        raise ValueError("set ALPENGLOW_SETTINGS to this process's settings file; `alpenglow drive` makes it")
    try:
        return msgspec.json.decode(Path(path).read_bytes(), type=Settings)
    except (OSError, msgspec.DecodeError) as error:
        raise ValueError(f"{path}: {error}") from None


def configure_log(identity: str) -> None:
    """One JSON object a line on stderr, from structlog and from the libraries' loggers alike."""
    processors: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.dict_tracebacks,
        structlog.processors.JSONRenderer(),
    ]

    def name_process(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        return {"process": identity, **event}

    structlog.configure(
        processors=[name_process, *processors],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processor=processors[-1], foreign_pre_chain=[name_process, *processors[:2]])
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def main(identity: str, start: Callable[[Room], Awaitable[None]]) -> None:
    """Run a process of the car until it is told to stop.

    Where it cannot start for a reason that a person has to mend, one log line says so and the exit status is 78.
    """
    configure_log(identity)
    log = structlog.get_logger(identity)
    try:
        settings = load_settings()
    except ValueError as error:
        log.error(str(error), fatal=True)
        raise SystemExit(_EX_CONFIG) from None
    if settings.identity != identity:
        log.error(f"these settings are for {settings.identity}, and this process is {identity}", fatal=True)
        raise SystemExit(_EX_CONFIG)
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    started = Started()
    try:
        uvloop.run(_run(settings, start, started))
    except (OSError, ValueError) as error:
        if started.ready:
            raise  # a bug or a fault of the machine, and worth another try
        log.error(str(error), fatal=True)
        raise SystemExit(_EX_CONFIG) from None


async def _run(settings: Settings, start: Callable[[Room], Awaitable[None]], started: "Started") -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    catalogue = line_catalogue(Path(settings.line))
    opening = asyncio.ensure_future(Fabric.open(settings.identity, settings.endpoint(), catalogue))
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait({opening, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not opening.done():
        opening.cancel()
        return
    async with await opening as fabric:
        room = Room(settings, catalogue, fabric, started)
        work = asyncio.ensure_future(start(room))
        beat = asyncio.ensure_future(room.beat())
        await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
        room._notify.send("STOPPING=1")
        beat.cancel()
        if work.done():
            stopping.cancel()
            work.result()  # raises what ended it
        else:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
