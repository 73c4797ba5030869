"""A car and a language to read sentences with, for the tests of understanding."""

from collections.abc import Mapping
from functools import cache

from alpenglow.assistant.api import Seat
from alpenglow.assistant.functions import Functions
from alpenglow.assistant.language.pack import Pack, load_packs
from alpenglow.assistant.language.parsing import Parsed, Past, parse
from alpenglow.assistant.language.text import hear
from alpenglow.assistant.resolving import Move, resolve
from alpenglow.assistant.wishes import spots
from alpenglow.signals import Value, load_catalogue


@cache
def functions() -> Functions:
    return Functions(load_catalogue())


@cache
def packs() -> dict[str, Pack]:
    return load_packs(functions())


def read(said: str, *before: str, seat: Seat = "driver", language: str = "en") -> Parsed:
    """The reading of `said`, after `before` was carried out."""
    past: list[Past] = []
    for earlier in before:
        wishes = parse(hear(earlier), packs()[language], functions(), past).wishes
        past = [Past(wish, spots(wish.function, wish.where, seat)) for wish in wishes]
    return parse(hear(said), packs()[language], functions(), past)


def moves(said: str, *before: str, seat: Seat = "driver", language: str = "en", **state: Value) -> dict[str, Value]:
    """What `said` sets, by the path without `Vehicle.`; `state`: values by the last two steps joined with `_`."""
    return moved(read(said, *before, seat=seat, language=language), seat, state)


def moved(parsed: Parsed, seat: Seat = "driver", state: Mapping[str, Value] | None = None) -> dict[str, Value]:
    """What the wishes of `parsed` set; {} where nothing is asked for or something must be asked."""
    values = state or {}

    def now(path: str) -> Value | None:
        return values.get("_".join(path.split(".")[-2:]))

    result: dict[str, Value] = {}
    for wish in parsed.wishes if parsed.kind == "command" else ():
        found = resolve(wish, seat, now, functions())
        if isinstance(found, list):
            assert all(isinstance(move, Move) for move in found)
            result.update({move.path.removeprefix("Vehicle."): move.value for move in found})
    return result
