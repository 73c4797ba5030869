"""`alpenglow map`: a region in one command, and one line for everything that can go wrong."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.terminal import refused
from tests.navigation.region.extracts import village
from tests.navigation.region.mirror import Mirror
from tests.running import alpenglow


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return village(tmp_path_factory.mktemp("extract") / "Isle_of_Nowhere-latest.osm.pbf")


@pytest.fixture(scope="module")
def state(extract: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of a car that has a map."""
    folder = tmp_path_factory.mktemp("car") / "state"
    done = alpenglow("map", "add", str(extract), "--state-dir", str(folder))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("isle-of-nowhere: 11 km of roads, ")
    assert "1 chargers, without elevation" in done.stdout
    assert done.stdout.endswith("© OpenStreetMap contributors\n")
    assert done.stderr == ""  # bars are for terminals
    return folder


def on(state: Path, *arguments: str, timeout_s: float = 110.0) -> subprocess.CompletedProcess[str]:
    return alpenglow("map", *arguments, "--state-dir", str(state), timeout_s=timeout_s)


def test_it_is_listed(state: Path) -> None:
    assert "isle-of-nowhere" in on(state, "list").stdout
    (found,) = json.loads(on(state, "list", "--json").stdout)
    assert (found["name"], found["title"], found["chargers"]) == ("isle-of-nowhere", "Isle Of Nowhere", 1)


def test_all_that_is_known_of_it_is_shown(state: Path, extract: Path) -> None:
    shown = on(state, "info", "isle-of-nowhere").stdout
    assert extract.name in shown
    assert "© OpenStreetMap contributors" in shown
    about = json.loads(on(state, "info", "isle-of-nowhere", "--json").stdout)
    assert set(about["files"]) >= {"roads.npz", "map.pmtiles", "valhalla.tar", "chargers.json"}


def test_its_places_can_be_searched(state: Path) -> None:
    from alpenglow.navigation.search.query import Places

    found = Places(state / "maps" / "isle-of-nowhere" / "places.sqlite").search("the bean")
    assert [place.name for place in found] == ["The Bean"]


def test_nobody_else_may_look_into_the_cars_state(state: Path) -> None:
    assert state.stat().st_mode & 0o077 == 0


def test_a_map_is_fetched_made_and_the_download_removed(extract: Path, tmp_path: Path) -> None:
    with Mirror({"/europe/nowhere-latest.osm.pbf": extract.read_bytes()}) as mirror:
        done = on(tmp_path / "state", "fetch", "europe/nowhere", "--from", mirror.url, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["name"] == "nowhere"
    assert list((tmp_path / "state" / "maps" / ".fetched").iterdir()) == []


def test_a_download_of_which_no_map_can_be_made_is_said_to_be_bad(tmp_path: Path) -> None:
    with Mirror({"/europe/nowhere-latest.osm.pbf": b"<html>"}) as mirror:
        line = refused("map", "fetch", "europe/nowhere", "--from", mirror.url, "--state-dir", tmp_path)
    assert "is not an OpenStreetMap extract" in line


def test_one_is_removed(extract: Path, tmp_path: Path) -> None:
    assert on(tmp_path, "add", str(extract), "--name", "here", "--title", "Here").returncode == 0
    assert on(tmp_path, "remove", "here").stdout.startswith("here: removed, ")
    assert json.loads(on(tmp_path, "list", "--json").stdout) == []


def test_what_is_wrong_is_one_line(extract: Path, state: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.osm.pbf"
    bad.write_bytes(extract.read_bytes()[:-50])
    assert "is damaged or not whole" in refused("map", "add", bad, "--state-dir", tmp_path)
    assert "No such file" in refused("map", "add", tmp_path / "x.osm.pbf", "--state-dir", tmp_path)
    assert "cannot be a map's name" in refused("map", "add", extract, "--name", "../x", "--state-dir", tmp_path)
    assert "there is no such file" in refused("map", "add", extract, "--hgt", "x.hgt", "--state-dir", tmp_path)
    assert "holds no elevation tiles" in refused("map", "add", extract, "--hgt", tmp_path, "--state-dir", tmp_path)
    assert "none is installed" in refused("map", "info", "x", "--state-dir", tmp_path)
    assert "there are isle-of-nowhere" in refused("map", "remove", "x", "--state-dir", state)


def test_a_map_of_another_version_is_pointed_out_beside_the_others(extract: Path, tmp_path: Path) -> None:
    assert on(tmp_path, "add", str(extract), "--name", "old").returncode == 0
    manifest = tmp_path / "maps" / "old" / "region.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "format": 0}))
    done = on(tmp_path, "list", "--json")
    assert json.loads(done.stdout) == []
    assert "was made by another version of Alpenglow" in done.stderr


@pytest.mark.slow
@pytest.mark.timeout(420)
def test_the_elevation_of_a_folder_is_taken(shared_data: Path, tmp_path: Path) -> None:
    maps = shared_data / "maps"
    done = on(tmp_path, "add", str(maps / "andorra.osm.pbf"), "--hgt", str(maps), "--json", timeout_s=400.0)
    assert done.returncode == 0, done.stderr
    about = json.loads(done.stdout)
    assert about["has_elevation"]
    assert about["date"] == "2025-01-19"
    assert about["chargers"] == 10
    assert 700 < about["roads_km"] < 1000
    assert about["start"]["altitude"] == pytest.approx(1020, abs=40)  # Andorra la Vella


def test_one_that_is_called_off_clears_up_after_itself(shared_data: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "alpenglow", "map", "add", shared_data / "maps" / "andorra.osm.pbf"]
    running = subprocess.Popen([*command, "--state-dir", tmp_path], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    maps = tmp_path / "maps"
    deadline = time.monotonic() + 60
    while not list(maps.glob(".building-*/work/tiles")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    running.send_signal(signal.SIGTERM)
    assert running.wait(30) == 143
    assert running.communicate()[1] == b""
    assert [path.name for path in maps.iterdir()] == [".andorra.lock"]
