"""Supervisors over small real processes."""

import asyncio
import contextlib
import io
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from alpenglow.platform.child import kill_marked, marked
from alpenglow.platform.limits import Limits, Rlimits, choose
from alpenglow.platform.log import Log
from alpenglow.platform.processes import Process
from alpenglow.platform.supervisor import Launch, Supervisor

ROOM = Path(__file__).with_name("room.py")


def row(name: str, **changes: object) -> Process:
    """A row of a process table for tests: short deadlines, ample limits."""
    facts = {"module": "", "ready_s": 10.0, "alive_s": 1.0, "memory_mb": 200, "cpu_weight": 100, "nice": 0}
    return Process(name=name, **{**facts, **changes})  # type: ignore[arg-type]


def launch(process: Process, *arguments: str) -> Launch:
    """Start tests/platform/room.py in this row's name."""
    return Launch(process=process, argv=[sys.executable, str(ROOM), *arguments], environment=dict(os.environ))


class Bench:
    """Runs supervisors in a scratch directory and knows what they started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mark = str(folder)
        self.console = io.StringIO()
        self.log_path = folder / "log"

    @asynccontextmanager
    async def running(
        self, *launches: Launch, limits: Limits | None = None, level: str = "warning"
    ) -> AsyncIterator[Supervisor]:
        log = Log(self.log_path, level=level, console=self.console)
        limits = limits or Rlimits()
        supervisor = Supervisor(launches, mark=self.mark, notify_path=self.folder / "notify", log=log, limits=limits)
        task = asyncio.create_task(supervisor.run())
        try:
            yield supervisor
        finally:
            supervisor.stop()
            try:
                await task
            finally:
                limits.close()
                log.close()

    def left(self) -> list[int]:
        """Processes that carry this bench's mark."""
        return marked(self.mark)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    yield Bench(tmp_path)
    kill_marked(str(tmp_path))


@pytest.fixture
def hard_limits(tmp_path: Path) -> Iterator[Limits]:
    """Control groups, where this user may make them."""
    limits = choose(f"alpenglow-test-{os.getpid()}")
    if not limits.hard:
        pytest.skip("no control group may be made here")
    yield limits
    limits.close()


async def until(condition: Callable[[], bool], what: str, seconds: float = 20.0) -> None:
    """Wait for a condition; the limit only ends a test that has failed."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not condition():
                await asyncio.sleep(0.01)
            return
    pytest.fail(f"never happened: {what}")
