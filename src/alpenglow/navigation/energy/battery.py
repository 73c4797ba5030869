"""The traction battery in arrays: voltage, resistance and limits over charge and temperature.

The formulas are those of the simulated car's battery, so that what is planned is what that car uses; a test holds the
two together. Power and current are positive while the battery gives.
"""

import numpy as np

from alpenglow.navigation.energy.car import Battery
from alpenglow.navigation.roads.graph import Floats

# Open-circuit voltage of one NMC cell over its charge in steps of 10 % (class: typical of published cell curves).
_CELL_OCV = np.array([3.10, 3.48, 3.58, 3.63, 3.67, 3.73, 3.82, 3.92, 4.01, 4.09, 4.18])
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

    def content(self, current: Floats | float) -> Floats:
        """W by which the battery's content falls at `current`: so scaled that its whole charge is its whole energy."""
        return np.asarray(current) * self.mean_v
