"""What people have said about themselves: "call me Kim", "I like 21 degrees", "this is home".

A fact has a key, a value and the sentence in which the person said it; nothing is inferred here. Keys are dotted:
`name`, `likes.temperature`, `place.home`, `note.3`.
"""

import re
from collections.abc import Mapping
from datetime import datetime

import msgspec

from alpenglow.assistant.memory.words import quoted
from alpenglow.fabric.store import Store
from alpenglow.signals.conditions import Place, number

type FactValue = bool | int | float | str | dict[str, float]

MOST_FACTS = 500  # of one profile
_LONGEST_TEXT = 500
_MOST_NUMBERS = 8
_KEY = re.compile(r"\w[\w.\- ]{0,79}")  # letters of every language: people name places
_PLACE = "place."
_NOTE = "note."


class FactError(ValueError):
    """Something that cannot be remembered; the text says why."""


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a person stated."""

    key: str
    value: FactValue
    said: str  # the person's own sentence
    at: datetime


class Facts:
    """The facts of all profiles."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._places: dict[str, dict[str, Place]] = {}
        self._places_of = -1

    def remember(self, profile: str, key: str, value: FactValue, said: str, now: datetime) -> Fact:
        """Keep a fact; it replaces what was known under that key. Raises FactError."""
        key = key.strip().lower()
        if not _KEY.fullmatch(key):
            raise FactError("a fact's key is 1 to 80 letters, digits, dots, dashes and spaces, beginning with a letter")
        if isinstance(value, str) and not 0 < len(value.strip()) <= _LONGEST_TEXT:
            raise FactError(f"a fact is 1 to {_LONGEST_TEXT} characters of text")
        if isinstance(value, str) and value.encode(errors="replace").decode() != value:
            raise FactError("a fact is text, without half a character (surrogate)")
        numbers = list(value.values()) if isinstance(value, dict) else [] if isinstance(value, str) else [value]
        if len(numbers) > _MOST_NUMBERS or any(number(n) is None and n not in (True, False) for n in numbers):
            raise FactError(f"a fact is up to {_MOST_NUMBERS} numbers, finite and below 10¹⁵")
        if self.recall(profile, key) is None and self._store.count(profile, "fact") >= MOST_FACTS:
            raise FactError(f"{MOST_FACTS} facts are remembered already; forget one first")
        fact = Fact(key=key, value=value, said=quoted(said), at=now)
        self._store.put(profile, "fact", key, fact, now)
        return fact

    def note(self, profile: str, text: str, said: str, now: datetime) -> Fact:
        """Keep free text under the next `note.<n>`."""
        used = [int(f.key[len(_NOTE) :]) for f in self.all(profile, _NOTE) if f.key[len(_NOTE) :].isdecimal()]
        return self.remember(profile, f"{_NOTE}{max(used, default=0) + 1}", text, said, now)

    def recall(self, profile: str, key: str) -> Fact | None:
        """The fact of that key, or None."""
        return self._store.get(profile, "fact", key.strip().lower(), Fact)

    def all(self, profile: str, under: str = "") -> list[Fact]:
        """All facts whose key begins with `under`, oldest first."""
        return [fact for fact in self._store.items(profile, "fact", Fact) if fact.key.startswith(under)]

    def forget(self, profile: str, key: str) -> bool:
        """Erase a fact for good; whether there was one."""
        return self._store.erase(profile, "fact", key.strip().lower()) > 0

    def remember_place(self, profile: str, name: str, place: Place, said: str, now: datetime) -> Fact:
        """Keep where `name` ("home", "work", any other) is. Raises FactError."""
        if not (abs(place.latitude) <= 90 and abs(place.longitude) <= 180 and 20 <= place.radius_m <= 5_000):
            raise FactError("a place needs a latitude, a longitude, and a radius of 20 to 5000 m")
        value = {"latitude": place.latitude, "longitude": place.longitude, "radius_m": place.radius_m}
        return self.remember(profile, _PLACE + name, value, said, now)

    def places(self, profile: str) -> Mapping[str, Place]:
        """The places that this profile has named. Read again only after something was written."""
        if self._places_of != self._store.changes:
            self._places.clear()
            self._places_of = self._store.changes
        if profile not in self._places:
            self._places[profile] = {
                fact.key[len(_PLACE) :]: Place(**fact.value)
                for fact in self.all(profile, _PLACE)
                if isinstance(fact.value, dict) and fact.value.keys() == {"latitude", "longitude", "radius_m"}
            }
        return self._places[profile]
