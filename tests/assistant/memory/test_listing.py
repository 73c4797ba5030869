"""A person sees all that is remembered of them, and can take each line off the list."""

from datetime import timedelta
from pathlib import Path

from alpenglow.assistant.memory.automations import Automations
from alpenglow.assistant.memory.facts import Facts
from alpenglow.assistant.memory.habits import Habits
from alpenglow.assistant.memory.listing import forget, listed
from alpenglow.assistant.memory.proactive import Proactive
from alpenglow.assistant.memory.rules import load_rules
from alpenglow.assistant.memory.words import LANGUAGES
from alpenglow.fabric.store import Store
from alpenglow.signals.actions import Action
from alpenglow.signals.conditions import After
from tests.assistant.memory.car import CATALOGUE, HEAT, MONDAY, Car


def a_life(store: Store) -> Habits:
    """A bit of everything that can be remembered."""
    car, facts, habits = Car(), Facts(store), Habits(store, CATALOGUE)
    facts.remember("kim", "name", "Kim", "call me Kim", MONDAY)
    warm = [Action(path=HEAT, value=60)]
    Automations(store, CATALOGUE, facts).add("kim", when=After(seconds=600), actions=warm, said="soon", now=MONDAY)
    for day in range(4):
        car.now = MONDAY + timedelta(days=day)
        for offer in habits.suggest("kim", car.read, car.now):
            habits.dismiss("kim", offer.id, car.now)
        habits.made("kim", HEAT, 60, car.read, car.now)
    Proactive(load_rules(CATALOGUE), store, facts, MONDAY).dismiss("kim", "frost", MONDAY)
    return habits


def test_every_kind_is_listed_in_every_language(tmp_path: Path) -> None:
    store = Store(tmp_path, "memory")
    lines = listed(store, a_life(store), "kim")
    assert {line.id.partition("/")[0] for line in lines} == {
        "fact",
        "timer",
        "habit",
        "refused",
        "occasions",
        "nudge",
    }
    english = "\n".join(line.text["en"] for line in lines)
    assert "You are called Kim (you said: “call me Kim”)" in english
    assert "You set the driver's seat heating, mostly to 60 % (days so far: 4)" in english
    assert all(set(line.text) == set(LANGUAGES) for line in lines)


def test_each_line_can_be_taken_off_and_nothing_else_goes_with_it(tmp_path: Path) -> None:
    store = Store(tmp_path, "memory")
    habits = a_life(store)
    lines = {line.id for line in listed(store, habits, "kim")}
    for line in sorted(lines):
        assert forget(store, habits, "kim", line) > 0
        lines.remove(line)
        assert {left.id for left in listed(store, habits, "kim")} == lines
    assert store.profiles() == []


def test_all_can_be_forgotten_at_once_and_an_unknown_line_forgets_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path, "memory")
    habits = a_life(store)
    before = store.everything("kim")
    for line in ["nothing/such", "fact/none", "x", "habit/none"]:
        assert forget(store, habits, "kim", line) == 0
    assert store.everything("kim") == before
    assert forget(store, habits, "kim") > 5
    assert listed(store, habits, "kim") == []


def test_a_forgotten_habit_is_gone_from_the_file(tmp_path: Path) -> None:
    store = Store(tmp_path, "memory")
    habits = a_life(store)
    for line in [line.id for line in listed(store, habits, "kim") if line.kind != "event"]:
        forget(store, habits, "kim", line)
    assert HEAT.encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
