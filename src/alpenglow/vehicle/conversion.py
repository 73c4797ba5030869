"""How one bus value becomes one value of the catalogue, as lines of a generated function.

What the bus marks as unavailable, what no entry of a value table covers and what the catalogue does not allow is None,
which makes the sample INVALID. A range test that the bits cannot fail is not written.
"""

import math
import re
from typing import Any

from alpenglow.signals import Signal, Value
from alpenglow.vehicle.codec import Source, physical
from alpenglow.vehicle.dbc import BusSignal, Message
from alpenglow.vehicle.mapping import Feed

# A value table's words for "this is no value", without case and punctuation.
_NO_VALUE = frozenset(("sna", "signalnotavailable", "notavailable", "unavailable", "invalid", "signalinvalid", "error"))
_INTEGERS = {f"{sign}int{bits}": (sign, bits) for sign in ("", "u") for bits in (8, 16, 32, 64)}
_FLOAT_MAX = {"float": 3.4028234663852886e38, "double": 1.7976931348623157e308}
LONG_AGO = -(1 << 62)  # ns; when a feed was last published that never was


def inputs(feed: Feed) -> list[str]:
    """The bus signals whose values make the feed's."""
    if feed.formula is None:
        return [feed.signal] if feed.signal else []
    return [n if n != "x" or feed.signal is None else feed.signal for n in feed.formula.variables]


class Conversion:
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
        for name in inputs(self.feed):
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
        return f"n >= {interval} and {{v}} != {{s}}[1] or n < 0 or {{s}}[0] == {LONG_AGO} or {changed}{refresh}"

    def _value(self, depth: int) -> str:
        """Lines that set the value's variable; returns the expression of its quality."""
        sources = [self.message.signal(n) for n in inputs(self.feed)]
        if any(s.name not in self.raws for s in sources):
            self.source.add(depth, f"{self.v} = None")
            return "INVALID"
        if self.feed.formula is not None:
            return self._formula(depth, sources)
        [bus] = sources
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
            if number in (0, 1) and raw not in _no_value(bus):
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
        unknown = self.feed.invalid | _no_value(bus)
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

    def _formula(self, depth: int, sources: list[BusSignal]) -> str:
        assert self.feed.formula is not None
        values = {s.name: f"({physical(s, self.raws[s.name])})" for s in sources}
        if self.feed.signal is not None:
            values["x"] = values.get(self.feed.signal, "0")
        tests = []
        for bus in sources:
            unknown = _no_value(bus)
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


def _no_value(bus: BusSignal) -> frozenset[int]:
    """Raw values that the value table calls by a word for "no value"."""
    return frozenset(
        raw for raw, label in bus.labels.items() if re.sub(r"[^a-z0-9]", "", label.casefold()) in _NO_VALUE
    )


def _above(message: Message, bus: BusSignal) -> int | None:
    """The greatest raw value that is a measurement, where SAE J1939-71 (5.1.4, table 1) reserves those above it."""
    if not message.j1939 or bus.signed or bus.is_float or bus.length not in (8, 16, 32) or bus.labels:
        return None
    return (0xFA << (bus.length - 8)) | ((1 << (bus.length - 8)) - 1)
