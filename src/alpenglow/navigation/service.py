"""What `navigation.api` declares, for one car."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from alpenglow.fabric import Caller, Failed, Service
from alpenglow.fabric.room import Room
from alpenglow.navigation import api
from alpenglow.navigation.keeping import Kept

_SIGNALS = "Vehicle.Alpenglow.Navigation"
_NO_MAP = "there is no map: add one with `alpenglow map add FILE.osm.pbf`"


class Navigation:
    """The services, and the work behind them."""

    def __init__(self, room: Room, kept: Kept) -> None:
        self._room, self._fabric, self._places = room, room.fabric, kept
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
        self._fabric.hold({f"{_SIGNALS}.State": "IDLE", f"{_SIGNALS}.Map": "", f"{_SIGNALS}.Position.Source": "NONE"})
        await asyncio.Event().wait()

    def _changed(self) -> None:
        """Tell pages to ask again for the trip and the kept places."""
        self._revision += 1
        self._fabric.hold({f"{_SIGNALS}.Revision": self._revision})

    # -- maps and places -----------------------------------------------------------------------------------------------

    async def _around(self, _caller: Caller) -> api.Around:
        return api.Around(regions=[], position=None, heading=0.0)

    async def _search(
        self, _caller: Caller, text: str, near: api.Position | None, along: bool, at_destination: bool, limit: int
    ) -> list[api.Place]:
        raise Failed(_NO_MAP)

    async def _nearest_chargers(
        self, _caller: Caller, near: api.Position | None, limit: int, plugs: list[str] | None
    ) -> list[api.Place]:
        raise Failed(_NO_MAP)

    # -- trips ---------------------------------------------------------------------------------------------------------

    async def _plan_trip(
        self,
        _caller: Caller,
        destination: api.Position | str,
        via: list[api.Position] | None,
        options: api.Options | None,
        start: api.Position | None,
        charge: float | None,
    ) -> api.Trip:
        raise Failed(_NO_MAP)

    async def _reachable_area(self, _caller: Caller, charge_left: float, start: api.Position | None) -> api.Area:
        raise Failed(_NO_MAP)

    async def _explain_plan(self, _caller: Caller) -> api.Explanation:
        raise Failed("no route is being followed")

    # -- guidance ------------------------------------------------------------------------------------------------------

    async def _start_guidance(self, _caller: Caller, trip: str) -> api.Guidance:
        raise Failed(_NO_MAP)

    async def _stop_guidance(self, _caller: Caller) -> None:
        pass

    async def _guidance(self, _caller: Caller) -> api.Guidance:
        return api.Guidance(active=False)

    async def _follow_route(self, _caller: Caller, active: bool, pace: int) -> None:
        if active:
            raise Failed("no route is being followed")

    # -- kept places ---------------------------------------------------------------------------------------------------

    async def _kept_places(self, _caller: Caller, kind: api.Kept | None) -> list[api.Place]:
        return self._places.places(kind)

    async def _keep_place(self, _caller: Caller, place: api.Place, kind: api.Kept) -> None:
        self._places.keep(place, kind)
        self._changed()

    async def _forget_place(self, _caller: Caller, place: str) -> None:
        self._places.forget(place)
        self._changed()

    async def _kept(self, _caller: Caller, profile: str) -> list[api.Stored]:
        return self._places.stored(profile)

    async def _export(self, _caller: Caller, profile: str) -> str:
        return msgspec.json.encode({"places": self._places.everything(profile)}).decode()

    async def _erase(self, _caller: Caller, profile: str) -> int:
        gone = self._places.erase(profile)
        self._changed()
        return gone
