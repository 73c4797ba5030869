"""The scenes that people keep: each belongs to one profile, and is checked before it is on disk.

Rules that always hold:
- a scene that is kept could be meant like that in this car when it was kept; one that this car no longer knows is left
  alone and sets nothing off;
- no scene waits for what it sets itself and would put back: it would undo itself for ever.
"""

from datetime import datetime

import msgspec

from alpenglow.cockpit.api import Scene
from alpenglow.fabric.store import Store, new_id
from alpenglow.signals import Catalogue
from alpenglow.signals.actions import ActionError, checked_actions
from alpenglow.signals.conditions import ConditionError, check, has_delay, paths, place_names

MOST_SCENES = 50  # of one profile
LONGEST_S = 86_400.0
_LONGEST_NAME = 60
_KIND = "scene"


class SceneError(ValueError):
    """A scene that the car cannot have; the text says what is wrong with it."""


class KeptScene(msgspec.Struct, frozen=True, kw_only=True):
    """A scene on disk."""

    scene: Scene
    made: datetime  # or last changed
    armed: bool | None = None  # of its watch, see `signals.evaluator`
    fired: datetime | None = None


class Kept:
    """The scenes of all profiles."""

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self._store = store
        self._catalogue = catalogue

    def all(self, profile: str) -> list[KeptScene]:
        """The scenes of a profile, oldest first."""
        return self._store.items(profile, _KIND, KeptScene)

    def get(self, profile: str, scene: str) -> KeptScene | None:
        """The scene of that id."""
        return self._store.get(profile, _KIND, scene, KeptScene) if scene else None

    def keep(self, profile: str, scene: Scene, now: datetime) -> Scene:
        """Keep a new scene, or a changed one. Raises SceneError."""
        scene = self.checked(scene)
        others = [kept.scene for kept in self.all(profile) if kept.scene.id != scene.id]
        if any(other.name.casefold() == scene.name.casefold() for other in others):
            raise SceneError(f"there is a scene called {scene.name!r} already")
        if len(others) >= MOST_SCENES:
            raise SceneError(f"there are {MOST_SCENES} scenes already; delete one first")
        old = self.get(profile, scene.id)
        made = now if old is None else max(now, old.made)
        scene = scene if scene.id else msgspec.structs.replace(scene, id=new_id())
        self._store.put(profile, _KIND, scene.id, KeptScene(scene=scene, made=made), made)
        return scene

    def note(self, profile: str, kept: KeptScene) -> None:
        """Keep how the watch of a scene stands, if the scene is still there."""
        if self.get(profile, kept.scene.id) is not None:
            self._store.put(profile, _KIND, kept.scene.id, kept, kept.made)

    def drop(self, profile: str, scene: str) -> bool:
        """Erase a scene for good; whether there was one."""
        return self._store.erase(profile, _KIND, scene) > 0

    def possible(self, scene: Scene) -> bool:
        """Whether this car could have it; the file may come from another."""
        try:
            self.checked(scene)
        except SceneError:
            return False
        return True

    def checked(self, scene: Scene) -> Scene:
        """The scene with today's paths, values of the right type and a clean name. Raises SceneError."""
        name = " ".join(scene.name.split())
        if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
            raise SceneError(f"a scene's name has 1 to {_LONGEST_NAME} printable characters")
        try:
            actions = checked_actions(scene.actions, self._catalogue)
            for condition, hold_s in ((scene.when, scene.hold_s), (scene.needs, 0.0)):
                if condition is None:
                    continue
                check(condition, self._catalogue, hold_s)
                if has_delay(condition):
                    raise SceneError("a scene happens again and again; a delay happens once and makes a timer")
                for place in sorted(place_names(condition)):
                    raise SceneError(f"a scene must know where {place!r} is")
        except (ActionError, ConditionError) as error:
            raise SceneError(str(error)) from None
        if not 0 <= scene.lasts_s <= LONGEST_S:
            raise SceneError(f"a scene lasts 0 to {LONGEST_S:.0f} s, not {scene.lasts_s:g}")
        if scene.restore and scene.when is not None and paths(scene.when) & {a.path for a in actions}:
            raise SceneError("it waits for what it sets itself, so that putting it back would set it off again")
        return msgspec.structs.replace(scene, name=name, actions=actions)
