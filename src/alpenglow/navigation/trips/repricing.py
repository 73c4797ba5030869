"""A plan that is followed, under other traffic: the same ways and stops at other times and charges."""

from dataclasses import replace

import msgspec

from alpenglow.navigation import api
from alpenglow.navigation.roads.graph import Floats
from alpenglow.navigation.trips import describing
from alpenglow.navigation.trips.legs import CHARGING_W, Priced
from alpenglow.navigation.trips.plan import Planned
from alpenglow.navigation.trips.planner import Planner
from alpenglow.navigation.trips.search import Found, Stayed


def repriced(planner: Planner, planned: Planned, traffic: Floats | None) -> Planned:
    """`planned` driven with these factors on the edges' speeds. It keeps its id: it is the same trip.

    At a stop the battery is charged to what was planned and for as long as was planned; the arrival there moves.
    Whether the charge still lasts is for the caller to see. ValueError for a plan that cannot be done.
    """
    found, options = planned.found, planned.trip.options
    if found is None:
        raise ValueError("a trip that cannot be done takes no time")
    pricing = planner.pricing(planned.conditions, options.preference, options.avoid, CHARGING_W, planned.pace, traffic)
    legs: list[Priced] = []
    charges: list[tuple[float, float]] = []
    for number, (leg, (begin, _)) in enumerate(zip(found.legs, found.charges, strict=True)):
        begin = max(begin, charges[-1][1]) if charges else begin
        paths = [piece.path for piece in leg.pieces]
        celsius = found.stays[number - 1].battery_c if number and found.stays else planned.conditions.cells_c
        prepare_s = leg.time_s - found.warming_s if found.warming_s and not number else None
        priced = pricing.along(
            paths,
            [pricing.profile(path) for path in paths],
            100.0 * begin / planned.full,
            celsius,
            number == 0,
            leg.places,
            prepare_s,
        )
        legs.append(priced)
        charges.append((begin, priced.draw.arrival(begin, planned.full)))
    slower_s = sum(leg.time_s for leg in legs) - sum(leg.time_s for leg in found.legs)
    trip = _told(planned, legs, charges)
    stays = tuple(
        _stayed(stay, stop, charges[n]) for n, (stay, stop) in enumerate(zip(found.stays, trip.stops, strict=False))
    )
    made = Found(
        *(tuple(legs), tuple(charges), stays, found.time_s + slower_s, found.cost_s + slower_s, found.warming_s)
    )
    return replace(planned, trip=trip, found=made, traffic=traffic)


def _told(planned: Planned, legs: list[Priced], charges: list[tuple[float, float]]) -> api.Trip:
    """The trip as people read it."""
    trip, full = planned.trip, planned.full
    told = [describing.leg(priced, charge, full) for priced, charge in zip(legs, charges, strict=True)]
    stops: list[api.Stop] = []
    now_s = 0.0
    for number, stop in enumerate(trip.stops):
        now_s += told[number].duration_s
        arrival, departure = charges[number][1], charges[number + 1][0]
        stops.append(
            msgspec.structs.replace(
                stop,
                arrival_s=now_s,
                arrival_charge=told[number].arrival_charge,
                departure_charge=told[number + 1].departure_charge,
                energy_kwh=departure - arrival,
            )
        )
        now_s += stop.charging_s + stop.waiting_s
    driving_s = sum(leg.duration_s for leg in told)
    energy = sum(leg.energy_kwh for leg in told)
    return msgspec.structs.replace(
        trip,
        route=msgspec.structs.replace(trip.route, duration_s=driving_s, energy_kwh=energy),
        legs=told,
        stops=stops,
        duration_s=now_s + told[-1].duration_s,
        energy_kwh=energy,
        arrival_charge=told[-1].arrival_charge,
    )


def _stayed(stay: Stayed, stop: api.Stop, charges: tuple[float, float]) -> Stayed:
    return replace(stay, arrival_s=stop.arrival_s, arrival=charges[1])
