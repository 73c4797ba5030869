"""Charging stations are read as people write them into the map, which is often hardly at all."""

import pytest

from alpenglow.navigation.region.chargers import Station, charger


def read(**tags: str) -> Station | None:
    """A station with these tags; `__` stands for a colon."""
    return charger("n1", {"amenity": "charging_station", **{key.replace("__", ":"): tags[key] for key in tags}}, 42, 1)


def test_a_station_of_which_the_map_says_nothing_is_still_there() -> None:
    found = read()
    assert found is not None
    assert (found.plugs, found.power_kw, found.points, found.known) == ([], 0.0, 1, False)


def test_each_plug_has_its_power() -> None:
    found = read(
        socket__type2="4",
        socket__type2__output="22 kW",
        socket__type2_combo="2",
        socket__type2_combo__output="150 kW;300 kW",
        socket__chademo="yes",
        operator="Strom AG",
    )
    assert found is not None
    assert found.outputs == {"type2": 22.0, "ccs": 300.0}
    assert set(found.plugs) == {"type2", "ccs", "chademo"}
    assert (found.power_kw, found.points, found.network, found.name, found.known) == (
        300,
        7,
        "Strom AG",
        "Strom AG",
        True,
    )


@pytest.mark.parametrize(
    ("text", "power_kw"),
    [
        ("22 kW", 22),
        ("22", 22),
        ("22kVA", 22),
        ("3,7 kW", 3.7),
        ("22000", 22),
        ("50000 W", 50),
        ("fast", 0),
        ("999999 kW", 0),
    ],
)
def test_power_is_read_in_whatever_unit(text: str, power_kw: float) -> None:
    found = read(socket__type2="1", socket__type2__output=text)
    assert found is not None
    assert found.power_kw == pytest.approx(power_kw)
    assert found.known == (power_kw > 0)


def test_a_plug_with_power_alone_is_there() -> None:
    found = read(socket__type2_combo__output="50 kW")
    assert found is not None
    assert found.plugs == ["ccs"]


def test_a_plug_that_is_not_there_is_not_counted() -> None:
    found = read(socket__chademo="no", socket__type2="0")
    assert found is not None
    assert found.plugs == []


@pytest.mark.parametrize(
    "tags", [{"access": "private"}, {"access": "no"}, {"motorcar": "no"}, {"bicycle": "yes"}, {"scooter": "designated"}]
)
def test_one_that_is_not_for_the_publics_cars_is_left_out(tags: dict[str, str]) -> None:
    assert read(**tags) is None
    assert charger("n1", {"amenity": "fuel"}, 42, 1) is None


def test_one_for_bicycles_and_cars_is_kept() -> None:
    assert read(bicycle="yes", motorcar="yes") is not None


@pytest.mark.parametrize("capacity", ["٣", "1" * 5000, "-1", "many"])
def test_odd_numbers_do_no_harm(capacity: str) -> None:
    found = read(capacity=capacity)
    assert found is not None
    assert 1 <= found.points <= 1000
