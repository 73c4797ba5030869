"""One pass over an extract finds what the roads, the chargers and the picture of the map are made of."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from alpenglow.navigation.region.problems import RegionError
from alpenglow.navigation.region.reading import Reading, read
from tests.navigation.region.extracts import Extract, square, village


def read_back(pbf: Path) -> tuple[Reading, list[dict[str, Any]]]:
    """What was read, and the features that were written."""
    drawn = pbf.with_suffix(".geojson")
    reading = read(pbf, drawn)
    features = [msgspec.json.decode(line) for line in drawn.read_bytes().splitlines()]
    assert len(features) == reading.features
    return reading, features


def of_layer(features: list[dict[str, Any]], layer: str) -> list[dict[str, Any]]:
    return [feature["properties"] for feature in features if feature["tippecanoe"]["layer"] == layer]


def test_a_village_is_read_whole(tmp_path: Path) -> None:
    reading, features = read_back(village(tmp_path / "village.osm.pbf"))
    assert len(reading.roads.ways) == 12
    way = reading.roads.ways[0]
    assert (way.tags["name"], len(way.nodes), way.lat.shape, way.lon.shape) == ("Street 0", 6, (6,), (6,))
    assert [(charger.id, charger.points) for charger in reading.chargers] == [("n1002", 2)]
    assert reading.middle == pytest.approx((47.006, 9.006))
    assert reading.date == ""  # the file does not say, nor does any road
    kinds = {feature["tippecanoe"]["layer"] for feature in features}
    assert kinds == {"roads", "buildings", "land", "water", "places", "pois", "peaks"}
    assert {(poi["category"], poi["name"]) for poi in of_layer(features, "pois")} == {
        ("charger", "Plug"),
        ("cafe", "The Bean"),
    }
    assert {"Nowhere", "Plug", "The Bean", "Street 3"} <= {place.names.get("", "") for place in reading.places.places()}
    assert of_layer(features, "places") == [{"kind": "village", "rank": 4, "name": "Nowhere", "population": 1200}]
    assert of_layer(features, "buildings") == [{"height": 9.0}]
    assert of_layer(features, "land") == [{"kind": "forest"}]
    assert of_layer(features, "peaks") == [{"kind": "peak", "name": "Height", "ele": 812}]
    assert of_layer(features, "water") == [{"kind": "river", "name": "Brook"}]


def test_what_stops_cars_is_told_from_what_lets_them_pass(tmp_path: Path) -> None:
    with Extract(tmp_path / "x.osm.pbf") as extract:
        extract.node(1, 47, 9, barrier="bollard")
        extract.node(2, 47, 9.001, barrier="bollard", motor_vehicle="yes")
        extract.node(3, 47, 9.002, barrier="lift_gate")
        extract.node(4, 47, 9.003, barrier="gate", access="no")
        extract.node(5, 47, 9.004, barrier="gate", access="no", motor_vehicle="destination")
        extract.node(6, 47, 9.005, barrier="toll_booth")
        extract.node(7, 47, 9.006, highway="traffic_signals")
        extract.way(10, range(1, 8), highway="residential")
    reading, _ = read_back(tmp_path / "x.osm.pbf")
    assert reading.roads.barriers == {1, 4}
    assert reading.roads.signals == {7}


def test_restricted_turns_that_concern_cars_are_kept(tmp_path: Path) -> None:
    with Extract(tmp_path / "x.osm.pbf") as extract:
        for number in range(1, 6):
            extract.node(number, 47, 9 + number / 1000)
        for number, nodes in ((10, (1, 2)), (11, (2, 3)), (12, (2, 4)), (13, (2, 5))):
            extract.way(number, nodes, highway="residential")

        def turn(number: int, come: int, go: int, **tags: str) -> None:
            members = [("w", come, "from"), ("n", 2, "via"), ("w", go, "to")]
            extract.relation(number, members, type="restriction", **tags)

        turn(1, 10, 11, restriction="no_left_turn")
        turn(2, 10, 12, restriction="only_straight_on")
        turn(3, 10, 13, restriction="no_right_turn", **{"except": "psv;motorcar"})
        turn(4, 11, 13, restriction__motorcar="no_right_turn", restriction="no_entry_for_elephants")
        turn(5, 12, 13, restriction__conditional="no_right_turn @ (08:00-10:00)")
        extract.relation(
            6, [("w", 10, "from"), ("w", 11, "via"), ("w", 12, "to")], type="restriction", restriction="no_u_turn"
        )
        extract.relation(7, [("w", 10, "from"), ("w", 11, "to")], type="restriction", restriction="no_u_turn")
    reading, _ = read_back(tmp_path / "x.osm.pbf")
    assert sorted(reading.roads.restrictions) == [(10, 2, 11, False), (10, 2, 12, True), (11, 2, 13, False)]


def test_a_way_that_leaves_the_extract_is_read_as_far_as_it_is_there(tmp_path: Path) -> None:
    with Extract(tmp_path / "x.osm.pbf") as extract:
        for number in (1, 2, 4, 5):
            extract.node(number, 47, 9 + number / 1000)
        extract.way(10, [1, 2, 3, 4, 5], highway="primary", name="Long Road")
        extract.way(11, [7, 8], highway="primary")
        square(extract, 20, 47.1, 9.1, 0.001, landuse="meadow")
        extract.way(30, [20, 21, 99, 20], landuse="forest")
    reading, features = read_back(tmp_path / "x.osm.pbf")
    assert [list(way.nodes) for way in reading.roads.ways] == [[1, 2], [4, 5]]
    assert len(of_layer(features, "roads")) == 2
    assert reading.box == pytest.approx((9.001, 47.0, 9.005, 47.0))  # of its roads


def test_a_boundary_is_drawn_once_with_the_highest_of_its_levels(tmp_path: Path) -> None:
    with Extract(tmp_path / "x.osm.pbf") as extract:
        for number in (1, 2, 3):
            extract.node(number, 47, 9 + number / 1000)
        extract.way(10, [1, 2])  # without a tag of its own
        extract.way(11, [2, 3], boundary="administrative", admin_level="8")
        for number, level in ((1, "2"), (2, "4"), (3, "8")):
            members = [("w", 10, "outer"), ("w", 11, "outer")] if level == "8" else [("w", 10, "outer")]
            extract.relation(number, members, type="boundary", boundary="administrative", admin_level=level)
    _, features = read_back(tmp_path / "x.osm.pbf")
    assert sorted(found["level"] for found in of_layer(features, "boundaries")) == [2, 8]


def test_the_shapes_of_surfaces_have_their_holes(tmp_path: Path) -> None:
    with Extract(tmp_path / "x.osm.pbf") as extract:
        square(extract, 10, 47, 9, 0.01)
        square(extract, 20, 47.004, 9.004, 0.002)
        extract.relation(1, [("w", 14, "outer"), ("w", 24, "inner")], type="multipolygon", natural="water", name="Lake")
    _, features = read_back(tmp_path / "x.osm.pbf")
    (lake,) = features
    assert lake["properties"] == {"kind": "lake", "name": "Lake"}
    assert [len(ring) for ring in lake["geometry"]["coordinates"][0]] == [5, 5]


def test_roads_are_drawn_with_what_a_style_needs(tmp_path: Path) -> None:
    cases: list[tuple[dict[str, str], dict[str, object]]] = [
        ({"highway": "motorway", "ref": "A 1"}, {"kind": "motorway", "ref": "A 1", "oneway": 1}),
        ({"highway": "trunk_link", "oneway": "-1"}, {"kind": "trunk", "link": 1, "oneway": -1}),
        ({"highway": "residential", "tunnel": "yes", "layer": "-1"}, {"kind": "minor", "tunnel": 1, "layer": -1}),
        ({"highway": "primary", "bridge": "viaduct", "tunnel": "no"}, {"kind": "primary", "bridge": 1}),
        ({"highway": "footway"}, {"kind": "path"}),
        ({"railway": "tram"}, {"kind": "rail", "light": 1}),
        ({"route": "ferry", "name": "Boat"}, {"kind": "ferry", "name": "Boat"}),
        ({"highway": "service", "layer": "9" * 5000}, {"kind": "service"}),
    ]
    with Extract(tmp_path / "x.osm.pbf") as extract:
        extract.node(1, 47, 9)
        extract.node(2, 47, 9.001)
        for number, (tags, _) in enumerate(cases, 10):
            if len(tags.get("layer", "")) < 256:  # longer ones no writer takes
                extract.way(number, [1, 2], **tags)
    _, features = read_back(tmp_path / "x.osm.pbf")
    assert of_layer(features, "roads") == [drawn for _, drawn in cases[:-1]]


def test_a_name_comes_with_what_it_is_in_the_four_languages(tmp_path: Path) -> None:
    with Extract(tmp_path / "x.osm.pbf") as extract:
        extract.node(
            1, 47, 9, place="city", capital="yes", name="Genève", name__de="Genf", name__zh="日内瓦", name__fr="Genève"
        )
    _, features = read_back(tmp_path / "x.osm.pbf")
    assert features[0]["properties"] == {
        "kind": "city",
        "rank": 1,
        "name": "Genève",
        "name_de": "Genf",
        "name_zh": "日内瓦",
    }
    assert features[0]["tippecanoe"]["minzoom"] == 5


def test_the_sea_is_drawn_where_a_coast_is(tmp_path: Path) -> None:
    with Extract(tmp_path / "x.osm.pbf", (9.0, 47.0, 9.1, 47.1)) as extract:
        extract.node(1, 47.03, 8.99)
        extract.node(2, 47.03, 9.11)
        extract.way(10, [1, 2], natural="coastline")
    _, features = read_back(tmp_path / "x.osm.pbf")
    assert of_layer(features, "water") == [{"kind": "sea"}]
    (ring,) = features[0]["geometry"]["coordinates"]
    assert min(lat for _, lat in ring) == 47.0
    assert max(lat for _, lat in ring) == pytest.approx(47.03)


def test_names_with_quotes_and_line_breaks_stay_one_feature_a_line(tmp_path: Path) -> None:
    name = 'The "Lion"\n\\ & </script>'
    with Extract(tmp_path / "x.osm.pbf") as extract:
        extract.node(1, 47, 9, place="village", name=name)
    _, features = read_back(tmp_path / "x.osm.pbf")
    assert [feature["properties"]["name"] for feature in features] == [name]


def test_a_damaged_extract_is_said_to_be_so(tmp_path: Path, shared_data: Path) -> None:
    whole = (shared_data / "maps" / "andorra.osm.pbf").read_bytes()
    spoilt = bytearray(whole)
    spoilt[1_000_000:1_000_400] = bytes(400)
    for content in (whole[:1_500_000], bytes(spoilt)):
        (tmp_path / "x.osm.pbf").write_bytes(content)
        with pytest.raises(RegionError, match="is damaged or not whole"):
            read(tmp_path / "x.osm.pbf", tmp_path / "x.geojson")
