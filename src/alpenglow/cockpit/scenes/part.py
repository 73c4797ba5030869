"""The part of the cockpit that keeps, watches, runs and ends scenes, and tells of them."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime

from alpenglow.cockpit import api
from alpenglow.cockpit.api import DryRun, Foreseen, Scene, SceneParts, SceneProblem, SceneRun, ShownScene
from alpenglow.cockpit.parts import Cockpit
from alpenglow.cockpit.scenes.kept import Kept, KeptScene, SceneError
from alpenglow.cockpit.scenes.presets import IN_FORCE, Parts, called, lacking, load_presets
from alpenglow.cockpit.scenes.running import Runner, Running, Why
from alpenglow.cockpit.scenes.watching import Watching
from alpenglow.fabric import BadArguments, Caller, NotPermitted
from alpenglow.fabric.store import StoreError
from alpenglow.safety import api as safety
from alpenglow.signals import Quality, UnknownSignal, Value
from alpenglow.signals.conditions import Look, truth

_LOOK_S = 0.5
_LENT_S = 20.0  # what is put back may be on its way for so long
_TOLD_S = 10.0  # how long what has happened is shown
_ENDED_S = 600.0  # so long stands what somebody who is not in the car should know
_BY: dict[str, api.RunBy] = {"cockpit": "touch", "assistant": "voice"}


def _now() -> datetime:
    """Local time with its zone: conditions speak of times of day."""
    return datetime.now().astimezone()


class Scenes:
    """Serves the scenes of one car."""

    def __init__(self, cockpit: Cockpit, now: Callable[[], datetime] = _now) -> None:
        """Raises PresetError where the tables do not fit the catalogue."""
        self._cockpit, self._now = cockpit, now
        fabric = cockpit.fabric
        catalogue = fabric.catalogue
        self._presets = load_presets(catalogue)
        self._parts = Parts(catalogue)
        self._kept = Kept(cockpit.store, catalogue)
        self._watching = Watching(cockpit.store, self._kept)
        self.runner = Runner(cockpit.store, catalogue, fabric.actuate, self._read, self._has, now)
        self._problems: dict[str, tuple[SceneProblem, set[str]]] = {}
        self._lent: dict[str, float] = {}  # path → until when (s, the loop's clock) it counts as lent
        self._shown: object = None

    async def start(self) -> None:
        """See parts.Part."""
        fabric = self._cockpit.fabric
        await fabric.serve(api.scenes, self._scenes)
        await fabric.serve(api.keep_scene, self._keep_scene)
        await fabric.serve(api.drop_scene, self._drop_scene)
        await fabric.serve(api.run_scene, self._run_scene)
        await fabric.serve(api.end_scene, self._end_scene)
        await fabric.serve(api.dry_run, self._dry_run)
        await fabric.serve(api.scene_runs, self._scene_runs)
        await fabric.serve(api.scene_parts, self._scene_parts)
        for run in self.runner.running.values():
            self._tell_running(run)
        self._cockpit.erased.append(self._let_go)
        self._cockpit.changed("Scenes")

    async def run(self) -> None:
        """Look twice a second until cancelled."""
        while True:
            try:
                await self._look()
            except StoreError as error:
                self._cockpit.room.log.error("scenes", why=str(error))
            await asyncio.sleep(_LOOK_S)

    # -- the car -------------------------------------------------------------------------------------------------------

    def _read(self, path: str) -> Value | None:
        if path == IN_FORCE:
            return self._cockpit.profile
        try:
            return self._cockpit.fabric.table.value(path)
        except UnknownSignal:
            return None

    def _has(self, path: str) -> bool:
        """Whether this car has that signal: somebody has ever spoken of it."""
        table = self._cockpit.fabric.table
        return path in table.catalogue.index_of and table.read(path).quality is not Quality.UNAVAILABLE

    # -- services ------------------------------------------------------------------------------------------------------

    def _person(self, profile: str) -> str:
        """The person whose scenes are asked for. NotPermitted for anybody but the one whose profile is in force."""
        person = self._cockpit.person()
        if profile not in ("", person):
            raise NotPermitted("these are the scenes of somebody whose profile is not in force")
        return person

    def _found(self, scene: str) -> tuple[Scene, str]:
        """A preset, or a scene of the person in force, and whose it is."""
        if (preset := self._presets.get(scene)) is not None:
            return preset.scene(), ""
        with contextlib.suppress(NotPermitted):
            person = self._cockpit.person()
            if (kept := self._kept.get(person, scene)) is not None:
                return kept.scene, person
        raise BadArguments("there is no such scene")

    async def _scenes(self, _caller: Caller, profile: str) -> list[ShownScene]:
        shown = [self._show(p.scene(), preset=True, names=called(p)) for p in self._presets.values()]
        if self._cockpit.somebodys:
            shown += [self._show(k.scene, preset=False) for k in self._kept.all(self._person(profile))]
        return shown

    def _show(self, scene: Scene, *, preset: bool, names: tuple[str, ...] = ()) -> ShownScene:
        run = self.runner.running.get(scene.id)
        problem, against = self._problems.get(scene.id, ("", set()))
        return ShownScene(
            scene=scene,
            preset=preset,
            called=names or (scene.name,),
            runs=run is not None,
            since=run.since.astimezone(UTC).isoformat() if run else "",
            ends=run.ends.astimezone(UTC).isoformat() if run and run.ends else "",
            lacks=lacking(scene, self._has),
            problem=problem,
            against=tuple(sorted(against)),
        )

    async def _keep_scene(self, _caller: Caller, scene: Scene, profile: str) -> Scene:
        person = self._person(profile)
        if scene.id in self._presets:
            raise BadArguments("this scene came with the car; keep a copy under another name")
        try:
            kept = self._kept.keep(person, scene, self._now())
        except (SceneError, StoreError) as error:
            raise BadArguments(str(error)) from None
        self._problems.pop(kept.id, None)
        self._cockpit.changed("Scenes")
        return kept

    async def _drop_scene(self, caller: Caller, scene: str, profile: str) -> None:
        person = self._person(profile)
        await self._end(scene, _BY.get(caller, "other"))
        self._kept.drop(person, scene)
        self._cockpit.changed("Scenes")

    async def _run_scene(self, caller: Caller, scene: str, profile: str) -> SceneRun:
        found, owner = self._found(scene)
        if profile and owner:
            self._person(profile)
        return await self._run(found, owner, _BY.get(caller, "other"))

    async def _end_scene(self, caller: Caller, scene: str) -> SceneRun:
        told = await self._end(scene, _BY.get(caller, "other"))
        if told is None:
            raise BadArguments("this scene does not run")
        return told

    async def _dry_run(self, _caller: Caller, scene: Scene) -> DryRun:
        try:
            scene = self._kept.checked(scene) if scene.id not in self._presets else scene
        except SceneError as error:
            raise BadArguments(str(error)) from None
        foreseen = [await self._foresee(action.path, action.value) for action in scene.actions]
        holds = None
        if scene.when is not None:
            now = self._now()
            holds = truth(scene.when, Look(read=self._read, now=now, made=now, places={}))
        return DryRun(actions=tuple(foreseen), problem=self.runner.obstacle(scene), holds=holds)

    async def _foresee(self, path: str, value: Value) -> Foreseen:
        if not self._has(path):
            return Foreseen(path=path, value=value, before=None, state="lacks")
        verdict = await self._cockpit.fabric.call(safety.check, path, value)
        state: api.ForeseenState = "same" if verdict.same else "changes"
        return Foreseen(
            path=path,
            value=value,
            before=verdict.value,
            state=state if verdict.permitted else "refused",
            rule=verdict.rule,
            says=verdict.message,
        )

    async def _scene_runs(self, _caller: Caller) -> list[SceneRun]:
        mine = {"", self._cockpit.profile} if self._cockpit.somebodys else {""}
        return [told for told in self.runner.told if told.profile in mine]

    async def _scene_parts(self, _caller: Caller) -> SceneParts:
        return self._parts.of(self._has, self._cockpit.profile if self._cockpit.somebodys else "")

    # -- running -------------------------------------------------------------------------------------------------------

    async def _run(self, scene: Scene, owner: str, by: api.RunBy, chain: tuple[str, ...] = ()) -> SceneRun:
        rivals = {run.scene.id: run.scene for run in self.runner.rivals(scene)}
        told = await self.runner.run(scene, owner, by, chain)
        if not told.problem:
            for rival in rivals.values():
                self._note_problem("fight", scene, rival)
            if (run := self.runner.running.get(scene.id)) is not None:
                self._tell_running(run)
        self._look_at_lent()
        self._cockpit.changed("Scenes")
        return told

    async def _end(self, scene: str, by: api.RunBy, why: Why = "asked") -> SceneRun | None:
        run = self.runner.running.get(scene)
        told = await self.runner.end(scene, by)
        if run is None or told is None:
            return None
        board = self._cockpit.messages
        board.clear(_cause(scene))
        if why == "needs" and run.scene.keeps:
            # Who relies on it may not be in the car, and whoever comes should know.
            args = {"scene": self._name(run.scene)}
            board.post(f"{_cause(scene)}.ended", "warning", "scenes.message_ended", args, until=_ENDED_S)
        self._cockpit.changed("Scenes")
        return told

    async def _look(self) -> None:
        for scene, why in await self.runner.look():
            await self._end(scene, "condition", why)
        fired = self._watching.step(self._read, self._now())
        for kept in self._watching.risen:
            self._look_for_circles(kept.scene)
        for profile, kept in fired:
            await self._set_off(profile, kept)
        for name, run in list(self.runner.running.items()):
            if run.profile and self._kept.get(run.profile, name) is None:
                await self._end(name, "other")  # it was erased, with its person perhaps
            elif run.by == "condition" and self._watching.holds(name) is False:
                await self._end(name, "condition", "condition")
        self._look_at_lent()
        lacks = [lacking(preset.scene(), self._has) for preset in self._presets.values()]
        shown = (lacks, self._cockpit.profile, self._cockpit.somebodys)
        if shown != self._shown:  # another part of the car has spoken for the first time, or somebody else is in it
            self._shown = shown
            self._cockpit.changed("Scenes")

    async def _set_off(self, profile: str, kept: KeptScene) -> None:
        scene, now = kept.scene, self._now()
        traces = self.runner.traces
        chain = traces.causes(scene, now)
        if circle := traces.circles(scene, chain, now):
            self._note_circle(scene, circle)
            return
        for rival in traces.rivals(scene, now):
            self._note_problem("fight", scene, self._any(rival))
        told = await self._run(scene, profile, "condition", chain)
        if failed := next((d for d in told.deeds if d.state == "refused"), None):
            args = {"scene": self._name(scene), "why": failed.says}
            self._cockpit.messages.post(
                f"{_cause(scene.id)}.refused", "info", "scenes.message_refused", args, until=_TOLD_S, personal=True
            )

    def _look_for_circles(self, scene: Scene) -> None:
        """What made a scene's condition true may have begun with the scene itself, a moment ago."""
        chain = self.runner.traces.causes(scene, self._now())
        if scene.id in chain:
            self._note_circle(scene, chain[chain.index(scene.id) :])

    def _note_circle(self, scene: Scene, circle: tuple[str, ...]) -> None:
        self._cockpit.room.log.warning("scenes set each other off", scenes=[*circle, scene.id])
        for other in circle if len(circle) == 1 else circle[1:]:
            self._note_problem("loop", scene, self._any(other))

    def _any(self, scene: str) -> Scene | None:
        """A scene of anybody, by its id; None where it is gone."""
        try:
            return self._found(scene)[0]
        except BadArguments:
            run = self.runner.running.get(scene)
            return None if run is None else run.scene

    def _note_problem(self, problem: SceneProblem, one: Scene, other: Scene | None) -> None:
        """Two scenes do not go together: both show it, and a message says so."""
        if other is None:
            return
        for scene, against in ((one, other), (other, one)):
            known, names = self._problems.get(scene.id, (problem, set()))
            names = names if known == problem else set()
            self._problems[scene.id] = (problem, names | ({against.name} if against.id != scene.id else set()))
        args = {"one": self._name(one), "other": self._name(other)}
        self._cockpit.messages.post(
            f"{_cause(one.id)}.{problem}", "notice", f"scenes.message_{problem}", args, until=_TOLD_S, personal=True
        )
        self._cockpit.changed("Scenes")

    def _tell_running(self, run: Running) -> None:
        if run.scene.says:
            self._cockpit.messages.post(_cause(run.scene.id), "info", run.scene.says)

    def _name(self, scene: Scene) -> str:
        """A scene's name as an argument of a message: a key for what came with the car, else as somebody wrote it."""
        return f"@scenes.preset_{scene.id.replace('-', '_')}" if scene.id in self._presets else scene.name.lstrip("@")

    def _let_go(self, profile: str) -> None:
        """Everything of a person was erased: their scenes run no more, and what ran is told no more."""
        self.runner.let_go(profile)
        self._cockpit.changed("Scenes")

    def _look_at_lent(self) -> None:
        """Tell the profiles what is not their person's own choice, until it is back."""
        now = asyncio.get_running_loop().time()
        self._lent.update(dict.fromkeys(self.runner.held, now + _LENT_S))
        for path, until in list(self._lent.items()):
            if until < now:
                del self._lent[path]
                self._cockpit.lent.discard(path)
        self._cockpit.lent.update(self._lent)


def _cause(scene: str) -> str:
    return f"scene.{scene}"
