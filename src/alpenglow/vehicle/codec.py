"""Between the bytes of a frame and the values of its signals: one generated Python function per message.

A function written for one message has no loop, no look-up of signals and no test that cannot fail, which is several
times faster than interpreting the description for each frame. What is generated contains numbers and names that were
quoted by `repr`, nothing else of the DBC file's text.
"""

import math
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from alpenglow.vehicle.dbc import BusSignal, Message

type Number = int | float

_FLOATS = {16: "e", 32: "f", 64: "d"}


class EncodeError(ValueError):
    """A value that the signal on the bus cannot carry; the text says what it may be."""


def compile_decoder(message: Message) -> Callable[[bytes], dict[str, Number]]:
    """A function from a frame's data to the physical values of the signals that are in it.

    Signals that the data is too short for and those that another multiplexer value selects are left out. Data
    beyond the message's length is ignored. The values equal those of `cantools` with `decode_choices=False`.
    """
    by_length: dict[int, Callable[[bytes], dict[str, Number]]] = {}

    def decode(data: bytes) -> dict[str, Number]:
        length = min(len(data), message.length)
        if len(data) > length:
            data = data[:length]
        function = by_length.get(length)
        if function is None:
            function = by_length[length] = _compile_plain(message, length)
        return function(data)

    return decode


def _compile_plain(message: Message, length: int) -> Callable[[bytes], dict[str, Number]]:
    signals = fitting(message, length)
    source = Source(message.name)
    source.add(1, "v = {}")
    names = source.extract(1, signals, length)
    for signal in signals:
        depth, ok = source.condition(1, message, signal, names)
        if ok:
            source.add(depth, f"v[{signal.name!r}] = {physical(signal, names[signal.name])}")
    source.add(1, "return v")
    function: Callable[[bytes], dict[str, Number]] = source.function("d")
    return function


def fitting(message: Message, length: int) -> list[BusSignal]:
    """The signals that a frame of `length` bytes carries whole, with all the multiplexers that select them."""
    return [
        s
        for s in message.signals
        if s.bytes_spanned[1] <= length and all(m.bytes_spanned[1] <= length for m, _ in message.conditions(s))
    ]


def physical(signal: BusSignal, raw: str) -> str:
    """The Python expression of the physical value, from that of the raw one."""
    if signal.scale == 1 and signal.offset == 0:
        return raw
    # Multiplied and added to even where it is by 1 or 0.0: the result must equal cantools' to the last bit.
    return f"{raw} * {signal.scale!r} + {signal.offset!r}"


class Source:
    """A generated function under construction."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: list[str] = []
        self.globals: dict[str, Any] = {"__builtins__": {}, "from_bytes": int.from_bytes, "round": round}

    def add(self, depth: int, line: str) -> None:
        self.lines.append("    " * depth + line)

    def constant(self, value: Any) -> str:
        """A name by which the function reaches `value`."""
        name = f"k{len(self.globals)}"
        self.globals[name] = value
        return name

    def extract(self, depth: int, signals: Sequence[BusSignal], length: int) -> dict[str, str]:
        """Lines that take the raw values of `signals` out of the `length` bytes `d`; returns each one's variable."""
        wide = [s for s in signals if s.bytes_spanned[1] - s.bytes_spanned[0] > 2]
        # The frame as one number pays from the second wide signal on, while numbers are machine words.
        whole = {big for big in (False, True) if length <= 8 and sum(s.big_endian == big for s in wide) > 1}
        for big in sorted(whole):
            self.add(depth, f"{'be' if big else 'le'} = from_bytes(d, {'big' if big else 'little'!r})")
        names: dict[str, str] = {}
        for signal in signals:
            name = names.setdefault(signal.name, f"r{len(names)}")
            self.add(depth, f"{name} = {self._raw(signal, length, whole)}")
        return names

    def _raw(self, signal: BusSignal, length: int, whole: set[bool]) -> str:
        first, end = signal.bytes_spanned
        shift, width = signal.shift, (end - first) * 8
        order = "big" if signal.big_endian else "little"
        if end - first == 1:
            text = f"d[{first}]"
        elif end - first == 2:
            high, low = (first, first + 1) if signal.big_endian else (first + 1, first)
            text = f"(d[{high}] << 8 | d[{low}])"
        elif signal.big_endian in whole:
            text, width = ("be" if signal.big_endian else "le"), length * 8
            shift += (length - end) * 8 if signal.big_endian else first * 8
        else:
            text = f"from_bytes(d[{first}:{end}], {order!r})"
        if shift:
            text = f"{text} >> {shift}"
        if shift + signal.length < width:
            text = f"{text} & {(1 << signal.length) - 1}"
        if signal.is_float:
            unpack = self.constant(struct.Struct(f">{_FLOATS[signal.length]}").unpack)
            return f"{unpack}(({text}).to_bytes({signal.length // 8}, 'big'))[0]"
        if signal.signed:
            sign = 1 << (signal.length - 1)
            return f"(({text}) ^ {sign}) - {sign}" if signal.length > 1 else f"-({text})"
        return text

    def condition(self, depth: int, message: Message, signal: BusSignal, names: Mapping[str, str]) -> tuple[int, bool]:
        """Open the `if` that the signal's multiplexers need; returns the depth inside and whether it can be true."""
        tests = []
        for multiplexer, ids in message.conditions(signal):
            if multiplexer.name not in names or not ids:
                return depth, False
            test = f"== {ids[0]}" if len(ids) == 1 else f"in {self.constant(frozenset(ids))}"
            tests.append(f"{names[multiplexer.name]} {test}")
        if tests:
            self.add(depth, f"if {' and '.join(tests)}:")
            return depth + 1, True
        return depth, True

    def function(self, arguments: str) -> Any:
        """Compile what was added."""
        text = f"def function({arguments}):\n" + "\n".join(self.lines)
        exec(compile(text, f"<codec {self.name!r}>", "exec"), self.globals)
        return self.globals["function"]


def compile_encoder(message: Message, *, saturate: bool = False) -> Callable[[Mapping[str, Number]], bytearray]:
    """A function from physical values by signal name to the data of a frame.

    A signal without a value gets its start value, else raw 0. A value beyond what the bits can carry raises
    EncodeError, or with `saturate` becomes the nearest that they can. Multiplexed signals are written only where
    their multiplexer selects them.
    """
    source = Source(message.name)
    source.globals |= {"refuse": _refuse, "divide": _divide, "finite": math.isfinite, "bytearray": bytearray}
    source.add(1, "g = v.get")
    names: dict[str, str] = {}
    # Multiplexers first: what is written behind them depends on their raw value.
    ordered = sorted(message.signals, key=lambda s: (len(message.conditions(s)), not s.is_multiplexer))
    big = any(s.big_endian for s in ordered)
    little = any(not s.big_endian for s in ordered)
    source.add(1, "le = be = 0")
    for number, signal in enumerate(ordered):
        name = names[signal.name] = f"r{number}"
        if signal.multiplexer is not None and signal.is_multiplexer:
            source.add(1, f"{name} = -1 << 64")  # not in the frame, hence selects nothing
        depth, possible = source.condition(1, message, signal, names)
        if not possible:
            continue
        _write_raw(source, depth, signal, name, saturate)
        first, end = signal.bytes_spanned
        place = (message.length - end) * 8 + signal.shift if signal.big_endian else first * 8 + signal.shift
        bits = f"({name} & {(1 << signal.length) - 1})" if signal.signed and not signal.is_float else name
        if signal.is_float:
            pack = source.constant(struct.Struct(f">{_FLOATS[signal.length]}").pack)
            bits = f"from_bytes({pack}({name}), 'big')"
        source.add(depth, f"{'be' if signal.big_endian else 'le'} |= {bits} << {place}")
    if big and little:
        source.add(1, f"le |= from_bytes(be.to_bytes({message.length}, 'big'), 'little')")
    order = "little" if little or not big else "big"
    source.add(1, f"return bytearray({'le' if order == 'little' else 'be'}.to_bytes({message.length}, {order!r}))")
    encode: Callable[[Mapping[str, Number]], bytearray] = source.function("v")
    return encode


def _write_raw(source: Source, depth: int, signal: BusSignal, name: str, saturate: bool) -> None:
    initial = signal.initial if signal.initial is not None else 0
    low, high = signal.raw_range
    if not signal.is_float and not (isinstance(initial, int) and low <= initial <= high):
        initial = 0
    refusal = f"refuse({source.constant(signal)}, x)"
    if signal.scale == 0:  # found in the wild; such a signal can be read but not written
        source.add(depth, f"{name} = {source.constant(initial)}")
        source.add(depth, f"x = g({signal.name!r})")
        source.add(depth, f"if x is not None: {refusal}")
        return
    source.add(depth, f"x = g({signal.name!r})")
    source.add(depth, "if x is None:")
    source.add(depth + 1, f"{name} = {source.constant(initial)}")
    source.add(depth, "else:")
    depth += 1
    if signal.is_float:
        scaled = "x" if signal.scale == 1 and signal.offset == 0 else f"(x - {signal.offset!r}) / {signal.scale!r}"
        top = source.constant({16: 65504.0, 32: 3.4028234663852886e38, 64: math.inf}[signal.length])
        source.add(depth, f"{name} = {scaled}")
        source.add(depth, f"if finite({name}) and not -{top} <= {name} <= {top}:")
        source.add(depth + 1, refusal)
        return
    if signal.scale == 1:
        scaled = "round(x)" if signal.offset == 0 else f"round(x - {signal.offset!r})"
    elif isinstance(signal.scale, int) and isinstance(signal.offset, int):
        scaled = f"divide(x - {signal.offset!r}, {signal.scale!r})"
    else:
        scaled = f"round((x - {signal.offset!r}) / {signal.scale!r})"
    source.add(depth, f"if not finite(x): {refusal}")
    source.add(depth, f"{name} = {scaled}")
    source.add(depth, f"if not {low} <= {name} <= {high}:")
    source.add(depth + 1, f"{name} = {low} if {name} < {low} else {high}" if saturate else refusal)


def _divide(value: Number, scale: int) -> int:
    whole, rest = divmod(value, scale)  # exact where the quotient is beyond a float's 53 bits
    return round(whole if not rest else value / scale)


def _refuse(signal: BusSignal, value: Number) -> None:
    if signal.is_float:
        raise EncodeError(f"{signal.name} cannot carry {value!r}: too large for a float of {signal.length} bits")
    ends = sorted(raw * signal.scale + signal.offset for raw in signal.raw_range)
    raise EncodeError(f"{signal.name} carries {ends[0]:g} to {ends[1]:g} {signal.unit}".rstrip() + f", not {value!r}")
