"""Queue and favourites stay with whoever chose them, and what was erased stays away."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from alpenglow.cockpit.media.favourites import Favourites
from alpenglow.cockpit.media.folder import Folder
from alpenglow.cockpit.media.keeping import KeptQueue
from alpenglow.cockpit.media.player import Player
from alpenglow.cockpit.media.sources import Sources
from alpenglow.fabric.store import Store
from tests.cockpit.media.tones import sine, write

A, B, C = (f"folder:{name}.wav" for name in "abc")


class Home:
    """A player with its store."""

    def __init__(self, root: Path) -> None:
        for name in "abc":
            write(root / f"music/{name}.wav", sine(5.0, level=0.1), title=name)
        self.folder = Folder(root / "music")
        self.folder.look(lambda: None)
        self.store = Store(root, "cockpit")
        self.start()

    def start(self) -> None:
        sources = Sources([self.folder])
        self.player = Player(sources, silent=True, changed=lambda: None, problem=print)
        self.kept = KeptQueue(self.store, self.player, sources)

    async def again(self) -> None:
        """As after a restart of the car."""
        await asyncio.to_thread(self.player.close)
        self.start()

    @property
    def uris(self) -> list[str]:
        return [entry.uri for entry in self.player.queue.order]


@pytest_asyncio.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    home = Home(tmp_path)
    yield home
    await asyncio.to_thread(home.player.close)


async def test_the_queue_is_back_with_its_place(home: Home) -> None:
    home.kept.restore("ada")
    home.player.load([A, B, C], 1)
    home.player.seek(3.2)
    home.player.order(shuffle=False, repeat="all")
    home.kept.save()
    await home.again()
    home.kept.restore("ada")
    assert home.uris == [A, B, C]
    assert (home.player.queue.at, home.player.position_s, home.player.queue.repeat) == (1, 3.2, "all")
    assert home.player.state == "STOPPED"


async def test_each_profile_has_its_own(home: Home) -> None:
    home.kept.restore("ada")
    home.player.load([A, B])
    home.kept.save()
    home.kept.restore("ben")
    assert home.uris == []
    home.player.load([C])
    home.kept.save()
    home.kept.restore("ada")
    assert home.uris == [A, B]
    home.kept.restore("")
    assert home.uris == []
    home.player.load([C])
    home.kept.save()
    assert home.store.profiles() == ["ada", "ben"]


async def test_what_plays_on_stays_its_choosers(home: Home) -> None:
    home.kept.restore("ada")
    home.kept.chosen_by("ada")
    home.player.play_these([A, B])
    home.kept.save()
    home.kept.restore("ben")  # while it plays
    assert home.uris == [A, B]
    home.kept.save()
    assert home.store.profiles() == ["ada"]
    home.kept.chosen_by("ben")
    home.player.play_these([C])
    home.kept.save()
    assert home.store.profiles() == ["ada", "ben"]


async def test_what_was_erased_stays_away(home: Home, tmp_path: Path) -> None:
    favourites = Favourites(home.store)
    home.kept.restore("ada")
    home.player.play_these([A, B])
    favourites.mark("ada", B, True)
    home.kept.save()
    assert favourites.of("ada") == [B]
    home.store.erase("ada")
    home.kept.let_go("ada")
    home.player.seek(2.0)
    home.kept.save()
    assert favourites.of("ada") == []
    assert home.store.profiles() == []
    assert b"folder:" not in b"".join(file.read_bytes() for file in tmp_path.glob("cockpit.sqlite*"))
    home.kept.chosen_by("ada")
    home.player.play_these([C])
    home.kept.save()
    assert home.store.profiles() == ["ada"]


async def test_tracks_that_have_gone_are_left_out(home: Home) -> None:
    home.kept.restore("ada")
    home.player.load([A, B, C], 1)
    home.kept.save()
    await home.again()
    (home.folder.root / "b.wav").unlink()
    home.folder.look(lambda: None)
    home.kept.restore("ada")
    assert home.uris == [A, C]
    assert home.player.position_s == 0.0
