"""From ways to the graph."""

from pathlib import Path

import numpy as np
import pytest

from alpenglow.navigation.roads.building import build_graph
from alpenglow.navigation.roads.graph import GIVE_WAY, SIGNAL, SPACING_M, Floats, RawRoads, RawWay, Roads, RoadsError
from alpenglow.navigation.roads.paths import NoPath
from tests.navigation.roads.maps import METRE_LAT, SOUTH, WEST, Drawn, Trips


def test_a_road_without_junctions_is_one_edge_each_way() -> None:
    roads = Drawn().way(1, (0, 0), (1, 0), (2, 0)).roads()
    assert (roads.nodes, roads.edges) == (2, 2)
    assert roads.twin.tolist() == [1, 0]
    assert roads.length_m == pytest.approx([200.0, 200.0], rel=1e-3)


def test_points_are_close_enough_to_take_slopes_from() -> None:
    roads = Drawn().way(1, (0, 0), (9, 0)).roads()
    assert np.diff(roads.distance_m[roads.points(0)]).max() <= SPACING_M


def test_a_one_way_road_is_driven_one_way() -> None:
    drawn = Drawn().way(1, (0, 0), (1, 0), oneway="yes").way(2, (1, 0), (1, 1), (0, 1), (0, 0))
    trips = Trips(drawn.roads())
    assert trips.ways((0.2, 0), (0.8, 0)) == [1]
    assert trips.ways((0.8, 0), (0.2, 0)) == [1, 2, 1]


def test_a_roundabout_is_driven_one_way_round() -> None:
    ring = [(1, 0), (2, 1), (1, 2), (0, 1), (1, 0)]
    drawn = Drawn().way(1, *ring, junction="roundabout").way(2, (2, 1), (4, 1)).way(3, (0, 1), (-2, 1))
    trips = Trips(drawn.roads())
    path = trips.network.find(trips.snap(4, 1), trips.snap(-2, 1), trips.weights)
    line = trips.network.line(path)
    assert line.lat.max() == pytest.approx(Drawn.place(1, 2)[0], abs=1e-6), "anticlockwise: over the north side"


def test_nobody_drives_through_a_barrier() -> None:
    drawn = Drawn().way(1, (0, 0), (1, 0), (2, 0)).way(2, (0, 0), (0, 3), (2, 3), (2, 0))
    drawn.raw.barriers.add(Drawn.node(1, 0))
    assert Trips(drawn.roads()).ways((0.5, 0), (1.5, 0)) == [1, 2, 1]


def test_a_private_road_is_an_end_and_no_way_through() -> None:
    drawn = Drawn().way(1, (0, 0), (1, 0)).way(2, (1, 0), (2, 0), access="private").way(3, (2, 0), (3, 0))
    drawn.way(4, (1, 0), (1, 2), (2, 2), (2, 0))
    trips = Trips(drawn.roads())
    assert trips.ways((0, 0), (3, 0)) == [1, 4, 3]
    assert trips.ways((0, 0), (1.4, 0)) == [1, 2]


def test_a_ferry_takes_as_long_as_it_says() -> None:
    drawn = Drawn().way(1, (0, 0), (1, 0)).way(2, (1, 0), (9, 0), route="ferry", duration="00:20")
    roads = drawn.roads()
    ferry = roads.way_id == 2
    assert roads.length_m[ferry] / roads.cruise_ms[ferry] == pytest.approx(1200.0, rel=0.01)


def test_a_forbidden_turn_is_not_taken() -> None:
    drawn = Drawn().way(1, (0, 0), (1, 0)).way(2, (1, 0), (1, 1)).way(3, (1, 0), (2, 0))
    drawn.way(4, (2, 0), (3, 0), (3, 1), (1, 1)).way(5, (1, 1), (1, 2)).forbid(1, (1, 0), 2)
    trips = Trips(drawn.roads())
    assert trips.ways((0, 0), (1, 2)) == [1, 3, 4, 5]
    assert trips.ways((1.8, 0.0), (1, 1.5)) == [3, 2, 5], "who comes from elsewhere may"


def test_nobody_turns_round_behind_a_forbidden_turn() -> None:
    drawn = Drawn().way(1, (0, 0), (1, 0)).way(2, (1, 0), (1, 1)).way(3, (1, 0), (2, 0))
    drawn.way(4, (2, 0), (3, 0)).way(6, (2, 0), (2, -1)).forbid(1, (1, 0), 2)
    trips = Trips(drawn.roads())
    path = trips.network.find(trips.snap(0, 0), trips.snap(1, 1), trips.weights)
    used = trips.roads.way_id[path.edges].tolist()
    assert used.index(3) + 1 < len(used)
    assert used[used.index(3) + 1] in (4, 6), "it goes on to a dead end, where turning round is all that is left"


def test_the_only_turn_allowed_is_the_one_taken() -> None:
    drawn = Drawn().way(1, (0, 0), (1, 0)).way(2, (1, 0), (1, 1)).way(3, (1, 0), (2, 0)).way(4, (1, 0), (1, -1))
    drawn.way(5, (2, 0), (2, 1), (1, 1)).way(6, (2, 0), (2, -1), (1, -1)).forbid(1, (1, 0), 3, only=True)
    trips = Trips(drawn.roads())
    assert trips.ways((0, 0), (1, 0.9)) == [1, 3, 5, 2]
    assert trips.ways((0, 0), (1, -0.9)) == [1, 3, 6, 4]


def test_lights_and_give_way_are_told_where_they_are() -> None:
    drawn = Drawn().way(1, (0, 0), (1, 0), (2, 0), (3, 0), highway="primary").way(2, (1, 0), (1, 1))
    drawn.raw.signals.add(Drawn.node(2, 0))
    roads = drawn.roads()
    lights = {round((float(roads.node_lon[n]) - WEST) / 1e-5) for n in roads.end[(roads.flags & SIGNAL) > 0]}
    assert lights == {round((Drawn.place(2, 0)[1] - WEST) / 1e-5)}
    waiting = roads.way_id[(roads.flags & GIVE_WAY) > 0]
    assert waiting.tolist() == [2], "the small road into the large one"


def test_an_island_is_told_apart_from_a_road_that_is_merely_far() -> None:
    drawn = Drawn().way(1, (0, 0), (1, 0)).way(2, (1, 0), (9, 0)).way(3, (0, 5), (1, 5))
    trips = Trips(drawn.roads())
    with pytest.raises(NoPath) as refused:
        trips.ways((0, 0), (0.5, 5))
    assert refused.value.island


def test_a_map_without_roads_is_refused() -> None:
    with pytest.raises(RoadsError, match="no road"):
        build_graph(RawRoads())
    with pytest.raises(RoadsError, match="no road"):
        Drawn().way(1, (0, 0), (1, 0), highway="footway").roads()


def test_what_a_map_gets_wrong_does_not_stop_it() -> None:
    """A way with one node, with one node many times over, of no length, in a place that is nowhere."""
    drawn = Drawn().way(1, (0, 0), (1, 0)).way(2, (1, 0)).way(3, (1, 0), (1, 0)).way(4, (1, 0), (1, 0), (2, 0))
    nowhere = np.array([SOUTH, np.nan])
    drawn.raw.ways.append(RawWay(5, [1, 2], nowhere, nowhere, {"highway": "primary"}))
    drawn.forbid(99, (1, 0), 98).forbid(1, (77, 77), 4)
    roads = drawn.roads()
    assert set(roads.way_id.tolist()) == {1, 4}
    assert (roads.length_m > 0).all()


def test_roads_are_the_same_after_being_kept(tmp_path: Path) -> None:
    roads = Drawn().way(1, (0, 0), (1, 0), name="Carrer Major").way(2, (1, 0), (1, 1)).roads()
    roads.save(tmp_path / "roads.npz")
    again = Roads.load(tmp_path / "roads.npz")
    assert again.names == roads.names
    assert "Carrer Major" in again.names
    for field in ("start", "end", "twin", "length_m", "lat", "height", "flags", "speed"):
        assert (getattr(again, field) == getattr(roads, field)).all()


def test_a_damaged_file_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "roads.npz"
    Drawn().way(1, (0, 0), (1, 0)).roads().save(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RoadsError, match="add the map again"):
        Roads.load(path)
    with pytest.raises(RoadsError, match=r"nothing\.npz"):
        Roads.load(tmp_path / "nothing.npz")


def test_a_file_of_another_version_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "roads.npz"
    with monkeypatch.context() as older:
        older.setattr("alpenglow.navigation.roads.graph.FORMAT", 0)
        Drawn().way(1, (0, 0), (1, 0)).roads().save(path)
    with pytest.raises(RoadsError, match="another version"):
        Roads.load(path)


class Ridge:
    """A ridge 60 m high across the map, with the grid's noise on it."""

    def __init__(self, noise_m: float = 0.0) -> None:
        self.noise_m = noise_m

    def at(self, lat: Floats, lon: Floats) -> Floats:
        x = (lon - WEST) / (Drawn.place(1, 0)[1] - WEST)
        jitter = self.noise_m * np.sin(7.3 * x)
        return np.asarray(1000.0 + np.clip(60.0 - np.abs(x - 10.0) * 12.0, 0.0, 60.0) + jitter)


def test_a_tunnel_goes_straight_through_the_ridge() -> None:
    drawn = Drawn().way(1, (0, 0), (4, 0)).way(2, (4, 0), (16, 0), tunnel="yes").way(3, (16, 0), (20, 0))
    roads = drawn.roads(Ridge())
    inside = np.concatenate([roads.height[roads.points(e)] for e in np.flatnonzero(roads.way_id == 2)])
    assert inside.max() - inside.min() < 3.0
    over = Drawn().way(1, (0, 0), (20, 0)).roads(Ridge())
    assert over.height.max() > 1050.0, "a road without the tunnel goes over it"


def test_noise_of_the_grid_makes_no_slopes() -> None:
    def steepest(noise_m: float) -> float:
        roads = Drawn().way(1, (0, 0), (20, 0), highway="primary").roads(Ridge(noise_m))
        there = roads.points(0)
        return float(np.abs(np.diff(roads.height[there]) / np.diff(roads.distance_m[there])).max())

    assert steepest(0.0) == pytest.approx(0.12, abs=0.02)
    assert steepest(8.0) < 0.15, "the grid alone would say 0.5"


def test_a_slope_is_kept_by_smoothing() -> None:
    class Ramp:
        def at(self, lat: Floats, lon: Floats) -> Floats:
            return np.asarray((lat - SOUTH) / METRE_LAT * 0.08)

    roads = Drawn().way(1, (0, 0), (0, 5), (0, 15)).roads(Ramp())
    there = roads.points(0)
    assert roads.height[there][-1] - roads.height[there][0] == pytest.approx(0.08 * 1500.0, rel=0.02)


def test_without_heights_the_land_is_flat() -> None:
    roads = Drawn().way(1, (0, 0), (20, 0)).roads()
    assert not roads.has_heights
    assert not roads.height.any()


def test_a_gap_in_the_heights_is_bridged() -> None:
    class Holes(Ridge):
        def at(self, lat: Floats, lon: Floats) -> Floats:
            heights = super().at(lat, lon)
            heights[5:40] = np.nan
            return heights

    roads = Drawn().way(1, (0, 0), (20, 0)).roads(Holes())
    assert np.isfinite(roads.height).all()
    assert roads.has_heights
    assert 990.0 < roads.height.min() <= roads.height.max() < 1080.0
