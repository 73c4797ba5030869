"""One child process: started with its limits, killed with all that it started, its exit and its words observed.

What holds for every child:
- it leads its own process group, so that Ctrl-C in the terminal reaches the supervisor alone;
- it dies with the supervisor, even when that is killed (PR_SET_PDEATHSIG, prctl(2));
- its environment carries a mark that its own children inherit, by which they are found and killed after it.

A process group, not a session: with autogroup scheduling (sched(7)) nice values count only inside one session.
"""

import asyncio
import contextlib
import ctypes
import os
import resource
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
PR_SET_CHILD_SUBREAPER = 36

MARK = "ALPENGLOW_DOMAIN"

_libc = ctypes.CDLL(None, use_errno=True)


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """What a child may use, as the child applies it to itself before its program starts."""

    cgroup_procs: tuple[str, ...] = ()  # cgroup.procs files to enter
    data_bytes: int | None = None  # RLIMIT_DATA
    nice: int = 0
    oom_score: int = 0  # higher is taken first when the computer runs out of memory


class Child:
    """A running child. `exited` resolves to its return code (negative: the signal that ended it)."""

    def __init__(
        self,
        argv: Sequence[str],
        environment: Mapping[str, str],
        mark: str,
        bounds: Bounds,
        on_words: Callable[[bytes], None],
    ) -> None:
        """Start `argv` at once. `on_words` gets what it writes to stdout and stderr, in pieces. Raises OSError."""
        self._loop = asyncio.get_running_loop()
        self._mark = mark
        self._on_words = on_words
        self._words, write_end = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(self._words, False)
        parent = os.getpid()
        try:
            self._popen = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=write_end,
                stderr=write_end,
                env={**environment, MARK: mark},
                process_group=0,
                preexec_fn=lambda: _enter(parent, bounds),
            )
        except BaseException:
            os.close(self._words)
            raise
        finally:
            os.close(write_end)
        self.pid = self._popen.pid
        self.exited: asyncio.Future[int] = self._loop.create_future()
        self._pidfd = os.pidfd_open(self.pid)
        self._loop.add_reader(self._pidfd, self._on_exit)
        self._loop.add_reader(self._words, self._on_readable)

    def send(self, number: int) -> None:
        """Send a signal to the child itself; nothing happens when it is gone."""
        if not self.exited.done():
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)

    def kill(self) -> None:
        """Kill the child and its group. `exited` follows."""
        if not self.exited.done():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

    def _on_exit(self) -> None:
        self._loop.remove_reader(self._pidfd)
        # Not reaped yet, so its number cannot belong to anybody else while the rest of its group is killed.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        code = self._popen.wait()
        os.close(self._pidfd)
        kill_marked(self._mark)
        self._on_readable()
        self._close_words()
        if not self.exited.done():
            self.exited.set_result(code)

    def _on_readable(self) -> None:
        for _ in range(16):  # at most 1 MB per turn, so that a talkative child does not hold up the others
            if self._words < 0:
                return
            try:
                piece = os.read(self._words, 65536)
            except BlockingIOError:
                return
            if not piece:
                self._close_words()
                return
            self._on_words(piece)

    def _close_words(self) -> None:
        if self._words >= 0:
            self._loop.remove_reader(self._words)
            os.close(self._words)
            self._words = -1


def _enter(parent: int, bounds: Bounds) -> None:
    """In the child, between fork and exec: bind its life to the parent's and apply its bounds."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # the parent died before the line above
        os._exit(1)
    for procs in bounds.cgroup_procs:
        Path(procs).write_text("0")
    if bounds.data_bytes is not None:
        resource.setrlimit(resource.RLIMIT_DATA, (bounds.data_bytes, bounds.data_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the fabric's secrets
    if bounds.nice:
        with contextlib.suppress(OSError):
            os.nice(bounds.nice)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(bounds.oom_score))


def adopt_orphans() -> None:
    """Make this process the parent of whatever its children leave behind (PR_SET_CHILD_SUBREAPER)."""
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap_orphans(known: set[int]) -> None:
    """Reap adopted processes that have ended, leaving children in `known` to those who wait for them."""
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) is not None:
            if ended.si_pid in known:
                return
            os.waitpid(ended.si_pid, 0)


def marked(mark: str) -> list[int]:
    """Processes of this user whose environment carries the mark or one below it (`mark:...`)."""
    exact = f"\0{MARK}={mark}\0".encode()
    below = f"\0{MARK}={mark}:".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                environment = b"\0" + (entry / "environ").read_bytes()
                if exact in environment or below in environment:
                    found.append(int(entry.name))
    return found


def kill_marked(mark: str) -> int:
    """Kill what carries the mark, also what it starts meanwhile; returns how many were killed."""
    killed: set[int] = set()
    for _ in range(10):  # each round may find what the one before was just starting
        found = marked(mark)
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        killed.update(found)
        if not found:
            break
    return len(killed)
