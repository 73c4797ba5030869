"""One structured log for the whole stack: what every process says, as JSON lines in one file that rotates by size.

The console shows only what a person should act on, one short line each. A child's line that is JSON keeps its
fields and gains `process`; anything else (a traceback, a library's print) becomes the `event` of a line of its own.
"""

import contextlib
import os
import sys
import time
from pathlib import Path
from typing import Any, BinaryIO, TextIO

import msgspec

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40, "critical": 50}

_LONGEST_LINE = 16_384
_LONGEST_WORDS = 500
_LINES_PER_SECOND = 2000  # of one process; what a loop prints beyond that is counted, not kept


class Log:
    """The log file and the console behind it. `level` is the least one that the console shows."""

    def __init__(
        self,
        path: Path,
        *,
        level: str = "warning",
        console: TextIO | None = None,
        size: int = 4_000_000,
        keep: int = 2,
    ) -> None:
        self.path = path
        self._size = size
        self._keep = keep
        self._threshold = LEVELS[level]
        self._console = sys.stderr if console is None else console
        self._colour = self._console.isatty()
        self._file = self._open()

    def say(self, event: str, *, process: str = "alpenglow", level: str = "info", **fields: Any) -> None:
        """Write one line of the supervisor's own, or about a process."""
        self._write({"process": process, "level": level, "event": event, "timestamp": _now(), **fields})

    def take(self, process: str, line: bytes) -> None:
        """Write one line that a process wrote."""
        fields = _fields(line)
        if fields is None:
            text = line.decode("utf-8", "replace")
            self._write({"process": process, "level": "info", "event": text, "timestamp": _now(), "raw": True})
        else:
            level = fields.get("level")
            fields["level"] = level if isinstance(level, str) and level in LEVELS else "info"
            fields.setdefault("timestamp", _now())
            fields.pop("process", None)
            self._write({"process": process, **fields})

    def close(self) -> None:
        self._file.close()

    def _open(self) -> BinaryIO:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        return open(descriptor, "ab", buffering=0)  # noqa: PTH123

    def _write(self, fields: dict[str, Any]) -> None:
        line = msgspec.json.encode(fields) + b"\n"
        with contextlib.suppress(OSError):  # a full disk must not stop the car
            if self._file.tell() + len(line) > self._size:
                self._rotate()
            self._file.write(line)
        # What a process says as it gives up comes again in the report of its end.
        if LEVELS[fields["level"]] >= self._threshold and not fields.get("fatal"):
            self._show(fields)

    def _rotate(self) -> None:
        self._file.close()
        for number in range(self._keep, 0, -1):
            newer = self.path if number == 1 else self.path.with_name(f"{self.path.name}.{number - 1}")
            if newer.exists():
                newer.replace(self.path.with_name(f"{self.path.name}.{number}"))
        self._file = self._open()

    def _show(self, fields: dict[str, Any]) -> None:
        level = fields["level"]
        text = f"{time.strftime('%H:%M:%S')} {fields['process']:<9} {level:<8} {fields['event']}"
        if self._colour:
            text = f"\033[{'31' if LEVELS[level] >= LEVELS['error'] else '33'}m{text}\033[0m"
        with contextlib.suppress(OSError, ValueError):  # a closed terminal
            print(text, file=self._console, flush=True)


class Words:
    """What one process writes, cut into lines for the log; remembers its last words for the report of its end."""

    def __init__(self, log: Log, process: str) -> None:
        self._log = log
        self._process = process
        self._rest = b""
        self._second = 0
        self._lines = 0
        self._last = b""

    def __call__(self, piece: bytes) -> None:
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if len(self._rest) > _LONGEST_LINE:
            lines.append(self._rest)
            self._rest = b""
        for line in lines:
            self._line(line)

    @property
    def last(self) -> str:
        """What it said last, for a person: at most 500 characters."""
        fields = _fields(self._last)
        words = self._last.decode("utf-8", "replace").strip() if fields is None else str(fields["event"])
        return words[:_LONGEST_WORDS]

    def forget(self) -> None:
        """A new life begins: what the former one said last is not its last words."""
        self._last = b""

    def end(self) -> None:
        """The process has ended: what it left unfinished is a line too."""
        if self._rest:
            self._line(self._rest)
            self._rest = b""

    def _line(self, line: bytes) -> None:
        if not line.strip():
            return
        second = int(time.monotonic())
        if second != self._second:
            dropped = self._lines - _LINES_PER_SECOND
            if dropped > 0:
                self._log.say(f"{dropped} lines dropped", process=self._process, level="warning")
            self._second, self._lines = second, 0
        self._lines += 1
        if self._lines <= _LINES_PER_SECOND:
            self._log.take(self._process, line[:_LONGEST_LINE])
        self._last = line


def _fields(line: bytes) -> dict[str, Any] | None:
    """The fields of a structured line; None for anything else."""
    try:
        fields = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return fields if isinstance(fields, dict) and "event" in fields else None


def _now() -> str:
    now = time.time()
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(now))}.{int(now % 1 * 1000):03d}Z"
