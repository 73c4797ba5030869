"""`alpenglow search`: places on the installed maps, without a running car."""

import json
from pathlib import Path

import pytest

from tests.cli.terminal import refused
from tests.navigation.region.extracts import village
from tests.running import alpenglow


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of a car that has a map."""
    folder = tmp_path_factory.mktemp("car")
    extract = village(folder / "nowhere.osm.pbf")
    done = alpenglow("map", "add", str(extract), "--state-dir", str(folder / "state"))
    assert done.returncode == 0, done.stderr
    return folder / "state"


def test_places_are_a_table_for_people(state: Path) -> None:
    done = alpenglow("search", "bean", "--state-dir", str(state))
    assert done.returncode == 0, done.stderr
    head, row = done.stdout.splitlines()
    assert head.split() == ["place", "kind", "where", "distance", "position", "id"]
    assert row.startswith("The Bean")
    assert row.endswith("n1003")


def test_places_are_json_for_programs(state: Path) -> None:
    done = alpenglow("search", "coffee", "--near", "47.0,9.0", "--json", "--state-dir", str(state))
    (place,) = json.loads(done.stdout)
    assert place["id"] == "n1003"
    assert place["distance_m"] > 0


def test_streets_of_the_map_are_found_with_a_slip(state: Path) -> None:
    done = alpenglow("search", "avenu 3", "--json", "--state-dir", str(state))
    assert json.loads(done.stdout)[0]["name"] == "Avenue 3"


def test_nothing_found_is_said(state: Path) -> None:
    assert "nothing was found for 'xyzzy'" in refused("search", "xyzzy", "--state-dir", str(state))
    done = alpenglow("search", "xyzzy", "--json", "--state-dir", str(state))
    assert (done.returncode, done.stdout) == (1, "[]\n")


def test_without_a_map_it_says_how_to_get_one(tmp_path: Path) -> None:
    assert "alpenglow map add" in refused("search", "coffee", "--state-dir", str(tmp_path))


def test_a_text_that_is_too_long_is_refused(state: Path) -> None:
    assert "at most 200 letters" in refused("search", "x" * 201, "--state-dir", str(state))


def test_a_damaged_index_is_said(state: Path) -> None:
    index = state / "maps" / "nowhere" / "places.sqlite"
    whole = index.read_bytes()
    index.write_bytes(bytes(len(whole)))
    try:
        assert "add the map again" in refused("search", "coffee", "--state-dir", str(state))
    finally:
        index.write_bytes(whole)
