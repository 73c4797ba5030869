"""A language model in a process of its own, and how this one talks to it.

Rules that always hold:
- what native code does to its process (a crash, seconds without the interpreter's lock while it loads) it does to no
  other; who asks is told, and lives;
- the process knows nothing of the car: no settings, no secrets, one socket;
- it ends when that socket closes, whatever became of who held the other end.

On the socket: frames of msgpack behind four bytes of length.
"""

import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from alpenglow.assistant.models.problems import ModelProblem

_LENGTH = struct.Struct("!I")
_LEAVING_S = 3.0
_STOPPING_S = 20.0  # the longest that one step of a model can take, on any machine that is of use
_NICER = 2  # than who asks: its event loop goes before the model's number work
# What a process needs of its environment; the rest may hold secrets.
_PASSED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "LD_LIBRARY_PATH")
_PASSED_KINDS = ("OMP_", "GOMP_", "KMP_")
# Ends that are the model's fault, or of the memory it took. A plain SIGTERM is somebody's wish.
_FAULTS = {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGKILL}


class Load(msgspec.Struct, frozen=True, tag=True):
    """The first frame: which model; answered by Ready or Failed."""

    path: str
    threads: int
    context: int


class Ask(msgspec.Struct, frozen=True, tag=True):
    """A request in the library's terms; answered by Chunks and Done or Failed."""

    request: dict[str, Any]
    within_s: float


class Stop(msgspec.Struct, frozen=True, tag=True):
    """Nobody waits for the rest of the answer."""


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The model is loaded."""


class Chunk(msgspec.Struct, frozen=True, tag=True):
    """A piece of the answer's stream."""

    chunk: Any


class Done(msgspec.Struct, frozen=True, tag=True):
    """The answer has ended."""


class Failed(msgspec.Struct, frozen=True, tag=True):
    """It did not work, and why; the process goes on if the model was loaded."""

    why: str


_encode = msgspec.msgpack.Encoder(enc_hook=str).encode
_decode_wish = msgspec.msgpack.Decoder(Load | Ask | Stop).decode
_decode_answer = msgspec.msgpack.Decoder(Ready | Chunk | Done | Failed).decode


class Died(ModelProblem):
    """The model's process has ended. `fault`: by what the model did, not by somebody's wish."""

    def __init__(self, text: str, *, fault: bool) -> None:
        super().__init__(text)
        self.fault = fault


class ModelProcess:
    """A loaded model. Used from one thread at a time, but for `pid` and `stop`."""

    def __init__(self, path: Path, *, threads: int, context: int) -> None:
        """Starts the process and loads the model, which takes seconds. Raises ModelProblem."""
        self._name = path.name
        ours, theirs = socket.socketpair()
        environment = {
            name: value for name, value in os.environ.items() if name in _PASSED or name.startswith(_PASSED_KINDS)
        }
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "alpenglow.assistant.models.serving", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=environment,
            )
        self._stream = _Stream(ours)
        try:
            match self._ask(Load(str(path), threads, context)):
                case Failed(why):
                    raise ModelProblem(why)
                case _:
                    pass
        except BaseException:
            self.close()
            raise

    @property
    def pid(self) -> int:
        """The number of the model's process."""
        return self._process.pid

    def answer(self, request: dict[str, Any], take: Callable[[Any], bool], within_s: float) -> None:
        """Give every chunk of the answer to `take`, until it returns True or the answer ends. Raises ModelProblem."""
        self._stream.patience(max(0.0, within_s) + _STOPPING_S)
        message = self._ask(Ask(request, within_s))
        stopped = False
        while isinstance(message, Chunk):
            if not stopped and take(message.chunk):
                stopped = True
                self._send(Stop())
            message = self._receive()
        if isinstance(message, Failed):
            raise ModelProblem(f"{self._name}: {message.why}")

    def close(self) -> None:
        """End the process; its memory is free when this returns."""
        self._stream.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_LEAVING_S)
        self._process.kill()
        self._process.wait()

    def _ask(self, wish: Load | Ask) -> Ready | Chunk | Done | Failed:
        self._send(wish)
        return self._receive()

    def _send(self, wish: Load | Ask | Stop) -> None:
        try:
            self._stream.send(_encode(wish))
        except OSError:
            raise self._died() from None

    def _receive(self) -> Ready | Chunk | Done | Failed:
        try:
            answer: Ready | Chunk | Done | Failed = _decode_answer(self._stream.receive())
        except (OSError, EOFError):
            raise self._died() from None
        return answer

    def _died(self) -> Died:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_LEAVING_S)
        code = self._process.poll()
        if code is None:
            self._process.kill()
            return Died(f"{self._name}: the model's process does not answer", fault=True)
        if code >= 0:
            return Died(f"{self._name}: the model's process ended with status {code}", fault=code > 0)
        by = signal.Signals(-code)
        return Died(f"{self._name}: the model's process was ended by {by.name}", fault=by in _FAULTS)


class _Stream:
    """Whole frames over a socket."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._sending = threading.Lock()

    def send(self, frame: bytes) -> None:
        """OSError where nobody listens any more."""
        with self._sending:
            self._socket.sendall(_LENGTH.pack(len(frame)) + frame)

    def receive(self) -> bytes:
        """The next frame. EOFError where there is none."""
        return self._read(_LENGTH.unpack(self._read(_LENGTH.size))[0])

    def _read(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            part = self._socket.recv(size - len(parts))
            if not part:
                raise EOFError
            parts += part
        return bytes(parts)

    def patience(self, longest_s: float) -> None:
        """From now on a silence of more than this is an OSError."""
        self._socket.settimeout(longest_s)

    def close(self) -> None:
        self._socket.close()


# -- the model's process -----------------------------------------------------------------------------------------------


def main(descriptor: int) -> None:
    """Load what the first frame names and answer until the socket closes."""
    from alpenglow.assistant.models.native import load

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who asks
    with contextlib.suppress(OSError):
        os.nice(_NICER)
    stream = _Stream(socket.socket(fileno=descriptor))
    wish = _decode_wish(stream.receive())
    if not isinstance(wish, Load):
        raise SystemExit("the first frame has to be Load")
    try:
        answer = load(Path(wish.path), wish.threads, wish.context)
    except ModelProblem as problem:
        stream.send(_encode(Failed(str(problem))))
        return
    stream.send(_encode(Ready()))
    stop = threading.Event()
    while True:
        wish = _decode_wish(stream.receive())
        if isinstance(wish, Stop):
            stop.set()
        elif isinstance(wish, Ask):
            # Who asks waits for the end of one answer before the next, so there is one thread at a time.
            stop = threading.Event()
            threading.Thread(target=_answer, args=(answer, wish, stream, stop), daemon=True).start()


def _answer(
    answer: Callable[[dict[str, Any], Callable[[Any], bool]], None], ask: Ask, stream: _Stream, stop: threading.Event
) -> None:
    until = time.monotonic() + ask.within_s

    def take(chunk: Any) -> bool:
        stream.send(_encode(Chunk(chunk)))
        return stop.is_set() or time.monotonic() > until

    try:
        answer(ask.request, take)
        end: Done | Failed = Done()
    except Exception as error:
        end = Failed(str(error) or type(error).__name__)
    with contextlib.suppress(OSError):
        stream.send(_encode(end))


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]))
    except (EOFError, OSError):
        pass  # who asked is gone
    finally:
        os._exit(0)  # native threads may still be at work; nobody waits for them
