"""Routes and energy over all of Andorra: how long a route takes beside Valhalla's, what economical ways save, and how
near the planned energy comes to what the simulated car uses."""

import tempfile
import time
from pathlib import Path

import numpy as np
from tests.navigation.andorra import BORDER, CAPITAL, LINES, PASS, Country, country
from tests.navigation.energy.driving import drive, on_cycle

from alpenglow.navigation.energy.model import Conditions, Driven
from alpenglow.navigation.energy.reach import reachable
from alpenglow.navigation.energy.speeds import ECONOMICAL, NORMAL, Pace, profile
from alpenglow.navigation.region.building import build_region
from alpenglow.navigation.region.regions import open_region
from alpenglow.navigation.roads.paths import Path as Way
from alpenglow.navigation.roads.snapping import Snap
from alpenglow.vehicle.ev.parameters import Parameters, load_parameters
from benchmarks.table import Row, at_least, at_most, quantile

_MAPS = Path(__file__).parents[2] / "shared" / "data" / "maps"
_ROUTES = 200
_ACROSS_M = 8000.0
_ECONOMICAL = 50
_CLIMB_M = 100.0  # of climbing on the way make a trip one with climb
_SOLDEU = (42.5763, 1.6676)


def run() -> list[Row]:
    """Routing, prices, economy, energy against the simulated car and FASTSim."""
    land = country(_MAPS)
    return [*_routing(land), *_prices(land), *_economy(land), *_energy(land)]


def _routing(land: Country) -> list[Row]:
    import valhalla

    trips = land.trips(_ROUTES, seed=2, least_m=_ACROSS_M)
    weights = land.time_weights()
    with tempfile.TemporaryDirectory() as folder:
        build_region(_MAPS / "andorra.osm.pbf", Path(folder), "andorra", [_MAPS / "N42E001.hgt.zip"])
        router = valhalla.Actor(open_region(Path(folder), "andorra").routing_config())
        ours, theirs, searches, lengths = [], [], [], []
        for start, end in trips:
            began = time.perf_counter()
            a = land.snapper.nearest(start.lat, start.lon)
            b = land.snapper.nearest(end.lat, end.lon)
            assert a is not None
            assert b is not None
            snapped = time.perf_counter()
            path = land.network.find(a, b, weights)
            searches.append(time.perf_counter() - snapped)
            line = land.network.line(path)
            land.network.totals(path, land.costs.time_s, land.costs.energy_j)
            ours.append(time.perf_counter() - began)
            places = [{"lat": s.lat, "lon": s.lon} for s in (start, end)]
            began = time.perf_counter()
            answer = router.route({"locations": places, "costing": "auto", "directions_type": "none"})
            theirs.append(time.perf_counter() - began)
            lengths.append(float(line.distance_m[-1]) / 1000.0 / answer["trip"]["summary"]["length"])
    return [
        at_most(f"route across the country, p50 ({_ROUTES} trips)", quantile(ours, 0.5) * 1e3, 10, "ms"),
        at_most("route across the country, p95", quantile(ours, 0.95) * 1e3, 25, "ms"),
        Row("its search alone, p50", quantile(searches, 0.5) * 1e3, "ms"),
        Row("the same routes by Valhalla, without manoeuvres, p50", quantile(theirs, 0.5) * 1e3, "ms"),
        Row("Valhalla's time over ours, p50", quantile(theirs, 0.5) / quantile(ours, 0.5), "times"),
        Row("our routes' length over Valhalla's, median", quantile(lengths, 0.5), "times"),
    ]


def _prices(land: Country) -> list[Row]:
    priced, reached, along = [], [], []
    start = land.snap(CAPITAL)
    for charge in (30.0, 50.0, 60.0, 70.0, 90.0):
        began = time.perf_counter()
        costs = land.model.edge_costs(land.roads, Conditions(charge_pct=charge))
        priced.append(time.perf_counter() - began)
        began = time.perf_counter()
        reachable(land.network, costs, start, charge / 1000.0 * land.model.car.usable_j)
        reached.append(time.perf_counter() - began)
    for a, b in land.trips(20, seed=4, least_m=_ACROSS_M):
        path = land.network.find(a, b, land.time_weights())
        began = time.perf_counter()
        _driven(land, path, NORMAL, Conditions())
        along.append(time.perf_counter() - began)
    return [
        at_most(f"energy of all {land.roads.edges:,} edges, p50", quantile(priced, 0.5) * 1e3, 20, "ms"),
        Row("speeds and energy along a route across the country, p50", quantile(along, 0.5) * 1e3, "ms"),
        Row("reachable area, p50", quantile(reached, 0.5) * 1e3, "ms"),
    ]


def _driven(land: Country, path: Way, pace: Pace, conditions: Conditions) -> tuple[Driven, float, float]:
    """What a way takes, its seconds, and its metres of climb."""
    speeds = profile(land.roads, path, land.network.line(path), pace)
    climb = float(np.maximum(np.diff(speeds.height_m), 0.0).sum())
    return land.model.along(speeds, conditions), speeds.duration_s, climb


def _economy(land: Country) -> list[Row]:
    network, conditions = land.network, Conditions()
    quick = land.time_weights()
    same_pace = network.weights(land.costs, "economical")
    gentle = network.weights(land.model.edge_costs(land.roads, conditions, ECONOMICAL), "economical")
    route, pace, longer, uphill = [], [], [], []
    for a, b in land.trips(400, seed=7, least_m=3000.0):
        fast, seconds, climb = _driven(land, network.find(a, b, quick), NORMAL, conditions)
        if climb < _CLIMB_M or fast.total_j < 1e6:
            continue
        other, _, _ = _driven(land, network.find(a, b, same_pace), NORMAL, conditions)
        calm, slower, _ = _driven(land, network.find(a, b, gentle), ECONOMICAL, conditions)
        route.append(100.0 * (1.0 - other.total_j / fast.total_j))
        pace.append(100.0 * (1.0 - calm.total_j / fast.total_j))
        longer.append(100.0 * (slower / seconds - 1.0))
        if _rises(land, a, b):
            uphill.append(pace[-1])
        if len(pace) == _ECONOMICAL:
            break
    note = f"{len(pace)} trips with ≥ {_CLIMB_M:.0f} m of climb"
    return [
        at_least("economical against fastest: energy saved, median", quantile(pace, 0.5), 8, "%", note),
        Row("by the choice of the route alone, median", quantile(route, 0.5), "%"),
        Row("time that it costs, median", quantile(longer, 0.5), "%"),
        Row("saved where the destination is ≥ 100 m higher, median", quantile(uphill, 0.5), "%", note=f"{len(uphill)}"),
    ]


def _rises(land: Country, start: Snap, end: Snap) -> bool:
    height = land.roads.node_height[land.roads.end]
    return bool(height[end.edge] - height[start.edge] >= _CLIMB_M)


def _energy(land: Country) -> list[Row]:
    parameters = load_parameters(LINES / "aurora" / "car.toml")
    rows: list[Row] = []
    cases = (
        ("up", CAPITAL, PASS, Conditions(charge_pct=70.0)),
        ("rolling, 3 people, 8 °C", _SOLDEU, PASS, Conditions(charge_pct=60.0, outside_c=8.0, people=3)),
        ("winter, −8 °C, cold car", CAPITAL, _SOLDEU, Conditions(charge_pct=60.0, outside_c=-8.0, cabin_c=-8.0)),
        ("summer, 32 °C, headwind", BORDER, CAPITAL, Conditions(charge_pct=30.0, outside_c=32.0, headwind_ms=5.0)),
    )
    for name, start, end, conditions in cases:
        used, planned = _both(land, parameters, start, end, conditions)
        error = 100.0 * abs(planned / used - 1.0)
        rows.append(at_most(f"energy planned against driven: {name}", error, 5, "%", f"{used / 3.6e6:.2f} kWh"))
    down, back = _both(land, parameters, PASS, CAPITAL, Conditions(charge_pct=60.0))
    note = f"{-down / 3.6e6:.2f} kWh won back, {-back / 3.6e6:.2f} planned"
    rows.append(at_most("energy planned against driven: down", 100.0 * abs(back / down - 1.0), 5, "%", note))
    for cycle in ("udds.csv", "hwfet.csv"):
        ours, oracle, metres = on_cycle(cycle)
        note = f"{ours / metres / 3.6:.0f} and {oracle / metres / 3.6:.0f} Wh/km"
        rows.append(at_most(f"energy against FASTSim: {cycle[:-4]}", 100.0 * abs(ours / oracle - 1.0), 10, "%", note))
    return rows


def _both(
    land: Country, parameters: Parameters, start: tuple[float, float], end: tuple[float, float], conditions: Conditions
) -> tuple[float, float]:
    """J of content that the simulated car used, and that were planned."""
    path = land.network.find(land.snap(start), land.snap(end), land.time_weights())
    speeds = profile(land.roads, path, land.network.line(path))
    planned = land.model.along(speeds, conditions).total_j
    return drive(parameters, speeds, conditions).content_j, planned
