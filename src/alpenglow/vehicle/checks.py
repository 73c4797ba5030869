"""Checksums and counters in frames: is this frame whole, and is its sender alive?

A frame that fails its check is not dropped in silence: its signals become INVALID. Which frames carry what is said in
the mapping file's `checks`, or in the DBC by the message attributes `E2EProfile`, `E2EDataId` and `E2EOffset`.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec
from e2e import crc

from alpenglow.vehicle import e2e
from alpenglow.vehicle.codec import Source
from alpenglow.vehicle.dbc import BusSignal, Message

type Check = Callable[[bytes, int], bool]  # (data, time in ns) → may the frame be trusted?
type Protect = Callable[[bytearray], None]  # writes the counter, then the checksum, into a frame to be sent

_DEADLINE_CYCLES = 2.5  # a gap of more than this many cycles counts as silence
_DEADLINE_S = 0.05  # for a message whose cycle the DBC does not give


class BadCheck(ValueError):
    """A check that cannot be made of this message; the text says why."""


class Checksum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A car maker's checksum in one signal of the frame."""

    algorithm: Literal["toyota", "honda", "subaru", "crc8-j1850", "hyundai-canfd"]
    signal: str = "CHECKSUM"


class Counter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A counter that its sender moves on by one with every frame."""

    signal: str = "COUNTER"
    max_delta: Annotated[int, msgspec.Meta(ge=1)] = 2  # how far it may move at once: one frame may be lost
    max_repeats: Annotated[int, msgspec.Meta(ge=0)] = 2  # how many frames in a row may leave it where it is


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What protects some messages. `messages`: their names, or "*" for all that have the signals."""

    messages: list[str] | Literal["*"]
    checksum: Checksum | None = None
    counter: Counter | None = None
    e2e: dict[str, Any] | None = None  # fields of e2e.Protection; `length` and `deadline_s` come from the DBC if absent


def rules_for(message: Message, rules: list[Rule]) -> list[Rule]:
    """The rules that hold for `message`: those that name it, else those for all, else what the DBC says."""
    named = [r for r in rules if r.messages != "*" and message.name in r.messages]
    if named:
        return named
    has = {s.name for s in message.signals}
    general = [
        r
        for r in rules
        if r.messages == "*" and r.e2e is None and {p.signal for p in (r.checksum, r.counter) if p} <= has
    ]
    profile = str(message.attributes.get("E2EProfile", ""))
    if not general and profile in set(e2e.Profile):
        own = {
            "profile": profile,
            "data_id": message.attributes.get("E2EDataId", 0),
            "offset": message.attributes.get("E2EOffset", 0),
        }
        return [Rule(messages=[message.name], e2e=own)]
    return general


def compile_checks(message: Message, rules: list[Rule]) -> Check | None:
    """One function for all checks that `rules` ask of `message`; None where they ask none. BadCheck."""
    checks: list[Check] = []
    for rule in rules_for(message, rules):
        if rule.e2e is not None:
            checks.append(e2e.Receiver(_protection(message, rule.e2e)).receive)
        if rule.checksum:
            checks.append(_checksum_check(message, rule.checksum))
        if rule.counter:
            checks.append(_CounterCheck(message, rule.counter).check)
    if len(checks) < 2:
        return checks[0] if checks else None

    def check_all(data: bytes, time_ns: int) -> bool:
        results = [check(data, time_ns) for check in checks]  # each must see every frame, also after a failure
        return all(results)

    return check_all


def compile_protect(message: Message, rules: list[Rule]) -> Protect | None:
    """A function that protects a frame as `rules` ask for; None where they ask nothing. BadCheck."""
    steps: list[Protect] = []
    for rule in rules_for(message, rules):
        if rule.e2e is not None:
            steps.append(_end_to_end(_protection(message, rule.e2e)))
        if rule.counter:
            steps.append(_counting(_integer(message, rule.counter.signal), message.length))
        if rule.checksum:
            steps.append(_checksum_writer(message, rule.checksum))

    def protect(data: bytearray) -> None:
        for step in steps:
            step(data)

    return protect if steps else None


def _protection(message: Message, own: dict[str, Any]) -> e2e.Protection:
    deadline = message.cycle_s * _DEADLINE_CYCLES if message.cycle_s else _DEADLINE_S
    try:
        return msgspec.convert({"length": message.length, "deadline_s": deadline} | own, e2e.Protection)
    except (msgspec.ValidationError, ValueError) as error:
        raise BadCheck(f"{message.name}: {error}") from None


def _end_to_end(protection: e2e.Protection) -> Protect:
    layout = e2e._LAYOUTS[protection.profile]
    at, size = protection.offset + layout.counter_at, layout.counter_bytes
    last = bytearray(protection.length)

    def protect(data: bytearray) -> None:
        # `e2e.protect` counts on from what stands in the data: that must be the counter of the frame before.
        if size:
            data[at : at + size] = last[at : at + size]
        else:
            data[at] = data[at] & 0xF0 | last[at] & 0x0F
        e2e.protect(protection, data)
        last[:] = data[: len(last)]

    return protect


def _integer(message: Message, name: str) -> BusSignal:
    try:
        signal = message.signal(name)
    except KeyError:
        raise BadCheck(f"{message.name} has no signal {name}") from None
    if signal.is_float or signal.signed:
        raise BadCheck(f"{message.name}.{name} must be an unsigned integer")
    return signal


def reader(signal: BusSignal, length: int) -> Callable[[bytes], int]:
    """A function from a frame's data to the raw value of `signal`."""
    source = Source(signal.name)
    name = source.extract(1, [signal], length)[signal.name]
    source.add(1, f"return {name}")
    function: Callable[[bytes], int] = source.function("d")
    return function


def write_raw(data: bytearray, signal: BusSignal, raw: int) -> None:
    """Put an unsigned raw value into its bits of `data`, in place."""
    first, end = signal.bytes_spanned
    order: Literal["big", "little"] = "big" if signal.big_endian else "little"
    mask = (1 << signal.length) - 1
    old = int.from_bytes(data[first:end], order) & ~(mask << signal.shift)
    data[first:end] = (old | (raw & mask) << signal.shift).to_bytes(end - first, order)


class _CounterCheck:
    def __init__(self, message: Message, rule: Counter) -> None:
        signal = _integer(message, rule.signal)
        self._length = message.length
        self._read = reader(signal, message.length)
        self._modulus = 1 << signal.length
        self._rule = rule
        self._last: int | None = None
        self._repeats = 0

    def check(self, data: bytes, time_ns: int) -> bool:
        if len(data) < self._length:
            return False
        counter = self._read(data[: self._length])
        last, self._last = self._last, counter
        if last is None:
            return True
        moved = (counter - last) % self._modulus
        if moved == 0:
            self._repeats += 1
            return self._repeats <= self._rule.max_repeats
        self._repeats = 0
        return moved <= self._rule.max_delta


def _counting(signal: BusSignal, length: int) -> Protect:
    state = [0]

    def count(data: bytearray) -> None:
        write_raw(data, signal, state[0])
        state[0] = (state[0] + 1) % (1 << signal.length)

    return count


def _checksum_check(message: Message, rule: Checksum) -> Check:
    signal, compute = _checksum(message, rule)
    length, can_id, read = message.length, message.can_id, reader(signal, message.length)

    def check(data: bytes, time_ns: int) -> bool:
        return len(data) == length and read(data) == compute(can_id, data)

    return check


def _checksum_writer(message: Message, rule: Checksum) -> Protect:
    signal, compute = _checksum(message, rule)

    def write(data: bytearray) -> None:
        write_raw(data, signal, compute(message.can_id, data))

    return write


def _checksum(message: Message, rule: Checksum) -> tuple[BusSignal, Callable[[int, bytes | bytearray], int]]:
    signal = _integer(message, rule.signal)
    first, bits, compute = _ALGORITHMS[rule.algorithm]
    at = (signal.bytes_spanned[0] if first >= 0 else signal.bytes_spanned[1] - 1 - message.length, signal.length)
    if at != (first, bits) or signal.bytes_spanned[1] - signal.bytes_spanned[0] != max(1, bits // 8):
        where = "first" if first >= 0 else "last"
        raise BadCheck(f"{rule.algorithm} needs {bits} bits in the {where} byte of {message.name}, not {rule.signal}")
    return signal, compute


def _toyota(can_id: int, data: bytes | bytearray) -> int:
    """Sum of length, identifier and all bytes but the last."""
    return (len(data) + (can_id & 0xFF) + (can_id >> 8) + sum(data) - data[-1]) & 0xFF


def _subaru(can_id: int, data: bytes | bytearray) -> int:
    """Sum of the identifier and all bytes but the first."""
    return (sum(can_id.to_bytes(4, "big")) + sum(data) - data[0]) & 0xFF


def _honda(can_id: int, data: bytes | bytearray) -> int:
    """Sum of all half bytes of identifier and data but the last, negated."""
    digits = can_id.to_bytes(4, "big") + data
    total = sum(byte >> 4 for byte in digits) + sum(byte & 0xF for byte in digits[:-1])
    return (8 - total + (3 if can_id > 0x7FF else 0)) & 0xF


def _crc8_j1850(can_id: int, data: bytes | bytearray) -> int:
    """CRC-8 SAE J1850 over all bytes but the last (Chrysler, Jeep, Ram)."""
    return crc.calculate_crc8(bytes(data[:-1]))


_CANFD_FINAL = {8: 0x5F29, 16: 0x041D, 24: 0x819D, 32: 0x9F5B}


def _hyundai_canfd(can_id: int, data: bytes | bytearray) -> int:
    """CRC-16 with polynomial 0x1021 from 0 over the data behind the checksum and the identifier's two bytes."""
    value = 0
    for byte in bytes(data[2:]) + (can_id & 0xFFFF).to_bytes(2, "little"):
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return value ^ _CANFD_FINAL.get(len(data), 0)


# Name → the checksum's first byte (negative: from the end), its bits, and how it is computed.
_ALGORITHMS: dict[str, tuple[int, int, Callable[[int, bytes | bytearray], int]]] = {
    "toyota": (-1, 8, _toyota),
    "honda": (-1, 4, _honda),
    "subaru": (0, 8, _subaru),
    "crc8-j1850": (-1, 8, _crc8_j1850),
    "hyundai-canfd": (0, 16, _hyundai_canfd),
}
