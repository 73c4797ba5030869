"""The live path: frames in, samples of catalogue signals out.

For each mapped message one function is generated that takes the raw values out of the data, scales them, proves them
against the catalogue and builds the samples. A range test that the bits cannot fail is not in it. What no mapping
names costs one look-up.

Rules that always hold:
- a sample is VALID only if its frame passed its checks and its value is one that the catalogue allows;
- a value that the bus marks as unavailable, that no entry of a value table covers or that is out of range becomes
  INVALID: the last number must not stand for it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from alpenglow.signals import Catalogue, Quality, Sample
from alpenglow.vehicle.checks import Check, compile_checks
from alpenglow.vehicle.codec import Source, fitting
from alpenglow.vehicle.conversion import LONG_AGO, Conversion, inputs
from alpenglow.vehicle.dbc import Dbc, Message
from alpenglow.vehicle.expression import FAILURES, names
from alpenglow.vehicle.frames import EXTENDED, Frame
from alpenglow.vehicle.mapping import BusMapping, Feed, MappingError, one_source_each

_REMEMBERED = 4096  # identifiers; more than any bus has, less than a flood of random ones would fill memory with


class _Handler(Protocol):
    def __call__(self, data: bytes, time_ns: int, /) -> list[Sample]: ...


class Decoder:
    """Turns frames into samples. Stateful (counters, rates) and not thread-safe: one per process and set of buses."""

    def __init__(self, buses: Mapping[str, Dbc], mappings: Mapping[str, BusMapping], catalogue: Catalogue) -> None:
        """`buses` and `mappings` by the bus's name, as frames carry it; MappingError where they do not fit."""
        one_source_each(dict(mappings))
        self.failures: Counter[str] = Counter()  # frames that failed their check, by "bus.message"
        self._handlers = {
            bus: _Handlers(dbc, _compile_bus(bus, dbc, mappings[bus], catalogue, self.failures))
            for bus, dbc in buses.items()
            if bus in mappings
        }

    def feed(self, frame: Frame) -> Sequence[Sample]:
        """The samples that `frame` carries; empty where nothing in it is mapped."""
        time_ns, channel, can_id, data, extended, _ = frame
        handlers = self._handlers.get(channel)
        if handlers is None:
            return ()
        handler = handlers[can_id | EXTENDED if extended else can_id]
        return () if handler is None else handler(data, time_ns)

    def feed_all(self, frames: Iterable[Frame]) -> list[Sample]:
        """The samples of all `frames`, in order."""
        samples: list[Sample] = []
        extend, buses = samples.extend, self._handlers
        for time_ns, channel, can_id, data, extended, _ in frames:
            if channel in buses:
                handler = buses[channel][can_id | EXTENDED if extended else can_id]
                if handler is not None:
                    extend(handler(data, time_ns))
        return samples


class _Handlers(dict[int, _Handler | None]):
    """Handlers by identifier (extended ones with bit 31); an identifier not seen before is resolved once."""

    def __init__(self, dbc: Dbc, by_message: Mapping[str, _Handler]) -> None:
        super().__init__()
        self._dbc = dbc
        self._by_message = by_message

    def __missing__(self, key: int) -> _Handler | None:
        message = self._dbc.find(key & ~EXTENDED, bool(key & EXTENDED))
        handler = self._by_message.get(message.name) if message else None
        if len(self) < _REMEMBERED:
            self[key] = handler
        return handler


def _compile_bus(
    bus: str, dbc: Dbc, mapping: BusMapping, catalogue: Catalogue, failures: Counter[str]
) -> dict[str, _Handler]:
    feeds: dict[str, list[Feed]] = {}
    for feed in mapping.feeds:
        if feed.message not in dbc.by_name:
            raise MappingError(f"{feed.place}: {dbc.name} has no message {feed.message!r}")
        feeds.setdefault(feed.message, []).append(feed)
    return {
        name: _CompiledMessage(f"{bus}.{name}", dbc.by_name[name], of_message, mapping, catalogue, failures).handler
        for name, of_message in feeds.items()
    }


class _CompiledMessage:
    """The generated functions of one mapped message, and the state they share."""

    def __init__(
        self,
        name: str,
        message: Message,
        feeds: list[Feed],
        mapping: BusMapping,
        catalogue: Catalogue,
        failures: Counter[str],
    ) -> None:
        self._name = name
        self._message = message
        self._feeds = feeds
        self._signals = [catalogue.signals[feed.index] for feed in feeds]
        self._failures = failures
        self._check: Check | None = compile_checks(message, mapping.checks)
        # When each feed was last published and with which value; only feeds with a rate use theirs.
        self._states: list[list[Any]] = [[LONG_AGO, None] for _ in feeds]
        self._by_length: dict[int, _Handler] = {}
        self.handler = self._compile(message.length, guarded=True)

    def _odd_length(self, data: bytes, time_ns: int) -> list[Sample]:
        """A frame that is shorter or longer than the DBC says: what it carries whole is decoded, the rest INVALID."""
        data = data[: self._message.length]
        if self._check and not self._check(data, time_ns):
            return self._bad(time_ns)
        if len(data) not in self._by_length:
            self._by_length[len(data)] = self._compile(len(data), guarded=False)
        return self._by_length[len(data)](data, time_ns)

    def _bad(self, time_ns: int) -> list[Sample]:
        """What a frame that failed its check says: that nothing in it is known."""
        self._failures[self._name] += 1
        for state in self._states:
            state[1] = None
        return [Sample(feed.index, None, Quality.INVALID, time_ns) for feed in self._feeds]

    def _compile(self, length: int, *, guarded: bool) -> _Handler:
        present = {s.name: s for s in fitting(self._message, length)}
        source = Source(self._name)
        source.globals |= names() | {
            "new": tuple.__new__,
            "S": Sample,
            "VALID": Quality.VALID,
            "INVALID": Quality.INVALID,
            "FAILURES": FAILURES,
            "odd": self._odd_length,
            "bad": self._bad,
            "check": self._check,
            "len": len,
            "float": float,
        }
        if guarded:
            source.add(1, f"if len(d) {'!=' if length <= 8 else '<'} {length}: return odd(d, t)")
            if self._check:
                source.add(1, "if not check(d, t): return bad(t)")
        used = [present[n] for n in self._raws_needed() if n in present]
        raws = source.extract(1, used, length)
        always: list[str] = []
        later: list[tuple[int, str]] = []
        for number, feed in enumerate(self._feeds):
            writer = Conversion(source, self._message, feed, self._signals[number], self._states[number], raws)
            depth = 1
            body, source.lines = source.lines, []
            sample, conditional = writer.write(depth)
            lines, source.lines = source.lines, body
            if conditional:
                later += [(0, line) for line in lines]
            else:
                source.lines += lines
                always.append(sample)
        if not later:
            source.add(1, f"return [{', '.join(always)}]")
        else:
            source.add(1, f"o = [{', '.join(always)}]")
            source.lines += [line for _, line in later]
            source.add(1, "return o")
        handler: _Handler = source.function("d, t")
        return handler

    def _raws_needed(self) -> list[str]:
        """Names of the bus signals that the feeds read, each once."""
        wanted: dict[str, None] = {}
        for feed in self._feeds:
            for name in inputs(feed):
                for multiplexer, _ in self._message.conditions(self._message.signal(name)):
                    wanted[multiplexer.name] = None
                wanted[name] = None
            wanted |= {name: None for name, _ in feed.when}
        return list(wanted)
