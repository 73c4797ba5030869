"""The bigger models, one in the car and one that may be in the cloud: which of them is asked, and what they answer.

Rules that always hold:
- a model that is missing, loading, slow or broken is skipped, and the reasons say so;
- the cloud is asked only where the policy wants it, consent is given and the ledger has the entry (`cloud`);
- what a model says moves nothing: it is read like a sentence that somebody said, or shown as talk.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from alpenglow.assistant import deliberating
from alpenglow.assistant.api import Tier, TierStatus
from alpenglow.assistant.cloud.routing import MovingAverage, Policy, Route, Situation, choose, load_policies
from alpenglow.assistant.models.engine import ChatEngine, default_model
from alpenglow.assistant.models.fetching import fetch
from alpenglow.assistant.models.problems import ModelProblem
from alpenglow.assistant.models.store import Store

if TYPE_CHECKING:
    from alpenglow.assistant.cloud.consent import Consents
    from alpenglow.assistant.cloud.ledger import Ledger

type Model = Literal["ready", "loading", "fetching", "missing", "broken", "off"]
type OnText = Callable[[str], None]

CLOUD_PURPOSE = "assistant.cloud_model"
_TALK_TOKENS = 80
_TALK_S = 15.0
_TALK_CHARS = 2000  # a cloud may send more than it was asked for
_TALK = (
    "You are the assistant of a car and talk with a person in it. Answer in the language of the question, in one or two"
    " short sentences. You cannot see the car's state, set anything or look anything up: never say that you did."
)
_HARD = 0.7  # difficulty of a sentence that neither words nor meaning tell


class Said(msgspec.Struct, frozen=True):
    """What a model answered, or with no text why none did."""

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
        self.cloud_problem = ""  # why the endpoint that is set up cannot be used
        self.redactor: Any = None
        self.consents: Any = None
        self._first_word_s = MovingAverage()
        self._stop = threading.Event()
        self._reviving: asyncio.Future[None] | None = None

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

    async def _revive(self, dead: ChatEngine) -> None:
        """Load the model again in place of one whose process died; CrashGuard says when it is enough."""
        await asyncio.to_thread(dead.close)
        await self.prepare(self.model_id, may_fetch=False)

    async def use(self, engine: ChatEngine, model_id: str) -> None:
        """Think with `engine` from now on, once it has read its prompts."""
        await engine.warm(deliberating.prompt("Hello."))
        await engine.warm([{"role": "system", "content": _TALK}, {"role": "user", "content": "Hello."}])
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
        if self._reviving is not None:
            self._reviving.cancel()
        if self.engine is not None:
            self.engine.close()

    def status(self) -> list[TierStatus]:
        """The state of tiers 3 and 4."""
        if self.cloud is None:
            cloud, says = ("broken", self.cloud_problem) if self.cloud_problem else ("off", "No cloud model is set up.")
        else:
            resting = self.cloud.breaker.resting
            cloud, says = ("broken", str(resting)) if resting else ("ready", "Asked by consent.")
        return [
            TierStatus(tier="local", state=self.state, says=self.says, progress=self.progress),
            TierStatus(tier="cloud", state=cloud, says=says, progress=1.0),  # type: ignore[arg-type]
        ]

    # -- asking --------------------------------------------------------------------------------------------------------

    async def rephrase(self, said: str, profile: str, driving: str) -> Said:
        """What `said` wants of the car, as a plain English command; no text where no model may or can answer."""
        messages = deliberating.prompt(said)
        answer = await self._ask(messages, profile, driving, _HARD, tokens=deliberating.MOST_TOKENS)
        return msgspec.structs.replace(answer, text=deliberating.plain(answer.text))

    async def talk(
        self, said: str, before: Sequence[tuple[str, str]], profile: str, driving: str, on_text: OnText | None
    ) -> Said:
        """Small talk, word by word; no text where no model may or can answer."""
        messages = [{"role": "system", "content": _TALK}]
        for question, reply in before[-2:]:
            messages += [{"role": "user", "content": question}, {"role": "assistant", "content": reply}]
        messages.append({"role": "user", "content": said})
        answer = await self._ask(
            messages, profile, driving, 0.4, tokens=_TALK_TOKENS, deadline_s=_TALK_S, on_text=on_text
        )
        return msgspec.structs.replace(answer, text=answer.text[:_TALK_CHARS])

    async def _ask(
        self,
        messages: list[dict[str, str]],
        profile: str,
        driving: str,
        difficulty: float,
        *,
        tokens: int,
        deadline_s: float = deliberating.DEADLINE_S,
        on_text: OnText | None = None,
    ) -> Said:
        route = self._route(profile, driving, difficulty, sum(len(m["content"].encode()) for m in messages) + 600)
        why, left = tuple(route.reasons), 0
        if route.tier == "cloud":
            answer = await self._ask_cloud(messages, profile, tokens, on_text)
            why, left = (*why, *answer.why), answer.egress_bytes
            if answer.text:
                return Said(answer.text, "cloud", why, left)
        engine = self.engine
        if engine is None or self.state != "ready":
            return Said("", "cloud" if left else "local", why, left)
        try:
            reply = await engine.chat(messages, max_tokens=tokens, deadline_s=deadline_s, on_text=on_text)
        except Exception as problem:  # whatever becomes of the model: the words still answer, and people are told
            self.state, self.says = "broken", str(problem) or type(problem).__name__
            if engine.died:
                self.engine = None
                self._reviving = asyncio.ensure_future(self._revive(engine))
            return Said("", "local", (*why, f"the local model failed: {self.says}"), left)
        if reply.first_word_ms is not None:
            self._first_word_s.add(reply.first_word_ms / 1000)
        text = reply.text.strip()
        if not text:
            why = (*why, f"the local model gave no answer ({reply.finish})")
        return Said(text, "local", why, left)

    async def _ask_cloud(
        self,
        messages: list[dict[str, str]],
        profile: str,
        tokens: int,
        on_text: OnText | None,
    ) -> Said:
        from alpenglow.assistant.cloud.errors import CloudError
        from alpenglow.assistant.cloud.request import Request

        try:
            reply = await self.cloud.complete(
                Request(messages=messages, max_tokens=tokens),
                profile=profile,
                redactor=self.redactor,
                on_text=on_text,
                deadline_s=deliberating.DEADLINE_S,
            )
        except CloudError as error:
            return Said("", "cloud", (str(error),), error.bytes_out)
        text = reply.text.strip()
        return Said(text, "cloud", () if text else ("the cloud gave no answer",), reply.bytes_out)

    def _route(self, profile: str, driving: str, difficulty: float, bytes_needed: int) -> Route:
        from alpenglow.assistant.cloud.errors import CloudError

        cloud, left = self.cloud, 0
        if cloud is not None:
            with contextlib.suppress(CloudError):  # a ledger that cannot be read: nothing may leave
                left = cloud.bytes_left_today()
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
                bytes_left_today=left,
                driving=driving if driving in ("PARKED", "IDLING") else "MOVING",  # type: ignore[arg-type]
            ),
            self.policies[self.policy],
        )


def open_cloud(
    minds: Minds, file: Path, state_folder: Path, names: Sequence[str] = ()
) -> "tuple[Ledger, Consents] | None":
    """Let `minds` ask the endpoint that `file` describes; returns the ledger and the consents.

    None where one of these two cannot be opened: then nothing leaves. `minds.cloud_problem` says why, and also why an
    endpoint that is set up cannot be used.
    """
    from alpenglow.assistant.cloud.client import Cloud
    from alpenglow.assistant.cloud.consent import ConsentError, Consents
    from alpenglow.assistant.cloud.endpoint import load_endpoint
    from alpenglow.assistant.cloud.errors import BadEndpoint, NotRecorded
    from alpenglow.assistant.cloud.ledger import Ledger
    from alpenglow.assistant.cloud.redaction import Redactor

    try:
        ledger, consents = Ledger(state_folder / "egress.sqlite"), Consents(state_folder / "consents.sqlite")
    except (NotRecorded, ConsentError) as problem:
        minds.cloud_problem = str(problem)
        return None
    minds.consents = consents
    if file.exists():
        try:
            minds.cloud = Cloud(load_endpoint(file), ledger=ledger, consents=consents)
            minds.redactor = Redactor(names=names)
        except BadEndpoint as problem:
            minds.cloud_problem = str(problem)
    return ledger, consents
