"""The traffic that is known, on the map that is open: what planning prices and guidance look at.

Rules that always hold:
- while nothing changes, the array of factors stays the very same object: prices are kept by its identity;
- no traffic is None, and everything is as fast as without this;
- an array belongs to one map. On another the same reports are found anew.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from alpenglow.fabric import BadArguments
from alpenglow.navigation import api
from alpenglow.navigation.maps import Maps, OpenMap
from alpenglow.navigation.roads.graph import Floats
from alpenglow.navigation.traffic.reports import BadReport, Reports, Stretch
from alpenglow.navigation.traffic.roads import Finder, Piece, factors

type _Line = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class _OnMap:
    """What was found of one state of the reports on one map."""

    opened: OpenMap
    revision: int
    pieces: dict[_Line, list[Piece]]
    factors: Floats | None


class Traffic:
    """What every source has said, and where that is."""

    def __init__(self, maps: Maps) -> None:
        self._maps = maps
        self._reports = Reports()
        self._finder: tuple[OpenMap, Finder] | None = None
        self._found: _OnMap | None = None
        self.changed = asyncio.Event()  # set with each change, cleared by who minds it

    @property
    def revision(self) -> int:
        """Counts up when what is known changes."""
        return self._reports.revision

    async def report(self, source: str, jams: Sequence[api.Jam], around: OpenMap) -> api.Reported:
        """Take what a source says. BadArguments for what is not taken, Failed."""
        try:
            stretches = self._reports.replace(source, jams, time.monotonic())
        except BadReport as problem:
            raise BadArguments(str(problem)) from None
        # Who waits for the next end waits for another one now, too.
        self.changed.set()
        found = await self._on(around)
        unmatched = [number for number, each in enumerate(stretches) if not found.pieces.get(_line(each))]
        return api.Reported(matched=len(stretches) - len(unmatched), unmatched=unmatched)

    def prune(self) -> None:
        """Forget what is too old; whoever finds that out, who minds changes hears of it."""
        if self._reports.prune(time.monotonic()):
            self.changed.set()

    def next_end_s(self) -> float | None:
        """For how long nothing gets too old; None where nothing is known."""
        end = self._reports.next_end_s()
        return None if end is None else max(0.0, end - time.monotonic())

    async def on(self, opened: OpenMap) -> Floats | None:
        """The factor on the speed of each edge of a map; None where all roads are free. Failed."""
        self.prune()
        if not self._reports.stretches():
            self._found = None
            return None
        return (await self._on(opened)).factors

    async def known(self, around: OpenMap) -> list[api.KnownJam]:
        """What is known now. Failed."""
        self.prune()
        found, stretches, now = await self._on(around), self._reports.stretches(), time.monotonic()

        def tell() -> list[api.KnownJam]:
            finder = self._finder_of(around)
            return [_told(each, found.pieces.get(_line(each), []), finder, now) for each in stretches]

        return await self._maps.work(tell)

    async def _on(self, opened: OpenMap) -> _OnMap:
        while True:
            found, revision = self._found, self.revision
            if found is not None and found.opened is opened and found.revision == revision:
                return found
            before = found.pieces if found is not None and found.opened is opened else {}
            stretches = self._reports.stretches()

            def find(
                before: dict[_Line, list[Piece]] = before,
                stretches: list[Stretch] = stretches,
                revision: int = revision,
            ) -> _OnMap:
                finder = self._finder_of(opened)
                pieces = {
                    line: before[line] if line in before else finder.pieces(line) for line in map(_line, stretches)
                }
                slow = ((each.jam.speed_factor, pieces[_line(each)]) for each in stretches)
                return _OnMap(opened, revision, pieces, factors(opened.roads, slow))

            made = await self._maps.work(find)
            if self.revision == revision:
                if self._found is None or self._found.opened is not opened or self._found.revision != revision:
                    self._found = made
                return self._found

    def _finder_of(self, opened: OpenMap) -> Finder:
        """In the roads' thread."""
        if self._finder is None or self._finder[0] is not opened:
            self._finder = (opened, Finder(opened.roads, opened.snapper))
        return self._finder[1]


def _line(stretch: Stretch) -> _Line:
    return tuple(stretch.jam.points)


def _told(stretch: Stretch, pieces: Sequence[Piece], finder: Finder, now_s: float) -> api.KnownJam:
    return api.KnownJam(
        source=stretch.source,
        cause=stretch.jam.cause,
        speed_factor=stretch.jam.speed_factor,
        left_s=max(0.0, stretch.ends_s - now_s),
        delay_s=finder.delay_s(pieces, stretch.jam.speed_factor),
        length_m=finder.length_m(pieces),
        lines=finder.line(pieces),
    )
