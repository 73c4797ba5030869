"""The nearest road."""

import pytest

from alpenglow.navigation.roads.snapping import Snapper
from tests.navigation.roads.maps import Drawn, Trips


def test_the_nearest_road_and_the_place_on_it() -> None:
    trips = Trips(Drawn().way(1, (0, 0), (4, 0)).way(2, (0, 2), (4, 2)).roads())
    snap = trips.snap(1, 0.4)
    assert trips.roads.way_id[snap.edge] == 1
    assert (snap.lat, snap.lon) == pytest.approx(Drawn.place(1, 0), abs=1e-6)
    assert snap.distance_m == pytest.approx(40.0, abs=0.5)
    assert min(snap.along, 1 - snap.along) == pytest.approx(0.25, abs=0.01)
    assert snap.both


def test_far_from_every_road_there_is_none() -> None:
    roads = Drawn().way(1, (0, 0), (4, 0)).roads()
    assert Snapper(roads).nearest(*Drawn.place(0, 20), limit_m=1000.0) is None
    assert Snapper(roads).nearest(*Drawn.place(0, 9), limit_m=1000.0) is not None
    assert Snapper(roads).nearest(*Drawn.place(0, 3), limit_m=200.0) is None


def test_the_heading_chooses_the_direction_and_the_road() -> None:
    trips = Trips(Drawn().way(1, (0, 0), (4, 0)).way(2, (2, -2), (2, 2)).roads())
    east, west = trips.snap(1, 0, heading=90.0), trips.snap(1, 0, heading=270.0)
    assert trips.roads.twin[east.edge] == west.edge
    assert not east.both
    assert trips.roads.lon[trips.roads.points(east.edge)][0] < trips.roads.lon[trips.roads.points(east.edge)][-1]
    north = trips.snap(2.05, 0.02, heading=0.0)
    assert trips.roads.way_id[north.edge] == 2, "the crossing road is nearer, and runs across"


def test_a_road_that_cannot_be_reached_is_only_taken_where_it_is_much_nearer() -> None:
    drawn = Drawn().way(1, (0, 0), (4, 0)).way(2, (4, 0), (4, 4)).way(3, (0, 1), (3, 1))
    snapper = Snapper(drawn.roads())
    near = snapper.nearest(*Drawn.place(1, 0.9))
    assert near is not None
    assert near.lat == pytest.approx(Drawn.place(1, 0)[0], abs=1e-6)
    island = snapper.nearest(*Drawn.place(1, 0.9), main=False)
    assert island is not None
    assert island.lat == pytest.approx(Drawn.place(1, 1)[0], abs=1e-6)


def test_all_roads_around() -> None:
    trips = Trips(Drawn().way(1, (0, 0), (4, 0)).way(2, (0, 0.3), (4, 0.3)).way(3, (0, 5), (4, 5)).roads())
    found = trips.snapper.near(*Drawn.place(2, 0.1), radius_m=60.0, heading=90.0)
    assert [int(trips.roads.way_id[s.edge]) for s in found] == [1, 1, 2, 2]
    assert [s.distance_m for s in found] == pytest.approx([10, 10, 20, 20], abs=0.3)


def test_nobody_snaps_onto_a_ferry() -> None:
    trips = Trips(Drawn().way(1, (0, 0), (4, 0)).way(2, (0, 1), (4, 1), route="ferry").roads())
    assert trips.roads.way_id[trips.snap(2, 0.9).edge] == 1
