"""How the car moves: forces along the road, tyres' grip with ABS, traction and stability control, and its pose.

Speed is signed: positive forwards. Forces are newtons along the road. One step conserves energy: the work of every
force over the step's distance equals the change of kinetic energy, and each is summed up in `work`.
"""

import math

from alpenglow.vehicle.ev.parameters import Body

GRAVITY = 9.80665
EARTH_RADIUS = 6_371_008.8  # m, mean
_STILL = 1e-3  # m/s: below this a held car stands
_STEERING_RATE = 540.0  # degrees/s of the wheel
_SLIDING = 0.75  # of the grip is left to a locked or spinning tyre
_UNDERSTEER = 0.0022  # s²/m², gradient of a car of this class


class Chassis:
    """Speed, pose and wheels of the car."""

    def __init__(self, body: Body, latitude: float, longitude: float, altitude: float, heading: float) -> None:
        self.body = body
        self.speed = 0.0  # m/s, signed
        self.acceleration = 0.0  # m/s² along
        self.lateral = 0.0  # m/s², positive to the left
        self.yaw_rate = 0.0  # rad/s, positive to the left
        self.wheel_angle = 0.0  # degrees of the steering wheel, positive to the left
        self.heading = heading  # degrees, clockwise from north
        self.latitude, self.longitude, self.altitude = latitude, longitude, altitude
        self.distance = 0.0  # m moved either way since `__init__`
        self.spin = 0.0  # m/s by which the driven wheels run ahead of the road
        self.locked = False
        self.abs_active = self.esc_active = self.tcs_active = False
        self.abs_works = self.esc_works = self.tcs_works = True
        self.work = {"drive": 0.0, "brake": 0.0, "drag": 0.0, "rolling": 0.0, "grade": 0.0}  # J done on the car
        self._inertia = 4 * body.wheel_inertia / body.wheel_radius**2  # kg that the wheels add
        self.rotor_mass = 0.0  # kg that the motor's rotor adds; set by the car

    def inertia(self, mass: float) -> float:
        """kg that an acceleration along the road has to move."""
        return mass + self._inertia + self.rotor_mass

    def steer(self, wanted: float, dt: float) -> None:
        """Turn the steering wheel towards `wanted` (−1 full left … 1 full right) as fast as hands do."""
        # Hands are finer about the middle: half the way turns a third of the angle.
        target = -math.copysign(abs(wanted) ** 1.6, wanted) * self.body.steering_lock
        reach = _STEERING_RATE * dt
        self.wheel_angle = min(self.wheel_angle + reach, max(self.wheel_angle - reach, target))

    def front_load(self, mass: float) -> float:
        """N on the driven front axle, with what acceleration moves to the rear."""
        b = self.body
        load = mass * (GRAVITY * b.driven_axle_share - self.acceleration * b.centre_of_gravity / b.wheelbase)
        return max(0.0, load)

    def step(
        self,
        drive: float,
        brake: float,
        hold: bool,
        mass: float,
        grip: float,
        rolling: float,
        grade: float,
        headwind: float,
        air_density: float,
        dt: float,
    ) -> float:
        """Move on by `dt`; returns the N of `drive` that reached the road.

        `drive`: N of the driven wheels, signed; `brake`: N of the friction brakes (≥ 0); `hold`: something keeps a
        standing car where it is (parking pawl, hill hold); `grade`: slope as a ratio; `headwind`: m/s.
        """
        b, v = self.body, self.speed
        esc = self._corner(grip, dt)
        share = math.sqrt(max(0.04, 1.0 - (self.lateral / (grip * GRAVITY)) ** 2))  # circle of friction
        drive = self._traction(drive * (0.6 if esc else 1.0), grip * share * self.front_load(mass), dt)
        slope = 1.0 / math.sqrt(1.0 + grade * grade)
        normal = mass * GRAVITY * slope
        brake = self._grip(brake + (0.06 * normal if esc else 0.0), grip * share * normal, v)
        air = v + headwind
        drag = -0.5 * air_density * b.drag_coefficient * b.frontal_area * abs(air) * air
        weight = -normal * grade
        roll = b.rolling_coefficient * rolling * normal
        inertia = self.inertia(mass)
        push = drive + drag + weight  # what would move a car that nothing holds
        resist = brake + roll  # works against any motion, and holds a standing car
        if abs(v) < _STILL and (hold or abs(push) <= resist):
            self.speed = self.acceleration = 0.0
            self.yaw_rate = self.lateral = 0.0
            return drive
        direction = math.copysign(1.0, v if abs(v) >= _STILL else push)
        force = push - direction * resist
        new = v + force / inertia * dt
        if hold and abs(v) >= _STILL:
            new = v - direction * min(abs(v), 3.0 * dt)
        if new * v < 0.0:  # a brake stops a car; it does not push it back
            new = 0.0
        moved = 0.5 * (v + new) * dt
        # Whatever the steps above cut away, the brakes have taken.
        done = drive * moved + drag * moved + weight * moved
        kinetic = 0.5 * inertia * (new * new - v * v)
        work = self.work
        work["drive"] += drive * moved
        work["drag"] += drag * moved
        work["grade"] += weight * moved
        lost = kinetic - done
        rolled = max(-roll * abs(moved), min(0.0, lost))
        work["rolling"] += rolled
        work["brake"] += lost - rolled
        self.acceleration = (new - v) / dt
        self.speed = new
        self._move(moved, grade, slope)
        return drive

    def _traction(self, drive: float, most: float, dt: float) -> float:
        """The driven wheels' force after their grip and the traction control."""
        self.tcs_active = False
        if abs(drive) <= most:
            self.spin *= max(0.0, 1.0 - 8.0 * dt)
            return drive
        if self.tcs_works:
            self.tcs_active = True
            self.spin = 0.04 * abs(self.speed) + 0.2
            return math.copysign(most, drive)
        self.spin = min(12.0, self.spin + 14.0 * dt)
        return math.copysign(_SLIDING * most, drive)

    def _grip(self, brake: float, most: float, v: float) -> float:
        """The brakes' force after the tyres' grip and the ABS."""
        self.abs_active = self.locked = False
        if brake <= most or abs(v) < 0.5:
            return min(brake, most)
        if self.abs_works:
            self.abs_active = abs(v) > 1.5
            return 0.97 * most
        self.locked = True
        return _SLIDING * most

    def _corner(self, grip: float, dt: float) -> bool:
        """Yaw and lateral acceleration; returns whether stability control is at work."""
        v = self.speed
        angle = 0.0 if self.locked else math.radians(self.wheel_angle / self.body.steering_ratio)
        wanted = v * math.tan(angle) / (self.body.wheelbase * (1.0 + _UNDERSTEER * v * v))
        most = grip * GRAVITY / max(abs(v), 1.0) * (0.95 if self.esc_works else 0.8)
        sliding = abs(wanted) > most
        target = math.copysign(min(abs(wanted), most), wanted)
        self.yaw_rate += (target - self.yaw_rate) * min(1.0, 10.0 * dt)
        self.lateral = v * self.yaw_rate
        self.esc_active = sliding and self.esc_works and abs(v) > 4.0
        return self.esc_active

    def _move(self, moved: float, grade: float, slope: float) -> None:
        self.distance += abs(moved)
        self.heading = (self.heading - math.degrees(self.yaw_rate * moved / (self.speed or 1.0))) % 360.0
        flat = moved * slope
        course = math.radians(self.heading)
        self.latitude += math.degrees(flat * math.cos(course) / EARTH_RADIUS)
        across = EARTH_RADIUS * max(0.01, math.cos(math.radians(self.latitude)))
        self.longitude += math.degrees(flat * math.sin(course) / across)
        self.altitude += flat * grade

    def wheel_speeds(self) -> tuple[float, float, float, float]:
        """m/s of the wheels FL, FR, RL, RR, as their sensors count: never negative."""
        if self.locked:
            return (0.0, 0.0, 0.0, 0.0)
        v, turn = self.speed, self.yaw_rate * self.body.track / 2
        ahead = math.copysign(self.spin, v) if v else self.spin
        return (abs(v - turn + ahead), abs(v + turn + ahead), abs(v - turn), abs(v + turn))
