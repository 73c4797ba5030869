"""The table of what may be said unasked (`proactive.toml`), read and checked against one car's catalogue."""

import msgspec

from alpenglow.assistant.memory.words import Says
from alpenglow.fabric.tables import read_table
from alpenglow.signals import Catalogue, UnknownSignal
from alpenglow.signals.actions import Action, ActionError, checked_actions
from alpenglow.signals.conditions import All, Any, Compare, Condition, ConditionError, Not, check

_LEAST_COOLDOWN_S = 3600.0  # so that what was told last says how much was told in an hour


class RuleError(ValueError):
    """The table cannot be used; the text says which rule is wrong."""


class Number(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A reading that a sentence tells."""

    path: str
    scale: float = 1.0
    digits: int = 0


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much may be said."""

    apart_s: float
    an_hour: int
    calm_s: float
    safety_waits_s: float


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that may be said; see the table."""

    id: str
    when: Condition
    says: Says
    priority: int
    cooldown_s: float
    mute_s: float
    hold_s: float = 0.0
    each: tuple[str, ...] = ()
    number: Number | None = None
    offers: tuple[Action, ...] = ()
    needs: str = ""
    safety: bool = False

    def at(self, place: str) -> Condition:
        """The condition for one place of `each`."""
        return _placed(self.when, place)

    def offers_at(self, place: str) -> tuple[Action, ...]:
        """The offers for one place of `each`."""
        return tuple(Action(path=_path(action.path, place), value=action.value) for action in self.offers)

    def whole(self) -> Condition:
        """The condition for all places together."""
        return Any(of=tuple(self.at(place) for place in self.each)) if self.each else self.when


class Demanding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the driver's head is needed for the road."""

    any_: tuple[Condition, ...] = msgspec.field(name="any")


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    limits: Limits
    demanding: Demanding
    rule: tuple[Rule, ...]


def load_rules(catalogue: Catalogue, text: str | None = None) -> Table:
    """The table in `text` (TOML; default: Alpenglow's own). Raises RuleError."""
    table = read_table(__package__, "proactive.toml", Table, RuleError, text)
    seen: set[str] = set()
    for rule in table.rule:
        if rule.id in seen:
            raise RuleError(f"rule {rule.id}: there are two of that id")
        seen.add(rule.id)
        _check(rule, catalogue)
    for condition in table.demanding.any_:
        try:
            check(condition, catalogue)
        except ConditionError as error:
            raise RuleError(f"demanding: {error}") from None
    return table


def _check(rule: Rule, catalogue: Catalogue) -> None:
    try:
        for place in rule.each or ("",):
            check(rule.at(place), catalogue)
            if rule.offers:
                checked_actions(rule.offers_at(place), catalogue)
        if rule.number is not None:
            catalogue[rule.number.path]
        for sentence in rule.says.text().values():
            sentence.format_map({"where": "", "number": ""} if rule.number is not None else {"where": ""})
    except (ConditionError, ActionError, UnknownSignal) as error:
        raise RuleError(f"rule {rule.id}: {error}") from None
    except (KeyError, ValueError, IndexError) as error:
        raise RuleError(f"rule {rule.id}: a sentence asks for {error}, which the rule does not give") from None
    if not rule.safety and rule.cooldown_s < _LEAST_COOLDOWN_S:
        raise RuleError(f"rule {rule.id}: its cooldown is below an hour, which only safety may have")


def _placed(condition: Condition, place: str) -> Condition:
    match condition:
        case All(of=parts):
            return All(of=tuple(_placed(c, place) for c in parts))
        case Any(of=parts):
            return Any(of=tuple(_placed(c, place) for c in parts))
        case Not(of=inner):
            return Not(of=_placed(inner, place))
        case Compare(path=path):
            return msgspec.structs.replace(condition, path=_path(path, place))
    return condition


def _path(path: str, place: str) -> str:
    row, _, side = place.partition(".")
    return path.replace("{each}", place).replace("{each_row}", row).replace("{each_side}", side)
