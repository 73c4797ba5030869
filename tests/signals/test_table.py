"""The table of latest values: what a row reads as, and when it becomes stale."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.signals import Catalogue, Kind, Quality, Sample, Signal, Table, UnknownSignal

QUICK, SLOW, STATE = 0, 1, 2
CATALOGUE = Catalogue(
    [
        Signal("Vehicle.Quick", Kind.SENSOR, "float", age_limit_s=0.3),
        Signal("Vehicle.Slow", Kind.SENSOR, "float", age_limit_s=3.0),
        Signal("Vehicle.State", Kind.ACTUATOR, "boolean"),
    ]
)


@pytest.fixture
def table() -> Table:
    return Table(CATALOGUE)


def test_a_row_that_nobody_wrote_is_unavailable(table: Table) -> None:
    reading = table.read("Vehicle.Quick")
    assert reading == (None, Quality.UNAVAILABLE, float("inf"), 0, None)
    assert table.value("Vehicle.Quick") is None
    assert list(table.known()) == []


def test_a_fresh_value_reads_as_it_was_put(table: Table) -> None:
    table.put([Sample(SLOW, 21.5, Quality.VALID, 77)], time.monotonic_ns())
    reading = table.read("Vehicle.Slow")
    assert (reading.value, reading.quality, reading.time_ns, reading.last) == (21.5, Quality.VALID, 77, 21.5)
    assert 0 <= reading.age_s < 3
    assert table.value("Vehicle.Slow") == 21.5


@settings(deadline=None)
@given(age_ns=st.integers(0, 10**10), index=st.sampled_from([QUICK, SLOW]))
def test_a_value_is_valid_up_to_its_age_limit_and_stale_after(age_ns: int, index: int) -> None:
    table = Table(CATALOGUE)
    stamp = time.monotonic_ns()
    table.put([Sample(index, 1.0, Quality.VALID, 1)], stamp)
    reading = table.read_index(index, stamp + age_ns)
    limit_ns = {QUICK: 300_000_000, SLOW: 3_000_000_000}[index]
    assert reading.quality is (Quality.VALID if age_ns <= limit_ns else Quality.STALE)
    assert reading.value == (1.0 if age_ns <= limit_ns else None)
    assert reading.last == 1.0
    assert reading.age_s == pytest.approx(age_ns / 1e9)


@pytest.mark.parametrize(("index", "limit_ns"), [(QUICK, 300_000_000), (SLOW, 3_000_000_000)])
def test_it_ages_exactly_at_the_limit(table: Table, index: int, limit_ns: int) -> None:
    stamp = time.monotonic_ns()
    table.put([Sample(index, 1.0, Quality.VALID, 1)], stamp)
    assert table.read_index(index, stamp + limit_ns).quality is Quality.VALID
    assert table.read_index(index, stamp + limit_ns + 1).quality is Quality.STALE


def test_read_and_value_use_the_present_moment(table: Table) -> None:
    table.put([Sample(QUICK, 1.0, Quality.VALID, 1)], time.monotonic_ns() - 300_000_001)
    assert table.read("Vehicle.Quick").quality is Quality.STALE
    assert table.value("Vehicle.Quick") is None


def test_without_an_age_limit_a_value_stays_valid(table: Table) -> None:
    stamp = time.monotonic_ns()
    table.put([Sample(STATE, True, Quality.VALID, 1)], stamp)
    assert table.read_index(STATE, stamp + 10**18).value is True


def test_false_and_zero_are_values(table: Table) -> None:
    table.put([Sample(STATE, False, Quality.VALID, 1), Sample(SLOW, 0.0, Quality.VALID, 1)], time.monotonic_ns())
    assert table.value("Vehicle.State") is False
    assert table.value("Vehicle.Slow") == 0.0


@pytest.mark.parametrize("quality", [Quality.INVALID, Quality.STALE, Quality.UNAVAILABLE])
def test_only_a_valid_sample_changes_the_last_value(table: Table, quality: Quality) -> None:
    table.put([Sample(SLOW, 1.0, Quality.VALID, 1)], time.monotonic_ns())
    table.put([Sample(SLOW, 999.0, quality, 2)], time.monotonic_ns())
    reading = table.read("Vehicle.Slow")
    assert (reading.value, reading.quality, reading.last) == (None, quality, 1.0)


def test_a_valid_sample_without_a_value_does_not_bring_the_old_one_back_to_life(table: Table) -> None:
    table.put([Sample(SLOW, 1.0, Quality.VALID, 1)], time.monotonic_ns())
    table.put([Sample(SLOW, None, Quality.VALID, 2)], time.monotonic_ns())
    assert table.read("Vehicle.Slow").quality is Quality.INVALID
    assert table.value("Vehicle.Slow") is None


def test_a_stamp_from_the_future_ages_from_now(table: Table) -> None:
    table.put([Sample(SLOW, 1.0, Quality.VALID, 1)], time.monotonic_ns() + 10**15)
    now = time.monotonic_ns()
    assert table.stamp_ns(SLOW) <= now
    assert table.read_index(SLOW, now + 3_000_000_001).quality is Quality.STALE


samples = st.builds(
    Sample,
    index=st.integers(0, 2),
    value=st.none() | st.floats(-1e6, 1e6),
    quality=st.sampled_from(Quality),
    time_ns=st.integers(1, 10**18),
)


@settings(deadline=None)
@given(st.lists(samples), st.integers(0, 10**10))
def test_no_value_is_read_unless_it_is_valid(batch: list[Sample], age_ns: int) -> None:
    table = Table(CATALOGUE)
    stamp = time.monotonic_ns()
    table.put(batch, stamp)
    for index in range(3):
        reading = table.read_index(index, stamp + age_ns)
        assert (reading.value is not None) == (reading.quality is Quality.VALID)
        of_it = [s for s in batch if s.index == index]
        if reading.quality is Quality.VALID:
            assert (reading.value, reading.time_ns) == (of_it[-1].value, of_it[-1].time_ns)
        valid = [s.value for s in of_it if s.quality is Quality.VALID and s.value is not None]
        assert reading.last == (valid[-1] if valid else None)
    assert [index for index, *_ in table.known()] == sorted({s.index for s in batch})


def test_an_old_name_reads_as_its_signal_and_an_unknown_one_gets_a_suggestion() -> None:
    table = Table(Catalogue(CATALOGUE.signals, {"Vehicle.Fast": "Vehicle.Quick"}))
    table.put([Sample(QUICK, 1.0, Quality.VALID, 1)], time.monotonic_ns())
    for read in (lambda name: table.read(name).value, table.value):
        assert read("Vehicle.Fast") == 1.0
        with pytest.raises(UnknownSignal, match=r"did you mean Vehicle\.Quick"):
            read("Vehicle.Quik")
