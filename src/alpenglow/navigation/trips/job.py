"""One plan in the making."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from alpenglow.navigation import api
from alpenglow.navigation.energy.model import Conditions
from alpenglow.navigation.energy.speeds import ECONOMICAL, NORMAL, Pace
from alpenglow.navigation.roads.graph import Floats
from alpenglow.navigation.trips import describing
from alpenglow.navigation.trips.chargers import Status
from alpenglow.navigation.trips.charging import READY_C
from alpenglow.navigation.trips.legs import Priced, Pricing
from alpenglow.navigation.trips.plan import Places, Planned, Request
from alpenglow.navigation.trips.pool import Candidate, near
from alpenglow.navigation.trips.search import Found, Search
from alpenglow.navigation.trips.wording import Words

if TYPE_CHECKING:
    from alpenglow.navigation.trips.planner import Planner

_LONGER = 1.5  # how much longer than the best an alternative may take
_WORTH_S = 60.0  # of charging that warming the battery must save


class Job:
    """A request, its places on the road, and what is known of the car and the day."""

    def __init__(
        self,
        planner: "Planner",
        request: Request,
        places: Places,
        conditions: Conditions,
        say: Words,
        status: Mapping[str, Status],
        traffic: Floats | None,
    ) -> None:
        self.planner, self.request, self.places, self.say = planner, request, places, say
        self.conditions, self.status, self.traffic = conditions, status, traffic
        self.options = request.options
        self.full = planner.full
        self.charge = conditions.charge_pct / 100.0 * self.full  # kWh
        self.battery_c = conditions.outside_c if conditions.battery_c is None else conditions.battery_c
        self.candidates = self.stations(planner.plugs(self.options.plugs))
        self.pricing = self.prices(conditions)
        self._search: Search | None = None

    def stations(self, plugs: frozenset[str]) -> list[Candidate]:
        """Those near the way that fit `plugs`."""
        along = [self.request.start, *self.request.via, self.request.destination.position]
        return near(self.planner.pool.all(plugs, self.options, self.status), along)

    def prices(
        self, conditions: Conditions, preference: api.Preference | None = None, pace: Pace | None = None
    ) -> Pricing:
        """Prices for this trip. Who wants it economical drives gently as well, where nothing else is said."""
        car = self.planner.car.charging
        powers = [
            min(c.station.power_kw * 1e3, car.dc_power if c.station.direct else car.ac_power) for c in self.candidates
        ]
        wanted = preference or self.options.preference
        pace = pace or (ECONOMICAL if wanted == "economical" else NORMAL)
        return self.planner.pricing(
            conditions, wanted, self.options.avoid, max(powers, default=car.ac_power), pace, self.traffic
        )

    @property
    def search(self) -> Search:
        """The ways and stations of this trip."""
        if self._search is None:
            self._search = self.searching(self.pricing, self.candidates)
        return self._search

    def searching(self, pricing: Pricing, candidates: Sequence[Candidate], warm: bool = False) -> Search:
        """Ways and stations at other prices."""
        where = self.places
        curves = self.planner.curves(pricing.conditions.outside_c)
        return Search(pricing, curves, where.start, where.via, where.end, candidates, self.battery_c, warm)

    def kwh(self, percent: float) -> float:
        """Of the battery."""
        return percent / 100.0 * self.full

    def straight(self, pricing: Pricing | None = None, charge: float | None = None) -> Priced:
        """The way without a stop; NoPath."""
        percent = self.conditions.charge_pct if charge is None else 100.0 * charge / self.full
        return (pricing or self.pricing).price(0, self.places.all, percent, self.battery_c, fresh=True)

    def lasts(self, priced: Priced, charge: float | None = None) -> Found | None:
        """The plan without a stop, where the charge lasts and the reserve is kept."""
        begin = self.charge if charge is None else charge
        least, reserve = self.kwh(self.options.least), self.kwh(self.options.reserve)
        draw, arrival = priced.draw, priced.draw.arrival(begin, self.full)
        if begin - draw.need < least or self.full - draw.fall < least or arrival < reserve:
            return None
        return Found((priced,), ((begin, arrival),), (), priced.time_s, priced.time_s)

    def plan(self) -> Planned | None:
        """The plan; None where there is none. NoPath."""
        direct = self.straight()
        found, saved_s = self.lasts(direct), 0.0
        if found is None:
            least, reserve = self.kwh(self.options.least), self.kwh(self.options.reserve)
            found = self.search.solve(self.charge, least, reserve)
            if found is None and self.options.preference != "fastest":
                self.pricing, self._search = self.prices(self.conditions, "fastest"), None
                found = self.search.solve(self.charge, least, reserve)
            if found is None:
                return None
            found, saved_s = self._warmed(found)
        planned = self.described(found, direct, saved_s)
        if self.options.alternatives:
            others = tuple(self._alternatives(found, direct))
            trip = msgspec.structs.replace(planned.trip, alternatives=[other.trip for other in others])
            planned = replace(planned, trip=trip, alternatives=others)
        return planned

    def described(self, found: Found, direct: Priced | None, saved_s: float = 0.0) -> Planned:
        """`found` as a trip."""
        trip = describing.trip(
            self.planner.roads,
            self.request.destination,
            self.request.via,
            self.options,
            self._with_names(found),
            self.full,
            self._without_stops(found),
        )
        return Planned(
            *(trip, self.request, self.conditions, self.full, found, direct, len(self.candidates), saved_s),
            pace=self.pricing.pace,
            traffic=self.traffic,
        )

    def _with_names(self, found: Found) -> Found:
        stays = []
        for stay in found.stays:
            charger = self.planner.name(stay.candidate, self.say)
            station = replace(stay.candidate.station, charger=charger)
            stays.append(replace(stay, candidate=replace(stay.candidate, station=station)))
        return replace(found, stays=tuple(stays))

    def _without_stops(self, found: Found) -> list[float]:
        """Of each stop: seconds between its neighbours the quickest way, past the same via points."""
        seconds = []
        for number in range(len(found.stays)):
            before, after = found.legs[number].places, found.legs[number + 1].places
            paths = self.pricing.paths(0, (*before[:-1], *after[1:]))
            seconds.append(sum(self.planner.network.totals(path, self.pricing.costs.time_s)[0] for path in paths))
        return seconds

    def _warmed(self, found: Found) -> tuple[Found, float]:
        """The plan with a battery that is warmed for its first stop, where that pays; and what it saves."""
        curves = self.planner.curves(self.pricing.conditions.outside_c)
        slow_s = 0.0
        for stay in found.stays:
            if stay.candidate.station.direct and stay.battery_c < READY_C - 1.0:
                ready = curves.at(stay.candidate.station, READY_C)
                slow_s = max(slow_s, stay.charging_s - ready.time(stay.arrival, stay.departure))
        if slow_s < _WORTH_S:
            return found, 0.0
        warm = self.searching(self.pricing, self.candidates, warm=True)
        other = warm.solve(self.charge, self.kwh(self.options.least), self.kwh(self.options.reserve))
        if other is None or other.cost_s > found.cost_s - _WORTH_S or not other.warming_s:
            return found, 0.0
        return other, found.time_s - other.time_s

    def _alternatives(self, best: Found, direct: Priced) -> list[Planned]:
        """Other ways, or other stations, that are not much longer."""
        others: list[Planned] = []
        if best.stays:
            least, reserve = self.kwh(self.options.least), self.kwh(self.options.reserve)
            barred: set[str] = set()
            for stay in best.stays:
                barred.add(stay.candidate.station.charger.id)
                for without in (frozenset({stay.candidate.station.charger.id}), frozenset(barred)):
                    found = self.search.solve(self.charge, least, reserve, without)
                    if found is not None and found.time_s <= _LONGER * best.time_s:
                        self._add(others, found, direct)
        elif not self.places.via:
            for path in self.planner.network.alternatives(
                self.places.start, self.places.end, self.pricing.weights[0], self.options.alternatives
            )[1:]:
                speeds = self.pricing.profile(path)
                priced = self.pricing.along(
                    [path], [speeds], self.conditions.charge_pct, self.battery_c, True, self.places.all
                )
                found = self.lasts(priced)
                if found is not None:
                    self._add(others, found, priced)
        return others[: self.options.alternatives]

    def _add(self, others: list[Planned], found: Found, direct: Priced) -> None:
        ids = [stay.candidate.station.charger.id for stay in found.stays]
        taken = [[stop.charger.id for stop in other.trip.stops] for other in others]
        if not ids or ids not in taken:
            others.append(self.described(found, direct))
