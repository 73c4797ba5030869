"""The process `navigation` in a car whose receiver and wheels say what a test wants."""

import asyncio
import contextlib
import math
from collections.abc import Callable
from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

from alpenglow.fabric import Endpoint, Fabric, NoProvider, Service, load_identities
from alpenglow.fabric.room import Room, Settings
from alpenglow.navigation import api, process
from alpenglow.navigation.guidance.geometry import bearing
from alpenglow.navigation.roads.geometry import distance
from alpenglow.signals import load_catalogue
from tests.maps import MERITXELL

LINE = Path(process.__file__).parents[1] / "lines" / "aurora"
NAVIGATION = "Vehicle.Alpenglow.Navigation"
LOCATION = "Vehicle.CurrentLocation"
CHARGE = "Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed"


def at(place: tuple[float, float]) -> api.Position:
    return api.Position(latitude=place[0], longitude=place[1])


class Ride:
    """The process in a car, seen from outside."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.catalogue = load_catalogue()
        self.address = f"unixsock-stream/{folder}/f.sock"
        self._stack = AsyncExitStack()
        self._process: asyncio.Task[None] | None = None
        self._navigation: Fabric | None = None
        self._secrets = dict.fromkeys(load_identities().table, "s")

    async def open(self, identity: str) -> Fabric:
        users = self.folder / "users"
        users.write_text("".join(f"{name}:{secret}\n" for name, secret in self._secrets.items()))
        here = identity == "safety"
        endpoint = Endpoint(
            connect=() if here else (self.address,),
            listen=(self.address,) if here else (),
            secret="s",
            users_file=str(users) if here else "",
        )
        return await asyncio.wait_for(Fabric.open(identity, endpoint, self.catalogue), 30)

    async def __aenter__(self) -> "Ride":
        await self._stack.enter_async_context(await self.open("safety"))
        self.car = await self._stack.enter_async_context(await self.open("vehicle"))
        self.person = await self._stack.enter_async_context(await self.open("operator"))
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()
        await self._stack.aclose()

    async def start(self) -> None:
        """Begin the process."""
        self._navigation = await self.open("navigation")
        settings = Settings(
            identity="navigation", run_dir=str(self.folder), state_dir=str(self.folder / "state"), line=str(LINE)
        )
        room = Room(settings, self.catalogue, self._navigation)
        self._process = asyncio.ensure_future(process.start(room))

    async def kill(self) -> None:
        """End it, and whatever it was at."""
        if self._process is not None and self._navigation is not None:
            self._process.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._process
            await self._navigation.close()
        self._process = None

    async def call(self, service: Service[..., Any], **arguments: Any) -> Any:
        """Call a service, as soon as it is served."""
        for _ in range(200):
            try:
                return await self.person.call(service, **arguments)
            except NoProvider as problem:
                if "vehicle" in str(problem):
                    raise
                await asyncio.sleep(0.1)
        raise AssertionError(f"{service} is not served")

    def value(self, name: str) -> Any:
        return self.person.read(f"{NAVIGATION}.{name}").value

    async def until(self, holds: Callable[[], object], longest_s: float = 60.0) -> None:
        async with asyncio.timeout(longest_s):
            while not holds():
                await asyncio.sleep(0.02)

    async def stand(self, place: tuple[float, float], heading: float = 45.0) -> None:
        """Be there, and wait until navigation knows."""

        def known() -> bool:
            self.say(place, heading, 0.0)
            lat, lon = self.value("Position.Latitude"), self.value("Position.Longitude")
            return lat is not None and lon is not None and distance(lat, lon, *place) < 80.0

        await self.until(known)

    def say(self, place: tuple[float, float], heading: float | None, speed_kmh: float) -> None:
        """What the receiver and the wheels say."""
        values: dict[str, Any] = {
            f"{LOCATION}.Latitude": place[0],
            f"{LOCATION}.Longitude": place[1],
            f"{LOCATION}.GNSSReceiver.FixType": "THREE_D",
            "Vehicle.Speed": speed_kmh,
            CHARGE: 70.0,
        }
        if heading is not None:
            values[f"{LOCATION}.Heading"] = heading
        self.car.publish(values)

    async def drive(self, points: list[tuple[float, float]], metres: float, step_m: float = 4.0) -> tuple[float, float]:
        """Drive along [longitude, latitude] points at 40 m/s or less; where it ended."""
        gone = 0.0
        here = (points[0][1], points[0][0])
        for (lon, lat), (to_lon, to_lat) in pairwise(points):
            length = distance(lat, lon, to_lat, to_lon)
            heading = bearing(lat, lon, to_lat, to_lon)
            for n in range(max(1, math.ceil(length / step_m))):
                share = n * step_m / max(length, 0.01)
                here = (lat + share * (to_lat - lat), lon + share * (to_lon - lon))
                self.say(here, heading, step_m / 0.1 * 3.6)
                await asyncio.sleep(0.1)
            gone += length
            if gone >= metres:
                break
        return here


async def planned(ride: Ride, to: tuple[float, float], **arguments: Any) -> api.Trip:
    trip: api.Trip = await ride.call(api.plan_trip, destination=at(to), start=at(MERITXELL), charge=70.0, **arguments)
    return trip
