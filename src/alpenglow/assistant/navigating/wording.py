"""A language's words for going somewhere, from `words/*.toml`, and the patterns made of them.

A pattern is a whole sentence, in which `[a|b]` may be left out, `(a|b)` is one of them, and `{place}` is whatever the
speaker says there. `{kind}` is one of the kinds of place, `{charger}` a word for a charger, `{home}` and `{work}` are
those places and `{ordinal}` is one of several.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import msgspec

from alpenglow.fabric.tables import read_table

type Kind = Literal["go", "there", "find", "check", "distance", "arrival", "explain", "stop"]
type Scope = Literal["", "near", "along", "destination"]

LANGUAGES = tuple(
    sorted(
        file.name.removesuffix(".toml")
        for file in (files(__package__) / "words").iterdir()
        if file.name.endswith(".toml")
    )
)
_TOKEN = re.compile(r"\[(?P<optional>[^\]]*)\](?P<gap> ?)|\((?P<one>[^)]*)\)|\{(?P<slot>\w+)\}|(?P<plain>[^\[\](){}]+)")


class NavigationWordsError(ValueError):
    """A file of words cannot be used; the text says which and why."""


class Amounts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How lengths, times and shares are written."""

    decimal: str
    metres: str
    kilometres: str
    feet: str
    miles: str
    minute: str
    minutes: str
    hour: str
    hours: str
    percent: str
    power: str
    join: str  # hours and minutes
    list: str
    last: str  # before the last of a list: " or "


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file, section by section."""

    spaces: bool  # words are written apart
    polite: list[str]  # before what is wanted
    tail: list[str]  # after it
    joins: list[str]  # between two wishes
    articles: list[str]
    nearest: list[str]
    home: list[str]
    work: list[str]
    kinds: list[str]  # of places, as people ask for them
    chargers: list[str]
    never: list[str]  # what is no place, though it stands where one would: "to sleep"
    ordinals: dict[str, list[str]]  # "1" → "first"; "-1" is the last
    scopes: dict[str, list[str]]  # "near", "along", "destination" → how it is said
    explicit: dict[str, list[str]]  # patterns that can mean nothing else, by their kind
    tentative: dict[str, list[str]]  # patterns that give way to whatever else the sentence may be
    bare: list[str]  # patterns of looking for something, where is said that it shall be near or on the way
    anything: list[str]  # those that say more than the name of a kind, so that any name may stand there
    pick: list[str]  # patterns of choosing among several
    amounts: Amounts
    replies: dict[str, str]


class Pattern(msgspec.Struct, frozen=True):
    """One sentence, ready to be compared."""

    kind: Kind
    regex: re.Pattern[str]
    explicit: bool = True


class Words(msgspec.Struct, frozen=True):
    """One language, ready to read and to speak."""

    language: str
    table: Table
    patterns: tuple[Pattern, ...]
    bare: tuple[Pattern, ...]
    anything: tuple[Pattern, ...]
    pick: tuple[re.Pattern[str], ...]
    scopes: Mapping[str, re.Pattern[str]]
    polite: re.Pattern[str]
    tail: re.Pattern[str]
    join: re.Pattern[str]
    article: re.Pattern[str]
    nearest: re.Pattern[str]
    never: re.Pattern[str]
    ordinals: Mapping[str, int]

    def is_home(self, text: str) -> bool:
        """Whether `text` is a word for where somebody lives."""
        return text.casefold() in self.table.home

    def is_work(self, text: str) -> bool:
        """Whether `text` is a word for where somebody works."""
        return text.casefold() in self.table.work

    def is_charger(self, text: str) -> bool:
        """Whether `text` is a word for a charger."""
        return text.casefold() in self.table.chargers

    def is_kind(self, text: str) -> bool:
        """Whether `text` is a kind of place, not the name of one."""
        return text.casefold() in self.table.kinds or self.is_charger(text)


@cache
def words(language: str) -> Words:
    """The words of one of LANGUAGES. NavigationWordsError."""
    table = read_table(f"{__package__}.words", f"{language}.toml", Table, NavigationWordsError)
    slots = _slots(table)

    def patterns(wanted: Mapping[str, Sequence[str]], explicit: bool) -> list[Pattern]:
        if unknown := wanted.keys() - set(get_args(Kind.__value__)):
            raise NavigationWordsError(f"{language}.toml: no kind of errand: {', '.join(sorted(unknown))}")
        return [
            Pattern(kind, _compiled(text, slots), explicit)  # type: ignore[arg-type]
            for kind, texts in wanted.items()
            for text in texts
        ]

    gap = r"[\s,，、.。!！:：]*" if not table.spaces else r"[\s,.!:]+"
    space = r"(?:\s+|(?<=[,;])|(?=[,;]))"
    edge = r"(?!\w)" if table.spaces else ""
    return Words(
        language=language,
        table=table,
        patterns=(*patterns(table.explicit, True), *patterns(table.tentative, False)),
        bare=tuple(patterns({"find": table.bare}, True)),
        anything=tuple(patterns({"find": table.anything}, True)),
        pick=tuple(_compiled(text, slots) for text in table.pick),
        scopes={
            name: re.compile(rf"(?:(?<=\W)|^|(?<=\W\W)){_any(texts)}{edge}" if table.spaces else _any(texts), re.I)
            for name, texts in table.scopes.items()
        },
        polite=re.compile(rf"{_any(table.polite)}{gap}", re.I),
        tail=re.compile(rf"{gap}{_any(table.tail)}$", re.I),
        join=re.compile(rf"{space}{_any(table.joins)}{space}" if table.spaces else _any(table.joins), re.I),
        article=re.compile(rf"{_any(table.articles)}{r'\s+' if table.spaces else ''}", re.I),
        nearest=re.compile(rf"{_any(table.nearest)}{r'\s+' if table.spaces else ''}", re.I),
        never=re.compile(rf"{_any(table.never)}{edge}", re.I),
        ordinals={text: int(number) for number, texts in table.ordinals.items() for text in texts},
    )


def _slots(table: Table) -> dict[str, str]:
    article = f"(?:{_any(table.articles)}{r'\s+' if table.spaces else ''})?"
    nearest = f"(?:{_any(table.nearest)}{r'\s+' if table.spaces else ''})?"
    kinds = _any([*table.kinds, *table.chargers])
    return {
        "place": r"(?P<place>\S.*?)",
        "via": r"(?P<via>\S.*?)",
        "kind": rf"{article}{nearest}(?P<place>{kinds})",
        "charger": rf"{article}{nearest}(?P<place>{_any(table.chargers)})",
        "home": rf"(?P<place>{_any(table.home)})",
        "work": rf"(?P<place>{_any(table.work)})",
        "ordinal": rf"(?P<ordinal>{_any([text for texts in table.ordinals.values() for text in texts])})",
        "where": r"(?P<where>\S.*?)",
    }


def _any(texts: Sequence[str]) -> str:
    """One of `texts`, the longest that fits."""
    found = "|".join(_plain(text) for text in sorted(texts, key=len, reverse=True))
    return f"(?:{found})" if found else r"(?!)"


def _plain(text: str) -> str:
    return r"\s+".join(re.escape(part) for part in text.split(" "))


def _compiled(pattern: str, slots: Mapping[str, str]) -> re.Pattern[str]:
    parts = []
    for found in _TOKEN.finditer(pattern):
        if (optional := found["optional"]) is not None:
            one = "|".join(_plain(text) for text in optional.split("|"))
            parts.append(f"(?:(?:{one}){r'\s+' if found['gap'] else ''})?")
        elif (one := found["one"]) is not None:
            parts.append(f"(?:{'|'.join(_plain(text) for text in one.split('|'))})")
        elif (slot := found["slot"]) is not None:
            if slot not in slots:
                raise NavigationWordsError(f"{pattern!r}: there is no slot {slot!r}")
            parts.append(slots[slot])
        else:
            parts.append(_plain(found["plain"]))
    return re.compile("".join(parts), re.I)
