"""What of an extract's tags becomes a place."""

from alpenglow.navigation.search.reading import PlaceReader, RawPlace
from tests.navigation.search.town import reader


def by_id() -> dict[str, RawPlace]:
    return {place.id: place for place in reader().places()}


def test_the_parts_of_a_street_are_one_within_a_settlement() -> None:
    streets = [place for place in reader().places() if place.names.get("") == "Carrer Major"]
    assert sorted(street.id for street in streets) == ["w10", "w12"]


def test_a_place_is_in_the_settlement_that_is_near_for_its_size() -> None:
    found = by_id()
    assert found["n31"].settlement == "Sant Julià"
    assert found["n36"].settlement == "Altstadt, Zürich am Bach"
    assert found["n1"].settlement == ""


def test_a_hotel_that_is_mapped_twice_is_one() -> None:
    assert [place.id for place in reader().places() if place.names.get("") == "Hotel Plaza"] == ["n36"]


def test_what_nobody_looks_for_is_left_out() -> None:
    found = by_id()
    assert "n39" not in found  # a bench
    assert "n33" not in found  # a charging station for bicycles
    assert "n35" not in found  # somebody's own car park


def test_what_is_known_widely_matters_more() -> None:
    town = PlaceReader()
    town.point("n1", {"natural": "peak", "name": "A"}, 47.0, 9.0)
    town.point("n2", {"natural": "peak", "name": "B", "wikipedia": "en:B"}, 47.0, 9.0)
    one, other = sorted(town.places(), key=lambda place: place.importance)
    assert (one.id, other.id) == ("n1", "n2")


def test_the_map_is_told_what_to_draw() -> None:
    town = PlaceReader()
    poi = town.point("n1", {"amenity": "cafe", "name": "Bean"}, 47.0, 9.0)
    assert poi is not None
    assert (poi.category, poi.name) == ("cafe", "Bean")
    assert town.point("n2", {"place": "town", "name": "Town"}, 47.0, 9.0) is None


def test_odd_tags_do_no_harm() -> None:
    town = PlaceReader()
    for number, tags in enumerate(
        (
            {"place": "town", "name": "T", "population": "many"},
            {"place": "unheard of", "name": "U"},
            {"addr:housenumber": "1;2-4;;", "addr:street": ""},
            {"addr:housenumber": ";", "addr:place": "P"},
            {"amenity": "cafe", "name": ""},
            {"highway": "residential", "name": "x" * 5000},
            {"shop": "yes", "name": "\u202e\x00"},
        )
    ):
        town.point(f"n{number}", tags, 47.0, 9.0)
        town.road(number, tags, 47.0, 9.0)
    assert town.places()
    assert PlaceReader().places() == []
