"""What one of the simulated car's CAN messages is made of, and the code that packs and unpacks it.

All signals are little-endian and unsigned; a negative range is reached by the offset. Where a signal's bits are all
ones the sender says "signal not available" (SNA), and in a command "leave this as it is". So every signal has one bit
pattern more than it has values, and a flag takes two bits.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

type Physical = float | str | bool | None  # None: not available

HEADER_BITS = 12  # AUTOSAR E2E profile 1: CRC-8 and a counter of four bits


class Form(StrEnum):
    """How a signal's number is read."""

    FLAG = "flag"
    NUMBER = "number"
    CHOICE = "choice"
    COLOUR = "colour"  # 24 bits of RGB: "#RRGGBB"


class Field(NamedTuple):
    """One signal of a message, before it has a place."""

    name: str
    form: Form
    bits: int
    paths: tuple[str, ...]  # VSS paths, without "Vehicle.", that it feeds
    scale: float = 1.0
    offset: float = 0.0
    unit: str = ""
    options: tuple[str, ...] = ()  # CHOICE: the raw values' names, from 0
    values: Mapping[str, float] = {}  # CHOICE: VSS value of each option where it is not its name
    settable: bool = False

    @property
    def sna(self) -> int:
        """The raw value that says "not available"."""
        return (1 << self.bits) - 1

    @property
    def high(self) -> float:
        """The largest physical value."""
        return self.offset + self.scale * (self.sna - 1)


def flag(name: str, *paths: str) -> Field:
    """A yes or no."""
    return Field(name, Form.FLAG, 2, paths)


def number(name: str, bits: int, *paths: str, scale: float = 1.0, offset: float = 0.0, unit: str = "") -> Field:
    """A quantity: raw · scale + offset."""
    return Field(name, Form.NUMBER, bits, paths, scale, offset, unit)


def choice(name: str, options: Sequence[str], *paths: str, values: Mapping[str, float] | None = None) -> Field:
    """One of several words."""
    return Field(name, Form.CHOICE, len(options).bit_length(), paths, options=tuple(options), values=values or {})


class Message(NamedTuple):
    """One frame on the bus."""

    name: str
    can_id: int
    sender: str
    cycle_ms: int  # 0: a command, sent on demand
    fields: tuple[Field, ...]
    protected: bool = False  # AUTOSAR E2E profile 1; the data ID is the CAN ID
    burst: bool = False  # sent at once with the others of its cycle

    def placed(self) -> list[tuple[Field, int]]:
        """Each field with its start bit."""
        at = HEADER_BITS if self.protected else 0
        places = []
        for field in self.fields:
            places.append((field, at))
            at += field.bits
        if at > 64:
            raise ValueError(f"{self.name} needs {at} bits; a CAN frame has 64")
        return places


def value_of(field: Field, raw: int) -> Physical:
    """What the bits say; None for SNA and for what has no meaning."""
    if raw == field.sna:
        return None
    if field.form is Form.FLAG:
        return bool(raw) if raw < 2 else None
    if field.form is Form.CHOICE:
        return field.options[raw] if raw < len(field.options) else None
    if field.form is Form.COLOUR:
        return f"#{raw:06X}" if raw < 1 << 24 else None
    return raw * field.scale + field.offset


def packer(message: Message) -> Callable[[Sequence[Physical]], bytearray]:
    """A function from the fields' values, in order, to eight bytes (the E2E header still empty).

    It is generated once per message: packing is most of what the simulated control units do.
    """
    lines = ["def pack(v):", " n = 0"]
    scope: dict[str, object] = {}
    for i, (field, at) in enumerate(message.placed()):
        top = field.sna - 1
        lines.append(f" x = v[{i}]")
        if field.form is Form.NUMBER:
            scope[f"k{i}"], scope[f"o{i}"] = 1.0 / field.scale, field.offset
            word = f"r if 0 <= (r := round((x - o{i}) * k{i})) <= {top} else (0 if r < 0 else {top})"
        elif field.form is Form.FLAG:
            word = "1 if x else 0"
        elif field.form is Form.CHOICE:
            scope[f"c{i}"] = {name: raw for raw, name in enumerate(field.options)}
            word = f"c{i}[x]"
        else:
            word = "int(x[1:], 16)"
        lines.append(f" n |= ({field.sna} if x is None else {word}) << {at}")
    lines.append(" return bytearray(n.to_bytes(8, 'little'))")
    exec("\n".join(lines), scope)  # the text is made of the constants above alone
    return scope["pack"]  # type: ignore[return-value]


def unpack(message: Message, data: bytes) -> dict[str, Physical]:
    """The fields of `data` that say something, by name."""
    bits = int.from_bytes(data[:8].ljust(8, b"\xff"), "little")
    found: dict[str, Physical] = {}
    for field, at in message.placed():
        value = value_of(field, bits >> at & field.sna)
        if value is not None:
            found[field.name] = value
    return found
