"""The traction battery in arrays: voltage, resistance and limits over charge and temperature.

The formulas are those of the simulated car's battery, so that what is planned is what that car uses; a test holds the
two together. Power and current are positive while the battery gives.
"""

import math

import numpy as np

from alpenglow.navigation.energy.car import Battery
from alpenglow.navigation.roads.graph import Floats

# Open-circuit voltage of one NMC cell over its charge in steps of 10 % (class: typical of published cell curves).
_CELL_OCV = np.array([3.10, 3.48, 3.58, 3.63, 3.67, 3.73, 3.82, 3.92, 4.01, 4.09, 4.18])
_CELL_OCV_LIST: list[float] = _CELL_OCV.tolist()
_CELL_MEAN = (_CELL_OCV.sum() - (_CELL_OCV[0] + _CELL_OCV[-1]) / 2) / 10
_STEPS = np.linspace(0.0, 1.0, 11)
_IN_BY_TEMPERATURE = ((-20.0, -5.0, 10.0, 20.0, 45.0, 55.0), (0.0, 0.1, 0.6, 1.0, 1.0, 0.0))
_RESISTANCE_BY_TEMPERATURE = ((-30.0, -10.0, 0.0, 25.0, 50.0), (5.0, 2.6, 1.8, 1.0, 0.8))
_IN_ROOM = 0.06  # of the charge below the top over which the power in fades


class Cells:
    """One pack's numbers. `charge` is 0…1 of the gross capacity everywhere here."""

    def __init__(self, data: Battery) -> None:
        self.data = data
        self.mean_v: float = float(_CELL_MEAN) * data.cells_in_series

    def gross(self, displayed_pct: Floats | float) -> Floats:
        """The charge behind what the driver reads."""
        d = self.data
        return np.asarray(d.usable_from + np.asarray(displayed_pct) / 100.0 * (d.usable_to - d.usable_from))

    def open_circuit(self, charge: Floats | float) -> Floats:
        """V at rest."""
        return np.asarray(np.interp(charge, _STEPS, _CELL_OCV) * self.data.cells_in_series)

    def resistance(self, celsius: Floats | float) -> Floats:
        """Ohm."""
        return np.asarray(np.interp(celsius, *_RESISTANCE_BY_TEMPERATURE) * self.data.resistance)

    def power_in(self, charge: Floats | float, celsius: Floats | float) -> Floats:
        """W that the battery management lets in: less when cold, hot or nearly full."""
        d = self.data
        room = np.clip((d.usable_to - np.asarray(charge)) / _IN_ROOM, 0.0, 1.0)
        return np.asarray(room * np.interp(celsius, *_IN_BY_TEMPERATURE) * d.current_in * self.open_circuit(charge))

    def current(self, power: Floats | float, charge: Floats | float, celsius: Floats | float) -> Floats:
        """A at which the terminals give `power` W."""
        ocv, r = self.open_circuit(charge), self.resistance(celsius)
        root = np.sqrt(np.maximum(ocv * ocv - 4.0 * r * np.asarray(power), 0.0))
        return np.asarray((ocv - root) / (2.0 * r))

    # The same for one moment, many times faster than arrays of one

    def gross_at(self, displayed_pct: float) -> float:
        """`gross` of one charge."""
        d = self.data
        return d.usable_from + displayed_pct / 100.0 * (d.usable_to - d.usable_from)

    def open_circuit_at(self, charge: float) -> float:
        """V at rest at one charge."""
        place = min(10.0, max(0.0, charge * 10.0))
        step = min(int(place), 9)
        low, high = _CELL_OCV_LIST[step], _CELL_OCV_LIST[step + 1]
        return (low + (high - low) * (place - step)) * self.data.cells_in_series

    def resistance_at(self, celsius: float) -> float:
        """Ohm at one temperature."""
        return _level(_RESISTANCE_BY_TEMPERATURE, celsius) * self.data.resistance

    def power_in_at(self, charge: float, celsius: float) -> float:
        """`power_in` at one charge and temperature."""
        d = self.data
        room = min(1.0, max(0.0, (d.usable_to - charge) / _IN_ROOM))
        return room * _level(_IN_BY_TEMPERATURE, celsius) * d.current_in * self.open_circuit_at(charge)

    def current_at(self, power: float, charge: float, celsius: float) -> float:
        """`current` at one charge and temperature."""
        ocv, r = self.open_circuit_at(charge), self.resistance_at(celsius)
        return (ocv - math.sqrt(max(ocv * ocv - 4.0 * r * power, 0.0))) / (2.0 * r)

    def content(self, current: Floats | float) -> Floats:
        """W by which the battery's content falls at `current`: so scaled that its whole charge is its whole energy."""
        return np.asarray(current) * self.mean_v


def _level(curve: tuple[tuple[float, ...], tuple[float, ...]], x: float) -> float:
    """`curve` at `x`, straight between its points and level beyond them."""
    places, values = curve
    if x <= places[0]:
        return values[0]
    for i in range(1, len(places)):
        if x <= places[i]:
            share = (x - places[i - 1]) / (places[i] - places[i - 1])
            return values[i - 1] + (values[i] - values[i - 1]) * share
    return values[-1]
