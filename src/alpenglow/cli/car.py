"""The running car, as who sits at the command line reaches it."""

import asyncio
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import typer

from alpenglow.cli.problems import Problem
from alpenglow.fabric import Fabric
from alpenglow.fabric.room import Settings, line_catalogue
from alpenglow.platform.directories import default_run_dir
from alpenglow.platform.plan import settings_path

_OPERATOR = "operator"  # who sits at the command line, on the fabric
_ANSWER_S = 5.0
_LOOK_S = 0.1


class Car:
    """A connection to a running car: its fabric, and whether it still runs."""

    def __init__(self, fabric: Fabric, settings_file: Path) -> None:
        self.fabric = fabric
        self._settings_file = settings_file
        self._made = settings_file.stat().st_mtime_ns

    async def gone(self) -> None:
        """Wait until the car has stopped, or another one runs in its place."""
        while True:
            try:
                if self._settings_file.stat().st_mtime_ns != self._made:
                    return
            except OSError:
                return
            await asyncio.sleep(_LOOK_S)


@asynccontextmanager
async def running_car(run_dir: Path | None) -> AsyncIterator[Car]:
    """The car that runs in `run_dir`, as the operator; Problem where none does."""
    folder = (run_dir or default_run_dir()).absolute()
    file = settings_path(folder, _OPERATOR)
    try:
        settings = msgspec.json.decode(file.read_bytes(), type=Settings)
    except PermissionError:
        raise Problem(f"the car in {folder} is another user's; only that user may talk to it") from None
    except (OSError, msgspec.DecodeError):
        raise Problem(f"no car runs in {folder}; start one with `alpenglow drive`, or name its --run-dir") from None
    opening = asyncio.ensure_future(Fabric.open(_OPERATOR, settings.endpoint(), line_catalogue(Path(settings.line))))
    try:
        fabric = await asyncio.wait_for(opening, _ANSWER_S)
    except TimeoutError:
        raise Problem(f"the car in {folder} does not answer; `alpenglow status` shows how it is") from None
    async with fabric:
        yield Car(fabric, file)


def run(work: Coroutine[Any, Any, int]) -> None:
    """Exit with what `work` returns. Ctrl-C and SIGTERM cancel it: a good end where it waits with `first_of`."""

    async def until_told() -> int:
        task = asyncio.ensure_future(work)
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        try:
            return await task
        except asyncio.CancelledError:
            return 130

    raise typer.Exit(asyncio.run(until_told()))


async def first_of(*waits: Coroutine[Any, Any, object], seconds: float | None) -> None:
    """Wait until the first of these ends, `seconds` are over or Ctrl-C cancels; raises what ended one badly."""
    tasks = [asyncio.ensure_future(each) for each in waits]
    try:
        await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        pass
    finally:
        for task in tasks:
            if not task.done():
                task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result
