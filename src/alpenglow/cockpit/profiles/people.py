"""The people of a car as they are kept: names, PINs, keys, favourite pages, settings.

Rules that always hold:
- there is an owner, also where the file is new, was damaged or cannot be read;
- a profile's settings are one item: after a power cut they are all old or all new;
- a key belongs to one profile at most, a name to one profile.
"""

import secrets
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import msgspec

from alpenglow.cockpit import api
from alpenglow.cockpit.parts import CAR, OWNER
from alpenglow.cockpit.profiles.pin import Pin, Tries
from alpenglow.fabric.store import Store, StoreError
from alpenglow.signals import Value

GUEST, VALET = "guest", "valet"

_LONGEST_NAME = 40
_MOST = 12  # people: a household, not a fleet
_SELF = "profile"
_SETTINGS = "settings"


class PeopleError(ValueError):
    """A profile cannot be made or changed like that; the text says why."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a profile itself."""

    id: str
    name: str
    since: datetime
    pin: Pin | None = None
    keys: tuple[int, ...] = ()
    pages: tuple[str, ...] = ()


class _Settings(msgspec.Struct, frozen=True):
    values: dict[str, Value]


class Valet(msgspec.Struct, frozen=True, kw_only=True):
    """The valet who drives, or drove last."""

    since: datetime
    before: str  # whose profile comes back
    pin: Pin
    speed_limit_kmh: int
    unlocked: tuple[str, ...] = ()  # locks that were open before and are opened again
    fastest_kmh: int = 0
    times_over: int = 0


class _InForce(msgspec.Struct, frozen=True):
    """Who is in force, and the key that was last acted upon: what a restart must not forget."""

    profile: str = OWNER
    key: int = 0


class People:
    """Everybody whom this car knows."""

    def __init__(self, store: Store, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = store
        self._now = now

    # -- who ---------------------------------------------------------------------------------------------------------

    def all(self) -> list[Person]:
        """The owner, then the others in the order in which they came."""
        found = {OWNER: self.owner()}
        for profile in self._store.profiles():
            person = self._store.get(profile, _SELF, _SELF, Person)
            if person is not None and person.id == profile:
                found[profile] = person
        return sorted(found.values(), key=lambda p: (p.id != OWNER, p.since, p.id))

    def owner(self) -> Person:
        """The first person; of whom nothing need be kept yet."""
        kept = self._store.get(OWNER, _SELF, _SELF, Person)
        return kept or Person(id=OWNER, name="", since=self._now())

    def get(self, profile: str) -> Person:
        """That person. PeopleError: there is none."""
        for person in self.all():
            if person.id == profile:
                return person
        raise PeopleError("there is no such profile")

    def with_key(self, key: int) -> Person | None:
        """Whom a key belongs to."""
        return next((person for person in self.all() if key in person.keys), None)

    # -- changing ----------------------------------------------------------------------------------------------------

    def create(self, name: str, pin: Pin | None, values: Mapping[str, Value]) -> Person:
        """Another person, whose settings are `values`. PeopleError says why not."""
        if len(self.all()) >= _MOST:
            raise PeopleError(f"a car keeps {_MOST} profiles; delete one first")
        person = Person(id=f"p{secrets.token_hex(4)}", name=self._free(name), since=self._now(), pin=pin)
        # The settings first: a profile that is seen is whole.
        self.keep_settings(person.id, values)
        self.keep(person)
        return person

    def rename(self, person: Person, name: str) -> Person:
        """Under another name. PeopleError says why not."""
        return self.keep(msgspec.structs.replace(person, name=self._free(name, person.id)))

    def link(self, person: Person, key: int, linked: bool) -> Person:
        """Give a person a key, which leaves whoever had it, or take it away."""
        other = self.with_key(key)
        if linked and other is not None and other.id != person.id:
            self.keep(msgspec.structs.replace(other, keys=tuple(k for k in other.keys if k != key)))
        keys = {k for k in person.keys if k != key} | ({key} if linked else set())
        return self.keep(msgspec.structs.replace(person, keys=tuple(sorted(keys))))

    def keep(self, person: Person) -> Person:
        """Keep what is known of a person."""
        self._store.put(person.id, _SELF, _SELF, person, person.since)
        return person

    def erase(self, profile: str) -> int:
        """Everything of a profile, for good; how many items are gone."""
        return self._store.erase(profile)

    def _free(self, name: str, mine: str = "") -> str:
        name = " ".join(unicodedata.normalize("NFC", name).split())
        if not name or len(name) > _LONGEST_NAME or not name.isprintable():
            raise PeopleError(f"a name has 1 to {_LONGEST_NAME} letters")
        if any(p.id != mine and p.name.casefold() == name.casefold() for p in self.all()):
            raise PeopleError("there is a profile of that name")
        return name

    # -- settings ----------------------------------------------------------------------------------------------------

    def settings(self, profile: str) -> dict[str, Value]:
        """What a profile remembers: path → value."""
        kept = self._store.get(profile, _SETTINGS, _SETTINGS, _Settings)
        return dict(kept.values) if kept else {}

    def keep_settings(self, profile: str, values: Mapping[str, Value]) -> None:
        """Remember these besides what is remembered already."""
        if values:
            merged = self.settings(profile) | dict(values)
            self._store.put(profile, _SETTINGS, _SETTINGS, _Settings(merged), self._now())

    # -- tries, the valet, who is in force ----------------------------------------------------------------------------

    def tries(self, profile: str) -> Tries:
        """Wrong PINs of a profile, or of the valet."""
        return self._store.get(_tries_of(profile), "tries", profile, Tries) or Tries()

    def keep_tries(self, profile: str, tries: Tries) -> None:
        """Keep them."""
        self._store.put(_tries_of(profile), "tries", profile, tries, self._now())

    def valet(self) -> Valet | None:
        """The valet who drives or drove last."""
        return self._store.get(CAR, VALET, VALET, Valet)

    def keep_valet(self, valet: Valet) -> None:
        """Keep how the valet drives."""
        self._store.put(CAR, VALET, VALET, valet, valet.since)

    def leaving(self) -> list[str]:
        """Profiles that the cockpit has let go of, and others may still remember."""
        return [left.profile for left in self._store.items(CAR, "leaving", _InForce)]

    def leave(self, profile: str) -> None:
        """Others have to let go of this profile."""
        self._store.put(CAR, "leaving", profile, _InForce(profile), self._now())

    def left(self, profile: str) -> None:
        """They have."""
        self._store.drop(CAR, "leaving", profile)

    def in_force(self) -> tuple[str, int]:
        """Whose profile was in force when the car was last alive, and which key was last acted upon."""
        kept = self._store.get(CAR, "in force", "in force", _InForce) or _InForce()
        try:
            return (kept.profile if kept.profile in (GUEST, VALET) else self.get(kept.profile).id), kept.key
        except PeopleError:
            return OWNER, kept.key

    def keep_in_force(self, profile: str, key: int) -> None:
        """Keep who is in force."""
        self._store.put(CAR, "in force", "in force", _InForce(profile, key), self._now())


def _tries_of(profile: str) -> str:
    return CAR if profile == VALET else profile


def shown(person: Person, settings: Mapping[str, Value], in_force: bool) -> api.Profile:
    """A person as the pages see one."""
    return api.Profile(
        id=person.id,
        name=person.name,
        has_pin=person.pin is not None,
        keys=list(person.keys),
        pages=list(person.pages),
        in_force=in_force,
        settings=len(settings),
    )


__all__ = ["GUEST", "VALET", "People", "PeopleError", "Person", "StoreError", "Valet", "shown"]
