"""One stream of sound: a thread decodes about a second ahead, the sound device takes from what is ready.

Rules that always hold:
- `take` waits for no disk and no decoder: what is not there in time is silence, and is counted;
- a jump (skip, seek, another queue) fades what was heard out and what comes in, so that nothing clicks;
- what was decoded ahead and is no longer next, because the queue changed, is never heard.
"""

import threading
from collections import deque
from collections.abc import Callable

import numpy as np

from alpenglow.cockpit.media.joining import Chunk, Failed, Joined, Open, Turn
from alpenglow.cockpit.media.play_queue import Entry
from alpenglow.cockpit.media.sound import FADE_FRAMES, RATE_HZ
from alpenglow.cockpit.media.sources import CHANNELS, Frames

_AHEAD_FRAMES = RATE_HZ  # one second

# What plays when an entry has ended; may be called in the decoder's thread.
type After = Callable[[Entry], Entry | None]
# Tells that another turn is heard now, or with None that all is over.
type Heard = Callable[[Turn | None], None]


class Stream:
    """The stream; `take` is for the device's thread, the rest for the owner's."""

    def __init__(self, open_: Open, after: After, failed: Failed, heard: Heard) -> None:
        self._open, self._after, self._failed, self._heard = open_, after, failed, heard
        self.underruns = 0  # how often sound was not ready in time
        self._wake = threading.Condition()  # around all below
        self._ready: deque[Chunk] = deque()
        self._ready_frames = 0
        self._fading: Frames = np.zeros((0, CHANNELS), np.float32)  # the end of what was jumped away from
        self._fresh = 0  # frames of the fade after a jump that are still to come
        self._joined: Joined | None = None
        self._followed = 0  # number of the latest turn that has been asked what follows it
        self._told = True  # that all is over
        self._at: tuple[Turn, int] | None = None  # the turn that is heard, and the frame that comes next
        self._number = 0
        self._ended = True
        self._closed = False
        # Held while a seam asks what comes next, so that an answer of before a change is not taken after it.
        self._seam = threading.Lock()
        self._thread = threading.Thread(target=self._decode, name="media decoder", daemon=True)

    def start(self) -> None:
        """Begin to decode."""
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        with self._wake:
            self._closed = True
            self._wake.notify_all()
        if self._thread.is_alive():
            self._thread.join(5)

    # -- what shall be heard -------------------------------------------------------------------------------------------

    def jump(self, entry: Entry | None, position_s: float = 0.0, *, fade: bool = True) -> None:
        """From now on play `entry` from there; None: nothing. Without `fade` nobody hears what played before."""
        with self._wake:
            if fade:
                self._fade_out()
            else:
                self._fading = self._fading[:0]
            self._restart(entry, position_s)
            self._at = None
            self._fresh = FADE_FRAMES

    def changed(self) -> None:
        """The queue has changed: what was decoded beyond the track that is heard may be wrong."""
        with self._seam, self._wake:
            heard = self._at[0] if self._at else self._ready[0].turn if self._ready else None
            if heard is None:
                return
            if self._followed < heard.number:
                return  # it will be asked yet
            following = self._after(heard.entry)
            beyond = {chunk.turn for chunk in self._ready if chunk.turn.number != heard.number}
            if len(beyond) == 1 and following == beyond.pop().entry and not self._ended:
                return
            kept = [chunk for chunk in self._ready if chunk.turn.number == heard.number]
            self._restart(following, 0.0)
            self._followed = heard.number
            self._ready.extend(kept)
            self._ready_frames = sum(len(chunk.frames) for chunk in kept)

    @property
    def where(self) -> tuple[Turn, float] | None:
        """What is heard, and how many seconds into its track."""
        at = self._at
        return None if at is None else (at[0], at[0].start_s + at[1] / RATE_HZ)

    @property
    def ready_s(self) -> float:
        """How much is decoded and not yet heard."""
        return self._ready_frames / RATE_HZ

    def _restart(self, entry: Entry | None, position_s: float) -> None:
        self._ready.clear()
        self._ready_frames = 0
        self._number += 1000  # turns of different runs never share a number
        self._ended = self._told = entry is None
        self._joined = Joined(self._open, self._after_seam, self._failed, entry, position_s, self._number)
        self._wake.notify_all()

    def _fade_out(self) -> None:
        last, left = [self._fading], FADE_FRAMES - len(self._fading)
        for chunk in self._ready if not len(self._fading) else ():
            last.append(chunk.frames[:left])
            left -= len(last[-1])
            if left <= 0:
                break
        ending = np.concatenate(last)
        if not len(self._fading) and len(ending):
            ending = ending * np.linspace(1.0, 0.0, len(ending), dtype=np.float32)[:, None]
        self._fading = ending

    # -- the decoder's thread ------------------------------------------------------------------------------------------

    def _after_seam(self, entry: Entry, number: int) -> Entry | None:
        with self._seam:
            # From here on a change of the queue has to look at this run again.
            self._followed = max(self._followed, number)
            return self._after(entry)

    def _decode(self) -> None:
        held: Joined | None = None
        while True:
            with self._wake:
                self._wake.wait_for(self._wants)
                if self._closed:
                    break
                joined = self._joined
            if held is not joined and held is not None:
                held.close()
            held = joined
            assert held is not None
            chunks = held.read()
            with self._wake:
                if held is not self._joined:
                    continue
                self._number = max(self._number, held.number)
                self._ready.extend(chunks)
                self._ready_frames += sum(len(chunk.frames) for chunk in chunks)
                self._ended = not chunks
        if held is not None:
            held.close()

    def _wants(self) -> bool:
        return self._closed or (self._joined is not None and not self._ended and self._ready_frames < _AHEAD_FRAMES)

    # -- the device's thread -------------------------------------------------------------------------------------------

    def take(self, frames: int) -> Frames:
        """The next frames; silence where there are none."""
        out = np.zeros((frames, CHANNELS), np.float32)
        heard: list[Turn | None] = []
        with self._wake:
            done = min(frames, len(self._fading))
            out[:done] = self._fading[:done]
            self._fading = self._fading[done:]
            while done < frames and self._ready:
                done = self._take_chunk(out, done, heard)
            if done < frames and self._ended and not self._told:
                self._at, self._told = None, True
                heard.append(None)
            elif done < frames and not self._ended and not self._fresh:
                self.underruns += 1
            if self._ready_frames < _AHEAD_FRAMES:
                self._wake.notify_all()
        for turn in heard:
            self._heard(turn)
        return out

    def _take_chunk(self, out: Frames, done: int, heard: list[Turn | None]) -> int:
        """Take from the first chunk into `out` from frame `done` on; how much is done then."""
        chunk = self._ready[0]
        taken = chunk.frames[: len(out) - done]
        end = done + len(taken)
        out[done:end] = taken
        if self._fresh:
            rising = min(self._fresh, len(taken))
            start = FADE_FRAMES - self._fresh
            gains = np.arange(start + 1, start + rising + 1, dtype=np.float32) / FADE_FRAMES
            out[done : done + rising] *= gains[:, None]
            self._fresh -= rising
        if self._at is None or self._at[0].number != chunk.turn.number:
            heard.append(chunk.turn)
        self._at = (chunk.turn, chunk.first + len(taken))
        self._ready_frames -= len(taken)
        if len(taken) == len(chunk.frames):
            self._ready.popleft()
        else:
            self._ready[0] = Chunk(chunk.turn, chunk.first + len(taken), chunk.frames[len(taken) :])
        return end
