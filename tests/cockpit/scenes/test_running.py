"""A scene does what it says, puts back what it changed and nobody else did, and survives whatever happens to it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.cockpit.scenes.running import UNMET_S
from alpenglow.signals.conditions import Compare
from tests.cockpit.scenes.car import DOME, HEAT, READY, STATE, VOLUME, WINDOW, Car, PowerCut, scene

PARKED = Compare(path=STATE, op="==", value="PARKED")


@pytest.fixture
def car(tmp_path: Path) -> Car:
    return Car(tmp_path)


async def test_settings_are_made_in_their_order_and_a_refused_one_stops_no_other(car: Car) -> None:
    car.forbidden[WINDOW] = "some-rule"
    told = await car.run(scene((HEAT, 60), (WINDOW, 100), (DOME, True)))
    assert car.moved == [(HEAT, 60), (DOME, True)]
    assert [(d.path, d.state) for d in told.deeds] == [(HEAT, "confirmed"), (WINDOW, "refused"), (DOME, "confirmed")]
    assert (told.deeds[1].rule, told.deeds[1].says, told.deeds[1].before) == ("some-rule", "Not now.", 0)


async def test_what_it_changed_goes_back_in_the_reverse_order(car: Car) -> None:
    nap = scene((HEAT, 60), (VOLUME, 8), restore=True)
    await car.run(nap)
    await car.end(nap)
    assert car.moved == [(HEAT, 60), (VOLUME, 8), (VOLUME, 30), (HEAT, 0)]
    assert car.runner.running == {}


async def test_a_scene_that_puts_nothing_back_is_over_at_once(car: Car) -> None:
    await car.run(scene((DOME, True)))
    assert car.runner.running == {}


async def test_what_somebody_changed_since_stays_theirs(car: Car) -> None:
    nap = scene((HEAT, 60), (VOLUME, 8), restore=True)
    await car.run(nap)
    car.signals[VOLUME] = 50
    await car.look()
    car.signals[VOLUME] = 8  # and changed it to the scene's own value, which is theirs too
    await car.look()
    await car.end(nap)
    assert (car.signals[VOLUME], car.signals[HEAT]) == (8, 0)


async def test_a_value_that_nobody_knows_is_left_alone(car: Car) -> None:
    nap = scene((HEAT, 60), (VOLUME, 8), restore=True)
    car.signals[HEAT] = None
    await car.run(nap)
    car.signals[VOLUME] = None
    await car.end(nap)
    assert car.moved == [(HEAT, 60), (VOLUME, 8)]


async def test_what_was_refused_is_not_put_back(car: Car) -> None:
    wash = scene((WINDOW, 100), restore=True)
    car.forbidden[WINDOW] = "some-rule"
    await car.run(wash)
    del car.forbidden[WINDOW]
    car.signals[WINDOW] = 100  # somebody opened it by hand meanwhile
    await car.end(wash)
    assert car.moved == []


async def test_a_part_that_is_still_on_its_way_goes_back_and_one_that_was_stopped_does_not(car: Car) -> None:
    air = scene((WINDOW, 100), restore=True)
    car.stuck.add(WINDOW)
    await car.run(air)
    car.signals[WINDOW] = 40
    await car.look()
    await car.end(air)
    assert car.moved[-1] == (WINDOW, 0)
    await car.run(air)
    car.wait(90)
    await car.look()
    await car.end(air)
    assert car.moved[-1] == (WINDOW, 100)


async def test_it_ends_by_itself_when_its_time_is_over(car: Car) -> None:
    await car.run(scene((HEAT, 60), restore=True, lasts_s=1200))
    car.wait(1199)
    await car.look()
    assert car.signals[HEAT] == 60
    car.wait(1)
    await car.look()
    assert car.signals[HEAT] == 0


async def test_it_starts_and_stays_only_while_what_it_needs_is_true(car: Car) -> None:
    pet = scene((HEAT, 60), restore=True, needs=PARKED)
    car.signals[STATE] = "MOVING"
    assert (await car.run(pet)).problem == "needs"
    car.signals[STATE] = None
    assert (await car.run(pet)).problem == "needs"
    assert car.moved == []
    car.signals[STATE] = "PARKED"
    await car.run(pet)
    car.signals[STATE] = None  # nobody knows: an animal that is in the car is not left in the heat for that
    await car.look()
    assert car.signals[HEAT] == 60
    car.signals[STATE] = "MOVING"  # a reading that came too late
    await car.look()
    car.signals[STATE] = "PARKED"
    car.wait(UNMET_S)
    await car.look()
    assert car.signals[HEAT] == 60
    car.signals[STATE] = "IDLING"
    await car.look()
    car.wait(UNMET_S)
    await car.look()
    assert car.signals[HEAT] == 0


async def test_what_the_car_undoes_by_itself_is_set_again_and_what_a_person_changes_is_not(car: Car) -> None:
    pet = scene((HEAT, 60), (VOLUME, 8), restore=True, keeps=True)
    await car.look()
    await car.run(pet)
    await car.look()
    car.signals |= {READY: False, HEAT: 0}
    await car.look()
    assert car.signals[HEAT] == 60
    car.wait(60)
    car.signals[VOLUME] = 20
    await car.look()
    await car.look()
    assert car.signals[VOLUME] == 20
    await car.end(pet)
    assert (car.signals[HEAT], car.signals[VOLUME]) == (0, 20)


async def test_what_this_car_lacks_is_left_out(car: Car) -> None:
    told = await car.run(scene(("Vehicle.Cabin.Sunroof.Shade.Position", 100), (DOME, True)))
    assert [d.path for d in told.deeds] == [DOME]
    assert (await car.run(scene(("Vehicle.Cabin.Sunroof.Shade.Position", 100)))).problem == "lacks"


async def test_it_runs_on_after_a_restart_and_ends_while_the_car_was_off(car: Car) -> None:
    await car.run(scene((HEAT, 60), restore=True, lasts_s=1200))
    car.restart(60)
    await car.look()
    assert car.signals[HEAT] == 60
    assert "s" in car.runner.running
    car.restart(3600)
    await car.look()
    assert car.signals[HEAT] == 0
    car.restart()
    assert car.runner.running == {}


@pytest.mark.parametrize("after", range(3))
@pytest.mark.parametrize("ends", [False, True])
async def test_a_power_cut_at_any_command_leaves_nothing_changed_for_ever(car: Car, after: int, ends: bool) -> None:
    nap = scene((HEAT, 60), (VOLUME, 8), (DOME, True), restore=True)
    if ends:
        await car.run(nap)
    car.cut_after = after
    with pytest.raises(PowerCut):
        await (car.end(nap) if ends else car.run(nap))
    car.cut_after = None
    car.restart()
    await car.look()
    await car.end(nap)
    assert (car.signals[HEAT], car.signals[VOLUME], car.signals[DOME]) == (0, 30, False)
    assert car.runner.running == {}


async def test_ending_stops_what_is_still_being_set(car: Car) -> None:
    nap = scene((HEAT, 60), (VOLUME, 8), restore=True)
    ask = car.actuate

    async def and_end(path: str, value: object) -> object:
        outcome = await ask(path, value)  # type: ignore[arg-type]
        if path == HEAT and value == 60:
            car.runner._stopping.add(nap.id)  # as `end` does while it waits for its turn
        return outcome

    car.runner._actuate = and_end  # type: ignore[assignment]
    told = await car.run(nap)
    assert [d.path for d in told.deeds] == [HEAT]


async def test_of_two_scenes_the_later_counts_and_both_are_told(car: Car) -> None:
    one, other = scene((HEAT, 60), id="a", restore=True), scene((HEAT, 20), id="b", restore=True)
    await car.run(one)
    assert [r.scene.id for r in car.runner.rivals(other)] == ["a"]
    await car.run(other)
    await car.end(one)
    assert car.signals[HEAT] == 20
    await car.end(other)
    assert car.signals[HEAT] == 0


A = scene((HEAT, 60), (VOLUME, 8), id="a", restore=True)
B = scene((HEAT, 20), (DOME, True), id="b", restore=True)
C = scene((VOLUME, 8), (HEAT, 40), id="c", restore=True)
STEPS = st.sampled_from(["run a", "run b", "run c", "end a", "end b", "end c", "look", "restart"])
PERSON = st.sampled_from(["volume 55", "heat 33"])


@settings(max_examples=120, deadline=None)
@given(st.lists(STEPS, max_size=14))
def test_when_all_have_ended_the_car_is_as_it_was(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> None:
    """However scenes begin, begin again and end across each other, over restarts."""
    import asyncio

    async def life() -> None:
        car = Car(tmp_path_factory.mktemp("car"))
        before = dict(car.signals)
        for step in [*steps, "end a", "end c", "end b"]:
            await one(car, step)
        assert car.signals == before
        car.store.close()

    asyncio.run(life())


@settings(max_examples=120, deadline=None)
@given(st.lists(STEPS, max_size=8), PERSON, st.lists(st.sampled_from(["end a", "end b", "end c", "look", "restart"])))
def test_what_a_person_set_last_stays(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str], wish: str, after: list[str]
) -> None:
    import asyncio

    async def life() -> None:
        car = Car(tmp_path_factory.mktemp("car"))
        for step in [*steps, "look"]:
            await one(car, step)
        path, value = (VOLUME, 55) if wish == "volume 55" else (HEAT, 33)
        car.signals[path] = value
        await car.look()
        for step in [*after, "end b", "end a", "end c"]:
            await one(car, step)
        assert car.signals[path] == value
        car.store.close()

    asyncio.run(life())


async def one(car: Car, step: str) -> None:
    if step == "restart":
        car.restart()
    elif step == "look":
        await car.look()
    else:
        verb, name = step.split()
        which = {"a": A, "b": B, "c": C}[name]
        await (car.run(which) if verb == "run" else car.end(which))
