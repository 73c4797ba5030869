"""The live path: frames in, samples of catalogue signals out.

For each mapped message one function is generated that takes the raw values out of the data, scales them, proves them
against the catalogue and builds the samples. A range test that the bits cannot fail is not in it. What no mapping
names costs one look-up.

Rules that always hold:
- a sample is VALID only if its frame passed its checks and its value is one that the catalogue allows;
- a value that the bus marks as unavailable, that no entry of a value table covers or that is out of range becomes
  INVALID: the last number must not stand for it.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from alpenglow.signals import Catalogue, Quality, Sample, Signal, Value
from alpenglow.vehicle.checks import Check, compile_checks
from alpenglow.vehicle.codec import Source, fitting, physical
from alpenglow.vehicle.dbc import BusSignal, Dbc, Message
from alpenglow.vehicle.expression import FAILURES, names
from alpenglow.vehicle.frames import EXTENDED, Frame
from alpenglow.vehicle.mapping import BusMapping, Feed, MappingError, one_source_each

# A value table's words for "this is no value", without case and punctuation.
_NO_VALUE = frozenset(("sna", "signalnotavailable", "notavailable", "unavailable", "invalid", "signalinvalid", "error"))
_INTEGERS = {f"{sign}int{bits}": (sign, bits) for sign in ("", "u") for bits in (8, 16, 32, 64)}
_FLOAT_MAX = {"float": 3.4028234663852886e38, "double": 1.7976931348623157e308}
_REMEMBERED = 4096  # identifiers; more than any bus has, less than a flood of random ones would fill memory with
_LONG_AGO = -(1 << 62)


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
        self._states: list[list[Any]] = [[_LONG_AGO, None] for _ in feeds]
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
            writer = _Feed(source, self._message, feed, self._signals[number], self._states[number], raws)
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
            for name in _inputs(feed):
                for multiplexer, _ in self._message.conditions(self._message.signal(name)):
                    wanted[multiplexer.name] = None
                wanted[name] = None
            wanted |= {name: None for name, _ in feed.when}
        return list(wanted)


def _inputs(feed: Feed) -> list[str]:
    """The bus signals whose values make the feed's."""
    if feed.formula is None:
        return [feed.signal] if feed.signal else []
    return [n if n != "x" or feed.signal is None else feed.signal for n in feed.formula.variables]


class _Feed:
    """Writes the lines of one feed into a generated function."""

    def __init__(
        self, source: Source, message: Message, feed: Feed, signal: Signal, state: list[Any], raws: dict[str, str]
    ) -> None:
        self.source = source
        self.message = message
        self.feed = feed
        self.signal = signal
        self.state = state
        self.raws = raws
        self.v = f"v{feed.index}"

    def write(self, depth: int) -> tuple[str, bool]:
        """Lines that compute the value; returns the sample's expression, and whether the lines themselves append it.

        They do where the sample is not in every frame.
        """
        tests, known = self._conditions()
        if not known:
            return "", True  # a multiplexer is cut off: whether the value is in the frame cannot be said
        inside = depth
        if tests:
            self.source.add(depth, f"if {' and '.join(tests)}:")
            inside += 1
        quality = self._value(inside)
        sample = f"new(S, ({self.feed.index}, {self.v}, {quality}, t))"
        due = self._due()
        if due:
            state = self.source.constant(self.state)
            self.source.add(inside, f"n = t - {state}[0]")
            self.source.add(inside, f"if {due.format(s=state, v=self.v)}:")
            inside += 1
            self.source.add(inside, f"{state}[0] = t; {state}[1] = {self.v}")
        if due or tests:
            self.source.add(inside, f"o.append({sample})")
            return "", True
        return sample, False

    def _conditions(self) -> tuple[list[str], bool]:
        tests: dict[str, None] = {}
        for name in _inputs(self.feed):
            for multiplexer, ids in self.message.conditions(self.message.signal(name)):
                if multiplexer.name not in self.raws:
                    return [], False
                tests[f"{self.raws[multiplexer.name]} in {self.source.constant(frozenset(ids))}"] = None
        for name, raw in self.feed.when:
            if name not in self.raws:
                return [], False
            tests[f"{self.raws[name]} == {raw}"] = None
        return list(tests), True

    def _due(self) -> str:
        """The condition, over state `s`, time passed `n` and value `v`, under which to publish; "" for always."""
        feed, limit = self.feed, self.signal.age_limit_s
        # A rate must not let a live value go stale: half the age limit leaves room for a lost frame.
        most = int(limit * 1e9 / 2) if limit else None
        interval = feed.interval_ns if most is None else min(feed.interval_ns, most)
        if not interval and not feed.on_change:
            return ""
        changed = "({v} is None) is not ({s}[1] is None)"
        if not feed.on_change:
            return f"n >= {interval} or n < 0 or {changed}"
        refresh = f" or n >= {most}" if most is not None else ""
        return f"n >= {interval} and {{v}} != {{s}}[1] or n < 0 or {{s}}[0] == {_LONG_AGO} or {changed}{refresh}"

    def _value(self, depth: int) -> str:
        """Lines that set the value's variable; returns the expression of its quality."""
        inputs = [self.message.signal(n) for n in _inputs(self.feed)]
        if any(s.name not in self.raws for s in inputs):
            self.source.add(depth, f"{self.v} = None")
            return "INVALID"
        if self.feed.formula is not None:
            return self._formula(depth, inputs)
        [bus] = inputs
        raw = self.raws[bus.name]
        table = self._table(bus)
        if table is not None:
            get = self.source.constant({k: v for k, v in table.items() if k not in self.feed.invalid}.get)
            self.source.add(depth, f"{self.v} = {get}({raw})")
            return f"VALID if {self.v} is not None else INVALID"
        return self._linear(depth, bus, raw)

    def _table(self, bus: BusSignal) -> dict[int, Value] | None:
        """The value for each raw one, where the feed is a choice among few."""
        if self.feed.values is not None:
            return self.feed.values
        if self.signal.datatype != "boolean":
            return None
        low, high = bus.raw_range
        if bus.is_float or high - low > 255:
            return {}
        out: dict[int, Value] = {}
        for raw in range(low, high + 1):
            number = (raw * bus.scale + bus.offset) * self.feed.scale + self.feed.offset
            if number in (0, 1) and raw not in _no_value(self.message, bus):
                out[raw] = bool(number)
        return out

    def _linear(self, depth: int, bus: BusSignal, raw: str) -> str:
        text = physical(bus, raw)
        scale, offset = _whole(self.feed.scale), _whole(self.feed.offset)
        if scale != 1 or offset != 0:
            text = f"({text}) * {scale!r} + {offset!r}"
        integral = not bus.is_float and all(isinstance(x, int) for x in (bus.scale, bus.offset, scale, offset))
        low, high = self._limits()
        tests = []
        unknown = self.feed.invalid | _no_value(self.message, bus)
        if unknown:
            tests.append(f"{raw} not in {self.source.constant(unknown)}")
        above = _above(self.message, bus)
        if above is not None:
            tests.append(f"{raw} <= {above}")
        ends = [(r * bus.scale + bus.offset) * scale + offset for r in bus.raw_range]
        proven = not bus.is_float and all(map(math.isfinite, ends)) and low <= min(ends) and max(ends) <= high
        whole = self.signal.datatype in _INTEGERS
        if whole and not integral:
            if bus.is_float:
                tests.append(f"-1e19 < {self.v} < 1e19")  # neither infinite nor "not a number": it can be rounded
            self.source.add(depth, f"{self.v} = {text}")
            text = f"round({self.v})" if not bus.is_float else f"round({self.v}) if {tests.pop()} else None"
        elif not whole and integral:
            text = f"({text}) * 1.0"
        self.source.add(depth, f"{self.v} = {text}")
        if not proven:
            guard = f"{self.v} is not None and " if "None" in text else ""
            tests.append(f"{guard}{low!r} <= {self.v} <= {high!r}")
        if self.signal.allowed:
            tests.append(f"{self.v} in {self.source.constant(frozenset(self.signal.allowed))}")
        if not tests:
            return "VALID"
        self.source.add(depth, f"if not ({' and '.join(tests)}): {self.v} = None")
        return f"VALID if {self.v} is not None else INVALID"

    def _formula(self, depth: int, inputs: list[BusSignal]) -> str:
        assert self.feed.formula is not None
        values = {s.name: f"({physical(s, self.raws[s.name])})" for s in inputs}
        if self.feed.signal is not None:
            values["x"] = values.get(self.feed.signal, "0")
        tests = []
        for bus in inputs:
            unknown = _no_value(self.message, bus)
            if bus.name == self.feed.signal:
                unknown |= self.feed.invalid
            if unknown:
                tests.append(f"{self.raws[bus.name]} not in {self.source.constant(unknown)}")
            above = _above(self.message, bus)
            if above is not None:
                tests.append(f"{self.raws[bus.name]} <= {above}")
        add, v = self.source.add, self.v
        add(depth, "try:")
        add(depth + 1, f"{v} = {self.feed.formula.python(values)}")
        if self.signal.datatype == "boolean":
            add(depth + 1, f"{v} = {self.source.constant({0: False, 1: True}.get)}({v})")
        elif self.signal.datatype == "string":
            add(depth + 1, f"{v} = None")
        else:
            low, high = self._limits()
            add(depth + 1, f"{v} = {'round' if self.signal.datatype in _INTEGERS else 'float'}({v})")
            tests.append(f"{low!r} <= {v} <= {high!r}")
            if self.signal.allowed:
                tests.append(f"{v} in {self.source.constant(frozenset(self.signal.allowed))}")
        if tests:
            add(depth + 1, f"if not ({' and '.join(tests)}): {v} = None")
        add(depth, "except FAILURES:")
        add(depth + 1, f"{v} = None")
        return f"VALID if {v} is not None else INVALID"

    def _limits(self) -> tuple[float, float]:
        """Least and greatest value that the catalogue allows, as `check_value` does."""
        signal = self.signal
        if signal.datatype in _INTEGERS:
            sign, bits = _INTEGERS[signal.datatype]
            low, high = (0, 2**bits - 1) if sign == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
        else:
            most = _FLOAT_MAX.get(signal.datatype, _FLOAT_MAX["double"])
            low, high = -most, most
        if signal.allowed:
            return low, high
        return (
            low if signal.minimum is None else max(low, signal.minimum),
            high if signal.maximum is None else min(high, signal.maximum),
        )


def _whole(value: float) -> float | int:
    return int(value) if float(value).is_integer() and abs(value) < 2**53 else value


def _no_value(message: Message, bus: BusSignal) -> frozenset[int]:
    """Raw values that the value table calls by a word for "no value"."""
    return frozenset(
        raw for raw, label in bus.labels.items() if re.sub(r"[^a-z0-9]", "", label.casefold()) in _NO_VALUE
    )


def _above(message: Message, bus: BusSignal) -> int | None:
    """The greatest raw value that is a measurement, where SAE J1939-71 (5.1.4, table 1) reserves those above it."""
    if not message.j1939 or bus.signed or bus.is_float or bus.length not in (8, 16, 32) or bus.labels:
        return None
    return (0xFA << (bus.length - 8)) | ((1 << (bus.length - 8)) - 1)
