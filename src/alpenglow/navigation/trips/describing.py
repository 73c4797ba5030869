"""A plan as other rooms and the pages read it: legs, stops and the route, whose numbers add up."""

import uuid
from collections.abc import Sequence

import numpy as np

from alpenglow.navigation import api
from alpenglow.navigation.roads.graph import FERRY, TOLL, UNPAVED, Roads
from alpenglow.navigation.trips.chargers import PLUG_IN_S
from alpenglow.navigation.trips.legs import KWH, Piece, Priced
from alpenglow.navigation.trips.search import Found, Stayed

_LEAST_KWH = 1e-6


def trip(
    roads: Roads,
    destination: api.Place,
    via: Sequence[api.Position],
    options: api.Options,
    found: Found,
    full: float,
    straight_s: Sequence[float],
) -> api.Trip:
    """The plan `found`. `straight_s`: of each stop, how long its neighbours are apart without it."""
    legs = [leg(priced, charges, full) for priced, charges in zip(found.legs, found.charges, strict=True)]
    stops = [
        _stop(stay, full, max(0.0, found.legs[n].time_s + found.legs[n + 1].time_s - straight_s[n]))
        for n, stay in enumerate(found.stays)
    ]
    way = route(
        roads, [piece for priced in found.legs for piece in priced.pieces], sum(each.energy_kwh for each in legs)
    )
    precondition_s = legs[0].duration_s - found.warming_s if found.warming_s else None
    return api.Trip(
        id=uuid.uuid4().hex[:12],
        destination=destination,
        via=list(via),
        options=options,
        feasible=True,
        route=way,
        legs=legs,
        stops=stops,
        distance_m=sum(each.distance_m for each in legs),
        duration_s=sum(each.duration_s for each in legs) + sum(stop.waiting_s + stop.charging_s for stop in stops),
        energy_kwh=sum(each.energy_kwh for each in legs),
        departure_charge=legs[0].departure_charge,
        arrival_charge=legs[-1].arrival_charge,
        precondition_s=precondition_s,
    )


def route(roads: Roads, pieces: Sequence[Piece], energy_kwh: float) -> api.Route:
    """The way over `pieces`, one behind the other."""
    points: list[tuple[float, float]] = []
    flags = 0
    metres: dict[str, float] = {}
    for piece in pieces:
        lon, lat = piece.line.lon.tolist(), piece.line.lat.tolist()
        points += list(zip(lon, lat, strict=True))[bool(points) :]
        flags |= int(np.bitwise_or.reduce(roads.flags[piece.path.edges], initial=0))
        for edge in piece.path.edges.tolist():
            name = roads.names[roads.name[edge]]
            metres[name] = metres.get(name, 0.0) + float(roads.length_m[edge])
    metres.pop("", None)
    return api.Route(
        points=points,
        distance_m=sum(piece.distance_m for piece in pieces),
        duration_s=sum(piece.time_s for piece in pieces),
        energy_kwh=energy_kwh,
        tolls=bool(flags & TOLL),
        ferries=bool(flags & FERRY),
        unpaved=bool(flags & UNPAVED),
        via=max(metres, key=metres.__getitem__, default=""),
    )


def nowhere(
    destination: api.Place,
    via: Sequence[api.Position],
    options: api.Options,
    charge: float,
    problem: str,
    remedies: Sequence[str] = (),
    way: api.Route | None = None,
) -> api.Trip:
    """A trip that cannot be done. `way`: the route where there is one; `charge`: per cent."""
    empty = api.Route(points=[], distance_m=0.0, duration_s=0.0, energy_kwh=0.0)
    return api.Trip(
        id=uuid.uuid4().hex[:12],
        destination=destination,
        via=list(via),
        options=options,
        feasible=False,
        problem=problem,
        remedies=list(remedies),
        route=way or empty,
        distance_m=way.distance_m if way else 0.0,
        duration_s=way.duration_s if way else 0.0,
        energy_kwh=way.energy_kwh if way else 0.0,
        departure_charge=percent(charge, 100.0),
    )


def percent(charge: float, full: float) -> float:
    """Charge as the driver reads it."""
    return min(100.0, max(0.0, 100.0 * charge / full))


def climb(heights: Sequence[Piece]) -> tuple[float, float]:
    """Metres up and metres down."""
    steps = [np.diff(piece.profile.height_m) for piece in heights]
    up = sum(float(s[s > 0.0].sum()) for s in steps)
    return up, -sum(float(s[s < 0.0].sum()) for s in steps)


def leg(priced: Priced, charges: tuple[float, float], full: float) -> api.Leg:
    """What is driven from one stop to the next. `charges`, `full`: kWh."""
    departure, arrival = charges
    used = departure - arrival
    parts: dict[str, float] = {}
    for piece in priced.pieces:
        for reason, joules in piece.driven.parts_j.items():
            parts[reason] = parts.get(reason, 0.0) + joules / KWH
    # What a full battery could not take back, and what the rounding of states hides.
    parts["other"] = parts.get("other", 0.0) + used - sum(parts.values())
    up, down = climb(priced.pieces)
    return api.Leg(
        distance_m=sum(piece.distance_m for piece in priced.pieces),
        duration_s=priced.time_s,
        energy_kwh=used,
        departure_charge=percent(departure, full),
        arrival_charge=percent(arrival, full),
        climb_m=up,
        descent_m=down,
        parts=[
            api.Part(reason=reason, energy_kwh=kwh)  # type: ignore[arg-type]
            for reason, kwh in parts.items()
            if abs(kwh) > _LEAST_KWH
        ],
    )


def _stop(stay: Stayed, full: float, detour_s: float) -> api.Stop:
    station = stay.candidate.station
    return api.Stop(
        charger=station.charger,
        arrival_charge=percent(stay.arrival, full),
        departure_charge=percent(stay.departure, full),
        charging_s=stay.charging_s + PLUG_IN_S,
        waiting_s=station.waiting_s,
        energy_kwh=stay.departure - stay.arrival,
        arrival_s=stay.arrival_s,
        detour_s=detour_s,
    )
