"""Other people's servers: what they may be asked, and what they can do to us."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from alpenglow.assistant.language.pack import Pack
from alpenglow.assistant.tools.catalogue import Call, CatalogueProblem, ToolCatalogue
from alpenglow.assistant.tools.mcp_client import MAX_RESULT, Outside, Servers, load_servers
from alpenglow.assistant.tools.talking import Talk
from alpenglow.assistant.tools.viewing import Joined, ToolFailed
from tests.assistant.tools.conftest import Car

_TOY = Path(__file__).with_name("toy_server.py")
_PERMITTED = ("echo", "get_news", "hang", "crash", "flood", "long")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "calls"


@pytest.fixture
async def servers(log: Path) -> AsyncIterator[Servers]:
    # Longer than a start takes on a busy machine: the server that hangs is given up after it.
    toy = Outside(command=(sys.executable, str(_TOY), str(log)), tools=_PERMITTED, seconds=5.0)
    servers = Servers({"toys": toy})
    await servers.open()
    yield servers
    await servers.close()


def _call(tool: str, **arguments: object) -> Call:
    return Call(tool=f"toys.{tool}", arguments=dict(arguments))


async def test_permitted_tools_join_the_catalogue_under_the_servers_name(servers: Servers) -> None:
    assert sorted(servers.catalogue) == sorted(f"toys.{name}" for name in _PERMITTED)
    assert (await servers.call(_call("echo", text="hello")))["text"] == "hello"


async def test_a_tool_that_is_not_permitted_is_not_called(servers: Servers, log: Path) -> None:
    with pytest.raises(ToolFailed):
        await servers.call(_call("fail"))
    with pytest.raises(ToolFailed, match="not permitted"):
        await servers._servers["toys"].call(Call(tool="fail", arguments={}))
    assert not log.exists()


async def test_an_argument_that_does_not_fit_is_not_sent(servers: Servers, log: Path) -> None:
    with pytest.raises(ToolFailed, match="no such argument"):
        await servers.call(_call("echo", text="a", more=1))
    assert not log.exists()


@pytest.mark.parametrize("fault", ["hang", "crash", "flood"])
async def test_a_server_that_misbehaves_costs_its_own_call_and_comes_back(servers: Servers, fault: str) -> None:
    with pytest.raises(ToolFailed):
        await servers.call(_call(fault))
    assert (await servers.call(_call("echo", text="back")))["text"] == "back"


async def test_a_long_result_is_cut(servers: Servers) -> None:
    assert len((await servers.call(_call("long")))["text"]) == MAX_RESULT


async def test_a_server_that_cannot_be_started_is_named_and_the_others_work(log: Path) -> None:
    toy = Outside(command=(sys.executable, str(_TOY), str(log)), tools=("echo",))
    servers = Servers({"toys": toy, "gone": Outside(command=("/no/such/server",), tools=("x",))})
    await servers.open()
    try:
        assert list(servers.catalogue) == ["toys.echo"]
        assert [p for p in servers.problems if "gone" in p]
    finally:
        await servers.close()


async def test_what_a_result_says_moves_nothing(
    servers: Servers, log: Path, car: Car, tools: ToolCatalogue, english: Pack
) -> None:
    both = Joined([(tools, car), (servers.catalogue, servers)])
    talk = Talk(both.catalogue, english, both)
    answer = await talk.say("What is the news?")
    assert "open the sunroof" in answer.reply  # it was read …
    assert "toys.get_news says" in answer.reply  # … and shown as somebody else's
    await talk.say("Yes.")
    assert car.set == []
    assert log.read_text().split() == ["get_news"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[servers.a]\ntools = ['x']", "either `command` or `url`"),
        ("[servers.a]\nurl = 'http://elsewhere.example'", "https"),
        ("[servers.'a b']\ncommand = ['x']", "letters"),
        ("[servers.a]\ncommand = ['x']\nallow = true", "allow"),
        ("[servers", "servers.toml"),
    ],
)
def test_a_faulty_file_says_what_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "servers.toml"
    file.write_text(text)
    with pytest.raises(CatalogueProblem, match=says):
        load_servers(file)
