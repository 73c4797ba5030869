"""The part of the cockpit that knows who is in the car. Serves what `api` declares under profiles.

Rules that always hold:
- exactly one profile is in force: a person's, the guest's or the valet's; a restart brings back the same;
- set-up needs a car that is known to stand parked (UX restriction NO_SETUP); switching does not;
- while a guest or a valet drives nothing is remembered, nobody's things are given out, and no key switches: the valet
  has one of them in the hand.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from alpenglow.assistant import api as assistant
from alpenglow.cockpit import api
from alpenglow.cockpit.parts import CAR, OWNER, Cockpit
from alpenglow.cockpit.profiles.people import GUEST, VALET, People, PeopleError, Person, StoreError, Valet, shown
from alpenglow.cockpit.profiles.pin import Lock, Tries, hashed
from alpenglow.cockpit.profiles.remembering import Command, Remembering
from alpenglow.cockpit.profiles.settings import load_settings
from alpenglow.cockpit.profiles.switching import apply, switched, waits
from alpenglow.cockpit.profiles.valet import LOCKS, Watch
from alpenglow.fabric import BadArguments, Caller, Failed, NotPermitted, Outcome, Service, ServiceError
from alpenglow.signals import Value

_SIGNALS = "Vehicle.Alpenglow.Cockpit.Profile"
_RESTRICTIONS = "Vehicle.Alpenglow.UxRestrictions"
_NO_SETUP = 64  # UX_RESTRICTIONS_NO_SETUP, as safety.driving_state has it
_COMMAND = "Vehicle.Alpenglow.Command"
_KEY = "Vehicle.Alpenglow.KeyId"
_TICK_S = 0.25
_AGAIN_S = 5.0  # between two tries to have the assistant let go of a profile
_LET_GO_S = 3.0
_KNOWN_S = 4.0  # a car that stands is known to stand by then

_decode = msgspec.json.Decoder(Command).decode


def _kind(profile: str) -> api.ProfileKind:
    return "GUEST" if profile == GUEST else "VALET" if profile == VALET else "PERSON"


class Profiles:
    """Everybody's profiles, for one car."""

    def __init__(self, cockpit: Cockpit) -> None:
        self._cockpit = cockpit
        self._fabric = cockpit.fabric
        self._log = cockpit.room.log
        self._settings = load_settings(cockpit.room.catalogue)
        self.people = People(cockpit.store)
        self._profile, self._key = self.people.in_force()
        self._waiting: dict[str, tuple[Value, Outcome]] = {}
        self._remembering = Remembering(self._settings, self._read, cockpit.fabric.identity)
        self._lock = Lock()
        self._unkept: dict[str, Tries] = {}  # where the disk takes no more, tries are still counted
        self._turn = asyncio.Lock()  # one switch after the other
        self._watch = Watch(cockpit, self.people)
        self._leaving = set(self.people.leaving())
        self._keeps = True
        self._was_parked = False

    # -- living ------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """See Part.start."""
        if self._profile == VALET and self.people.valet() is None:
            self._profile = OWNER
        self._publish()
        services: tuple[tuple[Service[..., Any], Callable[..., Awaitable[Any]]], ...] = (
            (api.profiles, self._profiles),
            (api.switch_profile, self._switch_profile),
            (api.check_pin, self._check_pin),
            (api.create_profile, self._create_profile),
            (api.change_profile, self._change_profile),
            (api.keep_pages, self._keep_pages),
            (api.delete_profile, self._delete_profile),
            (api.set_pin, self._set_pin),
            (api.link_key, self._link_key),
            (api.start_valet, self._start_valet),
            (api.end_valet, self._end_valet),
        )
        for declared, handler in services:
            await self._fabric.serve(declared, handler)
        self._cockpit.changed("Profiles")

    async def run(self) -> None:
        """See Part.run."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            await self._come_back()
            group.create_task(self._follow_keys())
            group.create_task(self._tick())

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
        waiting = self._waiting.get(command.path)
        if waiting is not None and command.value != waiting[0]:  # set otherwise by somebody: that counts
            del self._waiting[command.path]
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
                self._keep(self._profile, self._remembering.settled(loop_s, self._cockpit.lent))
            if self._profile == VALET:
                self._watch.look(self._read("Vehicle.Speed"))
            parked = self._parked()
            if parked and not self._was_parked:
                await self._try_again()
            self._was_parked = parked

    async def _come_back(self) -> None:
        """The car wakes, or this process does. Only a parked car is set to its person's settings."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_KNOWN_S):
                while not self._parked():
                    await asyncio.sleep(_TICK_S)
        self._was_parked = self._parked()
        await self._take_key(self._read(_KEY))
        if self._parked() and self._cockpit.somebodys:
            async with self._turn:
                await self._bring(self._profile)

    # -- switching ---------------------------------------------------------------------------------------------------

    async def _switch(self, profile: str) -> api.Switched:
        """Bring a profile into force; every switch comes through here."""
        async with self._turn:
            left = self._profile
            if left not in (GUEST, VALET):
                self._take_leave(left)
            self._profile = profile
            self._waiting.clear()
            self._publish()
            with self._keeping():
                self.people.keep_in_force(profile, self._key)
            self._log.info("profile in force", kind=_kind(profile))
            self._cockpit.changed("Profiles")
            outcomes = await self._bring(profile) if _kind(profile) == "PERSON" else []
        if left in (GUEST, VALET) and left != profile:
            await self._forget(left)
        return switched(profile, _kind(profile), outcomes)

    def _take_leave(self, profile: str) -> None:
        """Keep what its person has set a moment ago, and what the profile does not know yet."""
        now = self._remembering.flush(self._cockpit.lent)
        known = self.people.settings(profile)
        self._keep(profile, {path: v for path, v in self._present().items() if path not in known} | now)

    def _present(self) -> dict[str, Value]:
        """The settings as the car has them now, but for what is lent."""
        paths = [path for path in self._settings if path not in self._cockpit.lent]
        return {path: value for path in paths if (value := self._read(path)) is not None}

    async def _bring(self, profile: str) -> list[Outcome]:
        loop = asyncio.get_running_loop()
        values = {path: v for path, v in self.people.settings(profile).items() if path in self._settings}
        for path, value in values.items():
            self._remembering.bring(path, value)
        outcomes = await apply(self._fabric, values, self._settings)
        for path in values:
            self._remembering.brought(path, loop.time())
        self._waiting = {o.path: (values[o.path], o) for o in outcomes if waits(o)}
        if self._waiting:
            self._cockpit.changed("Profiles")
        return outcomes

    async def _try_again(self) -> None:
        if not self._waiting or self._turn.locked():
            return
        async with self._turn:
            values = {path: value for path, (value, _) in self._waiting.items()}
            for path, value in values.items():
                self._remembering.bring(path, value)
            outcomes = await apply(self._fabric, values, self._settings)
            for path in values:
                self._remembering.brought(path, asyncio.get_running_loop().time())
            self._waiting = {o.path: (values[o.path], o) for o in outcomes if waits(o)}
        self._cockpit.changed("Profiles")

    async def _take_key(self, key: Value | None) -> None:
        if not isinstance(key, int) or isinstance(key, bool) or key == self._key:
            return
        # Also one that comes while driving: it opens nothing when the car is parked later. One that went away, however
        # shortly, opens the car anew.
        self._remember_key(key)
        person = self.people.with_key(key)
        if person is not None and self._parked() and self._profile not in (VALET, person.id):
            await self._switch(person.id)

    def _remember_key(self, key: int) -> None:
        self._key = key
        with self._keeping():
            self.people.keep_in_force(self._profile, key)

    async def _forget(self, profile: str) -> None:
        """Have the assistant let go of a profile: now, or as soon as it answers."""
        with self._keeping():
            self.people.leave(profile)
        self._leaving.add(profile)
        await self._let_go()

    async def _let_go(self) -> None:
        for profile in sorted(self._leaving - {self._profile}):
            try:
                async with asyncio.timeout(_LET_GO_S):  # nobody waits long for it: it is asked again
                    await self._fabric.call(assistant.erase, profile=profile)
            except (ServiceError, TimeoutError) as error:
                self._log.warning("the assistant has not let go of a profile yet", why=str(error))
                return
            self._leaving.discard(profile)
            with self._keeping():
                self.people.left(profile)

    # -- services ----------------------------------------------------------------------------------------------------

    async def _profiles(self, _caller: Caller) -> api.Profiles:
        valet = self.people.valet()
        people = [] if self._profile == VALET else self.people.all()
        waiting = [
            api.Waiting(path=path, rule=outcome.rule or "", message=outcome.message)
            for path, (_, outcome) in self._waiting.items()
        ]
        return api.Profiles(
            profiles=[shown(p, self.people.settings(p.id), p.id == self._profile) for p in people],
            kind=_kind(self._profile),
            waiting=waiting,
            valet=None if valet is None or self._profile == GUEST else self._watch.report(valet),
            notice=self._cockpit.store.notice or "",
            keeps=self._keeps,
        )

    async def _switch_profile(self, _caller: Caller, profile: str, pin: str) -> api.Switched:
        if self._profile == VALET:
            raise NotPermitted("a valet drives; the PIN that was chosen for it ends valet mode")
        if profile != GUEST:
            person = self._person(profile)
            if profile != self._profile:
                await self._prove(person, pin)
        return await self._switch(profile)

    async def _check_pin(self, _caller: Caller, profile: str, pin: str) -> api.PinCheck:
        if self._profile == VALET and profile != VALET:
            raise NotPermitted("a valet drives")
        return await self._pin_of(profile, pin)

    async def _create_profile(self, _caller: Caller, name: str, pin: str) -> api.Profile:
        self.must_be_setup()
        kept = await asyncio.to_thread(hashed, pin) if pin else None
        with self._explained():
            person = self.people.create(name, kept, self._present())
        return self._changed(person)

    async def _change_profile(self, _caller: Caller, profile: str, name: str, pin: str) -> api.Profile:
        self.must_be_setup()
        await self._prove(self._person(profile), pin)
        with self._explained():
            person = self.people.rename(self._person(profile), name)
        self._publish()
        return self._changed(person)

    async def _keep_pages(self, _caller: Caller, pages: list[str]) -> None:
        person = self._person(self._cockpit.person())
        with self._explained():
            self.people.keep(msgspec.structs.replace(person, pages=tuple(dict.fromkeys(pages))))
        self._cockpit.changed("Profiles")

    async def _delete_profile(self, _caller: Caller, profile: str, pin: str) -> None:
        self.must_be_setup()
        await self._prove(self._person(profile), pin)
        if profile == OWNER:
            raise BadArguments("the owner's profile stays; what is in it can be erased on the privacy page")
        with self._explained():
            await self.erase(profile)
        self._cockpit.changed("Privacy")
        await self._forget(profile)

    async def _set_pin(self, _caller: Caller, profile: str, pin: str, old: str) -> None:
        self.must_be_setup()
        await self._prove(self._person(profile), old)
        kept = await asyncio.to_thread(hashed, pin) if pin else None
        with self._explained():
            self.people.keep(msgspec.structs.replace(self._person(profile), pin=kept))
        self._cockpit.changed("Profiles")

    async def _link_key(self, _caller: Caller, profile: str, key: int, linked: bool, pin: str) -> None:
        self.must_be_setup()
        await self._prove(self._person(profile), pin)
        other = self.people.with_key(key)
        if linked and other is not None and other.id != profile and other.pin is not None:
            raise NotPermitted("that key belongs to a profile with a PIN; take it away there first")
        with self._explained():
            self.people.link(self._person(profile), key, linked)
        if linked and self._read(_KEY) == key:
            self._remember_key(key)  # it is in the car already, and has opened nothing since
        self._cockpit.changed("Profiles")

    async def _start_valet(self, _caller: Caller, pin: str, speed_limit_kmh: int) -> api.Switched:
        self.must_be_setup()
        before = self._person(self._cockpit.person())
        kept = await asyncio.to_thread(hashed, pin) if pin else before.pin
        if kept is None:
            raise BadArguments("valet mode needs a PIN that ends it")
        open_now = tuple(path for path in LOCKS if self._read(path) is False)
        valet = Valet(
            since=datetime.now(UTC), before=before.id, pin=kept, speed_limit_kmh=speed_limit_kmh, unlocked=open_now
        )
        with self._explained():  # before anything is locked: without it nobody could end the mode after a restart
            self.people.keep_valet(valet)
            self.people.keep_tries(VALET, Tries())
        self._watch.begin(valet)
        await self._switch(VALET)
        return switched(VALET, "VALET", await self._watch.lock())

    async def _end_valet(self, _caller: Caller, pin: str) -> api.Switched:
        valet = self.people.valet()
        if self._profile != VALET or valet is None:
            raise BadArguments("no valet drives")
        self._must_be_right(await self._pin_of(VALET, pin))
        self._watch.end()
        back = await self._switch(valet.before if self._exists(valet.before) else OWNER)
        await self._watch.unlock(valet)
        return back

    # -- what they share -----------------------------------------------------------------------------------------------

    def _read(self, path: str) -> Value | None:
        value: Value | None = self._fabric.read(path).value
        return value

    def _parked(self) -> bool:
        return self._read("Vehicle.Alpenglow.DrivingState") == "PARKED"

    async def prove(self, profile: str, pin: str) -> None:
        """NotPermitted unless `pin` is that profile's, where it has one."""
        await self._prove(self._person(profile), pin)

    async def erase(self, profile: str) -> int:
        """Erase all that the cockpit keeps of a profile; how many items are gone. Of the owner's an empty one is left.

        Raises StoreError.
        """
        self._remembering.flush()
        if profile == self._profile and profile != OWNER:
            await self._switch(OWNER)
        gone = self.people.erase(profile)
        gone += self._cockpit.store.erase(CAR, "message")  # the car's own may name a person's scene or song
        for let_go in self._cockpit.erased:
            let_go(profile)
        self._unkept.pop(profile, None)
        self._waiting.clear()
        self._publish()
        self._cockpit.changed("Profiles")
        return gone

    def must_be_setup(self) -> None:
        """NotPermitted unless set-up is allowed now, by a person whose profile is in force."""
        restrictions = self._read(_RESTRICTIONS)
        if not isinstance(restrictions, int) or restrictions & _NO_SETUP:
            raise NotPermitted("profiles are set up while the car stands in P")
        self._cockpit.person()

    def _exists(self, profile: str) -> bool:
        return any(person.id == profile for person in self.people.all())

    def _person(self, profile: str) -> Person:
        with self._explained():
            return self.people.get(profile)

    async def _prove(self, person: Person, pin: str) -> None:
        if person.pin is not None:
            self._must_be_right(await self._pin_of(person.id, pin))

    def _must_be_right(self, check: api.PinCheck) -> None:
        if check.wait_s:
            raise NotPermitted(f"too many wrong PINs; try again in {check.wait_s} s")
        if not check.right:
            raise NotPermitted(f"that is not the PIN; {check.tries_left} tries left")

    async def _pin_of(self, profile: str, pin: str) -> api.PinCheck:
        valet = self.people.valet() if profile == VALET else None
        kept = valet.pin if valet is not None else self._person(profile).pin
        if kept is None:
            return Tries().result(True, datetime.now(UTC))

        def write(tries: Tries) -> None:
            self._unkept[profile] = tries
            with self._keeping():
                self.people.keep_tries(profile, tries)

        stored = self.people.tries(profile)
        return await self._lock.check(kept, pin, lambda: self._unkept.get(profile, stored), write)

    def _keep(self, profile: str, values: dict[str, Value]) -> None:
        if values:
            with self._keeping():
                self.people.keep_settings(profile, values)

    def _publish(self) -> None:
        person = _kind(self._profile) == "PERSON"
        name = next((p.name for p in self.people.all() if p.id == self._profile), "") if person else ""
        self._fabric.hold(
            {f"{_SIGNALS}.Kind": _kind(self._profile), f"{_SIGNALS}.Id": self._profile, f"{_SIGNALS}.Name": name}
        )

    def _changed(self, person: Person) -> api.Profile:
        self._cockpit.changed("Profiles")
        return shown(person, self.people.settings(person.id), person.id == self._profile)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """What cannot be done, as an error for whoever asked."""
        try:
            yield
            self._keeps = True
        except PeopleError as error:
            raise BadArguments(str(error)) from None
        except StoreError as error:
            self._keeps = False
            raise Failed(str(error)) from None

    @contextlib.contextmanager
    def _keeping(self) -> Iterator[None]:
        """What is kept by the way must not stop anybody: it is told, and the car goes on."""
        try:
            yield
            keeps = True
        except StoreError as error:
            keeps = False
            self._log.error("a profile is not kept", why=str(error))
        if keeps != self._keeps:
            self._keeps = keeps
            self._cockpit.changed("Profiles")
