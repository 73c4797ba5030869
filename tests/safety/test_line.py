"""What a line of cars provides is read from its mapping, whichever form that has."""

import json
from pathlib import Path

import pytest

from alpenglow.safety.line import LineError, read_line
from alpenglow.signals import Catalogue

OURS = {"signals": [{"path": "Vehicle.Speed", "message": "M", "signal": "S"}, {"path": "Vehicle.NoSuch"}]}
KUKSA = {
    "Vehicle": {
        "children": {
            "Speed": {"type": "sensor", "dbc2vss": {"signal": "S"}},
            "Body": {"children": {"Hood": {"children": {"IsOpen": {"vss2dbc": {"signal": "H"}}}}}},
        }
    }
}


def line(folder: Path, toml: str = "", mapping: object = None) -> Path:
    (folder / "line.toml").write_text('title = "A car"\n' + toml)
    (folder / "a.map.json").write_text(mapping if isinstance(mapping, str) else json.dumps(mapping))
    return folder


BUS = '[[bus]]\nname = "can0"\nmapping = "a.map.json"\n'


@pytest.mark.parametrize("mapping", [OURS, KUKSA])
def test_a_line_provides_what_its_mapping_feeds(mapping: object, tmp_path: Path, catalogue: Catalogue) -> None:
    provided, limits = read_line(line(tmp_path, BUS, mapping), catalogue)
    assert provided == {"Vehicle.Speed"}
    assert limits.low_charge_percent == 10


def test_the_users_own_mapping_replaces_the_lines(tmp_path: Path, catalogue: Catalogue) -> None:
    own = tmp_path / "own.json"
    own.write_text(json.dumps(KUKSA))
    folder = line(tmp_path, BUS, {"signals": []})
    assert read_line(folder, catalogue, str(own))[0] == {"Vehicle.Speed"}
    assert read_line(folder, catalogue, f"can0={own}")[0] == {"Vehicle.Speed"}
    assert read_line(line(tmp_path, BUS, OURS), catalogue, "can1=" + str(own))[0] == {"Vehicle.Speed"}


def test_a_line_may_say_itself_what_it_provides(tmp_path: Path, catalogue: Catalogue) -> None:
    toml = '[cluster]\nprovides = ["Vehicle.Body.Hood"]\nlimits = { tyre_pressure_kpa = 262 }\n'
    provided, limits = read_line(line(tmp_path, toml + BUS, OURS), catalogue)
    assert "Vehicle.Body.Hood.IsOpen" in provided
    assert "Vehicle.Speed" not in provided
    assert limits.tyre_pressure_kpa == 262


@pytest.mark.parametrize("mapping", ["{", "[]", '{"a":' * 5000])
def test_of_an_unreadable_mapping_every_lamp_shows_what_is_missing(
    mapping: str, tmp_path: Path, catalogue: Catalogue
) -> None:
    assert read_line(line(tmp_path, BUS, mapping), catalogue)[0] == set(catalogue.index_of)


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("[cluster", "line.toml"),
        ("[cluster]\nlimit = {}", "unknown field `limit`"),
        ("[cluster]\nlimits = { low_charge_percent = 'x' }", "low_charge_percent"),
        ('[cluster]\nprovides = ["Vehicle.Sped"]', "cluster.provides"),
    ],
)
def test_a_wrong_line_is_said_in_one_line(toml: str, says: str, tmp_path: Path, catalogue: Catalogue) -> None:
    with pytest.raises(LineError, match=says) as error:
        read_line(line(tmp_path, toml, OURS), catalogue)
    assert "\n" not in str(error.value)


def test_a_missing_line_is_said(tmp_path: Path, catalogue: Catalogue) -> None:
    with pytest.raises(LineError, match="No such file"):
        read_line(tmp_path / "nowhere", catalogue)
