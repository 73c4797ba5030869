"""Memory and processor limits: control groups where this user may make them, else rlimits and nice.

Control groups v1 and v2 (cgroups(7)) give a hard wall for memory and a share of a busy processor. Without them,
RLIMIT_DATA stops a runaway allocation at a distance (it counts reserved thread stacks too, hence the factor), the
supervisor compares the resident memory once a second, and nice values order the processes on a busy processor.

The processes' groups stand side by side with everything else on the computer. A group around the whole stack would
lend its weight to whichever process spins, against the browser that shows the cluster.
"""

import contextlib
import os
from pathlib import Path
from typing import Protocol

from .child import Bounds
from .processes import Process

MEBIBYTE = 1 << 20
_DATA_FACTOR = 2  # RLIMIT_DATA over the memory limit; our processes reserve 1.5 times what they touch
_V1_SHARES = 1024 / 100  # cpu.shares of v1 for one unit of v2's cpu.weight


class Limits(Protocol):
    """Makes a place for each process. `kind` is said to people."""

    kind: str
    hard: bool  # the kernel enforces the memory limit; otherwise the supervisor compares

    def bounds(self, process: Process) -> Bounds:
        """What the child applies to itself before it starts."""

    def ran_out_of_memory(self, process: Process) -> int:
        """How often the kernel killed in this process's place for lack of memory."""

    def close(self) -> None:
        """Take the places away; nothing runs in them any more."""


def _oom_score(process: Process) -> int:
    return 0 if process.critical else 500


class Rlimits:
    kind = "rlimits and nice (no control group may be made here)"
    hard = False

    def bounds(self, process: Process) -> Bounds:
        return Bounds(
            data_bytes=process.memory_mb * MEBIBYTE * _DATA_FACTOR,
            nice=process.nice,
            oom_score=_oom_score(process),
        )

    def ran_out_of_memory(self, process: Process) -> int:
        return 0

    def close(self) -> None:
        return


class CgroupsV1:
    """Places below this process's own groups in the `memory` and `cpu` hierarchies."""

    hard = True

    def __init__(self, name: str, roots: dict[str, Path]) -> None:
        """Raises OSError when the groups cannot be made."""
        self._name, self._roots = name, roots
        self._made: list[Path] = []
        self.kind = f"cgroup v1 ({', '.join(sorted(roots))})"
        for root in roots.values():  # to know now whether it may be done
            probe = root / f"{name}-probe"
            probe.mkdir(exist_ok=True)
            probe.rmdir()

    def bounds(self, process: Process) -> Bounds:
        procs = []
        for controller, root in self._roots.items():
            place = root / f"{self._name}-{process.name}"
            self._make(place)
            if controller == "memory":
                _set_limit(place / "memory.limit_in_bytes", process.memory_mb * MEBIBYTE)
            else:
                (place / "cpu.shares").write_text(str(round(process.cpu_weight * _V1_SHARES)))
            procs.append(str(place / "cgroup.procs"))
        nice = 0 if "cpu" in self._roots else process.nice
        return Bounds(cgroup_procs=tuple(procs), nice=nice, oom_score=_oom_score(process))

    def ran_out_of_memory(self, process: Process) -> int:
        place = self._roots["memory"] / f"{self._name}-{process.name}"
        return _count(place / "memory.oom_control", "oom_kill")

    def close(self) -> None:
        _remove(self._made)

    def _make(self, place: Path) -> None:
        if place not in self._made:
            place.mkdir(exist_ok=True)
            self._made.append(place)


class CgroupsV2:
    """Places below this process's own group, which must be writable (root's, or delegated by systemd).

    A group that hands controllers down may hold no process itself, so the supervisor moves into a place of its own.
    """

    hard = True
    kind = "cgroup v2"

    def __init__(self, name: str, own: Path) -> None:
        """Raises OSError when the groups cannot be made or the controllers are not handed down."""
        self._name, self._own = name, own
        self._made: list[Path] = []
        self._moved = own != own.parent and (own / "cgroup.type").exists()  # the root group may hold processes
        try:
            if self._moved:
                self._make(own / "supervisor")
                (own / "supervisor" / "cgroup.procs").write_text("0")
            (own / "cgroup.subtree_control").write_text("+memory +cpu")
        except OSError:
            self.close()
            raise

    def bounds(self, process: Process) -> Bounds:
        place = self._own / f"{self._name}-{process.name}"
        self._make(place)
        (place / "memory.max").write_text(str(process.memory_mb * MEBIBYTE))
        with contextlib.suppress(OSError):  # no swap accounting
            (place / "memory.swap.max").write_text("0")
        with contextlib.suppress(OSError):
            (place / "memory.oom.group").write_text("1")
        (place / "cpu.weight").write_text(str(process.cpu_weight))
        return Bounds(cgroup_procs=(str(place / "cgroup.procs"),), oom_score=_oom_score(process))

    def ran_out_of_memory(self, process: Process) -> int:
        return _count(self._own / f"{self._name}-{process.name}" / "memory.events", "oom_kill")

    def close(self) -> None:
        if self._moved:
            with contextlib.suppress(OSError):
                (self._own / "cgroup.subtree_control").write_text("-memory -cpu")
            with contextlib.suppress(OSError):
                (self._own / "cgroup.procs").write_text("0")
        _remove(self._made)

    def _make(self, place: Path) -> None:
        if place not in self._made:
            place.mkdir(exist_ok=True)
            self._made.append(place)


def choose(name: str) -> Limits:
    """The strictest limits that this user may set on this computer, in groups called `name`."""
    with contextlib.suppress(OSError):
        unified, roots = _own_groups()
        if unified is not None and {"memory", "cpu"} <= set(_words(unified / "cgroup.controllers")):
            with contextlib.suppress(OSError):
                return CgroupsV2(name, unified)
        if "memory" in roots:
            with contextlib.suppress(OSError):
                return CgroupsV1(name, roots)
    return Rlimits()


def _own_groups() -> tuple[Path | None, dict[str, Path]]:
    """This process's group in the v2 hierarchy, and in v1's memory and cpu hierarchies, as far as mounted."""
    mounts: dict[str, Path] = {}
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        kind, _, options = after.split(" ", 2)
        point = Path(before.split(" ")[4])
        if kind == "cgroup2":
            mounts.setdefault("", point)
        elif kind == "cgroup":
            for option in options.split(","):
                if option in ("memory", "cpu"):
                    mounts.setdefault(option, point)
    unified, roots = None, {}
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            if controller in mounts:
                group = mounts[controller] / path.lstrip("/")
                if not group.exists():  # a cgroup namespace shows the path of the outside
                    group = mounts[controller]
                if controller:
                    roots[controller] = group
                else:
                    unified = group
    return unified, roots


def _words(path: Path) -> list[str]:
    try:
        return path.read_text().split()
    except OSError:
        return []


def _set_limit(path: Path, limit_bytes: int) -> None:
    try:
        path.write_text(str(limit_bytes))
    except OSError:  # v1 refuses a limit below what a former process's caches still hold; free them and try again
        with contextlib.suppress(OSError):
            (path.parent / "memory.force_empty").write_text("0")
        path.write_text(str(limit_bytes))


def _count(path: Path, key: str) -> int:
    with contextlib.suppress(OSError, ValueError):
        for line in path.read_text().splitlines():
            name, _, value = line.partition(" ")
            if name == key:
                return int(value)
    return 0


def _remove(places: list[Path]) -> None:
    for place in reversed(places):
        with contextlib.suppress(OSError):
            os.rmdir(place)  # noqa: PTH106
    places.clear()
