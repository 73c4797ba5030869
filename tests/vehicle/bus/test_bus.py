"""Live buses and replays: nothing is lost, the pace is the log's, errors are one line."""

import asyncio
import os
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from alpenglow.vehicle import bus as module
from alpenglow.vehicle import replay
from alpenglow.vehicle.bus import BusError, Buses
from alpenglow.vehicle.frames import Frame
from alpenglow.vehicle.logs import LogError
from alpenglow.vehicle.replay import Replay


@dataclass
class Entry:
    name: str
    interface: str = "virtual"
    channel: str = ""
    fd: bool = False


def frame(number: int, size: int = 8) -> Frame:
    return Frame(time.time_ns(), "can0", 0x100, number.to_bytes(size, "big"), fd=size > 8)


def test_frames_cross_a_virtual_bus_whole_and_in_order() -> None:
    here, there = Buses([Entry("can0")]), Buses([Entry("can0"), Entry("can1")])
    try:
        sent = [frame(i, 8 if i % 2 else 64) for i in range(1000)]
        for item in sent:
            here.send("can0", item)
        got = there.take()
        assert [f[1:] for f in got] == [f[1:] for f in sent]
        assert all(abs(a.time_ns - b.time_ns) < 1000 for a, b in zip(sent, got, strict=True))  # a float's nanoseconds
        assert not here.take()
        assert there.received == {"can0": 1000, "can1": 0}
    finally:
        here.close()
        there.close()


async def test_waiting_ends_when_a_frame_arrives() -> None:
    here, there = Buses([Entry("can0")]), Buses([Entry("can0")])
    try:
        assert not await there.wait(0.01)
        asyncio.get_running_loop().call_later(0.01, here.send, "can0", frame(1))
        assert await there.wait(10)
        assert len(there.take()) == 1
        here.send("can0", frame(2))
        assert await there.wait(10)
    finally:
        here.close()
        there.close()


def test_what_is_not_taken_in_time_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUEUE_FRAMES", 10)
    here, there = Buses([Entry("can0")]), Buses([Entry("can0")])
    try:
        for i in range(25):
            here.send("can0", frame(i))
        assert [int.from_bytes(f.data, "big") for f in there.take()] == list(range(15, 25))
        assert there.lost == {"can0": 15}
    finally:
        here.close()
        there.close()


@pytest.mark.parametrize(
    "entry", [Entry("can7", "socketcan", "can7"), Entry("can7", "nonsense"), Entry("can7", "slcan", "/dev/none")]
)
def test_a_bus_that_cannot_be_opened_is_one_line(entry: Entry) -> None:
    with pytest.raises(BusError, match=r"^bus can7 [^\n]+$"):
        Buses([Entry("can0"), entry])


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "a.log"
    path.write_text("".join(f"({100 + i / 100:.6f}) can0 123#{i:02X}\n" for i in range(30)))
    return path


async def play(item: Replay, most: int = 1000) -> list[Frame]:
    got: list[Frame] = []
    async for batch in item.batches():
        got += batch
        if len(got) >= most:
            break
    return got


async def test_a_replay_gives_every_frame_with_the_logs_own_time(log: Path) -> None:
    for speed in (None, 1.0, 50.0):
        got = await play(Replay(log, speed=speed))
        assert [f.data[0] for f in got] == list(range(30))
        assert [f.time_ns for f in got] == [100 * 10**9 + i * 10**7 for i in range(30)]


async def test_a_replay_never_runs_ahead_of_the_logs_clock(log: Path) -> None:
    start = time.monotonic()
    async for batch in Replay(log, speed=2.0).batches():
        passed = (time.monotonic() - start) * 2.0
        assert passed >= (batch[-1].time_ns - 100 * 10**9) / 1e9


async def test_a_replay_loops(log: Path) -> None:
    got = await play(Replay(log, speed=None, loop=True), most=70)
    assert [f.data[0] for f in got[:70]] == [i % 30 for i in range(70)]


async def test_a_long_silence_in_the_log_is_cut_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "_GAP_S", 0.05)
    path = tmp_path / "a.log"
    path.write_text("(100.000000) can0 123#00\n(90000.000000) can0 123#01\n(90000.100000) can0 123#02\n")
    got = await asyncio.wait_for(play(Replay(path)), 30)
    assert [b.time_ns - a.time_ns for a, b in pairwise(got)] == [89_900 * 10**9, 10**8]


async def test_what_cannot_be_replayed_says_so(tmp_path: Path, log: Path) -> None:
    with pytest.raises(LogError, match="No such file"):
        Replay(tmp_path / "none.log")
    with pytest.raises(ValueError, match="speed must be above 0"):
        Replay(log, speed=0.0)
    empty = tmp_path / "empty.log"
    empty.write_text("")
    with pytest.raises(LogError, match="holds no data frame"):
        await play(Replay(empty, loop=True))
    log.write_text(log.read_text() + "nonsense\n")
    with pytest.raises(LogError, match=r"a\.log:31"):
        await play(Replay(log, speed=None))


async def test_a_bus_with_a_descriptor_wakes_who_waits_and_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe stands for socketcan's socket, which not every kernel has: both stay readable until emptied."""
    reading, writing = os.pipe()

    class Socket:
        def fileno(self) -> int:
            return reading

        def recv(self, timeout: float) -> None:
            return None

        def shutdown(self) -> None:
            os.close(reading)

    monkeypatch.setattr(module, "open_bus", lambda entry: Socket())
    buses = Buses([Entry("can0", interface="socketcan")])
    try:
        assert not await buses.wait(0.02)
        asyncio.get_running_loop().call_later(0.02, os.write, writing, b"frame")
        assert await buses.wait(5)
        # Not emptied yet, and nobody waits: a descriptor that is still watched would wake the loop at every turn.
        assert not asyncio.get_running_loop().remove_reader(reading)
        assert await buses.wait(5)
    finally:
        buses.close()
        os.close(writing)
