"""Tracks that a person marked, kept with their profile."""

import hashlib
from datetime import UTC, datetime

import msgspec

from alpenglow.fabric.store import Store

_KIND = "favourite"


class _Favourite(msgspec.Struct, frozen=True):
    track: str  # its address


class Favourites:
    """The marked tracks of one profile at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._uris: list[str] = []
        self._read: tuple[str, int] | None = None  # whose these are, and the store's count of changes then

    def of(self, profile: str) -> list[str]:
        """Addresses of the marked tracks, oldest first; none for the profile "". StoreError."""
        # A person may erase them elsewhere.
        if self._read != (profile, self._store.changes):
            kept = self._store.items(profile, _KIND, _Favourite) if profile else []
            self._uris = [favourite.track for favourite in kept]
            self._read = (profile, self._store.changes)
        return self._uris

    def mark(self, profile: str, uri: str, favourite: bool) -> None:
        """Mark a track or no longer. StoreError where it cannot be kept."""
        # An address may be longer than an id may be.
        item = f"media-{hashlib.blake2b(uri.encode(), digest_size=16).hexdigest()}"
        if favourite and uri not in self.of(profile):
            self._store.put(profile, _KIND, item, _Favourite(uri), datetime.now(UTC))
        elif not favourite:
            self._store.drop(profile, _KIND, item)
