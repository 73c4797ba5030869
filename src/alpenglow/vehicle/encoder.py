"""Actuation: values of catalogue signals in, frames to be sent out."""

from collections.abc import Mapping

from alpenglow.signals import BadValue, Catalogue, Value, check_value
from alpenglow.vehicle.checks import compile_protect
from alpenglow.vehicle.codec import EncodeError, compile_encoder
from alpenglow.vehicle.dbc import Dbc, Message
from alpenglow.vehicle.expression import FAILURES
from alpenglow.vehicle.frames import FD_LENGTHS, Frame
from alpenglow.vehicle.mapping import BusMapping, Command, MappingError, one_source_each


class Packer:
    """Makes the frames of one message: bits, then counter and checksum. What an ECU sends with."""

    def __init__(
        self, bus: str, message: Message, mapping: BusMapping | None = None, *, saturate: bool = False
    ) -> None:
        """`mapping` says how the message is protected; `saturate` as in `codec.compile_encoder`."""
        self.bus = bus
        self.message = message
        self._encode = compile_encoder(message, saturate=saturate)
        self._protect = compile_protect(message, mapping.checks if mapping else [])
        length = message.length
        self._padding = next((n for n in FD_LENGTHS if n >= length), length) - length if message.fd else 0

    def pack(self, values: Mapping[str, float], time_ns: int = 0) -> Frame:
        """The next frame with these physical values by bus signal; EncodeError where one does not fit."""
        data = self._encode(values)
        if self._protect:
            self._protect(data)
        message = self.message
        padded = bytes(data) + bytes(self._padding)
        return Frame(time_ns, self.bus, message.can_id, padded, message.extended, message.fd)


class Encoder:
    """Writes actuators. One per process: it owns the counters of the messages it sends."""

    def __init__(self, buses: Mapping[str, Dbc], mappings: Mapping[str, BusMapping], catalogue: Catalogue) -> None:
        """`buses` and `mappings` by the bus's name; MappingError where they do not fit."""
        one_source_each(dict(mappings))
        self._catalogue = catalogue
        self._commands: dict[str, tuple[str, Command, Packer]] = {}
        self._held: dict[tuple[str, str], dict[str, float]] = {}
        packers: dict[tuple[str, str], Packer] = {}
        for bus, mapping in mappings.items():
            if bus not in buses:
                continue
            for command in mapping.commands:
                message = buses[bus].by_name.get(command.message)
                if message is None:
                    raise MappingError(f"{command.place}: {buses[bus].name} has no message {command.message!r}")
                key = (bus, message.name)
                if key not in packers:
                    packers[key] = Packer(bus, message, mapping)
                    self._held[key] = {}
                self._commands[command.path] = (bus, command, packers[key])

    @property
    def paths(self) -> frozenset[str]:
        """The actuators that some bus takes."""
        return frozenset(self._commands)

    def write(self, path: str, value: Value, time_ns: int = 0) -> list[tuple[str, Frame]]:
        """The frames that ask for `value`, each with its bus.

        Other signals of the frame hold their start value where the DBC gives one ("no request"), else what was
        last written. KeyError for a path that no bus takes, BadValue for a value that the signal or the bus cannot
        carry.
        """
        bus, command, packer = self._commands[path]
        physical = _physical(command, check_value(self._catalogue[path], value))
        message = packer.message
        held = self._held[bus, message.name]
        values = {**held, command.signal: physical}
        for name, raw in command.select:
            multiplexer = message.signal(name)
            values[name] = raw * multiplexer.scale + multiplexer.offset
        try:
            frame = packer.pack(values, time_ns)
        except EncodeError as error:
            raise BadValue(f"{path}: {error}") from None
        if message.signal(command.signal).initial is None:
            held[command.signal] = physical
        return [(bus, frame)]


def _physical(command: Command, value: Value) -> float:
    if command.values is not None:
        if isinstance(value, list) or value not in command.values:
            known = ", ".join(map(str, command.values))
            raise BadValue(f"{command.path} cannot be {value!r} on this car; it can be {known}")
        return command.values[value]
    if isinstance(value, str | list):
        raise BadValue(f"{command.path} cannot be {value!r} on this car")
    if command.formula is None:
        return (value - command.offset) / command.scale
    try:
        return float(command.formula.evaluate(x=value))
    except FAILURES:
        raise BadValue(f"{command.path} cannot be {value!r} on this car: {command.formula.text}") from None
