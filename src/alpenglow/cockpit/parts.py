"""What the parts of the cockpit are made of: one `Cockpit` that they share, and the form of a `Part`.

Rules that always hold:
- a setting of the cockpit's own is on disk before it is published, and is back after a restart;
- what changes in a list is told by a number that counts up (`Vehicle.Alpenglow.Cockpit.Revision.*`), so that who shows
  the list asks for it again; a page polls nothing;
- what belongs to a person is given out and kept only while that person's profile is in force (`Cockpit.person`).
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Literal, Protocol

import msgspec
from starlette.routing import BaseRoute

from alpenglow.cockpit.messages.board import Board
from alpenglow.fabric import NotPermitted
from alpenglow.fabric.room import Room
from alpenglow.fabric.store import Store, StoreError
from alpenglow.signals import Value

type List = Literal["Profiles", "Scenes", "Messages", "Media", "Energy", "Privacy"]
type Write = Callable[[str, Value], Awaitable[None]]

CAR = "car"  # the owner, in the store, of what belongs to nobody
OWNER = "owner"  # the first profile, which a car always has
_IN_FORCE = "Vehicle.Alpenglow.Cockpit.Profile"


class Part(Protocol):
    """One concern of the cockpit."""

    async def start(self) -> None:
        """Say what it owns and serve its services; the car may call them from then on."""

    async def run(self) -> None:
        """Do its work until cancelled."""


class _Setting(msgspec.Struct, frozen=True):
    value: Value


class Cockpit:
    """What the parts share: the room, the store, the settings, and who writes which branch."""

    def __init__(self, room: Room, store: Store) -> None:
        self.room = room
        self.fabric = room.fabric
        self.store = store
        self.lent: set[str] = set()  # actuators that something other than a person moved for a while, as a scene does
        self.messages = Board(store, lambda: self.changed("Messages"), lambda: self.profile if self.somebodys else None)
        self.routes: list[BaseRoute] = []  # what the pages may fetch besides; parts add theirs as they start
        self.erased: list[Callable[[str], None]] = []  # told of a profile that was erased: let go of what is in memory
        self._revisions: dict[List, int] = {}
        self._writers: dict[str, Write] = {}

    @property
    def profile(self) -> str:
        """The id of the profile in force: a person's, "guest" or "valet"."""
        found = self.fabric.read(f"{_IN_FORCE}.Id").value
        return found if isinstance(found, str) and found else OWNER

    @property
    def somebodys(self) -> bool:
        """Whether a person's own profile is in force, not a guest's or a valet's, of whom nothing is kept."""
        return self.fabric.read(f"{_IN_FORCE}.Kind").value in (None, "PERSON")

    def person(self) -> str:
        """The person whose profile is in force. NotPermitted while a guest or a valet drives."""
        if not self.somebodys:
            raise NotPermitted("personal things are hidden while a guest or a valet drives")
        return self.profile

    def changed(self, which: List) -> None:
        """Tell whoever shows this list to ask for it again."""
        self._revisions[which] = self._revisions.get(which, 0) + 1
        self.fabric.hold({f"Vehicle.Alpenglow.Cockpit.Revision.{which}": self._revisions[which]})

    def takes(self, branch: str, write: Write) -> None:
        """From now on `write` moves the actuators below `branch`; the longest wins. It may raise ServiceError."""
        self._writers[branch] = write

    def restore(self, defaults: Mapping[str, Value]) -> None:
        """Hold these settings, as they were kept or else as given."""
        kept = {path: self.store.get(CAR, "setting", path, _Setting) for path in defaults}
        self.fabric.hold({path: found.value if (found := kept[path]) else defaults[path] for path in defaults})

    async def write(self, path: str, value: Value) -> None:
        """Move one of the cockpit's own actuators: a part's, or else a setting."""
        branches = [branch for branch in self._writers if path == branch or path.startswith(branch + ".")]
        if branches:
            await self._writers[max(branches, key=len)](path, value)
            return
        try:
            self.store.put(CAR, "setting", path, _Setting(value), datetime.now(UTC))
        except StoreError as error:
            self.room.log.error("a setting is not kept", path=path, why=str(error))
        self.fabric.hold({path: value})
