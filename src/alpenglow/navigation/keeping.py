"""Places that people keep: favourites, home, work, and where they went last.

Rules that always hold:
- places belong to the person whose profile is in force; of a guest or a valet nothing is kept and nobody's is shown;
- there is one home and one work; recents are the last twenty, one of each place;
- what is erased is gone from the file (see `fabric.store`).
"""

from datetime import UTC, datetime
from typing import get_args

import msgspec

from alpenglow.fabric import BadArguments, Fabric, Failed, NotPermitted
from alpenglow.fabric.store import Store, StoreError, new_id
from alpenglow.navigation import api

_IN_FORCE = "Vehicle.Alpenglow.Cockpit.Profile"
_OWNER = "owner"
_RECENTS = 20
_FAVOURITES = 200
_KINDS: tuple[api.Kept, ...] = get_args(api.Kept.__value__)
_SAME_PLACE_DEG = 1e-4  # about 10 m


class Kept:
    """The places of everybody who drives this car."""

    def __init__(self, fabric: Fabric, store: Store) -> None:
        self._fabric, self._store = fabric, store

    def person(self) -> str | None:
        """The person whose profile is in force; None while a guest or a valet drives."""
        if self._fabric.read(f"{_IN_FORCE}.Kind").value not in (None, "PERSON"):
            return None
        found = self._fabric.read(f"{_IN_FORCE}.Id").value
        return found if isinstance(found, str) and found else _OWNER

    def places(self, kind: api.Kept | None = None) -> list[api.Place]:
        """Home, work, favourites, then recents, the newest first; the category of each is its kind. Failed."""
        person = self.person()
        if person is None:
            return []
        kinds: tuple[api.Kept, ...] = ("home", "work", "favourite", "recent") if kind is None else (kind,)
        try:
            return [
                msgspec.structs.replace(place, category=each)
                for each in kinds
                for place in reversed(self._store.items(person, each, api.Place))
            ]
        except StoreError as error:
            raise Failed(str(error)) from None

    def find(self, place: str) -> api.Place | None:
        """The kept place of that id."""
        return next((found for found in self.places() if found.id == place), None)

    def keep(self, place: api.Place, kind: api.Kept) -> None:
        """Remember a place of who drives. NotPermitted for a guest, BadArguments for too many, Failed."""
        person = self.person()
        if person is None:
            raise NotPermitted("places are not kept while a guest or a valet drives")
        if not place.name.strip():
            raise BadArguments("a place that is kept needs a name")
        try:
            before = self._store.items(person, kind, api.Place)
            same = [old.id for old in before if _same(old, place)]
            if kind == "favourite" and not same and len(before) >= _FAVOURITES:
                raise BadArguments(f"there are {_FAVOURITES} favourites already; forget one first")
            item = f"kept/{kind}" if kind in ("home", "work") else same[0] if same else f"kept/{kind}/{new_id()}"
            kept = msgspec.structs.replace(place, id=item, category=kind, distance_m=None, detour_s=None)
            self._store.put(person, kind, item, kept, datetime.now(UTC))
            if kind == "recent":
                self._store.drop_oldest(person, kind, _RECENTS)
        except StoreError as error:
            raise Failed(str(error)) from None

    def forget(self, place: str) -> None:
        """Forget a kept place of who drives. NotPermitted for a guest, BadArguments where there is none, Failed."""
        person = self.person()
        if person is None:
            raise NotPermitted("places are hidden while a guest or a valet drives")
        try:
            if not any(self._store.erase(person, kind, place) for kind in _KINDS):
                raise BadArguments("no such place is kept")
        except StoreError as error:
            raise Failed(str(error)) from None

    def stored(self, profile: str) -> list[api.Stored]:
        """How much is kept of a profile, by kind."""
        found: dict[str, api.Stored] = {}
        for name, count, since in self._store.summary(profile):
            kind = "destination" if name == "recent" else "place"
            had = found.get(kind)
            found[kind] = api.Stored(
                kind=kind,
                count=count + (had.count if had else 0),
                since=min(since, had.since) if had else since,
            )
        return list(found.values())

    def everything(self, profile: str) -> dict[str, dict[str, object]]:
        """All that is kept of a profile."""
        return self._store.everything(profile)

    def erase(self, profile: str) -> int:
        """Forget all of a profile for good; returns how many places are gone. Failed."""
        try:
            return self._store.erase(profile)
        except StoreError as error:
            raise Failed(str(error)) from None


def _same(one: api.Place, other: api.Place) -> bool:
    """Whether both name one place: where it is, and what it is called."""
    return (
        one.name == other.name
        and abs(one.position.latitude - other.position.latitude) < _SAME_PLACE_DEG
        and abs(one.position.longitude - other.position.longitude) < _SAME_PLACE_DEG
    )
