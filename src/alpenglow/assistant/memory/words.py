"""The words of this room for people, in every language at once: who speaks which is known to the caller alone."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from itertools import pairwise

import msgspec

from alpenglow.signals import Signal, Value

LANGUAGES = ("en", "de", "zh")
_LONGEST_QUOTE = 500
_AND = {"en": " and ", "de": " und ", "zh": "和"}
_COMMA = {"en": ", ", "de": ", ", "zh": "、"}

type Text = Mapping[str, str]  # language → sentence


class Says(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing in all languages."""

    en: str
    de: str
    zh: str

    def text(self) -> dict[str, str]:
        """By language."""
        return {"en": self.en, "de": self.de, "zh": self.zh}


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sentence: dict[str, Says]
    where: dict[str, Says]
    value: dict[str, Says]


def say(name: str, /, **parts: object) -> dict[str, str]:
    """The sentence of that name; a part is a text in all languages (a mapping) or the same in each."""
    return filled(_words().sentence[name].text(), **parts)


def filled(text: Text, /, **parts: object) -> dict[str, str]:
    """`text` with `{name}` replaced by the parts of that name."""
    return {
        language: template.format_map(
            {name: part[language] if isinstance(part, Mapping) else part for name, part in parts.items()}
        )
        for language, template in text.items()
    }


def quoted(said: str) -> str:
    """A person's own sentence as it is kept: cut where it is long, and always text that can be stored."""
    text = said.encode(errors="replace").decode()
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"


def where(path: str) -> dict[str, str]:
    """Which one of several `path` is: "rear left"; empty where there is only one."""
    steps = path.split(".")
    for pair in pairwise(steps):
        if (words := _words().where.get(".".join(pair))) is not None:
            return words.text()
    return dict.fromkeys(LANGUAGES, "")


def shown(signal: Signal, value: Value) -> dict[str, str]:
    """A value with its unit, for people."""
    if isinstance(value, bool):
        return _words().value["on" if value else "off"].text()
    if isinstance(value, str):
        words = _words().value.get(value)
        return words.text() if words is not None else dict.fromkeys(LANGUAGES, value.replace("_", " ").lower())
    unit = {"percent": " %", "Celsius": " °C"}.get(signal.unit, f" {signal.unit}" if signal.unit else "")
    number = f"{value:.3g}" if isinstance(value, float) else str(value)
    return dict.fromkeys(LANGUAGES, number + unit)


def joined(texts: Iterable[Text]) -> dict[str, str]:
    """Several of a kind in one sentence: "front left, front right and rear left"."""
    every = list(texts)
    return {
        language: _AND[language].join(
            part for part in (_COMMA[language].join(t[language] for t in every[:-1]), every[-1][language]) if part
        )
        for language in LANGUAGES
    }


@cache
def _words() -> _Words:
    return msgspec.toml.decode(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"), type=_Words)
