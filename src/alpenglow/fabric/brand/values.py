"""One value of a pack each: the value as it is used, or `Wrong` with the reason in words."""

import re
import unicodedata
from collections.abc import Collection

import msgspec

from alpenglow.fabric.brand.colour import is_colour
from alpenglow.fabric.brand.look import Note

_NOTES = 16
_CUE_MS = 5000.0
_PLACEHOLDER = re.compile(r"\{\w+\}")
# What must be heard: least gain of the loudest note, and least ms of sound, so that no brand hushes it up.
_HEARD = {"caution": (0.25, 200.0), "danger": (0.35, 300.0)}
_NOTE_RANGES = {
    "frequency_hz": (80.0, 8000.0), "start_ms": (0.0, _CUE_MS), "duration_ms": (10.0, 3000.0), "gain": (0.0, 1.0),
}  # fmt: skip


class Wrong(Exception):
    """Why a value is not taken."""


def colour(value: object) -> str:
    if not is_colour(value):
        raise Wrong(f"{show(value)} is not a colour; write it as #rrggbb")
    return str(value).lower()


def number(value: object, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise Wrong(f"{show(value)} is not a number from {low:g} to {high:g}")
    return float(value)


def truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise Wrong(f"{show(value)} is not true or false")
    return value


def ease(value: object) -> list[float]:
    if not isinstance(value, list) or len(value) != 4:
        raise Wrong("must be the four numbers of a cubic Bézier, as in [0.2, 0.0, 0.0, 1.0]")
    return [number(part, *((0.0, 1.0) if place % 2 == 0 else (-0.6, 1.6))) for place, part in enumerate(value)]


def one_of(value: object, choices: Collection[str]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise Wrong(f"{show(value)} is not there; choose from {', '.join(choices)}")
    return value


def choice[T: str](value: object, choices: tuple[T, ...]) -> T:
    for each in choices:
        if value == each:
            return each
    raise Wrong(f"{show(value)} is not there; choose from {', '.join(choices)}")


def some_of(value: object, choices: list[str]) -> list[str]:
    if not isinstance(value, list) or not value:
        raise Wrong(f"must be a list of some of {', '.join(choices)}")
    chosen = [one_of(part, choices) for part in value[: len(choices) + 1]]
    if len(set(chosen)) != len(value):
        raise Wrong("names something twice")
    return chosen


def plain(value: object, most: int) -> str:
    """A text that shows as it is written: no control characters, and nothing that turns the direction of writing."""
    if not isinstance(value, str) or not value.strip():
        raise Wrong(f"{show(value)} is not a text")
    text = unicodedata.normalize("NFC", value).strip()
    if len(text) > most:
        raise Wrong(f"{len(text)} characters, and there is room for {most}")
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for letter in text):
        raise Wrong("has characters that cannot be seen")
    if sum(unicodedata.category(letter) == "Mn" for letter in text) > len(text) / 2:
        raise Wrong("has more marks than letters")
    return text


def word(value: object, usual: str) -> str:
    text = plain(value, 2 * len(usual))
    if sorted(_PLACEHOLDER.findall(text)) != sorted(_PLACEHOLDER.findall(usual)):
        raise Wrong(f"must have the same {{…}} as {usual!r}")
    return text


def notes(value: object, cue: str) -> list[Note]:
    if not isinstance(value, list) or len(value) > _NOTES:
        raise Wrong(f"must be a list of at most {_NOTES} notes")
    notes: list[Note] = []
    for part in value:
        try:
            note = msgspec.convert(part, Note)
        except (msgspec.ValidationError, OverflowError) as error:
            raise Wrong(short(str(error), 120)) from None
        for key, (low, high) in _NOTE_RANGES.items():
            if not low <= getattr(note, key) <= high:
                raise Wrong(f"{key} {getattr(note, key):g} is not from {low:g} to {high:g}")
        if note.start_ms + note.duration_ms > _CUE_MS:
            raise Wrong(f"goes on for more than {_CUE_MS / 1000:g} s")
        notes.append(note)
    gain, sounding_ms = _HEARD.get(cue, (0.0, 0.0))
    if max((note.gain for note in notes), default=0.0) < gain:
        raise Wrong(f"a {cue} must be heard: at least one note with gain {gain:g}")
    if sum(note.duration_ms for note in notes) < sounding_ms:
        raise Wrong(f"a {cue} must be heard: at least {sounding_ms:g} ms of sound")
    return notes


def show(value: object) -> str:
    if isinstance(value, int) and abs(value) > 10**12:
        return "a very large number"
    return short(repr(value)) if isinstance(value, str | int | float | bool) else f"a {type(value).__name__}"


def short(text: str, most: int = 40) -> str:
    """A text of somebody else's in a message for people: bounded, on one line."""
    text = "".join(letter if letter.isprintable() else "�" for letter in text)
    return text if len(text) <= most else text[: most - 1] + "…"
