"""Traffic as it is reported to the process `navigation`, and what it does about it."""

import asyncio
import math
from typing import Any

import pytest

from alpenglow.fabric import BadArguments
from alpenglow.navigation import api
from tests.maps import CANILLO, MERITXELL, SANT_JULIA, stretch
from tests.navigation.riding import Ride, at, planned


def jam(points: list[tuple[float, float]], factor: float = 0.5, until_s: float = 600.0) -> api.Jam:
    return api.Jam(points=points, speed_factor=factor, until_s=until_s, cause="roadworks")


async def test_reported_traffic_is_known_priced_and_forgotten(ride: Ride) -> None:
    await ride.stand(MERITXELL)
    free = await planned(ride, CANILLO)
    area = await ride.call(api.reachable_area, start=at(MERITXELL))
    chargers = await ride.call(api.nearest_chargers, near=at(MERITXELL))
    slow = jam(stretch(free, 4000.0, 6000.0))
    off = jam([(24.9, 60.1), (24.95, 60.1)])
    before = ride.value("Traffic.Revision")
    reported = await ride.call(api.report_traffic, source="radio", stretches=[slow, off])
    assert (reported.matched, reported.unmatched) == (1, [1])
    await ride.until(lambda: ride.value("Traffic.Revision") == before + 1)
    found, nowhere = await ride.call(api.traffic)
    assert (found.source, found.cause, found.speed_factor) == ("radio", "roadworks", 0.5)
    assert found.length_m == pytest.approx(2000.0, abs=120.0)
    assert found.lines[0]
    assert 590.0 < found.left_s <= 600.0
    assert (nowhere.length_m, nowhere.delay_s, nowhere.lines) == (0.0, 0.0, [])
    jammed = await planned(ride, CANILLO)
    assert 30.0 < jammed.duration_s - free.duration_s < 1.1 * found.delay_s
    assert (await ride.call(api.reachable_area, start=at(MERITXELL))).roads_m <= area.roads_m * 1.01
    assert len(await ride.call(api.nearest_chargers, near=at(MERITXELL))) == len(chargers)
    await ride.call(api.report_traffic, source="radio", stretches=[jam(slow.points, until_s=4.0)])
    assert (await planned(ride, CANILLO)).duration_s == pytest.approx(jammed.duration_s)
    await ride.until(lambda: ride.value("Traffic.Revision") == before + 3)
    assert await ride.call(api.traffic) == []
    assert (await planned(ride, CANILLO)).duration_s == free.duration_s


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"source": "", "stretches": []}, "source"),
        ({"source": "radio", "stretches": [jam([(1.5, 42.5), (math.nan, 42.5)])]}, "number|points"),
        ({"source": "radio", "stretches": [jam([])]}, "points"),
        ({"source": "radio", "stretches": [jam([(1.5, 42.5), (1.5, 42.5)])]}, "without length"),
        ({"source": "radio", "stretches": [jam([(1.5, 42.5), (1.5, 242.5)])]}, "points"),
        ({"source": "radio", "stretches": [jam([(1.5, 42.5), (1.6, 42.5)], factor=2.0)]}, "speed_factor"),
        ({"source": "radio", "stretches": [jam([(1.5, 42.5), (1.6, 42.5)], until_s=1e9)]}, "until_s"),
    ],
)
async def test_a_bad_report_of_traffic_is_refused_with_what_is_wrong(
    ride: Ride, arguments: dict[str, Any], says: str
) -> None:
    with pytest.raises(BadArguments, match=says):
        await ride.call(api.report_traffic, **arguments)
    assert await ride.call(api.traffic) == []


async def heard(ride: Ride, here: tuple[float, float], heading: float, wanted: str) -> None:
    """Stand on the way until this is said."""

    def said() -> bool:
        ride.say(here, heading, 0.0)
        return wanted in ride.value("Announcement")

    await ride.until(said)


async def test_a_jam_on_the_one_road_there_is_puts_off_the_arrival_and_is_said_and_explained(ride: Ride) -> None:
    await ride.stand(MERITXELL)
    trip = await planned(ride, CANILLO)
    await ride.call(api.start_guidance, trip=trip.id)
    here = await ride.drive(trip.route.points, 100.0)
    left = ride.value("Remaining.Time")
    await ride.call(api.report_traffic, source="radio", stretches=[jam(stretch(trip, 4000.0, 9000.0))])
    await heard(ride, here, 45.0, "minutes later")
    delay = ride.value("Traffic.Delay")
    assert delay > 120.0
    assert ride.value("Remaining.Time") == pytest.approx(left + delay, abs=10.0)
    guidance = await ride.call(api.guidance)
    assert guidance.trip.id == trip.id
    assert guidance.trip.duration_s == pytest.approx(trip.duration_s + delay, abs=5.0)
    explained = await ride.call(api.explain_plan)
    assert any(sentence.startswith("Traffic on the way ahead costs") for sentence in explained.sentences)
    await ride.call(api.report_traffic, source="radio", stretches=[])
    await ride.until(lambda: ride.say(here, 45.0, 0.0) or ride.value("Traffic.Delay") == 0.0)
    assert ride.value("Remaining.Time") <= left


async def test_a_faster_way_is_taken_once_and_said(ride: Ride) -> None:
    await ride.stand(MERITXELL)
    trip = await planned(ride, SANT_JULIA)
    await ride.call(api.start_guidance, trip=trip.id)
    here = await ride.drive(trip.route.points, 30.0)
    lane = stretch(trip, 1500.0, 3000.0)
    await ride.call(api.report_traffic, source="radio", stretches=[jam(lane, 0.05)])
    await ride.until(lambda: "saves" in ride.value("Announcement"))
    guidance = await ride.call(api.guidance)
    assert guidance.trip.id != trip.id
    assert guidance.trip.destination == trip.destination
    assert any("because of traffic" in each for each in (await ride.call(api.explain_plan)).sentences)
    # A source that cannot make up its mind turns nobody round.
    for stretches in ([], [jam(lane, 0.05)], [jam(stretch(guidance.trip, 1500.0, 3000.0), 0.05)]):
        revision = ride.value("Traffic.Revision")
        await ride.call(api.report_traffic, source="radio", stretches=stretches)
        await ride.until(lambda before=revision: ride.value("Traffic.Revision") > before)
        for _ in range(10):
            ride.say(here, 225.0, 0.0)
            await asyncio.sleep(0.1)
        assert (await ride.call(api.guidance)).trip.id == guidance.trip.id


async def test_what_lies_along_the_route_says_what_going_there_costs(ride: Ride) -> None:
    await ride.stand(MERITXELL)
    trip = await planned(ride, CANILLO)
    await ride.call(api.start_guidance, trip=trip.id)
    found = await ride.call(api.search, text="restaurant", along=True)
    assert found
    assert all(each.detour_s is not None and 0.0 <= each.detour_s < 1800.0 for each in found)
    assert any(each.detour_s < 120.0 for each in found)
    assert all(each.detour_s is None for each in await ride.call(api.search, text="restaurant"))
