"""A whole car that plays music from a folder, and a page's connection to it."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.cockpit.media.tones import give_cover, png, sine, write
from tests.running import Stack

SCRIPT = "<img src=x onerror=alert(1)>"


def music(root: Path) -> Path:
    """Some albums, a broken file, and tags that would like to be a program."""
    for album in range(3):
        for number in range(1, 5):
            path = write(
                root / f"album{album}/{number}.flac", sine(20.0, hz=220.0 + 20 * number, level=0.1),
                title=f"Song {number} of {album}", artist=f"Band {album}", album=f"Album {album}",
                tracknumber=str(number), genre="Test",
            )  # fmt: skip
            give_cover(path, png(64, 64, 60 + 60 * album))
    write(root / "short/1.flac", sine(1.0, level=0.1), title="Short one", artist="Brief", album="Shorts")
    write(root / "short/2.flac", sine(1.0, level=0.1), title="Short two", artist="Brief", album="Shorts")
    write(root / "evil.flac", sine(5.0, level=0.1), title=SCRIPT, artist="x" * 1_000_000, album=SCRIPT)
    (root / "broken.mp3").write_bytes(b"no music")
    return root


class Connected:
    """A page without a screen: calls services and reads signals over its WebSocket."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._calls = 0
        self.values: dict[str, Any] = {}
        self._socket.send(
            json.dumps({"op": "follow", "paths": ["Vehicle.Cabin.Infotainment.Media", "Vehicle.Alpenglow"]})
        )

    def call(self, service: str, **args: Any) -> Any:
        """What a service answers; AssertionError with its words where it refuses."""
        self._calls += 1
        self._socket.send(json.dumps({"op": "call", "id": self._calls, "service": service, "args": args}))
        while True:
            message = self._receive(10)
            if message["op"] == "result" and message["id"] == self._calls:
                return message["result"]
            if message["op"] == "error" and message["id"] == self._calls:
                raise AssertionError(message["error"]["message"])

    def actuate(self, path: str, value: Any) -> dict[str, Any]:
        """Ask the door."""
        answer: dict[str, Any] = self.call("safety.actuate", path=path, value=value)
        return answer

    def until(self, condition: Callable[[dict[str, Any]], bool], timeout_s: float = 15) -> None:
        """Follow until the latest values are so."""
        deadline = time.monotonic() + timeout_s
        while not condition(self.values):
            assert time.monotonic() < deadline, {k: v for k, v in self.values.items() if ".Media" in k}
            self._receive(timeout_s)

    def _receive(self, timeout_s: float) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self._socket.recv(timeout_s))
        if message["op"] == "values":
            self._socket.send(json.dumps({"op": "ack", "seq": message["seq"]}))
            self.values.update({path: value for path, (value, *_) in message["values"].items()})
        return message


@pytest.fixture(scope="module")
def playing_car(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("media")
    with Stack(folder, "--option", f"media={music(folder / 'music')}", "--option", "sound=none") as stack:
        yield stack


@pytest.fixture
def connected(playing_car: Stack) -> Iterator[Connected]:
    with connect(playing_car.websocket_url("centre"), max_size=None) as socket:
        page = Connected(socket)
        for _ in range(100):
            library = page.call("cockpit.media_library")
            if not library["looking"]:
                break
            time.sleep(0.1)
        yield page
