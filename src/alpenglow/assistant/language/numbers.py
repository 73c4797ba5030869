"""Numbers in words and digits: 21, twenty-one, einundzwanzig, 二十一; 19.5, nineteen and a half; two fifths, 三分之一.

The words of whole numbers come from Unicode's rule-based number format (CLDR), not from a list of ours.
"""

from collections.abc import Mapping, Sequence

import msgspec
from unicode_rbnf import RbnfEngine

from alpenglow.assistant.language.phrases import Unit
from alpenglow.assistant.language.text import Token

MOST = 400  # whole numbers are known in words up to here


class Number(msgspec.Struct, frozen=True):
    """A number that was said. `share`: it is a part of a whole, 0…1 ("half", "two fifths", "百分之二十")."""

    value: float
    share: bool = False


class NumberWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a language builds numbers out of numbers."""

    point: list[str] = []  # nineteen *point* five
    and_half: list[str] = []  # nineteen *and a half*
    denominators: dict[str, float] = {}  # fifth = 5
    shares: dict[str, float] = {}  # half = 0.5
    numbers: dict[str, float] = {}  # besides those that CLDR spells: a couple = 2
    parts: list[str] = []  # 三*分之*一: the whole comes first
    hundred_parts: list[str] = []  # *百分之*二十
    also: dict[str, str] = {}  # how people shorten the beginning of what CLDR spells: einhundert = hundert
    tenths: list[str] = []  # 三*成*
    short_hundreds: bool = False  # one twenty = 120


def spelled(language: str) -> Mapping[str, float]:
    """Whole numbers from 0 to MOST as people of this language write them out; {} where CLDR has no rules for it."""
    try:
        engine = RbnfEngine.for_language(language)
    except ValueError:
        return {}
    words: dict[str, float] = {}
    for number in range(MOST + 1):
        for text in {engine.format_number(number).text, *engine.format_number(number).text_by_ruleset.values()}:
            if not any(c.isdigit() for c in text) and text[0] not in "第初":  # ordinals, days of a month
                words.setdefault(text.replace("\u00ad", "").casefold(), float(number))
    return words


def of_digits(text: str) -> float | None:
    """The value of a token of digits: `19.5`, `19,5`, `1/2`."""
    if not text[0].isdigit() or ":" in text:
        return None
    for slash in "/⁄":
        if slash in text:
            above, below = text.split(slash)
            return float(above) / float(below) if float(below) else None
    return float(text.replace(",", "."))


def read_numbers(
    tokens: Sequence[Token], units: Sequence[Unit], *, short_hundreds: bool = False
) -> list[tuple[Unit, Number | None]]:
    """`units` with those that make one number together joined; the number beside each that is one."""
    parts = [(unit, _value(tokens, unit)) for unit in units]
    joined: list[tuple[Unit, Number | None]] = []
    at = 0
    while at < len(parts):
        if (half := _and_half(parts, at)) is not None:
            joined += [(parts[at][0], half), (parts[at + 1][0], None)]
            at += 3
            continue
        length, number = _hundreds(parts, at) if short_hundreds else (1, None)
        if number is None:
            length, number = _at(parts, at)
        unit = parts[at][0]
        if length > 1:
            last = parts[at + length - 1][0]
            unit = Unit(unit.start, last.end, " ".join(p[0].text for p in parts[at : at + length]), ())
        joined.append((unit, number))
        at += length
    return joined


def _and_half(parts: Sequence[tuple[Unit, float | None]], at: int) -> Number | None:
    """A minute *and a half*, two hours *and a half*: the half stands behind the unit."""
    if at + 1 >= len(parts) or not parts[at + 1][0].find("unit") or _is(parts, at + 2, "and_half") is None:
        return None
    first = parts[at][1] if parts[at][1] is not None else _is(parts, at, "weak-number")
    article = all(tag.kind == "stop" for tag in parts[at][0].tags) and bool(parts[at][0].tags)
    whole = 1.0 if article else first
    return None if whole is None else Number(whole + 0.5)


def _value(tokens: Sequence[Token], unit: Unit) -> float | None:
    for tag in unit.tags:
        if tag.kind == "number":
            return tag.value
    return of_digits(tokens[unit.start].text) if unit.end - unit.start == 1 else None


def _is(parts: Sequence[tuple[Unit, float | None]], at: int, kind: str) -> float | None:
    """The value of the tag of this kind at `at`, None where there is none."""
    if at < len(parts):
        for tag in parts[at][0].tags:
            if tag.kind == kind:
                return tag.value
    return None


def _hundreds(parts: Sequence[tuple[Unit, float | None]], at: int) -> tuple[int, Number | None]:
    """One twenty, two thirty-five: a hundred is left out."""
    first = parts[at][1] if parts[at][1] is not None else _is(parts, at, "weak-number")
    rest = parts[at + 1][1] if at + 1 < len(parts) else None
    words = all(part[0].text[0].isalpha() for part in parts[at : at + 2])
    if first in (1, 2, 3) and rest is not None and 10 <= rest <= 99 and words:
        return 2, Number((first or 0.0) * 100 + rest)
    return 1, None


def _at(parts: Sequence[tuple[Unit, float | None]], at: int) -> tuple[int, Number | None]:
    """How many units from `at` on make one number, and which; (1, None) where none begins here."""

    def value(index: int) -> float | None:
        """Also of a word that is a number only beside others, like 一 and "one"."""
        if index >= len(parts):
            return None
        plain = parts[index][1]
        return plain if plain is not None else _is(parts, index, "weak-number")

    if _is(parts, at, "hundred_parts") is not None and (share := value(at + 1)) is not None:
        return 2, Number(share / 100, share=True)
    first = value(at)
    if first is None:
        if (one := _is(parts, at, "weak-number")) is not None and _is(parts, at + 1, "and_half") is not None:
            return 2, Number(one + 0.5)
        if (share := _is(parts, at, "share")) is not None:
            return 1, Number(share, share=True)
        return 1, None
    if _is(parts, at + 1, "parts") is not None and (above := value(at + 2)) is not None and first:
        return 3, Number(above / first, share=True)
    if _is(parts, at + 1, "tenths") is not None:
        return 2, Number(first / 10, share=True)
    if (below := _is(parts, at + 1, "denominator")) is not None and first <= below:
        return 2, Number(first / below, share=True)
    if _is(parts, at + 1, "and_half") is not None:
        return 2, Number(first + 0.5)
    rest = value(at + 2) if at + 1 < len(parts) and "and" in parts[at + 1][0].find("mark") else None
    if rest is not None and first and first % 100 == 0 and 0 < rest < 100 and parts[at][0].text[0].isalpha():
        return 3, Number(first + rest)  # one hundred *and* fifteen
    if _is(parts, at + 1, "point") is not None and (decimals := value(at + 2)) is not None and decimals < 10:
        return 3, Number(first + decimals / 10)
    if parts[at][1] is None:
        return 1, None  # a weak number alone is none
    return 1, Number(first, share="/" in parts[at][0].text or "⁄" in parts[at][0].text)
