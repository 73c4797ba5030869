"""Gapless: one track after the other as one run of frames at one rate.

Tracks of the same rate share one resampler, whose filter goes on across the seam, so that two halves of a recording
sound like the whole. Where the rate changes the old filter runs out and a new one begins.
"""

from collections import deque
from collections.abc import Callable

import msgspec
import numpy as np
import soxr

from alpenglow.cockpit.media.play_queue import Entry
from alpenglow.cockpit.media.sound import RATE_HZ
from alpenglow.cockpit.media.sources import CHANNELS, Frames, Pcm, SourceError

_AT_ONCE = 4096  # frames
_MOST_FAILURES = 100  # in a row: then the disk is gone rather than a song

type Open = Callable[[Entry, float], Pcm]
type After = Callable[[Entry, int], Entry | None]  # what follows that entry, whose turn has this number
type Failed = Callable[[Entry, str], None]


class Turn(msgspec.Struct, frozen=True):
    """One playing of one entry; with repeat the same entry has many."""

    number: int
    entry: Entry
    start_s: float  # where in the track it began


class Chunk(msgspec.Struct, frozen=True):
    """Frames of one turn."""

    turn: Turn
    first: int  # number of the first frame, counted at RATE_HZ from the turn's start
    frames: Frames


class Joined:
    """The run of frames that begins in `first` at `position_s`; `after` says what follows, asked at each seam."""

    def __init__(
        self, open_: Open, after: After, failed: Failed, first: Entry | None, position_s: float, number: int
    ) -> None:
        self._open, self._after, self._failed = open_, after, failed
        self._next = first
        self._position_s = position_s
        self.number = number  # of the latest turn
        self._turn: Turn | None = None  # being read
        self._pcm: Pcm | None = None
        self._resampler: soxr.ResampleStream | None = None
        self._rate_hz = 0
        self._in = self._base = self._out = 0  # frames: read at this rate; put out before it; put out in all
        self._marks: deque[tuple[int, Turn]] = deque()  # where in what is put out each turn begins
        self._tail: Frames = np.zeros((0, CHANNELS), np.float32)  # of the rate before, not put out yet
        self._failures = 0

    def read(self) -> list[Chunk]:
        """Some more; nothing at the end of everything."""
        while True:
            if self._pcm is None and not self._begin():
                return self._cut(self._flush())
            assert self._pcm is not None
            assert self._turn is not None
            try:
                frames = self._pcm.read(_AT_ONCE)
            except SourceError as error:
                self._failed(self._turn.entry, str(error))
                frames = np.zeros((0, CHANNELS), np.float32)
            if len(frames):
                self._failures = 0
                self._in += len(frames)
                if chunks := self._cut(self._resample(frames)):
                    return chunks
                continue
            self.close()
            self._next = self._after(self._turn.entry, self.number)

    def close(self) -> None:
        """Let go of the open track."""
        if self._pcm is not None:
            self._pcm.close()
            self._pcm = None

    def _begin(self) -> bool:
        """Open the next track that can be; False where there is none."""
        while self._next is not None and self._failures < _MOST_FAILURES:
            entry, position_s = self._next, self._position_s
            self._position_s = 0.0
            # Counts up until something was read, so that a queue of empty or vanished tracks comes to an end.
            self._failures += 1
            try:
                self._pcm = self._open(entry, position_s)
            except SourceError as error:
                self._failed(entry, str(error))
                self._next = self._after(entry, self.number)
                continue
            self._next = None
            self.number += 1
            self._turn = Turn(self.number, entry, position_s)
            if self._pcm.rate_hz != self._rate_hz:
                self._change_rate(self._pcm.rate_hz)
            self._marks.append((self._base + round(self._in * RATE_HZ / self._rate_hz), self._turn))
            return True
        return False

    def _change_rate(self, rate_hz: int) -> None:
        self._tail = self._flush()
        self._base, self._in, self._rate_hz = self._out + len(self._tail), 0, rate_hz
        self._resampler = None if rate_hz == RATE_HZ else soxr.ResampleStream(rate_hz, RATE_HZ, CHANNELS, "float32")

    def _resample(self, frames: Frames) -> Frames:
        if self._resampler is not None:
            frames = self._resampler.resample_chunk(np.ascontiguousarray(frames))
        if len(self._tail):
            frames, self._tail = np.concatenate([self._tail, frames]), frames[:0]
        return frames

    def _flush(self) -> Frames:
        rest, self._tail = self._tail, self._tail[:0]
        if self._resampler is not None:
            last = self._resampler.resample_chunk(np.zeros((0, CHANNELS), np.float32), last=True)
            self._resampler = None
            self._rate_hz = 0
            rest = np.concatenate([rest, last])
        return rest

    def _cut(self, frames: Frames) -> list[Chunk]:
        """What is put out, cut where one turn ends and the next begins."""
        chunks: list[Chunk] = []
        while len(frames):
            while len(self._marks) > 1 and self._marks[1][0] <= self._out:
                self._marks.popleft()
            start, turn = self._marks[0]
            length = len(frames) if len(self._marks) == 1 else min(len(frames), self._marks[1][0] - self._out)
            chunks.append(Chunk(turn, self._out - start, frames[:length]))
            frames = frames[length:]
            self._out += length
        return chunks
