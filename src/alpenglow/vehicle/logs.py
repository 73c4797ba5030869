"""Recorded bus traffic, read lazily: candump (`-l`), ASC, BLF, TRC and MF4, each also gzipped.

candump text is read here, block by block into columns; the other formats come through python-can. Remote and error
frames carry no signal: they are counted and not yielded. A damaged log gives what is whole, then a `LogError` that
names file and place.
"""

import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from alpenglow.vehicle.candump import BadLine, Candump, Columns
from alpenglow.vehicle.frames import EXTENDED_ID_MAX, STANDARD_ID_MAX, Frame
from alpenglow.vehicle.third_party import import_can, mdf_reader

__all__ = ["FORMATS", "Columns", "LogError", "LogReader"]

FORMATS = {
    ".log": "candump",
    ".txt": "candump",
    ".candump": "candump",
    ".asc": "ASCReader",
    ".blf": "BLFReader",
    ".trc": "TRCReader",
    ".mf4": "MF4Reader",
}
_READ_BYTES = 1 << 16
_BLOCK_BYTES = 4 << 20  # of text: about 90,000 frames, 10 MB of columns
_LINE_MAX = 1 << 16  # no log has such a line; a file that is no text might
_BATCH = 4096  # frames per block of the other formats


class LogError(ValueError):
    """A log that cannot be read (further); the text names file, place and reason."""


class LogReader:
    """One pass over one log. Iterate over it for frames, or over `columns()`; not both."""

    def __init__(self, path: Path) -> None:
        """LogError where there is no such file or its format is unknown."""
        self.path = path
        suffixes = [s.lower() for s in path.suffixes]
        if suffixes[-1:] == [".gz"]:
            suffixes.pop()
        self.format = FORMATS.get(suffixes[-1] if suffixes else "", "")
        if not self.format:
            known = ", ".join(FORMATS)
            raise LogError(f"{path}: a log's name ends in {known} (or that and .gz)")
        try:
            self.size_bytes = path.stat().st_size
            self._file = path.open("rb")
        except OSError as error:
            raise LogError(f"{path}: {error.strerror or error}") from None
        self.remote_frames = 0
        self.error_frames = 0

    @property
    def position_bytes(self) -> int:
        """How much of the file (of `size_bytes`) has been read."""
        return self.size_bytes if self._file.closed else self._file.tell()

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> "LogReader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Frame]:
        """The data frames in the order of the log; LogError."""
        if self.format == "candump":
            for block in self._candump(_READ_BYTES):
                yield from block.frames()
        else:
            for batch in self._through_can():
                yield from batch

    def columns(self) -> Iterator[Columns]:
        """The data frames in blocks of columns; LogError."""
        if self.format == "candump":
            yield from self._candump(_BLOCK_BYTES)
        else:
            channels: list[str] = []
            for batch in self._through_can():
                yield _as_columns(batch, channels)

    def _candump(self, block_bytes: int) -> Iterator[Columns]:
        parser = Candump()
        number = 1  # of the line that `rest` begins with
        rest = b""
        cut: LogError | None = None
        chunks = _contents(self._file, self.path)
        ended = False
        while not ended:
            parts, size = [rest], len(rest)
            while size < block_bytes:
                try:
                    chunk = next(chunks, b"")
                except LogError as error:
                    chunk, cut = b"", error
                if not chunk:
                    ended = True
                    break
                parts.append(chunk)
                size += len(chunk)
            text = b"".join(parts)
            whole = text.rfind(b"\n") + 1 if not ended or cut else len(text)
            text, rest = text[:whole], text[whole:]
            if len(rest) > _LINE_MAX:
                raise LogError(f"{self.path}:{number + text.count(b'\n')}: is not text as candump -l writes it")
            if text:
                try:
                    columns = parser.parse(text)
                except BadLine as error:
                    before = b"".join(line + b"\n" for line in text.split(b"\n", error.number)[: error.number])
                    if before:
                        yield parser.parse(before)
                    raise LogError(f"{self.path}:{number + error.number}: not a candump line: {error}") from None
                number += text.count(b"\n")
                self.remote_frames, self.error_frames = parser.remote_frames, parser.error_frames
                yield columns
        self._file.close()
        if cut:
            raise LogError(f"{cut} (after line {number - 1})")

    def _through_can(self) -> Iterator[list[Frame]]:
        """Batches of frames from python-can's reader of the format."""
        source: Any = self._source()
        count = 0
        batch: list[Frame] = []
        problem: LogError | None = None
        try:
            for message in self._reader(source):
                count += 1
                if message.is_error_frame:
                    self.error_frames += 1
                elif message.is_remote_frame:
                    self.remote_frames += 1
                else:
                    batch.append(_frame(message))
                if len(batch) >= _BATCH:
                    yield batch
                    batch = []
        except LogError as error:
            problem = error
        except Exception as error:  # the readers raise whatever a damaged file makes them
            lines = getattr(source, "lines", 0)
            place = f"{self.path}:{lines}" if lines else f"{self.path}: after {count} frames"
            reason = " ".join(str(error).split())[:120] or type(error).__name__
            problem = LogError(f"{place}: is damaged: {reason}")
        self._file.close()
        if batch:
            yield batch
        if problem:
            raise problem

    def _source(self) -> Any:
        if self.path.suffix.lower() != ".gz":
            plain: Any = self._file
        else:
            plain = io.BytesIO(b"".join(_contents(self._file, self.path)))
        return _Lines(plain, encoding="utf-8", errors="replace") if self.format in ("ASCReader", "TRCReader") else plain

    def _reader(self, source: Any) -> Iterator[Any]:
        if self.format == "MF4Reader":
            try:
                reader = mdf_reader()
            except ImportError:
                raise LogError(f"{self.path}: MF4 needs asammdf: pip install 'alpenglow[mdf]'") from None
            return iter(reader(source))
        can = import_can()
        if self.format == "ASCReader":
            return iter(can.ASCReader(source, relative_timestamp=False))
        return iter(getattr(can, self.format)(source))


class _Lines(io.TextIOWrapper):
    """A text file that counts its lines."""

    lines = 0

    def __next__(self) -> str:  # type: ignore[override]
        line = super().__next__()
        self.lines += 1
        return line

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        self.lines += 1
        return super().readline(size)


def _contents(file: BinaryIO, path: Path) -> Iterator[bytes]:
    """A file's bytes in pieces, decompressed where it is gzipped whatever its name; LogError behind what is whole."""
    piece = file.read(_READ_BYTES)
    if not piece.startswith(b"\x1f\x8b"):
        while piece:
            yield piece
            piece = file.read(_READ_BYTES)
        return
    inflate = zlib.decompressobj(wbits=31)
    while piece:
        try:
            text = inflate.decompress(piece)
        except zlib.error as error:
            raise LogError(f"{path}: its gzip data is damaged: {error}") from None
        if text:
            yield text
        piece = inflate.unused_data or file.read(_READ_BYTES)
        if inflate.eof:  # another gzip member may follow, as after `cat a.gz b.gz`
            if not piece:
                return
            inflate = zlib.decompressobj(wbits=31)
    raise LogError(f"{path}: its gzip data ends too early")


def _frame(message: Any) -> Frame:
    channel = message.channel
    name = channel if isinstance(channel, str) else f"can{channel or 0}"
    limit = EXTENDED_ID_MAX if message.is_extended_id else STANDARD_ID_MAX
    if not 0 <= message.arbitration_id <= limit or len(message.data) > (64 if message.is_fd else 8):
        raise ValueError(f"a frame cannot be {message}")
    return Frame(
        round(message.timestamp * 1e9),
        name,
        message.arbitration_id,
        bytes(message.data),
        message.is_extended_id,
        message.is_fd,
    )


def _as_columns(frames: list[Frame], channels: list[str]) -> Columns:
    for frame in frames:
        if frame.channel not in channels:
            channels.append(frame.channel)
    width = 64 if any(frame.fd for frame in frames) else 8
    padded = b"".join(frame.data.ljust(width, b"\0") for frame in frames)
    return Columns(
        np.array([f.time_ns for f in frames], np.int64),
        np.array([channels.index(f.channel) for f in frames], np.int16),
        channels,
        np.array([f.can_id for f in frames], np.uint32),
        np.array([f.extended for f in frames], np.bool_),
        np.array([f.fd for f in frames], np.bool_),
        np.array([len(f.data) for f in frames], np.uint8),
        np.frombuffer(padded, np.uint8).reshape(len(frames), width),
    )
