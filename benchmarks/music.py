"""Music: how late the cockpit's event loop is while it plays, and how fast a big library is searched."""

import asyncio
import random
import sys
import tempfile
import time
import timeit
from pathlib import Path

import numpy as np
import soundfile
import uvloop

from alpenglow.cockpit.api import MediaTrack
from alpenglow.cockpit.media.folder import Folder
from alpenglow.cockpit.media.library import Library, Song
from alpenglow.cockpit.media.player import Player
from alpenglow.cockpit.media.sources import Sources
from benchmarks.table import Row, at_most, quantile

_SWITCH_INTERVAL_S = 0.0005  # as in every process of the car (fabric/room.py)
_SECONDS = 10.0
_TRACKS = 20_000


def run() -> list[Row]:
    """The loop with and without music, and a library of 20 000 tracks."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    try:
        idle, playing, share, underruns = uvloop.run(_loop())
    finally:
        sys.setswitchinterval(before)
    library, built_s = _library()
    searches = [
        min(timeit.repeat(lambda t=t: library.search(t, 50), timer=time.process_time, number=1, repeat=5))
        for t in ("s", "so", "song 9")
    ]
    return [
        Row("event loop late, nothing playing, 99 % of the time at most", quantile(idle, 0.99) * 1e3, "ms"),
        Row(
            "event loop late, MP3 playing (44.1 → 48 kHz), 99 % of the time at most",
            quantile(playing, 0.99) * 1e3,
            "ms",
        ),
        Row("processor while MP3 plays", share * 100, "%"),
        at_most("gaps in the sound", underruns, 0, ""),
        Row(f"make a library of {_TRACKS} tracks, processor", built_s, "s", note="in a thread"),
        at_most(f"search {_TRACKS} tracks, processor, worst of three", max(searches) * 1e3, 50, "ms"),
    ]


async def _loop() -> tuple[list[float], list[float], float, int]:
    """How late a sleep of 5 ms ends without and with music [s], the processor's share, sound that came too late."""
    with tempfile.TemporaryDirectory() as name:
        noise = np.random.default_rng(1).normal(0, 0.1, (44_100 * 30, 2))
        soundfile.write(Path(name, "noise.mp3"), noise, 44_100, format="MP3")
        folder = Folder(Path(name))
        folder.look(lambda: None)
        player = Player(Sources([folder]), silent=True, changed=lambda: None, problem=lambda _, why: print(why))
        player.sound.set(50, 0, 100, 100)
        idle = await _late()
        player.play_these(["folder:noise.mp3"])
        await player.tend()
        began, used = time.perf_counter(), time.process_time()
        playing = await _late()
        share = (time.process_time() - used) / (time.perf_counter() - began)
        underruns = player.stream.underruns
        await asyncio.to_thread(player.close)
    return idle, playing, share, underruns


async def _late() -> list[float]:
    found = []
    end = time.perf_counter() + _SECONDS
    while (now := time.perf_counter()) < end:
        await asyncio.sleep(0.005)
        found.append(time.perf_counter() - now - 0.005)
    return found


def _library() -> tuple[Library, float]:
    chance = random.Random(1)
    syllables = ["so", "la", "mi", "re", "song", "night", "Über", "été", "river", "stone", "9", "love"]

    def name(words: int) -> str:
        return " ".join(chance.choice(syllables) + chance.choice(syllables) for _ in range(words))

    songs = []
    for album in range(_TRACKS // 10):
        artist, title = name(2), name(2)
        for number in range(10):
            track = MediaTrack(
                uri=f"folder:{album}/{number}.flac", title=name(3), artist=artist, album=title, genre="",
                number=number + 1, duration_s=200.0, cover="",
            )  # fmt: skip
            songs.append(Song(track, artist, str(album), 1))
    began = time.process_time()
    return Library("folder", songs), time.process_time() - began
