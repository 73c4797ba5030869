"""`alpenglow replay`: what is wrong is said before anything starts, and what is not seen is explained."""

import json
import socket
from pathlib import Path

import pytest

from alpenglow.cli.recorded import Recorded
from tests.cli.terminal import refused
from tests.running import alpenglow

DBC = """VERSION ""
BU_: A
BO_ 256 M: 8 A
 SG_ Speed : 0|16@1+ (0.01,0) [0|300] "km/h" A
"""


class Files:
    """A small recording on two channels, its DBC and mapping; the directories of its car."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log, self.dbc, self.map = folder / "drive.log", folder / "car.dbc", folder / "car.map.json"
        self.log.write_text("".join(f"({1000 + i / 100:.6f}) can{i % 2} 100#{i:04X}0000\n" for i in range(20)))
        self.dbc.write_text(DBC)
        self.map.write_text(json.dumps({"signals": [{"path": "Vehicle.Speed", "message": "M", "signal": "Speed"}]}))
        self.directories = ("--run-dir", str(folder / "run"), "--state-dir", str(folder / "state"), "--port", "0")

    def recorded(self) -> Recorded:
        """What `alpenglow replay LOG --dbc DBC --map MAP` makes of them before it starts anything."""
        return Recorded(self.log, {"": self.dbc}, {"": self.map}, None, self.folder / "state")

    def replay(self, *words: str | Path) -> tuple[str | Path, ...]:
        return ("replay", *words, *self.directories)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_a_log_plays_to_its_end(files: Files) -> None:
    done = alpenglow(*map(str, files.replay(files.log, "--dbc", files.dbc, "--map", files.map)))
    assert (done.returncode, done.stderr) == (0, "")
    announcement, hint, end = done.stdout.splitlines()
    assert announcement.startswith("Alpenglow plays drive.log: http://127.0.0.1:")
    assert hint == "Ctrl-C stops it."
    assert end == f"{files.log}: the log has ended."


@pytest.mark.parametrize("speed", ["0", "-1", "fast", "nan", "inf"])
def test_a_speed_is_a_number_above_zero_or_max(files: Files, speed: str) -> None:
    line = refused(*files.replay(files.log, "--dbc", files.dbc, "--map", files.map, f"--speed={speed}"))
    assert line == f"--speed {speed}: takes a number above 0, or max"


@pytest.mark.parametrize(
    ("mapping", "problem"),
    [
        ("{", "is not JSON"),
        ({"signals": [{"path": "Vehicle.Sped", "message": "M", "signal": "Speed"}]}, "no signal Vehicle.Sped; did you"),
        ({"signals": [{"path": "Vehicle.Speed", "message": "N", "signal": "Speed"}]}, "has no message 'N'"),
        ({"signals": [{"path": "Vehicle.Speed", "message": "M", "signal": "Sped"}]}, "Sped"),
        ({"signals": [{"path": "Vehicle.Speed", "message": "M", "formula": "Speed +"}]}, "formula"),
    ],
    ids=["json", "path", "message", "signal", "formula"],
)
def test_a_wrong_mapping_names_file_and_place(files: Files, mapping: object, problem: str) -> None:
    files.map.write_text(mapping if isinstance(mapping, str) else json.dumps(mapping))
    line = refused(*files.replay(files.log, "--dbc", files.dbc, "--map", files.map))
    assert line.startswith(f"{files.map}: ")
    assert problem in line
    assert isinstance(mapping, str) or "signals[0]" in line


def test_what_is_wrong_with_the_request_is_one_line(files: Files) -> None:
    log, dbc, mapping = files.log, files.dbc, files.map
    bad = files.folder / "bad.dbc"
    bad.write_text(DBC + ' SG_ Torque : 16|8@1+ (1, [0|1] "" A\n')
    empty = files.folder / "empty.log"
    empty.write_text("")
    wrong: list[tuple[list[str | Path], str]] = [
        ([files.folder / "no.log", "--dbc", dbc, "--map", mapping], "no.log: No such file or directory"),
        ([log, "--dbc", files.folder / "no.dbc", "--map", mapping], "no.dbc: No such file or directory"),
        ([log, "--dbc", bad, "--map", mapping], f"{bad}:5: "),
        ([log, "--dbc", dbc, "--map", files.folder / "no.json"], "no.json: No such file or directory"),
        ([log, "--map", mapping], "channel can0 needs a DBC: --dbc can0=FILE"),
        ([log, "--dbc", dbc], "a replay needs a mapping: --map FILE, or a --line that has one"),
        ([log, "--dbc", dbc, "--map", mapping, "--map", mapping], f"{mapping} is already the file for"),
        ([log, "--dbc", dbc, "--map", mapping, "--map", f"can0={mapping}"], "there is already one for can0"),
        ([log, "--dbc", f"can5={dbc}", "--map", f"can0={mapping}"], "no mapping is for that channel"),
        ([log, "--dbc", dbc, "--map", mapping, "--line", "zeppelin"], "no line 'zeppelin'; there are aurora, "),
        ([empty, "--dbc", dbc, "--map", mapping], f"{empty}: holds no data frame"),
        ([dbc, "--dbc", dbc, "--map", mapping], f"{dbc}: a log's name ends in .log, "),
    ]
    for words, problem in wrong:
        assert problem in refused(*files.replay(*words))
    assert not (files.folder / "run").exists()  # nothing was started


def test_a_mapping_goes_to_the_only_channel_of_a_log(files: Files) -> None:
    files.log.write_text(files.log.read_text().replace("can0", "slcan0").replace("can1", "slcan0"))
    recorded = files.recorded()
    assert recorded.maps == {"slcan0": files.map}
    assert recorded.dbcs == {"slcan0": files.dbc}
    assert recorded.says_anything()


def test_a_mapping_for_one_of_several_unknown_channels_must_say_which(files: Files) -> None:
    files.log.write_text(files.log.read_text().replace("can0", "pt").replace("can1", "body"))
    line = refused(*files.replay(files.log, "--dbc", files.dbc, "--map", files.map))
    assert line == f"--map {files.map}: for which channel? The log has pt, body: CHANNEL=FILE"


def test_a_log_of_which_nothing_is_mapped_plays_with_a_warning_that_names_its_channels(files: Files) -> None:
    words = files.replay(files.log, "--dbc", f"can9={files.dbc}", "--map", f"can9={files.map}", "--speed", "max")
    done = alpenglow(*map(str, words))
    assert done.returncode == 0
    warning = done.stderr.splitlines()[0]
    assert warning == (
        f"alpenglow: warning: {files.log} has the channels can0, can1, and the mapping is for can9; "
        "write --map CHANNEL=FILE"
    )


def test_a_log_of_another_car_is_warned_of(files: Files) -> None:
    files.log.write_text(files.log.read_text().replace("100#", "7FF#"))
    recorded = files.recorded()
    assert not recorded.says_anything()
    assert recorded.nothing_mapped() == (f"none of the first 20 frames of {files.log} is mapped (channels: can0, can1)")


def test_a_damaged_log_plays_as_far_as_it_is_whole_and_ends_there(files: Files) -> None:
    whole = "".join(f"({1000 + i / 10_000:.6f}) can0 100#{i:04X}0000\n" for i in range(5000))
    files.log.write_text(whole + "(1001.000000) can0 1\n")
    done = alpenglow(*map(str, files.replay(files.log, "--dbc", files.dbc, "--map", files.map)))
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"alpenglow: {files.log}:5001: not a candump line")
    assert last.endswith("; what is whole was played")
    assert "Traceback" not in done.stderr


def test_a_busy_port_names_who_holds_it(files: Files) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        line = refused(
            *("replay", files.log, "--dbc", files.dbc, "--map", files.map),
            *(*files.directories[:4], "--port", str(port)),
        )
    assert line.startswith(f"port {port} is in use by ")
    assert line.endswith("choose others with --port N")
