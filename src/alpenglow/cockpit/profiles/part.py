"""The part of the cockpit that knows who is in the car. Serves what `api` declares under profiles.

Rules that always hold:
- set-up needs a car that is known to stand parked (UX restriction NO_SETUP); a proof that is missing for a moment is
  waited for, never taken for granted; switching needs none;
- who has a PIN is changed, erased and brought into force with it alone, or by a linked key;
- in valet mode nobody is named, and only the PIN that was chosen for it ends it.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from alpenglow.cockpit import api
from alpenglow.cockpit.parts import CAR, OWNER, Cockpit
from alpenglow.cockpit.profiles.force import InForce, kind_of
from alpenglow.cockpit.profiles.people import GUEST, VALET, People, PeopleError, Person, StoreError, Valet, shown
from alpenglow.cockpit.profiles.pin import Lock, Tries, hashed
from alpenglow.cockpit.profiles.switching import switched
from alpenglow.cockpit.profiles.valet import LOCKS, Watch
from alpenglow.fabric import BadArguments, Caller, Failed, NotPermitted, Service

_RESTRICTIONS = "Vehicle.Alpenglow.UxRestrictions"
_NO_SETUP = 64  # UX_RESTRICTIONS_NO_SETUP, as safety.driving_state has it
_PROVEN_S = 2.0  # a machine that was busy for a moment needs one to prove anew that the car stands
_LOOK_S = 0.02


class Profiles:
    """Everybody's profiles, for one car."""

    def __init__(self, cockpit: Cockpit) -> None:
        self._cockpit = cockpit
        self._fabric = cockpit.fabric
        self.people = People(cockpit.store)
        self._watch = Watch(cockpit, self.people)
        self._force = InForce(cockpit, self.people, self._watch)
        self._lock = Lock()
        self._unkept: dict[str, Tries] = {}  # where the disk takes no more, tries are still counted

    async def start(self) -> None:
        """See Part.start."""
        self._force.publish()
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
        await self._force.run()

    # -- services ----------------------------------------------------------------------------------------------------

    async def _profiles(self, _caller: Caller) -> api.Profiles:
        valet = self.people.valet()
        people = [] if self._force.profile == VALET else self.people.all()
        waiting = [
            api.Waiting(path=path, rule=outcome.rule or "", message=outcome.message)
            for path, (_, outcome) in self._force.waiting.items()
        ]
        return api.Profiles(
            profiles=[shown(p, self.people.settings(p.id), p.id == self._force.profile) for p in people],
            kind=kind_of(self._force.profile),
            waiting=waiting,
            valet=None if valet is None or self._force.profile == GUEST else self._watch.report(valet),
            notice=self._cockpit.store.notice or "",
            keeps=self._force.keeps,
        )

    async def _switch_profile(self, _caller: Caller, profile: str, pin: str) -> api.Switched:
        if self._force.profile == VALET:
            raise NotPermitted("a valet drives; the PIN that was chosen for it ends valet mode")
        if profile != GUEST:
            person = self._person(profile)
            if profile != self._force.profile:
                await self._prove(person, pin)
        return await self._force.switch(profile)

    async def _check_pin(self, _caller: Caller, profile: str, pin: str) -> api.PinCheck:
        if self._force.profile == VALET and profile != VALET:
            raise NotPermitted("a valet drives")
        return await self._pin_of(profile, pin)

    async def _create_profile(self, _caller: Caller, name: str, pin: str) -> api.Profile:
        await self.must_be_setup()
        kept = await asyncio.to_thread(hashed, pin) if pin else None
        with self._explained():
            person = self.people.create(name, kept, self._force.present())
        return self._changed(person)

    async def _change_profile(self, _caller: Caller, profile: str, name: str, pin: str) -> api.Profile:
        await self.must_be_setup()
        await self._prove(self._person(profile), pin)
        with self._explained():
            person = self.people.rename(self._person(profile), name)
        self._force.publish()
        return self._changed(person)

    async def _keep_pages(self, _caller: Caller, pages: list[str]) -> None:
        person = self._person(self._cockpit.person())
        with self._explained():
            self.people.keep(msgspec.structs.replace(person, pages=tuple(dict.fromkeys(pages))))
        self._cockpit.changed("Profiles")

    async def _delete_profile(self, _caller: Caller, profile: str, pin: str) -> None:
        await self.must_be_setup()
        await self._prove(self._person(profile), pin)
        if profile == OWNER:
            raise BadArguments("the owner's profile stays; what is in it can be erased on the privacy page")
        with self._explained():
            await self.erase(profile)
        self._cockpit.changed("Privacy")
        await self._force.forget(profile)

    async def _set_pin(self, _caller: Caller, profile: str, pin: str, old: str) -> None:
        await self.must_be_setup()
        await self._prove(self._person(profile), old)
        kept = await asyncio.to_thread(hashed, pin) if pin else None
        with self._explained():
            self.people.keep(msgspec.structs.replace(self._person(profile), pin=kept))
        self._cockpit.changed("Profiles")

    async def _link_key(self, _caller: Caller, profile: str, key: int, linked: bool, pin: str) -> None:
        await self.must_be_setup()
        await self._prove(self._person(profile), pin)
        other = self.people.with_key(key)
        if linked and other is not None and other.id != profile and other.pin is not None:
            raise NotPermitted("that key belongs to a profile with a PIN; take it away there first")
        with self._explained():
            self.people.link(self._person(profile), key, linked)
        if linked:
            self._force.take_key(key)
        self._cockpit.changed("Profiles")

    async def _start_valet(self, _caller: Caller, pin: str, speed_limit_kmh: int) -> api.Switched:
        await self.must_be_setup()
        before = self._person(self._cockpit.person())
        kept = await asyncio.to_thread(hashed, pin) if pin else before.pin
        if kept is None:
            raise BadArguments("valet mode needs a PIN that ends it")
        open_now = tuple(path for path in LOCKS if self._force.read(path) is False)
        valet = Valet(
            since=datetime.now(UTC), before=before.id, pin=kept, speed_limit_kmh=speed_limit_kmh, unlocked=open_now
        )
        with self._explained():  # before anything is locked: without it nobody could end the mode after a restart
            self.people.keep_valet(valet)
            self.people.keep_tries(VALET, Tries())
        self._watch.begin(valet)
        await self._force.switch(VALET)
        return switched(VALET, "VALET", await self._watch.lock())

    async def _end_valet(self, _caller: Caller, pin: str) -> api.Switched:
        valet = self.people.valet()
        if self._force.profile != VALET or valet is None:
            raise BadArguments("no valet drives")
        self._must_be_right(await self._pin_of(VALET, pin))
        self._watch.end()
        back = await self._force.switch(valet.before if self._exists(valet.before) else OWNER)
        await self._watch.unlock(valet)
        return back

    # -- what they share -----------------------------------------------------------------------------------------------

    async def prove(self, profile: str, pin: str) -> None:
        """NotPermitted unless `pin` is that profile's, where it has one."""
        await self._prove(self._person(profile), pin)

    async def erase(self, profile: str) -> int:
        """Erase all that the cockpit keeps of a profile; how many items are gone. Of the owner's an empty one is left.

        Raises StoreError.
        """
        self._force.nothing_pending()
        if profile == self._force.profile and profile != OWNER:
            await self._force.switch(OWNER)
        gone = self.people.erase(profile)
        gone += self._cockpit.store.erase(CAR, "message")  # the car's own may name a person's scene or song
        for let_go in self._cockpit.erased:
            let_go(profile)
        self._unkept.pop(profile, None)
        self._force.publish()
        self._cockpit.changed("Profiles")
        return gone

    async def must_be_setup(self) -> None:
        """NotPermitted unless set-up is allowed, now or within two seconds, by a person whose profile is in force."""
        try:
            async with asyncio.timeout(_PROVEN_S):
                while not self._may_set_up():
                    await asyncio.sleep(_LOOK_S)
        except TimeoutError:
            raise NotPermitted("profiles are set up while the car stands in P") from None
        self._cockpit.person()

    def _may_set_up(self) -> bool:
        restrictions = self._force.read(_RESTRICTIONS)
        return isinstance(restrictions, int) and not restrictions & _NO_SETUP

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
            with self._force.keeping():
                self.people.keep_tries(profile, tries)

        stored = self.people.tries(profile)
        return await self._lock.check(kept, pin, lambda: self._unkept.get(profile, stored), write)

    def _changed(self, person: Person) -> api.Profile:
        self._cockpit.changed("Profiles")
        return shown(person, self.people.settings(person.id), person.id == self._force.profile)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """What cannot be done, as an error for whoever asked."""
        try:
            yield
            self._force.keeps = True
        except PeopleError as error:
            raise BadArguments(str(error)) from None
        except StoreError as error:
            self._force.keeps = False
            raise Failed(str(error)) from None
