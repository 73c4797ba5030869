"""Files that commands read and write: what is wrong with one is a Problem that names it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alpenglow.cli.problems import Problem


def readable(file: Path) -> None:
    """Problem where `file` cannot be read."""
    if file.is_dir():
        raise Problem(f"{file}: is a folder, not a file")
    try:
        file.open("rb").close()
    except OSError as error:
        raise Problem(f"{file}: {reason(error)}") from None


@contextmanager
def writing(file: Path) -> Iterator[None]:
    """Turns what goes wrong with writing `file` into a Problem, what can be known beforehand before anything starts."""
    folder = file.parent
    if not folder.is_dir():
        raise Problem(f"cannot write {file}: there is no folder {folder}")
    # A device or a pipe would be replaced by the finished file.
    if file.exists() and not file.is_file():
        raise Problem(f"cannot write {file}: it is {'a folder' if file.is_dir() else 'a device'}, not a file")
    try:
        yield
    except OSError as error:
        raise Problem(f"cannot write {file}: {reason(error)}") from None


def reason(error: OSError) -> str:
    """Why, without what pyarrow says about its insides."""
    return os.strerror(error.errno) if error.errno else str(error)
