"""Runs a stack: the run directory is taken, the plan becomes processes, and everything is gone when it ends."""

import asyncio
import hashlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from .child import adopt_orphans, kill_marked
from .directories import Lock, private_dir, state_dir
from .limits import choose
from .log import Log
from .plan import Plan, Request, launches, make_plan, write_settings
from .ports import check_free
from .problems import StackProblem
from .processes import Process
from .status import StatusFile
from .supervisor import StartFailed, Supervisor


class Stack:
    """A running stack: its plan, its supervisor."""

    def __init__(self, plan: Plan, supervisor: Supervisor) -> None:
        self.plan = plan
        self.supervisor = supervisor

    def pid(self, process: str) -> int | None:
        """The number of a process, None while it is down."""
        child = self.supervisor.domains[process].child
        return None if child is None else child.pid

    @property
    def url(self) -> str:
        """The page to open: the desk where there is one and it runs, else the cluster, else any."""
        pages = [page for process in self.plan.processes if self._serves(process) for page in process.pages]
        return next((self.plan.pages[page] for page in ("desk", "cluster", *pages) if page in pages), "")

    def _serves(self, process: Process) -> bool:
        return self.supervisor.domains[process.name].live.is_set()

    async def live(self) -> None:
        """Wait until every process has said that it is ready, leaving out uncritical ones that do not start."""
        await self.supervisor.live()


@asynccontextmanager
async def running(plan: Plan, *, level: str = "warning", adopts: bool = False) -> AsyncIterator[Stack]:
    """Start the stack, end it with the block. Raises StackProblem; an end by itself cancels the block.

    `adopts`: this process does nothing else, so it takes in and reaps what its processes leave behind.
    """
    run_dir = private_dir(plan.run_dir)
    state_dir(plan.state_dir)
    mark = str(run_dir)
    with ExitStack() as undo:
        undo.callback(Lock(run_dir).close)
        kill_marked(mark)  # of a stack whose supervisor was killed before
        undo.callback(kill_marked, mark)
        check_free(plan.ports.values(), plan.host)
        (run_dir / "fabric.sock").unlink(missing_ok=True)
        if adopts:
            adopt_orphans()
        log = Log(run_dir / "alpenglow.log", level=level)
        undo.callback(log.close)
        limits = choose(group_name(run_dir))
        undo.callback(limits.close)
        undo.callback(_remove_secrets, run_dir)
        status = StatusFile(run_dir, _facts(plan, limits.kind, log))
        undo.callback(status.remove)
        write_settings(plan)
        supervisor = Supervisor(
            launches(plan),
            mark=mark,
            notify_path=run_dir / "notify.sock",
            log=log,
            limits=limits,
            on_change=lambda: status.write(supervisor),
            adopts=adopts,
        )
        async with _supervising(supervisor):
            yield Stack(plan, supervisor)


@asynccontextmanager
async def _supervising(supervisor: Supervisor) -> AsyncIterator[None]:
    """Run the supervisor beside the block; when it fails, the block is cancelled and the reason raised."""
    task = asyncio.create_task(supervisor.run())
    owner = asyncio.current_task()
    assert owner is not None

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            owner.cancel()

    task.add_done_callback(ended)
    try:
        yield
    except asyncio.CancelledError:
        failure = task.exception() if task.done() and not task.cancelled() else None
        if failure is None:
            raise
        owner.uncancel()
        if isinstance(failure, StartFailed):
            raise StackProblem(str(failure)) from None
        raise failure from None
    finally:
        task.remove_done_callback(ended)
        supervisor.stop()
        await asyncio.wait({task})


def _facts(plan: Plan, limits: str, log: Log) -> dict[str, Any]:
    return {
        "line": plan.line,
        "platform": plan.platform,
        "computer": plan.computer,
        "url": plan.url,
        "pages": plan.pages,
        "limits": limits,
        "log": str(log.path),
        "run_dir": str(plan.run_dir),
    }


def group_name(run_dir: Path) -> str:
    """The control group of a run directory's stack: the same at each start, so that a killed one's is used again."""
    return f"alpenglow-{os.getuid()}-{hashlib.sha256(os.fsencode(run_dir)).hexdigest()[:8]}"


def _remove_secrets(run_dir: Path) -> None:
    for path in (*run_dir.glob("*.settings.json"), run_dir / "fabric.users"):
        path.unlink(missing_ok=True)


def run_stack(
    request: Request,
    *,
    level: str = "warning",
    on_live: Callable[[Stack], None] = lambda stack: None,
    until: Callable[[Stack], Awaitable[None]] | None = None,
) -> None:
    """Run a stack until SIGINT, SIGTERM or the end of `until`; a second signal kills. Raises StackProblem."""
    if not sys.platform.startswith("linux"):
        raise StackProblem(f"the processes are supervised by means of Linux, and this is {sys.platform}")
    plan = make_plan(request)
    asyncio.run(_run_until_stopped(plan, level, on_live, until))


async def _run_until_stopped(
    plan: Plan, level: str, on_live: Callable[[Stack], None], until: Callable[[Stack], Awaitable[None]] | None
) -> None:
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()
    async with running(plan, level=level, adopts=True) as stack:

        def stop() -> None:
            asked.set()
            stack.supervisor.stop()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, stop)
        live = asyncio.create_task(stack.live())
        stopped = asyncio.create_task(asked.wait())
        await asyncio.wait({live, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if live.done() and not asked.is_set():
            on_live(stack)
        live.cancel()
        ended = stopped if until is None else asyncio.ensure_future(until(stack))
        await asyncio.wait({stopped, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        stopped.cancel()
