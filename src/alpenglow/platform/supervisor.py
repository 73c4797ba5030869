"""Starts processes, watches that they live, starts them again.

What holds while `run` runs:
- A process is alive only as long as it says so (WATCHDOG=1): one that is stopped, spins or hangs is killed at its
  deadline and started again. Before it has said READY=1 the deadline is that of its start.
- The first restart is immediate; then the wait doubles up to a limit, which is one second for critical processes.
  A process that has run well for `HEALTHY_S` begins anew. Nobody who has once been ready is given up.
- The stack ends when a critical process cannot be started at all (`START_TRIES`), or any process says by exit
  status 78 (EX_CONFIG, sysexits.h) that its configuration is wrong.
- When `run` returns, no process is left that it or its children started.
"""

import asyncio
import contextlib
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from .child import Child, reap_orphans
from .limits import MEBIBYTE, Limits
from .log import Log, Words
from .notify import NotifySocket
from .processes import Process
from .usage import resident_bytes

type State = Literal["starting", "running", "waiting", "crash loop", "stopped"]

EX_CONFIG = 78
HEALTHY_S = 10.0
FIRST_WAIT_S = 0.25
LONGEST_WAIT_S = 30.0
LONGEST_WAIT_CRITICAL_S = 1.0
START_TRIES = 3
LOOP_CRASHES = 5  # this many ends in a row without a healthy time are reported as a crash loop
GRACE_S = 3.0  # between SIGTERM and SIGKILL
_TICK_S = 1.0
_LATE_S = 0.5  # woken this late, the supervisor itself was held up (suspended, stopped): nobody else is to blame


class Launch(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the process table with the command that starts it."""

    process: Process
    argv: Sequence[str]
    environment: Mapping[str, str]


class Domain:
    """One supervised process, through all its lives."""

    def __init__(self, launch: Launch, log: Log) -> None:
        self.process = launch.process
        self.launch = launch
        self.state: State = "starting"
        self.child: Child | None = None
        self.words = Words(log, launch.process.name)
        self.restarts = 0
        self.crashes = 0  # in a row, without a healthy time between them
        self.since = 0.0  # monotonic time of the present state
        self.heard: float | None = None  # monotonic time of the last sign of life of this child
        self.deadline = 0.0
        self.last_exit = ""
        self.status = ""
        self.killed_for = ""
        self.forgiven = False
        self.memory_kills = 0
        self.live = asyncio.Event()  # has been ready once
        self.settled = asyncio.Event()  # that, or is not worth waiting for


class StartFailed(Exception):
    """A process cannot be started; the message says why in its own last words."""


class Supervisor:
    """Runs the launches until `stop` is called. `mark` names the stack in its children's environment."""

    def __init__(
        self,
        launches: Sequence[Launch],
        *,
        mark: str,
        notify_path: Path,
        log: Log,
        limits: Limits,
        on_change: Callable[[], None] = lambda: None,
        adopts: bool = False,
    ) -> None:
        """`adopts`: this process is the children's subreaper, has no other children, and reaps all that end."""
        self.domains = {launch.process.name: Domain(launch, log) for launch in launches}
        self._mark = mark
        self._notify_path = notify_path
        self._log = log
        self._limits = limits
        self._on_change = on_change
        self._adopts = adopts
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Start all, keep all alive; returns when stopped and all are gone. Raises StartFailed, OSError."""
        self._notify = NotifySocket(self._notify_path, self._on_message)
        ticker = asyncio.create_task(self._tick())
        keepers = [asyncio.create_task(self._keep(domain)) for domain in self.domains.values()]
        try:
            _, pending = await asyncio.wait(keepers, return_when=asyncio.FIRST_EXCEPTION)
            self._stopping.set()
            if pending:
                await asyncio.wait(pending)
            for keeper in keepers:
                keeper.result()
        finally:
            for task in (ticker, *keepers):
                task.cancel()
            await asyncio.gather(ticker, *keepers, return_exceptions=True)
            for domain in self.domains.values():
                if domain.child is not None:
                    domain.child.kill()
                    await domain.child.exited
                    domain.child = None
            self._notify.close()

    def stop(self) -> None:
        """Ask all to end; called again, kill them."""
        if self._stopping.is_set():
            for domain in self.domains.values():
                if domain.child is not None:
                    domain.child.kill()
        self._stopping.set()

    async def live(self) -> None:
        """Wait until every process has said that it is ready, leaving out uncritical ones that do not start."""
        for domain in self.domains.values():
            await domain.settled.wait()

    async def _keep(self, domain: Domain) -> None:
        wait_s = 0.0
        while not self._stopping.is_set():
            code = await self._watch(domain) if self._start(domain) else None
            domain.child = None
            domain.words.end()
            if self._stopping.is_set():
                break
            healthy = domain.state == "running" and time.monotonic() - domain.since >= HEALTHY_S
            domain.crashes = 1 if healthy else domain.crashes + 1
            wait_s = self._back_off(domain.process, domain.crashes)
            if code == EX_CONFIG and not domain.live.is_set():  # trying again makes no sense
                raise StartFailed(domain.words.last or f"{domain.process.name} refuses its configuration")
            self._report_end(domain, code, wait_s)
            if domain.crashes >= START_TRIES and not domain.live.is_set():
                self._give_up(domain)
            domain.restarts += 1
            self._enter(domain, "crash loop" if domain.crashes >= LOOP_CRASHES else "waiting")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait_s)
        self._enter(domain, "stopped")

    def _give_up(self, domain: Domain) -> None:
        """After failed first starts: without a critical process there is no car, without another there is."""
        if domain.process.critical:
            raise StartFailed(f"{domain.process.name} does not start: it {domain.last_exit}; see {self._log.path}")
        domain.settled.set()

    @staticmethod
    def _back_off(process: Process, crashes: int) -> float:
        """Seconds to wait before the next start, after `crashes` ends in a row."""
        longest = LONGEST_WAIT_CRITICAL_S if process.critical else LONGEST_WAIT_S
        return 0.0 if crashes <= 1 else min(FIRST_WAIT_S * 2.0 ** min(crashes - 2, 30), longest)

    def _start(self, domain: Domain) -> bool:
        """Start a child; False when the system refuses that, which is logged and tried again like a crash."""
        process = domain.process
        environment = {
            **domain.launch.environment,
            "NOTIFY_SOCKET": str(self._notify_path),
            "WATCHDOG_USEC": str(round(process.alive_s * 1e6)),
        }
        environment.pop("WATCHDOG_PID", None)  # of the service manager that may run us
        domain.killed_for = ""
        domain.forgiven = False
        domain.heard = None
        domain.words.forget()
        domain.deadline = time.monotonic() + process.ready_s
        domain.memory_kills = self._limits.ran_out_of_memory(process)
        try:
            domain.child = Child(
                domain.launch.argv,
                environment,
                f"{self._mark}:{process.name}",
                self._limits.bounds(process),
                domain.words,
            )
        except (OSError, subprocess.SubprocessError) as problem:
            domain.killed_for = f"could not be started: {problem}"
            self._enter(domain, "waiting")
            return False
        self._log.say(f"started as pid {domain.child.pid}", process=process.name)
        self._enter(domain, "starting")
        return True

    async def _watch(self, domain: Domain) -> int:
        """Wait for the end of the child, and bring it about when the child misses a deadline or is to stop."""
        child = domain.child
        assert child is not None
        stop = asyncio.create_task(self._wait_for_turn(domain))
        waited: set[asyncio.Future[Any]] = {child.exited, stop}
        try:
            while not child.exited.done():
                wait_s = max(0.0, domain.deadline - time.monotonic())
                if domain.state == "starting":  # getting ready brings the deadline nearer, but not nearer than this
                    wait_s = min(wait_s, domain.process.alive_s)
                due = time.monotonic() + wait_s
                await asyncio.wait(waited, timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
                if child.exited.done():
                    break
                if stop.done():
                    await self._end(child)
                    break
                self._notify.drain()
                if time.monotonic() >= due + _LATE_S and not domain.forgiven:
                    domain.forgiven = True  # until it is heard again
                    domain.deadline = max(domain.deadline, time.monotonic() + domain.process.alive_s)
                elif time.monotonic() >= domain.deadline:
                    if not domain.killed_for:
                        domain.killed_for = (
                            f"gave no sign of life for {domain.process.alive_s:g} s"
                            if domain.state == "running"
                            else f"was not ready after {domain.process.ready_s:g} s"
                        )
                    child.kill()
                    domain.deadline = time.monotonic() + 1.0  # ask again, should the kernel hold it back
            return await child.exited
        finally:
            stop.cancel()

    async def _wait_for_turn(self, domain: Domain) -> None:
        """Critical processes stop after the others, so that these end with the fabric still there."""
        await self._stopping.wait()
        if domain.process.critical:
            others = [other for other in self.domains.values() if not other.process.critical]
            while any(other.child is not None for other in others):
                await asyncio.sleep(0.01)

    async def _end(self, child: Child) -> None:
        child.send(signal.SIGTERM)
        child.send(signal.SIGCONT)  # a stopped process takes the request only when it goes on
        await asyncio.wait({child.exited}, timeout=GRACE_S)
        child.kill()
        await child.exited

    def _on_message(self, pid: int, fields: dict[str, str]) -> None:
        for domain in self.domains.values():
            if domain.child is not None and domain.child.pid == pid:
                now = time.monotonic()
                domain.status = fields.get("STATUS", domain.status)
                if fields.get("READY") == "1" and domain.state != "running":
                    domain.live.set()
                    domain.settled.set()
                    self._log.say(f"ready after {now - domain.since:.2f} s", process=domain.process.name)
                    self._enter(domain, "running")
                    domain.heard = now
                    domain.deadline = now + domain.process.alive_s
                if fields.get("WATCHDOG") == "1":
                    domain.heard = now
                    domain.forgiven = False
                    if domain.state == "running":
                        domain.deadline = now + domain.process.alive_s
                return

    def _report_end(self, domain: Domain, code: int | None, wait_s: float) -> None:
        memory_kills = self._limits.ran_out_of_memory(domain.process)
        if domain.killed_for or code is None:
            domain.last_exit = domain.killed_for
        elif code == -signal.SIGKILL and memory_kills > domain.memory_kills:
            domain.last_exit = f"used more than its {domain.process.memory_mb} MB of memory"
        elif code < 0:
            domain.last_exit = f"was ended by {signal.Signals(-code).name}"
        else:
            domain.last_exit = f"ended by itself with status {code}"
            if domain.words.last:
                domain.last_exit += f" ({domain.words.last})"
        looping = domain.crashes >= LOOP_CRASHES
        again = "starts again now" if wait_s == 0 else f"starts again in {wait_s:g} s"
        if looping:
            again = f"keeps ending, {domain.crashes} times in a row; {again}; see {self._log.path}"
        self._log.say(
            f"{domain.last_exit}; {again}",
            process=domain.process.name,
            level="error" if looping or domain.process.critical else "warning",
            exit_code=code,
            restarts=domain.restarts + 1,
        )

    def _enter(self, domain: Domain, state: State) -> None:
        domain.state = state
        domain.since = time.monotonic()
        self._on_change()

    async def _tick(self) -> None:
        """Once a second: the memory of processes without a hard limit, ended orphans, the status file."""
        while True:
            await asyncio.sleep(_TICK_S)
            if not self._limits.hard:
                self._compare_memory()
            if self._adopts:
                reap_orphans({domain.child.pid for domain in self.domains.values() if domain.child is not None})
            self._on_change()

    def _compare_memory(self) -> None:
        for domain in self.domains.values():
            if domain.child is not None and not domain.killed_for:
                limit = domain.process.memory_mb
                if resident_bytes(domain.child.pid) > limit * MEBIBYTE:
                    domain.killed_for = f"used more than its {limit} MB of memory"
                    domain.child.kill()
