"""How loud it is where: volume, balance, zones and ducking, as gains that glide and never jump.

Rules that always hold:
- no gain changes by more than a fixed step from one frame to the next, so that nothing clicks;
- while paused nothing is taken from the stream but what the fade needs, so that nothing is skipped;
- `pull` is called by the sound device's thread and waits for nobody.
"""

import threading
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from alpenglow.cockpit.media.sources import Frames

RATE_HZ = 48_000  # of everything that leaves here
FADE_FRAMES = RATE_HZ // 100  # play, pause, skip and seek
_GLIDE_FRAMES = RATE_HZ // 25  # volume and balance from nothing to full
_DUCK_FRAMES = RATE_HZ // 10  # down to speech
_UNDUCK_FRAMES = RATE_HZ // 2  # and back
_DUCKED = 0.18  # −15 dB: heard, and speech is understood over it

type Gains = NDArray[np.float64]


class _Glide:
    """Gains on their way to a target, by a bounded step for each frame."""

    def __init__(self, start: Gains, down: float, up: float) -> None:
        self.now, self.target = start.astype(np.float64), start.astype(np.float64)
        self._down, self._up = down, up

    def take(self, frames: int) -> Gains:
        """The gains of the next frames, shape (frames, channels)."""
        if np.array_equal(self.now, self.target):
            return np.broadcast_to(self.now, (frames, len(self.now)))
        way = self.target - self.now
        step = np.where(way < 0, self._down, self._up)
        gone = np.minimum(np.arange(1, frames + 1)[:, None] * step, np.abs(way))
        gains: Gains = self.now + np.sign(way) * gone
        left = np.abs(way) - frames * step
        self.now = np.where(left <= 0, self.target, gains[-1] if frames else self.now)
        return gains


def channel_gains(volume: int, balance: int, front: int, rear: int, channels: int) -> Gains:
    """The gain of each channel, from percentages: front left, front right, and with four rear left, rear right.

    Loudness goes with the third power, as PulseAudio's does; half of it sounds about half as loud. A car with two
    channels has one zone, which is as loud as the louder one is set.
    """
    left, right = min(1.0, 1 - balance / 100), min(1.0, 1 + balance / 100)
    zones = (front, rear) if channels >= 4 else (max(front, rear),)
    gains = [(volume / 100) ** 3 * (zone / 100) ** 3 * side for zone in zones for side in (left, right)]
    return np.array([*gains, *[0.0] * (channels - len(gains))][:channels])


class Sound:
    """What the speakers get: frames from `take`, with the gains of now."""

    def __init__(
        self, take: Callable[[int], Frames], channels: int = 2, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.channels = channels
        self._take, self.clock = take, clock
        self._lock = threading.Lock()
        self._levels = _Glide(channel_gains(0, 0, 100, 100, channels), 1 / _GLIDE_FRAMES, 1 / _GLIDE_FRAMES)
        self._duck = _Glide(np.ones(1), (1 - _DUCKED) / _DUCK_FRAMES, (1 - _DUCKED) / _UNDUCK_FRAMES)
        self._fade = _Glide(np.zeros(1), 1 / FADE_FRAMES, 1 / FADE_FRAMES)
        self._until: dict[str, float] = {}
        self.pulled_at = clock()

    @property
    def quiet(self) -> bool:
        """Whether it is paused and faded out: nothing is taken from the stream any more."""
        return not self._fade.target[0] and not self._fade.now[0]

    def set(self, volume: int, balance: int, front: int, rear: int) -> None:
        """Make it as loud as these percentages say."""
        with self._lock:
            self._levels.target = channel_gains(volume, balance, front, rear, self.channels)

    def play(self) -> None:
        """Let the stream be heard."""
        with self._lock:
            self._fade.target = np.ones(1)

    def pause(self) -> None:
        """Fade out and hold the stream."""
        with self._lock:
            self._fade.target = np.zeros(1)

    def duck(self, reason: str, seconds: float) -> None:
        """Be quieter for so long; the last word for each reason counts, and the longest of all reasons."""
        with self._lock:
            now = self.clock()
            self._until = {name: until for name, until in self._until.items() if until > now}
            self._until[reason] = now + seconds

    def unduck(self, reason: str) -> None:
        """That reason is over."""
        with self._lock:
            self._until.pop(reason, None)

    def pull(self, frames: int) -> NDArray[np.float32]:
        """The next frames for the speakers, shape (frames, channels), float32."""
        with self._lock:
            now = self.pulled_at = self.clock()
            ducked = any(until > now for until in self._until.values())
            self._duck.target = np.array([_DUCKED if ducked else 1.0])
            fade = self._fade.take(frames)
            gains = fade * self._duck.take(frames) * self._levels.take(frames)
        heard = int(np.count_nonzero(fade[:, 0])) if not self._fade.target[0] else frames
        out = np.zeros((frames, self.channels), np.float32)
        if heard:
            taken = self._take(heard)
            sides = np.tile(taken, (1, (self.channels + 1) // 2))[:, : self.channels]
            out[:heard] = sides * gains[:heard]
        return out
