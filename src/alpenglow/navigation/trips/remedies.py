"""A trip that cannot be done: why, and what would make it possible. Every remedy has been planned, none is a guess."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from alpenglow.navigation.energy.speeds import ECONOMICAL
from alpenglow.navigation.trips import describing
from alpenglow.navigation.trips.job import Job
from alpenglow.navigation.trips.legs import Priced, Pricing
from alpenglow.navigation.trips.plan import Planned
from alpenglow.navigation.trips.search import Found

_CABLES = ("type2", "schuko")  # what people carry along
_MOST = 4  # remedies that are told
_FULL = 98.0  # per cent that charging before the trip can be expected to reach
_MILD_C = (14.0, 26.0)  # between these the climate control hardly matters


def failed(job: Job) -> Planned:
    """The trip of a job for which there is no plan. NoPath where there is no way either."""
    direct = job.straight()
    problem, remedies = _Failing(job, direct).told()
    place = job.request.destination
    way = describing.route(job.planner.roads, direct.pieces, direct.draw.energy)
    trip = describing.nowhere(place, job.request.via, job.options, job.conditions.charge_pct, problem, remedies, way)
    return Planned(trip, job.request, job.conditions, job.full, None, direct, len(job.candidates))


class _Failing:
    def __init__(self, job: Job, direct: Priced) -> None:
        self.job, self.direct, self.say = job, direct, job.say
        self.least, self.reserve = job.kwh(job.options.least), job.kwh(job.options.reserve)
        where = job.request.destination.position
        self.place = job.request.destination.name or f"{where.latitude:.5f}, {where.longitude:.5f}"
        self.reached = job.search.reached(job.charge, self.least)

    def told(self) -> tuple[str, list[str]]:
        """The problem and its remedies in the driver's words."""
        remedies = [told for told in self._remedies() if told]
        return self._problem(), remedies[:_MOST]

    def _problem(self) -> str:
        job, say = self.job, self.say
        charge, draw = say.percent(job.conditions.charge_pct), self.direct.draw
        if job.charge - draw.need >= self.least:
            arrival = 100.0 * draw.arrival(job.charge, job.full) / job.full
            return say.say(
                "problem.reserve",
                place=self.place,
                arrival=say.percent(arrival),
                reserve=say.percent(job.options.reserve),
            )
        if not job.candidates:
            full = job.lasts(self.direct, job.full) is None
            return say.say("problem.battery" if full else "problem.no_stations", place=self.place, charge=charge)
        return say.say("problem.gap" if self.reached else "problem.no_reach", place=self.place, charge=charge)

    def _remedies(self) -> Iterator[str]:
        """Tried in the order in which a driver would."""
        options, say = self.job.options, self.say
        yield self._slower()
        yield self._climate()
        lower = self._most(lambda p: self._solve(reserve=p), options.least, options.reserve)
        if lower is not None:
            yield say.say("remedy.reserve", charge=say.percent(lower), reserve=say.percent(options.reserve))
        yield self._charge_first()
        if lower is None and options.least > 1.0:
            least = self._most(lambda p: self._solve(least=p), 1.0, options.least)
            if least is not None:
                yield say.say("remedy.least", charge=say.percent(least))
        yield self._cable()
        yield self._nearest()

    def _solve(
        self, charge: float | None = None, least: float | None = None, reserve: float | None = None
    ) -> Found | None:
        """A plan with other percentages."""
        job = self.job
        begin = job.charge if charge is None else job.kwh(charge)
        kept = self.least if least is None else job.kwh(least)
        left = self.reserve if reserve is None else job.kwh(reserve)
        return job.search.solve(begin, kept, left)

    @staticmethod
    def _most(plan: Callable[[float], Found | None], low: float, high: float) -> float | None:
        """The highest whole percentage from `low` to below `high` with which there is a plan."""
        first, last = int(low), int(high) - (1 if float(high).is_integer() else 0)
        if last < first or plan(first) is None:
            return None
        while first < last:
            middle = (first + last + 1) // 2
            first, last = (middle, last) if plan(middle) is not None else (first, middle - 1)
        return float(first)

    def _charge_first(self) -> str:
        """The least charge to leave with."""
        have = int(self.job.conditions.charge_pct)
        if have >= _FULL or self._solve(charge=_FULL) is None:
            return ""
        low, high = have, int(_FULL)  # not enough, enough
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._solve(charge=float(middle)) is not None else (middle, high)
        return self.say.say("remedy.charge_first", charge=self.say.percent(high))

    def _slower(self) -> str:
        if self.job.options.preference == "economical":
            return ""
        found = self._otherwise(self.job.prices(self.job.conditions, pace=ECONOMICAL))
        if found is None:
            return ""
        speed = self.say.number(ECONOMICAL.most_ms * 3.6)
        return self.say.say("remedy.slower", speed=speed, charge=self._left(found))

    def _climate(self) -> str:
        conditions = self.job.conditions
        if not conditions.climate or _MILD_C[0] < conditions.outside_c < _MILD_C[1]:
            return ""
        off = replace(conditions, climate=False, climate_w=None)
        found = self._otherwise(self.job.prices(off))
        return self.say.say("remedy.climate", charge=self._left(found)) if found else ""

    def _otherwise(self, pricing: Pricing) -> Found | None:
        """A plan at other prices."""
        job = self.job
        found = job.lasts(job.straight(pricing))
        return found or job.searching(pricing, job.candidates).solve(job.charge, self.least, self.reserve)

    def _cable(self) -> str:
        """A cable with which there would be a plan."""
        job = self.job
        own = job.planner.plugs(job.options.plugs)
        for cable in _CABLES:
            if cable in own:
                continue
            candidates = job.stations(own | {cable})
            if len(candidates) > len(job.candidates):
                found = job.searching(job.pricing, candidates).solve(job.charge, self.least, self.reserve)
                if found is not None:
                    return self.say.say("remedy.plugs", plugs=cable)
        return ""

    def _nearest(self) -> str:
        """A station that can be reached, where one can charge before going on."""
        for candidate, arrival, priced in self.reached[:1]:
            return self.say.say(
                "remedy.nearest",
                name=self.job.planner.name(candidate, self.say).name,
                distance=self.say.distance(sum(piece.distance_m for piece in priced.pieces)),
                charge=self.say.percent(100.0 * arrival / self.job.full),
            )
        return ""

    def _left(self, found: Found) -> str:
        return self.say.percent(100.0 * found.charges[-1][1] / self.job.full)
