"""`alpenglow signals get|set|watch|record` and `status` against a car that drives."""

import csv
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.cli.terminal import refusal, refused
from tests.running import Stack

SPEED = "Vehicle.Speed"
FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed"
READY = "Vehicle.Alpenglow.Ready"
GEAR = "Vehicle.Alpenglow.GearSelector"
DISTANCE = "Vehicle.TraveledDistance"
MASS = "Vehicle.CurbWeight"  # an attribute: said once, never again
RECORDED = (SPEED, READY, GEAR)

type Row = tuple[float, str, Any, str]  # time [s], signal, value as `get` has it, quality


@pytest.fixture(scope="module")
def car(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A simulated car that drives by itself, once it is faster than walking."""
    with Stack(tmp_path_factory.mktemp("car"), "--option", "demo=drive") as stack:
        deadline = time.monotonic() + 30
        while get(stack, SPEED)[SPEED]["value"] < 10:
            assert time.monotonic() < deadline, "the car does not drive off"
        yield stack


def get(car: Stack, *paths: str) -> dict[str, Any]:
    done = car.run("signals", "get", *paths, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def command(car: Stack, *words: str) -> subprocess.Popen[str]:
    """`alpenglow …` against the car, to be ended by the test."""
    return subprocess.Popen(
        [sys.executable, "-m", "alpenglow", *words, "--run-dir", str(car.run_dir)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


# -- get ---------------------------------------------------------------------------------------------------------------


def test_get_says_value_unit_quality_and_age(car: Stack) -> None:
    header, row = car.run("signals", "get", SPEED).stdout.splitlines()
    assert header.split() == ["path", "value", "unit", "quality", "age"]
    path, value, unit, quality, age, seconds = row.split()
    assert (path, unit, quality, seconds) == (SPEED, "km/h", "valid", "s")
    assert float(value) > 0
    assert float(age) < 0.3  # the signal's age limit


def test_get_for_programs_has_types(car: Stack) -> None:
    found = get(car, SPEED, READY, GEAR)
    assert found[READY]["value"] is True
    assert isinstance(found[GEAR]["value"], str)
    assert found[SPEED]["quality"] == "VALID"
    assert abs(found[SPEED]["time"] - time.time()) < 60


def test_get_takes_branches_patterns_and_old_names(car: Stack) -> None:
    wheels = get(car, "Vehicle.Chassis.Axle.*.Wheel.*.Speed")
    assert len(wheels) == 4
    assert wheels.keys() < get(car, "Vehicle.Chassis").keys()
    old = "Vehicle.Cabin.Seat.Row1.DriverSide.Backrest.Lumbar.Height"
    done = car.run("signals", "get", old, "--json")
    assert list(json.loads(done.stdout)) == ["Vehicle.Cabin.Seat.Row1.DriverSide.Backrest.LumbarHeight"]


def test_a_signal_that_this_car_lacks_is_answered_with_status_1(car: Stack) -> None:
    done = car.run("signals", "get", "Vehicle.Powertrain.CombustionEngine.Speed")
    assert done.returncode == 1
    assert "unavailable" in done.stdout


def test_an_unknown_signal_gets_the_nearest(car: Stack) -> None:
    for words in (("get", "Vehicle.Sped"), ("watch", "Vehicle.Sped"), ("set", "Vehicle.Sped", "1")):
        assert refusal(car.run("signals", *words)) == "no signal Vehicle.Sped; did you mean Vehicle.Speed?"


# -- set ---------------------------------------------------------------------------------------------------------------


def test_set_moves_an_actuator(car: Stack) -> None:
    for wanted in (20, 60):
        done = car.run("signals", "set", FAN, str(wanted))
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(("confirmed: ", "moving: "))
    deadline = time.monotonic() + 10
    while abs(get(car, FAN)[FAN]["value"] - 60) > 1:
        assert time.monotonic() < deadline


def test_set_for_programs_is_the_outcome(car: Stack) -> None:
    outcome = json.loads(car.run("signals", "set", FAN, "40", "--json").stdout)
    assert outcome["path"] == FAN
    assert outcome["state"] in ("confirmed", "moving")


def test_what_an_interlock_forbids_is_refused_with_its_rule_and_status_1(car: Stack) -> None:
    brake = "Vehicle.Chassis.ParkingBrake.IsEngaged"
    done = car.run("signals", "set", brake, "true")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("refused: The parking brake ")
    assert done.stderr.endswith(" [no-parking-brake]\n")
    done = car.run("signals", "set", brake, "true", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["rule"] == "no-parking-brake"
    assert get(car, brake)[brake]["value"] is False


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (FAN, "300", f"{FAN} takes 0 to 100 percent, not 300"),
        (FAN, "-5", f"{FAN} takes 0 to 100 percent, not -5"),
        (FAN, "fast", f"{FAN} takes a number, not 'fast'"),
        (FAN, "true", f"{FAN} takes a number, not True"),
        ("Vehicle.ADAS.ESC.IsEnabled", "1", "Vehicle.ADAS.ESC.IsEnabled takes true or false, not 1"),
        ("Vehicle.Cabin.HVAC.Station.Row1.Driver.AirDistribution", "LEFT", "takes one of UP, MIDDLE, DOWN, not 'LEFT'"),
        (SPEED, "50", "Vehicle.Speed can be read, not set: it is a sensor"),
        (MASS, "50", "Vehicle.CurbWeight can be read, not set: it is an attribute"),
        ("Vehicle.Cabin.HVAC", "1", "Vehicle.Cabin.HVAC is a branch with "),
    ],
)
def test_a_value_that_cannot_be_says_what_can(car: Stack, path: str, value: str, problem: str) -> None:
    assert problem in refusal(car.run("signals", "set", path, value))


# -- watch -------------------------------------------------------------------------------------------------------------


def test_watch_for_programs_is_a_line_for_each_change(car: Stack) -> None:
    done = car.run("signals", "watch", DISTANCE, READY, "--json", "--seconds", "1")
    assert (done.returncode, done.stderr) == (0, "")
    changes = [json.loads(line) for line in done.stdout.splitlines()]
    distances = [change["value"] for change in changes if change["path"] == DISTANCE]
    assert len(distances) > 1
    assert all(before < after for before, after in itertools.pairwise(distances))
    assert [change["value"] for change in changes if change["path"] == READY] == [True]


def test_watch_in_a_pipe_writes_lines_as_they_come(car: Stack) -> None:
    with command(car, "signals", "watch", SPEED) as watching:
        assert watching.stdout is not None
        clock, path, value, unit = watching.stdout.readline().split()
        assert (path, unit, len(clock)) == (SPEED, "km/h", 8)
        assert float(value) > 0
        watching.send_signal(signal.SIGINT)
        _, errors = watching.communicate(timeout=20)
    assert (watching.returncode, errors) == (0, "")


# -- record ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["parquet", "csv", "jsonl"])
def recording(car: Stack, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> list[Row]:
    """The rows of a recording of one second."""
    out = tmp_path_factory.mktemp("recording") / f"drive.{request.param}"
    done = car.run("signals", "record", *RECORDED, "--out", str(out), "--seconds", "1")
    assert (done.returncode, done.stderr) == (0, "")
    rows = read(out)
    assert done.stdout == f"{out}: {len(rows):,} samples\n"
    assert [path.name for path in out.parent.iterdir()] == [out.name]  # .partial has become the file
    return rows


def read(out: Path) -> list[Row]:
    if out.suffix == ".parquet":
        table = pq.read_table(out).to_pylist()
        assert list(table[0]) == ["time", "signal", "value", "text", "quality"]
        return [
            (row["time"], row["signal"], row["text"] if row["value"] is None else row["value"], row["quality"])
            for row in table
        ]
    if out.suffix == ".csv":
        with out.open(newline="") as file:
            head, *rows = csv.reader(file)
        assert head == ["time", "signal", "value", "quality"]
        return [(float(at), path, value if path == GEAR else json.loads(value), q) for at, path, value, q in rows]
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert list(lines[0]) == ["time", "signal", "value", "quality"]
    return [(line["time"], line["signal"], line["value"], line["quality"]) for line in lines]


def test_a_recording_has_every_signal_in_order_of_time(recording: list[Row]) -> None:
    assert {row[1] for row in recording} == set(RECORDED)
    for path in RECORDED:
        times = [row[0] for row in recording if row[1] == path]
        assert times == sorted(times)
        assert all(abs(at - time.time()) < 300 for at in times)
    assert {row[3] for row in recording} == {"VALID"}


def test_a_recording_has_every_sample(recording: list[Row]) -> None:
    """The car says its speed every 10 ms, so that a lost one would be a hole in the times."""
    times = [row[0] for row in recording if row[1] == SPEED]
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert len(times) > 20
    assert sorted(gaps)[len(gaps) // 2] == pytest.approx(0.01, abs=0.005)


def test_a_recording_says_what_get_says(car: Stack, tmp_path: Path) -> None:
    """Recorder and `get` at the same time: the sample that `get` saw is in the recording, equal."""
    out = tmp_path / "drive.jsonl"
    with command(car, "signals", "record", *RECORDED, "--out", str(out)) as recorder:
        until_rows(out.with_name("drive.jsonl.partial"))
        seen = get(car, *RECORDED)
        until_rows(out.with_name("drive.jsonl.partial"), more_than=seen[SPEED]["time"])
        assert not out.exists()
        recorder.send_signal(signal.SIGTERM)
        printed, errors = recorder.communicate(timeout=20)
    assert (recorder.returncode, errors) == (0, "")
    assert "missed" not in printed
    recorded = {(path, at): (value, quality) for at, path, value, quality in read(out)}
    for path, reading in seen.items():
        assert recorded[path, reading["time"]] == (reading["value"], reading["quality"])


def until_rows(partial: Path, more_than: float = 0.0) -> None:
    """Wait until the recording has a row of later than `more_than`."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        lines = partial.read_text().splitlines()[:-1] if partial.exists() else []
        if any(json.loads(line)["time"] > more_than for line in lines[-20:]):
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing was recorded: {partial}")


def test_a_recording_that_finds_no_room_is_one_line_and_no_file(car: Stack, tmp_path: Path) -> None:
    for name in ("drive.csv", "drive.jsonl"):
        (tmp_path / f"{name}.partial").symlink_to("/dev/full")
        line = refusal(car.run("signals", "record", "Vehicle.**", "--out", str(tmp_path / name), "--seconds", "20"))
        assert line == f"cannot write {tmp_path / name}: No space left on device"
        assert not (tmp_path / name).exists()


def test_where_a_recording_cannot_go_is_said_at_once(car: Stack, tmp_path: Path) -> None:
    for out, problem in (
        ("/nowhere/x.csv", "cannot write /nowhere/x.csv: there is no folder /nowhere"),
        ("/proc/x.csv", "cannot write /proc/x.csv: "),
        (str(tmp_path / "x.txt"), "the name must end in .parquet, .csv or .jsonl"),
        (str(tmp_path / "x.csv" / "y.csv"), f"there is no folder {tmp_path / 'x.csv'}"),
    ):
        assert problem in refusal(car.run("signals", "record", SPEED, "--out", out))


# -- the car itself ----------------------------------------------------------------------------------------------------


def test_status_for_people_and_for_programs(car: Stack) -> None:
    shown = car.run("status").stdout
    found = json.loads(car.run("status", "--json").stdout)
    assert found["running"] is True
    for process in found["processes"]:
        assert process["state"] == "running"
        assert f"{process['name']} " in shown
    assert car.desk_url in shown


def test_a_second_car_in_the_same_place_is_refused(car: Stack) -> None:
    line = refusal(car.run("drive", "--port", "0", "--state-dir", str(car.folder / "state")))
    assert line.startswith(f"Alpenglow runs already in {car.run_dir} (pid {car.process.pid})")


def test_a_busy_port_names_the_process_and_the_flag(car: Stack, tmp_path: Path) -> None:
    port = car.desk_url.split(":")[2].split("/")[0]  # the first of the three
    line = refused("drive", "--run-dir", tmp_path / "run", "--state-dir", tmp_path / "state", "--port", port)
    assert re.match(r"port \d+ is in use by \S+ \(pid \d+\); ", line)
    assert any(f"(pid {car.pid(process)})" in line for process in car.status())
    assert line.endswith("--port N")


def test_without_a_car_it_says_how_to_start_one(tmp_path: Path) -> None:
    record = ("record", SPEED, "--out", str(tmp_path / "x.csv"))
    for words in (("get", SPEED), ("set", FAN, "1"), ("watch", SPEED), record):
        line = refused("signals", *words, "--run-dir", tmp_path)
        assert line == f"no car runs in {tmp_path}; start one with `alpenglow drive`, or name its --run-dir"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_another_users_car_is_out_of_reach(tmp_path: Path) -> None:
    (tmp_path / "operator.settings.json").touch(mode=0)
    assert "is another user's" in refused("signals", "get", SPEED, "--run-dir", tmp_path)


def test_who_watches_or_records_is_told_when_the_car_stops(tmp_path: Path) -> None:
    with Stack(tmp_path, "--option", "demo=drive") as stack:
        out = tmp_path / "drive.jsonl"
        watching = command(stack, "signals", "watch", SPEED)
        recording = command(stack, "signals", "record", SPEED, "--out", str(out))
        with watching, recording:
            until_rows(tmp_path / "drive.jsonl.partial")
            assert stack.stop() == 0
            for process in (watching, recording):
                _, errors = process.communicate(timeout=30)
                assert (process.returncode, errors) == (0, "")
        assert len(read(out)) > 0
