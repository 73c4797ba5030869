"""What people have the car keep: planned, proposed, listed and erased, for each profile of its own."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alpenglow.assistant import household as module
from alpenglow.assistant.household import CannotKeep, Household
from alpenglow.assistant.language.timing import When
from alpenglow.assistant.memory import Action
from alpenglow.signals import Value

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
    assert [s.said for s in again.scene_list("owner", says)] == ["in an hour"]


def test_what_was_not_understood_is_not_planned(household: Household) -> None:
    with pytest.raises(CannotKeep, match="blue moon"):
        household.later("owner", When(understood=False, said="once in a blue moon"), CLOSE, "…")
    assert household.scene_list("owner", says) == []


def test_an_action_that_the_car_cannot_do_is_not_kept(household: Household) -> None:
    for action in (Action(path="Vehicle.Speed", value=0.0), Action(path=WINDOW, value=400), Action(path="X", value=1)):
        with pytest.raises(CannotKeep):
            household.draft("owner", "bad", None, [action], "…")
    assert household.scene_list("owner", says) == []


def test_a_draft_is_changed_and_kept_and_dropped(household: Household) -> None:
    draft = household.draft("owner", "rain", None, CLOSE, "my rain scene")
    (shown,) = household.scene_list("owner", says)
    assert (shown.id, shown.kept) == (draft.id, False)
    kept = household.keep("owner", shown, says)
    assert kept.kept
    assert kept.actions[0].says == "Position 0"
    household.drop("owner", kept.id)
    assert household.scene_list("owner", says) == []
    with pytest.raises(CannotKeep):
        household.keep("owner", shown, says)


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
