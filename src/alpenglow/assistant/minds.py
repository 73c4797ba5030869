"""The bigger models, one in the car and one that may be in the cloud: which of them is asked, and what they answer.

Rules that always hold:
- a model that is missing, loading, slow or broken is skipped, and the reasons say so;
- the cloud is asked only where the policy wants it, consent is given and the ledger has the entry (`cloud`);
- what a model says moves nothing: it chooses among options that it was given, or it talks.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from alpenglow.assistant import deliberating
from alpenglow.assistant.api import Tier, TierStatus
from alpenglow.assistant.cloud.routing import MovingAverage, Policy, Route, Situation, choose, load_policies
from alpenglow.assistant.models.engine import ChatEngine, default_model
from alpenglow.assistant.models.fetching import fetch
from alpenglow.assistant.models.problems import ModelProblem
from alpenglow.assistant.models.store import Store

type Model = Literal["ready", "loading", "fetching", "missing", "broken", "off"]
type OnText = Callable[[str], None]

CLOUD_PURPOSE = "assistant.cloud_model"
_TALK_TOKENS = 120
_TALK = (
    "You are the assistant of a car and talk with a person in it. Answer in the language of the question, in one or two"
    " short sentences. You cannot see the car's state, set anything or look anything up: never say that you did."
)
_HARD = 0.7  # difficulty of a sentence that neither words nor meaning tell


class Said(msgspec.Struct, frozen=True):
    """What a model answered."""

    text: str
    tier: Tier
    why: tuple[str, ...] = ()
    egress_bytes: int = 0


class Minds:
    """The models of one assistant."""

    def __init__(self, store: Store, *, platform: str = "", threads: int = 2) -> None:
        self._store, self._threads = store, threads
        self.engine: ChatEngine | None = None
        self.state: Model = "missing"
        self.says = "No language model is installed; simple requests need none."
        self.progress = 0.0
        self.model_id = ""
        self.policies: Mapping[str, Policy] = load_policies(platform)
        self.policy = "balanced" if "balanced" in self.policies else next(iter(self.policies))
        self.cloud: Any = None  # cloud.client.Cloud, imported only where an endpoint is set up
        self.redactor: Any = None
        self.consents: Any = None
        self._first_word_s = MovingAverage()
        self._stop = threading.Event()

    # -- the model in the car ------------------------------------------------------------------------------------------

    async def prepare(self, wanted: str = "", *, may_fetch: bool = True) -> None:
        """Fetch the model if it is not there (where `may_fetch`), load it and read its prompts beforehand.

        `wanted`: an id of the store, "" for the best that fits, "none" for none. Never raises for a model's problem:
        `state` and `says` tell.
        """
        if wanted == "none":
            self.state, self.says = "off", "The language model is switched off."
            return
        try:
            model_id = wanted or default_model(self._store)
            if model_id is None:
                self.state, self.says = "missing", "There is not enough memory for a language model."
                return
            self.model_id = model_id
            if self._store.record(model_id) is None:
                if not may_fetch:
                    self.state = "missing"
                    self.says = f"{model_id} is not installed: alpenglow models add {model_id}"
                    return
                await self._fetch(model_id)
            self.state, self.says, self.progress = "loading", f"{model_id} is being loaded.", 0.0
            engine = await ChatEngine.load(self._store, model_id, threads=self._threads)
            await self.use(engine, model_id)
        except (ModelProblem, OSError) as problem:
            self.state, self.says = "broken", str(problem)

    async def use(self, engine: ChatEngine, model_id: str) -> None:
        """Think with `engine` from now on, once it has read its prompts."""
        await engine.warm(deliberating.prompt("Hello."))
        self.engine, self.model_id = engine, model_id
        self.state, self.says, self.progress = "ready", f"{model_id} thinks in the car.", 1.0

    async def _fetch(self, model_id: str) -> None:
        self.state, self.says = "fetching", f"{model_id} is being fetched."

        def report(done: int, total: int | None) -> None:
            self.progress = done / total if total else 0.0

        await asyncio.to_thread(fetch, self._store, model_id, report=report, stop=self._stop)

    def close(self) -> None:
        """Stop fetching, and let the model go."""
        self._stop.set()
        if self.engine is not None:
            self.engine.close()

    def status(self) -> list[TierStatus]:
        """The state of tiers 3 and 4."""
        cloud = "off" if self.cloud is None else ("broken" if self.cloud.breaker.resting else "ready")
        says = (
            "No cloud model is set up."
            if self.cloud is None
            else str(self.cloud.breaker.resting or "Asked by consent.")
        )
        return [
            TierStatus(tier="local", state=self.state, says=self.says, progress=self.progress),
            TierStatus(tier="cloud", state=cloud, says=says, progress=1.0),  # type: ignore[arg-type]
        ]

    # -- asking --------------------------------------------------------------------------------------------------------

    async def decide(
        self, said: str, options: Mapping[str, str], profile: str, driving: str
    ) -> tuple[str, Said] | None:
        """Which of `options` (command → key) `said` asks for, with who said so; None where nobody could tell."""
        messages = deliberating.prompt(said)
        commands = list(options)
        answer = await self._ask(messages, profile, driving, _HARD, commands=commands, tokens=deliberating.MOST_TOKENS)
        if answer is None:
            return None
        key = options.get(answer.text.strip())
        return None if key is None else (key, answer)

    async def talk(
        self, said: str, before: Sequence[tuple[str, str]], profile: str, driving: str, on_text: OnText | None
    ) -> Said | None:
        """Small talk, word by word; None where no model may answer."""
        messages = [{"role": "system", "content": _TALK}]
        for question, reply in before[-2:]:
            messages += [{"role": "user", "content": question}, {"role": "assistant", "content": reply}]
        messages.append({"role": "user", "content": said})
        return await self._ask(messages, profile, driving, 0.4, tokens=_TALK_TOKENS, on_text=on_text)

    async def _ask(
        self,
        messages: list[dict[str, str]],
        profile: str,
        driving: str,
        difficulty: float,
        *,
        tokens: int,
        commands: Sequence[str] = (),
        on_text: OnText | None = None,
    ) -> Said | None:
        route = self._route(profile, driving, difficulty, sum(len(m["content"].encode()) for m in messages) + 600)
        if route.tier == "cloud" and (answer := await self._ask_cloud(messages, profile, tokens, commands, on_text)):
            return msgspec.structs.replace(answer, why=tuple(route.reasons))
        if self.engine is None or self.state != "ready":
            return None
        grammar = deliberating.grammar(commands) if commands else None
        try:
            reply = await self.engine.chat(
                messages, grammar=grammar, max_tokens=tokens, deadline_s=deliberating.DEADLINE_S, on_text=on_text
            )
        except ModelProblem as problem:
            self.state, self.says = "broken", str(problem)
            return None
        if reply.first_word_ms is not None:
            self._first_word_s.add(reply.first_word_ms / 1000)
        text = reply.text.strip()
        return Said(text, "local", tuple(route.reasons)) if text else None

    async def _ask_cloud(
        self,
        messages: list[dict[str, str]],
        profile: str,
        tokens: int,
        commands: Sequence[str],
        on_text: OnText | None,
    ) -> Said | None:
        from alpenglow.assistant.cloud.errors import CloudError
        from alpenglow.assistant.cloud.request import Request

        if commands:
            asked = messages[-1]["content"] + "\nAnswer with one of these, word for word: " + " | ".join(commands)
            messages = [*messages[:-1], {"role": "user", "content": asked}]
        try:
            reply = await self.cloud.complete(
                Request(messages=messages, max_tokens=tokens), profile=profile, redactor=self.redactor, on_text=on_text
            )
        except CloudError as error:
            return Said("", "cloud", (str(error),), error.bytes_out) if error.bytes_out and not self.engine else None
        return Said(reply.text.strip(), "cloud", (), reply.bytes_out)

    def _route(self, profile: str, driving: str, difficulty: float, bytes_needed: int) -> Route:
        cloud = self.cloud
        local = {"fetching": "missing"}.get(self.state, self.state)
        return choose(
            Situation(
                difficulty=difficulty,
                local=local,  # type: ignore[arg-type]
                local_first_word_s=self._first_word_s.value,
                endpoint=cloud is not None,
                consent=cloud is not None and self.consents.granted(profile, CLOUD_PURPOSE),
                cloud_first_word_s=None
                if cloud is None or cloud.first_word_ms.value is None
                else cloud.first_word_ms.value / 1000,
                resting=str(cloud.breaker.resting or "") if cloud is not None else "",
                bytes_needed=bytes_needed,
                bytes_left_today=cloud.bytes_left_today() if cloud is not None else 0,
                driving=driving if driving in ("PARKED", "IDLING") else "MOVING",  # type: ignore[arg-type]
            ),
            self.policies[self.policy],
        )


def open_cloud(minds: Minds, file: Path, state_folder: Path, names: Sequence[str] = ()) -> Any:
    """Let `minds` ask the endpoint that `file` describes; returns (ledger, consents). BadEndpoint for a bad file."""
    from alpenglow.assistant.cloud.client import Cloud
    from alpenglow.assistant.cloud.consent import Consents
    from alpenglow.assistant.cloud.endpoint import load_endpoint
    from alpenglow.assistant.cloud.ledger import Ledger
    from alpenglow.assistant.cloud.redaction import Redactor

    ledger, consents = Ledger(state_folder / "egress.sqlite"), Consents(state_folder / "consents.sqlite")
    if file.exists():
        minds.cloud = Cloud(load_endpoint(file), ledger=ledger, consents=consents)
        minds.redactor = Redactor(names=names)
    minds.consents = consents
    return ledger, consents
