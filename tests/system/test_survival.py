"""The car drives, and one process after another is killed, stopped, starved and set to flood the rest.

The cluster is watched over the same WebSocket as its page. A speed older than its age limit of 0.2 s would come as
stale, so "live all the time" is: every reading is valid, and there is a message at least every 0.2 s.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Stack

from .conftest import ClusterWatch

VALID, STALE = 0, 1
VICTIMS = ["cockpit", "desk"]
FAULTS = {
    "killed": signal.SIGKILL,
    "stopped": signal.SIGSTOP,
    "starving": signal.SIGUSR1,
    "flooding": signal.SIGUSR2,
}
GAP_S = 0.2
LOST_M = 60  # in a second and a half at 140 km/h
AGE_LIMIT_S = 0.2  # of the speed, in lines/aurora/overlay.tsv
WATCHED_S = 4.0


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    command = (sys.executable, "-m", "tests.system.drive_victims", "--headless", "--option", "demo=drive", "-v")
    with Stack(tmp_path_factory.mktemp("survival"), command=command) as stack:
        yield stack


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("victim", VICTIMS)
def test_the_cluster_stays_live_while_another_process_is(fault: str, victim: str, stack: Stack) -> None:
    with ClusterWatch(stack.websocket_url("cluster")) as cluster:
        cluster.until_live()
        pid = stack.pid(victim)
        began = time.time()
        os.kill(pid, FAULTS[fault])
        if fault == "flooding":
            time.sleep(WATCHED_S)
            os.kill(pid, signal.SIGKILL)
        stack.until_back(victim, pid)
        time.sleep(max(0.5, began + WATCHED_S - time.time()))
        assert cluster.failure is None
        assert cluster.qualities_since(began) == {VALID}
        assert cluster.longest_silence_s(began) <= GAP_S


def test_the_flood_was_one(stack: Stack) -> None:
    """A flood below 100,000 messages a second would prove little."""
    log = (stack.run_dir / "alpenglow.log").read_text()
    lines = [line for line in log.splitlines() if '"flood"' in line]
    assert len(lines) >= len(VICTIMS) * WATCHED_S * 0.5


def test_without_the_vehicle_the_cluster_shows_stale_in_time_and_recovers(stack: Stack) -> None:
    with ClusterWatch(stack.websocket_url("cluster")) as cluster:
        cluster.until_live()
        pid = stack.pid("vehicle")
        os.kill(pid, signal.SIGKILL)
        killed = time.time()
        stack.until_back("vehicle", pid)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            after = [reading for reading in cluster.readings if reading[0] > killed]
            if any(quality == STALE for _, _, quality, _ in after) and after[-1][2] == VALID:
                break
            time.sleep(0.02)
        shown_after = next(at for at, _, quality, _ in after if quality == STALE) - killed
        assert shown_after <= AGE_LIMIT_S + 0.1
        assert after[-1][2] == VALID
        assert cluster.failure is None  # the same connection: the page was not loaded again


def test_the_car_goes_on_where_it_was_when_the_vehicle_process_comes_back(stack: Stack) -> None:
    before = stack.run("signals", "get", "Vehicle.TraveledDistance", "--json").stdout
    with ClusterWatch(stack.websocket_url("cluster")) as cluster:
        cluster.until_live()
        speed = cluster.readings[-1][1]
        assert speed is not None
        pid = stack.pid("vehicle")
        os.kill(pid, signal.SIGKILL)
        began = time.time()
        stack.until_back("vehicle", pid)
        cluster.until_live()
        first = next(v for at, v, quality, _ in cluster.readings if at > began + AGE_LIMIT_S and quality == VALID)
        assert first is not None
        assert abs(first - speed) < 25  # km/h; it drove on meanwhile, and it did not start from zero
    after = stack.run("signals", "get", "Vehicle.TraveledDistance", "--json").stdout
    odometer = [json.loads(text)["Vehicle.TraveledDistance"]["value"] for text in (before, after)]
    # The car's state is written once a second, and it may stop where the drive asks it to: at most the way of that
    # second is lost, and nothing begins anew.
    assert odometer[1] > odometer[0] - LOST_M


def test_ctrl_c_leaves_nothing(stack: Stack) -> None:
    pids = [p["pid"] for p in stack.status().values() if p["pid"] is not None]
    assert len(pids) >= 4
    assert stack.stop() == 0
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    assert stack.run("status").returncode == 3
