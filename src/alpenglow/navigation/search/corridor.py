"""What lies along a way: within some distance of it, and ahead."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

_DEGREE_M = 111_195.0
_STEP_M = 100.0

type Floats = NDArray[np.float64]


class Corridor:
    """The land within `width_m` of a way, which is [longitude, latitude] points as GeoJSON has them."""

    def __init__(self, points: Sequence[tuple[float, float]], width_m: float) -> None:
        self._width_m = width_m
        line = np.array(points, np.float64).reshape(-1, 2)
        self._across = math.cos(math.radians(float(line[:, 1].mean()))) if len(line) else 1.0
        metres = self._metres(line[:, 1], line[:, 0])
        far = np.concatenate([[0.0], np.hypot(*np.diff(metres, axis=0).T).cumsum()])[: len(metres)]
        self._at_m = np.linspace(0.0, far[-1], max(2, int(far[-1] / _STEP_M) + 1)) if len(far) else np.zeros(0)
        if len(far):
            fine = np.column_stack([np.interp(self._at_m, far, metres[:, axis]) for axis in (0, 1)])
            self._tree = cKDTree(fine)

    def places(self, lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
        """For each place how far along the way it is, and how far off; infinite where it is not in the corridor."""
        if not len(self._at_m) or not len(lat):
            return np.full(len(lat), np.inf), np.full(len(lat), np.inf)
        off_m, nearest = self._tree.query(self._metres(lat, lon), distance_upper_bound=self._width_m)
        along_m = np.append(self._at_m, np.inf)[nearest]
        return along_m, off_m

    def _metres(self, lat: Floats, lon: Floats) -> Floats:
        return np.column_stack([lat * _DEGREE_M, lon * (_DEGREE_M * self._across)])
