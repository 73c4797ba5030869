"""`alpenglow decode`: a whole log into a Parquet file."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.cli.terminal import refusal, refused
from tests.running import alpenglow

type Floats = npt.NDArray[np.float64]

WHEELS = ("WHEEL_SPEED_FL", "WHEEL_SPEED_FR", "WHEEL_SPEED_RL", "WHEEL_SPEED_RR")
TO_CAMERA_M = 2.7  # from the radar; the answer key counts from the camera
DBC = """VERSION ""
BU_: A
BO_ 256 M: 8 A
 SG_ Speed : 0|16@1+ (0.01,0) [0|300] "km/h" A
"""
LOG = "(1000.000000) can0 100#10270000\n(1000.100000) can0 100#20270000\n(1000.200000) can1 7FF#00\n"


class Drive:
    """The recorded drive as `alpenglow decode` decodes it."""

    def __init__(self, data: Path, out: Path) -> None:
        rav4 = data / "rav4"
        dbcs = ("--dbc", f"can0={rav4 / 'toyota.dbc'}", "--dbc", f"can1={rav4 / 'radar.dbc'}")
        self.done = alpenglow("decode", str(rav4 / "drive.log.gz"), *dbcs, "--out", str(out))
        assert (self.done.returncode, self.done.stderr) == (0, "")
        self.table = pq.read_table(out)
        with np.load(rav4 / "reference.npz") as reference:
            self.reference: dict[str, Floats] = dict(reference)

    def samples(self, channel: str, message: str, signal: str) -> tuple[Floats, Floats]:
        """Times [s] and values of one signal, in the order of the log."""
        table = self.table
        wanted = pc.equal(table["message"], message)
        for column, name in (("channel", channel), ("signal", signal)):
            wanted = pc.and_(wanted, pc.equal(table[column], name))
        chosen = table.filter(wanted)
        return chosen["time"].to_numpy(), chosen["value"].to_numpy()


@pytest.fixture(scope="module")
def drive(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Drive:
    return Drive(shared_data, tmp_path_factory.mktemp("decode") / "drive.parquet")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "drive.log").write_text(LOG)
    (tmp_path / "car.dbc").write_text(DBC)
    return tmp_path


def test_one_row_per_sample_with_time_channel_message_signal_and_value(drive: Drive) -> None:
    assert drive.table.column_names == ["time", "channel", "message", "signal", "value"]
    assert f"{drive.table.num_rows:,} samples" in drive.done.stdout
    assert pc.unique(drive.table["channel"]).to_pylist() == ["can0", "can1"]
    assert pa.types.is_float64(drive.table.schema.field("value").type)


@pytest.mark.parametrize("wheel", range(4))
def test_wheel_speeds_equal_the_answer_key(drive: Drive, wheel: int) -> None:
    times, speed_kmh = drive.samples("can0", "WHEEL_SPEEDS", WHEELS[wheel])
    np.testing.assert_allclose(times, drive.reference["wheel_speed_t"], rtol=0, atol=2e-6)
    np.testing.assert_allclose(speed_kmh / 3.6, drive.reference["wheel_speed"][:, wheel], rtol=1e-9, atol=1e-9)


def test_the_steering_angle_equals_the_answer_key(drive: Drive) -> None:
    times, angle = drive.samples("can0", "STEER_ANGLE_SENSOR", "STEER_ANGLE")
    _, fraction = drive.samples("can0", "STEER_ANGLE_SENSOR", "STEER_FRACTION")
    np.testing.assert_allclose(times, drive.reference["steering_angle_t"], rtol=0, atol=2e-6)
    np.testing.assert_allclose(angle + fraction, drive.reference["steering_angle"], rtol=0, atol=1e-9)


def test_radar_tracks_equal_the_answer_key(drive: Drive) -> None:
    rows = []
    for number in range(16):
        track = f"TRACK_A_{number}"
        times, valid = drive.samples("can1", track, "VALID")
        seen = valid == 1
        ahead_m, right_m, speed, new = (
            drive.samples("can1", track, name)[1][seen] for name in ("LONG_DIST", "LAT_DIST", "REL_SPEED", "NEW_TRACK")
        )
        address = np.full(len(new), 0x210 + number)
        rows.append(np.column_stack([times[seen], ahead_m + TO_CAMERA_M, -right_m, speed, address, new]))
    found = np.concatenate(rows)
    wanted = np.column_stack([drive.reference["radar_t"], drive.reference["radar"]])

    def in_order(tracks: Floats) -> Floats:
        return tracks[np.lexsort((tracks[:, 0], tracks[:, 4]))]

    assert found.shape == wanted.shape
    found, wanted = in_order(found), in_order(wanted)
    np.testing.assert_array_equal(found[:, 4], wanted[:, 4])
    np.testing.assert_allclose(found[:, 1:], wanted[:, 1:], rtol=0, atol=1e-9)


def test_a_dbc_without_a_channel_holds_for_every_channel(files: Path) -> None:
    out = files / "x.parquet"
    done = alpenglow("decode", str(files / "drive.log"), "--dbc", str(files / "car.dbc"), "--out", str(out))
    assert done.stdout == f"{out}: 2 samples of 2 frames; 1 frames are in no DBC\n"
    assert pq.read_table(out)["value"].to_pylist() == [100.0, 100.16]


def test_what_is_wrong_with_a_file_is_one_line(files: Path) -> None:
    log, dbc, out = files / "drive.log", files / "car.dbc", files / "x.parquet"
    (files / "bad.dbc").write_text(DBC + ' SG_ Torque : 16|8@1+ (1, [0|1] "" A\n')
    (files / "drive.bin").write_bytes(b"\0")
    (files / "binary.log").write_bytes(bytes(range(256)) * 40)
    (files / "empty.log").write_text("")
    wrong: list[tuple[list[str | Path], str]] = [
        ([files / "no.log", "--dbc", dbc], f"{files / 'no.log'}: No such file or directory"),
        ([files, "--dbc", dbc], f"{files}: is a folder, not a file"),
        ([log, "--dbc", files / "no.dbc"], f"{files / 'no.dbc'}: No such file or directory"),
        ([log, "--dbc", files / "bad.dbc"], f"{files / 'bad.dbc'}:5: "),
        ([files / "drive.bin", "--dbc", dbc], f"{files / 'drive.bin'}: a log's name ends in .log, "),
        ([files / "binary.log", "--dbc", dbc], f"{files / 'binary.log'}:1: not a candump line"),
        ([files / "empty.log", "--dbc", dbc], f"{files / 'empty.log'}: none of its 0 frames is in a DBC"),
        ([log, "--dbc", dbc, "--dbc", dbc], f"{dbc} is already the file for the channels without their own"),
        ([log, "--dbc", f"can0={dbc}", "--dbc", f"can0={dbc}"], f"{dbc} is already the file for channel can0"),
        ([log, "--dbc", f"can7={dbc}"], "its channels: can0, can1; DBCs were given for: can7"),
    ]
    for words, problem in wrong:
        assert problem in refused("decode", *words, "--out", out)


def test_a_place_that_cannot_be_written_is_one_line(files: Path) -> None:
    words = (files / "drive.log", "--dbc", files / "car.dbc", "--out")
    assert refused("decode", *words, "/nowhere/x.parquet").endswith("/x.parquet: there is no folder /nowhere")
    assert refused("decode", *words, "/dev/null") == "cannot write /dev/null: it is a device, not a file"
    assert Path("/dev/null").is_char_device()
    assert refused("decode", *words, files).endswith("it is a folder, not a file")
    assert "cannot write /proc/x.parquet: " in refused("decode", *words, "/proc/x.parquet")


def test_a_disk_that_fills_up_leaves_no_file(files: Path) -> None:
    """The limit on a file's size stands for a full disk, which takes root to make."""
    frames = (f"({1000 + i / 100:.6f}) can0 100#{i:04X}0000\n" for i in range(20_000))
    (files / "drive.log").write_text("".join(frames))
    words = ["decode", str(files / "drive.log"), "--dbc", str(files / "car.dbc"), "--out", str(files / "x.parquet")]
    limit = "import resource, runpy; resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))"
    command = [sys.executable, "-c", f"{limit}; runpy.run_module('alpenglow')", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refusal(done) == f"cannot write {files / 'x.parquet'}: File too large"
    assert sorted(path.name for path in files.iterdir()) == ["car.dbc", "drive.log"]


def test_a_cut_log_gives_what_is_whole_and_says_so(shared_data: Path, tmp_path: Path) -> None:
    rav4, cut, out = shared_data / "rav4", tmp_path / "cut.log.gz", tmp_path / "x.parquet"
    cut.write_bytes((rav4 / "drive.log.gz").read_bytes()[:100_000])
    line = refused("decode", cut, "--dbc", f"can0={rav4 / 'toyota.dbc'}", "--out", out)
    assert line.startswith(f"{cut}: its gzip data ends too early (after line ")
    assert line.endswith(f"; what is whole is in {out}")
    times = pq.read_table(out)["time"].to_numpy()
    assert len(times) > 1000
    assert np.all(np.diff(times) >= 0)


def test_mf4_without_its_package_says_how_to_get_it(files: Path) -> None:
    (files / "drive.mf4").write_bytes(b"MDF     4.10")
    without = "import runpy, sys; sys.modules['asammdf'] = None; runpy.run_module('alpenglow')"
    words = ["decode", str(files / "drive.mf4"), "--dbc", str(files / "car.dbc"), "--out", str(files / "x.parquet")]
    done = subprocess.run([sys.executable, "-c", without, *words], capture_output=True, text=True, check=False)
    assert "drive.mf4: MF4 needs asammdf: pip install 'alpenglow[mdf]'" in refusal(done)


def test_ctrl_c_ends_it_and_leaves_no_half_file(files: Path) -> None:
    """Enough frames for some seconds; interrupted once the first are being written."""
    block = "".join(f"({1000 + i / 100:.6f}) can0 100#{i:04X}0000\n" for i in range(50_000))
    with (files / "drive.log").open("w") as log:
        for _ in range(60):
            log.write(block)
    words = ["decode", str(files / "drive.log"), "--dbc", str(files / "car.dbc"), "--out", str(files / "x.parquet")]
    with subprocess.Popen([sys.executable, "-m", "alpenglow", *words], stderr=subprocess.PIPE, text=True) as decoding:
        while not list(files.glob(".*.part")):
            assert decoding.poll() is None, "it was done before it could be interrupted"
            time.sleep(0.005)
        decoding.send_signal(signal.SIGINT)
        _, errors = decoding.communicate(timeout=60)
    assert (decoding.returncode, errors) == (130, "")
    assert sorted(path.name for path in files.iterdir()) == ["car.dbc", "drive.log"]
