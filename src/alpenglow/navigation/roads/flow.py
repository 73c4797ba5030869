"""How fast a free road lets people drive: its limit, its bends, its junctions and comfortable acceleration.

The same rules make the speeds that are kept with the graph (every edge by itself, between the speeds at which its
junctions are usually passed) and those along a chosen path (`energy.speeds`).
"""

import numpy as np

from alpenglow.navigation.roads.graph import Floats, Ints

ACCELERATION = 1.3  # m/s²: usual drivers, both ways
LATERAL = 2.0  # m/s²: what passengers do not mind
GIVE_WAY_MS = 3.0  # into a more important road: about every other one stops
LIGHTS_MS = 3.5  # through traffic lights: what half a red phase costs on average
ENTERING_MS = 5.0  # into a roundabout
DEAD_END_MS = 1.5


def bend_speed(curvature: Floats, lateral: float = LATERAL) -> Floats:
    """m/s in a bend of `curvature` [1/m]."""
    return np.asarray(np.sqrt(lateral / np.maximum(curvature, 1e-6)))


def even_out(most: Floats, distance_m: Floats, acceleration: float | Floats, deceleration: float | Floats) -> Floats:
    """The highest speeds [m/s] not above `most` that need no harder acceleration between points of one line."""
    speeds = most.tolist()
    metres = np.diff(distance_m)
    gains = (2.0 * metres * acceleration).tolist()
    losses = (2.0 * metres * deceleration).tolist()
    for i, gain in enumerate(gains):
        reach = (speeds[i] * speeds[i] + gain) ** 0.5
        if speeds[i + 1] > reach:
            speeds[i + 1] = reach
    for i in range(len(losses) - 1, -1, -1):
        reach = (speeds[i + 1] * speeds[i + 1] + losses[i]) ** 0.5
        if speeds[i] > reach:
            speeds[i] = reach
    return np.array(speeds)


def even_out_all(most: Floats, distance_m: Floats, last: Ints) -> Floats:
    """As `even_out` for many lines laid end to end; `last`: the last point of each."""
    gaps = np.diff(distance_m)
    gaps[last[:-1]] = 1e7  # between one line and the next anything is possible
    far = np.concatenate(([0.0], np.cumsum(gaps)))
    return even_out(most, far, ACCELERATION, ACCELERATION)


def seconds(speed_ms: Floats, distance_m: Floats) -> Floats:
    """Seconds between one point and the next at even acceleration: one fewer than there are points."""
    mean = np.maximum((speed_ms[1:] + speed_ms[:-1]) / 2, 0.3)
    return np.asarray(np.diff(distance_m) / mean)
