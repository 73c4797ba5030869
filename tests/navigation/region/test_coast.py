"""The sea lies on the right of every coastline, within the box and nowhere else."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.navigation.region.coast import Box, Coastline, Line, Polygon, seas

BOX = Box(0.0, 0.0, 10.0, 10.0)


def coast(*points: tuple[float, float], first: int = 1) -> Coastline:
    """A way through these points; its ends are nodes of their own unless they are one place."""
    nodes = list(range(first, first + len(points)))
    if points[0] == points[-1]:
        nodes[-1] = nodes[0]
    return Coastline(nodes, list(points))


def area(ring: Line) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) / 2)


def water(polygons: list[Polygon]) -> float:
    return sum(area(polygon[0]) - sum(map(area, polygon[1:])) for polygon in polygons)


def test_without_a_coast_there_is_no_sea() -> None:
    assert seas([], BOX) == []


@pytest.mark.parametrize(
    ("line", "sea"),
    [
        (((-1, 3), (11, 3)), 30.0),  # eastwards: the sea is in the south
        (((11, 3), (-1, 3)), 70.0),
        (((4, -1), (4, 11)), 60.0),
        (((4, 11), (4, -1)), 40.0),
        (((0, 9), (1, 10)), 99.5),
        (((1, 10), (0, 9)), 0.5),
    ],
)
def test_a_straight_coast_divides_the_box(line: tuple[tuple[float, float], ...], sea: float) -> None:
    assert water(seas([coast(*line)], BOX)) == pytest.approx(sea)


@given(st.lists(st.floats(1, 9), min_size=2, max_size=12))
def test_any_coast_from_edge_to_edge_leaves_the_sea_below_it(heights: list[float]) -> None:
    step = 10 / (len(heights) - 1)
    line = [(at * step, height) for at, height in enumerate(heights)]
    line = [(-1.0, line[0][1]), *line, (11.0, line[-1][1])]
    below = sum((a + b) / 2 * step for a, b in itertools.pairwise(heights))
    assert water(seas([coast(*line)], BOX)) == pytest.approx(below, rel=1e-6)
    assert water(seas([coast(*reversed(line))], BOX)) == pytest.approx(100 - below, rel=1e-6)


def test_ways_that_follow_one_another_are_one_coast() -> None:
    parts = [
        Coastline([5, 6, 7], [(6, 3), (8, 3), (11, 3)]),
        Coastline([1, 2, 5], [(-1, 3), (2, 3), (6, 3)]),
    ]
    assert water(seas(parts, BOX)) == pytest.approx(30)


def test_two_coasts_make_a_strait() -> None:
    north = coast((11, 7), (-1, 7), first=1)  # westwards: the land is in the south
    south = coast((-1, 3), (11, 3), first=10)
    assert water(seas([south], BOX)) + water(seas([north], BOX)) == pytest.approx(60)
    channel = [coast((-1, 7), (11, 7), first=1), coast((11, 3), (-1, 3), first=10)]
    polygons = seas(channel, BOX)
    assert len(polygons) == 1
    assert water(polygons) == pytest.approx(40)


def test_an_island_alone_has_the_sea_all_round() -> None:
    island = coast((4, 4), (6, 4), (6, 6), (4, 6), (4, 4))  # anticlockwise: the land is inside
    assert water(seas([island], BOX)) == pytest.approx(96)


def test_an_island_off_a_coast_is_a_hole_in_its_sea() -> None:
    shore = coast((-1, 5), (11, 5))
    island = coast((4, 2), (6, 2), (6, 3), (4, 3), (4, 2), first=100)
    inland = coast((4, 7), (6, 7), (6, 8), (4, 8), (4, 7), first=200)
    (polygon,) = seas([shore, island, inland], BOX)
    assert len(polygon) == 2
    assert water([polygon]) == pytest.approx(48)


def test_a_lagoon_is_sea_within_the_land() -> None:
    lagoon = coast((4, 4), (4, 6), (6, 6), (6, 4), (4, 4))  # clockwise: the water is inside
    assert water(seas([lagoon], BOX)) == pytest.approx(4)


def test_an_island_that_reaches_out_of_the_box_is_cut_at_its_edge() -> None:
    island = coast((8, 4), (12, 4), (12, 6), (8, 6), (8, 4))
    assert water(seas([island], BOX)) == pytest.approx(96)


def test_a_coast_that_the_extract_cut_short_is_led_to_the_edge() -> None:
    assert water(seas([coast((1, 3), (9.5, 3))], BOX)) == pytest.approx(30)
