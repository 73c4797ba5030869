"""The text log of can-utils (`candump -l`), a whole block of lines at once.

A log has few shapes of line (lengths of time, channel, identifier and data). Lines of one shape are one matrix of
characters, which numpy turns into columns some fifty times faster than a loop over lines. A line of any other form is
read alone, and it is there that a damaged one is found and named.
"""

import re
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from alpenglow.vehicle.frames import EXTENDED_ID_MAX, FD_LENGTHS, STANDARD_ID_MAX, Frame

type Bytes = npt.NDArray[np.uint8]
type Ints = npt.NDArray[np.int64]

_LINE = re.compile(
    rb"\((?P<s>\d{1,11})\.(?P<f>\d{1,9})\)\s+(?P<channel>\S+)\s+(?P<id>[0-9A-Fa-f]{3}|[0-9A-Fa-f]{8})#"
    rb"(?:(?P<remote>[Rr][0-9A-Fa-f]?)|(?P<data>(?:[0-9A-Fa-f]{2}\.?){0,8})|#[0-9A-Fa-f](?P<fd>(?:[0-9A-Fa-f]{2}){0,64}))"
    rb"(?:_[0-9A-Fa-f])?(?:\s+[RT])?\s*"
)
_ERROR_FRAME = 0x2000_0000  # CAN_ERR_FLAG of linux/can.h
_FD_LENGTHS = frozenset(FD_LENGTHS)

_HEX = np.full(256, 255, np.uint8)
for _digit in b"0123456789abcdefABCDEF":
    _HEX[_digit] = int(chr(_digit), 16)


@dataclass(frozen=True, slots=True)
class Columns:
    """Data frames, column by column, in the order of the log."""

    time_ns: Ints  # (n,) ns since 1970
    channel: npt.NDArray[np.int16]  # (n,) index into `channels`
    channels: list[str]
    can_id: npt.NDArray[np.uint32]  # (n,)
    extended: npt.NDArray[np.bool_]  # (n,)
    fd: npt.NDArray[np.bool_]  # (n,)
    length: Bytes  # (n,) bytes of data
    data: Bytes  # (n, 8), or (n, 64) where there is a CAN FD frame; zeros behind each frame's length

    def __len__(self) -> int:
        return len(self.time_ns)

    def frames(self) -> list[Frame]:
        """The same as frames."""
        width = self.data.shape[1]
        flat = self.data.tobytes()
        names = [self.channels[c] for c in self.channel.tolist()]
        rows = zip(
            self.time_ns.tolist(),
            names,
            self.can_id.tolist(),
            self.length.tolist(),
            self.extended.tolist(),
            self.fd.tolist(),
            range(0, len(flat), width),
            strict=True,
        )
        return [Frame(t, c, i, flat[at : at + n], x, fd) for t, c, i, n, x, fd, at in rows]


class BadLine(ValueError):
    """A line that is not one of a candump log; `number` counts from 0 in the block."""

    def __init__(self, number: int, line: bytes) -> None:
        super().__init__(line[:60].decode("ascii", "backslashreplace"))
        self.number = number


@dataclass(slots=True)
class Candump:
    """Reads blocks of one log. Keeps the channels' numbers, and counts what carries no signals."""

    channels: list[str] = field(default_factory=list)
    remote_frames: int = 0
    error_frames: int = 0
    _index: dict[str, int] = field(default_factory=dict)

    def parse(self, block: bytes) -> Columns:
        """The data frames in `block`, which ends with a whole line; BadLine."""
        if not block.endswith(b"\n"):
            block += b"\n"
        text = np.frombuffer(block, np.uint8)
        ends = np.flatnonzero(text == 0x0A)
        starts = np.concatenate(([0], ends[:-1] + 1))
        ends = ends - (text[np.maximum(ends - 1, 0)] == 0x0D)
        count = len(starts)
        out = _Rows(count, 64 if b"##" in block else 8)
        shapes, regular = _shapes(text, starts, ends)
        order = np.argsort(shapes[regular], kind="stable")
        lines = regular[order]
        bounds = np.flatnonzero(np.diff(shapes[lines])) + 1
        odd = [np.setdiff1d(np.arange(count), regular, assume_unique=True)]
        odd += [self._group(text, starts, int(shapes[g[0]]), g, out) for g in np.split(lines, bounds) if len(g)]
        for number in np.sort(np.concatenate(odd)).tolist():
            self._line(block[starts[number] : ends[number]], number, out)
        kept = out.kept
        return Columns(
            out.time_ns[kept],
            out.channel[kept],
            self.channels,
            out.can_id[kept],
            out.extended[kept],
            out.fd[kept],
            out.length[kept],
            out.data[kept],
        )

    def _channel(self, name: bytes) -> int:
        text = name.decode("utf-8", "replace")
        if text not in self._index:
            self._index[text] = len(self.channels)
            self.channels.append(text)
        return self._index[text]

    def _group(self, text: Bytes, starts: Ints, shape: int, lines: Ints, out: "_Rows") -> Ints:
        """Read lines of one shape into `out`; returns those that are not as regular as their shape promised."""
        to_channel, to_id, to_hash, total = _unpack(shape)
        rows = text[starts[lines][:, None] + np.arange(total)]
        seconds = rows[:, 1 : to_channel - 1]
        dots = np.flatnonzero(seconds[0] == 0x2E)
        id_digits = to_hash - to_id - 1
        is_fd = total > to_hash + 2 and rows[0, to_hash + 1] == 0x23
        data_at = to_hash + 3 if is_fd else to_hash + 1
        size, half = divmod(total - data_at, 2)
        fits = size in _FD_LENGTHS if is_fd else size <= 8
        if len(dots) != 1 or id_digits not in (3, 8) or half or not fits:
            return lines
        dot = int(dots[0])
        fraction = to_channel - 3 - dot
        if not 1 <= dot <= 10 or not 1 <= fraction <= 9:
            return lines
        digits = np.delete(seconds, dot, axis=1).astype(np.int64) - 0x30
        weights = 10 ** np.arange(dot + 8, 8 - fraction, -1, dtype=np.int64)
        can_id = _HEX[rows[:, to_id + 1 : to_hash]]
        data = _HEX[rows[:, data_at:]]
        good = (
            (rows[:, 0] == 0x28)
            & (rows[:, to_channel - 1] == 0x29)
            & (seconds[:, dot] == 0x2E)
            & ((digits >= 0) & (digits <= 9)).all(axis=1)
            & (can_id < 16).all(axis=1)
            & (data < 16).all(axis=1)
        )
        if is_fd:
            good &= (rows[:, to_hash + 1] == 0x23) & (_HEX[rows[:, to_hash + 2]] < 16)
        number = can_id.astype(np.uint32) @ (16 ** np.arange(id_digits - 1, -1, -1, dtype=np.uint32))
        good &= number <= (STANDARD_ID_MAX if id_digits == 3 else EXTENDED_ID_MAX)
        names = np.ascontiguousarray(rows[:, to_channel + 1 : to_id]).view(f"S{to_id - to_channel - 1}")[:, 0]
        channels = np.zeros(len(lines), np.int16)
        for name in np.unique(names):
            channels[names == name] = self._channel(bytes(name))
        at = lines[good]
        out.time_ns[at] = (digits @ weights)[good]
        out.channel[at] = channels[good]
        out.can_id[at] = number[good]
        out.extended[at] = id_digits == 8
        out.fd[at] = is_fd
        out.length[at] = size
        out.data[at, :size] = (data[good, 0::2] << 4) | data[good, 1::2]
        out.kept[at] = True
        left: Ints = lines[~good]
        return left

    def _line(self, line: bytes, number: int, out: "_Rows") -> None:
        if not line.strip() or line.lstrip().startswith(b"#"):
            return
        found = _LINE.fullmatch(line.strip())
        if not found:
            raise BadLine(number, line)
        can_id, extended = int(found["id"], 16), len(found["id"]) == 8
        if extended and can_id & _ERROR_FRAME:
            self.error_frames += 1
            return
        if can_id > (EXTENDED_ID_MAX if extended else STANDARD_ID_MAX):
            raise BadLine(number, line)
        if found["remote"] is not None:
            self.remote_frames += 1
            return
        fd = found["fd"] is not None
        data = bytes.fromhex((found["fd"] if fd else found["data"].replace(b".", b"")).decode())
        if fd and len(data) not in _FD_LENGTHS:
            raise BadLine(number, line)
        out.time_ns[number] = int(found["s"]) * 10**9 + int(found["f"].ljust(9, b"0"))
        out.channel[number] = self._channel(found["channel"])
        out.can_id[number] = can_id
        out.extended[number] = extended
        out.fd[number] = fd
        out.length[number] = len(data)
        out.data[number, : len(data)] = np.frombuffer(data, np.uint8)
        out.kept[number] = True


class _Rows:
    """Room for one frame per line of a block."""

    def __init__(self, count: int, width: int) -> None:
        self.time_ns = np.zeros(count, np.int64)
        self.channel = np.zeros(count, np.int16)
        self.can_id = np.zeros(count, np.uint32)
        self.extended = np.zeros(count, np.bool_)
        self.fd = np.zeros(count, np.bool_)
        self.length = np.zeros(count, np.uint8)
        self.data = np.zeros((count, width), np.uint8)
        self.kept = np.zeros(count, np.bool_)


def _shapes(text: Bytes, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Each line's shape as a number, and which lines have one: two blanks, then a `#`."""
    blanks, hashes = np.flatnonzero(text == 0x20), np.flatnonzero(text == 0x23)
    none = np.full(2, len(text))
    first_blank = np.searchsorted(blanks, starts)
    two_blanks = np.searchsorted(blanks, ends) - first_blank == 2
    blanks, hashes = np.concatenate((blanks, none)), np.concatenate((hashes, none))
    to_channel = blanks[first_blank] - starts
    to_id = blanks[first_blank + 1] - starts
    to_hash = hashes[np.searchsorted(hashes, starts)] - starts
    total = ends - starts
    regular = two_blanks & (to_channel > 3) & (to_id > to_channel + 1) & (to_hash > to_id) & (total > to_hash)
    regular &= total < 1 << 10
    shapes = np.where(regular, ((to_channel << 10 | to_id) << 10 | to_hash) << 10 | total, -1)
    return shapes, np.flatnonzero(regular)


def _unpack(shape: int) -> tuple[int, int, int, int]:
    return shape >> 30, shape >> 20 & 0x3FF, shape >> 10 & 0x3FF, shape & 0x3FF
