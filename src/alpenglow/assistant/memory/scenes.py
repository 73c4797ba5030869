"""Scenes: several settings under one name, with or without a condition that sets them off.

Rules that always hold:
- a scene is a draft until its person confirms it, and a changed one is a draft again; a draft never runs by itself;
- every setting goes through the door, one by one, in order; one that is refused stops none of the others.
"""

import uuid
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from alpenglow.assistant.memory.conditions import Condition, ConditionError, check, has_delay, momentary
from alpenglow.assistant.memory.words import quoted
from alpenglow.fabric import Outcome
from alpenglow.fabric.store import Store
from alpenglow.signals import BadValue, Catalogue, Kind, UnknownSignal, Value, check_value

type Actuate = Callable[[str, Value], Awaitable[Outcome]]

MOST_ACTIONS = 30
MOST_SCENES = 50  # of one profile, drafts included
LONGEST_HOLD_S = 86_400.0
_LONGEST_NAME = 60


class SceneError(ValueError):
    """A scene that the car cannot have; the text says what is wrong with it."""


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """Set the actuator `path` to `value`, in the signal's own unit."""

    path: str
    value: Value


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """Settings, and what sets them off besides being asked for."""

    id: str
    profile: str
    name: str
    actions: tuple[Action, ...]
    when: Condition | None
    hold_s: float  # for how long `when` must have been true
    state: Literal["draft", "kept"]
    said: str  # the sentence it was made from
    when_said: str = ""  # its words for `when`: "when it rains"
    made: datetime  # or last changed
    armed: bool | None = None  # of its watch, see `evaluator`
    fired: datetime | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What became of each setting."""

    outcomes: tuple[Outcome, ...]

    @property
    def done(self) -> tuple[Outcome, ...]:
        """Those that were carried out, or are on their way."""
        return tuple(o for o in self.outcomes if o.state in ("confirmed", "moving"))

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """Those that were not; each says which rule refused it and why."""
        return tuple(o for o in self.outcomes if o.state not in ("confirmed", "moving"))


async def run_actions(actions: Sequence[Action], actuate: Actuate) -> Report:
    """Set one after the other, each through `actuate`, whatever becomes of the one before."""
    return Report(outcomes=tuple([await actuate(action.path, action.value) for action in actions]))


def checked_actions(actions: Sequence[Action], catalogue: Catalogue) -> tuple[Action, ...]:
    """The actions with today's paths and values of the right type. Raises SceneError."""
    if not 0 < len(actions) <= MOST_ACTIONS:
        raise SceneError(f"a scene sets 1 to {MOST_ACTIONS} things, not {len(actions)}")
    checked: dict[str, Action] = {}
    for action in actions:
        try:
            signal = catalogue[action.path]
            value = check_value(signal, action.value)
        except (UnknownSignal, BadValue) as error:
            raise SceneError(str(error)) from None
        if signal.kind is not Kind.ACTUATOR:
            raise SceneError(f"{signal.path} can only be read")
        if signal.path in checked:
            raise SceneError(f"{signal.path} is set twice")
        checked[signal.path] = Action(path=signal.path, value=value)
    return tuple(checked.values())


def check_when(when: Condition, hold_s: float, catalogue: Catalogue) -> None:
    """SceneError where `when` could never set anything off in this car."""
    try:
        check(when, catalogue)
    except ConditionError as error:
        raise SceneError(str(error)) from None
    if not 0 <= hold_s <= LONGEST_HOLD_S:
        raise SceneError(f"a condition can be asked to hold for 0 to {LONGEST_HOLD_S:.0f} s, not {hold_s:g}")
    if hold_s and momentary(when):
        raise SceneError("a time of day or a delay is a moment, which cannot hold for a while")


def new_id() -> str:
    """An id that is short enough to type and not in use."""
    return uuid.uuid4().hex[:12]


class Scenes:
    """The scenes of all profiles."""

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self._store = store
        self._catalogue = catalogue

    def draft(
        self,
        profile: str,
        *,
        name: str,
        actions: Sequence[Action],
        when: Condition | None = None,
        when_said: str = "",
        hold_s: float = 0.0,
        said: str,
        now: datetime,
    ) -> Scene:
        """A new scene for its person to look at. Raises SceneError."""
        if self._store.count(profile, "scene") >= MOST_SCENES:
            raise SceneError(f"there are {MOST_SCENES} scenes already; drop one first")
        return self._keep(
            Scene(
                id=new_id(),
                profile=profile,
                name=name,
                actions=tuple(actions),
                when=when,
                hold_s=hold_s,
                state="draft",
                said=quoted(said),
                when_said=quoted(when_said),
                made=now,
            )
        )

    def change(
        self,
        profile: str,
        scene: str,
        *,
        now: datetime,
        name: str | msgspec.UnsetType = msgspec.UNSET,
        actions: Sequence[Action] | msgspec.UnsetType = msgspec.UNSET,
        when: Condition | msgspec.UnsetType | None = msgspec.UNSET,
        hold_s: float | msgspec.UnsetType = msgspec.UNSET,
    ) -> Scene:
        """Change what is given; what comes of it is a draft. Raises SceneError."""
        old = self.get(profile, scene)
        return self._keep(
            msgspec.structs.replace(
                old,
                name=old.name if name is msgspec.UNSET else name,
                actions=old.actions if actions is msgspec.UNSET else tuple(actions),
                when=old.when if when is msgspec.UNSET else when,
                hold_s=old.hold_s if hold_s is msgspec.UNSET else hold_s,
                state="draft",
                made=now,
                armed=None,
                fired=None,
            )
        )

    def confirm(self, profile: str, scene: str, now: datetime) -> Scene:
        """Keep a draft: from now on its condition is watched. Raises SceneError."""
        return self._keep(msgspec.structs.replace(self.get(profile, scene), state="kept", made=now))

    def drop(self, profile: str, scene: str) -> bool:
        """Erase a scene or a draft for good; whether there was one."""
        return self._store.erase(profile, "scene", scene) > 0

    def get(self, profile: str, scene: str) -> Scene:
        """The scene of that id. Raises SceneError where there is none."""
        found = self._store.get(profile, "scene", scene, Scene)
        if found is None:
            raise SceneError(f"there is no scene {scene!r}")
        return found

    def all(self, profile: str) -> list[Scene]:
        """Kept scenes and drafts, oldest first."""
        return self._store.items(profile, "scene", Scene)

    def named(self, profile: str, name: str) -> Scene | None:
        """The kept scene of that name; case and spaces around it do not matter."""
        wanted = name.strip().casefold()
        return next((s for s in self.all(profile) if s.state == "kept" and s.name.casefold() == wanted), None)

    async def run(self, scene: Scene, actuate: Actuate) -> Report:
        """Do what a kept scene says. Raises SceneError for a draft: nobody has agreed to it."""
        if scene.state != "kept":
            raise SceneError(f"the scene {scene.name!r} is a draft; confirm it first")
        return await run_actions(scene.actions, actuate)

    def _keep(self, scene: Scene) -> Scene:
        name = " ".join(scene.name.split())
        if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
            raise SceneError(f"a scene's name has 1 to {_LONGEST_NAME} printable characters")
        same = self.named(scene.profile, name)
        if same is not None and same.id != scene.id:
            raise SceneError(f"there is a scene called {name!r} already")
        if scene.when is not None:
            check_when(scene.when, scene.hold_s, self._catalogue)
            if has_delay(scene.when):
                raise SceneError("a scene happens again and again; a delay happens once and makes a timer")
        scene = msgspec.structs.replace(scene, name=name, actions=checked_actions(scene.actions, self._catalogue))
        self._store.put(scene.profile, "scene", scene.id, scene, scene.made)
        return scene
