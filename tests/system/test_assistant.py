"""The assistant in the running stack: what people ask happens in the simulated car, or is refused with the reason.

Only tiers 0 to 2 think here, so that the tests need no model. The car is driven over the desk's own page.
"""

import asyncio
import json
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from alpenglow.assistant import api
from alpenglow.cli.car import running_car
from alpenglow.cockpit import api as cockpit
from alpenglow.fabric import NoProvider
from tests.assistant.cloud.recorder import message, recording, says
from tests.running import Stack

from .conftest import ClusterWatch

WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
DOME = "Vehicle.Cabin.Light.IsDomeOn"
SOON_S = 20.0  # nothing is measured; a loaded machine is no failure


class Desk:
    """The simulated car's services, called as the desk page calls them."""

    def __init__(self, page: ClientConnection) -> None:
        self._page = page
        self._id = 0

    def call(self, service: str, **arguments: Any) -> None:
        self._id += 1
        self._page.send(json.dumps({"op": "call", "id": self._id, "service": service, "args": arguments}))
        while (answer := json.loads(self._page.recv(timeout=10))).get("id") != self._id:
            pass
        assert answer["op"] == "result", answer

    def controls(self, **changes: Any) -> None:
        self.call("vehicle.set_controls", changes=changes)


class Talker:
    """Somebody who sits at the command line all the while, connected to the car."""

    def __init__(self, stack: Stack) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._car = running_car(stack.run_dir)
        self._fabric = self._run(self._car.__aenter__()).fabric

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def value(self, path: str) -> Any:
        return self._fabric.read(path).value

    def call(self, service: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
        """Call a service, also while who serves it is on their way back."""

        async def work() -> Any:
            deadline = time.monotonic() + SOON_S
            while True:
                try:
                    return await self._fabric.call(service, *arguments)
                except NoProvider:
                    if time.monotonic() > deadline:
                        raise
                    await asyncio.sleep(0.2)

        return self._run(work())

    def ask(self, said: str) -> api.Answer:
        answer: api.Answer = self.call(api.ask, said)
        return answer

    def close(self) -> None:
        self._run(self._car.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("assistant"), "--option", "model=none") as stack:
        yield stack


@pytest.fixture(scope="module")
def talker(stack: Stack) -> Iterator[Talker]:
    talker = Talker(stack)
    until(lambda: talker.value("Vehicle.Speed") is not None)
    talker.ask("Hello.")
    yield talker
    talker.close()


@pytest.fixture
def desk(stack: Stack) -> Iterator[Desk]:
    with connect(stack.websocket_url("desk")) as page:
        yield Desk(page)


def until(holds: Callable[[], object], within_s: float = SOON_S) -> None:
    """Wait until `holds`; fail after `within_s`."""
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def test_what_is_asked_happens_in_the_car_and_is_undone(stack: Stack, talker: Talker) -> None:
    done = stack.run("ask", "Open my window halfway.", "--json")
    assert done.returncode == 0, done.stderr
    assert WINDOW in json.loads(done.stdout)["set"]
    until(lambda: 45 <= talker.value(WINDOW) <= 55)
    answer = talker.ask("Undo that.")
    assert [d.path for d in answer.did] == [WINDOW]
    until(lambda: talker.value(WINDOW) <= 2)


def test_the_answer_has_the_cars_own_number(talker: Talker) -> None:
    charge = talker.value("Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed")
    assert f"{charge:.0f}" in talker.ask("How full is the battery?").reply


def test_the_boot_is_opened_after_a_yes(talker: Talker) -> None:
    boot = "Vehicle.Body.Trunk.Rear.IsOpen"
    assert talker.ask("Open the boot.").asked
    assert talker.value(boot) is False
    talker.ask("Yes.")
    until(lambda: talker.value(boot) is True)
    talker.ask("Close the boot.")
    until(lambda: talker.value(boot) is False)


def test_at_speed_it_refuses_with_the_drivers_sentence(stack: Stack, talker: Talker, desk: Desk) -> None:
    desk.controls(ready=True, brake=1.0, gear="D", parking_brake=False)
    until(lambda: talker.value("Vehicle.Powertrain.Transmission.CurrentGear") == 127)

    def driving() -> bool:
        desk.controls(brake=0.0, accelerator=0.6)  # again and again, as a foot does
        return bool(talker.value("Vehicle.Speed") > 15)

    until(driving)
    refused = stack.run("ask", "Open the driver's door.")
    speed = talker.value("Vehicle.Speed")
    desk.controls(accelerator=0.0, brake=1.0)
    assert speed > 0.5
    assert refused.returncode == 1
    assert "The doors stay shut while the car is moving." in refused.stdout
    assert talker.value("Vehicle.Cabin.Door.Row1.DriverSide.IsOpen") is False
    until(lambda: talker.value("Vehicle.Speed") < 0.5)


def test_a_scene_made_by_a_sentence_happens_when_it_rains(stack: Stack, talker: Talker, desk: Desk) -> None:
    talker.ask("Open my window.")
    until(lambda: talker.value(WINDOW) >= 98)
    answer = talker.ask("Make a scene: when it rains, close my window.")
    assert answer.scene is not None
    assert not answer.did
    kept = talker.call(cockpit.keep_scene, answer.scene)
    assert [s.scene for s in talker.call(cockpit.scenes) if not s.preset] == [kept]
    time.sleep(2.5)  # it has been seen that it does not rain yet
    desk.call("vehicle.set_world", changes={"weather": "RAIN"})
    until(lambda: talker.value(WINDOW) <= 2)
    desk.call("vehicle.set_world", changes={"weather": "DRY"})
    assert talker.ask("Undo that.").did[0].path == WINDOW
    until(lambda: talker.value(WINDOW) >= 98)
    talker.call(cockpit.drop_scene, kept.id)
    assert [s for s in talker.call(cockpit.scenes) if not s.preset] == []


def test_a_timer_runs_out(talker: Talker) -> None:
    assert talker.value(DOME) is False
    assert not talker.ask("In two seconds turn on the dome light.").did
    until(lambda: talker.value(DOME) is True)
    talker.ask("Turn off the dome light.")


def test_what_is_forgotten_is_gone_from_the_disk(stack: Stack, talker: Talker) -> None:
    talker.ask("Remember that my locker is number 4711.")
    kept = talker.call(api.memories)
    assert any("4711" in memory.says for memory in kept)
    assert b"4711" in on_disk(stack)
    assert talker.ask("Forget everything.").asked
    assert talker.call(api.memories)
    talker.ask("Yes.")
    assert talker.call(api.memories) == []
    assert b"4711" not in on_disk(stack)


def on_disk(stack: Stack) -> bytes:
    """All that the assistant's memory has on the disk. What was said lately is the conversation's, not the memory's."""
    files = (stack.folder / "state" / "assistant").rglob("*")
    return b"".join(f.read_bytes() for f in files if f.is_file() and not f.name.startswith("conversation-"))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV], ids=["killed", "crashed in native code"])
def test_it_comes_back_and_the_conversation_goes_on(number: signal.Signals, stack: Stack, talker: Talker) -> None:
    before = talker.value(WINDOW)
    talker.ask("Open my window halfway.")
    until(lambda: 45 <= talker.value(WINDOW) <= 55)
    with ClusterWatch(stack.websocket_url("cluster")) as cluster:
        pids = {name: stack.pid(name) for name in ("assistant", "safety", "vehicle")}
        until(lambda: cluster.readings)
        os.kill(pids["assistant"], number)
        stack.until_back("assistant", pids["assistant"])
        back = time.time()
        answer = talker.ask("Undo that.")
        assert [d.path for d in answer.did] == [WINDOW]
        until(lambda: abs(talker.value(WINDOW) - before) <= 2)
        # The same connection, to the same process, and it goes on.
        assert cluster.failure is None
        assert cluster.messages[-1] > back
        assert [stack.pid(name) for name in ("safety", "vehicle")] == [pids["safety"], pids["vehicle"]]


@asynccontextmanager
async def endpoint(stack: Stack, status: str) -> AsyncIterator[Any]:
    """A cloud on this machine, in the settings of an assistant that has just been started again."""
    settings = stack.folder / "state" / "assistant" / "cloud.toml"
    async with recording(says(message("Bees!"), status=status)) as recorder:
        settings.write_text(f'url = "{recorder.url}"\nmodel = "m"\n')
        restart(stack)
        try:
            yield recorder
        finally:
            settings.unlink()


def restart(stack: Stack) -> None:
    pid = stack.pid("assistant")
    os.kill(pid, signal.SIGKILL)
    stack.until_back("assistant", pid)


def test_the_cloud_is_asked_by_consent_alone_and_every_byte_is_listed(stack: Stack, talker: Talker) -> None:
    async def run() -> None:
        async with endpoint(stack, "200 OK") as recorder:
            said = "Tell me a joke."
            silent = await asyncio.to_thread(talker.ask, said)
            assert recorder.received == []
            assert silent.egress_bytes == 0
            assert any("consent" in reason for reason in silent.why)
            purpose = (await asyncio.to_thread(talker.call, api.consents))[0].purpose
            await asyncio.to_thread(talker.call, api.set_consent, purpose, True)
            answer = await asyncio.to_thread(talker.ask, said)
            assert answer.reply == "Bees!"
            entries = await asyncio.to_thread(talker.call, api.egress)
            assert [e.bytes_out for e in entries] == [recorder.bytes]
            assert (await asyncio.to_thread(talker.call, api.status)).egress_bytes == recorder.bytes
            await asyncio.to_thread(talker.call, api.set_consent, purpose, False)
            before = recorder.bytes
            await asyncio.to_thread(talker.ask, said)
            assert recorder.bytes == before

    asyncio.run(run())


def test_everything_it_keeps_is_its_owners_alone(stack: Stack) -> None:
    folder = stack.folder / "state" / "assistant"
    assert folder.stat().st_mode & 0o077 == 0
    assert any(Path(folder).iterdir())
