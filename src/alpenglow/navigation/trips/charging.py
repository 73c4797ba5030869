"""Charging curves of this car at the stations of a map, made with the energy model of charging."""

from itertools import pairwise

import numpy as np

from alpenglow.navigation.energy.charging import ChargingModel
from alpenglow.navigation.energy.comfort import PREPARED_C
from alpenglow.navigation.trips.chargers import Usable
from alpenglow.navigation.trips.curves import Curve

READY_C = PREPARED_C  # °C up to which the battery is warmed before fast charging
_GRID = (*np.arange(0.0, 90.0, 2.5), *np.arange(90.0, 99.1, 1.0))  # per cent; the last one would take for ever
_ENDLESS_S = 24 * 3600.0


class Curves:
    """One car's charging curves, kept once made."""

    def __init__(self, model: ChargingModel, outside_c: float) -> None:
        self.model, self.outside_c = model, outside_c
        self.full = model.car.usable_j / 3.6e6  # kWh
        self._made: dict[tuple[float, bool, int, int], Curve] = {}

    def at(self, station: Usable, battery_c: float, arrival_pct: float = 0.0) -> Curve:
        """The curve when charging begins at `arrival_pct` with so warm a battery; charging warms it further."""
        arrival = int(min(95.0, max(0.0, arrival_pct)))
        key = (self._power(station), station.direct, round(battery_c), arrival)
        if key not in self._made:
            self._made[key] = self._make(*key)
        return self._made[key]

    def time(self, station: Usable, battery_c: float, start_pct: float, end_pct: float) -> tuple[float, float]:
        """Seconds from `start_pct` to `end_pct`, and how warm the battery is then."""
        if end_pct <= start_pct:
            return 0.0, battery_c
        charged = self.model.charge(start_pct, end_pct, self._power(station), station.direct, battery_c, self.outside_c)
        return charged.time_s, charged.battery_c

    def _power(self, station: Usable) -> float:
        """kW that matter: what is stronger than the car can use makes no difference."""
        car = self.model.car.charging
        most = (car.dc_power if station.direct else car.ac_power) / 1e3
        return min(station.power_kw, most)

    def _make(self, power_kw: float, direct: bool, battery_c: float, arrival: int) -> Curve:
        """Step by step upwards from the arrival; below it as cold as on arrival, which nobody asks for."""
        places = sorted({*_GRID, float(arrival)})
        charges, seconds = [0.0], [0.0]
        warmth = float(battery_c)
        for start, end in pairwise(places):
            charged = self.model.charge(
                start, end, power_kw, direct, warmth if start >= arrival else float(battery_c), self.outside_c
            )
            if not charged.time_s < _ENDLESS_S:
                break
            if start >= arrival:
                warmth = charged.battery_c
            charges.append(self.full * end / 100.0)
            seconds.append(seconds[-1] + charged.time_s)
        return Curve(np.array(charges), np.array(seconds))
