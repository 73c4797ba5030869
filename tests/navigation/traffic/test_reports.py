"""What sources say of traffic: in place of what they said before, for a while, and within bounds."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.navigation.api import Jam
from alpenglow.navigation.traffic.reports import MOST_POINTS, MOST_SOURCES, BadReport, Reports

LINE = [(1.5, 42.5), (1.51, 42.5)]


def jam(until_s: float = 60.0, factor: float = 0.5, points: list[tuple[float, float]] | None = None) -> Jam:
    return Jam(points=points or LINE, speed_factor=factor, until_s=until_s)


def test_a_report_stands_in_place_of_the_one_before_of_that_source_alone() -> None:
    reports = Reports()
    reports.replace("radio", [jam(), jam(factor=0.2)], 0.0)
    reports.replace("fleet", [jam()], 0.0)
    reports.replace("radio", [jam(factor=0.9)], 1.0)
    assert sorted((each.source, each.jam.speed_factor) for each in reports.stretches()) == [
        ("fleet", 0.5),
        ("radio", 0.9),
    ]
    reports.replace("radio", [], 2.0)
    assert [each.source for each in reports.stretches()] == ["fleet"]


def test_what_is_said_again_lives_longer_and_changes_nothing() -> None:
    reports = Reports()
    reports.replace("radio", [jam(60.0)], 0.0)
    revision = reports.revision
    reports.replace("radio", [jam(60.0)], 50.0)
    assert reports.revision == revision
    assert not reports.prune(100.0)
    assert reports.next_end_s() == 110.0


@given(lives=st.lists(st.floats(1.0, 1000.0), min_size=1, max_size=8), at=st.floats(0.0, 2000.0))
def test_each_stretch_is_forgotten_at_its_end_and_the_revision_counts_that(lives: list[float], at: float) -> None:
    reports = Reports()
    reports.replace("radio", [jam(life) for life in lives], 0.0)
    before = reports.revision
    left = [life for life in lives if life > at]
    assert reports.prune(at) is (len(left) < len(lives))
    assert [each.jam.until_s for each in reports.stretches()] == left
    assert reports.revision == before + (len(left) < len(lives))
    assert (reports.next_end_s() is None) is (not left)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (jam(factor=math.nan), "no number"),
        (jam(points=[(1.5, math.nan), (1.6, 42.5)]), "no number"),
        (jam(points=[(1.5, 42.5), (math.inf, 42.5)]), "no number"),
        (jam(factor=0.0), "speed_factor"),
        (jam(factor=1.5), "speed_factor"),
        (jam(points=[(1.5, 42.5), (1.5, 42.5)]), "without length"),
        (jam(points=[(1.5, 42.5), (11.5, 42.5)]), "km"),
        (jam(points=[(1.5, 42.5 + 1e-5 * (n % 2)) for n in range(MOST_POINTS + 1)]), "points"),
    ],
)
def test_a_bad_report_is_refused_whole_and_changes_nothing(bad: Jam, says: str) -> None:
    reports = Reports()
    reports.replace("radio", [jam()], 0.0)
    with pytest.raises(BadReport, match=says):
        reports.replace("radio", [jam(factor=0.1), bad], 1.0)
    assert [each.jam.speed_factor for each in reports.stretches()] == [0.5]
    assert reports.revision == 1


def test_only_so_many_sources_are_listened_to_until_one_falls_silent() -> None:
    reports = Reports()
    for number in range(MOST_SOURCES):
        reports.replace(f"s{number}", [jam(60.0)], 0.0)
    with pytest.raises(BadReport, match="sources"):
        reports.replace("late", [jam()], 1.0)
    reports.replace("late", [jam()], 61.0)
    assert [each.source for each in reports.stretches()] == ["late"]
