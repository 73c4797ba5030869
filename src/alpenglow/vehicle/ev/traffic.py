"""The cars around: each follows the one ahead and changes lane where that pays, on a road that bends as we steer.

Following is the Intelligent Driver Model (Treiber, Hennecke, Helbing, Phys. Rev. E 62, 1805, 2000), changing lane is
MOBIL (Kesting, Treiber, Helbing, Transp. Res. Rec. 1999, 2007). Both see our own car as one more.

Rules that always hold:
- the same seed and the same drive give the same traffic;
- two of the others never overlap; one that we drive into is taken off the road and comes back elsewhere;
- while our car is in P it stands beside the road, and the road is empty.

Places are metres ahead of our front bumper, lanes count from the right, sideways is positive to the left.
"""

import math
import random
from typing import NamedTuple

from alpenglow.vehicle.ev.parameters import TrafficData

BEHIND_M, AHEAD_M = -70.0, 190.0  # what lies beyond is not modelled
_APART_M = 22.0  # free road that a car needs to come in
_FLOW_LEAST_MS = 60.0 / 3.6  # without a limit traffic goes at least so fast
_FLOW_MOST_MS = 130.0 / 3.6
_FLOW_FOLLOWS_S = 10.0  # and otherwise as fast as we have gone for so long
_LANE_PACE = (0.86, 1.0, 1.12)  # of the flow, from the right
_TRUCK_MOST_MS = 85.0 / 3.6
_CHANGE_S = 3.0  # from lane to lane
_THINKS_EVERY_S = 0.8

# IDM, as in the paper's table I but brisker, as cars are driven in Europe.
_ACCELERATION, _BRAKING = 1.4, 2.0  # m/s²
_GAP_S, _GAP_M = 1.3, 2.5
_HARDEST = 8.0  # m/s²
# MOBIL: what it takes to change, how much others' loss counts, and the braking that nobody may be put to.
_WORTH, _POLITENESS, _SAFE_BRAKING = 0.15, 0.35, 3.0
_KEEP_RIGHT = 0.05  # m/s² in favour of the right


class Kind(NamedTuple):
    """A kind of road user, with its number in Vehicle.Alpenglow.Perception.Objects."""

    number: int
    length: float
    share: float


CAR, TRUCK, TWO_WHEELER = Kind(1, 4.5, 0.74), Kind(2, 12.0, 0.18), Kind(3, 2.2, 0.08)


class Other:
    """One of the others."""

    __slots__ = ("acceleration", "at", "kind", "lane", "number", "pace", "speed", "thinks", "y")

    def __init__(self, number: int, kind: Kind, lane: int, at: float, speed: float, pace: float) -> None:
        self.number = number
        self.kind = kind
        self.lane = lane
        self.at = at  # of its front
        self.speed = speed  # m/s
        self.pace = pace  # its wish, as a share of its lane's
        self.acceleration = 0.0
        self.y = float(lane)  # lanes; between two while it changes
        self.thinks = (number % 8) / 8 * _THINKS_EVERY_S  # s until it looks at the lanes beside

    @property
    def rear(self) -> float:
        """Where it ends."""
        return self.at - self.kind.length


class Lead(NamedTuple):
    """Who is ahead of us in our lane."""

    gap: float  # m between the bumpers
    speed: float  # m/s, its own


def idm(speed: float, wish: float, gap: float, closing: float, gap_s: float = _GAP_S) -> float:
    """m/s² that a driver gives who goes `speed`, would go `wish`, and comes nearer by `closing` m/s at `gap` m."""
    free = 1.0 - (speed / max(wish, 0.1)) ** 4
    wanted = _GAP_M + max(0.0, speed * gap_s + speed * closing / (2.0 * math.sqrt(_ACCELERATION * _BRAKING)))
    return max(-_HARDEST, _ACCELERATION * (free - (wanted / max(gap, 0.1)) ** 2))


class Road:
    """The road under our car, found from how it is driven.

    It bends as we turn, a little late, so that a jerk at the wheel makes us drift out of the lane. While we indicate,
    turning means another lane.
    """

    _BENDS_S = (1.0, 6.0)  # without and with the indicator: a turn that lasts longer than this is the road's
    _STRAIGHTENS_S = (1.2, 1.6)  # a driver turns back into the road's direction
    _CENTRES_S = 5.0  # a driver who holds the wheel straight keeps to the middle

    def __init__(self, data: TrafficData) -> None:
        self.width = data.lane_width
        self.lanes = data.lanes
        self.lane = data.lanes // 2  # ours
        self.offset = 0.0  # m that we are to the left of our lane's middle
        self.heading = 0.0  # rad that we point to the left of the lane
        self.curvature = 0.0  # 1/m

    def step(self, speed: float, yaw_rate: float, indicates: bool, half_width: float, dt: float) -> None:
        """Move on by `dt`; `half_width` of our car, which keeps it on the road."""
        if abs(speed) > 0.5:
            bend = min(0.05, max(-0.05, yaw_rate / speed))
            self.curvature += (bend - self.curvature) * min(1.0, dt / self._BENDS_S[indicates])
            self.heading += (yaw_rate - self.curvature * speed) * dt
            self.heading -= self.heading * min(1.0, dt / self._STRAIGHTENS_S[indicates])
            self.heading = min(0.3, max(-0.3, self.heading))
            self.offset += speed * math.sin(self.heading) * dt
            if abs(yaw_rate) < 0.01:
                self.offset -= self.offset * min(1.0, dt / self._CENTRES_S)
        for side in (1, -1):
            if self.offset * side > self.width / 2 and 0 <= self.lane + side < self.lanes:
                self.lane += side
                self.offset -= side * self.width
        room = max(0.0, self.width / 2 + 0.4 - half_width)  # half a wheel over the road's edge
        if self.lane == self.lanes - 1:
            self.offset = min(self.offset, room)
        if self.lane == 0:
            self.offset = max(self.offset, -room)

    @property
    def y(self) -> float:
        """Where we are across the road, in lanes."""
        return self.lane + self.offset / self.width

    def left(self, y: float, at: float) -> float:
        """m to our left of a point `at` metres ahead on the lane line `y`."""
        return (y - self.y) * self.width + 0.5 * self.curvature * at * at - self.heading * at


class Traffic:
    """All the others."""

    def __init__(self, data: TrafficData, length: float) -> None:
        """`length` of our own car, m."""
        self.road = Road(data)
        self.others: list[Other] = []
        self._most = data.most
        self._length = length
        self._dice = random.Random(data.seed)  # not for secrets: the same seed gives the same traffic
        self._made = 0
        self._flow = _FLOW_LEAST_MS
        self._own = 0.0  # our speed
        self._away = True

    def step(self, speed: float, density: float, limit: float, away: bool, dt: float) -> None:
        """Move on by `dt`.

        `speed`: ours, m/s; `density`: 0 none … 1 dense; `limit`: m/s, 0 where there is none; `away`: we are beside
        the road.
        """
        self._own = speed
        follows = min(_FLOW_MOST_MS, max(_FLOW_LEAST_MS, speed * 0.97))
        self._flow = limit or self._flow + (follows - self._flow) * min(1.0, dt / _FLOW_FOLLOWS_S)
        wanted = 0 if away else round(self._most * density)
        if away or not wanted:
            self.others.clear()
        if self._away and not away:
            self._populate(wanted)
        self._away = away
        if not self.others and not wanted:
            return
        self._drive(dt)
        self._leave(wanted)
        if len(self.others) < wanted:
            self._arrive()

    def lead(self) -> Lead | None:
        """The nearest ahead of us in our lane."""
        best: Other | None = None
        for other in self.others:
            beside = abs(other.y - self.road.y) < 0.62
            if beside and other.rear > -1.0 and (best is None or other.rear < best.rear):
                best = other
        return None if best is None else Lead(max(0.1, best.rear), best.speed)

    def _wish(self, other: Other) -> float:
        wish = self._flow * _LANE_PACE[min(other.lane, len(_LANE_PACE) - 1)] * other.pace
        return min(wish, _TRUCK_MOST_MS) if other.kind is TRUCK else wish

    def _ahead(self, lane: int, at: float, but: Other | None) -> tuple[float, float]:
        """(m to the rear of the next one, its speed) ahead of `at` in `lane`; we are one of them."""
        gap, speed = 1e3, 0.0
        for other in self.others:
            if other is not but and _uses(other, lane) and other.at > at and other.rear - at < gap:
                gap, speed = other.rear - at, other.speed
        if at < 0.0 and abs(self.road.y - lane) < 0.62 and -self._length - at < gap:
            gap, speed = -self._length - at, self._own
        return gap, speed

    def _behind(self, lane: int, at: float, but: Other | None) -> Other | None:
        """The next one behind `at` in `lane`."""
        best: Other | None = None
        for other in self.others:
            if other is not but and _uses(other, lane) and other.at <= at and (best is None or other.at > best.at):
                best = other
        return best

    def _accelerate(self, other: Other, lane: int) -> float:
        gap, speed = self._ahead(lane, other.at, other)
        return idm(other.speed, self._wish(other), gap, other.speed - speed)

    def _drive(self, dt: float) -> None:
        for other in self.others:
            other.acceleration = self._accelerate(other, other.lane)
            leaves = round(other.y)
            if leaves != other.lane:  # not yet out of the lane that it leaves
                other.acceleration = min(other.acceleration, self._accelerate(other, leaves))
            other.thinks -= dt
            if other.thinks <= 0.0:
                other.thinks = _THINKS_EVERY_S
                self._change(other)
        for other in self.others:
            speed = max(0.0, other.speed + other.acceleration * dt)
            other.at += (0.5 * (other.speed + speed) - self._own) * dt
            other.speed = speed
            step = dt / _CHANGE_S
            other.y += min(step, max(-step, other.lane - other.y))

    def _change(self, other: Other) -> None:
        """Take the lane beside, where that pays and harms nobody."""
        if abs(other.y - other.lane) > 0.05 or other.speed < 2.0:
            return
        best, worth = other.lane, _WORTH
        for lane in (other.lane - 1, other.lane + 1):
            if not 0 <= lane < self.road.lanes or (other.kind is TRUCK and lane > 1):
                continue
            gain = self._gain(other, lane)
            if gain is not None and gain > worth:
                best, worth = lane, gain
        other.lane = best

    def _gain(self, other: Other, lane: int) -> float | None:
        """MOBIL's incentive [m/s²] of `lane`; None where it would not be safe."""
        gap, _ = self._ahead(lane, other.at, other)
        behind = self._behind(lane, other.at, other)
        room = other.rear - behind.at if behind is not None else 1e3
        if gap < 4.0 or room < 4.0 or not self._clear_of_us(other, lane):
            return None
        loss = 0.0
        if behind is not None:
            after = idm(behind.speed, self._wish(behind), room, behind.speed - other.speed)
            if after < -_SAFE_BRAKING:
                return None
            loss = behind.acceleration - after
        gain = self._accelerate(other, lane) - other.acceleration - _POLITENESS * loss
        gain += _KEEP_RIGHT if lane < other.lane else -_KEEP_RIGHT
        in_our_way = other.lane == self.road.lane and 0.0 < other.rear < self._own * 2.5
        if in_our_way and lane < other.lane:
            gain += _POLITENESS * _ACCELERATION  # it lets us pass
        return gain

    def _clear_of_us(self, other: Other, lane: int) -> bool:
        if abs(self.road.y - lane) > 0.8:
            return True
        if other.rear > 0.0:
            return idm(self._own, self._own + 1.0, other.rear, self._own - other.speed) > -_SAFE_BRAKING
        return other.at < -self._length - 4.0

    # Coming and going

    def _leave(self, wanted: int) -> None:
        kept = []
        for other in self.others:
            hit = other.at > -self._length and other.rear < 0.0 and abs(other.y - self.road.y) * self.road.width < 1.6
            if other.at >= BEHIND_M and other.rear <= AHEAD_M and not hit:
                kept.append(other)
        while len(kept) > wanted:
            kept.remove(max(kept, key=lambda other: abs(other.at)))
        self.others = kept

    def _arrive(self) -> None:
        """One more: from ahead where it is slower than we are, else from behind."""
        other = self._another(self._dice.randrange(self.road.lanes))
        slower = self._wish(other) < self._own
        other.at = AHEAD_M if slower else BEHIND_M
        other.speed = self._wish(other)
        near = min((abs(o.at - other.at) for o in self.others if _uses(o, other.lane)), default=1e3)
        gap, speed = self._ahead(other.lane, other.at, other)
        if near > _APART_M + other.kind.length:
            other.speed = min(other.speed, speed + math.sqrt(max(0.0, _BRAKING * gap)))
            self._keep(other)

    def _populate(self, wanted: int) -> None:
        """Traffic that was there before we came: ahead of us, and beside."""
        self.others.clear()
        for _ in range(wanted * 4):
            if len(self.others) >= wanted:
                break
            other = self._another(self._dice.randrange(self.road.lanes))
            at = self._dice.uniform(35.0 if other.lane == self.road.lane else BEHIND_M, AHEAD_M)
            other.at, other.speed = at, self._wish(other)
            near = min((abs(o.at - at) for o in self.others if o.lane == other.lane), default=1e3)
            if near > _APART_M + other.kind.length:
                self._keep(other)

    def _another(self, lane: int) -> Other:
        dice = self._dice
        kinds = (CAR, TRUCK, TWO_WHEELER)
        kind = dice.choices(kinds, [k.share for k in kinds])[0]
        if kind is TRUCK:
            lane = 0
        return Other(self._made, kind, lane, 0.0, 0.0, dice.uniform(0.95, 1.06))

    def _keep(self, other: Other) -> None:
        self._made += 1
        self.others.append(other)


def _uses(other: Other, lane: int) -> bool:
    """Whether it is in `lane`, with as much as a side of it."""
    return other.lane == lane or abs(other.y - lane) < 0.75
