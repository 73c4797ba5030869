"""Who answers what the grammar and the meanings could not: the local model, the cloud, or nobody; and why.

`choose` is a pure function of the situation and a policy. Rules that always hold:
- the cloud needs the policy, the consent and a connection, all three; anything unknown speaks for staying in the car;
- every choice has its reasons, in sentences that people may read.
"""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

type Share = Annotated[float, Meta(ge=0, le=1)]
type Model = Literal["ready", "loading", "missing", "broken", "off"]


class BadPolicy(ValueError):
    """A policy that does not exist or cannot be used."""


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much is asked of the cloud; what each means stands in `routing.toml`."""

    cloud: bool
    difficult: Share = 1.0
    instead: bool = False
    memory: bool = False
    metered: bool = False
    roaming: bool = False
    slowest_s: Annotated[float, Meta(gt=0)] = 6.0
    moving_s: Annotated[float, Meta(gt=0)] = 3.0
    faster: Annotated[float, Meta(ge=0)] = 0.0


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """What the choice depends on. Defaults are those of a car that knows nothing of a cloud."""

    difficulty: float  # of the request, 0 to 1
    local: Model
    local_first_word_s: float | None = None  # expected; None: never measured
    endpoint: bool = False  # one is set up
    consent: bool = False
    private: bool = False  # somebody asked for privacy just now, or a guest drives
    personal: bool = False  # the request concerns the profile's memory or contacts
    connection: Literal["none", "unknown", "online", "metered", "roaming"] = "unknown"
    cloud_first_word_s: float | None = None
    resting: str = ""  # why the endpoint is left alone just now; "": it is not
    bytes_needed: int = 0  # about
    bytes_left_today: int = 0
    driving: Literal["PARKED", "IDLING", "MOVING"] = "MOVING"  # as Vehicle.Alpenglow.DrivingState says


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to answer, and why; the first reason is the one that decided."""

    tier: Literal["local", "cloud", "none"]
    reasons: list[str]


class MovingAverage:
    """Of what was measured lately: each new value counts for `weight`, all earlier ones for the rest."""

    def __init__(self, weight: float = 0.3) -> None:
        self.value: float | None = None
        self._weight = weight

    def add(self, value: float) -> None:
        self.value = value if self.value is None else self.value + self._weight * (value - self.value)


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    policy: dict[str, dict[str, float | bool]]
    platform: dict[str, dict[str, dict[str, float | bool]]] = {}


def load_policies(platform: str = "", path: Path | None = None) -> dict[str, Policy]:
    """The policies by name, as they are on `platform`; `path` has others than those that come along.

    Raises BadPolicy.
    """
    try:
        source = path or files(__package__) / "routing.toml"
        table = msgspec.convert(tomllib.loads(source.read_text(encoding="utf-8")), _Table)
        for platform_name, changes in table.platform.items():
            if unknown := changes.keys() - table.policy.keys():
                raise BadPolicy(f"platform {platform_name} changes the policy {min(unknown)!r}, which does not exist")
        changed = table.platform.get(platform, {})
        return {
            name: msgspec.convert({**settings, **changed.get(name, {})}, Policy)
            for name, settings in table.policy.items()
        }
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError, BadPolicy) as problem:
        raise BadPolicy(f"{path or 'routing.toml'}: {problem}") from None


def choose(situation: Situation, policy: Policy) -> Route:
    """Who answers now."""
    wish = _wish(situation, policy)
    obstacle = _obstacle(situation, policy)
    if wish and not obstacle:
        return Route(tier="cloud", reasons=[f"asked the cloud: {wish}"])
    if situation.local == "ready":
        if wish:
            return Route(
                tier="local", reasons=[f"stayed in the car: {obstacle}", f"the cloud would have been asked: {wish}"]
            )
        return Route(tier="local", reasons=["stayed in the car: the local model can do this"])
    missing = _LOCAL[situation.local]
    if obstacle:
        return Route(tier="none", reasons=[f"no model could be asked: {missing}", f"not the cloud: {obstacle}"])
    return Route(
        tier="none",
        reasons=[f"no model could be asked: {missing}", "not the cloud: the policy does not let it stand in"],
    )


_LOCAL: dict[Model, str] = {
    "ready": "the local model is ready",
    "loading": "the local model is still loading",
    "missing": "there is no local model yet",
    "broken": "the local model does not work",
    "off": "the local model is switched off",
}


def _wish(situation: Situation, policy: Policy) -> str:
    """What speaks for the cloud; "": nothing."""
    if situation.local != "ready":
        return _LOCAL[situation.local] if policy.instead else ""
    # Written so that a difficulty that is not a number speaks for nothing.
    if policy.difficult < 1 and situation.difficulty >= policy.difficult:
        return "this is difficult for the local model"
    here, there = situation.local_first_word_s, situation.cloud_first_word_s
    if policy.faster and here is not None and there is not None and here > policy.faster * there:
        return f"it answers in about {there:.1f} s, the local model in {here:.1f} s"
    return ""


def _obstacle(situation: Situation, policy: Policy) -> str:
    """What forbids the cloud; "": nothing."""
    slowest_s = policy.slowest_s if situation.driving == "PARKED" else policy.moving_s
    expected_s = situation.cloud_first_word_s
    checks = (
        (not policy.cloud, "the policy keeps everything in the car"),
        (situation.private, "privacy mode is on"),
        (not situation.endpoint, "no cloud model is set up"),
        (not situation.consent, "no consent for the cloud"),
        (situation.personal and not policy.memory, "this concerns what the car remembers about you"),
        (situation.connection == "none", "there is no connection"),
        (situation.connection == "metered" and not policy.metered, "the connection costs by the byte"),
        (situation.connection == "roaming" and not policy.roaming, "the connection is abroad"),
        (bool(situation.resting), situation.resting),
        (situation.bytes_needed > situation.bytes_left_today, "today's bytes for the cloud are used up"),
        (
            expected_s is not None and expected_s > slowest_s,
            f"the cloud takes about {expected_s or 0:.1f} s, and {slowest_s:g} s is the longest to wait now",
        ),
    )
    return next((reason for holds, reason in checks if holds), "")
