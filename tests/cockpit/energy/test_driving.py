"""Trips and trip meters: what a drive took, whose it is, and what a power cut or an erasure leaves."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.cockpit.energy.driving import Driving
from alpenglow.cockpit.energy.totals import LEAST_M, Reading, Totals, Trip, between
from alpenglow.cockpit.parts import CAR
from alpenglow.fabric.store import Store, StoreError

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class Drive:
    """A car that a test drives second by second, and the store behind it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(folder, "cockpit")
        self.driving = Driving(self.store)
        self.seconds = 0.0
        self.odometer = 5_000.0
        self.left = 200e6

    @property
    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def reading(self, speed: float = 0.0, power: float = 0.0) -> Reading:
        return Reading(at=self.seconds, odometer=self.odometer, speed=speed, power=power, climate=500.0, left=self.left)

    def feed(
        self, seconds: int, speed: float = 20.0, power: float = 12_000.0, who: str | None = "owner", ready: bool = True
    ) -> None:
        for _ in range(seconds):
            self.seconds += 1.0
            self.odometer += speed
            self.left -= power
            self.driving.feed(self.reading(speed, power), who, ready, 70.0, 20.0, self.now)

    def off(self, who: str | None = "owner") -> None:
        self.feed(1, 0.0, 0.0, who, ready=False)
        self.driving.save(self.now)

    def after_a_power_cut(self) -> "Drive":
        again = Drive(self.folder)
        again.seconds, again.odometer, again.left = self.seconds, self.odometer, self.left
        return again

    def kept(self, who: str = "owner") -> list[Trip]:
        return self.driving.trips(who, 100)


@pytest.fixture
def drive(tmp_path: Path) -> Drive:
    return Drive(tmp_path)


def test_a_drive_from_ready_to_off_is_a_trip(drive: Drive) -> None:
    drive.feed(101)
    drive.feed(20, power=-8_000.0)
    drive.off()
    (trip,) = drive.kept()
    assert trip.ended
    assert trip.totals.metres == 120 * 20
    assert trip.totals.used == pytest.approx(100.5 * 12_000.0, rel=0.02)
    assert trip.totals.regained == pytest.approx(20 * 8_000.0, rel=0.05)
    assert trip.totals.net == trip.totals.used - trip.totals.regained


def test_manoeuvring_is_no_trip(drive: Drive) -> None:
    drive.feed(6, speed=10.0)
    drive.driving.save(drive.now)
    drive.off()
    assert drive.kept() == []
    assert drive.store.count("owner", "trip") == 0


def test_nothing_is_kept_of_a_guests_drive_but_the_meter_since_the_charge(drive: Drive) -> None:
    drive.feed(100, who=None)
    drive.off(who=None)
    assert drive.store.profiles() == [CAR]
    assert drive.driving.meter(CAR, "charge", drive.now).totals.metres == 99 * 20


def test_who_takes_the_wheel_begins_a_trip_of_their_own(drive: Drive) -> None:
    drive.feed(51, who="owner")
    drive.feed(31, who="kim")
    drive.off(who="kim")
    assert [trip.totals.metres for trip in drive.kept("owner")] == [1000.0]
    assert [trip.totals.metres for trip in drive.kept("kim")] == [600.0]
    assert drive.driving.meter("owner", "a", drive.now).totals.metres == 1000.0
    assert drive.driving.meter("kim", "a", drive.now).totals.metres == 600.0


@given(st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=1, max_size=8), st.booleans())
@settings(max_examples=40, deadline=None)
def test_after_a_power_cut_a_trip_is_as_it_was_last_kept_or_goes_on(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[int, bool]], ready: bool
) -> None:
    drive = Drive(tmp_path_factory.mktemp("cut"))
    drive.feed(1)
    kept = 0.0
    for seconds, saves in parts:
        drive.feed(seconds)
        if saves:
            drive.driving.save(drive.now)
            kept = drive.odometer - 5_020.0
    again = drive.after_a_power_cut()
    again.driving.resume(again.reading(), "owner", ready, again.now, timedelta(minutes=10))
    again.feed(1, ready=ready)
    again.driving.save(again.now)
    trips = again.kept()
    if kept < LEAST_M and not ready:
        assert trips == []
    elif ready and kept:  # the odometer tells also what was driven unheard
        assert [trip.totals.metres for trip in trips] == [again.odometer - 5_020.0]
    elif kept >= LEAST_M:
        assert [trip.totals.metres for trip in trips] == [kept]
        assert trips[0].ended


def test_what_passed_unheard_is_told_by_odometer_and_charge() -> None:
    before = Reading(at=0.0, odometer=0.0, speed=20.0, power=1e4, climate=0.0, left=100e6)
    after = Reading(at=600.0, odometer=12_000.0, speed=20.0, power=1e4, climate=0.0, left=93e6)
    assert between(before, after) == Totals(metres=12_000.0, seconds=600.0, used=7e6)


@given(
    st.floats(0, 1e6), st.floats(-1e4, 1e6), st.floats(0, 1e5), st.floats(-1e5, 1e5), st.floats(-10, 1e4), st.booleans()
)
def test_no_meter_ever_runs_backwards(a: float, b: float, power: float, other: float, gap: float, told: bool) -> None:
    first = Reading(at=0.0, odometer=a, speed=5.0, power=power, climate=10.0, left=1e8 if told else None)
    second = Reading(at=gap, odometer=b, speed=5.0, power=other, climate=10.0, left=2e8)
    passed = between(first, second)
    assert min(getattr(passed, name) for name in Totals.__struct_fields__) >= 0.0


def test_a_trip_that_was_erased_while_it_lasts_is_not_written_back(drive: Drive) -> None:
    drive.feed(50)
    drive.driving.save(drive.now)
    drive.store.erase("owner")
    drive.feed(5)
    drive.driving.save(drive.now)
    assert drive.store.count("owner", "trip") == 0
    assert drive.driving.meter("owner", "a", drive.now).totals.metres == 0.0
    drive.feed(20)
    drive.off()
    (trip,) = drive.kept()
    assert trip.totals.metres == 19 * 20


def test_a_trip_can_be_dropped_also_while_it_lasts(drive: Drive) -> None:
    drive.feed(50)
    (trip,) = drive.kept()
    assert drive.driving.drop("owner", trip.id)
    assert not drive.driving.drop("owner", trip.id)
    assert drive.kept() == []


def test_a_meter_set_back_begins_anew_and_the_others_go_on(drive: Drive) -> None:
    drive.feed(51)
    drive.driving.reset("owner", "a", drive.now)
    drive.feed(10)
    assert drive.driving.meter("owner", "a", drive.now).totals.metres == 200.0
    assert drive.driving.meter("owner", "b", drive.now).totals.metres == 1200.0


def test_a_meter_is_kept_when_somebody_else_takes_the_wheel(drive: Drive) -> None:
    drive.feed(51)
    drive.feed(1, who=None)
    drive.driving.save(drive.now)
    assert drive.after_a_power_cut().driving.meter("owner", "a", drive.now).totals.metres == 1000.0


def test_a_full_disk_loses_nothing(drive: Drive, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StoreError("database or disk is full")

    drive.feed(101)
    with monkeypatch.context() as disk:
        disk.setattr(drive.store, "put", full)
        with pytest.raises(StoreError):
            drive.off()
        assert [trip.totals.metres for trip in drive.kept()] == [2000.0]
    drive.driving.save(drive.now)
    assert drive.store.count("owner", "trip") == 1
