"""Scenes as the assistant sees them: drafted from sentences here; kept, run and ended by the cockpit.

Rules that always hold:
- a draft moves nothing and is kept by its person alone;
- without a cockpit scenes can be drafted, and whoever wants to keep or run one hears that this cannot be done now.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import count
from typing import Literal, NamedTuple, Protocol

import msgspec

from alpenglow.assistant.api import Done
from alpenglow.assistant.language.text import Heard, hear
from alpenglow.cockpit import api as cockpit
from alpenglow.cockpit.api import Scene, SceneRun, ShownScene
from alpenglow.fabric import Fabric, ServiceError
from alpenglow.fabric.store import new_id
from alpenglow.signals import Catalogue
from alpenglow.signals.actions import Action, checked_actions
from alpenglow.signals.conditions import Condition, ConditionError, Place, check, has_delay, located

_LONGEST_NAME = 50  # of a draft, so that a number fits behind it


class NoScenes(Exception):
    """The cockpit did not do it; the text says why, for people."""


class Cockpit(Protocol):
    """What the assistant needs of the cockpit."""

    known: list[ShownScene]  # the scenes that could be asked for, as they were a moment ago

    async def keep(self, scene: Scene) -> Scene:
        """Keep a draft. Raises NoScenes."""
        ...

    async def run(self, scene: str) -> SceneRun:
        """Run one. Raises NoScenes."""
        ...

    async def end(self, scene: str) -> SceneRun:
        """End one. Raises NoScenes."""
        ...


class LiveCockpit:
    """The cockpit on the fabric; `refresh` keeps `known` up to date."""

    def __init__(self, fabric: Fabric) -> None:
        self._fabric = fabric
        self.known: list[ShownScene] = []
        self._seen = 0  # the number of the latest run that was told
        self._as_of: object = None

    async def refresh(self) -> list[SceneRun]:
        """Look at the scenes where their list has changed; what they did since the last look, oldest first."""
        as_of = self._fabric.read("Vehicle.Alpenglow.Cockpit.Revision.Scenes").value
        profile = self._fabric.read("Vehicle.Alpenglow.Cockpit.Profile.Id").value
        if as_of is None or (as_of, profile) == self._as_of:
            return []
        try:
            self.known = await self._fabric.call(cockpit.scenes)
            runs = await self._fabric.call(cockpit.scene_runs)
        except ServiceError:
            return []  # it is not there, and will say so by its revision when it is back
        first = self._as_of is None
        self._as_of = (as_of, profile)
        newest = max((run.number for run in runs), default=0)
        seen, self._seen = (0 if newest < self._seen else self._seen), newest  # a new cockpit counts anew
        return [] if first else [run for run in reversed(runs) if run.number > seen]

    async def keep(self, scene: Scene) -> Scene:
        """See Cockpit."""
        try:
            return await self._fabric.call(cockpit.keep_scene, scene)
        except ServiceError as error:
            raise NoScenes(str(error)) from None

    async def run(self, scene: str) -> SceneRun:
        """See Cockpit."""
        try:
            return await self._fabric.call(cockpit.run_scene, scene)
        except ServiceError as error:
            raise NoScenes(str(error)) from None

    async def end(self, scene: str) -> SceneRun:
        """See Cockpit."""
        try:
            return await self._fabric.call(cockpit.end_scene, scene)
        except ServiceError as error:
            raise NoScenes(str(error)) from None


def draft(
    catalogue: Catalogue,
    name: str,
    when: Condition | None,
    when_said: str,
    actions: Sequence[Action],
    said: str,
    places: Mapping[str, Place],
    known: Sequence[ShownScene] = (),
) -> Scene:
    """A scene to look at and keep, with a name that none of `known` has. ValueError says why there can be none."""
    condition = None if when is None else located(when, places)
    if condition is not None:
        check(condition, catalogue)
        if has_delay(condition):
            raise ConditionError("a scene happens again and again; a delay happens once and makes a timer")
    taken = {called.casefold() for shown in known for called in shown.called}
    name = " ".join(name.split())[:_LONGEST_NAME].strip() or "?"
    names = (name if n == 1 else f"{name} {n}" for n in count(1))
    return Scene(
        id=new_id(),
        name=next(free for free in names if free.casefold() not in taken),
        when=condition,
        when_said=when_said[:500],
        actions=checked_actions(actions, catalogue),
        said=said[:500],
    )


def deeds(run: SceneRun) -> list[Done]:
    """What a run did, as turns of a conversation have it."""
    return [
        Done(path=d.path, value=d.value, before=d.before, state=d.state, rule=d.rule, says=d.says) for d in run.deeds
    ]


class Asked(NamedTuple):
    """A scene that was asked for by its name."""

    verb: Literal["run", "end"]
    scene: ShownScene
    explicit: bool  # there was more than the bare name, so that nothing else can be meant


def asked_for(heard: Heard, known: Sequence[ShownScene]) -> Asked | None:
    """The scene that the whole sentence names, and whether to run or to end it."""
    if not known or heard.disguised or heard.too_long:
        return None
    said = tuple(t.text for t in heard.tokens if t.is_word)
    words = _words()
    verb: Literal["run", "end"] = "run"
    rest = said
    for candidate in ("end", "run"):
        shorter = _without(rest, words[candidate])
        if shorter != rest:
            rest, verb = shorter, "end" if candidate == "end" else "run"
            break
    options = [said, rest]
    while (shorter := _without(options[-1], words["article"])) != options[-1]:
        options.append(shorter)
    for option in list(options):
        shorter = option
        while (cut := _without(shorter[::-1], words["after"], reverse=True)[::-1]) != shorter:
            shorter = cut
            options.append(shorter)
    by_name = {_name(called): shown for shown in known for called in shown.called}
    for option in options:
        if option and (shown := by_name.get(option)) is not None:
            return Asked("run" if option == said else verb, shown, option != said)
    return None


def _without(said: tuple[str, ...], phrases: Sequence[tuple[str, ...]], *, reverse: bool = False) -> tuple[str, ...]:
    """`said` without the longest of `phrases` that it begins with."""
    turned = [tuple(reversed(p)) if reverse else p for p in phrases]
    fits = [p for p in turned if said[: len(p)] == p]
    return said[len(max(fits, key=len)) :] if fits else said


@cache
def _words() -> dict[str, list[tuple[str, ...]]]:
    text = files(__package__).joinpath("scenes.toml").read_text(encoding="utf-8")
    table = msgspec.toml.decode(text, type=dict[str, list[str]])
    return {key: [_name(phrase) for phrase in phrases] for key, phrases in table.items()}


@cache
def _name(text: str) -> tuple[str, ...]:
    return tuple(t.text for t in hear(text).tokens if t.is_word)
