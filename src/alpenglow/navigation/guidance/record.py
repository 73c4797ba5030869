"""How the drive really goes, beside its plan: what each leg has used, and how fast it was driven."""

import numpy as np

from alpenglow.navigation import api
from alpenglow.navigation.energy.model import Conditions, EnergyModel
from alpenglow.navigation.guidance.way import Way
from alpenglow.navigation.trips.explaining import FREE, Slowed, explain
from alpenglow.navigation.trips.plan import Planned
from alpenglow.navigation.trips.replanning import Expected, Observed, Progress, Watch, causes, expected
from alpenglow.navigation.trips.wording import words

_STEP_M = 40.0  # between two speeds that are kept
_CHARGING_M = 150.0  # of a stop, where the battery fills


class Record:
    """One drive along one plan."""

    def __init__(self, planned: Planned, way: Way, now_s: float) -> None:
        self._planned, self._way = planned, way
        self._first = planned  # what the drive is compared with: what it was believed to be before there was traffic
        self._watch = Watch(planned, now_s)
        self.slowed = False  # whether others have set the speed
        self._used: list[float] = []  # kWh of the legs that are over
        self._begin: float | None = None  # per cent at the beginning of this leg, or rather of its record
        self._skipped_kwh = 0.0  # planned for what was driven of this leg before
        self._leg = 0
        self._charge = 0.0
        self._at_m = 0.0
        self._places: list[float] = []
        self._speeds: list[float] = []

    def update(self, leg: int, at_m: float, speed_ms: float, charge: float | None, charging: bool) -> None:
        """The car is at `at_m` of the whole way, with `charge` per cent."""
        if charge is None:
            return
        begin_m = self._way.ends[leg - 1] if leg else 0.0
        if self._begin is None or leg < self._leg:
            self._begin, self._leg = charge, leg
            self._skipped_kwh = (self._way.joules(at_m) - self._way.joules(begin_m)) / 3.6e6
            self._used = [self._planned.trip.legs[n].energy_kwh for n in range(leg)]
            self._places, self._speeds = [], []
        elif leg > self._leg:
            self._used.append(self._spent())
            self._begin, self._leg, self._skipped_kwh = charge, leg, 0.0
            self._places, self._speeds = [], []
        if charging and at_m - begin_m < _CHARGING_M:
            self._begin = charge  # it leaves with what it has then
        self._charge, self._at_m = charge, at_m - begin_m
        if not self._places or self._at_m - self._places[-1] >= _STEP_M:
            self._places.append(self._at_m)
            self._speeds.append(abs(speed_ms))

    def slow(self, planned: Planned, way: Way) -> None:
        """The same way is driven at other speeds from now on."""
        self._planned, self._way = planned, way
        self._watch.planned = planned

    def another_plan(self, now_s: float, charging: bool) -> bool:
        """Whether the drive departs so far from its plan that another is needed."""
        if self._begin is None or charging:
            return False
        return self._watch.update(self._progress(), now_s) is not None

    def expected(self) -> Expected | None:
        """How this leg will end; None before anything was driven."""
        return None if self._begin is None or self._at_m <= 0.0 else expected(self._first, self._progress())

    def explanation(
        self, model: EnergyModel, conditions: Conditions, language: str, traffic: Slowed = FREE
    ) -> api.Explanation:
        """Why the plan is as it is, and how the drive differs. `conditions`: as they are now."""
        say, drive = words(language), self.expected()
        if drive is None:
            return explain(self._planned, say, traffic=traffic)
        observed = Observed(conditions, np.array(self._places), np.array(self._speeds), self.slowed)
        found = causes(model, self._first, self._progress(), observed, say)
        return explain(self._planned, say, drive, found, traffic=traffic)

    def _progress(self) -> Progress:
        return Progress(self._at_m, self._charge, (*self._used, self._spent()))

    def _spent(self) -> float:
        begin = self._charge if self._begin is None else self._begin
        return self._skipped_kwh + (begin - self._charge) / 100.0 * self._planned.full
