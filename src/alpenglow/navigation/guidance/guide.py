"""Guidance as the car moves: where it is, what comes next, what is said, and a new way when it has left its own.

Rules that always hold:
- what is followed is on disk before it is shown, and this goes on with it after it was killed (see `saved`);
- a new way keeps the destination, the options and the via points that still lie ahead;
- nothing here waits: maps are opened and ways are found by threads of their own, while the position goes on.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from alpenglow.fabric import Fabric, Failed, ServiceError
from alpenglow.fabric.room import Room
from alpenglow.navigation import api
from alpenglow.navigation.car import Car
from alpenglow.navigation.guidance.avoiding import WORTH_S, Another, Avoiding
from alpenglow.navigation.guidance.driven import Driven
from alpenglow.navigation.guidance.following import Following
from alpenglow.navigation.guidance.locating import Located, Locating
from alpenglow.navigation.guidance.progress import Place
from alpenglow.navigation.guidance.saved import Saved, SavedFile, SavedPath
from alpenglow.navigation.guidance.showing import Showing
from alpenglow.navigation.guidance.speech import Units, announcement, delayed, remark
from alpenglow.navigation.maps import Maps, OpenMap
from alpenglow.navigation.planning import Planning, Start
from alpenglow.navigation.trips.plan import Planned

_LATITUDE = "Vehicle.CurrentLocation.Latitude"
_LOOK_S = 0.25  # where no position comes
_SAVE_S = 10.0
_AGAIN_S = 10.0  # after which a way is looked for again
_CHECK_S = 20.0  # between two looks at whether the battery lasts
_LEFT_ARRIVAL_M = 120.0  # driven after arriving: the trip is over
_OVER_S = 120.0


class Guide:
    """Guides one car."""

    def __init__(self, room: Room, maps: Maps, car: Car, planning: Planning, changed: Callable[[], None]) -> None:
        self._room, self._maps, self._car, self._planning, self._changed = room, maps, car, planning, changed
        self._fabric: Fabric = room.fabric
        self._file = SavedFile(room.state_dir / "navigation")
        self._locating = Locating(car)
        self._showing = Showing(room.fabric)
        self._following: Following | None = None
        self._opened: OpenMap | None = None
        self._saved: Saved | None = None
        self._arrived: tuple[float, float] | None = None  # when, and metres driven since
        self._rerouting: asyncio.Task[None] | None = None
        self._opening: asyncio.Task[None] | None = None
        self._saving: asyncio.Task[None] | None = None
        self._again_s = self._saved_s = self._checked_s = 0.0
        self._avoiding = Avoiding(planning)
        self.driven = Driven(room.fabric)
        self.resumed = asyncio.Event()  # what was followed before this process began is followed again, or is not
        self.reroute_s = 0.0  # how long the last new way took

    @property
    def following(self) -> Following | None:
        """What is being followed."""
        return self._following

    @property
    def located(self) -> Located | None:
        """Where the car is."""
        return self._locating.last

    def start_here(self) -> Start:
        """Where the car is now, on its road. Failed where nobody knows."""
        located = self._locating.last
        if located is not None:
            where = api.Position(latitude=located.lat, longitude=located.lon)
            return Start(where, located.heading if located.match is not None else None)
        seen = self._car.where()
        if seen is None:
            raise Failed("the car's own position is not known; say where to start")
        return Start(seen)

    def guidance(self) -> api.Guidance:
        """What is being followed, whole."""
        if self._following is None:
            return api.Guidance(active=False)
        return api.Guidance(active=True, trip=self._following.trip, maneuvers=self._following.maneuvers)

    async def begin(self, planned: Planned, opened: OpenMap, profile: str | None) -> None:
        """Follow a plan. Failed where it cannot be done or kept."""
        following, paths = await self._planning.follow(planned, opened)
        await self._keep(following, paths, opened, profile)
        self._take(following, opened)

    async def end(self) -> None:
        """Follow nothing any more."""
        if self._rerouting is not None:
            self._rerouting.cancel()
        if self.driven.active:
            with contextlib.suppress(ServiceError):
                await self.driven.leave()
        self._following, self._saved, self._arrived = None, None, None
        try:
            self._file.erase()
        except OSError as error:
            raise Failed(f"the route is still on the disk: {error}") from None
        self._showing.idle()
        self._changed()

    async def drive(self, pace: int) -> None:
        """Let the simulated car drive what is followed. Failed, NoProvider."""
        if self._following is None:
            raise Failed("no route is being followed")
        await self.driven.follow(self._following, pace, self._car.speed_ms)
        self._saved_s = 0.0  # to be kept at the next look

    def owner(self) -> str | None:
        """Whose route it is; None where nothing is followed."""
        return None if self._saved is None else self._saved.profile

    def stored(self, profile: str) -> Saved | None:
        """The route on disk, if it is that profile's."""
        return self._saved if self._saved is not None and self._saved.profile == profile else None

    # -- as the car moves ----------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Follow the car until cancelled."""
        await self._resume()
        self.resumed.set()
        loop = asyncio.get_running_loop()
        follower = self._fabric.follower(_LATITUDE)
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(follower.changed.wait(), _LOOK_S)
                follower.take_indexes()
                self._look(loop.time())
        finally:
            self._fabric.unfollow(follower)
            for task in (self._rerouting, self._opening):
                if task is not None:
                    task.cancel()
            if self._saved is not None:
                with contextlib.suppress(OSError):
                    self._file.write(self._now(self._saved))

    def _look(self, now: float) -> None:
        following = self._following
        route = following.edges if following is not None else frozenset()
        opened = self._opened
        located = self._locating.look(now, opened.matcher if opened is not None else None, route)
        if located is None:
            if self._locating.last is None:
                self._showing.lost()
            return
        self._mind_map(located)
        self._showing.position(located, opened)
        if following is None or opened is None:
            return
        language, units = self._car.language, self._units()
        following.speak(language, units)
        place = following.update(located)
        if self._arrived is not None:
            self._after_arrival(located, now)
            return
        if place.state == "arrived":
            self._arrive(following, now, located.speed_ms)
            return
        self._showing.way(following, place, located.speed_ms, self._car.charge)
        if place.state == "off":
            self._seek(now, "the route was left")
        elif text := following.announcer.say(place.at_m, located.speed_ms):
            self._showing.say(text)
        self._check(following, located, place, now)
        self._save(now)

    def _units(self) -> Units:
        return "imperial" if self._car.miles else "metric"

    def _take(self, following: Following, opened: OpenMap) -> None:
        """From now on this is followed."""
        self._following, self._arrived = following, None
        if self._opened is not opened:
            self._opened = opened
            self._locating.forget()
        self._showing.begin(following)
        self._changed()

    def _arrive(self, following: Following, now: float, speed_ms: float) -> None:
        self._arrived = (now, 0.0)
        place = Place("arrived", following.progress.at_m)
        self._showing.way(following, place, speed_ms, self._car.charge)
        self._showing.say(announcement(following.maneuvers[-1], None, None, self._car.language))
        self._saved = None
        with contextlib.suppress(OSError):
            self._file.erase()

    def _after_arrival(self, located: Located, now: float) -> None:
        since, driven = self._arrived or (now, 0.0)
        driven += located.moved_m
        self._arrived = (since, driven)
        if driven > _LEFT_ARRIVAL_M or now - since > _OVER_S:
            self._following, self._arrived = None, None
            self._showing.idle()
            self._changed()

    # -- another way ---------------------------------------------------------------------------------------------------

    def _seek(self, now: float, why: str) -> None:
        if (self._rerouting is not None and not self._rerouting.done()) or now < self._again_s:
            return
        self._rerouting = asyncio.ensure_future(self._reroute(why))

    async def _reroute(self, why: str) -> None:
        following, opened = self._following, self._opened
        if following is None or opened is None:
            return
        began = time.perf_counter()
        loop = asyncio.get_running_loop()
        self._showing.state("REROUTING")
        self._showing.say(remark("rerouting", self._car.language))
        profile = self._saved.profile if self._saved is not None else None
        trip = following.trip
        passed = sum(via <= following.progress.at_m for via in following.way.vias)
        try:
            options = msgspec.structs.replace(trip.options, alternatives=0)
            planned = await self._planning.plan(self.start_here(), trip.destination, trip.via[passed:], options)
            if self._following is not following:
                return
            await self.begin(planned, opened, profile)
        except Failed as problem:
            self._again_s = loop.time() + _AGAIN_S
            self._room.log.warning("no new way", why=str(problem))
            self._showing.say(remark("no_way", self._car.language))
            self._showing.state("GUIDING")
            return
        self.reroute_s = time.perf_counter() - began
        self._room.log.info("a new way", why=why, took_s=round(self.reroute_s, 3))
        await self._drive_on()

    async def mind_traffic(self) -> None:
        """Take each change of the traffic into what is followed, until cancelled."""
        traffic, loop = self._planning.traffic, asyncio.get_running_loop()
        while True:
            waits = [traffic.next_end_s()]
            if self._following is not None:
                waits.append(self._avoiding.wait_s(loop.time(), self._car.pace))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(traffic.changed.wait(), min((s for s in waits if s is not None), default=None))
            traffic.prune()
            traffic.changed.clear()
            self._showing.traffic(traffic.revision)
            try:
                await self._slow(loop.time())
            except Failed as problem:
                self._room.log.warning("traffic is not taken into account", why=str(problem))
                await asyncio.sleep(_AGAIN_S)

    async def _slow(self, now: float) -> None:
        """Let the times of what is followed be those of this traffic, and take another way where that is worth it."""
        if self._rerouting is not None and not self._rerouting.done():
            await asyncio.wait({self._rerouting})
        following, opened = self._following, self._opened
        if following is None or opened is None or self._arrived is not None:
            return
        before_s = following.ahead(None).time_s
        differs = await self._planning.slow(following, opened)
        later_s = following.ahead(None).time_s - before_s
        if self._avoiding.due_s(now, self._car.pace) == 0.0 and not self._car.charging:
            another = await self._avoiding.look(following, self.start_here(), self._car.charge)
            if another is not None and self._following is following:
                await self._avoid(another)
                return
        if not differs or self._following is not following:
            return
        self._changed()
        if later_s >= WORTH_S:
            self._showing.say(delayed("jam", later_s, self._car.language))
        await self._drive_on()

    async def _avoid(self, another: Another) -> None:
        planned, opened = self._planning.made(another.planned.trip.id)
        await self.begin(planned, opened, self._saved.profile if self._saved is not None else None)
        if self._following is None:
            return
        self._avoiding.taken(asyncio.get_running_loop().time())
        self._following.saved_s = another.saved_s
        self._room.log.info("a new way", why="traffic", saves_s=round(another.saved_s))
        self._showing.say(delayed("faster", another.saved_s, self._car.language))
        await self._drive_on()

    async def _drive_on(self) -> None:
        """Tell the simulator, if it drives, what has become of its way."""
        if self.driven.active and self._following is not None:
            with contextlib.suppress(ServiceError):
                await self.driven.again(self._following, self._car.speed_ms)

    def _check(self, following: Following, located: Located, place: Place, now: float) -> None:
        """Another plan where the drive departs from this one, so that the battery always lasts."""
        charge, charging = self._car.charge, self._car.charging
        if place.state != "on":
            return
        following.record.update(following.progress.leg, place.at_m, located.speed_ms, charge, charging)
        if now - self._checked_s < _CHECK_S:
            return
        self._checked_s = now
        if following.record.another_plan(now, charging):
            self._showing.say(remark("low", self._car.language))
            self._seek(now, "the drive departs from its plan")

    # -- on disk -------------------------------------------------------------------------------------------------------

    async def _keep(
        self, following: Following, paths: list[list[SavedPath]], opened: OpenMap, profile: str | None
    ) -> None:
        since = datetime.now(UTC).isoformat()
        saved = Saved(profile=profile or "", since=since, map=opened.key, trip=following.trip, legs=paths)
        try:
            await asyncio.to_thread(self._file.write, saved)
        except OSError as error:  # a full disk: the way is worth more than its keeping
            self._room.log.warning("the route is not kept", why=str(error))
        self._saved = saved

    def _now(self, saved: Saved) -> Saved:
        if self._following is None:
            return saved
        progress = self._following.progress
        return msgspec.structs.replace(
            saved, at_m=progress.at_m, joined=progress.joined, pace=self.driven.pace if self.driven.active else 0
        )

    def _save(self, now: float) -> None:
        if self._saved is None or now - self._saved_s < _SAVE_S:
            return
        self._saved_s = now
        if self._saving is None or self._saving.done():
            self._saving = asyncio.ensure_future(self._write(self._now(self._saved)))

    async def _write(self, saved: Saved) -> None:
        try:
            await asyncio.to_thread(self._file.write, saved)
        except OSError as error:
            self._room.log.warning("how far the route is driven is not kept", why=str(error))
        if self._saved is None:  # it ended meanwhile
            with contextlib.suppress(OSError):
                self._file.erase()

    async def _resume(self) -> None:
        """Go on with what was followed when this process ended."""
        saved = self._file.read()
        if saved is None:
            return
        try:
            opened = await self._maps.at(saved.trip.destination.position)
            if opened.key == saved.map:
                following = await self._planning.resume(saved, opened)
                following.progress.at_m, following.progress.joined = saved.at_m, saved.joined
                self._saved, self.driven.pace = saved, saved.pace
                self._take(following, opened)
            else:  # the map was made anew: the same destination, from here
                planned = await self._planning.plan(
                    self.start_here(), saved.trip.destination, saved.trip.via, saved.trip.options
                )
                await self.begin(planned, opened, saved.profile)
        except (Failed, ValueError, IndexError) as problem:
            self._room.log.warning("guidance cannot go on", why=str(problem))
            with contextlib.suppress(OSError):
                self._file.erase()
            return
        self._room.log.info("guidance goes on", at_m=round(saved.at_m))

    # -- the map under the car -----------------------------------------------------------------------------------------

    def _mind_map(self, located: Located) -> None:
        """Have the map opened that the car is on."""
        if self._opening is not None and not self._opening.done():
            return
        region = self._maps.covering(located.lat, located.lon)
        self._showing.map(region.name if region is not None else "")
        if region is None:
            if self._following is None:
                self._opened = None
            return
        key = (region.name, region.manifest.sha256)
        if (self._opened is None or self._opened.key != key) and self._following is None:
            where = api.Position(latitude=located.lat, longitude=located.lon)
            self._opening = asyncio.ensure_future(self._open(where))

    async def _open(self, where: api.Position) -> None:
        try:
            self._opened = await self._maps.at(where)
            self._locating.forget()
        except Failed as problem:
            self._room.log.warning("no map", why=str(problem))
            await asyncio.sleep(_AGAIN_S)
