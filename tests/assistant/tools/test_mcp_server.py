"""A program that speaks MCP asks the running car, as the operator, and may do no more."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters

from tests.running import Stack

_SERVE = "import typer; from alpenglow.cli.mcp import mcp; typer.run(mcp)"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("car")) as running:
        yield running


def _server(stack: Stack) -> StdioServerParameters:
    return StdioServerParameters(command=sys.executable, args=["-c", _SERVE, "--run-dir", str(stack.run_dir)])


async def test_asks_and_sees_it_happen(stack: Stack) -> None:
    async with Client(_server(stack), read_timeout_seconds=60) as client:
        names = {tool.name for tool in (await client.list_tools()).tools}
        assert {"ask", "undo", "scenes", "read_signal"} <= names
        answer = await client.call_tool("ask", {"text": "open the driver's window to 40 percent"})
        assert not answer.is_error
        assert answer.structured_content is not None
        assert answer.structured_content["did"][0]["state"] in ("confirmed", "moving")
        path = answer.structured_content["did"][0]["path"]
        reading = await client.call_tool("read_signal", {"path": path})
        assert reading.structured_content is not None
        assert reading.structured_content["quality"] == "valid"


async def test_a_faulty_call_is_an_answer_and_the_server_goes_on(stack: Stack) -> None:
    async with Client(_server(stack), read_timeout_seconds=60) as client:
        for name, arguments in (
            ("read_signal", {"path": "Vehicle.NoSuchThing"}),
            ("read_signal", {}),
            ("ask", {"text": "hello", "seat": "roof"}),
            ("actuate", {"path": "Vehicle.Cabin.Door.Row1.DriverSide.IsOpen", "value": True}),
        ):
            assert (await client.call_tool(name, arguments)).is_error, name
        speed = await client.call_tool("read_signal", {"path": "Vehicle.Speed"})
        assert not speed.is_error


async def test_without_a_car_it_says_so(tmp_path: Path) -> None:
    import subprocess

    command = [sys.executable, "-c", _SERVE, "--run-dir", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode != 0
    assert "no car runs" in done.stderr
