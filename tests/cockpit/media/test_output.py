"""The sound device comes and goes, and music goes on. A stand-in plays the device: there is none where tests run."""

import time
from collections.abc import Callable, Generator
from typing import Any

import miniaudio
import numpy as np
import pytest

from alpenglow.cockpit.media.output import Output
from alpenglow.cockpit.media.sound import Sound

REAL = miniaudio.PlaybackDevice


class Card:
    """A sound card that can be pulled out."""

    present = True
    opened: list[str]

    def __init__(self, backends: list[miniaudio.Backend], **_: Any) -> None:
        if miniaudio.Backend.NULL not in backends[:1] and not Card.present:
            raise miniaudio.MiniaudioError("failed to init device")
        self.backend = "Null" if backends[:1] == [miniaudio.Backend.NULL] else "ALSA"
        Card.opened.append(self.backend)

    def start(self, pulling: Generator[Any, int]) -> None:
        if self.backend != "Null" and not Card.present:
            raise miniaudio.MiniaudioError("failed to start audio device")
        self.pulling = pulling

    def stop(self) -> None: ...

    def close(self) -> None: ...


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> type[Card]:
    monkeypatch.setattr(miniaudio, "PlaybackDevice", Card)
    monkeypatch.setattr(
        "alpenglow.cockpit.media.output.sound_backends", lambda: [miniaudio.Backend.ALSA, miniaudio.Backend.NULL]
    )
    Card.present, Card.opened = True, []
    return Card


def output(clock: Callable[[], float] = time.monotonic) -> Output:
    return Output(Sound(lambda frames: np.zeros((frames, 2), np.float32), 2, clock))


def test_the_card_is_used_where_there_is_one(card: type[Card]) -> None:
    out = output()
    out.run()
    assert (out.running, out.says) == (True, "ALSA")


def test_without_a_card_it_plays_into_nothing(card: type[Card]) -> None:
    card.present = False
    out = output()
    out.run()
    assert (out.running, out.says) == (True, "Null")


def test_a_card_that_goes_between_two_songs_is_no_trouble(card: type[Card]) -> None:
    out = output()
    out.run()
    out.rest()
    card.present = False
    out.run()
    assert (out.running, out.says) == (True, "Null")


def test_a_card_that_goes_while_playing_is_noticed(card: type[Card]) -> None:
    now = [0.0]
    out = output(lambda: now[0])
    out.run()
    assert not out.gone
    now[0] = 10.0
    assert out.gone
    card.present = False
    out.reopen()
    assert (out.running, out.says, out.gone) == (True, "Null", False)


def test_the_null_device_asks_for_sound_at_its_speed() -> None:
    asked: list[int] = []
    sound = Sound(lambda frames: (asked.append(frames), np.zeros((frames, 2), np.float32))[1])
    sound.play()
    out = Output(sound, silent=True)
    out.run()
    while sum(asked) < 12_000:
        time.sleep(0.01)
    out.close()
    assert not out.running
