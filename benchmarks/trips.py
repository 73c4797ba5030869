"""Trip plans: how long one takes, and how near the best there is it comes."""

import time
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
from tests.navigation.andorra import LINES, country
from tests.navigation.trips.oracle import STEP, Exhaustive, lowest

from alpenglow.navigation import api
from alpenglow.navigation.energy.car import CarData, load_car
from alpenglow.navigation.energy.model import Conditions
from alpenglow.navigation.energy.speeds import NORMAL
from alpenglow.navigation.region.chargers import Station
from alpenglow.navigation.trips.plan import Request
from alpenglow.navigation.trips.planner import Planner
from benchmarks.table import Row, at_least, at_most, quantile

_MAPS = Path(__file__).parents[2] / "shared" / "data" / "maps"
_TRIPS = 50
_NEAR = 1.02  # of the best time
_TOLERANCE = 0.1  # per cent of charge that rounding may hide
_CONDITIONS = Conditions(outside_c=12.0, battery_c=15.0)


@dataclass(frozen=True)
class Case:
    """A trip to plan."""

    planner: Planner
    oracle: Exhaustive
    request: Request
    conditions: Conditions


def run() -> list[Row]:
    """Time of a plan; plans against the exhaustive search."""
    return [*timed(), *judged(cases(_TRIPS))]


def small(car: CarData, energy_kwh: float) -> CarData:
    """The car with a battery so small that Andorra is large."""
    share = energy_kwh / car.battery.energy
    battery = msgspec.structs.replace(
        car.battery, energy=energy_kwh, heat_capacity=car.battery.heat_capacity * max(0.3, share)
    )
    return msgspec.structs.replace(car, battery=battery)


def stronger(stations: list[Station], seed: int) -> list[Station]:
    """The same stations, some of them with invented fast plugs: the map of Andorra knows of none."""
    dice = np.random.default_rng(seed)
    made = []
    for station in stations:
        power_kw = float(dice.choice([0.0, 0.0, 22.0, 50.0, 150.0]))
        plug = "ccs" if power_kw > 22.0 else "type2"
        more = {"plugs": [plug], "outputs": {plug: power_kw}, "power_kw": power_kw, "known": True} if power_kw else {}
        made.append(msgspec.structs.replace(station, **more))
    return made


def cases(count: int, seed: int = 5) -> list[Case]:
    """Random trips that cannot be driven without charging, half of them over invented fast stations."""
    ground = country(_MAPS)
    car = load_car(LINES / "aurora" / "car.toml")
    dice = np.random.default_rng(seed)
    makers = []
    for energy, stations in ((4.5, ground.stations), (7.0, stronger(ground.stations, 1)), (77.4, ground.stations)):
        planner = Planner(ground.roads, ground.network, ground.snapper, stations, small(car, energy))
        makers.append((planner, Exhaustive(planner, _CONDITIONS, 11e3), 60.0 if energy < 20.0 else 10.0))
    found: list[Case] = []
    for start, end in ground.trips(40 * count, seed, least_m=6000.0):
        if len(found) == count:
            break
        planner, oracle, most = makers[len(found) % len(makers)]
        charge = float(dice.uniform(0.3, 1.0) * most)
        place = api.Place(id="", name="", kind="address", position=api.Position(end.lat, end.lon))
        case = Case(
            planner,
            oracle,
            Request(api.Position(start.lat, start.lon), place),
            replace(_CONDITIONS, charge_pct=charge),
        )
        direct = planner.pricing(case.conditions, "fastest", api.Avoid(), 11e3, NORMAL, None)
        priced = direct.price(0, (start, end), charge, _CONDITIONS.cells_c, True)
        percent = 100.0 / planner.full
        if charge - percent * priced.draw.energy < 10.0 or charge - percent * priced.draw.need < 5.0:
            found.append(case)
    return found


def timed() -> list[Row]:
    """How long plans with stops take, the first under some conditions and those after it."""
    first, later, stops = [], [], []
    for case in cases(_TRIPS, 6):
        fresh = Planner(
            case.planner.roads,
            case.planner.network,
            case.planner.snapper,
            case.planner.pool.stations,
            case.planner.car,
        )
        case.planner.plan(case.request, replace(case.conditions, charge_pct=100.0))
        for planner, times in ((fresh, first), (case.planner, later)):
            began = time.perf_counter()
            planned = planner.plan(case.request, case.conditions)
            took = time.perf_counter() - began
            if planned.trip.feasible:
                times.append(took)
        stops.append(len(planned.trip.stops))
    note = f"{len(later)} trips with {min(s for s in stops if s)} to {max(stops)} stops"
    return [
        at_most("trip plan with up to 3 stops, p50", quantile(later, 0.5) * 1e3, 150, "ms", note),
        Row("trip plan with up to 3 stops, p95", quantile(later, 0.95) * 1e3, "ms"),
        Row("the same, first plan under new conditions, p50", quantile(first, 0.5) * 1e3, "ms"),
    ]


def judged(trips: list[Case], quiet: bool = True) -> list[Row]:
    """Plans against an exhaustive search over charge in half per cents."""
    ratios, bounds, wrong, missed, counts = [], [], 0, 0, []
    for case in trips:
        planned = case.planner.plan(case.request, case.conditions)
        options = case.request.options
        position = case.request.destination.position
        start = case.planner.snapper.nearest(case.request.start.latitude, case.request.start.longitude)
        end = case.planner.snapper.nearest(position.latitude, position.longitude)
        assert start is not None
        assert end is not None
        stations = case.planner.pool.all(case.planner.plugs(()), options, {})
        question = (start, end, stations, case.conditions.charge_pct, options.least, options.reserve)
        best, bound = case.oracle.best(*question, up=False), case.oracle.best(*question, up=True)
        if planned.found is None:
            missed += best is not None
        else:
            counts.append(len(planned.trip.stops))
            margins = lowest(case.planner, planned)
            wrong += bound is None or min(margins) < -_TOLERANCE
            ratios.append(planned.found.cost_s / best if best is not None else 1.0)
            bounds.append(planned.found.cost_s / bound if bound is not None else 1.0)
        if not quiet:
            found = planned.found
            print(
                f"{case.planner.full:5.1f} kWh {case.conditions.charge_pct:4.0f} % stops {len(planned.trip.stops)} "
                f"planned {found.cost_s if found else None} best {best} bound {bound} "
                f"{lowest(case.planner, planned) if found else planned.trip.remedies}"
            )
    near = 100.0 * sum(ratio <= _NEAR for ratio in ratios) / max(1, len(ratios))
    note = f"{len(ratios)} of {len(trips)} trips can be done, with {min(counts, default=0)} to {max(counts, default=0)} stops; charge in steps of {STEP:g} %"  # noqa: E501
    return [
        at_least("trip plans within 2 % of the best by exhaustive search", near, 95, "%", note),
        Row("a plan's time over the best, mean", float(np.mean(ratios or [1.0])), "times"),
        Row("a plan's time over a bound that none can beat, mean", float(np.mean(bounds or [1.0])), "times"),
        at_most("infeasible trips planned as feasible", wrong, 0, "trips"),
        at_most("feasible trips said to be infeasible", missed, 0, "trips"),
    ]
