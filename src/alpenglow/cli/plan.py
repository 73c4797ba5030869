"""`alpenglow plan`: a trip with its charging stops, on an installed map, without a running car."""

import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from alpenglow.cli.problems import Problem
from alpenglow.cli.tables import show
from alpenglow.platform.directories import default_state_dir

if TYPE_CHECKING:
    from alpenglow.navigation import api
    from alpenglow.navigation.region.regions import Region
    from alpenglow.navigation.trips.planner import Planner

_PREFERENCES = ("fastest", "shortest", "economical")
_AVOIDABLE = ("tolls", "ferries", "unpaved")

From = Annotated[str, typer.Option("--from", metavar="LAT,LON", help="Where the trip begins.")]
To = Annotated[str, typer.Option("--to", metavar="LAT,LON", help="Where it ends.")]
Soc = Annotated[float, typer.Option(min=0.0, max=100.0, metavar="PERCENT", help="Charge at the beginning.")]
Reserve = Annotated[float, typer.Option(min=0.0, max=100.0, metavar="PERCENT", help="Charge to be left at the end.")]
Least = Annotated[float, typer.Option(min=0.0, max=100.0, metavar="PERCENT", help="Charge never gone below.")]
Via = Annotated[list[str] | None, typer.Option(metavar="LAT,LON", help="On the way; may be repeated.")]
Preference = Annotated[str, typer.Option("--prefer", help=f"Which way: {', '.join(_PREFERENCES)}.")]
Avoided = Annotated[list[str] | None, typer.Option("--avoid", help=f"{', '.join(_AVOIDABLE)}; may be repeated.")]
Plugs = Annotated[
    list[str] | None, typer.Option("--plug", help="A plug that the car has (ccs, type2 …); may be repeated.")
]
Networks = Annotated[list[str] | None, typer.Option("--network", help="A preferred network; may be repeated.")]
Outside = Annotated[float, typer.Option(min=-60.0, max=60.0, help="Outside temperature in °C.")]
Headwind = Annotated[float, typer.Option(min=-50.0, max=50.0, help="Wind against the car in m/s.")]
People = Annotated[int, typer.Option(min=1, max=9, help="People in the car.")]
Alternatives = Annotated[int, typer.Option(min=0, max=3, help="Other ways to show as well.")]
Line = Annotated[str, typer.Option(help="Whose car: a vehicle line, or a folder with a line.toml.")]
Map = Annotated[
    str | None,
    typer.Option("--map", help="Name of the map. Default: the one that holds both ends.", show_default=False),
]
StateDir = Annotated[
    Path | None, typer.Option(help="Where the maps are. Default: ~/.local/state/alpenglow.", show_default=False)
]
Language = Annotated[str, typer.Option(help="Of the sentences: en, de, zh, ar.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object: the trip, and its reasons.")]


def plan(
    start: From,
    to: To,
    soc: Soc,
    reserve: Reserve = 10.0,
    least: Least = 5.0,
    via: Via = None,
    preference: Preference = "fastest",
    avoid: Avoided = None,
    plug: Plugs = None,
    network: Networks = None,
    outside: Outside = 20.0,
    headwind: Headwind = 0.0,
    people: People = 1,
    alternatives: Alternatives = 0,
    line: Line = "aurora",
    map_name: Map = None,
    state_dir: StateDir = None,
    language: Language = "en",
    json: Json = False,
) -> None:
    """Plan a trip with its charging stops, without a running car.

    Exit status 1 where the charge cannot last or no road leads there; the answer then says what would help.
    """
    from alpenglow.navigation import api
    from alpenglow.navigation.energy.model import Conditions
    from alpenglow.navigation.trips.explaining import explain
    from alpenglow.navigation.trips.plan import Request
    from alpenglow.navigation.trips.wording import words

    begin, end = read_position(start, "--from"), read_position(to, "--to")
    between = tuple(read_position(each, "--via") for each in via or ())
    options = api.Options(
        preference=_one_of(preference, "--prefer", _PREFERENCES),  # type: ignore[arg-type]
        avoid=api.Avoid(**{_one_of(each, "--avoid", _AVOIDABLE): True for each in avoid or ()}),
        reserve=reserve,
        least=least,
        networks=network or [],
        plugs=plug or [],
        alternatives=alternatives,
    )
    planner = _planner(_region(map_name, state_dir, [begin, *between, end]), line)
    place = api.Place(id="", name=_name(planner, end), kind="address", position=end)
    conditions = Conditions(charge_pct=soc, outside_c=outside, headwind_ms=headwind, people=people)
    began = time.perf_counter()
    planned = planner.plan(Request(begin, place, between, options), conditions, language)
    took_ms = (time.perf_counter() - began) * 1e3
    reasons = explain(planned, words(language)).sentences
    if json:
        told: dict[str, Any] = msgspec.to_builtins(planned.trip)
        told |= {"reasons": reasons, "planning_ms": round(took_ms, 1)}
        print(msgspec.json.encode(told).decode())
    elif planned.trip.feasible:
        _show(planned.trip, reasons)
    else:
        print("\n".join([planned.trip.problem, *(f"· {remedy}" for remedy in planned.trip.remedies)]))
    if not planned.trip.feasible:
        sys.stdout.flush()
        raise typer.Exit(1)


def read_position(text: str, option: str) -> "api.Position":
    """A position as it is given on the command line. BadParameter."""
    from alpenglow.navigation import api

    found = re.fullmatch(r"\s*([-+]?\d+(?:\.\d+)?)\s*,\s*([-+]?\d+(?:\.\d+)?)\s*", text)
    if found and abs(float(found[1])) <= 90.0 and abs(float(found[2])) <= 180.0:
        return api.Position(float(found[1]), float(found[2]))
    raise typer.BadParameter(f"{option} {text}: write it as latitude,longitude in degrees: 42.5078,1.5211")


def _one_of(text: str, option: str, known: tuple[str, ...]) -> str:
    if text not in known:
        raise typer.BadParameter(f"{option} {text}: there are {', '.join(known)}")
    return text


def _region(name: str | None, state_dir: Path | None, places: "list[api.Position]") -> "Region":
    """The map to plan on."""
    from alpenglow.navigation.region import regions
    from alpenglow.navigation.region.problems import RegionError

    maps = regions.maps_dir(state_dir or default_state_dir())
    try:
        if name is not None:
            return regions.open_region(maps, name)
    except RegionError as problem:
        raise Problem(str(problem)) from None
    usable, problems = regions.installed(maps)
    for region in usable:
        if all(region.contains(place.latitude, place.longitude) for place in places):
            return region
    if problems and not usable:
        raise Problem(str(problems[0]))
    if not usable:
        raise Problem("there is no map: add one with `alpenglow map add FILE.osm.pbf`")
    names = ", ".join(region.name for region in usable)
    raise Problem(f"no map holds all of these places; there are {names}")


def _planner(region: "Region", line: str) -> "Planner":
    from alpenglow.navigation.energy.car import CarError, load_car
    from alpenglow.navigation.roads.graph import RoadsError
    from alpenglow.navigation.trips.chargers import ChargersError
    from alpenglow.navigation.trips.planner import open_planner
    from alpenglow.platform.plan import find_line
    from alpenglow.platform.problems import StackProblem

    try:
        car = find_line(line) / "car.toml"
        return open_planner(region, load_car(car if car.exists() else None))
    except (CarError, RoadsError, ChargersError, StackProblem) as problem:
        raise Problem(str(problem)) from None


def _name(planner: "Planner", place: "api.Position") -> str:
    """The street at a place: better than two numbers."""
    snap = planner.snapper.nearest(place.latitude, place.longitude, limit_m=100.0)
    return planner.roads.names[planner.roads.name[snap.edge]] if snap else ""


def _show(trip: "api.Trip", reasons: list[str]) -> None:
    """The trip as a table of where one is when, with what charge, and why."""
    rows = [("start", _clock(0.0), f"{trip.departure_charge:.0f} %", "", "")]
    now = far = 0.0
    for number, leg in enumerate(trip.legs):
        now, far = now + leg.duration_s, far + leg.distance_m
        energy = f"{leg.energy_kwh:.1f} kWh over {leg.distance_m / 1000.0:.1f} km, {leg.climb_m:.0f} m up"
        if number == len(trip.stops):
            rows.append(
                (trip.destination.name or "destination", _clock(now), f"{leg.arrival_charge:.0f} %", "", energy)
            )
            break
        stop = trip.stops[number]
        spent = stop.waiting_s + stop.charging_s
        charges = f"{stop.arrival_charge:.0f} → {stop.departure_charge:.0f} %"
        charging = f"{spent / 60.0:.0f} min at {stop.charger.power_kw:g} kW"
        rows.append((stop.charger.name, _clock(now), charges, charging, energy))
        now += spent
    show(("where", "after", "charge", "charging", "leg"), rows)
    print()
    for reason in reasons:
        print(f"· {reason}")
    for other in trip.alternatives:
        stops = ", ".join(stop.charger.name for stop in other.stops) or "no stop"
        print(
            f"or via {other.route.via}: {other.distance_m / 1000.0:.1f} km, {_clock(other.duration_s)}, "
            f"{other.energy_kwh:.1f} kWh, {stops}"
        )


def _clock(seconds: float) -> str:
    minutes = round(seconds / 60.0)
    return f"{minutes // 60}:{minutes % 60:02d} h"
