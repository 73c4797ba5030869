"""The process `assistant`: answers what people say, with what the car has to think with.

It can answer by words a second after its start. Sentence vectors, the handbook and the language model join when they
are ready, each prepared beside the answering. What the model's native code may do to this process, it does to no other;
the supervisor starts it again and the conversation goes on.
"""

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Literal

import msgspec

from alpenglow.assistant import api
from alpenglow.assistant.car import LiveCar
from alpenglow.assistant.cloud.consent import Consents
from alpenglow.assistant.cloud.ledger import Ledger
from alpenglow.assistant.conversation import Conversation
from alpenglow.assistant.functions import Functions
from alpenglow.assistant.household import CannotKeep, Household
from alpenglow.assistant.language.pack import load_packs
from alpenglow.assistant.meaning import Meaning
from alpenglow.assistant.memory import Automation, StoreError
from alpenglow.assistant.minds import Minds, open_cloud
from alpenglow.assistant.models.encoders import best_encoder
from alpenglow.assistant.models.store import Store
from alpenglow.assistant.models.vectors import KeptPassages, cache_folder
from alpenglow.assistant.navigating.navigator import LiveNavigator
from alpenglow.assistant.navigating.wording import LANGUAGES, words
from alpenglow.assistant.replies import Replies
from alpenglow.assistant.scenes import Asked, LiveCockpit
from alpenglow.assistant.talks import OWNER, Talks
from alpenglow.assistant.thinking import Assistant
from alpenglow.cockpit.api import SceneRun
from alpenglow.fabric import BadArguments, Caller, Failed, NotPermitted, durable
from alpenglow.fabric.room import Room, main
from alpenglow.signals import Quality, Value

type _TierState = Literal["ready", "loading", "missing", "broken"]

# Before anything loads it: linear algebra in threads of its own beside the model's once brought a process down.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

_SIGNALS = "Vehicle.Alpenglow.Assistant"
_LOOK_S = 1.0
_LEARN_S = 60.0
_HEARD_S = 3.0  # how long a start waits for the car to speak
_IN_FORCE = "Vehicle.Alpenglow.Cockpit.Profile"
_LANGUAGES = {"en": "English", "de": "German", "zh": "Chinese"}
_STATES = {"ready": "READY", "loading": "LOADING", "fetching": "FETCHING", "broken": "BROKEN"}


class Service:
    """What `api` declares, for one car."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._folder = room.state_dir / "assistant"
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._car = LiveCar(room.fabric)
        self._heard = self._spoken_of()
        functions = Functions(room.catalogue, only=self._heard or None)
        packs = load_packs(functions)
        self._meaning: Meaning | None = None
        self._sense: tuple[_TierState, str] = ("loading", "What sentences mean is being prepared.")
        self.minds = Minds(Store(), platform=room.settings.options.get("platform", ""))
        self._records = open_cloud(self.minds, self._folder / "cloud.toml", self._folder)
        if self.minds.cloud_problem:
            room.log.error("no cloud", why=self.minds.cloud_problem)
        try:
            self._household: Household | None = Household(self._folder, room.catalogue)
        except StoreError as error:
            room.log.error("no memory", why=str(error))
            self._household = None
        self.cockpit = LiveCockpit(room.fabric)
        self.assistant = Assistant(
            self._car,
            functions,
            packs,
            household=self._household,
            minds=self.minds,
            cockpit=self.cockpit,
            navigator=LiveNavigator(room.fabric),
        )
        self._talks = Talks(self._folder)
        self._one_at_a_time = asyncio.Lock()
        self._suggestion = ""
        self._chosen = self._folder / "policy"
        with contextlib.suppress(OSError):
            if (name := self._chosen.read_text().strip()) in self.minds.policies:
                self.minds.policy = name

    def _spoken_of(self) -> set[str]:
        """What this car has: the signals that somebody in it has ever spoken of."""
        table = self._room.fabric.table
        return {s.path for s in self._room.catalogue.signals if table.read(s.path).quality is not Quality.UNAVAILABLE}

    def _look_again(self) -> None:
        """Another part of the car has spoken for the first time: the assistant can do more."""
        heard = self._spoken_of()
        if len(heard) != len(self._heard):
            self._heard = heard
            functions = Functions(self._room.catalogue, only=heard or None)
            self.assistant.know(functions, load_packs(functions), self._meaning)

    # -- preparing -----------------------------------------------------------------------------------------------------

    async def prepare(self) -> None:
        """Make ready what takes longer than a start may: meaning, handbook, other people's tools, language model."""
        for language in LANGUAGES:  # or the first sentence waits for its patterns
            await asyncio.to_thread(words, language)
        await self._prepare_meaning()
        await self._join_others()
        options = self._room.settings.options
        offline = os.environ.get("ALPENGLOW_OFFLINE") == "1"
        await self.minds.prepare(options.get("model", ""), may_fetch=options.get("fetch") != "no" and not offline)
        if self.minds.state == "broken":
            self._room.log.warning("no language model", why=self.minds.says)

    async def _join_others(self) -> None:
        """The MCP servers of `mcp.toml`, as far as it permits."""
        file = self._folder / "mcp.toml"
        if not file.exists():
            return
        from alpenglow.assistant.tools.catalogue import CatalogueProblem
        from alpenglow.assistant.tools.joining import Others
        from alpenglow.assistant.tools.mcp_client import Servers, load_servers

        try:
            servers = Servers(load_servers(file))
        except (CatalogueProblem, OSError) as problem:
            self._room.log.error("no other tools", why=str(problem))
            return
        await servers.open()
        for why in servers.problems:
            self._room.log.warning("a server of tools", why=why)
        self.assistant.others = Others(servers)

    async def _prepare_meaning(self) -> None:
        """The sense of sentences first, since most of what is said needs it, then that of the handbook."""
        from alpenglow.assistant.handbook import Handbook

        self.assistant.handbook = await asyncio.to_thread(Handbook.load)
        wanted = self._room.settings.options.get("meaning", "")
        encoder = await asyncio.to_thread(best_encoder, Store()) if wanted != "none" else None
        if encoder is None:
            self._sense = ("missing", "Nothing here tells the meaning of a sentence; plain words are understood.")
            return
        try:
            self._meaning = await asyncio.to_thread(Meaning, encoder, self.assistant.packs, cache_folder())
            self.assistant.know(self.assistant.functions, self.assistant.packs, self._meaning)
            self._sense = ("ready", "Sentences are compared by their meaning.")
            handbook = await asyncio.to_thread(Handbook.load, encoder=KeptPassages(encoder, cache_folder()))
            for language in handbook.languages:
                await asyncio.to_thread(handbook.prepare, language)
            self.assistant.handbook = handbook
        except OSError as error:
            self._room.log.error("no sentence vectors", why=str(error))
            if self._meaning is None:
                self._sense = ("broken", f"Sentence vectors cannot be kept: {error}")

    # -- answering -----------------------------------------------------------------------------------------------------

    def _current(self) -> str:
        """The profile that is in force in the cockpit; the owner's where there is no cockpit."""
        found = self._room.fabric.read(f"{_IN_FORCE}.Id").value
        return found if isinstance(found, str) and found else OWNER

    def _whose(self, profile: str) -> str:
        """The profile that is meant. NotPermitted: another one's, while a guest or a valet drives."""
        current = self._current()
        if profile and profile != current and self._room.fabric.read(f"{_IN_FORCE}.Kind").value in ("GUEST", "VALET"):
            raise NotPermitted("personal things are hidden while a guest or a valet drives")
        return profile or current

    def for_profile(self, handler: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """`handler`, called with the profile that is meant where it takes one."""

        async def served(caller: Caller, **arguments: Any) -> Any:
            if "profile" in arguments and handler != self.erase:
                arguments["profile"] = self._whose(arguments["profile"])
            return await handler(caller, **arguments)

        return served

    def _talk(self, name: str = "car", profile: str = "") -> Conversation:
        return self._talks.get(profile or self._current(), name, self.assistant.functions)

    async def _turn(
        self,
        conversation: str,
        work: Callable[[Conversation], Awaitable[api.Answer]],
        profile: str = "",
        *,
        quiet: bool = False,
    ) -> api.Answer:
        """One turn at a time; what is being said is told while it grows (unless `quiet`), and kept when it is over."""
        async with self._one_at_a_time:
            profile = profile or self._current()
            if not quiet:
                self._show(State="THINKING", Reply="")
            talk = self._talk(conversation, profile)
            reply = ""
            try:
                answer = await work(talk)
                reply = answer.reply
            finally:
                if not quiet:
                    self._show(State="IDLE", Reply=reply)
            with contextlib.suppress(OSError):
                await asyncio.to_thread(self._talks.keep, profile, conversation, talk)
            return answer

    def _show(self, **values: Value) -> None:
        self._room.fabric.hold({f"{_SIGNALS}.{name}": value for name, value in values.items()})

    async def ask(self, _caller: Caller, text: str, seat: api.Seat, profile: str, conversation: str) -> api.Answer:
        """See api.ask."""
        grown: list[str] = []

        def progress(part: str) -> None:
            grown.append(part)
            self._show(State="ANSWERING", Reply="".join(grown))

        return await self._turn(
            conversation,
            lambda talk: self.assistant.ask(text, seat, talk, profile=profile, progress=progress),
            profile,
        )

    async def undo(self, _caller: Caller, profile: str, conversation: str) -> api.Answer:
        """See api.undo."""
        return await self._turn(conversation, lambda talk: self.assistant.undo(talk, profile), profile)

    async def status(self, _caller: Caller) -> api.Status:
        """See api.status."""
        state, says = self._sense
        tiers = [
            api.TierStatus(tier="guard", state="ready", says="Interlocks and policy.", progress=1.0),
            api.TierStatus(tier="grammar", state="ready", says=_languages(self.assistant.packs), progress=1.0),
            api.TierStatus(tier="meaning", state=state, says=says, progress=1.0),
            *self.minds.status(),
        ]
        left = await asyncio.to_thread(self._records[0].bytes_out) if self._records else 0
        return api.Status(tiers=tiers, policy=self.minds.policy, policies=list(self.minds.policies), egress_bytes=left)

    async def set_policy(self, caller: Caller, policy: str) -> api.Status:
        """See api.set_policy."""
        if policy not in self.minds.policies:
            raise BadArguments(f"no policy {policy!r}; there are {', '.join(self.minds.policies)}")
        self.minds.policy = policy
        durable.write(self._chosen, policy.encode())
        return await self.status(caller)

    # -- memory --------------------------------------------------------------------------------------------------------

    def _memory(self) -> Household:
        if self._household is None:
            raise BadArguments("the assistant's memory cannot be opened; see its log")
        return self._household

    def _says(self) -> Replies:
        return Replies(self.assistant.packs[self._talk().language], self.assistant.functions)

    async def timers(self, _caller: Caller, profile: str) -> list[api.Timer]:
        """See api.timers."""
        return self._memory().timers(profile, self._says().shown)

    async def drop_timer(self, _caller: Caller, timer: str, profile: str) -> None:
        """See api.drop_timer."""
        self._memory().drop_timer(profile, timer)

    async def run_scene(self, _caller: Caller, scene: str, profile: str) -> api.Answer:
        """See api.run_scene."""
        found = next((s for s in self.cockpit.known if s.scene.id == scene), None)
        if found is None:
            raise BadArguments("there is no such scene")
        asked = Asked("run", found, explicit=True)
        return await self._turn("car", lambda talk: self.assistant.run_scene(asked, profile, talk))

    async def memories(self, _caller: Caller, profile: str) -> list[api.Memory]:
        """See api.memories."""
        return self._memory().memories(profile, self._talk().language)

    async def forget(self, _caller: Caller, memory: str, profile: str) -> int:
        """See api.forget."""
        return self._memory().forget(profile, memory)

    async def suggestions(self, _caller: Caller, profile: str) -> list[api.Suggestion]:
        """See api.suggestions."""
        return self._memory().offered(self._talk().language, self._says().shown)

    async def answer_suggestion(self, _caller: Caller, suggestion: str, accept: bool, profile: str) -> api.Answer:
        """See api.answer_suggestion."""
        try:
            actions = self._memory().answer(profile, suggestion, accept)
        except CannotKeep as problem:
            raise BadArguments(str(problem)) from None
        self._tell_suggestions()
        return await self._turn("car", lambda talk: self.assistant.run(actions, profile, talk, ""))

    # -- what leaves the car -------------------------------------------------------------------------------------------

    def _kept(self) -> tuple[Ledger, Consents]:
        if self._records is None:
            raise BadArguments(self.minds.cloud_problem)
        return self._records

    async def egress(self, _caller: Caller, limit: int) -> list[api.Egress]:
        """See api.egress."""
        ledger, _ = self._kept()
        return [
            api.Egress(
                id=e.id, time=e.time, purpose=e.purpose, recipient=e.recipient, bytes_out=e.bytes_out,
                bytes_in=e.bytes_in, redacted=e.redacted_says, outcome=e.outcome,
            )
            for e in await asyncio.to_thread(ledger.entries, limit)
        ]  # fmt: skip

    async def consents(self, _caller: Caller, profile: str) -> list[api.Consent]:
        """See api.consents."""
        language = self._talk().language
        _, consents = self._kept()
        found = []
        for name, purpose in consents.purposes.items():
            last = consents.last(profile, name)
            granted = consents.granted(profile, name)
            says, since = purpose.says(language), last.time if last else ""
            found.append(api.Consent(purpose=name, says=says, granted=granted, since=since))
        return found

    async def set_consent(self, caller: Caller, purpose: str, granted: bool, profile: str) -> list[api.Consent]:
        """See api.set_consent."""
        _, kept = self._kept()
        if purpose not in kept.purposes:
            raise BadArguments(f"no purpose {purpose!r}; there are {', '.join(kept.purposes)}")
        kept.set(profile, purpose, granted)
        return await self.consents(caller, profile)

    # -- what is kept of a person --------------------------------------------------------------------------------------

    async def kept(self, _caller: Caller, profile: str) -> list[api.Kept]:
        """See api.kept."""
        talks = self._talks.kept(profile)
        found = [] if self._household is None else self._household.kept(profile)
        if talks:
            oldest = min(at for _, _, at in talks)
            found.append(api.Kept(kind="conversation", count=len(talks), since=oldest.isoformat()))
        return found

    async def export(self, caller: Caller, profile: str) -> str:
        """See api.export."""
        memory = {} if self._household is None else self._household.everything(profile)
        consents = [] if self._records is None else self._records[1].history(profile)
        left = [] if self._records is None else await self.egress(caller, 1000)
        talks = {name: msgspec.json.decode(content) for name, content, _ in self._talks.kept(profile)}
        whole = {"memory": memory, "conversations": talks, "consents": consents, "left the car": left}
        return msgspec.json.encode(whole).decode()

    async def erase(self, _caller: Caller, profile: str) -> int:
        """See api.erase."""
        async with self._one_at_a_time:  # what is being said now would be kept a moment later
            gone = 0 if self._household is None else self._household.forget(profile, "")
            try:
                gone += self._talks.erase(profile)
            except OSError as error:
                raise Failed(f"the conversations cannot be erased: {error}") from None
            if self._records is not None:
                ledger, consents = self._records
                gone += consents.erase(profile)
                await asyncio.to_thread(ledger.drop_bodies)
        self._show(Reply="")
        self._tell_suggestions()
        return gone

    # -- watching ------------------------------------------------------------------------------------------------------

    async def watch(self) -> None:
        """Do what falls due, propose what fits, and say how the model is, once a second."""
        since_learning = 0.0
        while True:
            self._look_again()
            self._show(Model=_STATES.get(self.minds.state, "NONE"), ModelProgress=round(100 * self.minds.progress, 1))
            for run in await self.cockpit.refresh():
                await self._hear_of(run)
            if self._household is not None:
                try:
                    await self._look(self._household, learn=since_learning >= _LEARN_S)
                except StoreError as error:
                    self._room.log.error("memory", why=str(error))
                since_learning = 0.0 if since_learning >= _LEARN_S else since_learning + _LOOK_S
            await asyncio.sleep(_LOOK_S)

    async def _look(self, household: Household, *, learn: bool) -> None:
        read = self._car.read
        for item in household.due(read, [self._current()]):
            await self._fall_due(item)
        household.look(self._current(), read)
        if learn:
            household.suggest(self._current(), read)
        self._tell_suggestions()

    async def _fall_due(self, item: Automation) -> None:
        self._room.log.info("due", actions=len(item.actions))
        await self._turn("car", lambda talk: self.assistant.run(item.actions, item.profile, talk, item.said))

    async def _hear_of(self, run: SceneRun) -> None:
        """Tell what a scene did by itself, and note what one did by touch, so that "undo" takes it back."""

        async def tell(talk: Conversation) -> api.Answer:
            return self.assistant.told(run, talk)

        if run.by != "voice" and run.deeds and not run.ended:
            await self._turn("car", tell, quiet=run.by == "touch")

    def _tell_suggestions(self) -> None:
        if self._household is None:
            return
        offers = self._household.offered(self._talk().language, self._says().shown)
        text = " · ".join(offer.says for offer in offers)
        if text != self._suggestion:
            self._suggestion = text
            self._show(Suggestion=text)


def _languages(packs: Iterable[str]) -> str:
    return f"Sentences in {', '.join(_LANGUAGES.get(name, name) for name in packs)}."


async def _heard(room: Room) -> None:
    """Wait until the car has spoken, or for a moment where it does not."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_HEARD_S):
            while room.fabric.read("Vehicle.Speed").quality is Quality.UNAVAILABLE:
                await asyncio.sleep(0.05)


async def start(room: Room) -> None:
    """Serve the assistant, until cancelled."""
    await _heard(room)
    service = Service(room)
    fabric = room.fabric
    fabric.hold({f"{_SIGNALS}.{name}": value for name, value in _FIRST.items()})
    for declared in (
        api.ask, api.undo, api.status, api.set_policy, api.timers, api.drop_timer, api.run_scene,
        api.memories, api.forget, api.suggestions, api.answer_suggestion, api.egress, api.consents, api.set_consent,
        api.kept, api.export, api.erase,
    ):  # fmt: skip
        await fabric.serve(declared, service.for_profile(getattr(service, declared.function)))
    room.ready()
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(service.prepare())
            tasks.create_task(service.watch())
    finally:
        service.minds.close()


_FIRST: dict[str, Value] = {"State": "IDLE", "Reply": "", "Model": "NONE", "ModelProgress": 0.0, "Suggestion": ""}

if __name__ == "__main__":
    main("assistant", start)
