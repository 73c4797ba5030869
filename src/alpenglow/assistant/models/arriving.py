"""A file that arrives in pieces. What `done` counts is on the disk, also after a power cut; the rest is let go."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from alpenglow.fabric import durable


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """How much has arrived. `parts` counts whole wheels; pieces of two sources are not put together."""

    source: str = ""
    size_bytes: int = 0
    parts: int = 0


class Arriving:
    def __init__(self, folder: Path, name: str) -> None:
        """Take up what is there. OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{name}.part"
        self._note = folder / f"{name}.done.json"
        self.done = self._noted()
        self._file = os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644), "r+b")
        if os.fstat(self._file.fileno()).st_size < self.done.size_bytes:
            self.done = Done()
        self._back()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def had_from(self, source: str) -> Done:
        """What this source has brought."""
        return self.done if self.done.source == source else Done(source=source)

    def come_from(self, source: str) -> None:
        """This source gives now; what another had brought is let go."""
        self.done = self.had_from(source)
        self._back()

    def append(self, piece: bytes) -> None:
        self._file.write(piece)

    def settle(self, *, parts: int = 0) -> None:
        """Everything appended so far is kept from here on. OSError."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self.done = Done(source=self.done.source, size_bytes=self._file.tell(), parts=self.done.parts + parts)
        durable.write(self._note, msgspec.json.encode(self.done))

    def start_again(self) -> None:
        self.done = Done(source=self.done.source)
        self._back()

    def discard(self) -> None:
        """Nothing of it stays."""
        self._file.close()
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def _back(self) -> None:
        self._file.seek(self.done.size_bytes)
        self._file.truncate()

    def _noted(self) -> Done:
        try:
            return msgspec.json.decode(self._note.read_bytes(), type=Done)
        except (OSError, msgspec.DecodeError):
            return Done()
