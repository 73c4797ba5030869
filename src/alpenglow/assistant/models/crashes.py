"""Remembers how often a model's process has crashed, and stops using a model that keeps doing it.

After as many crashes as `PATIENCE`, with no stretch of good work between them, the model is not run until somebody says
so. The count is on disk, so that a car that is started again does not begin anew.
"""

import contextlib
from pathlib import Path

import msgspec

from alpenglow.assistant.models.problems import KeepsCrashing
from alpenglow.fabric import durable

PATIENCE = 2
_GOOD_RUNS = 20  # that clear the name of a model


class _Crashes(msgspec.Struct, frozen=True):
    in_a_row: int
    doing: str


class CrashGuard:
    """One per model and process. `folder` is the store's."""

    def __init__(self, folder: Path, model_id: str) -> None:
        self._id = model_id
        self._count = folder / f".{model_id}.crashes.json"
        self._good = 0

    @property
    def in_a_row(self) -> int:
        """How many times this model's process crashed, lately."""
        return self._crashes().in_a_row

    @property
    def may_run(self) -> bool:
        return self.in_a_row < PATIENCE

    def require(self) -> None:
        """Raises KeepsCrashing for a model that may not run."""
        crashes = self._crashes()
        if not self.may_run:
            raise KeepsCrashing(
                f"{self._id}: its process died {crashes.in_a_row} times in a row while {crashes.doing}; "
                f"`alpenglow models add {self._id} --again` lets it try once more"
            )

    def forgive(self) -> None:
        """Let it run again. OSError."""
        self._count.unlink(missing_ok=True)

    def crashed(self, doing: str) -> None:
        """Count a crash. OSError."""
        self._good = 0
        durable.write(self._count, msgspec.json.encode(_Crashes(self.in_a_row + 1, doing)))

    def worked(self) -> None:
        """An answer came to its end. OSError."""
        self._good += 1
        if self._good == _GOOD_RUNS:
            self.forgive()

    def _crashes(self) -> _Crashes:
        with contextlib.suppress(OSError, msgspec.DecodeError):
            return msgspec.json.decode(self._count.read_bytes(), type=_Crashes)
        return _Crashes(0, "")
