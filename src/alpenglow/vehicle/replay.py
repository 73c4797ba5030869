"""A recorded log, played into the live path as if its buses were there."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from alpenglow.vehicle.frames import Frame
from alpenglow.vehicle.logs import LogError, LogReader

TICK_S = 0.01  # frames that were on the bus within this time come together
_BATCH = 512  # at full speed: frames between two chances for others to run
_BEHIND_S = 1.0  # a pause longer than this (a stopped process) is not made up for
_GAP_S = 5.0  # a longer silence in the log is shortened to this


class Replay:
    """Plays one log. The frames keep the log's own times."""

    def __init__(
        self,
        log: Path,
        *,
        speed: float | None = 1.0,
        loop: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """`speed`: how many seconds of the log pass in one; None: as fast as they are taken. `loop`: for ever.

        `progress` is told bytes read and bytes in all. LogError where the log cannot be opened; ValueError for a
        speed that is not above 0.
        """
        if speed is not None and not 0 < speed < float("inf"):
            raise ValueError(f"a replay's speed must be above 0 (or max), not {speed}")
        LogReader(log).close()
        self._log = log
        self._speed = speed
        self._loop = loop
        self._progress = progress
        self.frames_played = 0
        self.late_s = 0.0  # how far behind the log's own pace the last batch came

    async def batches(self) -> AsyncIterator[list[Frame]]:
        """The frames in batches, each when it is due; LogError behind what is whole."""
        while True:
            played = self.frames_played
            with LogReader(self._log) as reader:
                batches = self._at_once(reader) if self._speed is None else self._in_time(reader, self._speed)
                async for batch in batches:
                    self.frames_played += len(batch)
                    if self._progress:
                        self._progress(reader.position_bytes, reader.size_bytes)
                    yield batch
            if self.frames_played == played:
                raise LogError(f"{self._log}: holds no data frame")
            if not self._loop:
                return

    async def _at_once(self, reader: LogReader) -> AsyncIterator[list[Frame]]:
        batch: list[Frame] = []
        problem: LogError | None = None
        try:
            for frame in reader:
                batch.append(frame)
                if len(batch) == _BATCH:
                    yield batch
                    batch = []
                    await asyncio.sleep(0)
        except LogError as error:
            problem = error
        if batch:
            yield batch
        if problem:
            raise problem

    async def _in_time(self, reader: LogReader, speed: float) -> AsyncIterator[list[Frame]]:
        batch: list[Frame] = []
        problem: LogError | None = None
        start = time.monotonic()
        origin: int | None = None  # the log's time that belongs to `start`
        end_ns = 0  # of the tick that is being filled
        tick_ns = int(TICK_S * speed * 1e9)
        try:
            for frame in reader:
                if origin is None:
                    origin, end_ns = frame.time_ns, frame.time_ns + tick_ns
                if frame.time_ns >= end_ns:
                    if batch:
                        start = await self._due(start, (end_ns - origin) / 1e9 / speed)
                        yield batch
                        batch = []
                    gap = frame.time_ns - end_ns - int(_GAP_S * speed * 1e9)
                    if gap > 0:
                        origin += gap
                    end_ns = frame.time_ns + tick_ns - (frame.time_ns - origin) % tick_ns
                batch.append(frame)
        except LogError as error:
            problem = error
        if batch and origin is not None:
            await self._due(start, (end_ns - origin) / 1e9 / speed)
            yield batch
        if problem:
            raise problem

    async def _due(self, start: float, after_s: float) -> float:
        """Sleep until `after_s` behind `start`; returns the start that holds from now on."""
        late = time.monotonic() - start - after_s
        if late > _BEHIND_S:
            start += late
            late = 0.0
        self.late_s = max(0.0, late)
        await asyncio.sleep(max(0.0, -late))
        return start
