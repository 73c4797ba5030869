"""Which scenes are set off, for whom, and that none of them goes round in a circle."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.cockpit.api import Scene
from alpenglow.cockpit.scenes.kept import MOST_SCENES, Kept, SceneError
from alpenglow.cockpit.scenes.presets import IN_FORCE
from alpenglow.cockpit.scenes.traces import CAUSED_S, MOST_RUNS, RUNS_IN_S, Traces
from alpenglow.cockpit.scenes.watching import Watching
from alpenglow.signals.actions import Action
from alpenglow.signals.conditions import After, Arrives, At, Compare, Condition
from tests.cockpit.scenes.car import CATALOGUE, DOME, HEAT, MONDAY, RAIN, VOLUME, WINDOW, Car, scene

RAINS = Compare(path=RAIN, op=">", value=0)
HERE = Compare(path=IN_FORCE, op="==", value="kim")


class Watched:
    """Kim's and Alex's scenes in a car, looked at every second."""

    def __init__(self, folder: Path) -> None:
        self.car = Car(folder)
        self.car.signals[IN_FORCE] = "kim"
        self.on()

    def on(self) -> None:
        self.kept = Kept(self.car.store, CATALOGUE)
        self.watching = Watching(self.car.store, self.kept)

    def restart(self) -> None:
        self.car.restart()
        self.on()

    def keep(self, when: Condition | None, profile: str = "kim", **parts: object) -> Scene:
        return self.kept.keep(profile, scene((HEAT, 60), id="", when=when, **parts), self.car.now)

    def pass_(self, seconds: int) -> list[str]:
        fired = []
        for _ in range(seconds):
            fired += [profile for profile, _ in self.watching.step(self.car.read, self.car.now)]
            self.car.wait(1)
        return fired


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def test_it_is_set_off_when_its_condition_becomes_true_and_not_while_it_stays_so(watched: Watched) -> None:
    watched.keep(RAINS)
    assert watched.pass_(5) == []
    watched.car.signals[RAIN] = 40
    assert watched.pass_(90) == ["kim"]
    watched.restart()
    assert watched.pass_(90) == []


def test_what_rained_before_it_was_kept_sets_nothing_off(watched: Watched) -> None:
    watched.car.signals[RAIN] = 40
    watched.keep(RAINS)
    assert watched.pass_(60) == []


def test_only_the_scenes_of_who_is_in_the_car_are_set_off(watched: Watched) -> None:
    watched.keep(RAINS, profile="alex")
    watched.pass_(5)
    watched.car.signals[RAIN] = 40
    assert watched.pass_(60) == []
    watched.car.signals[IN_FORCE] = "alex"  # who gets in in the rain finds the windows shut
    assert watched.pass_(60) == ["alex"]


def test_a_profile_that_comes_into_force_sets_its_scene_off(watched: Watched) -> None:
    watched.keep(HERE)
    assert watched.pass_(60) == []
    watched.car.signals[IN_FORCE] = "alex"
    watched.pass_(5)
    watched.car.signals[IN_FORCE] = "kim"
    assert watched.pass_(60) == ["kim"]


def test_a_time_of_day_comes_on_its_days(watched: Watched) -> None:
    soon = (MONDAY + timedelta(minutes=2)).time()
    watched.keep(At(time=soon, days=("mon",)))
    assert watched.pass_(300) == ["kim"]
    watched.car.wait(86_400 - 300)
    assert watched.pass_(300) == []


def test_a_changed_scene_waits_for_what_it_says_now(watched: Watched) -> None:
    kept = watched.keep(RAINS)
    watched.pass_(5)
    lit = scene((HEAT, 60), id=kept.id, when=Compare(path=DOME, op="==", value=True))
    watched.kept.keep("kim", lit, watched.car.now)
    watched.car.signals[RAIN] = 40
    assert watched.pass_(60) == []
    watched.car.signals[DOME] = True
    assert watched.pass_(60) == ["kim"]
    watched.kept.drop("kim", kept.id)
    watched.car.signals[DOME] = False
    watched.pass_(60)
    watched.car.signals[DOME] = True
    assert watched.pass_(60) == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (scene(id=""), "1 to 30"),
        (scene(("Vehicle.Speed", 3.0), id=""), "only be read"),
        (scene((HEAT, 200), id=""), "-100 to 100"),
        (scene((HEAT, 60), (HEAT, 20), id=""), "twice"),
        (scene((HEAT, 60), id="", when=After(seconds=60)), "timer"),
        (scene((HEAT, 60), id="", when=Arrives(place="home")), "where 'home' is"),
        (scene((HEAT, 60), id="", when=At(time=MONDAY.time()), hold_s=5.0), "moment"),
        (scene((HEAT, 60), id="", lasts_s=-1.0), "lasts 0 to"),
        (scene((DOME, False), id="", when=Compare(path=DOME, op="==", value=True), restore=True), "waits for what"),
        (Scene(id="", name="a\x07b", actions=(Action(path=HEAT, value=1),)), "name"),
        (Scene(id="", name="  ", actions=(Action(path=HEAT, value=1),)), "name"),
    ],
)
def test_what_cannot_be_meant_is_not_kept_and_the_reason_is_given(watched: Watched, wrong: Scene, says: str) -> None:
    with pytest.raises(SceneError, match=says):
        watched.kept.keep("kim", wrong, watched.car.now)
    assert watched.kept.all("kim") == []


def test_two_scenes_cannot_have_one_name_and_there_are_not_too_many(watched: Watched) -> None:
    for n in range(MOST_SCENES):
        watched.kept.keep("kim", Scene(id="", name=f"s{n}", actions=(Action(path=HEAT, value=1),)), watched.car.now)
    with pytest.raises(SceneError, match="already"):
        watched.kept.keep("kim", Scene(id="", name=" S3 ", actions=(Action(path=HEAT, value=1),)), watched.car.now)
    with pytest.raises(SceneError, match="delete one"):
        watched.kept.keep("kim", Scene(id="", name="more", actions=(Action(path=HEAT, value=1),)), watched.car.now)
    watched.kept.keep("alex", Scene(id="", name="s3", actions=(Action(path=HEAT, value=1),)), watched.car.now)


def test_a_scene_is_the_cause_only_of_what_is_as_it_set_it(tmp_path: Path) -> None:
    car = Car(tmp_path)
    traces = Traces(CATALOGUE, car.read)
    waits = scene((HEAT, 60), id="b", when=Compare(path=WINDOW, op=">", value=50))
    traces.leave(WINDOW, 100, ("a",), car.now)
    car.signals[WINDOW] = 70  # on its way
    assert traces.causes(waits, car.now) == ("a",)
    car.signals[WINDOW] = 100
    traces.look(car.now)
    assert traces.causes(waits, car.now) == ("a",)
    car.signals[WINDOW] = 60  # a hand was at the switch
    assert traces.causes(waits, car.now) == ()
    car.signals[WINDOW] = 100
    car.wait(CAUSED_S + 1)
    assert traces.causes(waits, car.now) == ()


def test_a_scene_that_is_set_off_again_and_again_is_stopped(tmp_path: Path) -> None:
    car = Car(tmp_path)
    traces = Traces(CATALOGUE, car.read)
    restless = scene((HEAT, 60), id="r", when=RAINS)
    for _ in range(MOST_RUNS):
        assert traces.circles(restless, (), car.now) == ()
        car.wait(40)
    assert traces.circles(restless, (), car.now) == ("r",)
    car.wait(RUNS_IN_S)
    assert traces.circles(restless, (), car.now) == ()


PATHS = [DOME, HEAT, VOLUME, WINDOW]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from(PATHS), st.booleans()), min_size=1, max_size=6))
def test_however_scenes_set_each_other_off_it_comes_to_rest(
    tmp_path_factory: pytest.TempPathFactory, links: list[tuple[str, str, bool]]
) -> None:
    """Any graph of scenes that wait for each other: after one push, in two minutes each runs a few times at most."""
    import asyncio

    watched = Watched(tmp_path_factory.mktemp("car"))
    high: dict[str, object] = {DOME: True, HEAT: 60, VOLUME: 80, WINDOW: 100}
    low: dict[str, object] = {DOME: False, HEAT: 0, VOLUME: 30, WINDOW: 0}
    for n, (source, target, up) in enumerate(links):
        when = Compare(path=source, op="==", value=(high if n % 2 else low)[source])  # type: ignore[arg-type]
        action = Action(path=target, value=(high if up else low)[target])  # type: ignore[arg-type]
        watched.kept.keep("kim", Scene(id="", name=f"s{n}", actions=(action,), when=when), watched.car.now)
    traces = watched.car.runner.traces

    async def live() -> dict[str, int]:
        ran: dict[str, int] = {}
        watched.pass_(3)
        watched.car.signals |= {DOME: True, HEAT: 60}  # type: ignore[dict-item]
        for _ in range(120):
            await watched.car.look()
            for profile, kept in watched.watching.step(watched.car.read, watched.car.now):
                chain = traces.causes(kept.scene, watched.car.now)
                if not traces.circles(kept.scene, chain, watched.car.now):
                    ran[kept.scene.id] = ran.get(kept.scene.id, 0) + 1
                    await watched.car.runner.run(kept.scene, profile, "condition", chain)
            watched.car.wait(1)
        return ran

    assert all(count <= 4 for count in asyncio.run(live()).values())
    watched.car.store.close()
