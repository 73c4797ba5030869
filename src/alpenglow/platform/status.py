"""`status.json` in the run directory: what the supervisor knows, written when it changes and once a second."""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from .directories import running_pid, write_private
from .supervisor import Domain, Supervisor
from .usage import Meter

NAME = "status.json"
_LATE_S = 5.0


class ProcessStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One process. Memory is PSS in 10^6 bytes; CPU is of one processor; the heartbeat's age counts up to `alive_s`."""

    name: str
    state: str
    pid: int | None = None
    restarts: int = 0
    up_s: float | None = None
    cpu_percent: float | None = None
    memory_mb: float | None = None
    heartbeat_age_s: float | None = None
    alive_s: float | None = None
    last_exit: str = ""
    status: str = ""


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """The stack. `written` is Unix time [s]; `stale` says that the supervisor has not written for a while."""

    pid: int
    line: str
    platform: str
    computer: str
    url: str
    pages: Mapping[str, str]
    limits: str
    log: str
    run_dir: str
    written: float
    memory_mb: float
    processes: tuple[ProcessStatus, ...]
    stale: bool = False


class StatusFile:
    """Writes the status of a supervisor; `facts` are what does not change (line, platform, pages, ...)."""

    def __init__(self, run_dir: Path, facts: Mapping[str, Any]) -> None:
        self._path = run_dir / NAME
        self._facts = facts
        self._meters: dict[int, Meter] = {}

    def write(self, supervisor: Supervisor) -> None:
        """Replace the file. A full disk is not worth stopping for."""
        processes = tuple(self._process(domain) for domain in supervisor.domains.values())
        own = self._meter(os.getpid())
        pids = {process.pid for process in processes} | {os.getpid()}
        self._meters = {pid: meter for pid, meter in self._meters.items() if pid in pids}
        total = own.memory_mb + sum(process.memory_mb or 0.0 for process in processes)
        status = Status(
            pid=os.getpid(), written=time.time(), memory_mb=round(total, 1), processes=processes, **self._facts
        )
        try:
            write_private(self._path, msgspec.json.encode(status))
        except OSError:
            return

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)

    def _meter(self, pid: int) -> Meter:
        meter = self._meters.setdefault(pid, Meter(pid))
        meter.update()
        return meter

    def _process(self, domain: Domain) -> ProcessStatus:
        row, now = domain.process, time.monotonic()
        facts: dict[str, Any] = {}
        if domain.child is not None:
            meter = self._meter(domain.child.pid)
            facts = {
                "pid": domain.child.pid,
                "up_s": round(now - domain.since, 1),
                "cpu_percent": meter.cpu_percent,
                "memory_mb": meter.memory_mb,
                "heartbeat_age_s": None if domain.heard is None else round(now - domain.heard, 2),
            }
        return ProcessStatus(
            name=row.name,
            state=domain.state,
            restarts=domain.restarts,
            alive_s=row.alive_s,
            last_exit=domain.last_exit,
            status=domain.status,
            **facts,
        )


def read_status(run_dir: Path) -> Status | None:
    """The status of the stack that runs in `run_dir`, or None when none does."""
    if running_pid(run_dir) is None:
        return None
    try:
        status = msgspec.json.decode((run_dir / NAME).read_bytes(), type=Status)
    except (OSError, msgspec.DecodeError):
        return None
    return msgspec.structs.replace(status, stale=time.time() - status.written > _LATE_S)
