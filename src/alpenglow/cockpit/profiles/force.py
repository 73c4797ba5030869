"""Whose profile is in force: what they set is remembered, what they had set comes back, a key brings them.

Rules that always hold:
- exactly one profile is in force: a person's, the guest's or the valet's; a restart brings back the same, and moves
  nothing unless the car stands parked;
- while a guest or a valet drives nothing is remembered, and no key switches: the valet has one of them in the hand;
- a disk that takes no more stops nobody: it is told (`keeps`), and the car goes on.
"""

import asyncio
import contextlib
from collections.abc import Iterator

import msgspec

from alpenglow.assistant import api as assistant
from alpenglow.cockpit import api
from alpenglow.cockpit.parts import OWNER, Cockpit
from alpenglow.cockpit.profiles.people import GUEST, VALET, People, StoreError
from alpenglow.cockpit.profiles.remembering import Command, Remembering
from alpenglow.cockpit.profiles.settings import load_settings
from alpenglow.cockpit.profiles.switching import apply, switched, waits
from alpenglow.cockpit.profiles.valet import Watch
from alpenglow.fabric import Outcome, ServiceError
from alpenglow.navigation import api as navigation
from alpenglow.signals import Value

_SIGNALS = "Vehicle.Alpenglow.Cockpit.Profile"
_COMMAND = "Vehicle.Alpenglow.Command"
_KEY = "Vehicle.Alpenglow.KeyId"
_TICK_S = 0.25
_AGAIN_S = 5.0  # between two tries to have the assistant let go of a profile
_LET_GO_S = 3.0
_KNOWN_S = 4.0  # a car that stands is known to stand by then

_decode = msgspec.json.Decoder(Command).decode


def kind_of(profile: str) -> api.ProfileKind:
    """What kind of profile an id stands for."""
    return "GUEST" if profile == GUEST else "VALET" if profile == VALET else "PERSON"


class InForce:
    """The profile in force, for one car."""

    def __init__(self, cockpit: Cockpit, people: People, watch: Watch) -> None:
        self._cockpit, self._people, self._watch = cockpit, people, watch
        self._fabric = cockpit.fabric
        self._log = cockpit.room.log
        self._settings = load_settings(cockpit.room.catalogue)
        self.profile, self._key = people.in_force()
        if self.profile == VALET and people.valet() is None:
            self.profile = OWNER
        self.waiting: dict[str, tuple[Value, Outcome]] = {}  # refused for now: value and outcome
        self.keeps = True  # whether the disk takes what is to be kept
        self._remembering = Remembering(self._settings, self.read, cockpit.fabric.identity)
        self._turn = asyncio.Lock()  # one switch after the other
        self._leaving = set(people.leaving())
        self._was_parked = False

    async def run(self) -> None:
        """Listen, remember and watch, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            await self._come_back()
            group.create_task(self._follow_keys())
            group.create_task(self._tick())

    # -- living ------------------------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        async for streamed in self._fabric.stream(_COMMAND):
            for _, value, *_ in streamed.samples:
                if isinstance(value, str):
                    with contextlib.suppress(msgspec.DecodeError):
                        self._hear(_decode(value))

    async def _follow_keys(self) -> None:
        async for streamed in self._fabric.stream(_KEY):
            for _, value, *_ in streamed.samples:
                await self._take_key(value)

    def _hear(self, command: Command) -> None:
        if not self._cockpit.somebodys:
            return
        now = asyncio.get_running_loop().time()
        self._remembering.heard(command, now)
        waiting = self.waiting.get(command.path)
        if waiting is not None and command.value != waiting[0]:  # set otherwise by somebody: that counts
            del self.waiting[command.path]
            self._cockpit.changed("Profiles")

    async def _tick(self) -> None:
        again_s = 0.0
        while True:
            await asyncio.sleep(_TICK_S)
            loop_s = asyncio.get_running_loop().time()
            if self._leaving and loop_s >= again_s:
                again_s = loop_s + _AGAIN_S
                await self._let_go()
            if self._cockpit.somebodys and not self._turn.locked():
                self._keep(self.profile, self._remembering.settled(loop_s, self._cockpit.lent))
            if self.profile == VALET:
                self._watch.look(self.read("Vehicle.Speed"))
            parked = self.parked()
            if parked and not self._was_parked:
                await self._try_again()
            self._was_parked = parked

    async def _come_back(self) -> None:
        """The car wakes, or this process does. Only a parked car is set to its person's settings."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_KNOWN_S):
                while not self.parked():
                    await asyncio.sleep(_TICK_S)
        self._was_parked = self.parked()
        await self._take_key(self.read(_KEY))
        if self.parked() and self._cockpit.somebodys:
            async with self._turn:
                await self._bring(self.profile)

    # -- switching ---------------------------------------------------------------------------------------------------

    async def switch(self, profile: str) -> api.Switched:
        """Bring a profile into force; every switch comes through here."""
        async with self._turn:
            left = self.profile
            if left not in (GUEST, VALET):
                self._take_leave(left)
            self.profile = profile
            self.waiting.clear()
            self.publish()
            with self.keeping():
                self._people.keep_in_force(profile, self._key)
            self._log.info("profile in force", kind=kind_of(profile))
            self._cockpit.changed("Profiles")
            outcomes = await self._bring(profile) if kind_of(profile) == "PERSON" else []
        if left in (GUEST, VALET) and left != profile:
            await self.forget(left)
        return switched(profile, kind_of(profile), outcomes)

    def _take_leave(self, profile: str) -> None:
        """Keep what its person has set a moment ago, and what the profile does not know yet."""
        now = self._remembering.flush(self._cockpit.lent)
        known = self._people.settings(profile)
        self._keep(profile, {path: v for path, v in self.present().items() if path not in known} | now)

    def present(self) -> dict[str, Value]:
        """The settings as the car has them now, but for what is lent."""
        paths = [path for path in self._settings if path not in self._cockpit.lent]
        return {path: value for path in paths if (value := self.read(path)) is not None}

    async def _bring(self, profile: str) -> list[Outcome]:
        loop = asyncio.get_running_loop()
        values = {path: v for path, v in self._people.settings(profile).items() if path in self._settings}
        for path, value in values.items():
            self._remembering.bring(path, value)
        outcomes = await apply(self._fabric, values, self._settings)
        for path in values:
            self._remembering.brought(path, loop.time())
        self.waiting = {o.path: (values[o.path], o) for o in outcomes if waits(o)}
        if self.waiting:
            self._cockpit.changed("Profiles")
        return outcomes

    async def _try_again(self) -> None:
        if not self.waiting or self._turn.locked():
            return
        async with self._turn:
            values = {path: value for path, (value, _) in self.waiting.items()}
            for path, value in values.items():
                self._remembering.bring(path, value)
            outcomes = await apply(self._fabric, values, self._settings)
            for path in values:
                self._remembering.brought(path, asyncio.get_running_loop().time())
            self.waiting = {o.path: (values[o.path], o) for o in outcomes if waits(o)}
        self._cockpit.changed("Profiles")

    async def _take_key(self, key: Value | None) -> None:
        if not isinstance(key, int) or isinstance(key, bool) or key == self._key:
            return
        # Also one that comes while driving: it opens nothing when the car is parked later. One that went away, however
        # shortly, opens the car anew.
        self._remember_key(key)
        person = self._people.with_key(key)
        if person is not None and self.parked() and self.profile not in (VALET, person.id):
            await self.switch(person.id)

    def _remember_key(self, key: int) -> None:
        self._key = key
        with self.keeping():
            self._people.keep_in_force(self.profile, key)

    async def forget(self, profile: str) -> None:
        """Have the other rooms let go of a profile: now, or as soon as they answer."""
        with self.keeping():
            self._people.leave(profile)
        self._leaving.add(profile)
        await self._let_go()

    async def _let_go(self) -> None:
        for profile in sorted(self._leaving - {self.profile}):
            try:
                async with asyncio.timeout(_LET_GO_S):  # nobody waits long for it: it is asked again
                    await self._fabric.call(assistant.erase, profile=profile)
                    await self._fabric.call(navigation.erase, profile=profile)
            except (ServiceError, TimeoutError) as error:
                self._log.warning("another room has not let go of a profile yet", why=str(error))
                return
            self._leaving.discard(profile)
            with self.keeping():
                self._people.left(profile)

    # -- what they share -----------------------------------------------------------------------------------------------

    def take_key(self, key: int) -> None:
        """A key that is in the car already: it opens nothing now."""
        if self.read(_KEY) == key:
            self._remember_key(key)

    def nothing_pending(self) -> None:
        """What its person has set a moment ago is not to be kept: everything of the profile is being erased."""
        self._remembering.flush()
        self.waiting.clear()

    def read(self, path: str) -> Value | None:
        """What a signal reads as."""
        value: Value | None = self._fabric.read(path).value
        return value

    def parked(self) -> bool:
        """Whether the car is known to stand parked."""
        return self.read("Vehicle.Alpenglow.DrivingState") == "PARKED"

    def _keep(self, profile: str, values: dict[str, Value]) -> None:
        if values:
            with self.keeping():
                self._people.keep_settings(profile, values)

    def publish(self) -> None:
        """Tell who is in force."""
        person = kind_of(self.profile) == "PERSON"
        name = next((p.name for p in self._people.all() if p.id == self.profile), "") if person else ""
        self._fabric.hold(
            {f"{_SIGNALS}.Kind": kind_of(self.profile), f"{_SIGNALS}.Id": self.profile, f"{_SIGNALS}.Name": name}
        )

    @contextlib.contextmanager
    def keeping(self) -> Iterator[None]:
        """What is kept by the way must not stop anybody: it is told, and the car goes on."""
        try:
            yield
            keeps = True
        except StoreError as error:
            keeps = False
            self._log.error("a profile is not kept", why=str(error))
        if keeps != self.keeps:
            self.keeps = keeps
            self._cockpit.changed("Profiles")
