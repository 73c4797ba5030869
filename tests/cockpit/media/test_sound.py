"""Volume, balance, zones and ducking: as loud as they say, and never a click on the way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from alpenglow.cockpit.media.sound import RATE_HZ, Sound, channel_gains
from alpenglow.cockpit.media.sources import Frames


class Listening:
    """A sound that plays a constant, on a clock that goes with what is pulled."""

    def __init__(self, channels: int = 2) -> None:
        self.now = 0.0
        self.taken = 0
        self.sound = Sound(self.take, channels, lambda: self.now)

    def take(self, frames: int) -> Frames:
        self.taken += frames
        return np.ones((frames, 2), np.float32)

    def pull(self, seconds: float, block: int = 480) -> NDArray[np.float32]:
        parts = []
        for _ in range(round(seconds * RATE_HZ / block)):
            parts.append(self.sound.pull(block))
            self.now += block / RATE_HZ
        return np.concatenate(parts)


@pytest.fixture
def playing() -> Listening:
    listening = Listening()
    listening.sound.set(100, 0, 100, 100)
    listening.sound.play()
    listening.pull(0.2)
    return listening


def test_full_volume_changes_nothing(playing: Listening) -> None:
    np.testing.assert_array_equal(playing.pull(0.1), 1.0)


def test_ducking_goes_down_and_comes_back_without_a_click(playing: Listening) -> None:
    playing.sound.duck("speech", 1.0)
    found = playing.pull(2.0)[:, 0]
    assert found[RATE_HZ // 2] == pytest.approx(0.18)
    assert found[-1] == 1.0
    # Down within a tenth of a second, back within half a second; that is at most 1/5800 a frame.
    assert np.abs(np.diff(found)).max() < 1 / 5000
    assert found[round(0.1 * RATE_HZ)] == pytest.approx(0.18, abs=0.01)


def test_the_longest_reason_counts(playing: Listening) -> None:
    playing.sound.duck("speech", 0.5)
    playing.sound.duck("warning", 1.5)
    playing.sound.duck("speech", 0.1)
    assert playing.pull(1.4)[-1, 0] == pytest.approx(0.18)
    assert playing.pull(1.0)[-1, 0] == 1.0


def test_pausing_takes_no_more_than_the_fade_and_playing_goes_on_there(playing: Listening) -> None:
    before = playing.taken
    playing.sound.pause()
    found = playing.pull(1.0, block=4800)[:, 0]
    assert found[-1] == 0.0
    assert playing.taken - before <= RATE_HZ // 100
    assert np.abs(np.diff(found)).max() < 1 / 400
    assert playing.sound.quiet
    playing.sound.play()
    assert playing.pull(0.1)[-1, 0] == 1.0


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(-100, 100), st.integers(0, 100)), min_size=1, max_size=6))
def test_no_change_of_loudness_clicks(changes: list[tuple[int, int, int]]) -> None:
    listening = Listening(4)
    listening.sound.play()
    parts = []
    for volume, balance, rear in changes:
        listening.sound.set(volume, balance, 100, rear)
        parts.append(listening.pull(0.03))
        listening.sound.duck("speech", 0.02)
        parts.append(listening.pull(0.03))
    found = np.concatenate(parts)
    assert np.abs(np.diff(found, axis=0)).max() <= 1 / 480 + 1 / 1920 + 1 / 5000
    assert np.abs(found).max() <= 1.0


@given(st.integers(0, 100), st.integers(-100, 100), st.integers(0, 100), st.integers(0, 100))
def test_gains_stay_between_nothing_and_all(volume: int, balance: int, front: int, rear: int) -> None:
    for channels in (1, 2, 4, 6):
        gains = channel_gains(volume, balance, front, rear, channels)
        assert gains.shape == (channels,)
        assert (gains >= 0).all()
        assert (gains <= 1).all()


def test_zones_and_sides() -> None:
    front_left, front_right, rear_left, rear_right = channel_gains(100, -100, 100, 0, 4)
    assert (front_left, front_right, rear_left, rear_right) == (1.0, 0.0, 0.0, 0.0)
    assert channel_gains(100, 0, 0, 100, 2).tolist() == [1.0, 1.0]  # one zone: as loud as the louder
    assert channel_gains(50, 0, 100, 100, 2) == pytest.approx([0.125, 0.125])


def test_four_speakers_get_the_sides_in_both_rows() -> None:
    listening = Listening(4)
    listening.sound.set(100, 0, 100, 50)
    listening.sound.play()
    listening.pull(0.2)
    assert listening.pull(0.01)[-1] == pytest.approx([1.0, 1.0, 0.125, 0.125])
