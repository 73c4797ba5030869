"""The process `navigation` in a car whose receiver and wheels say what a test wants."""

import asyncio
import contextlib
import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from alpenglow.fabric import BadArguments, Endpoint, Fabric, Failed, NoProvider, Service, load_identities
from alpenglow.fabric.room import Room, Settings
from alpenglow.navigation import api, process
from alpenglow.navigation.guidance.geometry import bearing
from alpenglow.navigation.roads.geometry import distance
from alpenglow.signals import load_catalogue
from tests.maps import CANILLO, MERITXELL, PAS, lend

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


@pytest_asyncio.fixture
async def ride(tmp_path: Path, andorra: Path) -> AsyncIterator[Ride]:
    lend(andorra, tmp_path / "state")
    async with Ride(tmp_path) as ride:
        yield ride


async def planned(ride: Ride, to: tuple[float, float], **arguments: Any) -> api.Trip:
    trip: api.Trip = await ride.call(api.plan_trip, destination=at(to), start=at(MERITXELL), charge=70.0, **arguments)
    return trip


async def test_it_serves_before_it_has_read_a_map(ride: Ride) -> None:
    around = await ride.call(api.around)
    assert [region.tiles for region in around.regions] == ["maps/andorra/map.pmtiles"]
    assert around.position is None


async def test_a_position_is_put_on_its_road_with_name_and_limit(ride: Ride) -> None:
    def matched() -> bool:
        ride.say(MERITXELL, 45.0, 0.0)
        return bool(ride.value("Position.Source") == "MATCHED")

    await ride.until(matched)
    assert ride.value("Map") == "andorra"
    assert ride.value("Street")
    assert ride.value("SpeedLimit") in range(131)


async def test_a_wrong_turn_leads_to_a_new_way_to_the_same_place(ride: Ride) -> None:
    await ride.stand(MERITXELL)
    other = await planned(ride, (42.4636, 1.4912))
    trip = await planned(ride, CANILLO)
    await ride.call(api.start_guidance, trip=trip.id)
    await ride.drive(other.route.points, 1500.0)
    guidance = await ride.call(api.guidance)
    assert guidance.trip.id != trip.id
    assert guidance.trip.destination == trip.destination
    assert guidance.trip.options == trip.options


async def test_guidance_goes_on_after_the_process_ended(ride: Ride) -> None:
    await ride.stand(MERITXELL)
    trip = await planned(ride, CANILLO)
    began = await ride.call(api.start_guidance, trip=trip.id)
    await ride.drive(trip.route.points, 300.0)
    behind = ride.value("Progress")
    assert behind > 100.0
    await ride.kill()
    await ride.start()
    again = await ride.call(api.guidance)
    assert (again.active, again.trip.id) == (True, trip.id)
    assert [m.kind for m in again.maneuvers] == [m.kind for m in began.maneuvers]
    await ride.until(lambda: ride.value("State") == "GUIDING" and ride.value("Progress") >= behind - 50.0)


async def test_a_kill_while_a_trip_is_planned_loses_nothing(ride: Ride) -> None:
    await ride.stand(MERITXELL)
    trip = await planned(ride, CANILLO)
    await ride.call(api.start_guidance, trip=trip.id)
    planning = asyncio.ensure_future(planned(ride, PAS))
    await asyncio.sleep(0.02)
    await ride.kill()
    planning.cancel()
    await ride.start()
    assert (await ride.call(api.guidance)).trip.id == trip.id
    assert (await planned(ride, PAS)).feasible


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b'{"form": 99}'])
async def test_what_cannot_be_read_of_a_route_keeps_nothing_from_working(ride: Ride, content: bytes) -> None:
    await ride.call(api.around)
    await ride.kill()
    (ride.folder / "state" / "navigation" / "guidance.json").write_bytes(content)
    await ride.start()
    assert not (await ride.call(api.guidance)).active
    assert (await planned(ride, CANILLO)).feasible


async def test_a_jump_of_the_receiver_while_guiding_starts_no_new_way(ride: Ride) -> None:
    await ride.stand(MERITXELL)
    trip = await planned(ride, CANILLO)
    await ride.call(api.start_guidance, trip=trip.id)
    here = await ride.drive(trip.route.points, 200.0)
    behind = ride.value("Progress")
    for n in range(15):
        ride.say((here[0] + 0.02, here[1] + 0.001 * (n % 3)), 90.0, 0.0)
        await asyncio.sleep(0.1)
    assert abs(ride.value("Progress") - behind) < 30.0
    assert (await ride.call(api.guidance)).trip.id == trip.id
    assert ride.value("State") == "GUIDING"


async def test_the_sentences_follow_the_language_of_the_displays(ride: Ride) -> None:
    await ride.stand(MERITXELL)
    trip = await planned(ride, CANILLO)
    cockpit = await ride.open("cockpit")
    async with cockpit:
        cockpit.publish({"Vehicle.Cabin.Infotainment.HMI.CurrentLanguage": "de"})
        began = await ride.call(api.start_guidance, trip=trip.id)
        await ride.stand(MERITXELL)
        texts: list[str] = []
        while "erreichen Sie Ihr Ziel" not in texts:
            ride.say(MERITXELL, 45.0, 0.0)
            texts = [m.text for m in (await ride.call(api.guidance)).maneuvers]
    assert len(texts) == len(began.maneuvers)


async def test_a_car_that_is_no_simulation_cannot_be_driven_by_it(ride: Ride) -> None:
    await ride.stand(MERITXELL)
    with pytest.raises(Failed, match="no route"):
        await ride.call(api.follow_route, active=True)
    trip = await planned(ride, CANILLO)
    await ride.call(api.start_guidance, trip=trip.id)
    with pytest.raises(NoProvider):
        await ride.call(api.follow_route, active=True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"destination": at((60.17, 24.94)), "start": at(MERITXELL)}, "on no map"),
        ({"destination": at(CANILLO), "start": at((60.17, 24.94))}, "on no map"),
        ({"destination": at(CANILLO)}, "position is not known"),
    ],
)
async def test_what_cannot_be_planned_is_said(ride: Ride, arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(Failed, match=says):
        await ride.call(api.plan_trip, charge=50.0, **arguments)


async def test_what_is_not_there_is_said(ride: Ride) -> None:
    with pytest.raises(BadArguments, match="no such place"):
        await ride.call(api.plan_trip, destination="n0", start=at(MERITXELL), charge=50.0)
    with pytest.raises(Failed, match="plan the trip again"):
        await ride.call(api.start_guidance, trip="none")
    with pytest.raises(Failed, match="no route"):
        await ride.call(api.explain_plan)
    with pytest.raises(Failed, match="no route"):
        await ride.call(api.search, text="coffee", along=True)
    await ride.call(api.stop_guidance)


async def test_a_trip_that_cannot_be_done_is_not_followed(ride: Ride) -> None:
    options = api.Options(reserve=100.0)
    trip = await planned(ride, CANILLO, options=options)
    assert not trip.feasible
    assert trip.problem
    with pytest.raises(Failed) as refused:
        await ride.call(api.start_guidance, trip=trip.id)
    assert str(refused.value) == trip.problem


async def test_a_map_of_another_version_is_named_and_a_new_one_noticed(tmp_path: Path, andorra: Path) -> None:
    old = tmp_path / "state" / "maps" / "andorra"
    old.mkdir(parents=True)
    (old / "region.json").write_text('{"format": 0}')
    async with Ride(tmp_path) as ride:
        with pytest.raises(Failed, match="there is no map"):
            await ride.call(api.plan_trip, destination=at(CANILLO), start=at(MERITXELL), charge=50.0)
        (old / "region.json").unlink()
        old.rmdir()
        old.symlink_to(andorra / "andorra")
        await asyncio.sleep(2.5)
        assert (await planned(ride, CANILLO)).feasible


async def test_position_and_manoeuvre_take_little_of_the_processor(ride: Ride) -> None:
    await ride.stand(MERITXELL)
    trip = await planned(ride, CANILLO)
    await ride.call(api.start_guidance, trip=trip.id)
    await ride.drive(trip.route.points, 20.0)
    began, clock = time.process_time(), time.monotonic()
    await ride.drive(trip.route.points, 200.0)
    share = (time.process_time() - began) / (time.monotonic() - clock)
    assert share < 0.5, "of one processor, this test's own work and the car's fabric included"
