"""DBC files: what each message on a bus carries.

The parser is cantools'. Before it, `dbc_repair` puts right what DBC files in the wild do wrong where the meaning is
certain; each repair is a line in `Dbc.warnings`. What remains wrong is a `DbcError` that names file and line.

cantools takes longer to import than the vehicle process may take to start, so what it read is kept as MessagePack
under the hash of the file's content when the caller names a folder for it.
"""

import contextlib
import hashlib
import math
import os
import re
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from alpenglow.vehicle.dbc_repair import DbcError, decode_text, repair
from alpenglow.vehicle.frames import EXTENDED

__all__ = ["BusSignal", "Dbc", "DbcError", "Message", "load_dbc", "parse_dbc"]

_CACHE_FORM = 1  # rises when the structs below or the repairs change
_ANY_SOURCE = 0xFE  # SAE J1939-81: the null address, which DBC files use for "whoever sends it"


class BusSignal(msgspec.Struct, frozen=True, dict=True):
    """One signal of a message: where its bits are, and what they mean."""

    name: str
    start: int  # the DBC's start bit: least significant bit for Intel, most significant for Motorola byte order
    length: int  # bits
    big_endian: bool = False
    signed: bool = False
    is_float: bool = False  # IEEE 754 of 32 or 64 bits
    scale: float | int = 1
    offset: float | int = 0
    unit: str = ""
    labels: dict[int, str] = {}  # raw value → its name in the value table
    is_multiplexer: bool = False
    multiplexer: str | None = None  # present only while the signal of this name …
    multiplexer_ids: tuple[int, ...] = ()  # … has one of these raw values
    initial: int | float | None = None  # raw, GenSigStartValue

    @cached_property
    def bytes_spanned(self) -> tuple[int, int]:
        """First byte of the frame that holds a bit of the signal, and the one after the last."""
        if not self.big_endian:
            return self.start // 8, (self.start + self.length - 1) // 8 + 1
        first = self.start // 8
        in_first = self.start % 8 + 1
        rest = max(0, self.length - in_first)
        return first, first + 1 + (rest + 7) // 8

    @cached_property
    def shift(self) -> int:
        """How many bits lie behind the signal in `bytes_spanned`, read in the signal's own byte order."""
        first, end = self.bytes_spanned
        if not self.big_endian:
            return self.start - first * 8
        return (end - first) * 8 - (7 - self.start % 8) - self.length

    @property
    def raw_range(self) -> tuple[int, int]:
        """Least and greatest raw integer."""
        if self.signed:
            return -(1 << (self.length - 1)), (1 << (self.length - 1)) - 1
        return 0, (1 << self.length) - 1


class Message(msgspec.Struct, frozen=True):
    """One message of a bus."""

    name: str
    can_id: int
    extended: bool
    length: int  # bytes
    signals: tuple[BusSignal, ...]
    fd: bool = False
    cycle_s: float | None = None  # GenMsgCycleTime
    j1939: bool = False
    attributes: dict[str, str | int | float] = {}

    def signal(self, name: str) -> BusSignal:
        """The signal of that name; KeyError."""
        for signal in self.signals:
            if signal.name == name:
                return signal
        raise KeyError(name)

    def conditions(self, signal: BusSignal) -> list[tuple[BusSignal, tuple[int, ...]]]:
        """Which multiplexers must have which raw values for `signal` to be in the frame, outermost first."""
        chain: list[tuple[BusSignal, tuple[int, ...]]] = []
        while signal.multiplexer is not None and len(chain) < len(self.signals):
            multiplexer = self.signal(signal.multiplexer)
            chain.append((multiplexer, signal.multiplexer_ids))
            signal = multiplexer
        return chain[::-1]


class Dbc(msgspec.Struct, frozen=True, dict=True):
    """The messages of one bus."""

    name: str  # the file's, for messages to people
    messages: tuple[Message, ...]
    warnings: tuple[str, ...] = ()  # "file:line: what was wrong and how it was read"

    @cached_property
    def by_name(self) -> dict[str, Message]:
        return {m.name: m for m in self.messages}

    @cached_property
    def _by_id(self) -> dict[int, Message]:
        return {m.can_id | EXTENDED if m.extended else m.can_id: m for m in self.messages}

    @cached_property
    def _by_pgn(self) -> dict[tuple[int, int], Message]:
        return {(pgn(m.can_id), m.can_id & 0xFF): m for m in self.messages if m.j1939 and m.extended}

    def find(self, can_id: int, extended: bool) -> Message | None:
        """The message that a frame with this identifier is.

        J1939 messages match by parameter group number: priority does not count, a destination neither, and the
        source address only where the DBC names one (0xFE there stands for any).
        """
        message = self._by_id.get(can_id | EXTENDED if extended else can_id)
        if message is None and extended and self._by_pgn:
            group = pgn(can_id)
            message = self._by_pgn.get((group, can_id & 0xFF)) or self._by_pgn.get((group, _ANY_SOURCE))
        return message


def pgn(can_id: int) -> int:
    """The parameter group number of a 29-bit identifier (SAE J1939-21, 5.2)."""
    group = can_id >> 8 & 0x3FFFF
    return group if group & 0xFF00 >= 0xF000 else group & 0x3FF00  # below PDU format 240 the low byte is a destination


def load_dbc(path: Path, cache: Path | None = None) -> Dbc:
    """The messages of the DBC file at `path`, or DbcError: one line that names file, line and reason.

    `cache` is a folder in which what was read is kept, so that the next start need not parse.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DbcError(f"{path}: {error.strerror or error}") from None
    if cache is None:
        return parse_dbc(content, str(path))
    key = hashlib.sha256(b"%d\0%s\0" % (_CACHE_FORM, os.fsencode(path)) + content).hexdigest()[:32]
    kept = cache / f"{path.stem}-{key}.dbc.msgpack"
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        return msgspec.msgpack.decode(kept.read_bytes(), type=Dbc)
    dbc = parse_dbc(content, str(path))
    with contextlib.suppress(OSError):  # a cache that cannot be written costs time, nothing else
        cache.mkdir(parents=True, exist_ok=True)
        new = kept.with_suffix(f".{os.getpid()}")
        new.write_bytes(msgspec.msgpack.encode(dbc))
        new.replace(kept)
    return dbc


def parse_dbc(content: bytes, name: str) -> Dbc:
    """The messages in a DBC file's `content`; `name` stands for it in warnings and errors."""
    warnings: list[str] = []
    text = repair(decode_text(content), name, warnings)
    if not re.search(r"^\s*BO_\s", text, re.M):
        raise DbcError(f"{name}: holds no message (no line begins with BO_); is it a DBC file?")
    database = _parse(text, name)
    messages = tuple(
        _message(m, name, text, warnings) for m in database.messages if m.name != "VECTOR__INDEPENDENT_SIG_MSG"
    )
    if not messages:
        raise DbcError(f"{name}: holds no message that a frame could be")
    return Dbc(name=name, messages=messages, warnings=tuple(warnings))


def _parse(text: str, name: str) -> Any:
    from alpenglow.vehicle.third_party import cantools_dbc

    try:
        return cantools_dbc(text)
    except Exception as error:  # cantools lets KeyError, ValueError, decimal errors … through for odd files
        said = " ".join(str(error).removeprefix("DBC: ").strip('"').split()) or type(error).__name__
        at = re.search(r"at line (\d+), column (\d+)", said)
        if at:
            line = int(at[1])
            source = "".join(text.split("\n")[line - 1 : line]).strip()
            raise DbcError(f"{name}:{line}: not understood at column {at[2]}: {source[:80]}") from None
        raise DbcError(f"{name}:{_line_of(text, said)}: {said[:200]}") from None


def _line_of(text: str, said: str) -> int:
    """The line of the message or signal that an error of the parser speaks about; 1 where it names none."""
    for pattern in (r"in message (\w+)", r"message (\w+)", r"(?:signal|BO_|SG_) (\w+)"):
        found = re.search(pattern, said)
        if found:
            place = re.search(rf"^\s*(?:BO_\s+\d+|SG_)\s+{found[1]}\b", text, re.M)
            if place:
                return text.count("\n", 0, place.end()) + 1
    return 1


def _message(source: Any, name: str, text: str, warnings: list[str]) -> Message:
    signals: dict[str, BusSignal] = {}
    capacity = 8 * source.length
    place = re.search(rf"^\s*BO_\s+\d+\s+{re.escape(source.name)}\b", text, re.M)
    line = text.count("\n", 0, place.end()) + 1 if place else 1
    for item in source.signals:
        signal = _bus_signal(item)
        problem = None
        if signal.bytes_spanned[1] * 8 > capacity:
            problem = f"does not fit in the {source.length} bytes of {source.name}"
        elif signal.is_float and signal.length not in (16, 32, 64):
            problem = f"is a float of {signal.length} bits"
        elif not (math.isfinite(signal.scale) and math.isfinite(signal.offset)):
            problem = f"has the factor {signal.scale} and the offset {signal.offset}"
        elif signal.name in signals and signals[signal.name] != signal:
            problem = f"is in {source.name} twice"
        if problem:
            warnings.append(f"{name}:{line}: signal {signal.name} {problem}: left out")
        else:
            signals[signal.name] = signal
    kept = _with_their_multiplexers(signals)
    attributes: dict[str, str | int | float] = {}
    if source.dbc is not None:
        attributes = {
            key: a.value for key, a in source.dbc.attributes.items() if isinstance(a.value, str | int | float)
        }
    return Message(
        name=source.name,
        can_id=source.frame_id,
        extended=source.is_extended_frame,
        length=source.length,
        signals=tuple(kept.values()),
        fd=bool(source.is_fd) or source.length > 8,
        cycle_s=source.cycle_time / 1000 if source.cycle_time else None,
        j1939=source.protocol == "j1939",
        attributes=attributes,
    )


def _with_their_multiplexers(signals: dict[str, BusSignal]) -> dict[str, BusSignal]:
    """`signals` without those whose multiplexer was left out: when they are in the frame cannot be known."""
    while True:
        kept = {k: s for k, s in signals.items() if s.multiplexer is None or s.multiplexer in signals}
        if len(kept) == len(signals):
            return kept
        signals = kept


def _bus_signal(item: Any) -> BusSignal:
    ids = item.multiplexer_ids
    return BusSignal(
        name=item.name,
        start=item.start,
        length=item.length,
        big_endian=item.byte_order == "big_endian",
        signed=bool(item.is_signed),
        is_float=bool(item.is_float),
        scale=item.scale,
        offset=item.offset,
        unit=item.unit or "",
        labels={int(raw): str(label) for raw, label in (item.choices or {}).items()},
        is_multiplexer=bool(item.is_multiplexer),
        multiplexer=item.multiplexer_signal if ids else None,
        multiplexer_ids=tuple(ids or ()),
        initial=item.raw_initial,
    )
