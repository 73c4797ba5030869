"""A whole log at once: columns of frames in, columns of samples out, with numpy in place of a loop over frames.

Equal to `codec.compile_decoder` frame by frame, which is tested; and to cantools.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from alpenglow.vehicle.candump import Bytes, Columns, Ints
from alpenglow.vehicle.codec import fitting
from alpenglow.vehicle.dbc import BusSignal, Dbc, Message
from alpenglow.vehicle.logs import LogError, LogReader

if TYPE_CHECKING:
    import pyarrow as pa

type Floats = npt.NDArray[np.float64]
type Words = npt.NDArray[np.uint64]
type Codes = npt.NDArray[np.int32]
type Mask = npt.NDArray[np.bool_]

ANY_CHANNEL = ""  # the key of the DBC that holds for every channel without its own


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples in the order of their frames; the names of channels, messages and signals as codes."""

    time_s: Floats  # (n,) s since 1970
    channel: Codes  # (n,) into the names of `Decoding`, as the next two
    message: Codes
    signal: Codes
    value: Floats  # (n,) physical


@dataclass(slots=True)
class Decoding:
    """What was decoded so far, and the names that the codes in `Samples` stand for."""

    dbcs: Mapping[str, Dbc]  # by channel; ANY_CHANNEL for the rest
    channels: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    signals: list[str] = field(default_factory=list)
    frames: int = 0
    decoded: int = 0  # frames that a DBC knows
    samples: int = 0
    remote_frames: int = 0
    error_frames: int = 0
    _codes: dict[tuple[str, str], int] = field(default_factory=dict)
    _found: dict[tuple[str, int, bool], Message | None] = field(default_factory=dict)

    def decode(self, columns: Columns) -> Samples:
        """The samples in `columns`."""
        count = len(columns)
        per_frame = np.zeros(count, np.int64)
        message_of = np.zeros(count, np.int32)
        always: list[tuple[Ints, list[int], list[Floats]]] = []
        sometimes: list[tuple[Ints, int, Floats]] = []
        for message, rows in self._by_message(columns):
            message_of[rows] = self._code("message", message.name, self.messages)
            self.decoded += len(rows)
            codes: list[int] = []
            whole: list[Floats] = []
            for signal, at, values in decode_message(message, columns.data[rows], columns.length[rows]):
                code = self._code("signal", signal.name, self.signals)
                if at is None:
                    codes.append(code)
                    whole.append(values)
                else:
                    sometimes.append((rows[at], code, values))
                    per_frame[rows[at]] += 1
            per_frame[rows] += len(codes)
            always.append((rows, codes, whole))
        total = int(per_frame.sum())
        # Each frame's samples stand together, those that every frame has first: places counted beforehand, no sort.
        place = np.cumsum(per_frame) - per_frame
        signal_codes, value = np.empty(total, np.int32), np.empty(total, np.float64)
        for rows, codes, whole in always:
            if codes:
                places = place[rows] + np.arange(len(codes))[:, None]
                signal_codes[places] = np.array(codes, np.int32)[:, None]
                value[places] = whole
                place[rows] += len(codes)
        for rows, code, values in sometimes:
            signal_codes[place[rows]] = code
            value[place[rows]] = values
            place[rows] += 1
        names = np.array([self._code("channel", c, self.channels) for c in columns.channels] or [0], np.int32)
        self.frames += count
        self.samples += total
        return Samples(
            np.repeat(columns.time_ns / 1e9, per_frame),
            np.repeat(names[columns.channel], per_frame),
            np.repeat(message_of, per_frame),
            signal_codes,
            value,
        )

    def _by_message(self, columns: Columns) -> Iterator[tuple[Message, Ints]]:
        """The rows of each channel's each message that its DBC knows."""
        key: Any
        if columns.extended.any() or len(columns.channels) > 32:
            key = columns.channel.astype(np.int64) << 32 | columns.extended.astype(np.int64) << 31 | columns.can_id
        else:  # 16 bits are enough, and numpy sorts them in one pass
            key = columns.channel.astype(np.uint16) << 11 | columns.can_id.astype(np.uint16)
        order = np.argsort(key, kind="stable")
        bounds = np.flatnonzero(np.diff(key[order])) + 1
        for rows in np.split(order, bounds):
            if not len(rows):
                continue
            first = int(rows[0])
            channel = columns.channels[int(columns.channel[first])]
            message = self._message(channel, int(columns.can_id[first]), bool(columns.extended[first]))
            if message is not None:
                yield message, rows

    def _message(self, channel: str, can_id: int, extended: bool) -> Message | None:
        key = (channel, can_id, extended)
        if key not in self._found:
            dbc = self.dbcs.get(channel) or self.dbcs.get(ANY_CHANNEL)
            self._found[key] = dbc.find(can_id, extended) if dbc else None
        return self._found[key]

    def _code(self, kind: str, name: str, names: list[str]) -> int:
        code = self._codes.get((kind, name))
        if code is None:
            code = self._codes[kind, name] = len(names)
            names.append(name)
        return code


def decode_message(message: Message, data: Bytes, lengths: Bytes) -> Iterator[tuple[BusSignal, Mask | None, Floats]]:
    """Each signal's physical values in the frames `data` (n, 8 or 64), whose lengths are `lengths` (n,).

    With each come the rows that have it, None for all: a multiplexer selects, and a short frame lacks, some.
    """
    shortest = int(lengths.min(initial=message.length))
    everywhere = {s.name for s in fitting(message, min(shortest, message.length))}
    frame = _Frames(data)
    raws: dict[str, Any] = {}
    for signal in message.signals:
        if signal.bytes_spanned[1] > data.shape[1]:
            continue
        mask: Mask | None = None
        if signal.name not in everywhere:
            needed = [signal] + [m for m, _ in message.conditions(signal)]
            mask = lengths >= max(s.bytes_spanned[1] for s in needed)
        for multiplexer, ids in message.conditions(signal):
            if multiplexer.name not in raws:
                raws[multiplexer.name] = frame.raw(multiplexer)
            selected = np.isin(raws[multiplexer.name], ids)
            mask = selected if mask is None else mask & selected
        raw = frame.raw(signal) if signal.name not in raws else raws[signal.name]
        if signal.is_multiplexer:
            raws[signal.name] = raw
        if mask is not None:
            if not mask.any():
                continue
            if mask.all():
                mask = None
            else:
                raw = raw[mask]
        values = raw.astype(np.float64)
        if signal.scale != 1 or signal.offset != 0:
            with np.errstate(over="ignore", invalid="ignore"):
                values = values * signal.scale + signal.offset
        yield signal, mask, values


class _Frames:
    """Data of frames as 64-bit words, in both byte orders, each made when first asked for."""

    def __init__(self, data: Bytes) -> None:
        self._data = np.ascontiguousarray(data)
        self._words: dict[tuple[int, bool], Words] = {}

    def raw(self, signal: BusSignal) -> Any:
        """The raw values (n,) of `signal`: int64, uint64 or a float type."""
        first, end = signal.bytes_spanned
        # A word that begins as late as it may: in 8-byte frames, all signals share the same one.
        start = min(first, self._data.shape[1] - 8)
        word = self._word(start, signal.big_endian)
        if end - start <= 8:
            behind = (8 - (end - start)) * 8 if signal.big_endian else (first - start) * 8
            raw = word >> np.uint64(behind + signal.shift)
        else:  # 58 to 64 bits that begin in the middle of a byte reach into a ninth
            last = self._data[:, end - 1].astype(np.uint64)
            if signal.big_endian:
                raw = word << np.uint64(8 - signal.shift) | last >> np.uint64(signal.shift)
            else:
                raw = word >> np.uint64(signal.shift) | last << np.uint64(64 - signal.shift)
        if signal.length < 64:
            raw = raw & np.uint64((1 << signal.length) - 1)
        if signal.is_float:
            kind = {16: np.float16, 32: np.float32, 64: np.float64}[signal.length]
            return raw.astype(f"u{signal.length // 8}").view(kind)
        if not signal.signed:
            return raw
        if signal.length == 64:
            return raw.view(np.int64)
        sign = 1 << (signal.length - 1)
        return (raw ^ np.uint64(sign)).astype(np.int64) - sign

    def _word(self, start: int, big: bool) -> Words:
        word = self._words.get((start, big))
        if word is None:
            eight = np.ascontiguousarray(self._data[:, start : start + 8])
            word = self._words[start, big] = eight.view(">u8" if big else "<u8")[:, 0].astype(np.uint64)
        return word


def decode_log(
    log: Path, dbcs: Mapping[str, Dbc], out: Path, progress: Callable[[int, int], None] | None = None
) -> Decoding:
    """Decode `log` into the Parquet file `out`: one row per sample.

    Columns: `time` [s since 1970, float64], `channel`, `message`, `signal` (dictionaries of text), `value` (float64).
    `progress` is told bytes read and bytes in all. LogError for a damaged log, after what is whole has been written;
    OSError where `out` cannot be.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = pa.dictionary(pa.int32(), pa.string())
    schema = pa.schema(
        [("time", pa.float64()), ("channel", names), ("message", names), ("signal", names), ("value", pa.float64())]
    )
    decoding = Decoding(dbcs)
    part = out.with_name(f".{out.name}.part")  # a reader never sees half a file under the final name
    damage: LogError | None = None
    try:
        with (
            LogReader(log) as reader,
            pq.ParquetWriter(part, schema, use_dictionary=["channel", "message", "signal"]) as writer,
        ):
            try:
                for columns in reader.columns():
                    samples = decoding.decode(columns)
                    writer.write_batch(_record_batch(samples, decoding, schema))
                    if progress:
                        progress(reader.position_bytes, reader.size_bytes)
            except LogError as error:
                damage = error
            decoding.remote_frames, decoding.error_frames = reader.remote_frames, reader.error_frames
        part.replace(out)
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    if damage:
        raise damage
    return decoding


def _record_batch(samples: Samples, decoding: Decoding, schema: "pa.Schema") -> "pa.RecordBatch":
    import pyarrow as pa

    def text(codes: Codes, names: list[str]) -> "pa.DictionaryArray":
        return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(names, pa.string()))

    return pa.RecordBatch.from_arrays(
        [
            pa.array(samples.time_s),
            text(samples.channel, decoding.channels),
            text(samples.message, decoding.messages),
            text(samples.signal, decoding.signals),
            pa.array(samples.value),
        ],
        schema=schema,
    )
