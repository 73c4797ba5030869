"""A real drive on the car's screens: what the recorder beside it takes is the answer key, sample by sample."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.running import Stack

from .conftest import SPEED, ClusterWatch

pytestmark = pytest.mark.slow

type Floats = npt.NDArray[np.float64]

PLAY_SPEED = 10
DRIVE_S = 60 / PLAY_SPEED
WHEELS = [f"Vehicle.Chassis.Axle.Row{row}.Wheel.{side}.Speed" for row in (1, 2) for side in ("Left", "Right")]
KMH_IN_M_S = 3.6
VALID = 0


@dataclass
class Trace:
    """One signal as it was recorded, in the order in which it came."""

    times_s: Floats
    values: Floats

    def whole_drive(self, samples: int) -> "Trace":
        """The first pass that is whole: from where the log begins again, as far as the log goes."""
        again = np.flatnonzero(np.diff(self.times_s) < 0) + 1
        assert len(again) >= 1, "the log has not begun again while it was recorded"
        first = int(again[0])
        return Trace(self.times_s[first : first + samples], self.values[first : first + samples])


@dataclass
class Drive:
    """What the recorder wrote, what the cluster was sent meanwhile, and the answer key."""

    traces: dict[str, Trace]
    said: str  # by the recorder
    cluster_kmh: list[float]
    reference: dict[str, Floats]


@pytest.fixture(scope="module")
def drive(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Drive:
    """The log is played again and again; recorded is a little more than two passes, so that one of them is whole."""
    folder, rav4 = tmp_path_factory.mktemp("recorded-drive"), shared_data / "rav4"
    out = folder / "drive.parquet"
    replay = (sys.executable, "-m", "alpenglow", "replay", "--headless", str(rav4 / "drive.log.gz"))
    words = ("--line", "rav4", "--dbc", f"can0={rav4 / 'toyota.dbc'}", "--speed", str(PLAY_SPEED), "--repeat")
    with Stack(folder, *words, command=replay) as stack, ClusterWatch(stack.websocket_url("cluster")) as cluster:
        seconds = 2 * DRIVE_S + 3
        record = ("signals", "record", SPEED, *WHEELS, "--out", str(out), "--seconds", str(seconds))
        done = stack.run(*record, timeout_s=seconds + 30)
        assert (done.returncode, done.stderr) == (0, "")
        assert cluster.failure is None
        assert stack.stop() == 0  # Ctrl-C
    table = pq.read_table(out)
    assert pc.unique(table["quality"]).to_pylist() == ["VALID"]
    traces = {}
    for path in (SPEED, *WHEELS):
        rows = table.filter(pc.equal(table["signal"], path))
        traces[path] = Trace(rows["time"].to_numpy(), rows["value"].to_numpy())
    with np.load(rav4 / "reference.npz") as reference:
        shown = [kmh for _, kmh, quality, _ in cluster.readings if quality == VALID and kmh is not None]
        return Drive(traces, done.stdout, shown, dict(reference))


def equals_the_key(trace: Trace, times_s: Floats, speed_m_s: Floats) -> None:
    """Every sample of the key, in its order, and no other."""
    whole = trace.whole_drive(len(times_s))
    np.testing.assert_allclose(whole.times_s, times_s, rtol=0, atol=2e-6)  # the log's clock, in microseconds
    np.testing.assert_allclose(whole.values / KMH_IN_M_S, speed_m_s, rtol=1e-9, atol=1e-9)


def test_the_recorded_speed_is_the_answer_key_without_a_missing_sample(drive: Drive) -> None:
    equals_the_key(drive.traces[SPEED], drive.reference["speed_t"], drive.reference["speed"][:, 0])


@pytest.mark.parametrize("wheel", range(4))
def test_the_recorded_wheel_speeds_are_the_answer_key(drive: Drive, wheel: int) -> None:
    key = drive.reference["wheel_speed"][:, wheel]
    equals_the_key(drive.traces[WHEELS[wheel]], drive.reference["wheel_speed_t"], key)


def test_the_recorder_says_whether_it_missed_anything(drive: Drive) -> None:
    """A machine with too much to do drops batches rather than holding up the car; then the recording says so."""
    key = drive.reference["speed_t"]
    at = np.searchsorted(key, drive.traces[SPEED].times_s - 2e-6)
    whole = bool(np.all(np.diff(at) % len(key) == 1))
    assert " samples" in drive.said
    assert whole or "missed" in drive.said


def test_the_cluster_shows_the_drives_speed_meanwhile(drive: Drive) -> None:
    in_the_log = drive.reference["speed"][:, 0] * KMH_IN_M_S
    assert len(drive.cluster_kmh) > 100
    nearest = [float(np.abs(in_the_log - kmh).min()) for kmh in drive.cluster_kmh]
    assert max(nearest) < 1e-6
    low, high = in_the_log.min(), in_the_log.max()
    assert max(drive.cluster_kmh) - min(drive.cluster_kmh) > 0.8 * (high - low)  # it saw the drive, not one moment


def test_a_replay_ends_by_itself_and_with_it_who_records(shared_data: Path, tmp_path: Path) -> None:
    """Started the moment the car is there, the recorder has all from then on, up to the log's last frame."""
    rav4, out = shared_data / "rav4", tmp_path / "drive.jsonl"
    replay = (sys.executable, "-m", "alpenglow", "replay", "--headless", str(rav4 / "drive.log.gz"))
    words = ("--line", "rav4", "--dbc", f"can0={rav4 / 'toyota.dbc'}", "--speed", str(PLAY_SPEED))
    with Stack(tmp_path, *words, command=replay) as stack:
        done = stack.run("signals", "record", SPEED, "--out", str(out), timeout_s=60)
        assert stack.process.wait(20) == 0
    assert (done.returncode, done.stderr) == (0, "")
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    with np.load(rav4 / "reference.npz") as reference:
        times_s, speed_m_s = reference["speed_t"], reference["speed"][:, 0]
    valid = [row for row in rows if row["quality"] == "VALID"]
    first = int(np.argmin(np.abs(times_s - valid[0]["time"])))
    np.testing.assert_allclose([row["time"] for row in valid], times_s[first:], rtol=0, atol=2e-6)
    np.testing.assert_allclose([row["value"] / KMH_IN_M_S for row in valid], speed_m_s[first:], rtol=1e-9, atol=1e-9)
