"""The simulator as driver: it follows a path by the pedals, charges at the path's stops, and parks at its end.

Only the car's place on the earth is taken from the path. How fast it goes there, what that uses and how it charges is
the car's own physics, as with any driver.
"""

import math
from bisect import bisect_right
from typing import TYPE_CHECKING

import msgspec

from alpenglow.vehicle.api import ControlChanges, FollowedPath, PathStop, WorldChanges
from alpenglow.vehicle.ev import hands
from alpenglow.vehicle.ev.chassis import EARTH_RADIUS
from alpenglow.vehicle.ev.driver import SpeedFollower

if TYPE_CHECKING:
    from alpenglow.vehicle.ev.car import Car

EVERY_STEPS = 5  # between two decisions
_NEAR_M = 30.0  # a car that is further from the path is put at its beginning
_THERE_M = 2.5
_STANDING_MS = 0.15
_CREEP_MS = 1.2  # a path begins at 0 km/h, and somebody has to begin
_LOOK_S = 0.35  # ahead, by which pedals and motor are late
_SLOWING = 2.2  # m/s², most that it brakes by
_AC_MOST_KW = 25.0  # a station of less gives alternating current
_TURN_SIGN_M = 45.0
_TURN_DEGREES = 45.0
_LIMIT = "Powertrain.TractionBattery.Charging.ChargeLimit"
_PLUGGING_S = 5.0


class PathFault(ValueError):
    """A path that contradicts itself; one line."""


class Kept(msgspec.Struct, frozen=True):
    """What a restarted process needs to go on: the path, and where on the odometer it began."""

    path: FollowedPath
    pace: int
    began_m: float  # the odometer at the path's first point
    limit: float  # percent: the driver's own charge limit, which a stop lends
    traffic: float  # percent, of the world before


class Autopilot:
    """Follows one path. `ended` tells why it no longer does; None while it does."""

    def __init__(self, car: "Car", path: FollowedPath, pace: int = 1, kept: Kept | None = None) -> None:
        """PathFault where `path` contradicts itself. `kept`: it goes on after a restart."""
        _check(path)
        self.path = path
        self.pace = pace
        self.ended: str | None = None
        self.stops: list[PathStop] = sorted(path.stops, key=lambda stop: stop.at_m)
        self._follower = SpeedFollower()
        self._plugged_s = 0.0
        world = car.surroundings.world
        if kept is not None:
            self._began_m, self._limit, self._traffic = kept.began_m, kept.limit, kept.traffic
        else:
            self._limit, self._traffic = car.body.number(_LIMIT), world.traffic
            self._began_m = car.odometer - self._nearest(car.chassis.latitude, car.chassis.longitude)
        at = self.progress(car)
        while self.stops and self.stops[0].at_m < at - _THERE_M:
            self.stops.pop(0)
        self._place(car)

    def kept(self) -> Kept:
        """What a restarted process needs to go on."""
        return Kept(self.path, self.pace, self._began_m, self._limit, self._traffic)

    def progress(self, car: "Car") -> float:
        """m along the path."""
        return min(self.path.distance_m[-1], max(0.0, car.odometer - self._began_m))

    def step(self, car: "Car", dt: float) -> None:
        """Act for the next `dt` seconds."""
        if self.ended is not None:
            return
        if car.ev_fault or not car.low_voltage.awake:
            self.end(car, "The simulator stopped driving: the car has a fault")
            return
        at = self.progress(car)
        stop = self.stops[0] if self.stops else None
        goal = stop.at_m if stop is not None else self.path.distance_m[-1]
        standing = abs(car.chassis.speed) < _STANDING_MS
        if goal - at <= _THERE_M and standing:
            if stop is None:
                self._act(car, gear="P", brake=0.4, accelerator=0.0)
                if car.selector.engaged == "P":
                    self.end(car, "The simulator has arrived")
            else:
                self._charge(car, stop, dt)
            return
        self._drive(car, at, goal, dt)

    def end(self, car: "Car", why: str) -> None:
        """Give the car back: feet off the pedals, the world and the charge limit as they were."""
        self.ended = why
        self._act(
            car, accelerator=0.0, brake=0.0 if car.selector.engaged == "P" else car.driver.brake, indicators="OFF"
        )
        car.driver.steering = 0.0
        car.gnss_blind = False
        car.charging.station = None
        car.body.put(_LIMIT, self._limit)
        car.surround(WorldChanges(traffic=self._traffic, grade=0.0))

    def _drive(self, car: "Car", at: float, goal: float, dt: float) -> None:
        if car.charging.cable != "NONE":
            self._unplug(car)
        if car.selector.engaged != "D":
            self._act(car, gear="D", brake=0.5, accelerator=0.0, ready=True, belt_front_left=True)
            return
        v = max(0.0, car.chassis.speed)
        here, ahead = self._speed(at), self._speed(at + max(_CREEP_MS, v) * _LOOK_S)
        most = math.sqrt(2.0 * _SLOWING * max(0.0, goal - at - 0.8))
        creeping = _CREEP_MS if goal - at > _THERE_M else 0.0
        wanted = min(max(ahead, creeping), max(most, min(creeping, 0.6)))
        change = (ahead * ahead - here * here) / (2.0 * max(_CREEP_MS, v) * _LOOK_S)
        accelerator, brake = self._follower.pedals(car, wanted, min(2.5, max(-3.0, change)), dt)
        self._act(car, accelerator=accelerator, brake=brake, indicators=self._sign(at))
        self._place(car)

    def _place(self, car: "Car") -> None:
        """Put the car where the path says that it is by now, and the world as it is there."""
        path, chassis = self.path, car.chassis
        at = self.progress(car)
        i, share = self._between(at)
        chassis.latitude = _mix(path.latitude[i], path.latitude[i + 1], share)
        chassis.longitude = _mix(path.longitude[i], path.longitude[i + 1], share)
        chassis.altitude = _mix(path.altitude[i], path.altitude[i + 1], share)
        heading = self._heading(i)
        bend = _turn(heading, self._heading(min(i + 1, len(path.distance_m) - 2)))
        rise = path.altitude[i + 1] - path.altitude[i]
        run = path.distance_m[i + 1] - path.distance_m[i]
        chassis.heading = heading
        self._steer(car, math.radians(bend) / max(1.0, run))
        grade = 100.0 * rise / run if run > 0.5 else 0.0
        car.gnss_blind = path.tunnel[i]
        world = car.surroundings.world
        limit = path.limit_kmh[i]
        grade = round(min(30.0, max(-30.0, grade)), 2)
        if world.grade != grade or world.speed_limit != limit or world.traffic:
            # Nobody else is on the way: the plan, too, knows traffic only as a factor on the speed.
            car.surround(WorldChanges(grade=grade, speed_limit=limit, traffic=0.0))

    def _steer(self, car: "Car", curvature: float) -> None:
        """Turn the wheel as the bend wants it [1/m, positive to the right], so that what shows it shows it."""
        body, v = car.parameters.body, car.chassis.speed
        angle = math.degrees(math.atan(curvature * body.wheelbase)) * body.steering_ratio
        share = min(1.0, abs(angle) / body.steering_lock) ** (1.0 / 1.6)
        car.driver.steering = math.copysign(share, angle) if v > 1.0 else 0.0

    def _sign(self, at: float) -> str:
        """The indicator before a sharp turn."""
        path = self.path
        i, _ = self._between(at)
        j, _ = self._between(at + _TURN_SIGN_M)
        turn = _turn(self._heading(i), self._heading(j))
        slow = min(path.speed_kmh[i : j + 2]) < 30.0
        if abs(turn) < _TURN_DEGREES or not slow:
            return "OFF"
        return "RIGHT" if turn > 0.0 else "LEFT"

    def _charge(self, car: "Car", stop: PathStop, dt: float) -> None:
        if car.selector.engaged != "P":
            self._act(car, gear="P", brake=0.4, accelerator=0.0)
            return
        car.charging.station = stop.power_kw * 1e3
        if car.charging.cable == "NONE":
            car.body.put(_LIMIT, stop.until)
            hands.plug(car, ControlChanges(charge_cable="AC" if stop.power_kw < _AC_MOST_KW else "DC"))
            car.body.put("Powertrain.TractionBattery.Charging.StartStopCharging", "START")
            self._plugged_s = 0.0
            return
        self._plugged_s += dt
        if self._plugged_s > _PLUGGING_S and not car.charging.active:  # full enough, or the station gives nothing
            self._unplug(car)
            self.stops.pop(0)

    def _unplug(self, car: "Car") -> None:
        hands.plug(car, ControlChanges(charge_cable="NONE"))
        car.body.put("Powertrain.TractionBattery.Charging.ChargingPort.AnyPosition.IsFlapOpen", False)
        car.body.put(_LIMIT, self._limit)
        car.charging.station = None

    def _act(self, car: "Car", **changes: object) -> None:
        car.control(msgspec.convert(changes, ControlChanges))
        if car.driver.parking_brake and car.selector.engaged == "D":
            car.driver.parking_brake = False

    # Along the path

    def _between(self, at: float) -> tuple[int, float]:
        """The point before `at` m, and the share of the way to the next."""
        distance = self.path.distance_m
        i = min(max(0, bisect_right(distance, at) - 1), len(distance) - 2)
        gap = distance[i + 1] - distance[i]
        return i, min(1.0, max(0.0, (at - distance[i]) / gap)) if gap > 0.0 else 0.0

    def _speed(self, at: float) -> float:
        """m/s at `at`; the square of the speed is straight between two points, as constant acceleration has it."""
        speed = self.path.speed_kmh
        i, share = self._between(at)
        return math.sqrt(_mix(speed[i] ** 2, speed[i + 1] ** 2, share)) / 3.6

    def _heading(self, i: int) -> float:
        """Degrees clockwise from north, from point `i` to the next."""
        path = self.path
        north = path.latitude[i + 1] - path.latitude[i]
        east = (path.longitude[i + 1] - path.longitude[i]) * math.cos(math.radians(path.latitude[i]))
        return math.degrees(math.atan2(east, north)) % 360.0

    def _nearest(self, latitude: float, longitude: float) -> float:
        """m along the path of its point nearest to the car, or 0 where the path is far away."""
        scale = math.cos(math.radians(latitude))
        metres = math.radians(1.0) * EARTH_RADIUS
        best, at = math.inf, 0.0
        for lat, lon, distance in zip(self.path.latitude, self.path.longitude, self.path.distance_m, strict=True):
            off = math.hypot(lat - latitude, (lon - longitude) * scale) * metres
            if off < best:
                best, at = off, distance
        return at if best <= _NEAR_M else 0.0


def _mix(a: float, b: float, share: float) -> float:
    return a + (b - a) * share


def _turn(before: float, after: float) -> float:
    """Degrees from one heading to another: −180 to 180, positive to the right."""
    return (after - before + 180.0) % 360.0 - 180.0


def _check(path: FollowedPath) -> None:
    lists = (path.latitude, path.longitude, path.altitude, path.distance_m, path.speed_kmh, path.limit_kmh, path.tunnel)
    count = len(path.distance_m)
    if count < 2 or any(len(each) != count for each in lists):
        raise PathFault("a path has two points or more, and all its lists are of one length")
    numbers = (*path.latitude, *path.longitude, *path.altitude, *path.distance_m, *path.speed_kmh)
    if not all(math.isfinite(number) for number in numbers):
        raise PathFault("a path's numbers are finite")
    if path.distance_m[0] != 0.0 or any(b < a for a, b in zip(path.distance_m, path.distance_m[1:], strict=False)):
        raise PathFault("a path's distances begin at 0 and never fall")
    if min(path.speed_kmh) < 0.0 or path.speed_kmh[-1] != 0.0:
        raise PathFault("a path's speeds are never negative, and it ends standing")
    if any(stop.at_m > path.distance_m[-1] for stop in path.stops):
        raise PathFault("a stop lies beyond the end of the path")
