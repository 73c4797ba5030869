"""The text log of can-utils (`candump -l`), a whole block of lines at once.

A log has few shapes of line (lengths of time, channel, identifier and data). Lines of one shape are one matrix of
characters, which numpy turns into columns some fifty times faster than a loop over lines. A line of any other form is
read alone, and it is there that a damaged one is found and named.
"""

import re
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from alpenglow.vehicle.frames import EXTENDED_ID_MAX, FD_LENGTHS, STANDARD_ID_MAX, Frame

type Bytes = npt.NDArray[np.uint8]
type Ints = npt.NDArray[np.int64]

_LINE = re.compile(
    rb"\((?P<s>\d{1,11})\.(?P<f>\d{1,9})\)\s+(?P<channel>\S+)\s+(?P<id>[0-9A-Fa-f]{3}|[0-9A-Fa-f]{8})#"
    rb"(?:(?P<remote>[Rr][0-9A-Fa-f]?)|(?P<data>(?:[0-9A-Fa-f]{2}\.?){0,8})|#[0-9A-Fa-f](?P<fd>(?:[0-9A-Fa-f]{2}){0,64}))"
    rb"(?:_[0-9A-Fa-f])?(?:\s+[RT])?\s*"
)
_ERROR_FRAME = 0x2000_0000  # CAN_ERR_FLAG of linux/can.h
_CHANNELS_MAX = 256
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
        kept = slice(None) if out.kept.all() else out.kept  # most blocks need no copy
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

    def _channel(self, name: bytes, number: int) -> int:
        text = name.decode("utf-8", "replace")
        if text not in self._index:
            if len(self.channels) == _CHANNELS_MAX:
                raise BadLine(number, b"more channels than a car has: " + name)
            self._index[text] = len(self.channels)
            self.channels.append(text)
        return self._index[text]

    def _group(self, text: Bytes, starts: Ints, shape: int, lines: Ints, out: "_Rows") -> Ints:
        """Read lines of one shape into `out`; returns those that are not as regular as their shape promised."""
        to_channel, to_id, to_hash, total = _unpack(shape)
        # Transposed, so that every step below runs along the lines and not across a dozen characters.
        chars = np.ascontiguousarray(sliding_window_view(text, total)[starts[lines]].T)
        seconds = chars[1 : to_channel - 1]
        dots = np.flatnonzero(seconds[:, 0] == 0x2E)
        id_digits = to_hash - to_id - 1
        is_fd = total > to_hash + 2 and chars[to_hash + 1, 0] == 0x23
        data_at = to_hash + 3 if is_fd else to_hash + 1
        size, half = divmod(total - data_at, 2)
        fits = size in _FD_LENGTHS if is_fd else size <= 8
        if len(dots) != 1 or id_digits not in (3, 8) or half or not fits:
            return lines
        dot = int(dots[0])
        fraction = len(seconds) - 1 - dot
        if not 1 <= dot <= 10 or not 1 <= fraction <= 9:
            return lines
        good = (chars[0] == 0x28) & (chars[to_channel - 1] == 0x29) & (seconds[dot] == 0x2E)
        digits = np.delete(seconds, dot, axis=0) - np.uint8(0x30)  # what is below "0" wraps far above 9
        good &= np.maximum.reduce(digits, axis=0) <= 9
        time_ns = _decimal(digits[:dot]) * 10**9 + _decimal(digits[dot:]) * 10 ** (9 - fraction)
        can_id = np.zeros(len(lines), np.uint32)
        for digit in _HEX[chars[to_id + 1 : to_hash]]:
            good &= digit < 16
            can_id = can_id << np.uint32(4) | digit
        good &= can_id <= (STANDARD_ID_MAX if id_digits == 3 else EXTENDED_ID_MAX)
        data = _HEX[chars[data_at:]]
        good &= np.bitwise_or.reduce(data, axis=0, initial=0) < 16
        if is_fd:
            good &= (chars[to_hash + 1] == 0x23) & (_HEX[chars[to_hash + 2]] < 16)
        channels = self._channels(chars[to_channel + 1 : to_id], lines)
        at = lines
        if not good.all():
            at, time_ns, channels, can_id, data = (
                lines[good],
                time_ns[good],
                channels[good],
                can_id[good],
                data[:, good],
            )
        out.time_ns[at] = time_ns
        out.channel[at] = channels
        out.can_id[at] = can_id
        out.extended[at] = id_digits == 8
        out.fd[at] = is_fd
        out.length[at] = size
        out.data[at, :size] = (data[0::2] << 4 | data[1::2]).T
        out.kept[at] = True
        left: Ints = lines[~good]
        return left

    def _channels(self, chars: Bytes, lines: Ints) -> npt.NDArray[np.int16]:
        """The channel's number for each line, from its name's characters."""
        numbers = np.zeros(chars.shape[1], np.int16)
        left = np.ones(chars.shape[1], np.bool_)
        while left.any():
            first = int(left.argmax())
            name = chars[:, first]
            same = left & (chars == name[:, None]).all(axis=0)
            numbers[same] = self._channel(name.tobytes(), int(lines[first]))
            left &= ~same
        return numbers

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
        out.channel[number] = self._channel(found["channel"], number)
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


def _decimal(digits: Bytes) -> Ints:
    """The numbers (n,) whose decimal digits are the columns of `digits` (up to 10, n)."""
    number = np.zeros(digits.shape[1], np.int64)
    for digit in digits:
        number *= 10
        number += digit
    return number


def _shapes(text: Bytes, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Each line's shape as a number, and which lines have one: two blanks, then a `#`."""
    blanks, hashes = np.flatnonzero(text == 0x20), np.flatnonzero(text == 0x23)
    if len(blanks) == 2 * len(starts) and len(hashes) == len(starts):  # as in every log of classic frames
        first, second = blanks[0::2], blanks[1::2]
        first_hash = hashes
        two_blanks = (first >= starts) & (second < ends) & (hashes >= starts) & (hashes < ends)
    else:
        none = np.full(2, len(text))
        at = np.searchsorted(blanks, starts)
        two_blanks = np.searchsorted(blanks, ends) - at == 2
        blanks = np.concatenate((blanks, none))
        first, second = blanks[at], blanks[at + 1]
        first_hash = np.concatenate((hashes, none))[np.searchsorted(hashes, starts)]
    to_channel, to_id, to_hash = first - starts, second - starts, first_hash - starts
    total = ends - starts
    regular = two_blanks & (to_channel > 3) & (to_id > to_channel + 1) & (to_hash > to_id) & (total > to_hash)
    regular &= total < 1 << 10
    shapes = np.where(regular, ((to_channel << 10 | to_id) << 10 | to_hash) << 10 | total, -1)
    return shapes, np.flatnonzero(regular)


def _unpack(shape: int) -> tuple[int, int, int, int]:
    return shape >> 30, shape >> 20 & 0x3FF, shape >> 10 & 0x3FF, shape & 0x3FF
