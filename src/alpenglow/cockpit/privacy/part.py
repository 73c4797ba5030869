"""The part of the cockpit that says what is kept of a person, and lets it be taken along or erased.

Rules that always hold:
- it speaks of the person whose profile is in force, and of nobody else;
- what is erased is gone from every file: the cockpit's store, the assistant's and navigation's, with their logs;
- consents are opt-in; a change of the rule set withdraws them, and some lapse with the drive (`regions.toml`);
- what the rule set gives so many days is dropped after them, at the start and every hour.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from alpenglow.assistant import api as assistant
from alpenglow.cockpit import api
from alpenglow.cockpit.parts import CAR, Cockpit
from alpenglow.cockpit.privacy.regions import DEFAULT, load_regions
from alpenglow.cockpit.profiles.part import Profiles
from alpenglow.fabric import BadArguments, Caller, Failed, NotPermitted, Service, ServiceError
from alpenglow.fabric.store import StoreError
from alpenglow.navigation import api as navigation

_READY = "Vehicle.Alpenglow.Ready"
_TICK_S = 1.0
_DROP_S = 3600.0
_AGAIN_S = 5.0
_ANSWER_S = 3.0  # how long the other rooms' parts are waited for
_ALL = 2**31  # items: what is dropped is dropped for its age, not for its number
_LATEST = 1000  # entries of the ledger


class _Chosen(msgspec.Struct, frozen=True):
    region: str


class Privacy:
    """What is kept, what left, and the person's say in it."""

    def __init__(self, cockpit: Cockpit, profiles: Profiles) -> None:
        self._cockpit, self._profiles = cockpit, profiles
        self._fabric, self._store = cockpit.fabric, cockpit.store
        self._regions = load_regions()
        self._was_ready = False

    @property
    def region(self) -> str:
        """The rule set in force."""
        kept = self._store.get(CAR, "privacy", "region", _Chosen)
        return kept.region if kept is not None and kept.region in self._regions.region else DEFAULT

    async def start(self) -> None:
        """See Part.start."""
        services: tuple[tuple[Service[..., Any], Callable[..., Awaitable[Any]]], ...] = (
            (api.privacy, self._privacy),
            (api.set_region, self._set_region),
            (api.give_consent, self._give_consent),
            (api.export_my_data, self._export),
            (api.erase_my_data, self._erase),
        )
        for declared, handler in services:
            await self._fabric.serve(declared, handler)
        self._cockpit.changed("Privacy")

    async def run(self) -> None:
        """Let consents lapse with the drive, and drop what has been kept long enough."""
        loop = asyncio.get_running_loop()
        due_s = loop.time()
        while True:
            if loop.time() >= due_s:
                due_s = loop.time() + _DROP_S
                self._drop_old(datetime.now(UTC))
            ready = self._fabric.read(_READY).value is True
            if self._was_ready and not ready and self._regions.region[self.region].lapses == "drive":
                await self._withdraw(sensitive_only=True)
            self._was_ready = ready
            await asyncio.sleep(_TICK_S)

    def _drop_old(self, now: datetime) -> None:
        try:
            before = self._counts()
            for kind, days in self._regions.region[self.region].retention.items():
                for owner in (CAR, *self._store.profiles()):
                    self._store.drop_oldest(owner, kind, _ALL, now - timedelta(days=days))
            if self._counts() != before:
                self._store.compact()
                self._cockpit.changed("Privacy")
        except StoreError as error:
            self._cockpit.room.log.error("what is old is still kept", why=str(error))

    def _counts(self) -> list[list[tuple[str, int, str]]]:
        return [self._store.summary(owner) for owner in (CAR, *self._store.profiles())]

    async def _withdraw(self, *, sensitive_only: bool) -> None:
        """Withdraw everybody's consents."""
        for person in self._profiles.people.all():
            with contextlib.suppress(ServiceError):
                for consent in await self._fabric.call(assistant.consents, profile=person.id):
                    if consent.granted and (consent.purpose in self._regions.sensitive or not sensitive_only):
                        await self._fabric.call(
                            assistant.set_consent, purpose=consent.purpose, granted=False, profile=person.id
                        )
        self._cockpit.changed("Privacy")

    # -- services ----------------------------------------------------------------------------------------------------

    async def _privacy(self, _caller: Caller) -> api.Privacy:
        person = self._cockpit.person()
        where = str(self._cockpit.room.state_dir)
        collected = [
            api.Collected(store="cockpit", kind=kind, count=count, since=since, where=f"{where}/cockpit")
            for kind, count, since in self._store.summary(person)
        ]
        left: list[assistant.Egress] = []
        consents: list[assistant.Consent] = []
        answers = True
        try:
            async with asyncio.timeout(_ANSWER_S):
                kept, places, left, consents = await asyncio.gather(
                    self._fabric.call(assistant.kept, profile=person),
                    self._fabric.call(navigation.kept, profile=person),
                    self._fabric.call(assistant.egress, limit=_LATEST),
                    self._fabric.call(assistant.consents, profile=person),
                )
            collected += [
                api.Collected(store="assistant", kind=k.kind, count=k.count, since=k.since, where=f"{where}/assistant")
                for k in kept
            ]
            collected += [
                api.Collected(
                    store="navigation", kind=p.kind, count=p.count, since=p.since, where=f"{where}/navigation"
                )
                for p in places
            ]
        except (ServiceError, TimeoutError):
            answers = False
            # Whoever shows this asks again then.
            asyncio.get_running_loop().call_later(_AGAIN_S, self._cockpit.changed, "Privacy")
        region = self._regions.region[self.region]
        return api.Privacy(
            profile=person,
            collected=collected,
            bytes_out=sum(entry.bytes_out for entry in left),
            recipients=_recipients(left),
            consents=[
                api.AskedConsent(
                    purpose=c.purpose,
                    says=c.says,
                    granted=c.granted,
                    since=c.since,
                    sensitive=self._regions.sensitive.get(c.purpose, ""),
                    own=self._regions.needs_own(self.region, c.purpose),
                )
                for c in consents
            ],
            region=self.region,
            regions=list(self._regions.region),
            demands=[api.Demand(id=d.id, article=d.article) for d in region.demand],
            retention=dict(region.retention),
            lapses=region.lapses,
            complete=answers,
        )

    async def _set_region(self, caller: Caller, region: str) -> api.Privacy:
        await self._profiles.must_be_setup()
        if region not in self._regions.region:
            raise BadArguments(f"no rule set {region!r}; there are {', '.join(self._regions.region)}")
        if region != self.region:
            try:
                self._store.put(CAR, "privacy", "region", _Chosen(region), datetime.now(UTC))
            except StoreError as error:
                raise Failed(str(error)) from None
            await self._withdraw(sensitive_only=False)
            self._drop_old(datetime.now(UTC))
        return await self._privacy(caller)

    async def _give_consent(self, caller: Caller, purpose: str, granted: bool, by_itself: bool) -> api.Privacy:
        person = self._cockpit.person()
        if granted and not by_itself and self._regions.needs_own(self.region, purpose):
            raise NotPermitted("this concerns sensitive data: here the law asks for a consent to it by itself")
        await self._fabric.call(assistant.set_consent, purpose=purpose, granted=granted, profile=person)
        self._cockpit.changed("Privacy")
        return await self._privacy(caller)

    async def _export(self, _caller: Caller, pin: str) -> str:
        person = self._cockpit.person()
        await self._profiles.prove(person, pin)
        kept = self._store.everything(person)
        if "profile" in kept:  # of a PIN only that there is one
            kept["profile"] = {k: _without_pin(v) for k, v in kept["profile"].items()}
        try:
            exported = await self._fabric.call(assistant.export, profile=person)
            places = await self._fabric.call(navigation.export, profile=person)
        except ServiceError as error:
            raise Failed(f"a part of the car does not answer, and without it this would not be all: {error}") from None
        whole = {
            "format": "alpenglow person 1",
            "profile": person,
            "at": datetime.now(UTC).isoformat(),
            "cockpit": kept,
            "assistant": msgspec.json.decode(exported),
            "navigation": msgspec.json.decode(places),
        }
        return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode()

    async def _erase(self, _caller: Caller, pin: str) -> int:
        person = self._cockpit.person()
        await self._profiles.prove(person, pin)
        # The other rooms first: where one does not answer this is told, and nobody believes that all is gone.
        try:
            gone = await self._fabric.call(assistant.erase, profile=person)
        except ServiceError as error:
            raise Failed(f"nothing is erased yet: the assistant does not answer: {error}") from None
        try:
            gone += await self._fabric.call(navigation.erase, profile=person)
        except ServiceError as error:
            raise Failed(f"not all is erased: the navigation does not answer, try again: {error}") from None
        try:
            gone += await self._profiles.erase(person)
        except StoreError as error:
            raise Failed(str(error)) from None
        self._cockpit.changed("Privacy")
        return gone


def _recipients(left: list[assistant.Egress]) -> list[api.Recipient]:
    """Who got something, the one who got most first."""
    found: dict[tuple[str, str], list[assistant.Egress]] = {}
    for entry in left:
        found.setdefault((entry.recipient, entry.purpose), []).append(entry)
    recipients = [
        api.Recipient(
            name=name,
            purpose=purpose,
            times=len(entries),
            bytes_out=sum(e.bytes_out for e in entries),
            bytes_in=sum(e.bytes_in for e in entries),
            last=max(e.time for e in entries),
        )
        for (name, purpose), entries in found.items()
    ]
    return sorted(recipients, key=lambda r: (-r.bytes_out, r.name))


def _without_pin(body: object) -> object:
    return {k: (v is not None if k == "pin" else v) for k, v in body.items()} if isinstance(body, dict) else body
