"""The programs that make tiles, beside this process: they die with it, and their last words when they fail are kept."""

import contextlib
import ctypes
import errno
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from alpenglow.navigation.region.problems import RegionError

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_ENDING = (signal.SIGTERM, signal.SIGINT)
_LAST_BYTES = 4096
_FULL = ("no space left", "disk space", "disk full", "disk is full")  # in whichever words a program says it
_FULL_BYTES = 1 << 20  # a disk with less free is full, when a program fails without a word
_libc = ctypes.CDLL(None, use_errno=True)


class Program:
    """One that runs; leaving the block ends it."""

    def __init__(self, what: str, command: Sequence[str | Path], folder: Path) -> None:
        """Start it; `what` is what it makes, for people, and `folder` where. Raises RegionError."""
        self._what = what
        self._folder = folder
        self._words = os.fdopen(os.memfd_create("words"), "w+b")  # in memory, since the disk may be what is full
        parent = os.getpid()

        def die_with_parent() -> None:
            _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

        self._running: subprocess.Popen[bytes] | None = None
        try:
            with _held_back():
                self._running = subprocess.Popen(
                    [str(word) for word in command],
                    stdin=subprocess.DEVNULL,
                    stdout=self._words,
                    stderr=self._words,
                    preexec_fn=die_with_parent,
                )
        except (FileNotFoundError, PermissionError) as error:
            self._end()
            raise RegionError(f"cannot make {what}: {command[0]}: {error.strerror}; install Alpenglow anew") from None
        except BaseException:
            self._end()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        if self._running is not None and self._running.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self._running.kill()
            self._running.wait()
        self._words.close()

    def wait(self) -> None:
        """Until it has done its work. Raises RegionError with its last words; OSError for a full disk."""
        assert self._running is not None
        code = self._running.wait()
        if code == 0:
            return
        words = self._last_words()
        if any(sign in words.lower() for sign in _FULL) or shutil.disk_usage(self._folder).free < _FULL_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        raise RegionError(f"cannot make {self._what}: {words or _how(code)}")

    def _last_words(self) -> str:
        self._words.seek(max(0, os.fstat(self._words.fileno()).st_size - _LAST_BYTES))
        said = self._words.read().decode("utf-8", "replace").replace("\r", "\n")
        lines = [" ".join(line.split()) for line in said.splitlines() if line.strip()]
        return lines[-1] if lines else ""


@contextlib.contextmanager
def _held_back() -> Iterator[None]:
    """Let what asks this process to end wait: what its handler raises in the middle of a fork would be lost."""
    if threading.current_thread() is not threading.main_thread():  # which alone runs handlers
        yield
        return
    came: list[int] = []
    before = {each: signal.signal(each, lambda number, _: came.append(number)) for each in _ENDING}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
        for number in came[:1]:
            signal.raise_signal(number)


def _how(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"it was ended by {signal.Signals(-code).name}"
    return f"it ended with status {code}"
