"""Control groups of either kind get the table's figures; without them the child's own limits do."""

from pathlib import Path

from alpenglow.platform.limits import CgroupsV2, Limits, Rlimits

from .conftest import row


def test_a_group_of_this_computer_holds_the_limits_and_goes_away(hard_limits: Limits) -> None:
    bounds = hard_limits.bounds(row("cockpit", memory_mb=128, cpu_weight=100))
    places = [Path(procs).parent for procs in bounds.cgroup_procs]
    assert places
    limits = [
        int((place / name).read_text())
        for place in places
        for name in ("memory.limit_in_bytes", "memory.max")
        if (place / name).exists()
    ]
    assert limits == [128 << 20]
    hard_limits.close()
    assert not any(place.exists() for place in places)


def test_cgroup_v2_gets_its_limits(tmp_path: Path) -> None:
    """A folder stands for the cgroup v2 file system, which cannot be had on every machine that runs the tests."""
    (tmp_path / "cgroup.type").touch()
    limits = CgroupsV2("alpenglow", tmp_path)
    bounds = limits.bounds(row("cockpit", memory_mb=128, cpu_weight=70, nice=5))
    place = tmp_path / "alpenglow-cockpit"
    assert (tmp_path / "cgroup.subtree_control").read_text() == "+memory +cpu"
    assert (tmp_path / "supervisor" / "cgroup.procs").read_text() == "0"
    assert (place / "memory.max").read_text() == str(128 << 20)
    assert (place / "cpu.weight").read_text() == "70"
    assert bounds.cgroup_procs == (str(place / "cgroup.procs"),)
    assert bounds.nice == 0
    (place / "memory.events").write_text("low 0\noom 3\noom_kill 2\n")
    assert limits.ran_out_of_memory(row("cockpit")) == 2


def test_without_control_groups_the_child_limits_itself() -> None:
    bounds = Rlimits().bounds(row("cockpit", memory_mb=100, nice=5))
    assert bounds.data_bytes is not None
    assert bounds.data_bytes >= 100 << 20
    assert bounds.nice == 5
    assert bounds.oom_score > Rlimits().bounds(row("safety", critical=True)).oom_score
