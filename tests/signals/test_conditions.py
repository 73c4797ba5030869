"""Something is set off when its condition becomes true: not while it stays so, not twice, and never late."""

from datetime import datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.signals.conditions import (
    LATE_S,
    After,
    All,
    Any,
    Arrives,
    At,
    Compare,
    Condition,
    ConditionError,
    Look,
    Not,
    Place,
    check,
    truth,
)
from alpenglow.signals.evaluator import REST_S, UNKNOWN_S, Evaluator, Step, Watch
from tests.assistant.memory.car import CATALOGUE, MONDAY, RAIN, SOC, STATE, Car

HOME = Place(latitude=48.1, longitude=11.5, radius_m=150)
RAINS = Compare(path=RAIN, op=">", value=0)
NIGHT = timedelta(hours=9)


class Watching:
    """One watch in one car, looked at every second."""

    def __init__(self, car: Car, when: Condition, **facts: object) -> None:
        self.car = car
        self.evaluator = Evaluator(lambda _: {"home": HOME})
        self.evaluator.watch([msgspec.structs.replace(blank(when, car.now), **facts)])
        self.steps: list[Step] = []

    def pass_(self, seconds: float, every: float = 1.0) -> list[float]:
        """Let time pass; when (s from the beginning of this wait) it fired."""
        fired = []
        for second in range(int(seconds / every)):
            step = self.evaluator.step(self.car.read, self.car.now)
            self.steps.append(step)
            if step.fired:
                fired.append(second * every)
            self.car.wait(seconds=every)
        return fired


def blank(when: Condition, made: datetime) -> Watch:
    return Watch(id="w", profile="kim", when=when, made=made)


def test_it_fires_when_it_begins_to_rain_and_not_again_while_it_rains() -> None:
    car = Car()
    watching = Watching(car, RAINS)
    car.signals[RAIN] = 0
    assert watching.pass_(60) == []
    car.signals[RAIN] = 40
    assert watching.pass_(600) == [0]
    car.signals[RAIN] = 0
    assert watching.pass_(60) == []
    car.signals[RAIN] = 10
    assert watching.pass_(60) == [0]


def test_rain_that_fell_when_it_was_said_is_not_the_rain_that_was_meant() -> None:
    car = Car()
    car.signals[RAIN] = 30
    assert Watching(car, RAINS).pass_(600) == []


def test_a_sensor_that_drops_out_for_a_moment_sets_nothing_off_when_it_comes_back() -> None:
    car = Car()
    watching = Watching(car, RAINS)
    car.signals[RAIN] = 0
    watching.pass_(5)
    car.signals[RAIN] = 40
    assert watching.pass_(60) == [0]
    car.signals[RAIN] = None
    assert watching.pass_(UNKNOWN_S - 5) == []
    car.signals[RAIN] = 40
    assert watching.pass_(60) == []


def test_nothing_is_set_off_by_what_is_not_known() -> None:
    assert Watching(Car(), RAINS).pass_(600) == []
    assert Watching(Car(), Not(of=RAINS)).pass_(600) == []


def test_a_value_on_the_edge_fires_once_with_a_margin_and_rarely_without() -> None:
    car = Car()
    low = Watching(car, Compare(path=SOC, op="<", value=20, margin=2))
    sharp = Watching(car, Compare(path=SOC, op="<", value=20))
    fired: dict[str, int] = {"low": 0, "sharp": 0}
    for second in range(120):
        car.signals[SOC] = 20.5 if second % 2 == 0 else 19.5
        fired["low"] += len(low.evaluator.step(car.read, car.now).fired)
        fired["sharp"] += len(sharp.evaluator.step(car.read, car.now).fired)
        car.wait(seconds=1)
    assert fired["low"] == 1
    assert 1 < fired["sharp"] <= 120 / REST_S + 1


def test_a_hold_time_needs_the_condition_all_the_while() -> None:
    car = Car()
    watching = Watching(car, Compare(path=STATE, op="==", value="PARKED"), hold_s=300.0)
    car.signals[STATE] = "MOVING"
    watching.pass_(10)
    car.signals[STATE] = "PARKED"
    assert watching.pass_(200) == []
    car.signals[STATE] = "MOVING"
    watching.pass_(1)
    car.signals[STATE] = "PARKED"
    assert watching.pass_(600) == [300]


def test_in_ten_minutes_is_in_ten_minutes_and_once() -> None:
    watching = Watching(Car(), After(seconds=600), once=True)
    assert watching.pass_(3600) == [600]


def test_a_time_of_day_comes_every_day_or_on_the_days_that_were_named() -> None:
    car = Car()  # Monday, 7:30
    daily = Watching(car, At(time=time(7, 45)))
    assert daily.pass_(3 * 86_400, every=30) == [900, 900 + 86_400, 900 + 2 * 86_400]
    car = Car()
    weekend = Watching(car, At(time=time(7, 45), days=("sat", "sun")))
    assert weekend.pass_(7 * 86_400, every=30) == [900 + 5 * 86_400, 900 + 6 * 86_400]


def test_a_time_of_day_is_the_clock_on_the_wall_when_summer_time_ends() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    car = Car(now=datetime(2026, 10, 24, 12, 0, tzinfo=berlin))
    watching = Watching(car, At(time=time(7, 0), days=("sun",)), once=True)
    assert watching.pass_(86_400, every=60) == [20 * 3600]  # 19 hours on the clock, one of them twice
    assert car.now.date().isoformat() == "2026-10-25"


def test_a_time_of_day_with_a_condition_looks_at_it_only_then() -> None:
    car = Car()
    car.signals[RAIN] = 40
    watching = Watching(car, All(of=(At(time=time(7, 45)), RAINS)))
    assert watching.pass_(1800) == [900]
    car = Car()
    car.signals[RAIN] = 0
    assert Watching(car, All(of=(At(time=time(7, 45)), RAINS))).pass_(1800) == []


def test_arriving_home_means_having_been_away() -> None:
    car = Car()
    watching = Watching(car, Arrives(place="home"), once=True)
    car.at(48.1, 11.5)
    assert watching.pass_(120) == []
    car.at(48.1018, 11.5)  # 200 m: within half as much again as the radius, GNSS wanders that far
    assert watching.pass_(120) == []
    car.at(48.2, 11.5)
    assert watching.pass_(120) == []
    car.at(48.1005, 11.5)
    assert watching.pass_(120) == [0]


def test_a_place_that_nobody_named_is_never_reached() -> None:
    car = Car()
    watching = Watching(car, Arrives(place="the moon"))
    car.at(48.2, 11.5)
    watching.pass_(100)
    car.at(48.1, 11.5)
    assert watching.pass_(100) == []


@pytest.mark.parametrize("when", [After(seconds=600), All(of=(After(seconds=600), RAINS))])
def test_what_was_due_while_the_car_was_off_is_reported_and_not_done(when: Condition) -> None:
    car = Car()
    car.signals[RAIN] = 40
    made = car.now
    car.wait(seconds=600 + LATE_S + 1)
    watching = Watching(car, when, once=True, made=made)
    assert watching.pass_(600) == []
    assert watching.steps[0].missed == ("w",)


def test_what_was_due_a_minute_ago_is_done() -> None:
    car = Car()
    made = car.now
    car.wait(seconds=660)
    assert Watching(car, After(seconds=600), once=True, made=made).pass_(600) == [0]


def test_a_time_just_before_midnight_is_still_in_time_just_after() -> None:
    car = Car(now=MONDAY.replace(hour=0, minute=0, second=30))
    late = Watching(car, At(time=time(23, 59)), made=car.now - NIGHT)
    assert late.pass_(600) == [0]


def test_a_moment_that_came_without_its_condition_has_expired() -> None:
    car = Car()
    car.signals[RAIN] = 0
    watching = Watching(car, All(of=(After(seconds=60), RAINS)), once=True)
    assert watching.pass_(600) == []
    assert [s.expired for s in watching.steps if s.expired] == [("w",)]


def test_what_has_already_happened_this_minute_does_not_happen_again_after_a_restart() -> None:
    car = Car()
    watching = Watching(car, At(time=time(7, 30)))
    assert watching.pass_(10) == [0]
    again = Watching(car, At(time=time(7, 30)), fired=car.now - timedelta(seconds=10), made=MONDAY - NIGHT)
    assert again.pass_(600) == []


def test_rain_that_began_while_the_car_was_off_counts_once_it_is_on() -> None:
    car = Car()
    car.signals[RAIN] = 40
    assert Watching(car, RAINS, armed=True).pass_(60) == [0]
    assert Watching(car, RAINS, armed=False).pass_(60) == []


def test_a_clock_that_is_set_back_sets_nothing_off_twice() -> None:
    car = Car()
    watching = Watching(car, At(time=time(7, 31)), once=False)
    assert watching.pass_(120) == [60]
    car.wait(seconds=-100)
    assert watching.pass_(300) == []


def test_only_the_people_in_the_car_are_looked_at() -> None:
    car = Car()
    watching = Watching(car, RAINS, armed=True)
    car.signals[RAIN] = 40
    assert watching.evaluator.step(car.read, car.now, ["alex"]).fired == ()
    assert watching.evaluator.step(car.read, car.now, ["alex", "kim"]).fired == ("w",)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (Compare(path="Vehicle.Sped", op=">", value=1), "did you mean Vehicle.Speed"),
        (Compare(path="Vehicle.Speed", op=">", value="fast"), "is a number"),
        (Compare(path="Vehicle.Speed", op=">", value=True), "is a number"),
        (Compare(path="Vehicle.Speed", op=">", value=float("nan")), "is a number"),
        (Compare(path="Vehicle.Speed", op=">", value=10**400), "is a number"),
        (Compare(path="Vehicle.Speed", op=">", value=1, margin=-1), "margin"),
        (Compare(path="Vehicle.Speed", op=">", value=1, margin=float("nan")), "margin"),
        (After(seconds=float("nan")), "delay"),
        (Arrives(place="\ud800"), "printable"),
        (Compare(path=STATE, op="==", value="FLYING"), "PARKED, IDLING, MOVING"),
        (Compare(path=STATE, op=">", value="PARKED"), "no order"),
        (Compare(path="Vehicle.IsMoving", op="==", value=1), "true or false"),
        (After(seconds=0), "delay"),
        (After(seconds=8 * 86_400), "seven days"),
        (Arrives(place=" "), "name"),
        (All(of=()), "at least one"),
        (Any(of=(RAINS,) * 17), "16 parts"),
        (Not(of=Not(of=Not(of=Not(of=Not(of=RAINS))))), "nested"),
        (At(time=time(7, tzinfo=ZoneInfo("UTC"))), "local time"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_reason(wrong: Condition, says: str) -> None:
    with pytest.raises(ConditionError, match=says):
        check(wrong, CATALOGUE)


def test_a_condition_survives_being_written_down() -> None:
    whole = Any(of=(All(of=(RAINS, Not(of=Arrives(place="home")))), At(time=time(7), days=("mon",)), After(seconds=5)))
    check(whole, CATALOGUE)
    text = msgspec.json.encode(whole)
    assert msgspec.json.decode(text, type=Condition) == whole


LEAVES = st.sampled_from([RAINS, Compare(path=SOC, op="<", value=20), Arrives(place="home")])
CONDITIONS = st.recursive(
    LEAVES,
    lambda c: st.lists(c, min_size=1, max_size=3).flatmap(
        lambda some: st.sampled_from([All(of=tuple(some)), Any(of=tuple(some)), Not(of=some[0])])
    ),
    max_leaves=6,
)


def fill(condition: Condition, values: dict[str, bool | None]) -> bool | None:
    """The same by enumeration: true or false if it is so however the unknown parts turn out."""
    unknown = [name for name, value in values.items() if value is None]
    found = set()
    for bits in range(2 ** len(unknown)):
        world = values | {name: bool(bits >> i & 1) for i, name in enumerate(unknown)}
        found.add(_plain(condition, world))
    return found.pop() if len(found) == 1 else None


def _plain(condition: Condition, world: dict[str, bool | None]) -> bool:
    match condition:
        case All(of=parts):
            return all(_plain(c, world) for c in parts)
        case Any(of=parts):
            return any(_plain(c, world) for c in parts)
        case Not(of=inner):
            return not _plain(inner, world)
        case Compare(path=path):
            return world[path] is True
    return world["home"] is True


@given(CONDITIONS, *[st.sampled_from([True, False, None])] * 3)
def test_true_is_only_what_is_true_however_the_unknown_turns_out(
    condition: Condition, rains: bool | None, low: bool | None, home: bool | None
) -> None:
    car = Car()
    car.signals[RAIN] = {True: 10, False: 0, None: None}[rains]
    car.signals[SOC] = {True: 10.0, False: 80.0, None: None}[low]
    if home is not None:
        car.at(48.1 if home else 49.0, 11.5)
    holds = truth(condition, Look(read=car.read, now=MONDAY, made=MONDAY, places={"home": HOME}))
    sure = fill(condition, {RAIN: rains, SOC: low, "home": home})
    assert holds is None or holds is sure


@given(st.lists(st.sampled_from([0, 40, None]), max_size=200))
def test_between_two_times_that_it_fires_it_was_not_true(rain: list[int | None]) -> None:
    car = Car()
    watching = Watching(car, RAINS)
    fired: list[int] = []
    for second, value in enumerate(rain):
        car.signals[RAIN] = value
        if watching.pass_(1):
            fired.append(second)
            assert value == 40
    for first, second in zip([-1, *fired], fired, strict=False):
        assert any(value != 40 for value in rain[first + 1 : second])
    assert all(b - a >= REST_S for a, b in pairwise(fired))
