"""What people have the car keep: planned, proposed, listed and erased, for each profile of its own."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alpenglow.assistant import household as module
from alpenglow.assistant.household import CannotKeep, Household
from alpenglow.assistant.language.conditions import OnArrival, OnSignal
from alpenglow.assistant.language.timing import When
from alpenglow.cockpit.api import ShownScene
from alpenglow.signals import Value
from alpenglow.signals.actions import Action
from alpenglow.signals.conditions import Compare, Near, Place

from .permitted import world

WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"


@pytest.fixture
def household(tmp_path: Path) -> Household:
    return Household(tmp_path, world().catalogue)


def says(path: str, value: Value) -> str:
    return f"{path.rpartition('.')[2]} {value}"


def nowhere(_path: str) -> None:
    return None


CLOSE = [Action(path=WINDOW, value=0)]


def test_a_timer_falls_due_once(household: Household) -> None:
    household.later("owner", When("at once", after_s=0.001), CLOSE, "close it at once")
    time.sleep(0.05)
    due = household.due(nowhere, ["owner"])
    assert [(item.said, list(item.actions)) for item in due] == [("close it at once", CLOSE)]
    assert household.due(nowhere, ["owner"]) == []


def test_a_timer_outlives_the_process(household: Household, tmp_path: Path) -> None:
    household.later("owner", When("in an hour", after_s=3600.0), CLOSE, "in an hour")
    again = Household(tmp_path, world().catalogue)
    assert [t.said for t in again.timers("owner", says)] == ["in an hour"]


def test_what_was_not_understood_is_not_planned(household: Household) -> None:
    with pytest.raises(CannotKeep, match="blue moon"):
        household.later("owner", When(understood=False, said="once in a blue moon"), CLOSE, "…")
    assert household.timers("owner", says) == []


def test_an_action_that_the_car_cannot_do_is_not_kept(household: Household) -> None:
    for action in (Action(path="Vehicle.Speed", value=0.0), Action(path=WINDOW, value=400), Action(path="X", value=1)):
        with pytest.raises(CannotKeep):
            household.draft("owner", "bad", None, [action], "…")
    assert household.timers("owner", says) == []


def test_a_draft_has_a_name_that_is_free_and_its_condition(household: Household) -> None:
    rain = When("when it rains", conditions=(OnSignal("Vehicle.Body.Raindetection.Intensity", ">", 0),))
    draft = household.draft("owner", "Windows", rain, CLOSE, "my rain scene")
    assert (draft.name, draft.when_said, draft.actions) == ("Windows", "when it rains", tuple(CLOSE))
    assert isinstance(draft.when, Compare)
    known = [ShownScene(scene=draft, preset=False, called=("Windows",), runs=False)]
    assert household.draft("owner", "windows", None, CLOSE, "another", known).name == "windows 2"


def test_a_draft_for_a_place_knows_where_it_is(household: Household) -> None:
    home = When("when we get home", conditions=(OnArrival("home"),))
    with pytest.raises(CannotKeep, match="where 'home' is"):
        household.draft("owner", "Home", home, CLOSE, "…")
    here = {"Vehicle.CurrentLocation.Latitude": 48.1, "Vehicle.CurrentLocation.Longitude": 11.5}
    household.remember_place("owner", "home", here.get, "this is home")
    draft = household.draft("owner", "Home", home, CLOSE, "…")
    assert draft.when == Near(place=Place(latitude=48.1, longitude=11.5), name="home")


def test_a_delay_makes_a_timer_and_no_scene(household: Household) -> None:
    with pytest.raises(CannotKeep, match="timer"):
        household.draft("owner", "Soon", When("in a minute", after_s=60.0), CLOSE, "…")


def test_a_timer_is_dropped(household: Household) -> None:
    timer = household.later("owner", When("in an hour", after_s=3600.0), CLOSE, "in an hour")
    assert household.timers("owner", says)[0].actions[0].says == "Position 0"
    household.drop_timer("owner", timer.id)
    assert household.timers("owner", says) == []


def test_each_profile_has_its_own(household: Household) -> None:
    household.remember("owner", "name", "Kim", "call me Kim")
    household.remember("guest", "name", "Alex", "call me Alex")
    assert household.forget("owner", "") == 1
    assert household.memories("owner", "en") == []
    assert len(household.memories("guest", "en")) == 1


def test_one_memory_is_erased_by_its_name(household: Household) -> None:
    household.remember("owner", "name", "Kim", "call me Kim")
    household.remember("owner", "", "the spare key hangs in the shed", "remember that …")
    first, second = household.memories("owner", "en")
    assert household.forget("owner", first.id) == 1
    assert [m.id for m in household.memories("owner", "en")] == [second.id]
    assert household.forget("owner", "fact/no such thing") == 0


def test_a_place_is_kept_only_where_the_car_knows_where_it_is(household: Household) -> None:
    with pytest.raises(CannotKeep, match="where it is"):
        household.remember_place("owner", "home", nowhere, "this is home")
    here = {"Vehicle.CurrentLocation.Latitude": 48.1, "Vehicle.CurrentLocation.Longitude": 11.5}
    household.remember_place("owner", "home", here.get, "this is home")
    assert len(household.memories("owner", "en")) == 1


def test_an_offer_that_is_gone_cannot_be_taken(household: Household) -> None:
    with pytest.raises(CannotKeep, match="no longer"):
        household.answer("owner", "no-such-offer", accept=True)


def test_what_is_proposed_moves_only_when_it_is_taken(household: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rain and an open roof: an offer with its reason; taking it gives the actions, waving it away gives none."""
    clock = datetime(2026, 5, 4, 12, tzinfo=UTC)

    def tick() -> datetime:
        nonlocal clock
        clock += timedelta(seconds=1)
        return clock

    monkeypatch.setattr(module, "now", tick)
    state: dict[str, Value] = {
        "Vehicle.Body.Raindetection.Intensity": 0,
        "Vehicle.Cabin.Sunroof.Position": 80,
        "Vehicle.Speed": 0.0,
        "Vehicle.Alpenglow.DrivingState": "PARKED",
    }
    for _ in range(60):
        household.look("owner", state.get)
    assert household.offered("en", says) == []
    state["Vehicle.Body.Raindetection.Intensity"] = 60
    for _ in range(60):
        household.look("owner", state.get)
    (offer,) = household.offered("de", says)
    assert offer.says == "Es regnet, und das Schiebedach ist offen. Soll ich es schließen?"
    taken = household.answer("owner", offer.id, accept=True)
    assert [(a.path, a.value) for a in taken] == [("Vehicle.Cabin.Sunroof.Switch", "CLOSE")]
    assert household.offered("en", says) == []
    with pytest.raises(CannotKeep):
        household.answer("owner", offer.id, accept=False)
