"""What is kept of the queue between drives, with the profile of whoever chose it.

Rules that always hold:
- music that plays on while the profile changes stays its chooser's, and is kept with nobody else's profile;
- of a guest and a valet (the profile "") nothing is kept;
- what a person erased does not come back by itself: nothing is kept until somebody chooses music again.
"""

from datetime import UTC, datetime

import msgspec

from alpenglow.cockpit.api import MediaRepeat
from alpenglow.cockpit.media.player import Player
from alpenglow.cockpit.media.sources import Sources
from alpenglow.fabric.store import Store

_KIND, _QUEUE, _PLACE = "queue", "queue", "place"


class _Queue(msgspec.Struct, frozen=True):
    """The queue, in the order in which it played."""

    uris: list[str]
    at: int
    repeat: MediaRepeat


class _Place(msgspec.Struct, frozen=True):
    """How far into which track the player was; apart from the queue, since it changes all the time."""

    uri: str
    position_s: float


class KeptQueue:
    """The player's queue in the store."""

    def __init__(self, store: Store, player: Player, sources: Sources) -> None:
        self._store, self._player, self._sources = store, player, sources
        self.whose: str | None = None  # who chose what is in the queue; None: not known yet
        self._queue = b""  # as it was kept last
        self._place: _Place | None = None

    def save(self) -> None:
        """Keep queue and place, as far as they are others than those kept. StoreError."""
        if not self.whose:
            return
        queue, now = self._player.queue, datetime.now(UTC)
        kept = _Queue([entry.uri for entry in queue.order], queue.at, queue.repeat)
        if (body := msgspec.json.encode(kept)) != self._queue:
            self._store.put(self.whose, _KIND, _QUEUE, kept, now)
            self._queue = body
        uri = "" if queue.current is None else queue.current.uri
        place = _Place(uri, round(self._player.position_s, 1))
        if place != self._place:
            self._store.put(self.whose, _KIND, _PLACE, place, now)
            self._place = place

    def let_go(self, profile: str) -> None:
        """Everything of a person was erased: what they chose is nobody's, and is kept no more."""
        if self.whose == profile:
            self.whose = ""

    def chosen_by(self, profile: str) -> None:
        """What is in the queue now was chosen while this profile was in force."""
        if profile != self.whose:
            self.whose, self._queue, self._place = profile, b"", None

    def restore(self, profile: str) -> None:
        """Have this profile's queue again, held, unless something plays. StoreError."""
        if self._player.state == "PLAYING":
            return
        self.chosen_by(profile)
        kept = self._store.get(profile, _KIND, _QUEUE, _Queue) if profile else None
        place = self._store.get(profile, _KIND, _PLACE, _Place) if profile else None
        if kept is None:
            self._player.load(())
            return
        there = [uri for uri in kept.uris if self._sources.track(uri) is not None]
        current = kept.uris[kept.at] if 0 <= kept.at < len(kept.uris) else ""
        position_s = place.position_s if place is not None and place.uri == current else 0.0
        # It was kept in the order in which it played, so it is not mixed again.
        self._player.order(shuffle=False, repeat=kept.repeat)
        if current in there:
            self._player.load(there, there.index(current), position_s)
        else:
            self._player.load(there)
