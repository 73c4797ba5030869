"""A turn from the words to the car: what is done, undone, corrected, planned and said."""

import asyncio
from pathlib import Path

import pytest

from alpenglow.assistant.conversation import Conversation
from alpenglow.assistant.household import Household
from alpenglow.signals.actions import Action
from alpenglow.signals.conditions import Compare

from .permitted import world

WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
TEMPERATURE = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"


def test_what_was_done_is_told_with_what_it_was_before() -> None:
    async def run() -> None:
        car = world().car("30 km/h")
        answer = await world().assistant(car).ask("Set the temperature to 23 degrees.", "driver", Conversation())
        assert [(d.path, d.before, d.value, d.state) for d in answer.did] == [(TEMPERATURE, 21.0, 23, "confirmed")]
        assert "23" in answer.reply
        assert answer.can_undo
        assert answer.egress_bytes == 0

    asyncio.run(run())


def test_undo_and_undo_again() -> None:
    async def run() -> None:
        car = world().car("30 km/h")
        assistant, talk = world().assistant(car), Conversation()
        assert not (await assistant.undo(talk)).did
        await assistant.ask("Open my window.", "driver", talk)
        assert car.read(WINDOW) == 100
        await assistant.undo(talk)
        assert car.read(WINDOW) == 0
        await assistant.undo(talk)  # what was undone is a deed like others
        assert car.read(WINDOW) == 100

    asyncio.run(run())


def test_an_undo_goes_through_the_door_as_it_is_now() -> None:
    async def run() -> None:
        folded = "Vehicle.Body.Mirrors.DriverSide.IsFolded"
        car = world().car("parked", {folded: True, folded.replace("Driver", "Passenger"): True})
        assistant, talk = world().assistant(car), Conversation()
        await assistant.ask("Unfold the mirrors.", "driver", talk)
        assert car.read(folded) is False
        car.becomes("Vehicle.Speed", 50.0)
        answer = await assistant.undo(talk)
        assert answer.refused
        assert "mirrors stay unfolded" in answer.reply
        assert car.read(folded) is False

    asyncio.run(run())


def test_of_two_wishes_the_one_that_may_be_done_is_done() -> None:
    async def run() -> None:
        car = world().car("130 km/h")
        said = "Set the temperature to 23 degrees and open the boot."
        answer = await world().assistant(car).ask(said, "driver", Conversation())
        assert car.set == {TEMPERATURE: 23}
        assert answer.refused
        assert "boot stays shut" in answer.reply

    asyncio.run(run())


@pytest.mark.parametrize(
    ("said", "language"), [("Warmer, please.", "en"), ("Etwas wärmer, bitte.", "de"), ("调高一点温度。", "zh")]
)
def test_it_answers_in_the_language_that_it_was_spoken_to(said: str, language: str) -> None:
    async def run() -> None:
        car = world().car("30 km/h")
        answer = await world().assistant(car).ask(said, "driver", Conversation())
        assert answer.language == language
        assert car.set[TEMPERATURE] > 21  # type: ignore[operator]

    asyncio.run(run())


def test_a_scene_is_a_draft_and_moves_nothing(tmp_path: Path) -> None:
    async def run() -> None:
        car = world().car("parked")
        household = Household(tmp_path, world().catalogue)
        assistant = world().assistant(car, household=household)
        answer = await assistant.ask("Make a scene: when it rains, close my window.", "driver", Conversation())
        assert answer.scene is not None
        assert answer.scene.when == Compare(path="Vehicle.Body.Raindetection.Intensity", op=">", value=0)
        assert [(a.path, a.value) for a in answer.scene.actions] == [(WINDOW, 0)]
        assert car.set == {}

    asyncio.run(run())


@pytest.mark.parametrize(
    "said", ["When it rains, close my window.", "Wenn es regnet, mach mein Fenster zu.", "下雨的时候关上我的车窗。"]
)
def test_what_is_for_later_moves_nothing_now(said: str, tmp_path: Path) -> None:
    async def run() -> None:
        car = world().car("30 km/h", {WINDOW: 50})
        household = Household(tmp_path, world().catalogue)
        answer = await world().assistant(car, household=household).ask(said, "driver", Conversation())
        assert not answer.did
        assert car.set == {}
        (timer,) = household.automations.all("owner")
        assert [(a.path, a.value) for a in timer.actions] == [(WINDOW, 0)]

    asyncio.run(run())


def test_a_timer_for_what_opens_the_car_is_asked_about_when_it_is_made(tmp_path: Path) -> None:
    async def run() -> None:
        car = world().car("parked")
        household = Household(tmp_path, world().catalogue)
        assistant, talk = world().assistant(car, household=household), Conversation()
        assert (await assistant.ask("In ten minutes open the boot.", "driver", talk)).asked
        assert household.automations.all("owner") == []
        await assistant.ask("Yes.", "driver", talk)
        assert len(household.automations.all("owner")) == 1
        assert not (await assistant.ask("In ten minutes open my window.", "driver", talk)).asked
        assert len(household.automations.all("owner")) == 2
        assert car.set == {}

    asyncio.run(run())


def test_all_is_forgotten_after_a_yes_alone(tmp_path: Path) -> None:
    async def run() -> None:
        household = Household(tmp_path, world().catalogue)
        assistant, talk = world().assistant(world().car("parked"), household=household), Conversation()
        await assistant.ask("Call me Kim.", "driver", talk)
        assert len(household.memories("owner", "en")) == 1
        for said, left in (("No.", 1), ("Warmer.", 1), ("Yes.", 0)):
            assert (await assistant.ask("Forget everything.", "driver", talk)).asked
            await assistant.ask(said, "driver", talk)
            assert len([m for m in household.memories("owner", "en") if m.kind == "fact"]) == left, said

    asyncio.run(run())


def test_a_scene_that_is_run_can_be_undone_and_meets_the_door(tmp_path: Path) -> None:
    async def run() -> None:
        car = world().car("30 km/h")
        assistant, talk = world().assistant(car), Conversation()
        actions = [Action(path=WINDOW, value=40), Action(path="Vehicle.Body.Trunk.Rear.IsOpen", value=True)]
        answer = await assistant.run(actions, "owner", talk, "my scene")
        assert car.set == {WINDOW: 40}
        assert answer.refused
        await assistant.undo(talk)
        assert car.read(WINDOW) == 0

    asyncio.run(run())


def test_without_a_memory_it_says_so() -> None:
    async def run() -> None:
        answer = await world().assistant(world().car("parked")).ask("Call me Kim.", "driver", Conversation())
        assert "memory" in answer.reply

    asyncio.run(run())
