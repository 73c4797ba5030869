"""Made-up tables of ways and stations, and a search so simple that it can be believed."""

import heapq

import numpy as np
from hypothesis import strategies as st

from alpenglow.navigation.trips.curves import Curve
from alpenglow.navigation.trips.stops import Choice, Draw, Station, Table, Way

FULL = 20


@st.composite
def draws(draw: st.DrawFn, most: int = 12) -> Draw:
    """A way of up to four pieces that go up or down by whole kWh."""
    pieces = draw(st.lists(st.integers(-3, 5), min_size=1, max_size=4).filter(lambda p: -4 <= sum(p) <= most))
    return Draw.of([float(piece) for piece in pieces])


@st.composite
def curves(draw: st.DrawFn, full: int = FULL) -> Curve:
    """A curve with corners at whole kWh; its power may also rise with the charge, as a cold battery's does."""
    seconds = draw(st.lists(st.integers(30, 900), min_size=full, max_size=full))
    if draw(st.booleans()):
        seconds.sort()
    return Curve(np.arange(full + 1.0), np.concatenate(([0.0], np.cumsum(seconds, dtype=float))))


@st.composite
def tables(draw: st.DrawFn, stations: int = 3) -> Table:
    """Some stations, up to two ways between any two points."""
    count = draw(st.integers(0, stations))
    shared = draw(curves())
    own = st.one_of(st.just(shared), curves())
    waits, costs = st.integers(0, 600), st.sampled_from([0, 0, 300])
    places = [Station(draw(own), float(draw(waits)), float(draw(costs))) for _ in range(count)]
    ways = [
        Way(start, end, float(draw(st.integers(60, 3600))), draw(draws()), kind)
        for start in range(count + 1)
        for end in (*range(1, count + 1), -1)
        if start != end
        for kind in range(draw(st.integers(0, 2)))
    ]
    least, reserve = draw(st.integers(0, 3)), draw(st.integers(0, 6))
    return Table(float(draw(st.integers(0, FULL))), float(FULL), float(least), float(reserve), places, ways)


def lowest_and_arrival(table: Table, way: Way, departure: float) -> tuple[float, float]:
    """The lowest charge along a way whose pieces are not known any more, by its `Draw`, and that at its end."""
    draw = way.draw
    return min(departure - draw.need, table.full - draw.fall), min(departure - draw.energy, table.full - draw.drop)


def simple_search(table: Table) -> float | None:
    """The least cost over states (point, whole kWh), trying every charge at every station."""
    best: dict[tuple[int, int], float] = {}
    heap = [(0.0, 0, int(table.charge))]
    while heap:
        cost, point, charge = heapq.heappop(heap)
        if best.get((point, charge), np.inf) <= cost:
            continue
        best[point, charge] = cost
        if point == -1:
            return cost
        departures = [(charge, 0.0)]
        if point > 0:
            station = table.stations[point - 1]
            stop = station.overhead_s + station.cost_s
            top = max(charge, int(min(station.curve.most, table.full)))
            departures = [(d, stop + station.curve.time(charge, d)) for d in range(charge, top + 1)]
        for way in table.ways:
            if way.start != point:
                continue
            for departure, spent in departures:
                lowest, arrival = lowest_and_arrival(table, way, departure)
                if lowest >= table.least and arrival >= (table.reserve if way.end == -1 else table.least):
                    heapq.heappush(heap, (cost + spent + way.time_s, way.end, int(arrival)))
    return None


def driven(table: Table, choice: Choice) -> float:
    """Drive the choice; the time it takes. AssertionError where it does not hold."""
    charge, time = table.charge, 0.0
    assert len(choice.ways) == len(choice.stays) + 1
    assert choice.ways[0].start == 0
    assert choice.ways[-1].end == -1
    for number, way in enumerate(choice.ways):
        if number:
            stay = choice.stays[number - 1]
            station = table.stations[stay.station - 1]
            assert stay.station == way.start == choice.ways[number - 1].end
            assert abs(stay.arrival - charge) < 1e-6
            assert abs(stay.arrival_s - time) < 1e-6
            assert stay.departure >= stay.arrival - 1e-9
            assert stay.departure <= max(stay.arrival, min(station.curve.most, table.full)) + 1e-6
            assert abs(station.curve.time(stay.arrival, stay.departure) - stay.charging_s) < 1e-6
            time += station.overhead_s + stay.charging_s
            charge = stay.departure
        lowest, arrival = lowest_and_arrival(table, way, charge)
        assert lowest >= table.least - 1e-6
        charge, time = arrival, time + way.time_s
    assert charge >= table.reserve - 1e-6
    assert abs(charge - choice.arrival) < 1e-6
    assert abs(time - choice.time_s) < 1e-6
    return time
