"""Scenes that run: what they set, what they put back, and when they end.

Rules that always hold:
- every setting goes through the door, one by one, in order; one that is refused stops none of the others;
- what a scene will put back is on disk before it moves anything, so that it is put back after a crash too;
- only what the scene itself changed goes back, and only where it still is as the scene left it;
- of two scenes on one setting the later counts; whichever ends first, in the end it is as it was before both;
- a scene runs only while what it needs is true; unknown does not start it and does not end it.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from alpenglow.cockpit.api import Deed, Scene, SceneProblem, SceneRun
from alpenglow.cockpit.api import RunBy as By
from alpenglow.cockpit.scenes.traces import Traces
from alpenglow.fabric import Outcome, ServiceError
from alpenglow.fabric.log import structlog
from alpenglow.fabric.store import Store, StoreError
from alpenglow.signals import Catalogue, Value
from alpenglow.signals.actions import equal
from alpenglow.signals.conditions import Look, Read, truth

type Actuate = Callable[[str, Value], Awaitable[Outcome]]
type Has = Callable[[str], bool]
type Why = Literal["asked", "time", "condition", "needs"]

MOVING_S = 60.0  # a part that has not arrived after so long was stopped by somebody
UNMET_S = 3.0  # what a scene needs must be untrue for so long: a late reading counts as a car that moves
KEEPING_S = 10.0  # what a car does by itself on going to P or off, it does within this
CAR = "car"  # the owner, in the store, of what belongs to nobody
_KIND = "scene-run"
_MOST_TOLD = 20
# When one of these changes, a car resets its climate and lights by itself.
_TURNS = ("Vehicle.Alpenglow.Ready", "Vehicle.LowVoltageSystemState", "Vehicle.Alpenglow.DrivingState")

log = structlog.get_logger("scenes")


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One setting of a scene that runs."""

    path: str
    before: Value | None  # to what it goes back; None: unknown, so that it stays
    value: Value
    asked: datetime  # when the door was last asked for it
    refused: bool = False
    arrived: bool = False  # it was seen to be as asked for
    gone: bool = False  # somebody changed it since: it is theirs


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """A scene that runs, as it was when it began."""

    scene: Scene
    profile: str  # whose scene it is; "": everybody's
    since: datetime
    order: int  # of two that set the same, the later counts
    ends: datetime | None = None
    by: By = "other"
    changes: tuple[Change, ...] = ()

    def change(self, path: str) -> Change | None:
        """What it does to that setting, unless it was refused or is somebody else's by now."""
        return next((c for c in self.changes if c.path == path and not c.refused and not c.gone), None)

    def replaced(self, change: Change) -> "Running":
        """The same with that change in its place."""
        changes = tuple(change if c.path == change.path else c for c in self.changes)
        return msgspec.structs.replace(self, changes=changes)


class Runner:
    """Runs and ends the scenes of one car, one at a time."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        actuate: Actuate,
        read: Read,
        has: Has,
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._catalogue = store, catalogue
        self._actuate, self._read, self._has, self._now = actuate, read, has, now
        self._lock = asyncio.Lock()
        self._stopping: set[str] = set()
        self._turned: tuple[Value | None, ...] | None = None
        self._keeping_until = 0.0
        self._unmet: dict[str, float] = {}  # since when (s) what a scene needs has not been true
        self._number = 0
        self.traces = Traces(catalogue, read)
        self.told: deque[SceneRun] = deque(maxlen=_MOST_TOLD)
        kept = [run for owner in store.profiles() for run in store.items(owner, _KIND, Running)]
        self.running = {run.scene.id: run for run in kept}
        self._order = max((r.order for r in self.running.values()), default=0)

    @property
    def held(self) -> set[str]:
        """The settings that will be put back."""
        runs = [run for run in self.running.values() if run.scene.restore]
        return {c.path for run in runs for c in run.changes if run.change(c.path) is not None}

    def let_go(self, profile: str) -> None:
        """Forget what a person's scenes do and did; what they moved stays as it is."""
        self.running = {name: run for name, run in self.running.items() if run.profile != profile}
        self.told.clear()

    # -- running -------------------------------------------------------------------------------------------------------

    async def run(self, scene: Scene, profile: str, by: By, chain: tuple[str, ...] = ()) -> SceneRun:
        """Do what the scene says now; `chain`: the scenes that set it off, one the other."""
        async with self._lock:
            self._stopping.discard(scene.id)
            problem = self.obstacle(scene)
            if problem:
                return self._tell(scene, profile, by, (), problem=problem)
            if scene.restore or scene.keeps or scene.lasts_s:
                self._begin(scene, profile, by)
            deeds: list[Deed] = []
            for action in scene.actions:
                if scene.id in self._stopping:
                    break
                if self._has(action.path):
                    deeds.append(await self._do(scene, action.path, action.value, (*chain, scene.id)))
            self._save(scene.id)
            return self._tell(scene, profile, by, deeds)

    def obstacle(self, scene: Scene) -> SceneProblem:
        """Why it cannot run now; "" where it can."""
        if not any(self._has(action.path) for action in scene.actions):
            return "lacks"
        return "" if self.needs(scene) is True else "needs"

    def needs(self, scene: Scene) -> bool | None:
        """Whether what it needs is true, with some margin while it runs; None: unknown."""
        if scene.needs is None:
            return True
        now, runs = self._now(), scene.id in self.running
        return truth(scene.needs, Look(read=self._read, now=now, made=now, places={}, held={}, held_first=runs))

    def _begin(self, scene: Scene, profile: str, by: By) -> None:
        old = self.running.get(scene.id)
        now = self._now()
        self._order += 1
        changes: list[Change] = []
        for action in scene.actions:
            if not self._has(action.path):
                continue
            before = self._read(action.path)
            if old is not None and (was := old.change(action.path)) is not None:
                if (later := self._later(old, action.path)) is None:
                    before = was.before
                else:  # it comes on top again: what was under both is the other's to put back
                    self._hand_over(was, later)
            changes.append(Change(path=action.path, before=before, value=action.value, asked=now))
        ends = now + timedelta(seconds=scene.lasts_s) if scene.lasts_s else None
        self.running[scene.id] = Running(
            scene=scene, profile=profile, since=now, order=self._order, ends=ends, by=by, changes=tuple(changes)
        )
        self._save(scene.id)

    async def _do(self, scene: Scene, path: str, value: Value, chain: tuple[str, ...]) -> Deed:
        before = self._read(path)
        self.traces.leave(path, value, chain, self._now())
        outcome = await self._ask(path, value)
        run = self.running.get(scene.id)
        if run is not None and (change := next((c for c in run.changes if c.path == path), None)) is not None:
            done = outcome.state in ("confirmed", "moving", "timed_out")
            arrived = outcome.state == "confirmed"
            new = msgspec.structs.replace(change, refused=not done, arrived=arrived, asked=self._now())
            self.running[scene.id] = run.replaced(new)
        same = outcome.state == "confirmed" and before is not None and self._equal(path, before, value)
        state = "unchanged" if same else outcome.state
        return Deed(path=path, value=value, before=before, state=state, rule=outcome.rule or "", says=outcome.message)

    async def _ask(self, path: str, value: Value) -> Outcome:
        try:
            return await self._actuate(path, value)
        except ServiceError as error:
            return Outcome("no_provider", path, None, None, str(error))

    # -- ending --------------------------------------------------------------------------------------------------------

    async def end(self, scene: str, by: By) -> SceneRun | None:
        """End a scene and put back what is to be; None where it does not run."""
        self._stopping.add(scene)
        async with self._lock:
            self._stopping.discard(scene)
            run = self.running.get(scene)
            if run is None:
                return None
            deeds: list[Deed] = []
            for change in reversed(run.changes):
                back = self._goes_back(run, change)
                deeds += [] if back is None else [await self._do_back(run, change.path, back)]
            self.running.pop(scene, None)
            self._forget(run)
            return self._tell(run.scene, run.profile, by, deeds, ended=True)

    def _goes_back(self, run: Running, change: Change) -> Value | None:
        """To what a change goes back now; None: it stays as it is."""
        if not run.scene.restore or change.refused or change.gone or change.before is None:
            return None
        if (later := self._later(run, change.path)) is not None:
            self._hand_over(change, later)
            return None
        current = self._read(change.path)
        if current is None or self._equal(change.path, current, change.before):
            return None
        moving = not change.arrived and (self._now() - change.asked).total_seconds() < MOVING_S
        return change.before if moving or self._equal(change.path, current, change.value) else None

    async def _do_back(self, run: Running, path: str, value: Value) -> Deed:
        before = self._read(path)
        self.traces.leave(path, value, (run.scene.id,), self._now())
        for name, below in self.running.items():  # what is on its way back to another scene's value is not lost to it
            if (theirs := below.change(path)) is not None and below is not run:
                self.running[name] = below.replaced(self._asked_again(theirs))
        outcome = await self._ask(path, value)
        return Deed(
            path=path, value=value, before=before, state=outcome.state, rule=outcome.rule or "", says=outcome.message
        )

    def _asked_again(self, change: Change) -> Change:
        return msgspec.structs.replace(change, arrived=False, asked=self._now())

    def _later(self, run: Running, path: str) -> Running | None:
        """The next scene that set the same after this one."""
        others = [r for r in self.running.values() if r.order > run.order and r.change(path) is not None]
        return min(others, key=lambda r: r.order, default=None)

    def _hand_over(self, change: Change, later: Running) -> None:
        """What was before both is what the later one puts back."""
        theirs = later.change(change.path)
        assert theirs is not None  # see _later
        new = msgspec.structs.replace(theirs, before=change.before)
        self.running[later.scene.id] = later.replaced(new)
        self._save(later.scene.id)

    # -- watching ------------------------------------------------------------------------------------------------------

    async def look(self) -> list[tuple[str, Why]]:
        """See what became of the settings; the scenes that are to end now, and why. About twice a second."""
        now = self._now()
        turned = tuple(self._read(path) if path in self._catalogue.index_of else None for path in _TURNS)
        if self._turned is not None and turned != self._turned:
            self._keeping_until = now.timestamp() + KEEPING_S
        self._turned = turned
        self.traces.look(now)
        for name in list(self.running):
            if (run := self.running.get(name)) is not None and not self._lock.locked():
                await self._look_at(run, now)
        due: list[tuple[str, Why]] = []
        unmet = [name for name, run in self.running.items() if self.needs(run.scene) is False]
        self._unmet = {name: min(self._unmet.get(name, now.timestamp()), now.timestamp()) for name in unmet}
        for name, run in self.running.items():
            if now.timestamp() - self._unmet.get(name, now.timestamp()) >= UNMET_S:
                due.append((name, "needs"))
            elif run.ends is not None and now >= run.ends:
                due.append((name, "time"))
        return due

    async def _look_at(self, run: Running, now: datetime) -> None:
        changed = run
        again: list[Change] = []
        gone: list[str] = []
        for change in run.changes:
            current = self._read(change.path)
            if change.refused or change.gone or current is None or self._later(run, change.path) is not None:
                continue
            there = self._equal(change.path, current, change.value)
            if there and not change.arrived:
                changed = changed.replaced(msgspec.structs.replace(change, arrived=True))
            elif not there and change.arrived:
                if run.scene.keeps and now.timestamp() < self._keeping_until:
                    again.append(self._asked_again(change))
                    continue
                gone.append(change.path)
        for change in again:
            changed = changed.replaced(change)
        if changed is not run:
            self.running[run.scene.id] = changed
            self._save(run.scene.id)
        for path in gone:
            self._give_up(path)
        for change in again:
            async with self._lock:
                self.traces.leave(change.path, change.value, (run.scene.id,), now)
                await self._ask(change.path, change.value)

    def _give_up(self, path: str) -> None:
        """Somebody has set it otherwise: from now on it is theirs, whichever scenes had set it."""
        for name, run in self.running.items():
            if (change := run.change(path)) is not None:
                self.running[name] = run.replaced(msgspec.structs.replace(change, gone=True))
                self._save(name)

    def rivals(self, scene: Scene) -> list[Running]:
        """The scenes that run and hold a setting of this one at another value."""
        wanted = {a.path: a.value for a in scene.actions}
        return [
            run
            for run in self.running.values()
            if run.scene.id != scene.id
            and any(
                (c := run.change(path)) is not None and not self._equal(path, c.value, value)
                for path, value in wanted.items()
            )
        ]

    # -- the rest ------------------------------------------------------------------------------------------------------

    def _equal(self, path: str, current: Value, wanted: Value) -> bool:
        return equal(self._catalogue[path], current, wanted)

    def _tell(
        self,
        scene: Scene,
        profile: str,
        by: By,
        deeds: Iterable[Deed],
        *,
        ended: bool = False,
        problem: SceneProblem = "",
    ) -> SceneRun:
        self._number += 1
        told = SceneRun(
            number=self._number,
            scene=scene.id,
            name=scene.name,
            profile=profile,
            at=self._now().isoformat(),
            by=by,
            ended=ended,
            deeds=tuple(deeds),
            problem=problem,
        )
        self.told.appendleft(told)
        return told

    def _save(self, scene: str) -> None:
        """Put down how a scene that runs stands; one that cannot be put down runs all the same."""
        run = self.running.get(scene)
        if run is None:
            return
        try:
            self._store.put(run.profile or CAR, _KIND, scene, run, run.since)
        except StoreError as error:
            log.error("a scene that runs is not kept", scene=scene, why=str(error))

    def _forget(self, run: Running) -> None:
        try:
            self._store.drop(run.profile or CAR, _KIND, run.scene.id)
        except StoreError as error:
            log.error("a scene that ended is not taken off", scene=run.scene.id, why=str(error))
