"""The rules of whoever offers a catalogue, in TOML: when to ask first, what never to do, what to do as well.

    [[rule]]
    id = "011"
    tool = "set_air_conditioning"                      # or "*", with `marked`: words that its description begins with
    when = ["arguments.on == true"]                    # all must hold
    unless = []                                        # and none of these
    block = "…" | confirm = "…" | inform = "…"         # what is said; {reader.field} is put in
    also = [{tool = "set_fan_speed", arguments = {level = 1}, when = ["get_climate_settings.fan_speed == 0"]}]

A condition is `LEFT OPERATOR RIGHT`: `arguments.NAME`, `READER.FIELD` (a value that a reading tool tells), a number or
a word; operators == != < <= > >= in (words after it, separated by spaces), includes, lacks, and `apart >` (by how much
two numbers differ). One whose value is not known is neither true nor false: then nothing is done, and that is said.
"""

import re
import tomllib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec

from alpenglow.assistant.tools.catalogue import Call, CatalogueProblem

type Look = Callable[[str, str], Awaitable[Any]]  # reader, field → value; UNKNOWN

UNKNOWN = "unknown"  # what a result says of a value that it cannot tell


class NotKnown(Exception):
    """A value that a rule or a wish depends on cannot be read. `what`: the field."""

    def __init__(self, reader: str, field: str) -> None:
        super().__init__(f"{reader}.{field}")
        self.reader, self.field = reader, field


class Also(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A further call. `prefer`: where the person prefers another value for such a case, take that one."""

    tool: str
    arguments: dict[str, Any]
    when: tuple[str, ...] = ()
    prefer: bool = False


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule; the module's text says how it is written."""

    id: str
    tool: str
    marked: str = ""
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    block: str = ""
    confirm: str = ""
    inform: str = ""
    also: tuple[Also, ...] = ()


class Preferences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a person's preferences, in their own words, can be read."""

    tool: str
    arguments: dict[str, Any] = {}


class Policies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All rules for a catalogue. `reads`: what a reading tool is asked with; `$name` is taken from the context."""

    rule: tuple[Rule, ...] = ()
    reads: dict[str, dict[str, Any]] = {}
    preferences: Preferences | None = None


def load_policies(file: Path) -> Policies:
    """Raises CatalogueProblem for a file that cannot be read as rules."""
    try:
        policies = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Policies)
        for rule in policies.rule:
            for condition in (*rule.when, *rule.unless, *(c for a in rule.also for c in a.when)):
                _parsed(condition)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError, CatalogueProblem) as error:
        raise CatalogueProblem(f"{file.name}: {error}") from None
    return policies


async def holds(condition: str, call: Call, look: Look) -> bool:
    """Whether a condition is true now; NotKnown where that cannot be told."""
    left, operator, right = _parsed(condition)
    a = await _value(left, call, look)
    if operator == "in":
        return str(a).casefold() in right.casefold().split()
    b = await _value(right.partition(" > ")[0] if operator == "apart" else right, call, look)
    match operator:
        case "==":
            return bool(_plain(a) == _plain(b))
        case "!=":
            return bool(_plain(a) != _plain(b))
        case "includes" | "lacks":
            return (str(b).casefold() in re.split(r"[_\W]+", str(a).casefold())) is (operator == "includes")
        case "apart":
            return abs(_number(a) - _number(b)) > float(right.partition(" > ")[2])
    x, y = _number(a), _number(b)
    return {"<": x < y, "<=": x <= y, ">": x > y, ">=": x >= y}[operator]


async def fill_in(text: str, call: Call, look: Look) -> str:
    """What a rule says, with the values it names; "?" for one that is not known."""
    for name in re.findall(r"\{([\w.]+)\}", text):
        try:
            value = await _value(name, call, look)
        except NotKnown:
            value = "?"
        text = text.replace(f"{{{name}}}", str(value).replace("_", " "))
    return text


def _parsed(condition: str) -> tuple[str, str, str]:
    found = re.fullmatch(r"([\w.]+) (==|!=|<=|>=|<|>|in|includes|lacks|apart) (.+)", condition)
    if found is None or (found[2] == "apart" and not re.fullmatch(r"\S+ > [\d.]+", found[3])):
        raise CatalogueProblem(f"{condition!r}: a condition is LEFT OPERATOR RIGHT, with spaces between")
    return found[1], found[2], found[3]


async def _value(name: str, call: Call, look: Look) -> Any:
    first, dot, rest = name.partition(".")
    if first == "arguments" and dot:
        return call.arguments.get(rest)
    if dot and not re.fullmatch(r"-?[\d.]+", name):
        value = await look(first, rest)
        if value is None or value == UNKNOWN:
            raise NotKnown(first, rest)
        return value
    try:
        return float(name)
    except ValueError:
        return {"true": True, "false": False}.get(name, name)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.casefold()
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")
