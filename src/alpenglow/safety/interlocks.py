"""Interlocks: what nobody may move in which situation. The table is `interlocks.toml`; this reads and applies it.

Rules that always hold:
- a condition's input that is not valid, or not of the kind the test expects, counts as the dangerous side; only a test
  that says `unheard = false` lets a signal pass of which nobody has ever said anything;
- nothing is cached between two questions: the answer comes from the readings at that moment.
"""

from collections.abc import Callable, Iterable
from math import inf

import msgspec

from alpenglow.fabric.tables import read_table
from alpenglow.signals import Catalogue, Kind, Quality, Reading, UnknownSignal, Value

type Read = Callable[[str], Reading]


class InterlockError(ValueError):
    """The table cannot be used; the text says which entry is wrong."""


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One look at one signal, or at all that a pattern names. Exactly one of the four comparisons is given."""

    signal: str
    is_: bool | str | None = msgspec.field(name="is", default=None)
    beyond: float | None = None
    above: float | None = None
    below: float | None = None
    unheard: bool = True  # what counts while nobody has ever said anything

    def holds(self, reading: Reading) -> bool:
        """Whether `reading` lies on the dangerous side, or does not prove that it is on the other."""
        if reading.age_s == inf:
            return self.unheard
        value = reading.value
        if reading.quality is not Quality.VALID or value is None:
            return True
        if self.is_ is not None:
            return type(value) is not type(self.is_) or value == self.is_
        if isinstance(value, bool) or not isinstance(value, int | float):
            return True
        # Written as "not proven safe", so that NaN is on the dangerous side.
        if self.beyond is not None:
            return not -self.beyond <= value <= self.beyond
        if self.above is not None:
            return not value <= self.above
        return not value >= (inf if self.below is None else self.below)


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A situation; it holds when any of its tests does."""

    means: str
    any_: list[Criterion] = msgspec.field(name="any")


class Forbidden(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Paths and the values that they must not take; without a value's description, any."""

    paths: list[str]
    without: list[str] = []
    values: list[bool | int | float | str] | None = None
    but: list[bool | int | float | str] | None = None
    above: float | None = None
    below: float | None = None

    def covers(self, value: Value) -> bool:
        """Whether `value` (type-checked) is one of those forbidden."""
        if self.values is not None:
            return value in self.values
        if self.but is not None:
            return value not in self.but
        if self.above is not None:
            return not (isinstance(value, int | float) and value <= self.above)
        if self.below is not None:
            return not (isinstance(value, int | float) and value >= self.below)
        return True


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One interlock: refuses what `forbids` names while all conditions in `when` hold."""

    id: str
    when: list[str]
    forbids: list[Forbidden]
    says: str
    source: str


class Interlocks:
    """The table, made ready for one car's catalogue."""

    def __init__(self, conditions: dict[str, Condition], rules: list[Rule], catalogue: Catalogue) -> None:
        """InterlockError where an entry contradicts itself or the catalogue."""
        _check(conditions, rules)
        self.conditions, self.rules = conditions, rules
        self._tests = {name: _resolve(c.any_, catalogue) for name, c in conditions.items()}
        self._guards: dict[str, list[tuple[Rule, Forbidden]]] = {}
        for rule in rules:
            for forbidden in rule.forbids:
                spared = set(_paths(forbidden.without, catalogue))
                for path in _paths(forbidden.paths, catalogue):
                    if path not in spared and catalogue[path].kind is Kind.ACTUATOR:
                        self._guards.setdefault(path, []).append((rule, forbidden))

    def forbids(self, path: str, value: Value, read: Read) -> Rule | None:
        """The first rule that forbids setting `path` to `value` as things are now, or None.

        `value` has passed `check_value`; `read` gives the reading of any path now.
        """
        for rule, forbidden in self._guards.get(path, ()):
            if forbidden.covers(value) and all(self.holds(name, read) for name in rule.when):
                return rule
        return None

    def holds(self, condition: str, read: Read) -> bool:
        """Whether the condition of that name holds now."""
        return any(test.holds(read(path)) for test, path in self._tests[condition])

    def guarded(self) -> dict[str, list[Rule]]:
        """Every actuator that some rule names, with its rules."""
        return {path: [rule for rule, _ in guards] for path, guards in self._guards.items()}


def load_interlocks(catalogue: Catalogue, text: str | None = None) -> Interlocks:
    """The interlocks in `text` (TOML; default: Alpenglow's own table). InterlockError says what is wrong."""
    table = read_table(__package__, "interlocks.toml", _Table, InterlockError, text)
    return Interlocks(table.condition, table.rule, catalogue)


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    condition: dict[str, Condition]
    rule: list[Rule]


def _check(conditions: dict[str, Condition], rules: list[Rule]) -> None:
    for name, condition in conditions.items():
        if not condition.any_:
            raise InterlockError(f"condition {name}: it has no test and could never hold")
        for test in condition.any_:
            given = (test.is_, test.beyond, test.above, test.below)
            if sum(x is not None for x in given) != 1:
                raise InterlockError(f"condition {name}: {test.signal} needs exactly one of is, beyond, above, below")
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise InterlockError(f"rule {rule.id}: there are two of that id")
        seen.add(rule.id)
        if not rule.when or not rule.forbids or not rule.says.strip() or not rule.source.strip():
            raise InterlockError(f"rule {rule.id}: when, forbids, says and source must not be empty")
        for name in rule.when:
            if name not in conditions:
                raise InterlockError(f"rule {rule.id}: there is no condition {name!r}")
        for forbidden in rule.forbids:
            chosen = (forbidden.values, forbidden.but, forbidden.above, forbidden.below)
            if sum(x is not None for x in chosen) > 1:
                raise InterlockError(f"rule {rule.id}: {forbidden.paths[0]} needs one of values, but, above, below")


def _paths(patterns: Iterable[str], catalogue: Catalogue) -> list[str]:
    """What the patterns name in this catalogue. A car whose catalogue lacks such a part needs no rule for it."""
    found: dict[str, None] = {}
    for pattern in patterns:
        try:
            found.update((catalogue.signals[i].path, None) for i in catalogue.match(pattern))
        except UnknownSignal:
            continue
    return list(found)


def _resolve(tests: Iterable[Criterion], catalogue: Catalogue) -> list[tuple[Criterion, str]]:
    """Each test with each path it looks at; an input that the catalogue lacks could never be proven safe."""
    resolved: list[tuple[Criterion, str]] = []
    for test in tests:
        paths = _paths([test.signal], catalogue)
        if not paths and test.unheard:
            raise InterlockError(f"the catalogue has no {test.signal}, on which interlocks depend")
        resolved += [(test, path) for path in paths]
    return resolved
