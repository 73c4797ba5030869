"""What `navigation.api` declares, for one car.

What takes roads and prices is imported and begun only when the first map is there: a car without one stays light.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

import msgspec

from alpenglow.fabric import BadArguments, Caller, Failed, Service
from alpenglow.fabric.room import Room
from alpenglow.navigation import api
from alpenglow.navigation.guidance.saved import SavedFile
from alpenglow.navigation.keeping import Kept
from alpenglow.navigation.maps import NO_MAP, Maps
from alpenglow.navigation.region import regions
from alpenglow.signals import Value

if TYPE_CHECKING:
    from alpenglow.navigation.guidance.guide import Guide
    from alpenglow.navigation.planning import Planning, Start

_SIGNALS = "Vehicle.Alpenglow.Navigation"
_LOOK_S = 2.0  # for a first map
_YIELD_S = 1.5  # while a car starts its displays have the processor; unless there is a route to go on with
_POSITION = "Vehicle.CurrentLocation"
_PROFILE = "Vehicle.Alpenglow.Cockpit.Profile.Kind"
_NAME_LENGTH = 200
_RESUMING_S = 4.0  # how long who asks waits for what was followed before a restart
_AROUND_M = 1500.0  # of the destination: near it
_MINE = 3  # kept places that go before what the map has


class Navigation:
    """The services, and the work behind them."""

    def __init__(self, room: Room, kept: Kept) -> None:
        self._room, self._fabric, self._places = room, room.fabric, kept
        self._maps = Maps(regions.maps_dir(room.state_dir), room.log.warning)
        self._planning: Planning | None = None
        self._guide: Guide | None = None
        self._begun = asyncio.Event()
        self._problem = ""
        self._revision = 0

    async def serve(self) -> None:
        """Offer every service on the fabric."""
        services: tuple[tuple[Service[..., Any], Callable[..., Awaitable[Any]]], ...] = tuple(
            (declared, getattr(self, f"_{declared.function}"))
            for declared in vars(api).values()
            if isinstance(declared, Service)
        )
        for declared, handler in services:
            await self._fabric.serve(declared, handler)
        self._changed()

    async def run(self) -> None:
        """Follow the car until cancelled."""
        nothing: dict[str, Value] = {
            "State": "IDLE",
            "Map": "",
            "Position.Source": "NONE",
            "Traffic.Revision": 0,
            "Traffic.Delay": 0.0,
        }
        self._fabric.hold({f"{_SIGNALS}.{name}": value for name, value in nothing.items()})
        try:
            if not SavedFile(self._room.state_dir / "navigation").there:
                await asyncio.sleep(_YIELD_S)
            while not self._maps.installed():
                await asyncio.sleep(_LOOK_S)
            guide = await self._begin()
            async with asyncio.TaskGroup() as group:
                group.create_task(guide.run())
                group.create_task(guide.mind_traffic())
                group.create_task(self._mind_privacy(guide))
        finally:
            self._maps.close()

    async def _begin(self) -> Guide:
        """Import what navigation is made of, beside the event loop, and begin."""
        await asyncio.to_thread(import_module, "alpenglow.navigation.guidance.guide")
        from alpenglow.navigation.car import Car
        from alpenglow.navigation.energy.car import CarError
        from alpenglow.navigation.guidance.guide import Guide
        from alpenglow.navigation.planning import Planning

        car = Car(self._fabric)
        try:
            self._planning = Planning(self._maps, car, self._room.line_dir)
        except CarError as problem:
            self._room.log.error("no trips can be planned", why=str(problem))
            self._problem = str(problem)
            await asyncio.Event().wait()
            raise
        self._guide = Guide(self._room, self._maps, car, self._planning, self._changed)
        self._begun.set()
        return self._guide

    async def _work(self) -> tuple[Planning, Guide]:
        """What plans and guides, once it is there. Failed where there is no map."""
        if self._problem:
            raise Failed(self._problem)
        if not self._maps.installed():
            raise Failed(NO_MAP)
        await self._begun.wait()
        if self._planning is None or self._guide is None:
            raise Failed(NO_MAP)
        return self._planning, self._guide

    async def _mind_privacy(self, guide: Guide) -> None:
        """Where somebody goes is not shown to a guest or a valet who takes over."""
        async for _ in self._fabric.follow(_PROFILE):
            if self._places.person() is None and guide.owner():
                with contextlib.suppress(Failed):
                    await guide.end()
                if self._planning is not None:
                    self._planning.forget()

    def _changed(self) -> None:
        """Tell pages to ask again for the trip and the kept places."""
        self._revision += 1
        self._fabric.hold({f"{_SIGNALS}.Revision": self._revision})

    # -- maps and places -----------------------------------------------------------------------------------------------

    def _here(self) -> api.Position | None:
        located = self._guide.located if self._guide is not None else None
        if located is not None:
            return api.Position(latitude=located.lat, longitude=located.lon)
        lat, lon = (self._fabric.read(f"{_POSITION}.{axis}").value for axis in ("Latitude", "Longitude"))
        known = isinstance(lat, float) and isinstance(lon, float)
        return api.Position(latitude=lat, longitude=lon) if known else None

    async def _around(self, _caller: Caller) -> api.Around:
        located = self._guide.located if self._guide is not None else None
        heading = located.heading if located is not None else self._fabric.read(f"{_POSITION}.Heading").value
        return api.Around(
            regions=[_region(each.manifest) for each in self._maps.installed()],
            position=self._here(),
            heading=float(heading) if isinstance(heading, int | float) else 0.0,
        )

    async def _search(
        self, _caller: Caller, text: str, near: api.Position | None, along: bool, at_destination: bool, limit: int
    ) -> list[api.Place]:
        planning, guide = await self._work()
        where = near or self._here()
        place, points = None, None
        if along or at_destination:
            if guide.following is None:
                raise Failed("no route is being followed")
            place = guide.following.trip.destination.position if at_destination else None
            points = guide.following.points_ahead() if along else None
        found = await planning.search(text, place or where, limit, near_m=_AROUND_M if place else None, points=points)
        if along and guide.following is not None:
            return await planning.with_detours(found[:limit], guide.following)
        mine = [each for each in self._places.places() if points is None and place is None and _begins(each.name, text)]
        return [*mine[:_MINE], *found][:limit]

    async def _nearest_chargers(
        self, _caller: Caller, near: api.Position | None, limit: int, plugs: list[str] | None
    ) -> list[api.Place]:
        planning, _ = await self._work()
        where = near or self._here()
        if where is None:
            raise Failed("the car's own position is not known; say where to look")
        return await planning.nearest(where, limit, plugs)

    # -- trips ---------------------------------------------------------------------------------------------------------

    async def _start(self, guide: Guide, position: api.Position | None, charge: float | None) -> Start:
        from alpenglow.navigation.planning import Start

        if position is not None:
            return Start(position, None, charge)
        here = guide.start_here()
        return Start(here.position, here.heading, charge)

    async def _plan_trip(
        self,
        _caller: Caller,
        destination: api.Position | str,
        via: list[api.Position] | None,
        options: api.Options | None,
        start: api.Position | None,
        charge: float | None,
    ) -> api.Trip:
        planning, guide = await self._work()
        begin = await self._start(guide, start, charge)
        place = await self._destination(planning, destination, begin.position)
        planned = await planning.plan(begin, place, via or [], options or api.Options())
        return planned.trip

    async def _destination(self, planning: Planning, wanted: api.Position | str, near: api.Position) -> api.Place:
        """The place that is meant. BadArguments where there is none of that id."""
        if isinstance(wanted, api.Position):
            return await planning.named(wanted)
        found = self._places.find(wanted) or await planning.find(wanted, near)
        if found is None:
            raise BadArguments("there is no such place")
        return found

    async def _reachable_area(self, _caller: Caller, charge_left: float, start: api.Position | None) -> api.Area:
        planning, guide = await self._work()
        return await planning.reachable(await self._start(guide, start, None), charge_left)

    async def _explain_plan(self, _caller: Caller) -> api.Explanation:
        if self._guide is None or self._planning is None or self._guide.following is None:
            raise Failed("no route is being followed")
        return await self._planning.explain(self._guide.following)

    # -- guidance ------------------------------------------------------------------------------------------------------

    async def _start_guidance(self, _caller: Caller, trip: str) -> api.Guidance:
        planning, guide = await self._work()
        planned, opened = planning.made(trip)
        person = self._places.person()
        await guide.begin(planned, opened, person)
        destination = planned.trip.destination
        if person is not None and destination.name and not destination.id.startswith("kept/"):
            with contextlib.suppress(Failed):
                self._places.keep(destination, "recent")
        return guide.guidance()

    async def _stop_guidance(self, _caller: Caller) -> None:
        if self._guide is not None:
            await self._guide.end()

    async def _guidance(self, _caller: Caller) -> api.Guidance:
        with contextlib.suppress(Failed, TimeoutError):
            async with asyncio.timeout(_RESUMING_S):
                _, guide = await self._work()
                await guide.resumed.wait()
        return self._guide.guidance() if self._guide is not None else api.Guidance(active=False)

    async def _follow_route(self, _caller: Caller, active: bool, pace: int) -> None:
        if self._guide is None:
            if active:
                raise Failed("no route is being followed")
            return
        if active:
            await self._guide.drive(pace)
        else:
            await self._guide.driven.leave()

    # -- traffic -------------------------------------------------------------------------------------------------------

    async def _report_traffic(self, _caller: Caller, source: str, stretches: list[api.Jam]) -> api.Reported:
        planning, _ = await self._work()
        return await planning.traffic.report(source, stretches, await planning.around(self._here()))

    async def _traffic(self, _caller: Caller) -> list[api.KnownJam]:
        planning, _ = await self._work()
        return await planning.traffic.known(await planning.around(self._here()))

    # -- kept places ---------------------------------------------------------------------------------------------------

    async def _kept_places(self, _caller: Caller, kind: api.Kept | None) -> list[api.Place]:
        return self._places.places(kind)

    async def _keep_place(self, _caller: Caller, place: api.Place, kind: api.Kept) -> None:
        if len(place.name) > _NAME_LENGTH:
            raise BadArguments(f"a name has at most {_NAME_LENGTH} letters")
        self._places.keep(place, kind)
        self._changed()

    async def _forget_place(self, _caller: Caller, place: str) -> None:
        self._places.forget(place)
        self._changed()

    async def _kept(self, _caller: Caller, profile: str) -> list[api.Stored]:
        found = self._places.stored(profile)
        saved = self._guide.stored(profile) if self._guide is not None else None
        if saved is not None:
            found.append(api.Stored(kind="guidance", count=1, since=saved.since))
        return found

    async def _export(self, _caller: Caller, profile: str) -> str:
        saved = self._guide.stored(profile) if self._guide is not None else None
        whole = {"places": self._places.everything(profile), "route": saved.trip if saved is not None else None}
        return msgspec.json.encode(whole).decode()

    async def _erase(self, _caller: Caller, profile: str) -> int:
        gone = 0
        if self._guide is not None and self._guide.owner() == profile:
            await self._guide.end()
            gone += 1
        if self._planning is not None:
            self._planning.forget()
        gone += self._places.erase(profile)
        self._changed()
        return gone


def _begins(name: str, text: str) -> bool:
    """Whether a name, or a word of it, begins as somebody types."""
    typed = text.strip().casefold()
    return bool(typed) and any(part.startswith(typed) for part in (name.casefold(), *name.casefold().split()))


def _region(manifest: regions.Manifest) -> api.Region:
    return api.Region(
        name=manifest.name,
        title=manifest.title,
        west=manifest.west,
        south=manifest.south,
        east=manifest.east,
        north=manifest.north,
        tiles=f"maps/{manifest.name}/{regions.MAP_TILES}",
        attribution=manifest.attribution,
        date=manifest.date,
        places=manifest.places,
        chargers=manifest.chargers,
        roads_km=manifest.roads_km,
    )
