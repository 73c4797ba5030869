"""Mapping files: which bus signal feeds which signal of the catalogue, and which one actuates it.

Our own form is JSON:

    {"signals": [{"path": "Vehicle.Speed", "message": "ESP_01", "signal": "SPEED", "scale": 3.6}],
     "actuators": [{"path": "Vehicle.Cabin.DomeLight", …}],
     "checks": [{"messages": ["ESP_01"], "checksum": {"algorithm": "toyota"}}]}

`docs/add-a-car.md` explains every key; the structs below are the whole form. The other form is the VSS tree with the
keys `dbc2vss` and `vss2dbc` that kuksa-can-provider reads; it is read as it is (`mapping_kuksa`).

A path has one source. A bus signal may feed any number of paths.
"""

from pathlib import Path
from typing import Annotated, Any

import msgspec

from alpenglow.signals import BadValue, Catalogue, Kind, UnknownSignal, Value, check_value
from alpenglow.signals.values import Scalar
from alpenglow.vehicle.checks import BadCheck, Rule, compile_checks
from alpenglow.vehicle.dbc import BusSignal, Dbc, Message
from alpenglow.vehicle.expression import BadFormula, Formula, parse_formula


class MappingError(ValueError):
    """A mapping file that cannot be used: one line that names file, place and reason."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of `signals` or `actuators` as it stands in the file."""

    path: str
    message: str
    signal: str | None = None  # the bus signal; not needed beside a formula
    formula: str | None = None  # over the message's signals by name; the entry's own signal is also called x
    scale: float = 1.0  # the catalogue's value is bus × scale + offset
    offset: float = 0.0
    values: dict[str, Scalar] | None = None  # bus label or physical number → the catalogue's value, for both ways
    invalid: list[str] = []  # bus labels or raw numbers that mean "no value"
    when: dict[str, int] = {}  # only while these signals of the message have these raw values
    interval_ms: Annotated[float, msgspec.Meta(ge=0)] = 0.0  # publish at most this often
    on_change: bool = False  # publish changes at once, and otherwise only as often as the age limit needs


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    signals: list[Entry] = []
    actuators: list[Entry] = []
    checks: list[Rule] = []


class Feed(msgspec.Struct, frozen=True):
    """A checked way from a message to a signal of the catalogue."""

    path: str
    index: int  # into Catalogue.signals
    message: str
    signal: str | None
    formula: Formula | None = None
    scale: float = 1.0
    offset: float = 0.0
    values: dict[int, Value] | None = None  # by raw value of `signal`
    invalid: frozenset[int] = frozenset()  # raw values
    when: tuple[tuple[str, int], ...] = ()
    interval_ns: int = 0
    on_change: bool = False
    place: str = ""  # "file: where in it", for messages to people


class Command(msgspec.Struct, frozen=True):
    """A checked way from a signal of the catalogue to one on the bus."""

    path: str
    message: str
    signal: str
    formula: Formula | None = None  # over `x`, the catalogue's value
    scale: float = 1.0
    offset: float = 0.0
    values: dict[Scalar, float] | None = None  # the catalogue's value → the physical one
    select: tuple[tuple[str, int], ...] = ()  # multiplexers and what they are set to, raw
    place: str = ""


class BusMapping(msgspec.Struct, frozen=True):
    """One bus's mapping, checked against its DBC and the catalogue."""

    name: str  # the file's
    feeds: tuple[Feed, ...] = ()
    commands: tuple[Command, ...] = ()
    checks: list[Rule] = []
    warnings: tuple[str, ...] = ()


def without(mapping: BusMapping, paths: frozenset[str]) -> BusMapping:
    """The mapping without the ways from and to these signals: this car does not have what they tell of."""
    return msgspec.structs.replace(
        mapping,
        feeds=tuple(feed for feed in mapping.feeds if feed.path not in paths),
        commands=tuple(command for command in mapping.commands if command.path not in paths),
    )


def load_mapping(path: Path, dbc: Dbc, catalogue: Catalogue) -> BusMapping:
    """The mapping file at `path`, or MappingError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MappingError(f"{path}: {error.strerror or error}") from None
    return parse_mapping(content, str(path), dbc, catalogue)


def parse_mapping(content: bytes, name: str, dbc: Dbc, catalogue: Catalogue) -> BusMapping:
    """The mapping in a file's `content`; `name` stands for it in errors."""
    try:
        tree = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise MappingError(f"{name}: is not JSON: {error}") from None
    if not isinstance(tree, dict):
        raise MappingError(f"{name}: must be a JSON object")
    if not {"signals", "actuators", "checks"} & tree.keys():
        from alpenglow.vehicle.mapping_kuksa import convert

        entries, commands, warnings = convert(tree, name, dbc, catalogue)
        return _checked(_Places(name, entries, commands, []), dbc, catalogue, warnings)
    try:
        file = msgspec.convert(tree, _File, strict=True)
    except msgspec.ValidationError as error:
        raise MappingError(f"{name}: {error}".replace(" - at `$.", ": at `")) from None
    entries = [(f"signals[{i}]", e) for i, e in enumerate(file.signals)]
    commands = [(f"actuators[{i}]", e) for i, e in enumerate(file.actuators)]
    return _checked(_Places(name, entries, commands, file.checks), dbc, catalogue, [])


class _Places(msgspec.Struct):
    name: str
    entries: list[tuple[str, Entry]]
    commands: list[tuple[str, Entry]]
    checks: list[Rule]


def _checked(file: _Places, dbc: Dbc, catalogue: Catalogue, warnings: list[str]) -> BusMapping:
    feeds: dict[str, Feed] = {}
    commands: dict[str, Command] = {}
    for place, entry in file.entries:
        where = f"{file.name}: {place}"
        feed = _feed(entry, where, dbc, catalogue)
        if feed.path in feeds:
            raise MappingError(f"{where}: {feed.path} has a source already, at {feeds[feed.path].place}")
        feeds[feed.path] = feed
    for place, entry in file.commands:
        where = f"{file.name}: {place}"
        command = _command(entry, where, dbc, catalogue)
        if command.path in commands:
            raise MappingError(f"{where}: {command.path} is actuated already, at {commands[command.path].place}")
        commands[command.path] = command
    for i, rule in enumerate(file.checks):
        _check_rule(rule, f"{file.name}: checks[{i}]", dbc)
    return BusMapping(file.name, tuple(feeds.values()), tuple(commands.values()), file.checks, tuple(warnings))


def _check_rule(rule: Rule, where: str, dbc: Dbc) -> None:
    names = [m.name for m in dbc.messages] if rule.messages == "*" else rule.messages
    try:
        if rule.messages == "*" and rule.e2e is not None:
            raise BadCheck("e2e needs the messages by name: each has its own data ID")
        for name in names:
            if name not in dbc.by_name:
                raise BadCheck(f"{dbc.name} has no message {name}")
            compile_checks(dbc.by_name[name], [rule])
    except BadCheck as error:
        raise MappingError(f"{where}: {error}") from None


def _message_of(entry: Entry, where: str, dbc: Dbc) -> Message:
    message = dbc.by_name.get(entry.message)
    if message is None:
        raise MappingError(f"{where}.message: {dbc.name} has no message {entry.message!r}")
    return message


def _bus_signal(message: Message, name: str, where: str) -> BusSignal:
    try:
        return message.signal(name)
    except KeyError:
        raise MappingError(f"{where}: {message.name} has no signal {name!r}") from None


def _formula(entry: Entry, where: str) -> Formula | None:
    if entry.formula is None:
        return None
    if entry.values is not None or entry.scale != 1 or entry.offset != 0:
        raise MappingError(f"{where}: a formula replaces scale, offset and values")
    try:
        return parse_formula(entry.formula)
    except BadFormula as error:
        raise MappingError(f"{where}.formula: {error}") from None


def _feed(entry: Entry, where: str, dbc: Dbc, catalogue: Catalogue) -> Feed:
    message = _message_of(entry, where, dbc)
    try:
        signal = catalogue[entry.path]
    except UnknownSignal as error:
        raise MappingError(f"{where}.path: {error}") from None
    if signal.datatype.endswith("[]"):
        raise MappingError(f"{where}.path: {signal.path} is a list, which one bus signal cannot be")
    formula = _formula(entry, where)
    source = _bus_signal(message, entry.signal, f"{where}.signal") if entry.signal is not None else None
    if source is None and formula is None:
        raise MappingError(f"{where}: needs a signal or a formula")
    for name in formula.variables if formula else ():
        if name != "x" or source is None:
            _bus_signal(message, name, f"{where}.formula")
    values = None
    if entry.values is not None and source is not None:
        values = {}
        for key, value in entry.values.items():
            try:
                values[_raw(source, key, f"{where}.values")] = check_value(signal, value)
            except BadValue as error:
                raise MappingError(f"{where}.values: {error}") from None
    elif formula is None and signal.datatype == "string" and source is not None:
        if not source.labels:
            raise MappingError(f"{where}: {signal.path} is text; say with values which")
        values = {raw: label for raw, label in source.labels.items() if not signal.allowed or label in signal.allowed}
    return Feed(
        path=signal.path,
        index=catalogue.index_of[signal.path],
        message=message.name,
        signal=source.name if source else None,
        formula=formula,
        scale=entry.scale,
        offset=entry.offset,
        values=values,
        invalid=frozenset(_raw(source, key, f"{where}.invalid") for key in entry.invalid) if source else frozenset(),
        when=tuple((_bus_signal(message, n, f"{where}.when").name, raw) for n, raw in entry.when.items()),
        interval_ns=int(entry.interval_ms * 1e6),
        on_change=entry.on_change,
        place=where,
    )


def _command(entry: Entry, where: str, dbc: Dbc, catalogue: Catalogue) -> Command:
    message = _message_of(entry, where, dbc)
    try:
        signal = catalogue[entry.path]
    except UnknownSignal as error:
        raise MappingError(f"{where}.path: {error}") from None
    if signal.kind is not Kind.ACTUATOR:
        raise MappingError(f"{where}.path: {signal.path} is a {signal.kind}, not an actuator")
    if entry.signal is None:
        raise MappingError(f"{where}: needs a signal")
    target = _bus_signal(message, entry.signal, f"{where}.signal")
    formula = _formula(entry, where)
    if formula and set(formula.variables) - {"x"}:
        raise MappingError(f"{where}.formula: an actuator's formula knows only x")
    if entry.scale == 0:
        raise MappingError(f"{where}.scale: must not be 0")
    values: dict[Scalar, float] | None = None
    if entry.values is not None:
        values = {}
        for key, value in entry.values.items():
            raw = _raw(target, key, f"{where}.values")
            values.setdefault(value, raw * target.scale + target.offset)
    elif signal.datatype == "string" and target.labels:
        values = {label: raw * target.scale + target.offset for raw, label in target.labels.items()}
    if signal.datatype == "string" and not values:
        raise MappingError(f"{where}: {signal.path} is text; say with values which number stands for which")
    select = [(m.name, ids[0]) for m, ids in message.conditions(target) if ids]
    select += [(_bus_signal(message, n, f"{where}.when").name, raw) for n, raw in entry.when.items()]
    return Command(
        path=signal.path,
        message=message.name,
        signal=target.name,
        formula=formula,
        scale=entry.scale,
        offset=entry.offset,
        values=values,
        select=tuple(select),
        place=where,
    )


def _raw(signal: BusSignal, key: str, where: str) -> int:
    """The raw value that `key` stands for: a label of the value table or a physical number."""
    for raw, label in signal.labels.items():
        if label == key:
            return raw
    try:
        physical = float(key)
        raw = round((physical - signal.offset) / signal.scale)
    except (ValueError, ArithmeticError):
        labels = ", ".join(list(signal.labels.values())[:8]) or "none"
        raise MappingError(f"{where}: {key!r} is no number and no label of {signal.name} (labels: {labels})") from None
    low, high = signal.raw_range
    if (
        signal.is_float
        or not low <= raw <= high
        or abs(raw * signal.scale + signal.offset - physical) > 1e-6 * abs(signal.scale)
    ):
        raise MappingError(f"{where}: {signal.name} cannot be {key}")
    return raw


def one_source_each(mappings: dict[str, BusMapping]) -> None:
    """MappingError where two buses feed the same path, or both actuate it."""
    seen: dict[tuple[str, str], Any] = {}
    for mapping in mappings.values():
        ways = [("source", w) for w in mapping.feeds] + [("actuation", w) for w in mapping.commands]
        for what, way in ways:
            other = seen.setdefault((what, way.path), way)
            if other is not way:
                raise MappingError(f"{way.place}: {way.path} has its {what} at {other.place} already")
