"""Making a map: Andorra with elevation, from the extract to drivable, searchable and visible, as people do it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks.table import Row, at_most

_LOOK_S = 0.02
_RUNS = 3


def run() -> list[Row]:
    """Build it three times; the median time, the largest memory of everything that runs meanwhile."""
    maps = Path(os.environ.get("ALPENGLOW_SHARED", Path(__file__).parent.parent.parent / "shared")) / "data" / "maps"
    extract = maps / "andorra.osm.pbf"
    if not extract.is_file():
        print(f"  left out: no {extract}", file=sys.stderr)
        return []
    folder = Path(tempfile.mkdtemp(prefix="alpenglow-maps-"))
    try:
        runs = [_build(extract, maps, folder) for _ in range(_RUNS)]
        about = json.loads((folder / "maps" / "andorra" / "region.json").read_text())
    finally:
        shutil.rmtree(folder)
    seconds, processor, memory = (sorted(one[at] for one in runs) for at in range(3))
    size_mb = sum(about["files"].values()) / 2**20
    return [
        at_most(
            "map of Andorra from its extract",
            seconds[_RUNS // 2],
            15,
            "s",
            f"{processor[_RUNS // 2]:.0f} s of processors",
        ),
        at_most("… most memory, with all programs", memory[-1], 1024, "MB"),
        Row("… on the disk", size_mb, "MB", note=f"{about['roads_km']:.0f} km of roads, {about['places']} places"),
    ]


def _build(extract: Path, maps: Path, state: Path) -> tuple[float, float, float]:
    """Seconds, processor seconds, most memory (MB, shared pages counted once)."""
    before = os.times()
    begun = time.monotonic()
    command = [sys.executable, "-m", "alpenglow", "map", "add", extract, "--hgt", maps, "--state-dir", state, "--quiet"]
    running = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL)
    most = 0
    while running.poll() is None:
        most = max(most, _memory(running.pid))
        time.sleep(_LOOK_S)
    if running.returncode != 0:
        raise RuntimeError("the map could not be made")
    after = os.times()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - begun, processor, most / 2**20


def _memory(pid: int) -> int:
    total = 0
    try:
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            total += process.memory_full_info().pss
    except psutil.Error:  # one of them has just ended
        return 0
    return total
