"""The process `navigation` in a car whose receiver and wheels say what a test wants."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from alpenglow.fabric import BadArguments, Failed, NoProvider
from alpenglow.navigation import api
from tests.maps import CANILLO, MERITXELL, PAS
from tests.navigation.riding import Ride, at, planned


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
