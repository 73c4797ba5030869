"""How fast the battery fills: the car's own limits, the charger's, and the battery's temperature.

The formulas are those of the simulated car: a fast charger's power falls in a straight line from `dc_taper_from` to a
small rest at `dc_taper_to`, and the battery management lets in less when the battery is cold, hot or nearly full.
"""

import math
from dataclasses import dataclass

from alpenglow.navigation.energy.battery import Cells
from alpenglow.navigation.energy.car import CarData
from alpenglow.navigation.energy.comfort import COLD_C, COLD_END_C, HOT_C, HOT_END_C

_TAIL_W = 5e3  # what a fast charger still gives at the end of its taper
_STEP_PCT = 0.5
_DIRECT_EFFICIENCY = 0.95  # of a fast charger, from the grid
_CONDITIONING_EFFICIENCY = 0.95
_LONGEST_S = 48 * 3600.0


@dataclass(frozen=True)
class Charged:
    """What a stay at a charger comes to. `time_s` is infinite where the charge cannot be reached."""

    time_s: float
    energy_j: float  # into the battery's content
    grid_j: float
    battery_c: float  # at the end


class ChargingModel:
    """One car's charging."""

    def __init__(self, car: CarData) -> None:
        self.car = car
        self.cells = Cells(car.battery)

    def power_w(
        self, charge_pct: float, battery_c: float, charger_kw: float, direct: bool, load_w: float = 0.0
    ) -> float:
        """W into the car's high voltage, with what the car uses itself (`load_w`).

        `direct`: a DC charger; `charger_kw` 0 where unknown: the car's own limit.
        """
        d = self.car.charging
        gross = self.cells.gross_at(charge_pct)
        most = charger_kw * 1e3 or math.inf
        if direct:
            over = min(1.0, max(0.0, (gross - d.dc_taper_from) / (d.dc_taper_to - d.dc_taper_from)))
            source = min(most, d.dc_power + (_TAIL_W - d.dc_power) * over)
        else:
            source = min(most, d.ac_power) * d.ac_efficiency
        return max(0.0, min(source, self.cells.power_in_at(gross, battery_c) + load_w))

    def charge(
        self,
        from_pct: float,
        to_pct: float,
        charger_kw: float,
        direct: bool,
        battery_c: float,
        outside_c: float = 20.0,
        load_w: float = 400.0,
    ) -> Charged:
        """Charging between two displayed charges. `load_w`: control units and climate meanwhile."""
        d, cells = self.car.battery, self.cells
        efficiency = _DIRECT_EFFICIENCY if direct else self.car.charging.ac_efficiency
        time = energy = grid = 0.0
        heating = 0.0
        charge = from_pct
        while charge < to_pct - 1e-9:
            step = min(_STEP_PCT, to_pct - charge)
            if battery_c < COLD_C:
                heating = d.conditioning
            elif battery_c > HOT_C:
                heating = -d.conditioning
            elif COLD_END_C < battery_c < HOT_END_C:
                heating = 0.0
            load = load_w + abs(heating) / _CONDITIONING_EFFICIENCY
            power = self.power_w(charge + step / 2, battery_c, charger_kw, direct, load)
            gross = cells.gross_at(charge + step / 2)
            current = -cells.current_at(load - power, gross, battery_c)
            content = step / 100.0 * self.car.usable_j
            rate = current * cells.mean_v
            dt = content / rate if rate > 0.0 else math.inf
            if heating > 0.0 and dt > 60.0:  # cold: look again every minute, since its warmth decides
                dt = 60.0
                step = max(0.0, 100.0 * rate * dt / self.car.usable_j)
                content = step / 100.0 * self.car.usable_j
            time += dt
            if not math.isfinite(dt) or time > _LONGEST_S:
                return Charged(math.inf, energy, grid, battery_c)
            energy += content
            grid += power / efficiency * dt
            warmth = current * current * cells.resistance_at(battery_c) + heating
            settled = outside_c + warmth / d.cooling
            battery_c = settled + (battery_c - settled) * math.exp(-dt * d.cooling / d.heat_capacity)
            charge += step
        return Charged(time, energy, grid, battery_c)
