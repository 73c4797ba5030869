"""Which stops, how much: the choice holds, is the best there is, and a better car is never slower."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.navigation.trips.curves import Curve
from alpenglow.navigation.trips.stops import Draw, Station, Table, Way, choose
from tests.navigation.trips.tables import FULL, curves, driven, simple_search, tables

MANY = settings(max_examples=120, deadline=None)


def level(power_kw: float, full: float = 20.0) -> Curve:
    return Curve.of_powers(np.array([0.0, full]), np.array([power_kw]))


@given(tables())
@MANY
def test_the_choice_is_as_quick_as_one_that_tries_every_charge_everywhere(table: Table) -> None:
    choice, cost = choose(table), simple_search(table)
    assert (choice is None) == (cost is None)
    if choice is not None:
        assert choice.cost_s == pytest.approx(cost)


@given(tables())
@MANY
def test_a_choice_never_goes_below_what_must_be_kept_and_its_parts_add_up(table: Table) -> None:
    choice = choose(table)
    if choice is not None:
        driven(table, choice)


@given(st.lists(st.integers(-5, 5), max_size=5), st.lists(st.integers(-5, 5), max_size=5), st.integers(0, FULL))
def test_what_two_ways_draw_is_what_their_pieces_draw(one: list[float], other: list[float], charge: float) -> None:
    pieces = [*one, *other]
    both = Draw.of(one).then(Draw.of(other))
    assert both == Draw.of(pieces)
    lowest, now = charge, charge
    for piece in pieces:  # drive it: a full battery takes no more
        now = min(now - piece, float(FULL))
        lowest = min(lowest, now)
    assert now == both.arrival(charge, FULL)
    assert lowest == min(charge - both.need, FULL - both.fall)


def slower(table: Table, better: Table) -> bool:
    worse, best = choose(table), choose(better)
    return worse is not None and (best is None or best.cost_s > worse.cost_s + 1e-6)


@given(tables(), st.floats(0.0, 1.0))
@MANY
def test_a_car_that_uses_less_is_never_slower(table: Table, share: float) -> None:
    def less(draw: Draw) -> Draw:  # the same way, each of its numbers smaller: no car could draw more of it
        return Draw(draw.energy - share, max(0.0, draw.need - share), max(0.0, draw.drop - share), draw.fall)

    better = replace(table, ways=[replace(way, draw=less(way.draw)) for way in table.ways])
    assert not slower(table, better)


@given(tables(), st.floats(1.0, 4.0))
@MANY
def test_a_car_that_charges_faster_is_never_slower(table: Table, times: float) -> None:
    stations = [replace(s, curve=Curve(s.curve.charge, s.curve.seconds / times)) for s in table.stations]
    assert not slower(table, replace(table, stations=stations))


@given(tables(), st.integers(1, 20), st.data())
@MANY
def test_a_car_with_a_larger_battery_is_never_slower(table: Table, more: int, data: st.DataObject) -> None:
    def longer(curve: Curve) -> Curve:
        seconds = data.draw(st.lists(st.floats(1.0, 900.0), min_size=more, max_size=more))
        return Curve(
            np.concatenate((curve.charge, FULL + 1.0 + np.arange(more))),
            np.concatenate((curve.seconds, curve.seconds[-1] + np.cumsum(seconds))),
        )

    stations = [replace(s, curve=longer(s.curve)) for s in table.stations]
    assert not slower(table, replace(table, full=FULL + float(more), stations=stations))


@given(tables(), st.floats(0.0, 10.0))
@MANY
def test_who_starts_with_more_charge_or_keeps_less_is_never_slower(table: Table, more: float) -> None:
    assert not slower(table, replace(table, charge=min(table.full, table.charge + more)))
    assert not slower(table, replace(table, reserve=max(0.0, table.reserve - more)))
    assert not slower(table, replace(table, least=max(0.0, table.least - more)))


@given(curves(), st.floats(0.0, FULL), st.floats(0.0, 5000.0))
def test_charging_for_a_time_and_the_time_of_charging_agree(curve: Curve, start: float, seconds: float) -> None:
    end = curve.after(start, seconds)
    assert start <= end <= curve.most
    assert curve.time(start, end) == pytest.approx(min(seconds, curve.time(start, curve.most)), abs=1e-6)


def test_a_charger_that_gives_nothing_to_a_fuller_battery_ends_its_curve_there() -> None:
    curve = Curve.of_powers(np.array([0.0, 5.0, 10.0, 15.0]), np.array([10.0, 5.0, 0.0]))
    assert curve.most == 10.0
    assert curve.time(0.0, 10.0) == pytest.approx(1800.0 + 3600.0)
    table = Table(
        2.0, 15.0, 0.0, 0.0, [Station(curve)], [Way(0, 1, 60.0, Draw.of([2.0])), Way(1, -1, 60.0, Draw.of([11.0]))]
    )
    assert choose(table) is None


def test_it_charges_just_enough_where_charging_is_slow_and_more_where_it_is_fast() -> None:
    fast, slow = Station(level(100.0), 120.0), Station(level(11.0), 120.0)
    ways = [Way(0, 1, 600.0, Draw.of([4.0])), Way(1, 2, 600.0, Draw.of([6.0])), Way(2, -1, 600.0, Draw.of([16.0]))]
    choice = choose(Table(5.0, 20.0, 1.0, 2.0, [fast, slow], ways))
    assert choice is not None
    first, second = choice.stays
    assert first.departure == pytest.approx(20.0)  # full at the fast one
    assert second.arrival == pytest.approx(14.0)
    assert second.departure == pytest.approx(18.0)  # the last way and the reserve, no more
    other = choose(Table(5.0, 20.0, 1.0, 2.0, [slow, fast], ways))
    assert other is not None
    assert other.stays[0].departure == pytest.approx(7.0)  # the next way and what must never be gone below


def test_a_pass_on_the_way_needs_more_than_the_valley_behind_it() -> None:
    over_the_pass = Way(0, -1, 600.0, Draw.of([8.0, -5.0]))
    assert choose(Table(8.5, 20.0, 1.0, 2.0, [], [over_the_pass])) is None
    choice = choose(Table(9.0, 20.0, 1.0, 2.0, [], [over_the_pass]))
    assert choice is not None
    assert choice.arrival == pytest.approx(6.0)


def test_what_a_full_battery_cannot_take_back_is_not_counted_on() -> None:
    down_and_up = Way(0, -1, 600.0, Draw.of([-4.0, 12.0]))
    choice = choose(Table(20.0, 20.0, 1.0, 2.0, [], [down_and_up]))
    assert choice is not None
    assert choice.arrival == pytest.approx(8.0)


def test_a_station_that_is_to_be_avoided_is_taken_only_where_it_saves_more() -> None:
    stations = [Station(level(50.0), 120.0, cost_s=900.0), Station(level(50.0), 120.0)]
    near = [Way(0, 1, 300.0, Draw.of([1.0])), Way(1, -1, 600.0, Draw.of([6.0]))]
    for further, taken in ((600.0, 2), (1500.0, 1)):
        ways = [*near, Way(0, 2, further, Draw.of([1.0])), Way(2, -1, 600.0, Draw.of([6.0]))]
        choice = choose(Table(2.0, 20.0, 1.0, 2.0, stations, ways))
        assert choice is not None
        assert choice.stays[0].station == taken
        assert choice.time_s < (choice.cost_s if taken == 1 else choice.cost_s + 1e-9)


def test_a_way_to_a_station_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ValueError, match="not in the table"):
        Table(5.0, 20.0, 1.0, 2.0, [], [Way(0, 1, 60.0, Draw())])
