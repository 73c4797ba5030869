"""What people type, and what they mean."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.navigation.api import Position
from alpenglow.navigation.search.corridor import Corridor
from alpenglow.navigation.search.query import Places, SearchError
from tests.navigation.search.town import HERE, land


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    opened = land(tmp_path_factory.mktemp("land") / "places.sqlite")
    yield opened
    opened.close()


def ids(places: Places, text: str, **options: object) -> list[str]:
    return [place.id for place in places.search(text, HERE, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zürich", "n1"),
        ("zurich", "n1"),
        ("ZUERICH", "n1"),
        ("zuri", "n1"),
        ("苏黎世", "n1"),
        ("苏黎", "n1"),
        ("زيورخ", "n1"),
        ("san julian", "n2"),
        ("el san julian", "n2"),  # no "el" on its sign
        ("santjulia", "n2"),
        ("the bean", "n30"),
        ("bean the", "n30"),
        ("esglesia avinguda", "w13"),
        ("avda església", "w13"),
        ("l'esglesia", "w13"),
        ("coma pedrosa", "n38"),
        ("CG-1", "w10"),
        ("bucher strasse", "n40"),
    ],
)
def test_a_place_is_found_however_its_name_is_written(places: Places, text: str, expected: str) -> None:
    assert ids(places, text)[0] == expected


@pytest.mark.parametrize("text", ["zurcih", "zurih", "zürrich", "zurixh", "Zruich am Bach", "zurich an bach"])
def test_one_slip_does_not_hide_a_place(places: Places, text: str) -> None:
    assert "n1" in ids(places, text)


def test_the_settlement_tells_streets_of_one_name_apart(places: Places) -> None:
    assert ids(places, "carrer major")[0] == "w10"
    assert ids(places, "carrer major sant julia")[0] == "w12"
    assert {place.where for place in places.search("carrer major", HERE)} == {"Altstadt, Zürich am Bach", "Sant Julià"}


def test_a_house_number_is_found_on_its_street(places: Places) -> None:
    first, second = places.search("Carrer Major 5", HERE)[:2]
    assert (first.id, first.name, first.kind) == ("n20/5", "Carrer Major 5", "address")
    assert second.id == "n22/5"
    assert ids(places, "5 carrer major")[0] == "n20/5"
    assert ids(places, "carrer major 5 sant julia")[0] == "n22/5"
    assert ids(places, "carrer major 7b")[0] == "n21/7 b"
    assert ids(places, "carrer major 7 b")[0] == "n21/7 b"
    assert ids(places, "carrer mjaor 5")[0] == "n20/5"
    assert ids(places, "weg ohne linie 1")[0] == "n23/1"


def test_a_number_that_is_not_there_leads_to_the_street(places: Places) -> None:
    assert ids(places, "carrer major 99")[0] == "w10"
    assert ids(places, "carrer major 1234")[0] == "w10"


@pytest.mark.parametrize(
    "text",
    ["coffee", "coffee near me", "Kaffee in der Nähe", "ein Café", "咖啡", "附近的咖啡馆", "مقهى قريب", "cafeteria",
     "kahvila lähellä", "café près de moi", "cafè a prop", "nearest coffee", "find a coffee shop", "cofee"],
)  # fmt: skip
def test_a_category_is_understood_in_every_language(places: Places, text: str) -> None:
    found = ids(places, text)
    assert found[:2] == ["n30", "n31"]


def test_the_nearest_come_first_where_that_is_asked(places: Places) -> None:
    there = Position(47.09, 9.0)
    assert places.search("nearest coffee", there)[0].id == "n31"


def test_a_category_with_a_settlement_or_a_name_is_both(places: Places) -> None:
    assert ids(places, "coffee in sant julia") == ["n31"]
    assert ids(places, "hotel plaza")[0] == "n36"
    assert ids(places, "hotel plza")[0] == "n36"


def test_a_place_without_a_name_is_called_after_its_category(places: Places) -> None:
    (parking,) = places.search("parking", HERE, language="de")
    assert (parking.id, parking.name) == ("n34", "Parkplatz")


def test_chargers_are_those_for_cars(places: Places) -> None:
    (charger,) = places.search("Ladesäule", HERE)
    assert (charger.id, charger.kind, charger.category) == ("n32", "charger", "charger")


def test_names_are_shown_in_the_language_of_who_asks(places: Places) -> None:
    assert places.search("zurich", HERE, language="zh")[0].name == "苏黎世"
    assert places.search("zurich", HERE, language="ar")[0].name == "زيورخ"
    assert places.search("zurich", HERE, language="de")[0].name == "Zürich am Bach"


def test_along_a_way_only_what_is_beside_it_is_found(places: Places) -> None:
    south = Corridor([(8.99, 47.002), (9.01, 47.002)], 500.0)
    assert ids(places, "coffee", corridor=south) == ["n30"]
    assert ids(places, "coffee", corridor=Corridor([(9.5, 47.0), (9.6, 47.0)], 500.0)) == []


def test_at_the_destination_only_what_is_near_it_is_found(places: Places) -> None:
    there = Position(47.09, 9.0)
    assert [place.id for place in places.search("coffee", there, within_m=2000.0)] == ["n31"]


def test_coordinates_are_a_place(places: Places) -> None:
    (place,) = places.search(" 47.01, 9.02 ")
    assert place.position == Position(47.01, 9.02)
    again = places.find(place.id)
    assert again is not None
    assert again.position == place.position


def test_every_answer_is_found_again_by_its_id(places: Places) -> None:
    for text in ("carrer major 5", "carrer major", "coffee", "zurich", "parking"):
        for place in places.search(text):
            assert places.find(place.id) == place
    assert places.find("n999") is None


def test_distances_are_those_of_the_crow(places: Places) -> None:
    (found, *_) = places.search("the bean", HERE)
    assert found.distance_m == pytest.approx(269, abs=2)
    assert places.search("the bean")[0].distance_m is None


@pytest.mark.parametrize(
    "text",
    ["", "   ", "!?", "'", '"', "*", "a* OR b", "name : x", "NEAR(a b)", "'; DROP TABLE places; --", '" OR 1=1 --',
     "^x",
     "{name around}: x", "-", "\x00", "\ud800", "🙂", "a" * 200, "a " * 100, "999999999999 x", "\u0301\u0301", "%_%"],
)  # fmt: skip
def test_odd_texts_get_an_answer_and_do_no_harm(places: Places, text: str) -> None:
    places.search(text, HERE)
    assert ids(places, "zurich")[0] == "n1"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_no_text_at_all_breaks_the_search(places: Places, text: str) -> None:
    assert len(places.search(text, HERE, limit=3)) <= 3


def test_a_text_that_is_too_long_is_refused_in_a_sentence(places: Places) -> None:
    with pytest.raises(SearchError, match="at most 200 letters"):
        places.search("a" * 201)


def test_a_file_that_is_no_index_is_said_to_be_damaged(tmp_path: Path) -> None:
    (tmp_path / "torn").write_bytes(b"SQLite format 3\x00" + bytes(500))
    (tmp_path / "empty").touch()
    for name in ("torn", "empty", "missing"):
        with pytest.raises(SearchError, match="add the map again"):
            Places(tmp_path / name)


def test_an_index_of_another_version_is_not_read(tmp_path: Path) -> None:
    land(tmp_path / "places.sqlite").close()
    with sqlite3.connect(tmp_path / "places.sqlite") as index:
        index.execute("PRAGMA user_version = 77")
    index.close()
    with pytest.raises(SearchError, match="another version"):
        Places(tmp_path / "places.sqlite")
