"""Timers and automations: once, every time, in time, and over restarts."""

from datetime import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.assistant.memory.automations import MOST_AUTOMATIONS, Automation, AutomationError, Automations, Happened
from alpenglow.assistant.memory.facts import Facts
from alpenglow.fabric.store import Store
from alpenglow.signals.actions import Action
from alpenglow.signals.conditions import LATE_S, After, All, Arrives, At, Compare, Condition, Place
from tests.assistant.memory.car import CATALOGUE, HEAT, RAIN, ROOF, Car

CLOSE = Action(path=ROOF, value="ONE_SHOT_CLOSE")
SEAT = Action(path=HEAT, value=60)
RAINS = Compare(path=RAIN, op=">", value=0)


class Memory:
    """A car's memory, which can be switched off and on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.car = Car()
        self.on()

    def on(self) -> None:
        self.store = Store(self.folder, "memory")
        self.facts = Facts(self.store)
        self.automations = Automations(self.store, CATALOGUE, self.facts)

    def restart(self, off_s: float) -> None:
        self.store.close()
        self.car.wait(seconds=off_s)
        self.on()

    def step(self) -> Happened:
        return self.automations.step(self.car.read, self.car.now, ["kim"])

    def pass_(self, seconds: int) -> list[Automation]:
        fired: list[Automation] = []
        for _ in range(seconds):
            fired += self.step().fired
            self.car.wait(seconds=1)
        return fired

    def add(self, when: Condition, **more: object) -> Automation:
        return self.automations.add("kim", when=when, actions=[CLOSE], said="later", now=self.car.now, **more)  # type: ignore[arg-type]


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path)


@pytest.mark.parametrize(
    ("actions", "says"),
    [
        ([], "1 to 30"),
        ([Action(path="Vehicle.Cabin.Sunrof.Switch", value="OPEN")], "did you mean"),
        ([Action(path="Vehicle.Speed", value=300.0)], "only be read"),
        ([Action(path=HEAT, value=101)], "-100 to 100"),
        ([Action(path=ROOF, value="AJAR")], "TILT_UP"),
        ([SEAT, SEAT], "twice"),
    ],
)
def test_what_the_car_cannot_do_is_refused_and_nothing_is_kept(
    memory: Memory, actions: list[Action], says: str
) -> None:
    with pytest.raises(AutomationError, match=says):
        memory.automations.add("kim", when=RAINS, actions=actions, said="", now=memory.car.now)
    assert memory.automations.all("kim") == []


def test_timers_are_bounded(memory: Memory) -> None:
    for _ in range(MOST_AUTOMATIONS):
        memory.add(After(seconds=60))
    with pytest.raises(AutomationError, match="cancel one"):
        memory.add(After(seconds=60))


def test_a_delay_comes_once_and_a_moment_does_not_last(memory: Memory) -> None:
    with pytest.raises(AutomationError, match="once"):
        memory.add(After(seconds=60), once=False)
    with pytest.raises(AutomationError, match="moment"):
        memory.add(At(time=time(7)), hold_s=5.0)


def test_a_timer_survives_a_restart_and_happens_once(memory: Memory) -> None:
    timer = memory.add(After(seconds=600))
    memory.pass_(60)
    memory.restart(off_s=500)
    assert [t.id for t in memory.automations.all("kim")] == [timer.id]
    assert memory.pass_(30) == []
    fired = memory.pass_(60)
    assert [(f.id, f.actions) for f in fired] == [(timer.id, (CLOSE,))]
    assert memory.automations.all("kim") == []
    memory.restart(off_s=0)
    assert memory.pass_(60) == []


def test_a_timer_is_off_the_list_before_its_settings_begin(memory: Memory) -> None:
    memory.add(After(seconds=1))
    memory.step()
    memory.car.wait(seconds=2)
    assert memory.step().fired
    memory.restart(off_s=1)  # power cut while the settings were made
    assert memory.step() == Happened()


def test_what_was_due_long_ago_is_reported_as_missed_and_gone(memory: Memory) -> None:
    timer = memory.add(After(seconds=600))
    memory.restart(off_s=600 + 121)
    step = memory.step()
    assert step.fired == ()
    assert [m.id for m in step.missed] == [timer.id]
    assert memory.automations.all("kim") == []
    assert memory.step() == Happened()


def test_arriving_home_opens_once_and_needs_a_home(memory: Memory) -> None:
    with pytest.raises(AutomationError, match="where 'home' is"):
        memory.add(Arrives(place="home"))
    memory.facts.remember_place("kim", "home", Place(latitude=48.1, longitude=11.5), "this is home", memory.car.now)
    memory.car.at(48.2, 11.5)
    automation = memory.add(Arrives(place="home"))
    memory.pass_(3)
    memory.restart(off_s=3600)
    memory.car.at(48.1, 11.5)
    assert [f.id for f in memory.pass_(60)] == [automation.id]


def test_what_never_comes_expires_after_a_day(memory: Memory) -> None:
    automation = memory.add(RAINS)
    memory.car.signals[RAIN] = 0
    memory.step()
    memory.car.wait(hours=23, minutes=59)
    assert memory.step() == Happened()
    memory.car.wait(minutes=2)
    assert [e.id for e in memory.step().expired] == [automation.id]
    assert memory.automations.all("kim") == []


def test_a_day_named_next_week_does_not_expire_before_it_comes(memory: Memory) -> None:
    automation = memory.add(At(time=time(9), days=("sat",)))
    due = memory.automations.due(automation, memory.car.now)
    assert due is not None
    assert (due.strftime("%a %H:%M"), (due - memory.car.now).days) == ("Sat 09:00", 5)
    memory.restart(off_s=(due - memory.car.now).total_seconds() - 10)
    assert [f.id for f in memory.pass_(20)] == [automation.id]


def test_a_cancelled_timer_does_not_happen(memory: Memory) -> None:
    timer = memory.add(After(seconds=10))
    memory.pass_(5)
    assert memory.automations.cancel("kim", timer.id)
    assert not memory.automations.cancel("kim", timer.id)
    assert memory.pass_(60) == []


def test_erasing_a_profile_ends_what_it_waited_for(memory: Memory) -> None:
    memory.add(After(seconds=10))
    memory.car.signals[RAIN] = 0
    memory.pass_(5)
    memory.store.erase("kim")
    memory.car.signals[RAIN] = 40
    assert memory.pass_(60) == []
    assert memory.store.profiles() == []


def test_every_time_means_every_time_also_after_a_restart(memory: Memory) -> None:
    memory.add(RAINS, once=False)
    happened = 0
    for rain in [0, 40, 40, 0, 40]:
        memory.car.signals[RAIN] = rain
        happened += len(memory.pass_(40))
        memory.restart(off_s=1)
    assert happened == 2


def test_a_person_who_is_not_in_the_car_moves_nothing(memory: Memory) -> None:
    memory.add(After(seconds=10))
    memory.step()
    memory.car.wait(seconds=11)
    assert memory.automations.step(memory.car.read, memory.car.now, ["alex"]) == Happened()
    assert len(memory.step().fired) == 1


def test_a_condition_that_this_car_does_not_know_is_left_alone(memory: Memory) -> None:
    strange = msgspec.structs.replace(memory.add(RAINS), when=Compare(path="Vehicle.Wings.Flap", op=">", value=0))
    memory.store.put("kim", "automation", strange.id, strange, memory.car.now)
    assert memory.pass_(10) == []
    assert [a.id for a in memory.automations.all("kim")] == [strange.id]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 400), st.booleans(), st.sampled_from([0, 40, None])), min_size=1, max_size=15),
    st.integers(1, 1500),
)
def test_a_timer_happens_once_in_time_or_is_reported_once(
    tmp_path_factory: pytest.TempPathFactory, life: list[tuple[int, bool, int | None]], delay: int
) -> None:
    """Whatever the car is doing: off for a while, on for a while, in the rain or not."""
    memory = Memory(tmp_path_factory.mktemp("memory"))
    timer = memory.add(After(seconds=delay))
    rainy = memory.add(RAINS)
    due = memory.car.now.timestamp() + delay
    fired: list[str] = []
    ended: list[str] = []
    for seconds, off, rain in [*life, (10, False, 0)]:
        memory.car.signals[RAIN] = rain
        if off:
            memory.restart(off_s=seconds)
            continue
        for _ in range(0, seconds, 10):
            step = memory.step()
            for item in step.fired:
                fired.append(item.id)
                late = memory.car.now.timestamp() - due
                assert 0 <= late <= LATE_S if item.id == timer.id else memory.car.signals[RAIN] == 40
            ended += [item.id for item in (*step.missed, *step.expired)]
            memory.car.wait(seconds=10)
    waiting = [item.id for item in memory.automations.all("kim")]
    assert sorted(fired + ended + waiting) == sorted([timer.id, rainy.id])
    assert timer.id not in waiting or memory.car.now.timestamp() <= due + 10
    memory.store.close()


def test_a_timer_that_also_asks_for_rain_does_nothing_in_the_dry(memory: Memory) -> None:
    memory.add(All(of=(After(seconds=10), RAINS)))
    memory.car.signals[RAIN] = 0
    assert memory.pass_(300) == []
    assert memory.automations.all("kim") == []
