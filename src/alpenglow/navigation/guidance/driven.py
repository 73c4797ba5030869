"""The simulated car drives the route: its points, speeds, heights and stops, handed over to `vehicle`."""

import numpy as np

from alpenglow.fabric import Fabric
from alpenglow.navigation.guidance.following import Following
from alpenglow.vehicle import api as vehicle

_APART_M = 0.01
_PASSING_MS = 1.5
_BRAKING = 1.3  # m/s²


class Driven:
    """Whether the simulated car drives, and how fast it lives meanwhile."""

    def __init__(self, fabric: Fabric) -> None:
        self._fabric = fabric
        self._pace = 0

    @property
    def active(self) -> bool:
        """Whether it was told to drive, and has not been told to leave it."""
        return self._pace > 0

    async def follow(self, following: Following, pace: int, speed_ms: float = 0.0) -> None:
        """Have the car drive from where it is on the way. NoProvider for a real car, Failed."""
        await self._fabric.call(vehicle.follow_path, path=path_of(following, speed_ms), pace=pace)
        self._pace = pace

    async def again(self, following: Following, speed_ms: float) -> None:
        """Have it drive another way at the same pace."""
        await self.follow(following, self._pace, speed_ms)

    async def leave(self) -> None:
        """Give the car back."""
        self._pace = 0
        await self._fabric.call(vehicle.leave_path)


def path_of(following: Following, speed_ms: float = 0.0) -> vehicle.FollowedPath:
    """The way ahead, as the simulated car wants it, which drives at `speed_ms` now."""
    way, at = following.way, following.progress.at_m
    first = max(0, int(np.searchsorted(way.distance_m, at, side="right")) - 1)
    # Where two pieces meet, one place stands twice.
    kept = first + np.flatnonzero(np.diff(way.distance_m[first:], prepend=-1.0) > _APART_M)
    distance = way.distance_m[kept] - way.distance_m[first]
    stops = [
        vehicle.PathStop(
            at_m=float(end - way.distance_m[first]),
            power_kw=stop.charger.power_kw,
            until=stop.departure_charge,
            name=stop.charger.name,
        )
        for end, stop in zip(way.ends, following.trip.stops, strict=False)
        if end > at + 1.0
    ]
    # Nobody brakes for a beginning, nor stands at a place that is only passed.
    speed = np.maximum(way.speed_ms[kept], np.sqrt(np.maximum(0.0, speed_ms**2 - 2.0 * _BRAKING * distance)))
    speed[1:] = np.maximum(speed[1:], _PASSING_MS)
    standing = np.isin(way.distance_m[kept], way.ends)
    speed[standing] = 0.0
    return vehicle.FollowedPath(
        latitude=way.lat[kept].tolist(),
        longitude=way.lon[kept].tolist(),
        altitude=way.height_m[kept].tolist(),
        distance_m=distance.tolist(),
        speed_kmh=(3.6 * speed).tolist(),
        limit_kmh=way.limit_kmh[kept].tolist(),
        tunnel=way.tunnel[kept].tolist(),
        stops=stops,
    )
