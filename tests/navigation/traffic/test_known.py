"""The traffic that is known, on one map and then on another."""

import asyncio
from pathlib import Path

import pytest

from alpenglow.fabric import BadArguments
from alpenglow.navigation.api import Jam, Position
from alpenglow.navigation.maps import Maps, OpenMap
from alpenglow.navigation.region import regions
from alpenglow.navigation.traffic.known import Traffic
from tests.maps import MERITXELL

HERE = Position(latitude=MERITXELL[0], longitude=MERITXELL[1])


def jam(opened: OpenMap, factor: float = 0.5, until_s: float = 60.0) -> Jam:
    """On the road where the car stands."""
    snap = opened.snapper.nearest(*MERITXELL)
    assert snap is not None
    at = opened.roads.points(snap.edge)
    points = list(zip(opened.roads.lon[at].tolist(), opened.roads.lat[at].tolist(), strict=True))
    return Jam(points=points, speed_factor=factor, until_s=until_s)


async def test_the_factors_stay_the_same_object_until_something_changes(andorra: Path) -> None:
    maps = Maps(andorra, print)
    opened = await maps.at(HERE)
    traffic = Traffic(maps)
    assert await traffic.on(opened) is None
    await traffic.report("radio", [jam(opened)], opened)
    first = await traffic.on(opened)
    assert first is not None
    assert (first < 1.0).any()
    await traffic.report("radio", [jam(opened)], opened)
    assert await traffic.on(opened) is first
    await traffic.report("fleet", [jam(opened, 0.2)], opened)
    second = await traffic.on(opened)
    assert second is not None
    assert second is not first
    assert (second <= first).all()
    with pytest.raises(BadArguments):
        await traffic.report("radio", [jam(opened), jam(opened, float("nan"))], opened)
    assert await traffic.on(opened) is second
    for source in ("radio", "fleet"):
        await traffic.report(source, [], opened)
    assert await traffic.on(opened) is None
    maps.close()


async def test_what_nobody_says_again_is_forgotten(andorra: Path) -> None:
    maps = Maps(andorra, print)
    opened = await maps.at(HERE)
    traffic = Traffic(maps)
    await traffic.report("radio", [jam(opened, until_s=1.0)], opened)
    assert await traffic.on(opened) is not None
    assert 0.0 < (traffic.next_end_s() or 0.0) <= 1.0
    traffic.changed.clear()
    await asyncio.sleep(1.1)
    assert await traffic.on(opened) is None
    assert traffic.changed.is_set(), "a plan found it too old, and who minds changes has to hear of it"
    assert await traffic.known(opened) == []
    assert traffic.next_end_s() is None
    maps.close()


async def test_on_a_map_that_was_made_anew_the_same_report_is_found_again(andorra: Path) -> None:
    maps = Maps(andorra, print)
    old, new = await maps.at(HERE), OpenMap(regions.open_region(andorra, "andorra"))
    traffic = Traffic(maps)
    await traffic.report("radio", [jam(old)], old)
    before, revision = await traffic.on(old), traffic.revision
    after = await traffic.on(new)
    assert before is not None
    assert after is not None
    assert after is not before
    assert (after == before).all(), "the two maps are the same"
    assert traffic.revision == revision
    assert [each.length_m > 0.0 for each in await traffic.known(new)] == [True]
    maps.close()
