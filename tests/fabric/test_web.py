"""The pages' server, spoken to over real HTTP and WebSockets."""

import asyncio
import json
import socket
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from alpenglow.fabric import Fabric, NotPermitted
from alpenglow.fabric.room import Room, Settings
from alpenglow.fabric.web import PageMessage, PageServer, _decode

from .conftest import IDENTITIES, SPEED, Car, double

DOOR = "Vehicle.Cabin.Door.Row1.DriverSide.IsOpen"


class Served:
    """A page server in this process, and how to reach it."""

    def __init__(self, room: Room, port: int) -> None:
        self.room, self.port = room, port
        self.fabric = room.fabric

    def url(self, path: str = "") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        def fetch() -> tuple[int, str]:
            try:
                with urllib.request.urlopen(
                    urllib.request.Request(self.url(path), headers=headers), timeout=5
                ) as answer:
                    return answer.status, answer.read().decode()
            except urllib.error.HTTPError as error:
                return error.code, error.read().decode()

        return await asyncio.to_thread(fetch)

    def connect(self, query: str = "", origin: str | None = None) -> connect:
        return connect(f"ws://127.0.0.1:{self.port}/ws{query}", origin=origin)  # type: ignore[arg-type]


async def hear(page: ClientConnection, op: str, timeout_s: float = 3.0) -> dict[str, Any]:
    """The next message of that kind; `values` are acknowledged as a page does, heartbeats passed over."""
    async with asyncio.timeout(timeout_s):
        while True:
            message: dict[str, Any] = json.loads(await page.recv())
            if message["op"] == "values":
                await page.send(json.dumps({"op": "ack", "seq": message["seq"]}))
                if not message["values"]:
                    continue
            if message["op"] == op:
                return message


async def serve(car: Car, token: str = "") -> AsyncIterator[Served]:
    fabric = await car.open("safety")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(
        identity="safety", run_dir=str(car.folder), state_dir=str(car.folder), line="lines/aurora",
        web_port=port, web_token=token, pages={"cluster": f"http://127.0.0.1:{port}/cluster"},
    )  # fmt: skip
    room = Room(settings, car.catalogue, fabric)
    started = asyncio.Event()
    serving = asyncio.ensure_future(PageServer(room, ["cluster"], [double]).serve(started.set))
    await asyncio.wait_for(started.wait(), 5)
    yield Served(room, port)
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


@pytest_asyncio.fixture
async def served(car: Car) -> AsyncIterator[Served]:
    async for server in serve(car):
        yield server


async def test_a_page_follows_a_signal(served: Served, car: Car) -> None:
    vehicle = await car.open("vehicle")
    async with served.connect() as page:
        hello = await hear(page, "hello")
        assert hello["pages"]["cluster"].endswith("/cluster")
        await page.send(json.dumps({"op": "follow", "paths": [SPEED]}))
        assert (await hear(page, "values"))["values"] == {SPEED: [None, 3, -1]}
        vehicle.publish({SPEED: 42.0})
        value, quality, age_ms = (await hear(page, "values"))["values"][SPEED]
        assert (value, quality) == (42.0, 0)
        assert 0 <= age_ms < 1000


async def test_a_page_is_told_when_a_value_goes_stale(served: Served, car: Car) -> None:
    vehicle = await car.open("vehicle")
    vehicle.publish({SPEED: 42.0})
    async with served.connect() as page:
        await page.send(json.dumps({"op": "follow", "paths": [SPEED]}))
        readings = []
        while not readings or readings[-1][1] in (0, 3):  # live, or not there yet
            readings.append((await hear(page, "values"))["values"][SPEED])
        *_, before, reading = readings
        assert before[:2] == [42.0, 0]
        assert reading[:2] == [None, 1]
        assert reading[2] >= 200


async def test_a_page_that_never_acknowledges_gets_few_messages_and_then_the_latest(served: Served, car: Car) -> None:
    vehicle = await car.open("vehicle")
    async with served.connect() as page:
        await page.send(json.dumps({"op": "follow", "paths": [SPEED]}))
        for speed in range(100):
            vehicle.publish({SPEED: float(speed)})
            await asyncio.sleep(0.005)
        messages = []
        async with asyncio.timeout(3):
            while not messages or messages[-1].get("values", {}).get(SPEED, [0])[0] != 99.0:
                messages.append(json.loads(await page.recv()))
        assert len([m for m in messages if m["op"] == "values"]) < 20


async def test_a_page_hears_a_heartbeat_when_nothing_changes(served: Served) -> None:
    async with served.connect() as page:
        seen = 0
        async with asyncio.timeout(2):
            while seen < 5:
                message = json.loads(await page.recv())
                if message["op"] == "values":
                    assert message["values"] == {}
                    await page.send(json.dumps({"op": "ack", "seq": message["seq"]}))
                    seen += 1


async def test_a_page_calls_a_service_and_learns_what_is_wrong_with_a_call(served: Served, car: Car) -> None:
    test = await car.open("test")

    async def answer(caller: str, number: int, times: int = 1) -> int:
        return number * 2**times

    await test.serve(double, answer)
    await asyncio.sleep(0.1)
    async with served.connect() as page:
        await page.send(json.dumps({"op": "call", "id": 1, "service": "test.double", "args": {"number": 4}}))
        assert (await hear(page, "result")) == {"op": "result", "id": 1, "result": 8}
        for arguments in (
            {"number": "four"},
            {"numer": 4},
            {"number": 4, "times": 10},  # more than is declared
            {},
        ):
            await page.send(json.dumps({"op": "call", "id": 2, "service": "test.double", "args": arguments}))
            assert (await hear(page, "error"))["error"]["kind"] == "BadArguments"
        await page.send(json.dumps({"op": "call", "id": 3, "service": "vehicle.write", "args": {}}))
        assert (await hear(page, "error"))["error"]["kind"] == "NotPermitted"


async def test_a_page_asks_what_a_signal_is(served: Served) -> None:
    async with served.connect() as page:
        await page.send(json.dumps({"op": "describe", "paths": [DOOR]}))
        (signal,) = (await hear(page, "described"))["signals"]
        assert signal["kind"] == "actuator"
        assert signal["datatype"] == "boolean"


async def test_nonsense_from_a_page_is_answered_and_the_connection_lives(served: Served) -> None:
    async with served.connect() as page:
        for nonsense in (
            "",
            "{",
            '{"op":"steal"}',
            '{"op":"follow"}',
            '{"op":"follow","paths":["Vehicle.Nope"]}',
            "[" * 5000,
        ):
            await page.send(nonsense)
            assert (await hear(page, "problem"))["message"]
        await page.send(json.dumps({"op": "describe", "paths": [DOOR]}))
        assert await hear(page, "described")


@given(st.one_of(st.text(), st.binary()))
def test_only_a_decode_error_comes_out_of_a_page_message(text: str | bytes) -> None:
    import msgspec

    try:
        message: PageMessage = _decode(text)
    except (msgspec.DecodeError, UnicodeError):
        return
    assert message is not None


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1"])
async def test_pages_of_other_sites_are_refused(served: Served, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with served.connect(origin=origin):
            pass
    assert refused.value.response.status_code == 403
    assert (await served.get("/health", Origin=origin))[0] == 403


async def test_other_host_names_are_refused(served: Served) -> None:
    assert (await served.get("/health"))[0] == 200
    assert (await served.get("/health", Host=f"evil.example:{served.port}"))[0] == 403


async def test_with_a_token_nobody_gets_in_without_it(car: Car) -> None:
    async for served in serve(car, token="s3cret"):
        assert (await served.get("/health"))[0] == 403
        assert (await served.get("/health?token=guess"))[0] == 403
        assert (await served.get("/health?token=s3cret"))[0] == 200
        with pytest.raises(InvalidStatus):
            async with served.connect():
                pass
        async with served.connect("?token=s3cret") as page:
            assert await hear(page, "hello")


async def test_serving_beyond_loopback_needs_a_token(car: Car) -> None:
    fabric: Fabric = await car.open("safety")
    settings = Settings(identity="safety", run_dir="", state_dir="", line="", web_host="0.0.0.0")
    with pytest.raises(ValueError, match="token"):
        PageServer(Room(settings, car.catalogue, fabric), ["cluster"])


def test_the_door_is_closed_to_identities_nobody_named() -> None:
    assert not IDENTITIES.may_call("stranger", "safety.actuate")
    assert not IDENTITIES.may_actuate("stranger", SPEED)
    assert NotPermitted.__doc__
