"""What counts as a person's wish, and when it is kept."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.cockpit.profiles.remembering import SETTLE_S, Command, Remembering
from alpenglow.cockpit.profiles.settings import SettingsError, load_settings
from alpenglow.signals import Value, load_catalogue

CATALOGUE = load_catalogue()
A, B, ELSE = "a.seat", "b.warm", "c.door"


class Car:
    """Values by path, and what of them is remembered."""

    def __init__(self) -> None:
        self.now = 0.0
        self.values: dict[str, Value] = {A: 1, B: 1, ELSE: 1}
        self.remembering = Remembering([A, B], self.values.get, "cockpit")
        self.kept: dict[str, Value] = {}
        self.writes = 0

    def command(self, path: str, value: Value, by: str = "operator") -> None:
        self.remembering.heard(Command(by, path, value), self.now)

    def live(self, seconds: float, lent: frozenset[str] = frozenset()) -> None:
        for _ in range(round(seconds / 0.25)):
            self.now += 0.25
            if settled := self.remembering.settled(self.now, lent):
                self.kept |= settled
                self.writes += 1


def test_what_was_commanded_is_kept_as_the_car_has_it_once_it_rests() -> None:
    car = Car()
    car.command(A, 100)
    for position in (20, 40, 60, 80, 98):
        car.values[A] = position
        car.live(1.0)
        assert car.kept == {}
    car.live(SETTLE_S + 0.5)
    assert car.kept == {A: 98}


def test_what_changes_by_itself_or_belongs_to_nobody_is_not_kept() -> None:
    car = Car()
    car.values[A] = 50
    car.command(ELSE, 5)
    car.live(10)
    assert car.kept == {}


def test_what_a_switch_brings_is_nobodys_wish_and_what_a_person_sets_after_it_is() -> None:
    car = Car()
    car.remembering.bring(A, 7)
    car.command(A, 7, by="cockpit")
    car.values[A] = 7
    car.remembering.brought(A, car.now)
    car.live(5)
    assert car.kept == {}
    car.command(A, 9, by="cockpit")
    car.values[A] = 9
    car.live(5)
    assert car.kept == {A: 9}


def test_what_is_lent_to_a_scene_is_not_kept() -> None:
    car = Car()
    car.command(A, 3)
    car.command(B, 3)
    car.values |= {A: 3, B: 3}
    car.live(5, lent=frozenset([A]))
    assert car.kept == {B: 3}


def test_what_is_set_together_is_kept_in_one_write() -> None:
    car = Car()
    car.command(A, 3)
    car.command(B, 3)
    car.values |= {A: 3, B: 3}
    car.live(5)
    assert (car.kept, car.writes) == ({A: 3, B: 3}, 1)


def test_leaving_keeps_at_once_what_was_just_set_also_where_it_is_still_on_its_way() -> None:
    car = Car()
    car.command(A, 100)
    car.values[A] = 40
    car.live(0.5)
    assert car.remembering.flush() == {A: 100}
    assert car.remembering.flush() == {}


@given(st.lists(st.tuples(st.sampled_from([A, B]), st.integers(0, 3), st.floats(0, 4)), max_size=30))
def test_in_the_end_the_last_wish_is_what_is_kept(wishes: list[tuple[str, int, float]]) -> None:
    car = Car()
    for path, value, pause_s in wishes:
        car.command(path, value)
        car.values[path] = value
        car.live(pause_s)
    car.live(SETTLE_S * 2)
    assert car.kept == {path: value for path, value, _ in wishes}


def test_every_setting_is_an_actuator_of_the_catalogue() -> None:
    settings = load_settings(CATALOGUE)
    groups = {s.group for s in settings.values()}
    assert {"seat", "mirrors", "steering wheel", "climate", "ambient light", "screens"} <= groups
    assert all(s.travels == (s.group in ("seat", "mirrors", "steering wheel")) for s in settings.values())


@pytest.mark.parametrize(
    ("paths", "says"),
    [
        ('"Vehicle.Cabin.Seat.Row1.DriverSide.Heigth"', "did you mean"),
        ('"Vehicle.Speed"', "not an actuator"),
        ('"Vehicle.Alpenglow.Cockpit.{Theme,Theme}"', "twice"),
        ("1", "settings"),
    ],
)
def test_a_table_that_does_not_fit_the_catalogue_is_refused(paths: str, says: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(says)):
        load_settings(CATALOGUE, f'[[group]]\nname = "seat"\npaths = [{paths}]')
