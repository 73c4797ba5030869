"""The player as people use it, with the null sound device: right speed, no sound."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest_asyncio

from alpenglow.cockpit.media.folder import Folder
from alpenglow.cockpit.media.player import Player
from alpenglow.cockpit.media.sources import Sources
from tests.cockpit.media.tones import sine, write


class Listener:
    """A player over a folder of three tracks of half a second and a long one, tended as the car does."""

    def __init__(self, root: Path) -> None:
        for name in "abc":
            write(root / f"{name}.flac", sine(0.5), title=name)
        write(root / "long.wav", sine(30.0, level=0.1))
        self.folder = Folder(root)
        self.folder.look(lambda: None)
        self.problems: list[str] = []
        self.heard: list[str] = []
        self.player = Player(
            Sources([self.folder]),
            silent=True,
            changed=self.changed,
            problem=lambda uri, why: self.problems.append(why),
        )
        self.player.sound.set(100, 0, 100, 100)
        self.tending = asyncio.ensure_future(self.tend())

    def changed(self) -> None:
        track = self.player.track
        title = "" if track is None else track.title
        if self.player.state == "PLAYING" and self.heard[-1:] != [title]:
            self.heard.append(title)

    async def tend(self) -> None:
        while True:
            await self.player.tend()
            await asyncio.sleep(0.01)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not condition():
                await asyncio.sleep(0.01)


def uris(names: str) -> list[str]:
    return [f"folder:{name}.flac" for name in names]


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Listener]:
    listener = Listener(tmp_path)
    yield listener
    listener.tending.cancel()
    await asyncio.to_thread(listener.player.close)


async def test_a_queue_plays_through_and_stops_at_its_beginning(at: Listener) -> None:
    at.player.play_these(uris("abc"))
    await at.until(lambda: at.player.state == "STOPPED")
    assert at.heard == ["a", "b", "c"]
    assert at.player.queue.at == 0
    assert at.player.stream.underruns == 0
    await at.until(lambda: not at.player.output.running)  # no wake-ups for silence


async def test_pausing_holds_the_position_and_rests_the_device(at: Listener) -> None:
    at.player.play_these(["folder:long.wav"])
    await at.until(lambda: at.player.position_s > 0.2)
    at.player.pause()
    await at.until(lambda: not at.player.output.running)
    held = at.player.position_s
    await asyncio.sleep(0.2)
    assert at.player.position_s == held
    at.player.play()
    await at.until(lambda: at.player.position_s > held + 0.1)


async def test_seeking(at: Listener) -> None:
    at.player.play_these(["folder:long.wav"])
    at.player.seek(12.0)
    await at.until(lambda: 12.0 < at.player.position_s < 14.0)
    at.player.seek(-5.0)
    await at.until(lambda: at.player.position_s < 2.0)
    at.player.pause()
    at.player.seek(20.0)
    assert at.player.position_s == 20.0
    at.player.play()
    await at.until(lambda: at.player.position_s > 20.0)


async def test_skipping_by_hand(at: Listener) -> None:
    at.player.play_these([*uris("ab"), "folder:long.wav"])
    at.player.skip(1)
    at.player.skip(1)
    assert at.player.track is not None
    assert at.player.track.title == "long"
    at.player.seek(10.0)
    await at.until(lambda: at.player.position_s > 10.0)
    at.player.skip(-1)  # far in: to the beginning
    await at.until(lambda: at.player.position_s < 3.0)
    at.player.skip(-1)
    assert at.player.track.title == "b"
    at.player.order(shuffle=False, repeat="all")
    at.player.skip(1)
    at.player.skip(1)
    assert at.player.track.title == "a"


async def test_a_track_put_next_while_one_plays_follows_it(at: Listener) -> None:
    at.player.play_these(uris("ac"))
    await at.until(lambda: at.player.position_s > 0.05)
    at.player.add(uris("b"), soon=True)
    await at.until(lambda: at.player.state == "STOPPED")
    assert at.heard == ["a", "b", "c"]


async def test_repeating_one_track(at: Listener) -> None:
    at.player.play_these(uris("a"))
    at.player.order(shuffle=False, repeat="one")
    await at.until(lambda: (where := at.player.stream.where) is not None and where[0].number % 1000 > 2)
    assert at.player.state == "PLAYING"


async def test_removing_what_plays_plays_the_next(at: Listener) -> None:
    at.player.play_these(["folder:long.wav", *uris("a")])
    await at.until(lambda: at.player.position_s > 0.05)
    current = at.player.queue.current
    assert current is not None
    at.player.remove(current.id)
    await at.until(lambda: at.player.state == "STOPPED")
    assert at.heard == ["long", "a"]
    assert len(at.player.queue) == 1


async def test_files_that_vanish_are_told_and_passed_over(at: Listener) -> None:
    (at.folder.root / "b.flac").unlink()
    at.player.play_these(uris("abc"))
    await at.until(lambda: at.player.state == "STOPPED")
    assert at.heard == ["a", "c"]
    assert at.problems == ["b.flac is no longer there"]


async def test_a_folder_that_vanishes_stops_the_player(at: Listener) -> None:
    for name in "abc":
        (at.folder.root / f"{name}.flac").unlink()
    at.player.play_these(uris("abc"))
    at.player.order(shuffle=False, repeat="all")
    await at.until(lambda: at.player.state == "STOPPED")
    assert 0 < len(at.problems) <= 200


async def test_stopping_begins_anew(at: Listener) -> None:
    at.player.play_these(["folder:long.wav"])
    await at.until(lambda: at.player.position_s > 0.3)
    at.player.stop()
    assert at.player.position_s == 0.0
    at.player.play()
    await at.until(lambda: 0.0 < at.player.position_s < 1.0)


async def test_nothing_to_play_is_no_trouble(at: Listener) -> None:
    for ask in (at.player.play, at.player.pause, at.player.stop, lambda: at.player.skip(1), lambda: at.player.seek(3)):
        ask()
    at.player.play_these([])
    assert at.player.state == "STOPPED"
