"""What keeps a model from being fetched, opened or run, in one line for the person who can change it."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class ModelProblem(Exception):
    """The message says what is wrong, where, and what to do."""


class SourceFailed(ModelProblem):
    """One source of a model could not give it; the next one may."""


class Stopped(ModelProblem):
    """The one who asked for it called it off; what has arrived is kept."""


class WrongFile(ModelProblem):
    """A file is not the one its hash says."""


class NotEnoughMemory(ModelProblem):
    """The model does not fit into what this process may still use."""


class KeepsCrashing(ModelProblem):
    """The process died in this model's code, more than once in a row."""


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
