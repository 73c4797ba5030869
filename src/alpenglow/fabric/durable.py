"""Files that survive a power cut: after any of these, the disk has the old state or the new one, never neither."""

import os
from pathlib import Path


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
