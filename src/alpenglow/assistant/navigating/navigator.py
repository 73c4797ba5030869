"""The navigation as the assistant sees it: a few calls on the fabric, whose failures are reasons for people."""

import asyncio
from collections.abc import Awaitable
from typing import Literal, Protocol

from alpenglow.fabric import Fabric, NoProvider, ServiceError, TimedOut
from alpenglow.navigation import api
from alpenglow.navigation.api import Explanation, Guidance, Place, Position, Trip

type Reason = Literal["no-map", "no-position", "no-navigation", "too-slow", "failed"]

_WAITS_S = 25.0  # for one answer, so that nobody who asked is left without one


class NoNavigation(Exception):
    """The navigation did not do it. `reason` is a sentence of the words; the text is the service's own."""

    def __init__(self, reason: Reason, why: str = "") -> None:
        super().__init__(why)
        self.reason: Reason = reason


class Navigator(Protocol):
    """What the assistant needs of the navigation. Everything raises NoNavigation."""

    async def search(self, text: str, *, along: bool = False, at_destination: bool = False) -> list[Place]:
        """Places, best first."""
        ...

    async def chargers(self) -> list[Place]:
        """Charging stations, the nearest first."""
        ...

    async def kept(self) -> list[Place]:
        """What is kept for who drives; the category says as what."""
        ...

    async def plan(self, destination: Position | str, via: list[Position]) -> Trip:
        """A trip, which may not be feasible."""
        ...

    async def start(self, trip: str) -> Guidance:
        """Follow a trip."""
        ...

    async def stop(self) -> None:
        """Follow nothing."""
        ...

    async def guidance(self) -> Guidance:
        """What is being followed."""
        ...

    async def explain(self) -> Explanation:
        """Why the plan that is being followed is as it is."""
        ...


class LiveNavigator:
    """The navigation on the fabric."""

    def __init__(self, fabric: Fabric) -> None:
        self._fabric = fabric

    async def search(self, text: str, *, along: bool = False, at_destination: bool = False) -> list[Place]:
        """See Navigator."""
        call = self._fabric.call
        return await self._answer(call(api.search, text, along=along, at_destination=at_destination, limit=10))

    async def chargers(self) -> list[Place]:
        """See Navigator."""
        return await self._answer(self._fabric.call(api.nearest_chargers, limit=5))

    async def kept(self) -> list[Place]:
        """See Navigator."""
        return await self._answer(self._fabric.call(api.kept_places))

    async def plan(self, destination: Position | str, via: list[Position]) -> Trip:
        """See Navigator."""
        return await self._answer(self._fabric.call(api.plan_trip, destination, via=via))

    async def start(self, trip: str) -> Guidance:
        """See Navigator."""
        return await self._answer(self._fabric.call(api.start_guidance, trip))

    async def stop(self) -> None:
        """See Navigator."""
        await self._answer(self._fabric.call(api.stop_guidance))

    async def guidance(self) -> Guidance:
        """See Navigator."""
        return await self._answer(self._fabric.call(api.guidance))

    async def explain(self) -> Explanation:
        """See Navigator."""
        return await self._answer(self._fabric.call(api.explain_plan))

    async def _answer[T](self, called: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(_WAITS_S):
                return await called
        except (TimedOut, TimeoutError):
            raise NoNavigation("too-slow") from None
        except NoProvider:
            raise NoNavigation("no-navigation") from None
        except ServiceError as error:
            raise NoNavigation(await self._reason(), str(error)) from None

    async def _reason(self) -> Reason:
        """What is missing, where it is what everything rests on."""
        try:
            around = await self._fabric.call(api.around)
        except ServiceError:
            return "no-navigation"
        if not around.regions:
            return "no-map"
        return "no-position" if around.position is None else "failed"
