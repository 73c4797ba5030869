"""What other rooms may ask of `assistant`, and what it says.

While it works, these signals say how far it is, so that a page can show an answer as it grows:
`Vehicle.Alpenglow.Assistant.State` (IDLE, THINKING, ANSWERING), `.Reply` (the text so far), `.Model` (what the local
model is doing), `.ModelProgress` (percent of a download) and `.Suggestion` (what it would propose now).

A `profile` of "" is the one that is in force in the cockpit. While a guest or a valet drives there is no other.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from alpenglow.cockpit.api import Scene
from alpenglow.fabric import service, slow_service
from alpenglow.signals import Value
from alpenglow.signals.actions import Action

type Seat = Literal["driver", "passenger", "rear-left", "rear-right"]
type Tier = Literal["guard", "grammar", "meaning", "local", "cloud"]
type Language = Literal["en", "de", "zh"]
type MemoryKind = Literal["fact", "habit", "timer", "event"]
type Text = Annotated[str, Meta(max_length=200_000)]


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was asked of the car, and what became of it."""

    path: str  # a signal's path, or the name of a service or tool
    value: Value | None  # what was asked for; None for a service
    before: Value | None  # what it was; None: unknown
    state: Literal["confirmed", "moving", "refused", "no_provider", "timed_out", "unchanged"]
    rule: str = ""  # why it was refused
    says: str = ""  # for people: "Driver's window: 50 %"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one utterance."""

    turn: int  # counts up within a conversation
    reply: str
    language: Language
    tier: Tier  # the one that decided
    did: list[Done]
    refused: bool
    asked: bool  # the reply is a question; the next utterance may answer it
    choices: list[str]  # what may be answered, as people would say it; empty: anything
    why: list[str]  # how it came to this, a sentence a step
    can_undo: bool
    latency_ms: float
    egress_bytes: int
    scene: Scene | None = None  # a draft to look at, change and keep: `cockpit.keep_scene`


class TierStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a tier can be used now."""

    tier: Tier
    state: Literal["ready", "loading", "fetching", "missing", "broken", "off"]
    says: str  # a sentence: which model, why not
    progress: float  # 0…1 while it is loading or being fetched, else 1


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What the assistant has to think with."""

    tiers: list[TierStatus]
    policy: str  # the routing policy in force: private, balanced or capable
    policies: list[str]
    egress_bytes: int  # all that ever left


class Timer(msgspec.Struct, frozen=True, kw_only=True):
    """Something that waits for its moment: "in ten minutes …", "when it rains …"."""

    id: str
    said: str  # the sentence it came from
    actions: list[Action]


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that the assistant remembers of a profile."""

    id: str
    kind: MemoryKind
    says: str
    since: str  # ISO 8601, UTC


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """Something offered, never done unasked."""

    id: str
    says: str  # what, and why: "You usually warm your seat in the morning. Shall I?"
    actions: list[Action]


class Egress(msgspec.Struct, frozen=True, kw_only=True):
    """Something that left the car."""

    id: int
    time: str  # ISO 8601, UTC
    purpose: str
    recipient: str
    bytes_out: int
    bytes_in: int
    redacted: str  # "2 phone numbers, 1 name"
    outcome: str


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """Whether something may leave the car for a purpose."""

    purpose: str
    says: str  # what it means, for people
    granted: bool
    since: str  # ISO 8601, UTC; "" = never asked


@slow_service(60.0)
async def ask(text: Text, seat: Seat = "driver", profile: str = "", conversation: str = "car") -> Answer:
    """Do or answer what a person said, in English, German or Chinese.

    Never raises for what was said: nonsense, a forbidden wish and a text of 100 kB get an answer.
    """
    raise NotImplementedError


@slow_service(60.0)
async def undo(profile: str = "", conversation: str = "car") -> Answer:
    """Put back what the last utterance of this conversation moved, as far as the door permits it now."""
    raise NotImplementedError


@service
async def status() -> Status:
    """What the assistant has to think with, and what has left the car."""
    raise NotImplementedError


@service
async def set_policy(policy: str) -> Status:
    """Choose how much may be asked of bigger models. Raises BadArguments for a policy that does not exist."""
    raise NotImplementedError


@service
async def timers(profile: str = "") -> list[Timer]:
    """What waits for its moment."""
    raise NotImplementedError


@service
async def drop_timer(timer: str, profile: str = "") -> None:
    """Forget something that waits for its moment."""
    raise NotImplementedError


@slow_service(60.0)
async def run_scene(scene: str, profile: str = "") -> Answer:
    """Run one of the cockpit's scenes as if its name had been said: the answer tells what came of it."""
    raise NotImplementedError


@service
async def memories(profile: str = "") -> list[Memory]:
    """Everything that is remembered of a profile."""
    raise NotImplementedError


@service
async def forget(memory: str = "", profile: str = "") -> int:
    """Erase one memory (its id), or with "" all of this profile; returns how many are gone."""
    raise NotImplementedError


@service
async def suggestions(profile: str = "") -> list[Suggestion]:
    """What the assistant would propose now."""
    raise NotImplementedError


@slow_service(60.0)
async def answer_suggestion(suggestion: str, accept: bool, profile: str = "") -> Answer:
    """Take a suggestion, or turn it down: one that is turned down twice does not come back for a month."""
    raise NotImplementedError


@service
async def egress(limit: Annotated[int, Meta(ge=1, le=1000)] = 100) -> list[Egress]:
    """The latest entries of the ledger of everything that left the car, newest first."""
    raise NotImplementedError


@service
async def consents(profile: str = "") -> list[Consent]:
    """For which purposes something may leave the car."""
    raise NotImplementedError


@service
async def set_consent(purpose: str, granted: bool, profile: str = "") -> list[Consent]:
    """Grant or withdraw a consent; withdrawing stops what is under way."""
    raise NotImplementedError


# -- what is kept of a person; not for pages: the cockpit asks on a person's behalf ------------------------------------


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """How much is kept of one kind."""

    kind: str  # "fact", "timer", "habit", "occasion", … or "conversation"
    count: int
    since: str  # ISO 8601, UTC: the oldest of it


@service
async def kept(profile: str = "") -> list[Kept]:
    """What is kept of a profile, by kind."""
    raise NotImplementedError


@slow_service(30.0)
async def export(profile: str = "") -> str:
    """All that is kept of a profile, and what left the car, as JSON for the person to take along."""
    raise NotImplementedError


@slow_service(30.0)
async def erase(profile: str) -> int:
    """Forget a profile for good: memory, conversations, consents; returns how many things are gone.

    What was sent is forgotten of everybody, since it is not known who said it; that it was sent stays in the ledger.
    """
    raise NotImplementedError
