"""Cars from their files."""

from pathlib import Path

import pytest

from alpenglow.navigation.energy.car import CarError, load_car
from tests.navigation.andorra import LINES


@pytest.mark.parametrize("file", sorted(LINES.glob("*/car.toml")), ids=lambda f: f.parent.name)
def test_every_line_that_has_a_car_can_be_reckoned_with(file: Path) -> None:
    car = load_car(file)
    assert 20e6 < car.usable_j < car.battery.energy * 3.6e6


def test_a_line_without_data_of_its_own_gets_a_usual_car() -> None:
    assert load_car().battery.energy > 40.0


def test_a_file_that_is_not_a_car_is_named(tmp_path: Path) -> None:
    file = tmp_path / "car.toml"
    with pytest.raises(CarError, match=r"car\.toml"):
        load_car(file)
    file.write_text("title = 'Nothing'")
    with pytest.raises(CarError, match="body"):
        load_car(file)
    file.write_text("title = ")
    with pytest.raises(CarError, match=r"car\.toml"):
        load_car(file)
