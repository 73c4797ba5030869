"""How fast a path is driven: limits, curves, junctions, and no harder acceleration than people like."""

from dataclasses import dataclass

from alpenglow.navigation.roads.graph import Floats, Roads
from alpenglow.navigation.roads.paths import Line, Path


@dataclass(frozen=True)
class Pace:
    """How somebody drives."""

    acceleration: float = 1.3  # m/s²
    deceleration: float = 1.3  # m/s²
    lateral: float = 2.0  # m/s²
    most_ms: float = 60.0  # m/s never gone beyond


NORMAL = Pace()
ECONOMICAL = Pace(acceleration=0.8, deceleration=0.8, lateral=1.6, most_ms=65 / 3.6)


@dataclass(frozen=True)
class SpeedProfile:
    """Speed over distance, from standing to standing. All arrays are of one length."""

    line: Line
    distance_m: Floats
    height_m: Floats
    speed_ms: Floats
    limit_kmh: Floats  # 0: unknown
    time_s: Floats  # at which each point is passed


def profile(roads: Roads, path: Path, line: Line, pace: Pace = NORMAL, traffic: Floats | None = None) -> SpeedProfile:
    """The speeds along `path` (its points: `line`). `traffic`: factor on the speed for each edge of `roads`."""
    raise NotImplementedError
