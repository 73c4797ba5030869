"""Two halves of a recording sound like the whole; what follows is what the queue says at that moment."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from alpenglow.cockpit.media.decoding import File
from alpenglow.cockpit.media.joining import Joined, Turn
from alpenglow.cockpit.media.play_queue import Entry
from alpenglow.cockpit.media.sources import SourceError
from alpenglow.cockpit.media.stream import Stream
from tests.cockpit.media.tones import sine, write

type Pulled = NDArray[np.float32]


class Tracks:
    """Files in the order in which they play."""

    def __init__(self, *files: tuple[Path, int]) -> None:
        self.entries = [Entry(number, str(path)) for number, (path, _) in enumerate(files, 1)]
        self.rates = {str(path): rate for path, rate in files}
        self.failures: list[str] = []
        self.heard: list[int | None] = []
        self.again = False

    def open(self, entry: Entry, position_s: float) -> File:
        return File(Path(entry.uri), self.rates[entry.uri], position_s)

    def after(self, entry: Entry, _number: int = 0) -> Entry | None:
        if entry not in self.entries:
            return None
        place = self.entries.index(entry) + 1
        if place == len(self.entries):
            return self.entries[0] if self.again else None
        return self.entries[place]

    def failed(self, _entry: Entry, why: str) -> None:
        self.failures.append(why)

    def now_heard(self, turn: Turn | None) -> None:
        self.heard.append(None if turn is None else turn.entry.id)

    def joined(self, position_s: float = 0.0) -> Joined:
        return Joined(self.open, self.after, self.failed, self.entries[0], position_s, 0)

    def stream(self) -> Stream:
        stream = Stream(self.open, self.after, self.failed, self.now_heard)
        stream.start()
        return stream


def everything(joined: Joined) -> Pulled:
    parts = []
    while chunks := joined.read():
        parts += [chunk.frames for chunk in chunks]
    return np.concatenate(parts)


def until(condition: Callable[[], bool]) -> None:
    for _ in range(2000):
        if condition():
            return
        time.sleep(0.005)
    raise AssertionError("it did not come to that")


@pytest.mark.parametrize("suffix", [".wav", ".flac"])
@pytest.mark.parametrize("rate_hz", [48_000, 44_100, 96_000, 22_050])
def test_two_halves_are_the_whole(tmp_path: Path, suffix: str, rate_hz: int) -> None:
    whole = sine(1.0, rate_hz)
    cut = round(0.4137 * rate_hz)
    one = write(tmp_path / f"whole{suffix}", whole, rate_hz)
    first = write(tmp_path / f"first{suffix}", whole[:cut], rate_hz)
    second = write(tmp_path / f"second{suffix}", whole[cut:], rate_hz)
    expected = everything(Tracks((one, rate_hz)).joined())
    found = everything(Tracks((first, rate_hz), (second, rate_hz)).joined())
    assert found.shape == expected.shape
    assert abs(len(expected) - 48_000) <= 1
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_at_the_rate_of_the_output_not_a_sample_is_changed(tmp_path: Path) -> None:
    whole = sine(0.5)
    first = write(tmp_path / "a.wav", whole[:10_000])
    second = write(tmp_path / "b.wav", whole[10_000:])
    np.testing.assert_array_equal(everything(Tracks((first, 48_000), (second, 48_000)).joined()), whole)


def test_an_album_in_mp3_has_no_gap_at_its_seams(tmp_path: Path) -> None:
    """Each MP3 says how much its encoder padded, and that much is left out."""
    whole = sine(1.0)
    first = write(tmp_path / "a.mp3", whole[:24_000])
    second = write(tmp_path / "b.mp3", whole[24_000:])
    found = everything(Tracks((first, 48_000), (second, 48_000)).joined())
    assert abs(len(found) - len(whole)) < 2500  # at most the frame that an encoder without that header pads
    quiet = np.abs(found[:, 0]).reshape(-1)[2000:-2000]
    # In 3 ms of a 440 Hz sine there is a peak, unless there is a gap.
    peaks = [quiet[at : at + 144].max() for at in range(0, len(quiet) - 144, 144)]
    assert sum(peak < 0.1 for peak in peaks) * 144 < 2500


def test_tracks_of_different_rates_follow_each_other_without_losing_any(tmp_path: Path) -> None:
    first = write(tmp_path / "a.wav", sine(0.5, 44_100), 44_100)
    second = write(tmp_path / "b.wav", sine(0.5, 48_000), 48_000)
    third = write(tmp_path / "c.wav", sine(0.5, 32_000), 32_000)
    found = everything(Tracks((first, 44_100), (second, 48_000), (third, 32_000)).joined())
    assert abs(len(found) - 72_000) <= 3


def test_turns_are_cut_where_the_tracks_are(tmp_path: Path) -> None:
    first = write(tmp_path / "a.wav", sine(0.3, 44_100), 44_100)
    second = write(tmp_path / "b.wav", sine(0.3, 44_100), 44_100)
    tracks = Tracks((first, 44_100), (second, 44_100))
    joined, lengths = tracks.joined(), {1: 0, 2: 0}
    while chunks := joined.read():
        for chunk in chunks:
            assert chunk.first == lengths[chunk.turn.entry.id]
            lengths[chunk.turn.entry.id] += len(chunk.frames)
    assert lengths[1] == 14_400
    assert abs(lengths[2] - 14_400) <= 1


def test_playing_begins_where_it_is_told(tmp_path: Path) -> None:
    whole = sine(1.0)
    for suffix in (".wav", ".flac"):
        path = write(tmp_path / f"a{suffix}", whole)
        np.testing.assert_allclose(everything(Tracks((path, 48_000)).joined(0.25)), whole[12_000:], atol=1e-6)


def test_what_cannot_be_opened_is_told_and_passed_over(tmp_path: Path) -> None:
    first = write(tmp_path / "a.wav", sine(0.1))
    (tmp_path / "broken.flac").write_bytes(b"fLaC" + bytes(200))
    third = write(tmp_path / "c.wav", sine(0.1))
    tracks = Tracks(
        (first, 48_000), (tmp_path / "broken.flac", 48_000), (tmp_path / "gone.mp3", 48_000), (third, 48_000)
    )
    assert len(everything(tracks.joined())) == 9600
    assert tracks.failures == [
        "broken.flac cannot be read, or is damaged",
        "gone.mp3 is no longer there",
    ]


def test_a_queue_of_nothing_but_vanished_files_comes_to_an_end(tmp_path: Path) -> None:
    tracks = Tracks((tmp_path / "a.mp3", 48_000), (tmp_path / "b.mp3", 48_000))
    tracks.again = True
    assert tracks.joined().read() == []
    assert 2 <= len(tracks.failures) <= 200


def test_sound_that_is_no_number_is_silence(tmp_path: Path) -> None:
    frames = sine(0.1)
    frames[100:200] = np.nan
    frames[300] = np.inf
    path = write(tmp_path / "a.wav", frames)
    found = everything(Tracks((path, 48_000)).joined())
    assert np.isfinite(found).all()
    assert np.abs(found).max() <= 1.0


# -- the stream, with its thread ---------------------------------------------------------------------------------------


def test_the_stream_gives_the_same_frames(tmp_path: Path) -> None:
    whole = sine(2.5)
    first = write(tmp_path / "a.wav", whole[:50_000])
    second = write(tmp_path / "b.wav", whole[50_000:])
    tracks = Tracks((first, 48_000), (second, 48_000))
    stream = tracks.stream()
    stream.jump(tracks.entries[0])
    found = []
    for _ in range(len(whole) // 480):
        until(lambda: stream.ready_s > 0.01 or stream._ended)
        found.append(stream.take(480))
    stream.take(480)
    stream.close()
    np.testing.assert_array_equal(np.concatenate(found)[480:], whole[480:])  # after the first fade
    assert tracks.heard == [1, 2, None]
    assert stream.underruns == 0


def test_a_jump_fades_out_and_in(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", sine(3.0, hz=100.0, level=0.9))
    tracks = Tracks((path, 48_000))
    stream = tracks.stream()
    stream.jump(tracks.entries[0])
    until(lambda: stream.ready_s > 0.5)
    before = stream.take(4_900)
    stream.jump(tracks.entries[0], 1.2345)
    until(lambda: stream.ready_s > 0.5)
    after = stream.take(4_800)
    stream.close()
    whole = np.concatenate([before, after])[480:, 0]
    # A 100 Hz sine of 0.9 moves by 0.012 a frame; a fade of 480 frames adds 0.002. A click would be far more.
    assert np.abs(np.diff(whole)).max() < 0.016
    where = stream.where
    assert where is not None
    assert where[1] == pytest.approx(1.2345 + (4_800 - 480) / 48_000, abs=1e-3)


def test_what_was_decoded_ahead_is_dropped_when_the_queue_changes(tmp_path: Path) -> None:
    low = write(tmp_path / "a.wav", sine(0.3, hz=200))
    wrong = write(tmp_path / "b.wav", np.full((24_000, 2), 0.9, np.float32))
    right = write(tmp_path / "c.wav", np.full((24_000, 2), -0.3, np.float32))
    tracks = Tracks((low, 48_000), (wrong, 48_000), (right, 48_000))
    stream = tracks.stream()
    stream.jump(tracks.entries[0])
    until(lambda: stream.ready_s > 0.6)  # decoded well into the second
    stream.take(480)
    del tracks.entries[1]
    stream.changed()
    until(lambda: stream.ready_s > 0.6)
    found = stream.take(14_400 - 480 + 100)
    stream.close()
    np.testing.assert_allclose(found[:-100], sine(0.3, hz=200)[480:], atol=1e-6)
    np.testing.assert_allclose(found[-100:], -0.3, atol=1e-6)
    assert tracks.heard == [1, 3]


def test_a_track_added_at_the_end_follows_although_all_was_decoded(tmp_path: Path) -> None:
    first = write(tmp_path / "a.wav", sine(0.2))
    second = write(tmp_path / "b.wav", sine(0.2))
    tracks = Tracks((first, 48_000), (second, 48_000))
    late = tracks.entries.pop()
    stream = tracks.stream()
    stream.jump(tracks.entries[0])
    until(lambda: stream._ended)
    stream.take(100)
    tracks.entries.append(late)
    stream.changed()
    until(lambda: stream._ended and stream.ready_s > 0.3)
    stream.take(20_000)
    stream.close()
    assert tracks.heard == [1, 2, None]


def test_a_file_that_vanishes_while_it_plays_is_played_to_its_end(tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", sine(4.0))
    tracks = Tracks((path, 48_000))
    joined = tracks.joined()
    first = joined.read()
    path.unlink()
    rest = everything(joined)
    assert sum(len(c.frames) for c in first) + len(rest) == 4 * 48_000
    with pytest.raises(SourceError, match="no longer there"):
        tracks.open(tracks.entries[0], 0.0)


def test_a_file_cut_short_ends_early(tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", sine(2.0))
    path.write_bytes(path.read_bytes()[:20_000])
    follower = write(tmp_path / "b.wav", sine(0.1))
    found = everything(Tracks((path, 48_000), (follower, 48_000)).joined())
    assert 4800 <= len(found) < 2.1 * 48_000
