"""The player on D-Bus, as a desktop's media keys see it: a private bus, a real client."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from dbus_fast.aio import MessageBus, ProxyInterface

from alpenglow.cockpit.media.folder import Folder
from alpenglow.cockpit.media.mpris import Mpris
from alpenglow.cockpit.media.player import Player
from alpenglow.cockpit.media.sources import Sources
from alpenglow.signals import Value
from tests.cockpit.media.tones import give_cover, png, sine, write

NAME, PATH = "org.mpris.MediaPlayer2.alpenglow", "/org/mpris/MediaPlayer2"


@pytest.fixture
def bus_address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A session bus of its own."""
    if shutil.which("dbus-daemon") is None:
        pytest.skip("no dbus-daemon on this machine")
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"], stdout=subprocess.PIPE, text=True
    )
    assert daemon.stdout is not None
    address = daemon.stdout.readline().strip()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    yield address
    daemon.terminate()
    daemon.wait(10)
    daemon.stdout.close()


class Desk:
    """A player and what was asked of the door in its name."""

    def __init__(self, root: Path) -> None:
        give_cover(write(root / "a.flac", sine(10.0, level=0.1), title="One", artist="Somebody"), png())
        write(root / "b.flac", sine(10.0, level=0.1), title="Two")
        folder = Folder(root)
        folder.look(lambda: None)
        self.asked: list[tuple[str, Value]] = []
        self.player = Player(Sources([folder]), silent=True, changed=lambda: self.mpris.tell(), problem=print)
        self.mpris = Mpris(self.player, self.ask, lambda: 40, lambda cover: f"http://car/cover/{cover}")
        self.player.load(["folder:a.flac", "folder:b.flac"])

    async def ask(self, path: str, value: Value) -> None:
        self.asked.append((path.rsplit("Media.")[1], value))
        if value == "PLAY":
            self.player.play()


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.mpris.close()
    await asyncio.to_thread(desk.player.close)


async def remote(address: str) -> tuple[ProxyInterface, ProxyInterface, MessageBus]:
    bus = await MessageBus(bus_address=address).connect()
    item = bus.get_proxy_object(NAME, PATH, await bus.introspect(NAME, PATH))
    return (
        item.get_interface("org.mpris.MediaPlayer2.Player"),
        item.get_interface("org.freedesktop.DBus.Properties"),
        bus,
    )


async def test_media_keys_go_through_the_door(bus_address: str, desk: Desk) -> None:
    assert await desk.mpris.open() == NAME
    player, properties, bus = await remote(bus_address)
    keys: Any = player
    told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    listening: Any = properties
    listening.on_properties_changed(lambda _, changed, __: told.put_nowait(changed))
    assert await keys.get_playback_status() == "Stopped"
    await keys.call_play()
    changed = await asyncio.wait_for(told.get(), 5)
    assert changed["PlaybackStatus"].value == "Playing"
    metadata = {name: variant.value for name, variant in (await keys.get_metadata()).items()}
    assert metadata["xesam:title"] == "One"
    assert metadata["xesam:artist"] == ["Somebody"]
    assert metadata["mpris:length"] == 10_000_000
    assert metadata["mpris:artUrl"].startswith("http://car/cover/")
    await keys.call_next()
    await keys.call_play_pause()
    await keys.set_volume(0.25)
    await keys.call_open_uri("folder:b.flac")
    await keys.call_seek(4_000_000)
    assert await keys.get_position() >= 4_000_000
    await keys.set_loop_status("Playlist")
    assert await keys.get_loop_status() == "Playlist"
    assert await keys.get_volume() == 0.4
    assert desk.asked == [
        ("Action", "PLAY"),
        ("Action", "SKIP_FORWARD"),
        ("Played.PlaybackRate", 0.0),
        ("Volume", 25),
        ("SelectedURI", "folder:b.flac"),
    ]
    bus.disconnect()


async def test_a_second_car_gets_a_name_of_its_own(bus_address: str, desk: Desk) -> None:
    assert await desk.mpris.open() == NAME
    second = Mpris(desk.player, desk.ask, lambda: 0, str)
    assert await second.open() == f"{NAME}.instance{os.getpid()}"
    second.close()


@pytest.mark.parametrize("address", ["", "unix:path=/nowhere/bus", "nonsense"])
async def test_without_a_bus_nothing_breaks(desk: Desk, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    with pytest.raises(OSError, match="session bus"):
        await desk.mpris.open()
    desk.mpris.tell()


async def test_a_bus_that_goes_away_is_no_trouble(desk: Desk, bus_address: str) -> None:
    await desk.mpris.open()
    bus: Any = desk.mpris._bus
    bus.disconnect()
    await asyncio.sleep(0.1)
    desk.player.play()
    desk.mpris.tell()
