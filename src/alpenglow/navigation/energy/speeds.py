"""How fast a path is driven: limits, bends, junctions, and no harder acceleration than people like.

The same profile is what energy is planned with and what the simulated car is told to drive.
"""

from dataclasses import dataclass

import numpy as np

from alpenglow.navigation.roads import flow, geometry
from alpenglow.navigation.roads.graph import GIVE_WAY, ROUNDABOUT, SIGNAL, TUNNEL, Floats, Ints, Roads
from alpenglow.navigation.roads.paths import Line, Path

_STEP_M = 12.0  # most between two points


@dataclass(frozen=True)
class Pace:
    """How somebody drives."""

    acceleration: float = flow.ACCELERATION  # m/s²
    deceleration: float = flow.ACCELERATION  # m/s²
    lateral: float = flow.LATERAL  # m/s²
    most_ms: float = 60.0  # never gone beyond
    calm_ms: float = 60.0  # what a road allows beyond is only taken in part …
    taken: float = 1.0  # … that is, so much of it

    def allowed(self, cruise_ms: Floats) -> Floats:
        """m/s at which a straight road is driven that lets people drive at `cruise_ms`."""
        beyond = np.maximum(cruise_ms - self.calm_ms, 0.0)
        return np.asarray(np.minimum(cruise_ms - (1.0 - self.taken) * beyond, self.most_ms))

    def bounded(self, speed_ms: Floats, cruise_ms: Floats) -> Floats:
        """Free speeds as this driver drives them: slower in bends by the lateral acceleration, calmer on fast roads.

        `cruise_ms`: what the road would let people drive were it straight.
        """
        bending = speed_ms < 0.97 * cruise_ms
        calm = np.where(bending, speed_ms * min(1.0, self.lateral / flow.LATERAL) ** 0.5, speed_ms)
        return np.asarray(np.minimum(calm, self.allowed(cruise_ms)))


NORMAL = Pace()
# The air's share of the energy grows with the square of the speed; on mountain roads hard braking, where more goes
# back than the drive takes, and hard acceleration count for more. Nobody is asked to crawl along a motorway: of what is
# beyond 55 km/h three fifths are driven, and 90 at most.
ECONOMICAL = Pace(acceleration=0.9, deceleration=0.7, lateral=1.6, most_ms=90 / 3.6, calm_ms=55 / 3.6, taken=0.6)


@dataclass(frozen=True)
class SpeedProfile:
    """Speed over distance, from standing to standing. All arrays are of one length."""

    lat: Floats
    lon: Floats
    height_m: Floats
    distance_m: Floats  # over the ground
    speed_ms: Floats
    limit_kmh: Ints  # 0: unknown
    time_s: Floats  # at which each point is passed
    edge: Ints  # of `roads`: the edge that leads on from the point
    tunnel: "np.ndarray[tuple[int], np.dtype[np.bool_]]"

    @property
    def duration_s(self) -> float:
        """Seconds from the first point to the last."""
        return float(self.time_s[-1])


def profile(
    roads: Roads, path: Path, line: Line, pace: Pace = NORMAL, traffic: Floats | None = None, from_ms: float = 0.0
) -> SpeedProfile:
    """The speeds along `path`, whose points are `line`.

    `traffic`: factor on the speed for each edge of `roads`; `from_ms`: the speed at the start, for a path that begins
    while the car drives.
    """
    gaps = np.diff(line.distance_m)
    parts = np.maximum(1, np.ceil(gaps / _STEP_M)).astype(np.int64)
    inner = np.arange(int(parts.sum())) - np.repeat(np.cumsum(parts) - parts, parts)
    share = inner / np.repeat(parts, parts)
    distance = np.append(np.repeat(line.distance_m[:-1], parts) + share * np.repeat(gaps, parts), line.distance_m[-1])
    lat, lon, height = (np.interp(distance, line.distance_m, values) for values in (line.lat, line.lon, line.height_m))
    which = np.append(np.repeat(line.edge[:-1], parts), line.edge[-1])
    edges = path.edges[which]
    cruise = roads.cruise_ms[edges].astype(float)
    if traffic is not None:
        cruise = cruise * traffic[edges]
    cruise[1:] = np.minimum(cruise[1:], cruise[:-1])  # a slower road is slow from its first point, and to its last
    cruise[:-1] = np.minimum(cruise[:-1], np.maximum(cruise[1:], 0.5))
    zero = np.zeros(len(distance), np.int64)
    bends = geometry.bends(lat, lon, distance, zero, zero + len(distance) - 1)
    most = np.minimum(pace.allowed(cruise), flow.bend_speed(bends, pace.lateral))
    change = np.flatnonzero(np.diff(which) > 0) + 1
    leaving, entering = edges[change - 1], edges[change]
    flags = roads.flags[leaving]
    passing = np.full(len(change), 99.0)
    passing[(flags & GIVE_WAY) > 0] = flow.GIVE_WAY_MS
    passing[((flags & GIVE_WAY) > 0) & ((roads.flags[entering] & ROUNDABOUT) > 0)] = flow.ENTERING_MS
    passing[(flags & SIGNAL) > 0] = flow.LIGHTS_MS
    most[change] = np.minimum(most[change], passing)
    most[0], most[-1] = from_ms, 0.0
    speed = flow.even_out(most, distance, pace.acceleration, pace.deceleration)
    time = np.concatenate(([0.0], np.cumsum(flow.seconds(speed, distance))))
    limit = roads.limit_kmh[edges].astype(np.int64)
    tunnel = (roads.flags[edges] & TUNNEL) > 0
    return SpeedProfile(lat, lon, height, distance, speed, limit, time, edges, tunnel)
