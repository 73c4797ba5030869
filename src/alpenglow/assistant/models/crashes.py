"""Notices that the process died in a model's native code, and stops using a model that keeps doing it.

While native code runs, a marker file lies in the store. A marker whose process is gone is a crash, unless the machine
has been started since: then the power went, and the model is not to blame. After as many crashes as `PATIENCE`, with
no stretch of good work between them, the model is not run until somebody says so.
"""

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from alpenglow.assistant.models import durable
from alpenglow.assistant.models.problems import KeepsCrashing

PATIENCE = 2
_GOOD_RUNS = 20  # that clear the name of a model


class _Marker(msgspec.Struct, frozen=True):
    boot: str
    pid: int
    born: str  # when the process was started, since numbers are used again
    doing: str


class _Crashes(msgspec.Struct, frozen=True):
    in_a_row: int
    doing: str


class CrashGuard:
    """One per model and process. `folder` is the store's."""

    def __init__(self, folder: Path, model_id: str) -> None:
        """Counts the markers of processes that died. OSError."""
        self._id = model_id
        self._count = folder / f".{model_id}.crashes.json"
        self._marker = folder / f".{model_id}.{os.getpid()}.running"
        self._me = _Marker(_boot(), os.getpid(), _born(os.getpid()), "")
        self._good = 0
        for marker in folder.glob(f".{model_id}.*.running"):
            self._look_at(marker)

    @property
    def in_a_row(self) -> int:
        """How many times the process died in this model, lately."""
        return self._crashes().in_a_row

    @property
    def may_run(self) -> bool:
        return self.in_a_row < PATIENCE

    def require(self) -> None:
        """Raises KeepsCrashing for a model that may not run."""
        crashes = self._crashes()
        if not self.may_run:
            raise KeepsCrashing(
                f"{self._id}: the process died {crashes.in_a_row} times in a row while {crashes.doing}; "
                f"`alpenglow models add {self._id} --again` lets it try once more"
            )

    def forgive(self) -> None:
        """Let it run again. OSError."""
        self._count.unlink(missing_ok=True)

    @contextmanager
    def running(self, doing: str) -> Iterator[None]:
        """Native code runs inside. OSError."""
        me = msgspec.structs.replace(self._me, doing=doing)
        self._marker.write_bytes(msgspec.json.encode(me))  # outlives the process; need not outlive a power cut
        try:
            yield
        finally:
            self._marker.unlink(missing_ok=True)
        self._good += 1
        if self._good == _GOOD_RUNS:
            self.forgive()

    def stand_down(self) -> None:
        """The process is asked to leave: being killed from here on is no crash. OSError."""
        self._marker.unlink(missing_ok=True)

    def _look_at(self, path: Path) -> None:
        try:
            marker = msgspec.json.decode(path.read_bytes(), type=_Marker)
        except FileNotFoundError:
            return
        except msgspec.DecodeError:
            marker = _Marker(self._me.boot, 0, "", "starting")
        if marker.boot == self._me.boot:
            if marker.pid and _born(marker.pid) == marker.born:
                return  # it lives
            crashes = _Crashes(self.in_a_row + 1, marker.doing)
            durable.write(self._count, msgspec.json.encode(crashes))
        path.unlink(missing_ok=True)

    def _crashes(self) -> _Crashes:
        with contextlib.suppress(OSError, msgspec.DecodeError):
            return msgspec.json.decode(self._count.read_bytes(), type=_Crashes)
        return _Crashes(0, "")


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _born(pid: int) -> str:
    """When a process was started, in the kernel's ticks (proc(5), field 22); "" for none that lives."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]
