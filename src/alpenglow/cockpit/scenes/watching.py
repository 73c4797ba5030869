"""Which kept scenes are set off now.

Rules that always hold:
- what somebody has asked for happens only while their profile is in force; a scene whose condition is that the
  profile comes into force is set off by just that;
- how far a watch is, is on disk: a condition that was true before a restart does not set off anything after it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from alpenglow.cockpit.scenes.kept import Kept, KeptScene
from alpenglow.cockpit.scenes.presets import IN_FORCE
from alpenglow.fabric.log import structlog
from alpenglow.fabric.store import Store, StoreError
from alpenglow.signals.conditions import All, Compare, Condition, Read, momentary
from alpenglow.signals.evaluator import Evaluator, Watch

log = structlog.get_logger("scenes")


class Watching:
    """The watches of all profiles' scenes."""

    def __init__(self, store: Store, kept: Kept) -> None:
        self._store, self._kept = store, kept
        self._evaluator = Evaluator(lambda _: {})
        self._watched: dict[str, tuple[str, KeptScene]] = {}
        self._levels: dict[str, bool | None] = {}
        self._as_of = -1
        self.risen: list[KeptScene] = []  # what became true at the last look, also where that sets nothing off yet

    def step(self, read: Read, now: datetime) -> list[tuple[str, KeptScene]]:
        """Look at all of them; those that are set off now, with their profiles."""
        if self._as_of != self._store.changes:
            self._load()
        step = self._evaluator.step(read, now)
        for name in step.fired:
            self._note(name, armed=False, fired=now)
        for name in step.turned:
            self._note(name, armed=self._evaluator.armed(name), fired=self._watched[name][1].fired)
        before, self._levels = self._levels, {name: self._evaluator.level(name) for name in self._watched}
        self.risen = [self._watched[n][1] for n, level in self._levels.items() if level and before.get(n) is False]
        return [self._watched[name] for name in step.fired]

    def holds(self, scene: str) -> bool | None:
        """Whether what sets a scene off was true at the last look; None: unknown, or only true at moments."""
        watched = self._watched.get(scene)
        if watched is None or watched[1].scene.when is None or momentary(watched[1].scene.when):
            return None
        return self._evaluator.level(scene)

    def _load(self) -> None:
        found = {
            kept.scene.id: (profile, kept)
            for profile in self._store.profiles()
            for kept in self._kept.all(profile)
            if kept.scene.when is not None and self._kept.possible(kept.scene)
        }
        if {n: (p, k.scene, k.made) for n, (p, k) in found.items()} != {
            n: (p, k.scene, k.made) for n, (p, k) in self._watched.items()
        }:
            self._watched = found
            self._evaluator.watch(_watches(found))
        self._as_of = self._store.changes

    def _note(self, name: str, *, armed: bool | None, fired: datetime | None) -> None:
        profile, kept = self._watched[name]
        kept = msgspec.structs.replace(kept, armed=armed, fired=fired)
        self._watched[name] = (profile, kept)
        try:
            self._kept.note(profile, kept)
        except StoreError as error:
            log.error("a scene's watch is not kept", scene=name, why=str(error))


def _watches(found: Mapping[str, tuple[str, KeptScene]]) -> Iterable[Watch]:
    for name, (profile, kept) in found.items():
        assert kept.scene.when is not None  # only such scenes are watched
        yield Watch(
            id=name,
            profile=profile,
            when=effective(kept.scene.when, profile),
            made=kept.made,
            hold_s=kept.scene.hold_s,
            armed=kept.armed,
            fired=kept.fired,
        )


def effective(when: Condition, profile: str) -> Condition:
    """The condition for a person of that profile: it holds only while their profile is in force."""
    return All(of=(Compare(path=IN_FORCE, op="==", value=profile), when))
