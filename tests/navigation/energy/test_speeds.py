"""Speeds along a path."""

import numpy as np
import pytest

from alpenglow.navigation.energy.speeds import ECONOMICAL, NORMAL, Pace, SpeedProfile, profile
from tests.navigation.roads.maps import Drawn, Trips


def driven(
    drawn: Drawn, start: tuple[float, float], end: tuple[float, float], pace: Pace = NORMAL, traffic: float = 1.0
) -> SpeedProfile:
    trips = Trips(drawn.roads())
    path = trips.network.find(trips.snap(*start), trips.snap(*end), trips.weights)
    factor = np.full(trips.roads.edges, traffic)
    return profile(trips.roads, path, trips.network.line(path), pace, factor)


def road(**tags: str) -> Drawn:
    return Drawn().way(1, (0, 0), (10, 0), highway="primary", **tags).way(2, (10, 0), (20, 0), highway="primary")


def accelerations(p: SpeedProfile) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.asarray(np.diff(p.speed_ms**2) / (2 * np.diff(p.distance_m)))


def test_from_standing_to_standing_and_never_above_the_limit() -> None:
    p = driven(road(maxspeed="60"), (0, 0), (20, 0))
    assert p.speed_ms[0] == p.speed_ms[-1] == 0.0
    limited = p.limit_kmh > 0
    assert limited.any()
    assert (p.speed_ms[limited] * 3.6 <= p.limit_kmh[limited] + 0.01).all()
    assert p.speed_ms.max() * 3.6 > 60.0, "on the road beyond"


@pytest.mark.parametrize("pace", [NORMAL, ECONOMICAL])
def test_nobody_accelerates_or_brakes_harder_than_is_pleasant(pace: Pace) -> None:
    p = driven(road(maxspeed="30"), (0, 0), (20, 0), pace)
    assert accelerations(p).max() <= pace.acceleration + 1e-6
    assert accelerations(p).min() >= -pace.deceleration - 1e-6


def test_time_is_distance_over_speed() -> None:
    p = driven(road(), (0, 0), (20, 0))
    assert (np.diff(p.time_s) > 0).all()
    mean = (p.speed_ms[1:] + p.speed_ms[:-1]) / 2
    assert np.diff(p.time_s)[5:-5] == pytest.approx((np.diff(p.distance_m) / mean)[5:-5])
    assert p.duration_s == p.time_s[-1]


def test_bends_are_driven_slowly() -> None:
    hairpins = Drawn().way(1, (0, 0), (3, 0), (3, 0.3), (0, 0.3), highway="primary")  # type: ignore[arg-type]
    p = driven(hairpins, (0, 0), (0, 0.3))
    corner = (p.distance_m > 285) & (p.distance_m < 345)
    assert p.speed_ms[corner].min() * 3.6 < 25.0
    assert p.speed_ms[p.distance_m < 200].max() * 3.6 > 45.0


def test_lights_and_giving_way_cost_time() -> None:
    free = driven(road(), (0, 0), (20, 0))
    with_lights = road()
    with_lights.raw.signals.add(Drawn.node(10, 0))
    assert driven(with_lights, (0, 0), (20, 0)).duration_s > free.duration_s + 5.0


def test_traffic_slows() -> None:
    free, slow = (driven(road(), (0, 0), (20, 0), traffic=t) for t in (1.0, 0.5))
    assert 1.6 < slow.duration_s / free.duration_s < 2.0


def test_an_economical_driver_is_calmer_above_all_on_fast_roads() -> None:
    def kmh(limit: str, pace: Pace) -> float:
        drawn = Drawn().way(1, (0, 0), (40, 0), highway="motorway", maxspeed=limit)
        return float(driven(drawn, (0, 0), (40, 0), pace).speed_ms.max()) * 3.6

    assert kmh("50", ECONOMICAL) == pytest.approx(kmh("50", NORMAL))
    assert kmh("90", ECONOMICAL) == pytest.approx(76.0, abs=0.5)
    assert kmh("130", ECONOMICAL) == pytest.approx(90.0, abs=0.5)


def test_a_path_may_begin_while_the_car_drives() -> None:
    trips = Trips(road().roads())
    path = trips.network.find(trips.snap(0, 0), trips.snap(20, 0), trips.weights)
    p = profile(trips.roads, path, trips.network.line(path), from_ms=15.0)
    assert p.speed_ms[0] == pytest.approx(15.0)
