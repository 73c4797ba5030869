"""Reading a pack's files: nothing outside its folder, nothing but plain files, and never more than a limit."""

import os
import stat
from pathlib import Path


class FileProblem(Exception):
    """A file that is not taken; the text says why."""


def read_plain(path: Path, limit_bytes: int) -> bytes:
    """The content of a plain file that is no link.

    FileProblem otherwise. A pipe or a device is never waited for, and what grows while it is read is cut off.
    """
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if path.is_symlink():
            raise FileProblem("a link; packs hold files of their own") from None
        raise FileProblem(error.strerror or str(error)) from None
    with os.fdopen(number, "rb") as file:
        status = os.fstat(number)
        if not stat.S_ISREG(status.st_mode):
            raise FileProblem("not a file")
        content = file.read(limit_bytes + 1)
    if len(content) > limit_bytes:
        raise FileProblem(f"larger than {limit_bytes // 1024} KiB")
    return content


def list_plain(folder: Path, most: int) -> list[str]:
    """Names in a folder that is no link, sorted; none where there is no such folder. FileProblem."""
    if folder.is_symlink():
        raise FileProblem("a link; packs hold files of their own")
    if not folder.is_dir():
        return []
    names: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            names.append(entry.name)
            if len(names) > most:
                raise FileProblem(f"more than {most} files")
    return sorted(names)


def signature(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Tells whether a pack has been changed: names, times and sizes of its files."""
    found: list[tuple[str, int, int]] = []
    for place in (folder, folder / "icons"):
        try:
            with os.scandir(place) as entries:
                for entry, _ in zip(entries, range(500), strict=False):
                    status = entry.stat(follow_symlinks=False)
                    found.append((entry.name, status.st_mtime_ns, status.st_size))
        except OSError:
            continue
    return tuple(sorted(found))
