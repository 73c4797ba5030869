"""The player: what people ask of it, and what it does. All on the event loop but what its threads ask in between.

Rules that always hold:
- the queue is changed and read under one lock, since the decoder asks it at each seam; nothing is awaited under it;
- what plays is what is heard, not what is being decoded;
- a track that cannot be played is told and passed over.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import Literal

from alpenglow.cockpit.api import MediaRepeat, MediaTrack
from alpenglow.cockpit.media.joining import Turn
from alpenglow.cockpit.media.output import Output
from alpenglow.cockpit.media.play_queue import Entry, PlayQueue
from alpenglow.cockpit.media.sound import Sound
from alpenglow.cockpit.media.sources import Pcm, Sources
from alpenglow.cockpit.media.stream import Stream

type State = Literal["STOPPED", "PLAYING", "PAUSED"]

_AGAIN_S = 3.0  # going back within this much of a track means the one before


class Player:
    """Plays a queue of tracks. `changed` is called on the loop when queue, track or state is another."""

    def __init__(
        self,
        sources: Sources,
        *,
        channels: int = 2,
        silent: bool = False,
        changed: Callable[[], None],
        problem: Callable[[str, str], None],
    ) -> None:
        """`problem` is told of what cannot be played: its address and why."""
        self.state: State = "STOPPED"
        self.queue = PlayQueue()
        self._lock = threading.Lock()
        self._sources, self._changed, self._problem = sources, changed, problem
        self._loop = asyncio.get_running_loop()
        self._resume_s = 0.0  # where to begin when nothing is in the stream
        self._loaded = False  # whether the stream plays the current entry
        self.stream = Stream(self._open, self._after, self._failed, self._heard)
        self.sound = Sound(self.stream.take, channels)
        self.output = Output(self.sound, silent=silent)
        self.stream.start()

    # -- what plays ----------------------------------------------------------------------------------------------------

    @property
    def track(self) -> MediaTrack | None:
        """What plays, or would if it were told to."""
        current = self.queue.current
        return None if current is None else self._sources.track(current.uri)

    @property
    def position_s(self) -> float:
        """How far into the track it is."""
        where = self.stream.where
        if where is None or self.queue.current is None or where[0].entry.id != self.queue.current.id:
            return self._resume_s
        return where[1]

    # -- what people ask -----------------------------------------------------------------------------------------------

    def load(self, uris: Sequence[str], at: int = 0, position_s: float = 0.0) -> None:
        """Have these in the queue, without playing."""
        with self._lock:
            self.queue.replace(uris, at)
        self._begin(position_s, play=False)

    def play_these(self, uris: Sequence[str], at: int = 0) -> None:
        """Play these instead of the queue."""
        with self._lock:
            self.queue.replace(uris, at)
        self._begin(0.0, play=bool(uris))

    def play(self) -> None:
        """Go on, or begin."""
        if self.queue.current is None:
            return
        if not self._loaded:
            self._jump(self._resume_s)
        self.state = "PLAYING"
        self.sound.play()
        self._changed()

    def pause(self) -> None:
        """Hold."""
        if self.state == "PLAYING":
            self.state = "PAUSED"
            self.sound.pause()
            self._changed()

    def stop(self) -> None:
        """Hold, and begin this track anew when it plays again."""
        self.sound.pause()
        self.state = "STOPPED"
        self._loaded, self._resume_s = False, 0.0
        self.stream.jump(None)
        self._changed()

    def skip(self, by: Literal[1, -1]) -> None:
        """To the next track or back: to this one's beginning, or from there to the one before."""
        if by < 0 and self.position_s > _AGAIN_S:
            self.seek(0.0)
            return
        with self._lock:
            found = self.queue.skip(by)
        if found is not None:
            self._begin(0.0, play=self.state == "PLAYING")
        elif by < 0:
            self.seek(0.0)
        else:
            self.stop()

    def go(self, entry: int) -> bool:
        """Play that entry; whether it is there."""
        with self._lock:
            found = self.queue.go(entry)
        if found is not None:
            self._begin(0.0, play=True)
        return found is not None

    def seek(self, position_s: float) -> None:
        """To a place in this track."""
        track = self.track
        longest = track.duration_s if track is not None and track.duration_s else position_s
        position_s = max(0.0, min(position_s, longest))
        if self._loaded:
            self._jump(position_s)
        self._resume_s = position_s
        self._changed()

    def add(self, uris: Sequence[str], *, soon: bool) -> None:
        """Put tracks into the queue."""
        with self._lock:
            self.queue.add(uris, soon=soon)
        self._rearranged()

    def remove(self, entry: int) -> bool:
        """Take an entry out; whether it was there."""
        with self._lock:
            was = self.queue.current
            found = self.queue.remove(entry)
        if self.queue.current is None:
            self.stop()
        elif self.queue.current is not was:
            self._begin(0.0, play=self.state == "PLAYING")
        else:
            self._rearranged()
        return found

    def move(self, entry: int, to: int) -> bool:
        """Put an entry elsewhere; whether it was there."""
        with self._lock:
            found = self.queue.move(entry, to)
        self._rearranged()
        return found

    def clear(self) -> None:
        """Empty the queue but for what plays; where nothing does, all of it."""
        with self._lock:
            if self.state == "STOPPED":
                self.queue.replace(())
            else:
                self.queue.clear()
        self._rearranged()

    def order(self, *, shuffle: bool, repeat: MediaRepeat) -> None:
        """In which order the queue plays, and what happens at its end."""
        with self._lock:
            self.queue.set_shuffle(shuffle)
            self.queue.repeat = repeat
        self._rearranged()

    # -- the device ----------------------------------------------------------------------------------------------------

    async def tend(self) -> None:
        """Have the device run while something is to be heard, and only then. Called a few times a second."""
        if self.state == "PLAYING" and not self.output.running:
            await asyncio.to_thread(self.output.run)
        elif self.state != "PLAYING" and self.output.running and self.sound.quiet:
            await asyncio.to_thread(self.output.rest)
        elif self.output.gone:
            await asyncio.to_thread(self.output.reopen)

    def close(self) -> None:
        """End the threads and let go of the device."""
        self.output.close()
        self.stream.close()

    # -- inside --------------------------------------------------------------------------------------------------------

    def _begin(self, position_s: float, *, play: bool) -> None:
        self._resume_s = position_s
        self._loaded = False
        if play:
            self.play()
            return
        if self.state != "STOPPED":
            self._jump(position_s)
        self._changed()

    def _jump(self, position_s: float) -> None:
        self._resume_s = position_s
        self._loaded = True
        self.stream.jump(self.queue.current, position_s, fade=not self.sound.quiet)

    def _rearranged(self) -> None:
        self.stream.changed()
        self._changed()

    def _open(self, entry: Entry, position_s: float) -> Pcm:  # in the decoder's thread
        return self._sources.open(entry.uri, position_s)

    def _after(self, entry: Entry) -> Entry | None:  # in the decoder's thread, and on the loop
        with self._lock:
            return self.queue.after(entry.id)

    def _failed(self, entry: Entry, why: str) -> None:  # in the decoder's thread
        self._soon(self._problem, entry.uri, why)

    def _heard(self, turn: Turn | None) -> None:  # in the device's thread
        self._soon(self._now_heard, turn)

    def _soon(self, function: Callable[..., None], *arguments: object) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(function, *arguments)

    def _now_heard(self, turn: Turn | None) -> None:
        if turn is None:
            if self.stream.where is None and self._loaded:  # and nobody has asked for more since
                with self._lock:
                    if self.queue.order:
                        self.queue.go(self.queue.order[0].id)
                self.stop()
            return
        where = self.stream.where
        if where is not None and where[0].number == turn.number:  # and not one that was jumped away from since
            with self._lock:
                self.queue.go(turn.entry.id)
            self._resume_s = turn.start_s
            self._changed()
