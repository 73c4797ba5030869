"""The process `vehicle` as the rest of the car meets it: over a real fabric, with the simulated car behind its bus."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from websockets.asyncio.client import ClientConnection, connect

from alpenglow.fabric import BadArguments, Endpoint, Fabric, NoProvider, ServiceError, load_identities
from alpenglow.fabric.room import line_catalogue
from alpenglow.signals import Quality, Value
from alpenglow.vehicle import api
from alpenglow.vehicle.api import ControlChanges, WorldChanges

LINE = Path(api.__file__).parent.parent / "lines" / "aurora"
SPEED = "Vehicle.Speed"
PATIENCE_S = 30.0  # a loaded machine may be slow; what is awaited comes within a second otherwise


class Stack:
    """A fabric router in this process (it is `safety`), and the vehicle as a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.catalogue = line_catalogue(LINE)
        self.exits = AsyncExitStack()
        self.identities = load_identities()
        self.address = f"unixsock-stream/{folder}/f.sock"
        (folder / "users").write_text("".join(f"{name}:secret-{name}\n" for name in self.identities.table))
        self.process: subprocess.Popen[bytes] | None = None

    async def open(self, identity: str) -> Fabric:
        router = identity == "safety"
        endpoint = Endpoint(
            connect=() if router else (self.address,),
            listen=(self.address,) if router else (),
            secret=f"secret-{identity}",
            users_file=str(self.folder / "users") if router else "",
        )
        return await self.exits.enter_async_context(await Fabric.open(identity, endpoint, self.catalogue))

    async def start_vehicle(self, line: Path = LINE, **options: str) -> None:
        """Start the process and wait until it says that it is ready."""
        settings = {
            "identity": "vehicle",
            "run_dir": str(self.folder),
            "state_dir": str(self.folder / "state"),
            "line": str(line),
            "connect": [self.address],
            "secret": "secret-vehicle",
            "options": options,
        }
        file = self.folder / "vehicle.json"
        file.write_text(json.dumps(settings))
        notify = self.folder / "notify"
        notify.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as said:
            said.bind(str(notify))
            said.setblocking(False)
            environment = {**os.environ, "ALPENGLOW_SETTINGS": str(file), "NOTIFY_SOCKET": str(notify)}
            self.process = subprocess.Popen([sys.executable, "-m", "alpenglow.vehicle.process"], env=environment)
            loop = asyncio.get_running_loop()
            ended = loop.run_in_executor(None, self.process.wait)
            while True:
                hears = asyncio.ensure_future(loop.sock_recv(said, 100))
                await asyncio.wait({hears, ended}, timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
                assert hears.done(), "the process ended or says nothing"
                if hears.result() == b"READY=1":
                    return

    def kill(self, number: int) -> int:
        """Send a signal that ends the process, and wait for the end."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)

    async def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.kill(signal.SIGKILL)
        await self.exits.aclose()


@pytest_asyncio.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    stack = Stack(tmp_path)
    try:
        yield stack
    finally:
        await stack.close()


async def until(what: str, holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end, f"waited in vain until {what}"
        await asyncio.sleep(0.01)


async def until_reads(fabric: Fabric, path: str, value: Value) -> None:
    await until(f"{path} is {value!r}", lambda: fabric.read(path).value == value)


def number(fabric: Fabric, path: str) -> float:
    value = fabric.read(path).value
    return float(value) if isinstance(value, int | float) else float("nan")


async def drive_off(desk: Fabric) -> None:
    """What a driver does: foot on the brake, D, then accelerate."""
    await desk.call(api.set_controls, ControlChanges(brake=0.6, accelerator=0.0, gear="D", parking_brake=False))
    await until_reads(desk, "Vehicle.Powertrain.Transmission.CurrentGear", 127)
    await desk.call(api.set_controls, ControlChanges(brake=0.0, accelerator=0.5))


async def test_a_driver_at_the_desk_drives_the_car(stack: Stack) -> None:
    door = await stack.open("safety")
    await stack.start_vehicle()
    desk = await stack.open("desk")
    await until_reads(desk, "Vehicle.Powertrain.Transmission.CurrentGear", 126)
    assert number(desk, SPEED) == 0.0
    await drive_off(desk)
    for _ in range(8):
        await desk.call(api.set_controls, ControlChanges(accelerator=0.5))
        await asyncio.sleep(0.25)
    assert number(desk, SPEED) > 5.0
    assert door.read(SPEED).quality is Quality.VALID
    assert number(desk, "Vehicle.Powertrain.TractionBattery.CurrentPower") < -5000.0, "VSS: negative is out of it"
    state = await desk.call(api.simulation)
    assert state.controls.gear == "D"
    assert not state.controls.parking_brake
    assert desk.read("Vehicle.Alpenglow.BusState.can0").value == "OK"


async def test_a_desk_that_has_gone_takes_its_feet_off_the_pedals(stack: Stack) -> None:
    await stack.open("safety")
    await stack.start_vehicle()
    desk = await stack.open("desk")
    await drive_off(desk)
    pedal = "Vehicle.Chassis.Accelerator.PedalPosition"
    await until_reads(desk, pedal, 50)
    await until_reads(desk, pedal, 0)
    assert (await desk.call(api.simulation)).controls.accelerator == 0.0


async def test_actuation_moves_a_real_window_and_reports_back(stack: Stack) -> None:
    door = await stack.open("safety")
    await stack.start_vehicle()
    window = "Vehicle.Cabin.Door.Row1.DriverSide.Window"
    seen = set()
    await door.write(f"{window}.Position", 60)
    end = time.monotonic() + PATIENCE_S
    while door.read(f"{window}.Position").value != 60 and time.monotonic() < end:
        seen.add(door.read(f"{window}.Position").value)
        await asyncio.sleep(0.02)
    assert len(seen) > 5, "it moves through the places between"
    assert door.read(f"{window}.IsOpen").value is True
    colour = "Vehicle.Cabin.Light.AmbientLight.Row1.DriverSide.Color"
    await door.write(colour, "#FF8000")
    await until_reads(door, colour, "#FF8000")


async def test_what_no_bus_takes_and_what_no_bus_can_carry_is_refused_in_words(stack: Stack) -> None:
    door = await stack.open("safety")
    await stack.start_vehicle()
    with pytest.raises(NoProvider, match="no bus of this car"):
        await door.write("Vehicle.Cabin.RearviewMirror.DimmingLevel", 5)
    with pytest.raises(BadArguments, match="#RRGGBB"):
        await door.write("Vehicle.Cabin.Light.AmbientLight.Row1.DriverSide.Color", "red")


async def test_a_corrupt_speed_frame_is_never_taken_for_a_speed(stack: Stack) -> None:
    await stack.open("safety")
    await stack.start_vehicle(demo="drive")
    desk = await stack.open("desk")
    await until("the car moves", lambda: number(desk, SPEED) > 5.0)
    await desk.call(api.inject_fault, "speed_checksum", True)
    await until("the speed is invalid", lambda: desk.read(SPEED).quality is Quality.INVALID)
    assert desk.read(SPEED).value is None
    await desk.call(api.inject_fault, "speed_checksum", False)
    await until("the speed is back", lambda: number(desk, SPEED) > 0.0)
    with pytest.raises(BadArguments, match="no fault"):
        await desk.call(api.inject_fault, "gremlins", True)


async def test_a_cut_bus_is_said_and_everything_goes_stale(stack: Stack) -> None:
    await stack.open("safety")
    await stack.start_vehicle()
    desk = await stack.open("desk")
    await until_reads(desk, "Vehicle.Alpenglow.BusState.can0", "OK")
    # The first protected frames prove nothing yet (E2E INIT): a speed that was never valid would not go stale.
    await until("the speed is valid", lambda: desk.read(SPEED).quality is Quality.VALID)
    await desk.call(api.inject_fault, "bus_cut", True)
    await until_reads(desk, "Vehicle.Alpenglow.BusState.can0", "SILENT")
    await until("the speed is stale", lambda: desk.read(SPEED).quality is Quality.STALE)
    await desk.call(api.inject_fault, "bus_cut", False)
    await until("the speed is back", lambda: desk.read(SPEED).quality is Quality.VALID)


async def test_killed_on_the_move_it_goes_on_moving(stack: Stack) -> None:
    await stack.open("safety")
    await stack.start_vehicle(demo="drive")
    desk = await stack.open("desk")
    await desk.call(api.set_world, WorldChanges(outside_temperature=7.0))
    await until("the car moves", lambda: number(desk, SPEED) > 30.0)
    await asyncio.sleep(1.2)  # its state is written once a second
    odometer = number(desk, "Vehicle.TraveledDistance")
    stack.kill(signal.SIGKILL)
    await until("its speed is stale", lambda: desk.read(SPEED).quality is Quality.STALE)
    await stack.start_vehicle(demo="drive")
    await until("its speed is back", lambda: desk.read(SPEED).value is not None)
    assert number(desk, SPEED) > 20.0
    await until("its odometer is back", lambda: desk.read("Vehicle.TraveledDistance").value is not None)
    assert number(desk, "Vehicle.TraveledDistance") >= odometer - 40.0, "no more than the last second is lost"
    await until_reads(desk, "Vehicle.Exterior.AirTemperature", 7.0)


async def test_ended_in_peace_it_keeps_its_odometer_and_parks(stack: Stack) -> None:
    await stack.open("safety")
    await stack.start_vehicle(demo="drive")
    desk = await stack.open("desk")
    await until("the car moves", lambda: number(desk, SPEED) > 20.0)
    assert stack.kill(signal.SIGTERM) == 0
    file = stack.folder / "state" / "car.json"
    saved = json.loads(file.read_bytes())
    saved["saved_at"] -= 3600.0
    file.write_text(json.dumps(saved))
    await stack.start_vehicle()
    await until_reads(desk, "Vehicle.Powertrain.Transmission.CurrentGear", 126)
    await until_reads(desk, SPEED, 0.0)
    await until(
        "the odometer is back",
        lambda: abs(number(desk, "Vehicle.TraveledDistance") - saved["odometer"]) <= 1.0,
    )


async def test_a_paused_process_does_not_make_up_for_the_pause(stack: Stack) -> None:
    await stack.open("safety")
    await stack.start_vehicle(demo="drive")
    desk = await stack.open("desk")
    await until("the car moves", lambda: number(desk, SPEED) > 40.0)
    assert stack.process is not None
    before = number(desk, "Vehicle.TraveledDistance")
    stack.process.send_signal(signal.SIGSTOP)
    await asyncio.sleep(3.0)
    assert desk.read(SPEED).quality is Quality.STALE
    stack.process.send_signal(signal.SIGCONT)
    await until("the odometer is back", lambda: number(desk, "Vehicle.TraveledDistance") > 0.0)
    assert number(desk, "Vehicle.TraveledDistance") - before < 30.0, "three seconds would have been 33 m and more"


async def test_a_recorded_drive_is_played_as_if_its_buses_were_there(stack: Stack, shared_data: Path) -> None:
    rav4 = LINE.parent / "rav4"
    stack.catalogue = line_catalogue(rav4)
    await stack.open("safety")
    log, dbc = shared_data / "rav4" / "drive.log.gz", shared_data / "rav4" / "toyota.dbc"
    radar = shared_data / "rav4" / "radar.dbc"
    await stack.start_vehicle(line=rav4, log=str(log), dbc=f"can0={dbc},can1={radar}", speed="4")
    desk = await stack.open("desk")
    await until("the recorded car moves", lambda: number(desk, SPEED) > 20.0)
    objects = "Vehicle.Alpenglow.Perception.Objects"
    await until("its radar sees somebody", lambda: bool(desk.read(objects).value))
    await until("it follows somebody", lambda: number(desk, "Vehicle.Alpenglow.Perception.Lead") >= 0.0)
    with pytest.raises(NoProvider):
        await desk.call(api.simulation)


async def test_a_line_may_bring_its_radars_dbc_itself(stack: Stack, shared_data: Path, tmp_path: Path) -> None:
    rav4, line = shared_data / "rav4", tmp_path / "line"
    line.mkdir()
    for name in ("overlay.tsv", "rav4.map.json"):
        (line / name).write_bytes((LINE.parent / "rav4" / name).read_bytes())
    for name in ("toyota.dbc", "radar.dbc"):
        (line / name).write_bytes((rav4 / name).read_bytes())
    text = (LINE.parent / "rav4" / "line.toml").read_text().replace("fd = false", 'dbc = "toyota.dbc"\nfd = false')
    (line / "line.toml").write_text(text + '\n[[bus]]\nname = "can1"\ndbc = "radar.dbc"\n')
    stack.catalogue = line_catalogue(line)
    await stack.open("safety")
    await stack.start_vehicle(line=line, log=str(rav4 / "drive.log.gz"), speed="4")
    desk = await stack.open("desk")
    await until("the radar sees somebody", lambda: bool(desk.read("Vehicle.Alpenglow.Perception.Objects").value))


async def test_a_log_that_is_not_there_ends_the_process_with_one_line(stack: Stack) -> None:
    await stack.open("safety")
    with pytest.raises(AssertionError):
        await stack.start_vehicle(source="replay", log="/nowhere/drive.log")
    assert stack.process is not None
    assert stack.process.wait(PATIENCE_S) == os.EX_CONFIG, "starting again would not help"


async def test_the_desks_page_may_drive_and_a_rooms_page_of_another_identity_may_not(stack: Stack) -> None:
    """The process `desk` serves its WebSocket; what it passes on is permitted to it, and not to `cockpit`."""
    await stack.open("safety")
    await stack.start_vehicle()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "identity": "desk",
        "run_dir": str(stack.folder),
        "state_dir": str(stack.folder / "state"),
        "line": str(LINE),
        "connect": [stack.address],
        "secret": "secret-desk",
        "web_port": port,
    }
    file = stack.folder / "desk.json"
    file.write_text(json.dumps(settings))
    environment = {**os.environ, "ALPENGLOW_SETTINGS": str(file)}
    desk = subprocess.Popen([sys.executable, "-m", "alpenglow.vehicle.desk"], env=environment)
    try:
        await until("the desk listens", lambda: listens(port))
        async with connect(f"ws://127.0.0.1:{port}/ws", origin=f"http://127.0.0.1:{port}") as page:  # type: ignore[arg-type]
            call = {"op": "call", "id": 1, "service": "vehicle.set_controls", "args": {"changes": {"brake": 0.5}}}
            await page.send(json.dumps(call))
            assert (await answer(page, 1))["op"] == "result"
            await page.send(json.dumps({"op": "call", "id": 2, "service": "vehicle.simulation", "args": {}}))
            state = (await answer(page, 2))["result"]
            assert state["controls"]["brake"] == 0.5
            assert {"speed_sensor", "bus_cut", "tyre_fl"} <= {fault["id"] for fault in state["faults"]}
            call = {"op": "call", "id": 3, "service": "vehicle.set_controls", "args": {"changes": {"brake": 7}}}
            await page.send(json.dumps(call))
            assert (await answer(page, 3))["error"]["kind"] == "BadArguments"
    finally:
        desk.terminate()
        desk.wait(PATIENCE_S)
    cockpit = await stack.open("cockpit")
    with pytest.raises(ServiceError):
        await cockpit.call(api.set_controls, ControlChanges(accelerator=1.0))


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def answer(page: ClientConnection, number: int) -> dict[str, Any]:
    """The answer to the call `number`; other messages are passed over."""
    while True:
        message: dict[str, Any] = json.loads(await asyncio.wait_for(page.recv(), PATIENCE_S))
        if message.get("id") == number:
            return message
