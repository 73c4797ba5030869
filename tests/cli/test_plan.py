"""`alpenglow plan`: a trip from the command line, on a map of a village with one charging station."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.terminal import refusal
from tests.navigation.region.extracts import SOUTH, STEP, WEST, village
from tests.running import alpenglow

START = f"{SOUTH},{WEST}"
END = f"{SOUTH + 5 * STEP},{WEST + 5 * STEP}"


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of a car that has the village's map."""
    folder = tmp_path_factory.mktemp("car")
    extract = village(folder / "nowhere.osm.pbf")
    assert alpenglow("map", "add", str(extract), "--state-dir", str(folder)).returncode == 0
    return folder


def plan(state: Path, *arguments: str, start: str = START, to: str = END) -> subprocess.CompletedProcess[str]:
    return alpenglow("plan", "--from", start, "--to", to, "--state-dir", str(state), *arguments)


def test_a_trip_is_told_in_words(state: Path) -> None:
    told = plan(state, "--soc", "50")
    assert (told.returncode, told.stderr) == (0, "")
    lines = told.stdout.splitlines()
    assert lines[0].split() == ["where", "after", "charge", "charging", "leg"]
    assert lines[1].split()[:4] == ["start", "0:00", "h", "50"]
    assert "· No charging stop is needed." in lines


def test_a_stop_is_planned_where_more_is_to_be_left(state: Path) -> None:
    done = plan(state, "--soc", "12", "--reserve", "30", "--json", "--language", "de")
    assert done.returncode == 0
    trip = json.loads(done.stdout)
    (stop,) = trip["stops"]
    assert stop["charger"]["name"] == "Plug"
    assert trip["feasible"]
    assert trip["arrival_charge"] == pytest.approx(30.0, abs=0.5)
    assert trip["legs"][1]["departure_charge"] == pytest.approx(stop["departure_charge"])
    assert [leg["energy_kwh"] > 0.0 for leg in trip["legs"]] == [True, True]
    assert any(reason.startswith("Bei Plug von") for reason in trip["reasons"])
    assert "Plug" in plan(state, "--soc", "12", "--reserve", "30").stdout


def test_what_cannot_be_done_says_what_would_help_and_fails(state: Path) -> None:
    done = plan(state, "--soc", "3")
    assert done.returncode == 1
    problem, *remedies = done.stdout.splitlines()
    assert problem.startswith("3 % do not last")
    assert "· Charge to 6 % before you leave." in remedies
    trip = json.loads(plan(state, "--soc", "3", "--json").stdout)
    assert not trip["feasible"]
    assert trip["reasons"][0] == trip["problem"] == problem


@pytest.mark.parametrize(
    ("arguments", "start", "status", "says"),
    [
        (("--soc", "50"), "here", 2, "--from here: write it as latitude,longitude in degrees"),
        (("--soc", "50"), "95,200", 2, "--from 95,200"),
        (("--soc", "50", "--prefer", "quick"), START, 2, "there are fastest, shortest, economical"),
        (("--soc", "50", "--avoid", "snow"), START, 2, "there are tolls, ferries, unpaved"),
        (("--soc", "50", "--map", "moon"), START, 1, "there is no map 'moon'"),
        (("--soc", "50", "--line", "moon"), START, 1, "no line 'moon'"),
        (("--soc", "50"), "10.0,10.0", 1, "no map holds all of these places; there are nowhere"),
    ],
)
def test_what_is_wrong_is_one_line(state: Path, arguments: tuple[str, ...], start: str, status: int, says: str) -> None:
    assert says in refusal(plan(state, *arguments, start=start), status)


def test_without_a_map_it_says_how_to_get_one(tmp_path: Path) -> None:
    assert "add one with `alpenglow map add FILE.osm.pbf`" in refusal(plan(tmp_path, "--soc", "50"))


def test_a_damaged_map_is_named(state: Path, tmp_path: Path) -> None:
    made = alpenglow("map", "add", str(village(tmp_path / "broken.osm.pbf")), "--state-dir", str(tmp_path))
    assert made.returncode == 0
    chargers = tmp_path / "maps" / "broken" / "chargers.json"
    chargers.write_bytes(b"!" * chargers.stat().st_size)
    says = refusal(plan(tmp_path, "--soc", "50"))
    assert "chargers.json" in says
    assert "add the map again" in says
