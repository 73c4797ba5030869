"""A model is loaded only where it fits into what the machine, the control group and the process's limits leave."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from alpenglow.assistant.models.memory import Room, require, room
from alpenglow.assistant.models.problems import NotEnoughMemory

MB = 1 << 20


def _machine(root: Path, *, cgroup: str = "", **files: int | str) -> Path:
    """A /proc and /sys of our own: control groups cannot be made everywhere."""
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/meminfo").write_text("MemTotal:  8000000 kB\nMemAvailable:  4096000 kB\nHugePages_Total:  0\n")
    (root / "proc/self/cgroup").write_text(cgroup)
    for name, value in files.items():
        path = root / "sys/fs/cgroup" / name.replace("__", "/").replace("_DOT_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{value}\n")
    return root


def test_without_limits_the_machine_is_the_bound(tmp_path: Path) -> None:
    assert room(_machine(tmp_path)) == Room(free_mb=4000, bound_by="the machine")


def test_a_v2_group_is_a_bound_and_gives_its_page_cache_back(tmp_path: Path) -> None:
    root = _machine(
        tmp_path, cgroup="0::/car/assistant\n",
        car__assistant__memory_DOT_max="max", car__assistant__memory_DOT_current=5 * MB,
        car__memory_DOT_max=900 * MB, car__memory_DOT_current=500 * MB,
        car__memory_DOT_stat=f"anon 1\ninactive_file {100 * MB}",
    )  # fmt: skip
    assert room(root) == Room(free_mb=500, bound_by="its control group")


def test_a_v1_group_is_a_bound(tmp_path: Path) -> None:
    root = _machine(
        tmp_path, cgroup="3:cpu,cpuacct:/\n2:memory:/car\n1:name=systemd:/\n0::/\n",
        memory__car__memory_DOT_limit_in_bytes=700 * MB, memory__car__memory_DOT_usage_in_bytes=300 * MB,
        memory__memory_DOT_limit_in_bytes=9223372036854771712, memory__memory_DOT_usage_in_bytes=1,
    )  # fmt: skip
    assert room(root).free_mb == 400


def test_this_machine_can_be_asked() -> None:
    assert 0 < room().free_mb < 1 << 24


@pytest.mark.parametrize("limit", ["RLIMIT_AS", "RLIMIT_DATA"])
def test_the_process_s_own_limit_is_a_bound(limit: str) -> None:
    assert hasattr(resource, limit)
    script = (
        f"import resource; resource.setrlimit(resource.{limit}, (600 << 20, 600 << 20))\n"
        "from alpenglow.assistant.models.memory import room\n"
        "print(room().free_mb, room().bound_by)"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    free_mb, _, bound_by = said.partition(" ")
    assert 0 < int(free_mb) < 600
    assert bound_by.startswith("the process's limit")


def test_what_does_not_fit_is_refused_with_the_reason() -> None:
    little = Room(free_mb=300, bound_by="its control group")
    require(300, "small", little)
    with pytest.raises(NotEnoughMemory, match="small: needs 301 MB of memory and its control group leaves 300 MB"):
        require(301, "small", little)
