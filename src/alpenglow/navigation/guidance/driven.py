"""The simulated car drives the route: its points, speeds, heights and stops, handed over to `vehicle`."""

import numpy as np

from alpenglow.fabric import Fabric
from alpenglow.navigation.guidance.following import Following
from alpenglow.vehicle import api as vehicle

_IS_DRIVING = "Vehicle.Alpenglow.Simulator.IsDriving"
_APART_M = 0.01
_PASSING_MS = 1.5
_BRAKING = 1.3  # m/s²


class Driven:
    """Whether the simulated car drives what is followed here, and how fast it lives meanwhile."""

    def __init__(self, fabric: Fabric) -> None:
        self._fabric = fabric
        self.pace = 0  # as this process has asked for; 0: it has not, or has the car given back

    @property
    def active(self) -> bool:
        """Whether it drives, as it was told to here; people take the car back whenever they like."""
        return self.pace > 0 and self._fabric.read(_IS_DRIVING).value is True

    async def follow(self, following: Following, pace: int, speed_ms: float = 0.0) -> None:
        """Have the car drive from where it is on the way. NoProvider for a real car, Failed."""
        await self._fabric.call(vehicle.follow_path, path=path_of(following, speed_ms), pace=pace)
        self.pace = pace

    async def again(self, following: Following, speed_ms: float) -> None:
        """Have it drive another way at the same pace."""
        await self.follow(following, self.pace, speed_ms)

    async def leave(self) -> None:
        """Give the car back."""
        self.pace = 0
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
