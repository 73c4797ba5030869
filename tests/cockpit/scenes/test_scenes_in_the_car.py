"""Scenes in the running, simulated car: run, refused, set off, put back, and alive whatever dies around them."""

import os
import signal
from collections.abc import Iterator

import pytest

from alpenglow.assistant import api as assistant
from alpenglow.cockpit import api
from alpenglow.fabric import BadArguments, NotPermitted
from alpenglow.signals import Value
from alpenglow.signals.actions import Action
from alpenglow.signals.conditions import Compare, Condition
from tests.cockpit.riding import Rider
from tests.running import Stack

VOLUME = "Vehicle.Cabin.Infotainment.Media.Volume"
DOME = "Vehicle.Cabin.Light.IsDomeOn"
FOLDED = "Vehicle.Body.Mirrors.DriverSide.IsFolded"
WARM = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"
FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed"
READING = "Vehicle.Cabin.Light.Spotlight.Row{}.{}Side.IsLightOn"
MODE = "Vehicle.Body.Windshield.Front.Wiping.Mode"
DRIVING = "Vehicle.Alpenglow.DrivingState"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("scenes")) as stack:
        yield stack


@pytest.fixture
def rider(stack: Stack) -> Iterator[Rider]:
    """Somebody who leaves no scene behind."""
    with Rider(stack) as rider:
        rider.until(lambda: rider.value(DRIVING) == "PARKED")
        rider.until(lambda: not any(s.lacks for s in rider.call(api.scenes)))
        yield rider
        for shown in rider.call(api.scenes):
            if shown.runs:
                rider.call(api.end_scene, scene=shown.scene.id)
            if not shown.preset:
                rider.call(api.drop_scene, scene=shown.scene.id)


def shown(rider: Rider, scene: str) -> api.ShownScene:
    found: list[api.ShownScene] = rider.call(api.scenes)
    return next(s for s in found if s.scene.id == scene)


def keep(rider: Rider, name: str, *actions: tuple[str, Value], when: Condition | None = None, **more: object) -> str:
    scene = api.Scene(
        id="",
        name=name,
        actions=tuple(Action(path=p, value=v) for p, v in actions),
        when=when,
        **more,  # type: ignore[arg-type]
    )
    kept: api.Scene = rider.call(api.keep_scene, scene=scene)
    return kept.id


def test_a_preset_is_run_shown_as_running_and_ended(rider: Rider) -> None:
    before = rider.value(VOLUME)
    told: api.SceneRun = rider.call(api.run_scene, scene="nap")
    assert {d.state for d in told.deeds} <= {"confirmed", "moving", "unchanged"}
    rider.until(lambda: rider.value(VOLUME) == 8)
    nap = shown(rider, "nap")
    assert nap.runs
    assert nap.ends > nap.since
    rider.call(api.end_scene, scene="nap")
    rider.until(lambda: rider.value(VOLUME) == before)
    with pytest.raises(BadArguments, match="does not run"):
        rider.call(api.end_scene, scene="nap")


def test_a_dry_run_moves_nothing_and_says_what_then_happens(rider: Rider) -> None:
    rider.drive(3.0)
    wash = shown(rider, "car-wash").scene
    foreseen: api.DryRun = rider.call(api.dry_run, scene=wash)
    by_path = {a.path: a for a in foreseen.actions}
    assert by_path[FOLDED].state == "refused"
    assert by_path[FOLDED].says == "The mirrors stay unfolded while the car is moving."
    assert (by_path[MODE].state, by_path[MODE].before) == ("changes", "RAIN_SENSOR")
    assert rider.value(MODE) == "RAIN_SENSOR"
    assert foreseen.problem == ""
    told: api.SceneRun = rider.call(api.run_scene, scene="car-wash")
    refused = {d.path: (d.rule, d.says) for d in told.deeds if d.state == "refused"}
    assert refused == {a.path: (a.rule, a.says) for a in foreseen.actions if a.state == "refused"}
    rider.until(lambda: rider.value(MODE) == "OFF")
    rider.park()
    rider.call(api.end_scene, scene="car-wash")
    rider.until(lambda: rider.value(MODE) == "RAIN_SENSOR")
    assert rider.value(FOLDED) is False


def test_the_climate_stays_on_for_an_animal_only_in_p_and_a_message_says_so(rider: Rider) -> None:
    before = rider.value(FAN)
    assert rider.call(api.run_scene, scene="pet").problem == ""
    rider.until(lambda: "scene.pet" in told_causes(rider))
    assert rider.value(FAN) == 50
    rider.controls(brake=1.0, gear="D", parking_brake=False, ready=True)
    rider.until(lambda: not shown(rider, "pet").runs)
    rider.until(lambda: rider.value(FAN) == before)
    rider.until(lambda: {"scene.pet.ended"} <= told_causes(rider) and "scene.pet" not in told_causes(rider))
    assert rider.call(api.run_scene, scene="pet").problem == "needs"
    rider.park()


def told_causes(rider: Rider) -> set[str]:
    return {m.cause for m in rider.call(api.messages) if not m.over}


def test_a_scene_of_ones_own_is_set_off_put_back_and_deleted(rider: Rider) -> None:
    lit = Compare(path=DOME, op="==", value=True)
    cosy = keep(rider, "Cosy", (WARM, 24.0), when=lit, restore=True)
    rider.call(api.scene_parts)
    before = rider.value(WARM)
    rider.until(lambda: rider.value("Vehicle.Alpenglow.Cockpit.Revision.Scenes"))
    settle(rider)
    rider.set(DOME, True)
    rider.until(lambda: rider.value(WARM) == 24.0)
    rider.until(lambda: shown(rider, cosy).runs)
    assert rider.call(api.scene_runs)[0].by == "condition"
    rider.set(DOME, False)
    rider.until(lambda: rider.value(WARM) == before)
    assert not shown(rider, cosy).runs
    rider.call(api.drop_scene, scene=cosy)
    assert [s for s in rider.call(api.scenes) if not s.preset] == []


def settle(rider: Rider) -> None:
    """Until the cockpit has seen that no condition holds yet: two looks of half a second."""
    import time

    time.sleep(1.5)


def test_what_the_car_cannot_do_is_not_kept(rider: Rider) -> None:
    for action, says in (
        (("Vehicle.Speed", 3.0), "only be read"),
        ((FAN, 500), "0 to 100"),
        (("Vehicle.Wings.Flap", 1), "no signal"),
    ):
        with pytest.raises(BadArguments, match=says):
            keep(rider, "Impossible", action)
    keep(rider, "Twice", (DOME, True))
    with pytest.raises(BadArguments, match="already"):
        keep(rider, "twice", (DOME, False))


def test_scenes_that_set_each_other_off_stop_after_one_round(rider: Rider) -> None:
    a, b = READING.format(1, "Driver"), READING.format(1, "Passenger")
    on = {path: Compare(path=path, op="==", value=True) for path in (a, b)}
    off = {path: Compare(path=path, op="==", value=False) for path in (a, b)}
    ids = [
        keep(rider, "one", (b, True), when=on[a]),
        keep(rider, "two", (a, False), when=on[b]),
        keep(rider, "three", (b, False), when=off[a]),
        keep(rider, "four", (a, True), when=off[b]),
    ]
    settle(rider)
    first = max((r.number for r in rider.call(api.scene_runs)), default=0)
    rider.set(a, True)
    rider.until(lambda: any(shown(rider, scene).problem == "loop" for scene in ids), longest_s=30)
    settle(rider)
    ran = [r.name for r in rider.call(api.scene_runs) if r.number > first]
    assert len(ran) == len(set(ran)) <= 4
    rider.set(a, False)


def test_two_scenes_that_fight_are_reported(rider: Rider) -> None:
    one = keep(rider, "Warm", (WARM, 25.0), restore=True)
    other = keep(rider, "Cool", (WARM, 18.0), restore=True)
    before = rider.value(WARM)
    rider.call(api.run_scene, scene=one)
    rider.call(api.run_scene, scene=other)
    assert (shown(rider, one).problem, shown(rider, one).against) == ("fight", ("Cool",))
    assert (shown(rider, other).problem, shown(rider, other).against) == ("fight", ("Warm",))
    rider.call(api.end_scene, scene=one)
    assert rider.value(WARM) == 18.0
    rider.call(api.end_scene, scene=other)
    rider.until(lambda: rider.value(WARM) == before)


def test_a_scene_outlives_the_cockpit_and_goes_back_after_a_crash(rider: Rider, stack: Stack) -> None:
    before = rider.value(WARM)
    rider.call(api.run_scene, scene="pet")
    pid = stack.pid("cockpit")
    os.kill(pid, signal.SIGKILL)
    stack.until_back("cockpit", pid)
    rider.until(lambda: shown(rider, "pet").runs)
    rider.until(lambda: "scene.pet" in told_causes(rider))
    assert rider.value(WARM) == 20.0
    rider.call(api.end_scene, scene="pet")
    rider.until(lambda: rider.value(WARM) == before)


def test_scenes_work_while_the_assistant_is_dead(rider: Rider, stack: Stack) -> None:
    keep(rider, "Light", (READING.format(2, "Driver"), True), when=Compare(path=DOME, op="==", value=True))
    settle(rider)
    pid = stack.pid("assistant")
    os.kill(pid, signal.SIGSTOP)
    try:
        rider.set(DOME, True)
        rider.until(lambda: rider.value(READING.format(2, "Driver")) is True)
    finally:
        os.kill(pid, signal.SIGKILL)
        rider.set(DOME, False)
        rider.set(READING.format(2, "Driver"), False)
    stack.until_back("assistant", pid, timeout_s=60.0)


def test_a_scene_is_run_ended_and_taken_back_by_voice(rider: Rider) -> None:
    keep(rider, "Evening", (WARM, 23.5), (READING.format(1, "Driver"), True), restore=True)
    before = rider.value(WARM)
    rider.until(lambda: said(rider, "Start evening please.").did)
    assert rider.value(WARM) == 23.5
    assert said(rider, "Undo that.").did
    rider.until(lambda: rider.value(WARM) == before)
    assert not any(s.runs for s in rider.call(api.scenes))
    assert said(rider, "Evening.").did
    answer = said(rider, "End evening.")
    assert "has ended" in answer.reply
    rider.until(lambda: rider.value(WARM) == before)


def test_a_draft_is_kept_by_a_yes(rider: Rider) -> None:
    answer = said(rider, "Make a scene: turn on the dome light.")
    assert answer.scene is not None
    assert "is kept" in said(rider, "Yes.").reply
    assert [s.scene.name for s in rider.call(api.scenes) if not s.preset] == [answer.scene.name]
    assert rider.value(DOME) is False


def said(rider: Rider, text: str) -> assistant.Answer:
    rider.until(lambda: rider.value("Vehicle.Alpenglow.Assistant.State") is not None, longest_s=90.0)
    answer: assistant.Answer = rider.call(assistant.ask, text=text)
    return answer


def test_a_guest_sees_no_scenes_of_anybody_and_keeps_none(rider: Rider) -> None:
    mine = keep(rider, "Mine", (DOME, True))
    rider.call(api.switch_profile, profile="guest")
    rider.until(lambda: all(s.preset for s in rider.call(api.scenes)))
    with pytest.raises(NotPermitted):
        keep(rider, "Theirs", (DOME, True))
    with pytest.raises(BadArguments):
        rider.call(api.run_scene, scene=mine)
    assert rider.call(api.run_scene, scene="school-run").problem == ""
    rider.call(api.switch_profile, profile="owner")
    rider.until(lambda: shown(rider, mine))


def test_a_profile_that_comes_into_force_sets_its_scene_off(rider: Rider) -> None:
    hello = Compare(path="Vehicle.Alpenglow.Cockpit.Profile.Id", op="==", value="owner")
    keep(rider, "Hello", (DOME, True), when=hello)
    settle(rider)
    assert rider.value(DOME) is False
    rider.call(api.switch_profile, profile="guest")
    settle(rider)
    rider.call(api.switch_profile, profile="owner")
    rider.until(lambda: rider.value(DOME) is True)
    rider.set(DOME, False)
