"""Processor time and memory of a process, read from /proc (proc(5)) without a library, as the supervisor is small."""

import contextlib
import os
import time
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_MEMORY_EVERY_S = 5.0  # walking the page tables for PSS costs about a millisecond


def resident_bytes(pid: int) -> int:
    """Resident memory of a process; 0 when it is gone."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES
    return 0


def proportional_bytes(pid: int) -> int:
    """Memory of a process with shared pages split among their users (PSS); resident where the kernel hides that."""
    with contextlib.suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return resident_bytes(pid)


def processor_s(pid: int) -> float:
    """Processor time used since the start of a process [s]; 0 when it is gone."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S  # utime, stime
    return 0.0


class Meter:
    """Processor share and memory of one process over time."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.cpu_percent = 0.0  # of one processor
        self.memory_mb = 0.0
        self._at = time.monotonic()
        self._used_s = processor_s(pid)
        self._memory_at = self._at - _MEMORY_EVERY_S + 1.0  # not before it has loaded its program

    def update(self) -> None:
        now = time.monotonic()
        if now - self._at >= 0.5:  # shorter spans only measure the clock's grain
            used_s = processor_s(self.pid)
            self.cpu_percent = round(100 * (used_s - self._used_s) / (now - self._at), 1)
            self._at, self._used_s = now, used_s
        if now - self._memory_at >= _MEMORY_EVERY_S:
            self.memory_mb = round(proportional_bytes(self.pid) / 1e6, 1)
            self._memory_at = now
