"""Habits: what is done again and again in the same situation is offered, with its reason; nothing else is."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.assistant.memory.association import LEAST_DAYS, Evidence, Seen, habit, surely_more_often_than_not
from alpenglow.assistant.memory.habits import QUIET, HabitError, Habits, Suggestion
from alpenglow.assistant.memory.situations import Feature, alike, cell, situation
from alpenglow.assistant.memory.words import LANGUAGES
from alpenglow.fabric.store import Store
from alpenglow.signals import Kind, Value
from tests.assistant.memory.car import CATALOGUE, HEAT, MONDAY, RAIN, ROOF, STATE, WARM, Car

CELSIUS = "Vehicle.Exterior.AirTemperature"
PASSENGER = "Vehicle.Cabin.Seat.Row1.PassengerSide.OccupancyStatus"
DRIVER = "Vehicle.Cabin.Seat.Row1.DriverSide.OccupancyStatus"
HOME, WORK = (48.1, 11.5), (48.2, 11.6)


class Life:
    """Kim's drives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(folder, "memory")
        self.habits = Habits(self.store, CATALOGUE)
        self.car = Car()

    def restart(self) -> None:
        self.store.close()
        self.store = Store(self.folder, "memory")
        self.habits = Habits(self.store, CATALOGUE)

    def enter(
        self,
        day: int,
        hour: float = 7.5,
        *,
        at: tuple[float, float] = HOME,
        rain: int = 0,
        celsius: float = 5.0,
        company: bool = False,
    ) -> None:
        """Get in: `day` days after a Monday."""
        self.car.now = MONDAY.replace(hour=0, minute=0) + timedelta(days=day, hours=hour)
        self.car.at(*at)
        self.car.signals |= {RAIN: rain, CELSIUS: celsius, PASSENGER: "OCCUPIED" if company else "EMPTY"}
        self.car.signals |= {STATE: "PARKED", DRIVER: "OCCUPIED", HEAT: 0, WARM: 19.0, ROOF: "INACTIVE"}
        self.habits.look("kim", self.car.read, self.car.now)
        self.car.signals[STATE] = "MOVING"

    def sets(self, path: str, value: Value) -> None:
        self.habits.made("kim", path, value, self.car.read, self.car.wait(minutes=1))
        self.car.signals[path] = value

    def offered(self) -> list[Suggestion]:
        return self.habits.suggest("kim", self.car.read, self.car.now)

    def mornings(self, days: Sequence[int], path: str = HEAT, value: Value = 60, **more: object) -> None:
        """Leave home and come back in the evening; only in the morning is something set."""
        for day in days:
            self.enter(day, **more)  # type: ignore[arg-type]
            self.sets(path, value)
            self.enter(day, 17.5, at=WORK, celsius=15.0)


@pytest.fixture
def life(tmp_path: Path) -> Life:
    return Life(tmp_path)


def test_what_is_done_on_three_mornings_is_offered_on_the_fourth_with_the_reason(life: Life) -> None:
    life.mornings([0, 1, 2])
    life.restart()
    life.enter(3)

    [offer] = life.offered()

    assert [(a.path, a.value) for a in offer.actions] == [(HEAT, 60)]
    assert (offer.days, offer.of, offer.confidence) == (3, 3, 1.0)
    assert offer.lift == 2.0  # every second drive of the past was such a morning
    assert "time" in offer.like_now
    assert offer.text["en"] == (
        "3 of 3 times around 7:30 and on drives from here, you set the driver's seat heating to 60 %. "
        "Shall I do that now?"
    )
    assert offer.text["de"].startswith("3 von 3 Mal haben Sie gegen 7:30 Uhr")
    assert "座椅加热" in offer.text["zh"]


def test_nothing_is_set_by_offering(life: Life) -> None:
    life.mornings([0, 1, 2])
    life.enter(3)
    assert life.offered()
    assert life.car.moved == []
    assert life.car.signals[HEAT] == 0


def test_the_other_situation_gets_no_offer(life: Life) -> None:
    life.mornings([0, 1, 2])
    life.enter(3, 17.5, at=WORK, celsius=15.0)
    assert life.offered() == []


def test_twice_is_no_habit_and_neither_is_three_times_on_one_day(life: Life) -> None:
    life.mornings([0, 1])
    life.enter(2)
    assert life.offered() == []
    for minute in range(0, 40, 10):
        life.enter(3, 7.5 + minute / 60)
        life.sets(WARM, 22.0)
    life.enter(4)
    assert life.offered() == []


def test_what_is_done_as_often_as_not_is_no_habit(life: Life) -> None:
    for day in range(12):
        life.enter(day)
        if day % 2:
            life.sets(HEAT, 60)
    life.enter(12)
    assert life.offered() == []


def test_rain_is_what_matters_where_only_rain_makes_the_difference(life: Life) -> None:
    for day in range(14):
        life.enter(day, hour=7 + day % 5 * 3, at=[HOME, WORK][day % 2], rain=30 if day % 3 == 0 else 0)
        if day % 3 == 0:
            life.sets(ROOF, "CLOSE")
    life.enter(15, 12.0, rain=30)
    [offer] = life.offered()
    assert "weather" in offer.like_now
    assert "in the rain" in offer.text["en"]
    assert "closed" in offer.text["en"]
    life.enter(16, 12.0, rain=0)
    assert life.offered() == []


def test_a_habit_of_workdays_is_not_offered_on_a_free_day_that_spoke_against_it(life: Life) -> None:
    for day in range(19):
        life.enter(day)
        if day % 7 < 5:
            life.sets(HEAT, 60)
    life.enter(19)  # a Saturday
    assert life.offered() == []
    life.enter(21)  # a Monday
    assert [o.actions[0].path for o in life.offered()] == [HEAT]


def test_what_is_always_done_is_offered_everywhere(life: Life) -> None:
    for day in range(8):
        life.enter(day, hour=6 + day % 3 * 5, at=[HOME, WORK][day % 2], celsius=day * 3)
        life.sets(WARM, 21.0)
    life.enter(8, 11.0)
    [offer] = life.offered()
    assert offer.actions[0].value == 21.0


def test_values_that_are_nearly_the_same_are_one_habit(life: Life) -> None:
    for day, value in enumerate([21.0, 21.5, 22.0, 21.5]):
        life.mornings([day], WARM, value)
    life.enter(4)
    [offer] = life.offered()
    assert offer.actions[0].value in (21.0, 21.5)
    assert offer.days == 4


def test_nothing_is_offered_that_is_so_already_or_was_just_set_otherwise(life: Life) -> None:
    life.mornings([0, 1, 2])
    life.enter(3)
    life.car.signals[HEAT] = 60
    assert life.offered() == []
    life.car.signals[HEAT] = 0
    assert life.offered()
    life.sets(HEAT, 20)
    assert life.offered() == []


def test_a_roof_that_is_shut_is_not_offered_to_be_shut(life: Life) -> None:
    life.mornings([0, 1, 2], ROOF, "CLOSE")
    life.enter(3)
    life.car.signals |= {ROOF: "INACTIVE", ROOF.replace("Switch", "Position"): 100}
    assert len(life.offered()) == 1
    life.car.signals[ROOF.replace("Switch", "Position")] = 0
    assert life.offered() == []


def test_an_offer_stays_the_same_until_it_is_answered_and_then_is_gone(life: Life) -> None:
    life.mornings([0, 1, 2])
    life.enter(3)
    [offer] = life.offered()
    assert life.offered() == [offer]
    assert life.habits.accept("kim", offer.id) == offer
    assert life.offered() == []
    with pytest.raises(HabitError, match="no longer"):
        life.habits.accept("kim", offer.id)


def test_what_is_turned_down_twice_is_quiet_for_thirty_days(life: Life) -> None:
    life.mornings([0, 1, 2])
    life.enter(3)
    life.habits.dismiss("kim", life.offered()[0].id, life.car.now)
    assert life.offered() == []
    life.mornings([3])  # still done by hand
    life.enter(4)
    life.habits.dismiss("kim", life.offered()[0].id, life.car.now)
    day = 5
    while (life.car.now - MONDAY).days < 4 + QUIET.days - 1:
        life.restart()
        life.enter(day)
        assert life.offered() == []
        life.sets(HEAT, 60)
        day += 1
    life.enter(day + 2)
    assert len(life.offered()) == 1


def test_taking_an_offer_forgets_that_it_was_turned_down_before(life: Life) -> None:
    life.mornings([0, 1, 2])
    life.enter(3)
    life.habits.dismiss("kim", life.offered()[0].id, life.car.now)
    life.mornings([3])
    life.enter(4)
    life.habits.accept("kim", life.offered()[0].id)
    life.sets(HEAT, 60)
    life.enter(5)
    life.habits.dismiss("kim", life.offered()[0].id, life.car.now)
    life.mornings([5])
    life.enter(6)
    assert len(life.offered()) == 1


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("Vehicle.Body.Trunk.Rear.IsOpen", True),
        ("Vehicle.Cabin.Door.Row1.DriverSide.IsOpen", True),
        ("Vehicle.Powertrain.Transmission.SelectedGear", 126),
        ("Vehicle.ADAS.ESC.IsEnabled", False),
        ("Vehicle.Body.Horn.IsActive", True),
        ("Vehicle.Nonsense", 1),
        (HEAT, 999),
        (HEAT, "warm"),
    ],
)
def test_nothing_is_learned_about_what_opens_drives_or_is_no_setting(life: Life, path: str, value: Value) -> None:
    for day in range(5):
        life.enter(day)
        life.habits.made("kim", path, value, life.car.read, life.car.now)
    life.enter(5)
    assert life.offered() == []
    assert all(o["settings"] == {} for o in life.store.everything("kim")["occasion"].values())  # type: ignore[index]


def test_everything_that_may_be_learned_can_be_set_and_has_words(life: Life) -> None:
    learnable = [s for s in CATALOGUE.signals if life.habits.learns(s.path)]
    assert len(learnable) > 40
    assert all(s.kind is Kind.ACTUATOR for s in learnable)


def test_erasing_ends_the_habit_at_once(life: Life) -> None:
    life.mornings([0, 1, 2])
    life.enter(3)
    assert life.offered()
    life.store.erase("kim")
    assert life.offered() == []


def test_another_profile_s_habits_are_its_own(life: Life) -> None:
    life.mornings([0, 1, 2])
    life.enter(3)
    assert life.habits.suggest("alex", life.car.read, life.car.now) == []


def test_an_empty_parked_car_says_nothing_about_anybody(life: Life) -> None:
    life.car.signals |= {STATE: "PARKED", DRIVER: "EMPTY", RAIN: 0}
    for _ in range(100):
        life.habits.look("kim", life.car.read, life.car.wait(hours=1))
    assert life.store.everything("kim").get("occasion", {}) == {}


def test_the_past_is_bounded(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alpenglow.assistant.memory.occasions.MOST_OCCASIONS", 20)
    life.mornings(range(30))
    assert life.store.count("kim", "occasion") == 20
    life.enter(400)
    assert life.store.count("kim", "occasion") == 1  # nothing older than half a year


def test_no_position_is_kept_only_a_cell(life: Life) -> None:
    life.mornings([0], at=(48.12345678, 11.56789012))
    kept = life.store.export("kim").decode()
    assert '"place"' in kept
    assert "48.1" not in kept
    assert "11.5" not in kept


@given(st.floats(-85, 85), st.floats(-179, 179), st.floats(-15, 15), st.floats(-15, 15))
def test_a_parking_space_is_one_place_wherever_it_lies(lat: float, lon: float, north: float, east: float) -> None:
    """15 m of GNSS error make no other place, but on the border of a whole degree."""
    car, there = Car(), Car()
    car.at(lat, lon)
    there.at(lat + north / 111_195, lon + east / 111_195)
    if int(lat // 1) != int((lat + north / 111_195) // 1):
        return
    a = situation(car.read, MONDAY, cell(car.read))
    b = situation(there.read, MONDAY, cell(there.read))
    assert Feature.PLACE in alike(a, b)


@pytest.mark.parametrize(
    ("days", "of", "sure"), [(3, 3, True), (2, 2, False), (4, 5, False), (6, 7, True), (0, 0, False)]
)
def test_clearly_more_often_than_not(days: int, of: int, sure: bool) -> None:
    assert surely_more_often_than_not(days, of) is sure


SEEN = st.builds(Seen, st.integers(0, 12), st.integers(0, 63).map(Feature), st.booleans())


@settings(max_examples=300, deadline=None)
@given(st.lists(SEEN, max_size=40))
def test_a_habit_is_what_its_definition_says(history: list[Seen]) -> None:
    """Against the definition, spelled out with sets over every situation."""

    def counted(features: Feature) -> tuple[int, int, int, int]:
        inside = [s for s in history if s.common & features == features]
        outside = [s for s in history if s.common & features != features]
        return (
            len({s.day for s in inside if s.done}),
            len({s.day for s in inside}),
            len({s.day for s in outside if s.done}),
            len({s.day for s in outside}),
        )

    good = []
    for size in range(2, 7):
        for some in combinations(Feature, size):
            features = Feature(sum(some))
            days, of, days_outside, of_outside = counted(features)
            if days < LEAST_DAYS or not surely_more_often_than_not(days, of):
                continue
            differs = of_outside == 0 or days / of >= 1.5 * days_outside / of_outside
            if of_outside >= 3 and not differs and not surely_more_often_than_not(days_outside, of_outside):
                continue
            narrower = [Feature(n) for n in range(64) if n & features == features]
            if any(c[1] >= 3 and c[0] / c[1] < 0.5 for c in map(counted, narrower)):
                continue
            good.append(Evidence(features, days, of, days_outside, of_outside))

    found = habit(history)

    assert (found is None) == (good == [])
    if found is not None:
        assert found in good
        assert found.confidence - found.outside == max(g.confidence - g.outside for g in good)


def test_whims_are_hardly_ever_taken_for_a_habit(tmp_path: Path) -> None:
    """20 lives of 30 drives each, in which one drive in five gets a setting for no reason at all."""
    offers = drives = 0
    for seed in range(20):
        rng = random.Random(seed)
        life = Life(tmp_path / str(seed))
        for day in range(30):
            life.enter(
                day,
                rng.choice([7.5, 12, 17.5]),
                at=rng.choice([HOME, WORK]),
                rain=rng.choice([0, 0, 30]),
                celsius=rng.choice([2, 9, 18]),
                company=rng.random() < 0.3,
            )
            offers += bool(life.offered())
            drives += 1
            if rng.random() < 0.2:
                life.sets(HEAT, 60)
        life.store.close()
    assert offers / drives < 0.05


def test_every_offer_has_a_sentence_in_every_language(life: Life) -> None:
    cases: list[tuple[str, Value]] = [
        (WARM, 21.5),
        ("Vehicle.Cabin.HVAC.IsAirConditioningActive", True),
        (ROOF, "TILT_UP"),
    ]
    for path, value in cases:
        life.mornings([0, 1, 2], path, value)
        life.enter(3)
        life.car.signals[path] = None
        [offer] = life.offered()
        assert set(offer.text) == set(LANGUAGES)
        assert all("{" not in sentence and len(sentence) > 10 for sentence in offer.text.values())
        life.store.erase("kim")


def test_a_clock_that_is_wrong_for_a_while_breaks_nothing(life: Life) -> None:
    life.mornings([0, 1, 2])
    life.car.now = datetime(2000, 1, 1, tzinfo=MONDAY.tzinfo)
    life.habits.look("kim", life.car.read, life.car.now)
    life.sets(HEAT, 60)
    life.enter(3)
    assert len(life.offered()) == 1
