"""Live buses through python-can: `virtual` in this process, `socketcan` on a car.

Nothing here starts a thread. `take` empties every bus's receive queue, which the kernel (or, for a virtual bus, the
sender) fills meanwhile; `wait` sleeps until there is something to take. `socketcan` has not been tried on the machines
this was written on, which have no CAN interface: what is tested is the virtual bus.
"""

import asyncio
import errno
import queue
from collections.abc import Iterable
from time import time_ns
from typing import TYPE_CHECKING, Any, Protocol

from alpenglow.vehicle.frames import Frame
from alpenglow.vehicle.third_party import import_can

if TYPE_CHECKING:
    import can

QUEUE_FRAMES = 20_000  # of a virtual bus: seconds of a full one; then the oldest frames are lost, and counted
TAKE_FRAMES = 2_000  # from one bus at once: a flood on one must not hold up the others


class BusError(RuntimeError):
    """A bus that cannot be opened or written; one line for the person who can act."""


class Entry(Protocol):
    """What is needed to open a bus: a `[[bus]]` table of line.toml."""

    @property
    def name(self) -> str: ...
    @property
    def interface(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def fd(self) -> bool: ...


def open_bus(entry: Entry) -> "can.BusABC":
    """One end of the bus; BusError."""
    module = import_can()
    channel = entry.channel or entry.name
    opened: can.BusABC
    try:
        if entry.interface == "virtual":
            opened = _in_process_bus()(channel=channel)
        else:
            opened = module.Bus(interface=entry.interface, channel=channel, fd=entry.fd)
    except (module.CanError, OSError, ValueError, ImportError, NotImplementedError, AttributeError) as error:
        if getattr(error, "errno", None) == errno.ENODEV:
            raise BusError(
                f"bus {entry.name} does not exist: there is no CAN interface {channel} (see: ip link show type can)"
            ) from None
        if getattr(error, "errno", None) == errno.ENETDOWN:
            raise BusError(f"bus {entry.name} is down: bring it up with: ip link set {channel} up") from None
        reason = " ".join(str(error).split()) or type(error).__name__
        raise BusError(f"bus {entry.name} ({entry.interface} {channel}) cannot be opened: {reason}") from None
    return opened


class Buses:
    """All buses of a line, as one source and sink of frames. Not thread-safe."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """BusError where one cannot be opened; then none is left open."""
        self._can = import_can()
        self._buses: dict[str, can.BusABC] = {}
        self._ready: asyncio.Event | None = None
        self._descriptors: list[int] = []  # of the buses that have one: socketcan
        self.received: dict[str, int] = {}  # data frames, by bus
        self.error_frames: dict[str, int] = {}
        try:
            for entry in entries:
                self._buses[entry.name] = open_bus(entry)
                self.received[entry.name] = self.error_frames[entry.name] = 0
        except BusError:
            self.close()
            raise

    @property
    def lost(self) -> dict[str, int]:
        """Frames that came faster than they were taken, by bus, where the bus tells."""
        inboxes = {name: getattr(bus, "queue", None) for name, bus in self._buses.items()}
        return {name: inbox.lost for name, inbox in inboxes.items() if isinstance(inbox, Inbox)}

    def take(self) -> list[Frame]:
        """All data frames that have arrived since the last call, bus by bus; BusError for a bus that went away."""
        frames: list[Frame] = []
        for name, bus in self._buses.items():
            before = len(frames)
            receive = bus.recv
            try:
                for _ in range(TAKE_FRAMES):
                    message = receive(0)
                    if message is None:
                        break
                    if message.is_error_frame:
                        self.error_frames[name] += 1
                    elif not message.is_remote_frame:
                        frames.append(_frame(name, message))
            except (self._can.CanError, OSError) as error:
                raise BusError(f"bus {name} can no longer be read: {error}") from None
            self.received[name] += len(frames) - before
        return frames

    async def wait(self, timeout_s: float) -> bool:
        """Sleep until a frame has arrived or the time is over; returns whether one has."""
        if self._ready is None:
            self._ready = asyncio.Event()
            self._tell(asyncio.get_running_loop(), self._ready)
        loop = asyncio.get_running_loop()
        # Only meanwhile: a descriptor stays readable until `take` empties it, and would wake the loop all the time.
        for number in self._descriptors:
            loop.add_reader(number, self._ready.set)
        try:
            await asyncio.wait_for(self._ready.wait(), timeout_s)
        except TimeoutError:
            return False
        finally:
            for number in self._descriptors:
                loop.remove_reader(number)
        self._ready.clear()
        return True

    def send(self, bus: str, frame: Frame) -> None:
        """Put one frame on `bus`; KeyError for an unknown bus, BusError where it does not take it."""
        message = self._can.Message(
            timestamp=frame.time_ns / 1e9,
            arbitration_id=frame.can_id,
            data=frame.data,
            is_extended_id=frame.extended,
            is_fd=frame.fd,
        )
        try:
            self._buses[bus].send(message, timeout=0)
        except (self._can.CanError, OSError) as error:
            raise BusError(f"bus {bus} does not take the frame {frame.can_id:#x}: {error}") from None

    def close(self) -> None:
        """Leave the buses."""
        self._descriptors.clear()
        for bus in self._buses.values():
            bus.shutdown()
        self._buses.clear()

    def _tell(self, loop: asyncio.AbstractEventLoop, ready: asyncio.Event) -> None:
        for bus in self._buses.values():
            inbox = getattr(bus, "queue", None)
            if isinstance(inbox, Inbox):
                inbox.tell = lambda: loop.call_soon_threadsafe(ready.set)
                if not inbox.empty():
                    ready.set()
            else:
                self._descriptors.append(bus.fileno())


def _frame(name: str, message: "can.Message") -> Frame:
    return Frame(
        int(message.timestamp * 1e9),
        name,
        message.arbitration_id,
        bytes(message.data),
        message.is_extended_id,
        message.is_fd,
    )


class Inbox(queue.Queue[Any]):
    """The receive queue of one end of a virtual bus: bounded, loses the oldest, tells who waits."""

    def __init__(self) -> None:
        super().__init__()
        self.lost = 0
        self.tell: Any = None

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        with self.mutex:
            if len(self.queue) >= QUEUE_FRAMES:
                self.queue.popleft()
                self.lost += 1
            first = not self.queue
            self.queue.append(item)
            self.not_empty.notify()
        if first and self.tell is not None:
            self.tell()


def _in_process_bus() -> Any:
    """python-can's virtual bus with a bounded queue and without the deep copy of each message for each listener."""
    from can.interfaces import virtual

    class InProcessBus(virtual.VirtualBus):
        queue: Inbox

        def __init__(self, channel: str) -> None:
            super().__init__(channel=channel)
            with virtual.channels_lock:
                self.channel.remove(self.queue)
                self.queue = Inbox()
                self.channel.append(self.queue)

        def send(self, msg: "can.Message", timeout: float | None = None) -> None:
            """As VirtualBus.send; the listeners share `msg`, which nobody changes once it is sent."""
            self._check_if_open()
            if not msg.timestamp:
                msg.timestamp = time_ns() / 1e9
            for inbox in self.channel:
                if inbox is not self.queue:
                    inbox.put(msg)

        def _recv_internal(self, timeout: float | None) -> tuple[Any, bool]:
            if timeout == 0:  # without taking the lock: a deque's popleft is atomic
                self._check_if_open()
                waiting = self.queue.queue
                return (waiting.popleft() if waiting else None), False
            return super()._recv_internal(timeout)

    return InProcessBus
