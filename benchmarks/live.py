"""The live path: frame in → decoded → published → in another process's table, on one core.

Two processes share core 0: one plays the RAV4's powertrain log into the decoder and publishes, as the process `vehicle`
does; the other is the router and has the table. At full speed the log is repeated; at its own pace it is played once.
"""

import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import uvloop

from alpenglow.fabric import Fabric
from alpenglow.fabric.room import line_catalogue
from alpenglow.vehicle.dbc import load_dbc
from alpenglow.vehicle.decoder import Decoder
from alpenglow.vehicle.frames import Frame
from alpenglow.vehicle.logs import LogReader
from alpenglow.vehicle.mapping import load_mapping
from alpenglow.vehicle.process import READ_EVERY_S
from benchmarks.fabric import endpoint
from benchmarks.table import Row, at_least, at_most, quantile

SHARED = Path(os.environ.get("ALPENGLOW_SHARED", Path(__file__).parents[2] / "shared")) / "data" / "rav4"
LINE = Path(__file__).parents[1] / "src" / "alpenglow" / "lines" / "rav4"

_RATES = [20_000, 30_000, 40_000, 50_000, 60_000, 80_000, 100_000, 120_000, 150_000]
_SECONDS = 2.5
_TICK_S = 0.01  # at full speed; a bus that is read every 10 ms
_OWN_PACE_S = 20.0
_CHILD = "import sys, uvloop; from benchmarks.live import receive; uvloop.run(receive(sys.argv[1]))"


def load() -> tuple[Decoder, list[Frame]]:
    """The RAV4's decoder and the frames of its powertrain bus."""
    catalogue = line_catalogue(LINE)
    dbc = load_dbc(SHARED / "toyota.dbc")
    mapping = load_mapping(LINE / "rav4.map.json", dbc, catalogue)
    with LogReader(SHARED / "drive.log.gz") as reader:
        frames = [frame for frame in reader if frame.channel == "can0"]
    return Decoder({"can0": dbc}, {"can0": mapping}, catalogue), frames


async def receive(folder: str) -> None:
    """The child: the table. On `reset` on stdin it forgets, on `report` it prints what it has got since."""
    os.sched_setaffinity(0, {0})
    async with await Fabric.open("safety", endpoint(folder, "safety"), line_catalogue(LINE)) as fabric:
        samples = 0
        latencies: list[float] = []

        class Count:
            """A feed that counts, and times each sample against its own time."""

            def feed(self, arrived: Any) -> None:
                nonlocal samples
                samples += len(arrived)
                now = time.time_ns()
                latencies.append((now - min(s.time_ns for s in arrived)) / 1e6)

            def lost(self) -> None:
                pass

        fabric.received.feeds.append(Count())  # type: ignore[arg-type]
        loop = asyncio.get_running_loop()
        lines = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        print("up", flush=True)
        used = _cpu_s()
        missed = 0
        while line := await lines.readline():
            if line == b"reset\n":
                samples, missed, used = 0, fabric.received.missed_batches, _cpu_s()
                latencies.clear()
                print("{}", flush=True)
            else:
                report = {
                    "samples": samples,
                    "missed": fabric.received.missed_batches - missed,
                    "cpu_s": _cpu_s() - used,
                    "p50_ms": quantile(latencies, 0.5) if latencies else 0,
                    "p99_ms": quantile(latencies, 0.99) if latencies else 0,
                }
                print(json.dumps(report), flush=True)


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def _paced(fabric: Fabric, decoder: Decoder, frames: list[Frame], rate: int) -> tuple[int, float, float]:
    """Play `rate` frames a second for `_SECONDS`; samples published, processor time [s], frames a second reached."""
    published, position, used = 0, 0, _cpu_s()
    began = time.perf_counter()
    ticks = int(_SECONDS / _TICK_S)
    per_tick = int(rate * _TICK_S)
    for tick in range(ticks):
        batch = frames[position : position + per_tick]
        position = (position + per_tick) % (len(frames) - per_tick)
        samples = decoder.feed_all(batch)
        fabric.publish_samples(samples)
        published += len(samples)
        await asyncio.sleep(max(0.0, began + (tick + 1) * _TICK_S - time.perf_counter()))
    return published, _cpu_s() - used, ticks * per_tick / (time.perf_counter() - began)


async def _own_pace(fabric: Fabric, decoder: Decoder, frames: list[Frame]) -> tuple[int, float]:
    """Play the log at its own rate; samples published, processor time [s]."""
    published, position, used = 0, 0, _cpu_s()
    first, began = frames[0].time_ns, time.time_ns()
    while position < len(frames):
        await asyncio.sleep(READ_EVERY_S)
        now = time.time_ns() - began + first
        batch = []
        while position < len(frames) and frames[position].time_ns <= now:
            frame = frames[position]
            batch.append(frame._replace(time_ns=frame.time_ns - first + began))  # when it was on the bus
            position += 1
        if batch:
            samples = decoder.feed_all(batch)
            fabric.publish_samples(samples)
            published += len(samples)
    return published, _cpu_s() - used


async def _measure(folder: str) -> list[Row]:
    decoder, frames = load()
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _CHILD, folder, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdin is not None
    assert child.stdout is not None
    await child.stdout.readline()

    async def ask(what: str) -> dict[str, Any]:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(what.encode() + b"\n")
        answer: dict[str, Any] = json.loads(await child.stdout.readline())
        return answer

    best = (0.0, 0.0)
    async with await Fabric.open("vehicle", endpoint(folder, "vehicle"), line_catalogue(LINE)) as fabric:
        os.sched_setaffinity(0, {0})
        for rate in _RATES:
            await ask("reset")
            published, _, reached = await _paced(fabric, decoder, frames, rate)
            await asyncio.sleep(0.3)
            got = await ask("report")
            if got["samples"] < published or got["missed"] or reached < 0.97 * rate:
                break
            best = (reached, published / _SECONDS)
        await ask("reset")
        end = frames[0].time_ns + int(_OWN_PACE_S * 1e9)
        published, used, *_ = await _own_pace(fabric, decoder, [f for f in frames if f.time_ns < end])
        await asyncio.sleep(0.2)
        got = await ask("report")
    child.stdin.close()
    await child.wait()
    lost = published - got["samples"]
    share = 100 * (used + got["cpu_s"]) / _OWN_PACE_S
    return [
        at_least(
            "live path, one core: frames without loss", best[0], 40_000, "frames/s", f"{best[1]:,.0f} samples/s arrive"
        ),
        Row("live path at the log's own rate, p50", got["p50_ms"], "ms", note=f"{lost} samples lost"),
        at_most("live path at the log's own rate, p99", got["p99_ms"], 3, "ms"),
        at_most("live path at the log's own rate: both processes' share of one core", share, 10, "%"),
    ]


def run() -> list[Row]:
    """Rate, latency, load."""
    if not SHARED.is_dir():
        print(f"live: no recorded log at {SHARED}", file=sys.stderr)
        return []
    cores = os.sched_getaffinity(0)
    try:
        with tempfile.TemporaryDirectory() as folder:
            return uvloop.run(_measure(folder))
    finally:
        os.sched_setaffinity(0, cores)  # what is measured next has them all again
