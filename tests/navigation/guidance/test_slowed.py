"""What is followed, when traffic slows it: times, the delay that is left, and who set the speed."""

from itertools import pairwise

import numpy as np
import pytest

from alpenglow.navigation.guidance.driven import path_of
from alpenglow.navigation.guidance.following import laid
from alpenglow.navigation.guidance.locating import Locating
from alpenglow.navigation.trips.explaining import Slowed
from alpenglow.navigation.trips.repricing import repriced
from tests.navigation.guidance.town import Receiver, Town, drive

FACTOR = 0.3


def test_a_slowed_way_is_driven_and_told_as_slow_as_it_is(small_town: Town) -> None:
    town = small_town
    free = town.plan((500, 0), (2300, 0))
    following = town.follow(free)
    before = following.ahead(None).time_s
    fast = path_of(following)
    slow = repriced(town.planner, free, np.full(town.roads.edges, FACTOR))
    assert following.slow(slow, *laid(town.roads, slow))
    assert not following.slow(slow, *laid(town.roads, slow)), "nothing has changed since"
    assert following.ahead(None).time_s > 2.0 * before
    assert following.delay_s == pytest.approx(following.ahead(None).time_s - before)
    assert max(path_of(following).speed_kmh) < 1.05 * FACTOR * max(fast.speed_kmh)
    assert path_of(following).limit_kmh == fast.limit_kmh
    receiver = Receiver()
    locating = Locating(receiver)  # type: ignore[arg-type]
    delays, charge = [following.delay_s], 80.0
    for now, at in drive(following, receiver, pace=4.0):
        located = locating.look(now, town.matcher, following.edges)
        if located is None:
            continue
        place = following.update(located)
        following.record.update(0, place.at_m, receiver.speed_ms, charge - 0.0005 * at, charging=False)
        delays.append(following.delay_s)
        if at > 1200.0:
            break
    assert all(after <= earlier + 1.0 for earlier, after in pairwise(delays))
    assert delays[-1] < 0.6 * delays[0]
    assert following.record.slowed
    told = following.record.explanation(town.planner.model, free.conditions, "en", Slowed(delay_s=delays[0]))
    assert "traffic" in [cause.reason for cause in told.causes]
    assert any(each.startswith("Traffic on the way ahead costs") for each in told.sentences)
    assert following.slow(free, *laid(town.roads, free)), "the road is free again"
    assert following.delay_s == 0.0
