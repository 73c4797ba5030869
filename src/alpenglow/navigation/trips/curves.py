"""How long charging takes: the battery's charge over time at one station, straight between its points."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Curve:
    """Seconds of charging that bring an empty battery to each charge.

    `charge` [kWh] rises strictly; `seconds` never falls. What lies above the last charge cannot be reached.
    """

    charge: NDArray[np.float64]
    seconds: NDArray[np.float64]

    @classmethod
    def of_powers(cls, charge: NDArray[np.float64], power_kw: NDArray[np.float64]) -> "Curve":
        """The curve of a charger that gives `power_kw[i]` between `charge[i]` and `charge[i + 1]`.

        The first step without power is the last: charging ends there.
        """
        flows = power_kw > 1e-3
        steps = len(power_kw) if flows.all() else int(np.argmin(flows))
        seconds = np.diff(charge)[:steps] * 3600.0 / power_kw[:steps]
        return cls(charge[: steps + 1], np.concatenate(([0.0], np.cumsum(seconds))))

    @property
    def most(self) -> float:
        """kWh at which charging ends."""
        return float(self.charge[-1])

    def at(self, charge: float) -> float:
        """Seconds from empty to `charge` kWh; beyond the ends of the curve as at its ends."""
        return float(np.interp(charge, self.charge, self.seconds))

    def time(self, start: float, end: float) -> float:
        """Seconds from `start` to `end` kWh; 0 where nothing is to be charged."""
        return max(0.0, self.at(end) - self.at(start))

    def after(self, start: float, seconds: float) -> float:
        """kWh in the battery when charging from `start` for so long."""
        reached = float(np.interp(self.at(start) + seconds, self.seconds, self.charge))
        return max(start, reached)

    @cached_property
    def slows(self) -> bool:
        """Whether the power never rises with the charge, so that arriving emptier is always quicker charging."""
        slopes = np.diff(self.seconds) / np.diff(self.charge)
        return bool(np.all(np.diff(slopes) >= -1e-9 * slopes[1:]))
