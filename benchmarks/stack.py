"""The whole car: memory, processor, and from a command to the frame on the bus."""

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import psutil
import uvloop
from tests.running import Stack

from alpenglow.fabric import Fabric
from alpenglow.fabric.room import Room, Settings, line_catalogue
from alpenglow.signals import Quality, Value
from alpenglow.vehicle.frames import Frame
from alpenglow.vehicle.line import load_line
from alpenglow.vehicle.process import Vehicle
from benchmarks.table import Row, at_most, quantile

_LINE = Path(__file__).parents[1] / "src" / "alpenglow" / "lines" / "aurora"
_COMMANDS = 600
_TEMPERATURE = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"


def apart[T](work: Coroutine[Any, Any, T]) -> T:
    """What `work` comes to, done in a thread of its own, since Playwright keeps an event loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def pss_mb(pid: int, *, children: bool = False) -> float:
    """Memory of a process, what it shares divided by those who share it [10^6 bytes]."""
    process = psutil.Process(pid)
    family = [process, *(process.children(recursive=True) if children else ())]
    return float(sum(each.memory_full_info().pss for each in family)) / 1e6


def _memory() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder), "--option", "demo=drive") as stack:
        time.sleep(8)
        processes = {"alpenglow": stack.process.pid} | {name: stack.pid(name) for name in stack.status()}
        used = {name: psutil.Process(pid).cpu_times() for name, pid in processes.items()}
        time.sleep(5)
        rows = []
        for name, pid in processes.items():
            now = psutil.Process(pid).cpu_times()
            share = 100 * (now.user + now.system - used[name].user - used[name].system) / 5
            rows.append(
                Row(f"process {name}: memory while driving", pss_mb(pid), "MB", note=f"{share:.0f} % of a core")
            )
        total = sum(row.value for row in rows)
        return [at_most("memory of the whole running stack (PSS)", total, 500, "MB"), *rows]


@contextlib.contextmanager
def _safety(folder: Path) -> Iterator[dict[str, str]]:
    """The real process `safety`; yields the identities' secrets."""
    secrets = dict.fromkeys(("vehicle", "cockpit", "safety"), "bench")
    (folder / "run").mkdir()
    settings = Settings(
        identity="safety", run_dir=str(folder / "run"), state_dir=str(folder), line=str(_LINE),
        listen=(f"unixsock-stream/{folder}/fabric.sock",), secret="bench", users=secrets, web_port=0,
    )  # fmt: skip
    file = folder / "safety.json"
    file.write_bytes(msgspec.json.encode(settings))
    environment = {**os.environ, "ALPENGLOW_SETTINGS": str(file)}
    process = subprocess.Popen([sys.executable, "-m", "alpenglow.safety.process"], env=environment)
    try:
        yield secrets
    finally:
        process.terminate()
        process.wait()


async def _actuate(folder: Path) -> list[Row]:
    """A command from `cockpit` through the door in another process to the frame that `vehicle` puts on its bus."""
    from alpenglow.fabric import Endpoint

    endpoint = Endpoint(connect=(f"unixsock-stream/{folder}/fabric.sock",), secret="bench")
    catalogue = line_catalogue(_LINE)
    sent_at: list[float] = []
    async with (
        await Fabric.open("vehicle", endpoint, catalogue) as vehicle_fabric,
        await Fabric.open("cockpit", endpoint, catalogue) as cockpit,
    ):
        settings = Settings(identity="vehicle", run_dir=str(folder), state_dir=str(folder), line=str(_LINE))
        vehicle = Vehicle(Room(settings, catalogue, vehicle_fabric), load_line(_LINE))

        def send(bus: str, frame: Frame) -> None:
            sent_at.append(time.perf_counter())
            # The control unit does it at once, so that no command waits for the one before.
            vehicle_fabric.publish({_TEMPERATURE: wanted})

        await vehicle.provide(send)
        standing: dict[str, Value | None] = {"Vehicle.Speed": 0.0}
        to_frame, to_outcome = [], []
        await asyncio.sleep(0.5)
        for number in range(_COMMANDS):
            wanted: Value = 18.0 + number % 10
            vehicle_fabric.publish(standing, quality=Quality.VALID)
            began = time.perf_counter()
            outcome = await cockpit.actuate(_TEMPERATURE, wanted)
            assert outcome.state == "confirmed", outcome
            to_outcome.append((time.perf_counter() - began) * 1e3)
            to_frame.append((sent_at[-1] - began) * 1e3)
            await asyncio.sleep(0.012)  # below the door's limit of 100 commands a second
    return [
        Row("safety.actuate to the frame on the bus, p50", quantile(to_frame, 0.5), "ms", note=f"{_COMMANDS} commands"),
        at_most("safety.actuate to the frame on the bus, p99", quantile(to_frame, 0.99), 10, "ms"),
        Row("safety.actuate to its confirmed outcome, p99", quantile(to_outcome, 0.99), "ms"),
    ]


def run() -> list[Row]:
    """Actuation, memory."""
    with tempfile.TemporaryDirectory() as folder, _safety(Path(folder)):
        rows = uvloop.run(_actuate(Path(folder)))
    return [*rows, *_memory()]
