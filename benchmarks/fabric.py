"""Services and snapshots between two processes: a client here, the router and its table in a child."""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

import msgspec
import uvloop

from alpenglow.fabric import Endpoint, Fabric, Identities, Service, load_identities, service
from alpenglow.signals import Quality, Sample, load_catalogue
from benchmarks.table import Row, at_most, quantile

_CALLS = 2000
_CHILD = "import sys, uvloop; from benchmarks.fabric import serve; uvloop.run(serve(sys.argv[1]))"


@service
async def echo(number: int) -> int:
    """`number` again; only for measuring."""
    raise NotImplementedError


def in_room(declared: Service[..., int], room: str) -> None:
    """Declare a measuring service as `room`'s, whose calls the identities permit."""
    declared.room, declared.name = room, f"{room}.{declared.function}"


def unlimited() -> Identities:
    """The identities without their message rates: what is measured is the call, not the pace that a caller keeps."""
    table = load_identities().table
    return Identities({name: msgspec.structs.replace(row, messages_per_s=None) for name, row in table.items()})


def endpoint(folder: str, identity: str) -> Endpoint:
    """Where the measured fabric is."""
    address = (f"unixsock-stream/{folder}/fabric.sock",)
    if identity != "safety":
        return Endpoint(connect=address, secret="bench")
    users = Path(folder) / "users"
    users.write_text("".join(f"{name}:bench\n" for name in ("vehicle", "cockpit", "operator")))
    return Endpoint(listen=address, secret="bench", users_file=str(users))


async def serve(folder: str) -> None:
    """The child: the router, which answers `echo`."""
    in_room(echo, "safety")
    async with await Fabric.open("safety", endpoint(folder, "safety"), load_catalogue(), unlimited()) as fabric:

        async def answer(_: str, number: int) -> int:
            return number

        await fabric.serve(echo, answer)
        print("up", flush=True)
        await asyncio.to_thread(sys.stdin.read)


async def _measure(folder: str) -> list[Row]:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _CHILD, folder, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    await child.stdout.readline()
    in_room(echo, "safety")
    catalogue = load_catalogue()
    async with await Fabric.open("cockpit", endpoint(folder, "cockpit"), catalogue, unlimited()) as fabric:
        times = []
        for number in range(_CALLS):
            began = time.perf_counter()
            assert await fabric.call(echo, number) == number
            times.append((time.perf_counter() - began) * 1e3)
        now = time.time_ns()
        fabric.table.put(
            [Sample(i, 1.0, Quality.VALID, now) for i in range(len(catalogue.signals))], time.monotonic_ns()
        )
        copies = []
        for _ in range(200):
            began = time.perf_counter()
            assert len(fabric.snapshot()) == len(catalogue.signals)
            copies.append((time.perf_counter() - began) * 1e3)
    async with await Fabric.open("vehicle", endpoint(folder, "vehicle"), catalogue) as owner:
        mine = [i for i, o in enumerate(owner.identities.owners(catalogue)) if o == "vehicle"]
        owner.publish_samples([Sample(i, 1.0, Quality.VALID, now) for i in mine])
        async with await Fabric.open("operator", endpoint(folder, "operator"), catalogue) as late:
            asked = []
            for _ in range(50):
                began = time.perf_counter()
                await late.refresh()
                asked.append((time.perf_counter() - began) * 1e3)
                await asyncio.sleep(0.005)
            assert len(late.snapshot()) >= len(mine)
    child.terminate()
    await child.wait()
    return [
        at_most(
            f"snapshot of all {len(catalogue.signals):,} signals", quantile(copies, 0.5), 2, "ms", "from the own table"
        ),
        Row(f"late starter: {len(mine):,} signals from their owner", quantile(asked, 0.5), "ms"),
        at_most("service call between two processes, p50", quantile(times, 0.5), 0.5, "ms", f"{_CALLS:,} calls"),
        Row("service call between two processes, p99", quantile(times, 0.99), "ms"),
    ]


def run() -> list[Row]:
    """Service call, snapshot."""
    with tempfile.TemporaryDirectory() as folder:
        return uvloop.run(_measure(folder))
