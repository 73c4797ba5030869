"""How much memory this process may still take: the machine's, its control groups' (v1 and v2) and its own limits."""

import resource
from collections.abc import Iterator
from pathlib import Path

import msgspec

from alpenglow.assistant.models.problems import NotEnoughMemory

_MEBIBYTE = 1 << 20
_UNLIMITED = 1 << 60  # v1 writes a huge number for none


class Room(msgspec.Struct, frozen=True, kw_only=True):
    free_mb: int
    bound_by: str  # said to people


def room(root: Path = Path("/")) -> Room:
    """The tightest bound. `root`: where /proc and /sys are looked for."""
    return min(_bounds(root), key=lambda bound: bound.free_mb)


def require(memory_mb: int, what: str, available: Room) -> None:
    """Raises NotEnoughMemory where `what` does not fit."""
    if available.free_mb < memory_mb:
        raise NotEnoughMemory(
            f"{what}: needs {memory_mb:,} MB of memory and {available.bound_by} leaves {available.free_mb:,} MB; "
            "close something, raise the limit, or use a smaller model"
        )


def _bounds(root: Path) -> Iterator[Room]:
    machine = _table(root / "proc/meminfo")
    yield Room(free_mb=machine.get("MemAvailable", _UNLIMITED) // 1024, bound_by="the machine")
    yield from _groups(root)
    used = _table(root / "proc/self/status")
    for limit, key, name in (
        (resource.RLIMIT_AS, "VmSize", "the process's limit of address space"),
        (resource.RLIMIT_DATA, "VmData", "the process's limit of data"),
    ):
        soft, _ = resource.getrlimit(limit)
        if soft != resource.RLIM_INFINITY:
            yield Room(free_mb=max(0, soft // _MEBIBYTE - used.get(key, 0) // 1024), bound_by=name)


def _table(file: Path) -> dict[str, int]:
    """The lines `Name: number kB`. Elsewhere than on Linux there are none."""
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return {}
    rows = (line.split() for line in lines if line.endswith(" kB"))
    return {row[0].rstrip(":"): int(row[1]) for row in rows}


def _groups(root: Path) -> Iterator[Room]:
    """A group's limit binds those below it, so all up to the top are asked."""
    try:
        entries = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for entry in entries:
        _, _, rest = entry.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers == "":
            top, limit, used = root / "sys/fs/cgroup", "memory.max", "memory.current"
        elif "memory" in controllers.split(","):
            top, limit, used = root / "sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes"
        else:
            continue
        inside = [part for part in path.split("/") if part not in ("", "..")]
        for depth in range(len(inside), -1, -1):
            group = top.joinpath(*inside[:depth])
            most, taken = _number(group / limit), _number(group / used)
            if most is not None and taken is not None and most < _UNLIMITED:
                free = most - taken + _reclaimable(group)
                yield Room(free_mb=max(0, free // _MEBIBYTE), bound_by="its control group")


def _number(file: Path) -> int | None:
    try:
        text = file.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None


def _reclaimable(group: Path) -> int:
    """Bytes of the page cache that the kernel gives back when they are needed."""
    try:
        lines = (group / "memory.stat").read_text().splitlines()
    except OSError:
        return 0
    stat = dict(line.split(maxsplit=1) for line in lines if " " in line)
    value = stat.get("total_inactive_file", stat.get("inactive_file", "0"))
    return int(value) if value.isdigit() else 0
