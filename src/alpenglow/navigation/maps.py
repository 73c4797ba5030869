"""The installed maps, and the one that the car is on, read by a thread of its own.

Rules that always hold:
- nothing heavy is imported or read by the event loop's thread, and nothing of it before somebody needs a map;
- one thread works on a map's roads, since its arrays are shared and searches are; another searches for places;
- a map that was added, made anew or removed is noticed within seconds; what is opened goes on with the old one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from alpenglow.fabric import Failed
from alpenglow.navigation import api
from alpenglow.navigation.region import regions
from alpenglow.navigation.region.problems import RegionError

if TYPE_CHECKING:
    from alpenglow.navigation.guidance.manoeuvres import Router
    from alpenglow.navigation.guidance.matching import Matcher
    from alpenglow.navigation.region.chargers import Station
    from alpenglow.navigation.roads.graph import Roads
    from alpenglow.navigation.roads.paths import Network
    from alpenglow.navigation.roads.snapping import Snapper
    from alpenglow.navigation.search.query import Places

NO_MAP = "there is no map: add one with `alpenglow map add FILE.osm.pbf`"
_LOOK_S = 2.0


class OpenMap:
    """A region in memory. Made and used by one thread."""

    def __init__(self, region: regions.Region) -> None:
        """Raises RegionError, RoadsError, ChargersError for what cannot be read."""
        from alpenglow.navigation.guidance.matching import Matcher
        from alpenglow.navigation.roads.graph import Roads
        from alpenglow.navigation.roads.paths import Network
        from alpenglow.navigation.roads.snapping import Snapper
        from alpenglow.navigation.trips.chargers import load_chargers

        self.region = region
        self.key = (region.name, region.manifest.sha256)
        self.roads: Roads = Roads.load(region.roads)
        self.network: Network = Network(self.roads)
        self.snapper: Snapper = Snapper(self.roads)
        self.matcher: Matcher = Matcher(self.roads, self.snapper)
        self.stations: list[Station] = load_chargers(region.chargers)
        self._router: Router | None = None

    def router(self) -> Router | None:
        """Valhalla over this map's tiles; None where they cannot be opened."""
        if self._router is None:
            import valhalla

            try:
                self._router = valhalla.Actor(self.region.routing_config())
            except (RuntimeError, OSError, ValueError):
                return None
        return self._router


class Maps:
    """The maps of one car."""

    def __init__(self, folder: Path, warn: Callable[[str], None]) -> None:
        self._folder, self._warn = folder, warn
        self._roads = ThreadPoolExecutor(1, "roads")
        self._search = ThreadPoolExecutor(1, "search")
        self._installed: list[regions.Region] = []
        self._revision = 0
        self._looked_s = 0.0
        self._open: OpenMap | None = None
        self._opening = asyncio.Lock()
        self._places: tuple[tuple[str, str], Places] | None = None
        self._bad: set[tuple[str, str]] = set()  # what could not be opened, and was said

    def close(self) -> None:
        """End the threads; what they are at is not waited for."""
        for pool in (self._roads, self._search):
            pool.shutdown(wait=False, cancel_futures=True)

    @property
    def open(self) -> OpenMap | None:
        """The map that is in memory."""
        return self._open

    def installed(self) -> list[regions.Region]:
        """The maps that can be used; looked for again now and then."""
        now = asyncio.get_running_loop().time()
        if now - self._looked_s >= _LOOK_S or not self._looked_s:
            self._looked_s = now
            revision = regions.revision(self._folder)
            if revision != self._revision:
                self._revision = revision
                self._installed, problems = regions.installed(self._folder)
                for problem in problems:
                    self._warn(str(problem))
                self._bad.clear()
        return self._installed

    def covering(self, lat: float, lon: float) -> regions.Region | None:
        """The map that a place is on."""
        return regions.covering(self.installed(), lat, lon)

    async def at(self, where: api.Position | None) -> OpenMap:
        """The map around a place, opened; the only one, or the open one, where there is no place. Failed."""
        region = self._chosen(where)
        async with self._opening:
            if self._open is None or self._open.key != (region.name, region.manifest.sha256):
                self._open = None
                self._open = await self.work(lambda: OpenMap(region))
            return self._open

    def _chosen(self, where: api.Position | None) -> regions.Region:
        installed = self.installed()
        if not installed:
            raise Failed(NO_MAP)
        if where is None:
            name = self._open.region.name if self._open else ""
            return next((region for region in installed if region.name == name), installed[0])
        found = regions.covering(installed, where.latitude, where.longitude)
        if found is None:
            there = ", ".join(region.manifest.title for region in installed)
            raise Failed(f"this place is on no map; the maps here are {there}")
        return found

    async def places(self, where: api.Position | None) -> Places:
        """What can be searched around a place. Failed."""
        region = self._chosen(where) if where is None or self.covering(where.latitude, where.longitude) else None
        region = region or self._chosen(None)
        key = (region.name, region.manifest.sha256)
        if self._places is None or self._places[0] != key:
            self._places = (key, await self.look(lambda: _places(region.places)))
        return self._places[1]

    async def work[R](self, task: Callable[[], R]) -> R:
        """Do what takes the roads, in their thread. Failed with the sentence of what is wrong with the map."""
        return await _done(self._roads, task)

    async def look[R](self, task: Callable[[], R]) -> R:
        """Do what takes the index of places, in its thread. Failed as with `work`."""
        return await _done(self._search, task)


async def _done[R](pool: ThreadPoolExecutor, task: Callable[[], R]) -> R:
    try:
        return await asyncio.get_running_loop().run_in_executor(pool, task)
    except RegionError as problem:
        raise Failed(str(problem)) from None
    except ValueError as problem:
        if type(problem) is ValueError:
            raise
        raise Failed(str(problem)) from None  # RoadsError, ChargersError: a file of the map is damaged


def _places(file: Path) -> Places:
    from alpenglow.navigation.search.query import Places

    return Places(file)
