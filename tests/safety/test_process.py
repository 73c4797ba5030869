"""The process `safety` as it runs in a car: started from its settings file, watched over the fabric and its page."""

import asyncio
import json
import os
import signal
import socket
import sys
import urllib.request
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest_asyncio

import alpenglow
from alpenglow.fabric import Endpoint, Fabric, load_identities
from alpenglow.fabric.room import line_catalogue
from alpenglow.signals import Catalogue, Value
from tests.safety.test_door import reached
from tests.safety.test_telltales import LAMP, SOUND

TELLTALE = "Vehicle.Alpenglow.Telltale"


class Running:
    """The process, and the fabric as `vehicle` and as an observer see it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.line = folder / "line"
        self.line.mkdir()
        entries = [{"path": path, "message": "M", "signal": "S"} for path in SOUND]
        (self.line / "car.map.json").write_text(json.dumps({"signals": entries}))
        (self.line / "line.toml").write_text('title = "Test"\n[[bus]]\nname = "can0"\nmapping = "car.map.json"\n')
        self.catalogue: Catalogue = line_catalogue(self.line)
        self.address = f"unixsock-stream/{folder}/f.sock"
        self.settings = {
            "identity": "safety",
            "run_dir": str(folder),
            "state_dir": str(folder),
            "line": str(self.line),
            "listen": [self.address],
            "secret": "s",
            "users": dict.fromkeys(load_identities().table, "s"),
            "web_port": self.port,
        }

    async def spawn(self) -> asyncio.subprocess.Process:
        """Start the process; `ready` waits for it."""
        file = self.folder / "settings.json"
        file.write_text(json.dumps(self.settings))
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(str(self.folder / "notify.sock"))
        self.notify.setblocking(False)
        environment = os.environ | {
            "ALPENGLOW_SETTINGS": str(file),
            "NOTIFY_SOCKET": str(self.folder / "notify.sock"),
            "PYTHONPATH": str(Path(alpenglow.__file__).parent.parent),
        }
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "alpenglow.safety.process", env=environment, stderr=asyncio.subprocess.PIPE
        )

    async def ready(self) -> None:
        loop = asyncio.get_running_loop()
        with self.notify:
            while b"READY=1" not in await asyncio.wait_for(loop.sock_recv(self.notify, 200), 30):
                pass

    async def open(self, identity: str) -> Fabric:
        return await Fabric.open(identity, Endpoint(connect=(self.address,), secret="s"), self.catalogue)


async def until(condition: Callable[[], Any], longest_s: float = 10.0) -> None:
    async with asyncio.timeout(longest_s):
        while not condition():
            await asyncio.sleep(0.005)


@pytest_asyncio.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    running = Running(tmp_path)
    process = await running.spawn()
    await running.ready()
    yield running
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 10) == 0


async def say(fabric: Fabric, values: dict[str, Value]) -> None:
    """The car says `values` ten times a second until cancelled."""
    while True:
        fabric.publish(values)
        await asyncio.sleep(0.1)


async def test_the_cluster_follows_the_car_and_shows_when_it_is_gone(running: Running) -> None:
    async with await running.open("vehicle") as vehicle, await running.open("observer") as observer:
        brake, state = f"{TELLTALE}.Brake", "Vehicle.Alpenglow.DrivingState"
        await until(lambda: observer.read(brake).value == "ON")  # nothing has been heard yet
        assert observer.read("Vehicle.Alpenglow.Cluster.Message").value == "Waiting for the car"
        values = dict(SOUND)
        driving = asyncio.ensure_future(say(vehicle, values))
        await until(lambda: observer.read(brake).value == "OFF")
        await until(lambda: observer.read(f"{TELLTALE}.Ready").value == "ON")
        assert observer.read(state).value == "MOVING"
        assert observer.read("Vehicle.Alpenglow.UxRestrictions").value == 511
        values |= {"Vehicle.Speed": 0.0, "Vehicle.Powertrain.Transmission.CurrentGear": 126, f"{LAMP}.Brake": True}
        await until(lambda: observer.read(brake).value == "ON")
        assert observer.read("Vehicle.Alpenglow.Cluster.MessageLevel").value == "STOP"
        await until(lambda: observer.read(state).value == "PARKED")
        assert observer.read("Vehicle.Alpenglow.UxRestrictions").value == 0
        # State that does not change stays fresh: no telltale may go stale while its owner lives.
        await asyncio.sleep(1.5)
        assert observer.read(state).value == "PARKED"
        driving.cancel()
        await until(
            lambda: observer.read("Vehicle.Alpenglow.Cluster.Message").value == "No data from the car. Stop safely"
        )
        assert observer.read(state).value == "MOVING"


async def test_the_bulb_check_runs_when_the_car_is_switched_on(running: Running) -> None:
    async with await running.open("vehicle") as vehicle, await running.open("observer") as observer:
        airbag = f"{TELLTALE}.Airbag"
        values = SOUND | {"Vehicle.Alpenglow.Ready": False}
        driving = asyncio.ensure_future(say(vehicle, values))
        await until(lambda: observer.read(airbag).value == "OFF")
        values["Vehicle.Alpenglow.Ready"] = True
        await until(lambda: observer.read(airbag).value == "ON")
        await until(lambda: observer.read(airbag).value == "OFF")
        driving.cancel()


async def test_the_door_is_open_to_the_cockpit_and_guards_the_car(running: Running) -> None:
    async with await running.open("vehicle") as vehicle, await running.open("cockpit") as cockpit:

        async def write(path: str, value: Value) -> None:
            vehicle.publish({path: value})

        await vehicle.provide(write)
        await reached(cockpit)
        assert (await cockpit.actuate("Vehicle.Body.Lights.Fog.Front.IsOn", True)).state == "confirmed"
        refused = await cockpit.actuate("Vehicle.Cabin.Door.Row1.DriverSide.IsOpen", True)
        assert (refused.state, refused.rule) == ("refused", "doors-stay-shut")


async def test_the_cluster_page_is_served_on_loopback(running: Running) -> None:
    def health() -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{running.port}/health", timeout=5) as answer:
            return bytes(answer.read())

    assert await asyncio.to_thread(health) == b"ok\n"


async def last_words(running: Running) -> str:
    """What the process logs last before it ends by itself."""
    process = await running.spawn()
    with running.notify:
        _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 78  # sysexits.h: starting again would not help
    return str(json.loads(errors.splitlines()[-1])["event"])


async def test_a_wrong_line_ends_the_process_with_one_line(tmp_path: Path) -> None:
    running = Running(tmp_path)
    (running.line / "line.toml").write_text("[cluster]\nlimit = 3\n")
    assert "unknown field `limit`" in await last_words(running)


async def test_a_busy_port_ends_the_process_with_one_line(tmp_path: Path) -> None:
    running = Running(tmp_path)
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", running.port))
        busy.listen()
        assert f"cannot serve pages on 127.0.0.1:{running.port}" in await last_words(running)
