"""Distances, directions and bends of lines on the earth."""

import math

import numpy as np

from alpenglow.navigation.roads.graph import Floats, Ints

EARTH_M = 6_371_008.8  # mean radius
BEND_M = 12.0  # before and after a point, over which its bend is measured


def distances(lat: Floats, lon: Floats) -> Floats:
    """Metres between one point and the next: one fewer than there are points."""
    middle = np.radians((lat[1:] + lat[:-1]) / 2)
    north = np.radians(np.diff(lat))
    east = np.radians(np.diff(lon)) * np.cos(middle)
    return np.asarray(EARTH_M * np.hypot(north, east))


def distance(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Metres between two places that are not far apart."""
    east = math.radians(other_lon - lon) * math.cos(math.radians((lat + other_lat) / 2))
    return EARTH_M * math.hypot(math.radians(other_lat - lat), east)


def bearings(lat: Floats, lon: Floats) -> Floats:
    """Degrees clockwise from north from one point to the next: one fewer than there are points."""
    east = np.diff(lon) * np.cos(np.radians((lat[1:] + lat[:-1]) / 2))
    return np.asarray(np.degrees(np.arctan2(east, np.diff(lat))) % 360.0)


def turn(before: Floats, after: Floats) -> Floats:
    """Degrees from one bearing to another, −180 … 180; positive to the right."""
    return np.asarray((after - before + 180.0) % 360.0 - 180.0)


def bends(lat: Floats, lon: Floats, distance_m: Floats, first: Ints, last: Ints) -> Floats:
    """Curvature [1/m] at each point of many lines laid end to end.

    `distance_m` rises over all of them; `first` and `last`: for each point the first and last point of its own line.
    The bend is that between the chords to the places `BEND_M` before and after, so that a map's jitter is not a bend.
    """
    low, high = distance_m[first], distance_m[last]
    before = np.maximum(distance_m - BEND_M, low)
    after = np.minimum(distance_m + BEND_M, high)
    scale = np.cos(np.radians(lat))
    x0 = (lon - np.interp(before, distance_m, lon)) * scale
    y0 = lat - np.interp(before, distance_m, lat)
    x1 = (np.interp(after, distance_m, lon) - lon) * scale
    y1 = np.interp(after, distance_m, lat) - lat
    angle = np.abs(np.arctan2(x0 * y1 - y0 * x1, x0 * x1 + y0 * y1))
    ends = (before >= distance_m) | (after <= distance_m)
    return np.asarray(np.where(ends, 0.0, angle / BEND_M))
