"""Directions on the earth, one at a time, near enough to flat for a few kilometres; whole lines: `roads.geometry`."""

import math

from alpenglow.navigation.roads.geometry import EARTH_M

METRES_PER_DEGREE = math.radians(1.0) * EARTH_M


def bearing(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Degrees from north, 0…360, in which the second place lies."""
    across = math.cos(math.radians((lat1 + lat2) / 2.0))
    return math.degrees(math.atan2((lon2 - lon1) * across, lat2 - lat1)) % 360.0


def turn(before: float, after: float) -> float:
    """Degrees from one direction to another, -180…180; positive to the right."""
    return (after - before + 180.0) % 360.0 - 180.0
