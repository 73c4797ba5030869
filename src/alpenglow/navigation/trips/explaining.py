"""Why a plan is as it is, in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

from alpenglow.navigation import api
from alpenglow.navigation.trips.plan import Planned
from alpenglow.navigation.trips.replanning import Expected
from alpenglow.navigation.trips.wording import Words

_CLIMB_M = 150.0  # of climb that are worth a word
_CLIMATE = 0.08  # of the energy that heating and cooling take
_DELAY_S = 60.0  # of traffic that are worth a word
_SAME = 0.02  # of the planned energy within which a drive goes as planned


@dataclass(frozen=True)
class Slowed:
    """What traffic does to a drive."""

    delay_s: float = 0.0  # on the way ahead
    saved_s: float = 0.0  # by having taken this way instead of one with more of it


FREE = Slowed()


def explain(
    planned: Planned,
    say: Words,
    drive: Expected | None = None,
    causes: Sequence[api.Cause] = (),
    instead: Planned | None = None,
    traffic: Slowed = FREE,
) -> api.Explanation:
    """What to tell of a plan.

    `drive`, `causes`: how the drive goes; `instead`: the plan that this one replaced; `traffic`: as it is now.
    """
    if not planned.trip.feasible:
        return api.Explanation(sentences=[planned.trip.problem, *planned.trip.remedies], planned_kwh=0.0, used_kwh=0.0)
    sentences = [*_trip(planned, say), *_slowed(traffic, say), *_stops(planned, say), *_energy(planned, say)]
    if drive is not None:
        sentences = [*_drive(drive, say), *(cause.text for cause in causes), *sentences]
        if instead is not None and instead.found is not None:
            told = {"expected": drive.arrival_pct, "charge": drive.planned_arrival_pct}
            sentences.insert(0, say.say("drive.replanned", **{key: say.percent(v) for key, v in told.items()}))
    return api.Explanation(
        sentences=sentences,
        planned_kwh=drive.planned_kwh if drive else 0.0,
        used_kwh=drive.used_kwh if drive else 0.0,
        causes=list(causes),
    )


def _trip(planned: Planned, say: Words) -> list[str]:
    trip = planned.trip
    told = [
        say.say(
            "plan.trip",
            distance=say.distance(trip.distance_m),
            time=say.time(trip.duration_s),
            energy=say.energy(trip.energy_kwh),
            charge=say.percent(trip.arrival_charge),
        )
    ]
    return told if trip.stops else [*told, say.say("plan.direct")]


def _slowed(traffic: Slowed, say: Words) -> list[str]:
    told = (("plan.traffic", traffic.delay_s), ("plan.faster", traffic.saved_s))
    return [say.say(key, time=say.time(seconds)) for key, seconds in told if seconds >= _DELAY_S]


def _stops(planned: Planned, say: Words) -> list[str]:
    trip, direct = planned.trip, planned.direct
    told: list[str] = []
    if trip.stops and direct is not None:
        begin = trip.departure_charge / 100.0 * planned.full
        arrival = 100.0 * direct.draw.arrival(begin, planned.full) / planned.full
        if begin - direct.draw.need < trip.options.least / 100.0 * planned.full:
            told.append(say.say("plan.impossible", charge=say.percent(trip.departure_charge)))
        else:
            told.append(say.say("plan.needed", charge=say.percent(arrival), reserve=say.percent(trip.options.reserve)))
    for number, stop in enumerate(trip.stops):
        name, power = stop.charger.name, say.power(stop.charger.power_kw)
        told.append(
            say.say(
                "plan.stop",
                name=name,
                arrival=say.percent(stop.arrival_charge),
                departure=say.percent(stop.departure_charge),
                time=say.time(stop.charging_s),
                power=power,
            )
        )
        if len(trip.stops) == 1 and planned.stations > 1:
            told.append(say.say("plan.cheapest", name=name, count=planned.stations))
        if not stop.charger.known:
            told.append(say.say("plan.assumed", name=name, power=power))
        if stop.waiting_s >= 60.0:
            told.append(say.say("plan.waiting", name=name, time=say.time(stop.waiting_s)))
        if number == 0 and trip.precondition_s is not None:
            told.append(
                say.say("plan.precondition", time=say.time(trip.precondition_s), saved=say.time(planned.saved_s))
            )
    return told


def _energy(planned: Planned, say: Words) -> list[str]:
    trip = planned.trip
    sums: dict[str, float] = {}
    for leg in trip.legs:
        for part in leg.parts:
            sums[part.reason] = sums.get(part.reason, 0.0) + part.energy_kwh
    told: list[str] = []
    climb = sum(leg.climb_m for leg in trip.legs)
    if climb >= _CLIMB_M and sums.get("climb", 0.0) > 0.0:
        told.append(
            say.say(
                "plan.climb",
                climb=say.height(round(climb, -1)),
                up=say.energy(sums["climb"]),
                down=say.energy(max(0.0, -sums.get("descent", 0.0))),
            )
        )
    climate = sums.get("climate", 0.0)
    if trip.energy_kwh > 0.0 and climate > _CLIMATE * trip.energy_kwh:
        share = say.percent(100.0 * climate / trip.energy_kwh)
        told.append(say.say("plan.climate", energy=say.energy(climate), share=share))
    return told


def _drive(drive: Expected, say: Words) -> list[str]:
    more = drive.used_kwh - drive.planned_kwh
    share = abs(more) / max(abs(drive.planned_kwh), 0.05)
    used, planned = say.energy(drive.used_kwh), say.energy(drive.planned_kwh)
    if share < _SAME:
        return [say.say("drive.as_planned", used=used)]
    key = "drive.more" if more > 0.0 else "drive.less"
    return [say.say(key, used=used, planned=planned, share=say.percent(100.0 * share))]
