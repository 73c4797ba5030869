"""Files that survive a power cut: after any of these, the disk has the old state or the new one, never neither."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alpenglow.assistant.models.problems import ModelProblem


def write(path: Path, content: bytes) -> None:
    """Replace `path`. OSError."""
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with new.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        move(new, path)
    finally:
        new.unlink(missing_ok=True)


def move(source: Path, target: Path) -> None:
    """Put a file that is already on the disk in its place. OSError."""
    source.replace(target)
    descriptor = os.open(target.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def explaining(folder: Path) -> Iterator[None]:
    """Turns what goes wrong with writing below `folder` into a ModelProblem."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ModelProblem(f"{folder}: the disk is full; make room there, or name another folder") from None
        where = error.filename or folder
        raise ModelProblem(f"{where}: {error.strerror or error}") from None
