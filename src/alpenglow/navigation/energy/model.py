"""Energy out of the battery for driving, from the car's own physics.

Every energy is J of the battery's *content*: charge as displayed falls by 100 · energy / `CarData.usable_j` per cent.
(A battery's voltage falls with its charge, so the same work costs an emptier battery more of its content.)
"""

import math
from dataclasses import dataclass, field

import numpy as np

from alpenglow.navigation.energy import comfort
from alpenglow.navigation.energy.battery import Cells
from alpenglow.navigation.energy.car import CarData
from alpenglow.navigation.energy.speeds import NORMAL, Pace, SpeedProfile
from alpenglow.navigation.energy.traction import GRAVITY, Traction, Work, air_density
from alpenglow.navigation.roads import flow, geometry
from alpenglow.navigation.roads.graph import FERRY, Floats, Ints, Roads
from alpenglow.navigation.roads.paths import Costs

_STEP_S = 15.0  # of climate and battery temperature along a drive
_ROUNDS = 3  # of finding charge and temperature along a drive; the third changes less than a tenth of a per cent
_LONG_S = 900.0  # the climate's draw over so long stands for that of a journey
_USUAL_MS = 14.0
_TOP_C = 45.0  # a battery that prices are asked for is not warmer


@dataclass(frozen=True)
class Conditions:
    """What the drive meets."""

    charge_pct: float = 80.0  # as displayed, at the start
    outside_c: float = 20.0
    battery_c: float | None = None  # None: as outside
    cabin_c: float | None = None  # None: as wanted already
    wanted_c: float = 21.0  # in the cabin
    climate: bool = True
    climate_w: float | None = None  # measured draw instead of what is worked out
    daylight: float = 0.5  # 0 night … 1 bright day
    people: int = 1
    load_kg: float = 0.0
    rolling: float = 1.0  # factor: 1.15 rain, 1.6 snow
    headwind_ms: float = 0.0  # against the car wherever it goes
    wind_ms: float = 0.0  # over the land …
    wind_from_deg: float = 0.0  # … from where
    extra_w: float = 40.0  # beside the base load: lights, blowers, heated seats

    @property
    def cells_c(self) -> float:
        """°C of the battery at the start."""
        return self.outside_c if self.battery_c is None else self.battery_c


@dataclass(frozen=True)
class Driven:
    """What a profile costs: for each of its segments (one less than its points), and by reason."""

    energy_j: Floats  # of the battery's content
    charge_pct: Floats  # as displayed, at each point of the profile; below 0 where the battery would not do it
    terminals_j: float  # what went over the battery's terminals
    parts_j: dict[str, float] = field(default_factory=dict)  # api.Part.reason → J; they add up to energy_j's sum
    battery_c: float = 20.0  # at the end
    friction_j: float = 0.0  # what the brakes' discs took
    won_back_j: float = 0.0  # what went into the battery on the way, at its terminals

    @property
    def total_j(self) -> float:
        """J of the battery's content altogether."""
        return float(self.energy_j.sum())


@dataclass(frozen=True, eq=False)
class _Segments:
    """The roads as arrays of segments between points; made once."""

    edge: Ints
    first: Ints  # of each base edge
    last: Ints
    length: Floats
    rise: Floats
    height: Floats
    from_ms: Floats
    to_ms: Floats
    cruise: Floats
    east: Floats  # of the direction
    north: Floats


class EnergyModel:
    """One car's energy."""

    def __init__(self, car: CarData) -> None:
        self.car = car
        self.cells = Cells(car.battery)
        self.traction = Traction(car)
        self._kept: tuple[Roads, _Segments] | None = None

    def auxiliary_w(self, conditions: Conditions) -> float:
        """W of control units, screens and lights, at the battery."""
        low = self.car.low_voltage
        return (low.base_load + conditions.extra_w) / low.dcdc_efficiency

    def climate_w(self, conditions: Conditions) -> float:
        """W that climate draws on average over a quarter of an hour."""
        if conditions.climate_w is not None:
            return conditions.climate_w
        steps = round(_LONG_S / _STEP_S)
        speed, lasting = np.full(steps, _USUAL_MS), np.full(steps, _STEP_S)
        return float(self._comfort(conditions, speed, np.zeros(steps), lasting).climate_w.mean())

    def _comfort(
        self, conditions: Conditions, speed: Floats, loss: Floats, seconds: Floats, prepare_from: int | None = None
    ) -> comfort.Comfort:
        inside = conditions.wanted_c if conditions.cabin_c is None else conditions.cabin_c
        return comfort.drive(
            comfort.Climate(self.car.cabin, inside),
            self.car.battery,
            conditions.cells_c,
            conditions.wanted_c if conditions.climate else None,
            conditions.outside_c,
            conditions.daylight,
            conditions.people,
            speed,
            loss,
            seconds,
            prepare_from,
        )

    def along(self, profile: SpeedProfile, conditions: Conditions, prepare_s: float | None = None) -> Driven:
        """What driving `profile` takes. `prepare_s`: when the battery begins to be warmed for fast charging."""
        length, rise = np.diff(profile.distance_m), np.diff(profile.height_m)
        directions = np.radians(geometry.bearings(profile.lat, profile.lon))
        density = air_density(profile.height_m[:-1], conditions.outside_c)
        headwind = self._headwind(conditions, np.sin(directions), np.cos(directions))
        mass = self.traction.mass(conditions.people, conditions.load_kg)
        seconds = np.diff(profile.time_s)
        step = np.minimum((profile.time_s[:-1] / _STEP_S).astype(np.int64), int(profile.time_s[-1] / _STEP_S))
        lasting = np.bincount(step, seconds)
        speed = np.bincount(step, length) / np.maximum(lasting, 1e-6)
        prepare = None if prepare_s is None else int(prepare_s / _STEP_S)
        base = self.auxiliary_w(conditions)
        start = float(self.cells.gross(conditions.charge_pct))
        charge = np.full(len(length), start)
        celsius = np.full(len(length), conditions.cells_c)
        loss = np.zeros(len(lasting))
        gross_j = self.car.battery.energy * 3.6e6
        for _ in range(_ROUNDS):
            cosy = self._comfort(conditions, speed, loss, lasting, prepare)
            climate = cosy.climate_w if conditions.climate_w is None else np.full(len(lasting), conditions.climate_w)
            auxiliary = base + (climate + cosy.conditioning_w)[step]
            celsius = cosy.battery_c[step]
            limit = self.cells.power_in(np.clip(charge, 0.0, 1.0), celsius) + auxiliary
            work = self.traction.work(
                length,
                rise,
                profile.speed_ms[:-1],
                profile.speed_ms[1:],
                mass,
                conditions.rolling,
                headwind,
                density,
                limit,
            )
            power = work.power + auxiliary
            current = self.cells.current(power, np.clip(charge, 0.0, 1.0), celsius)
            energy = self.cells.content(current) * seconds
            gone = np.concatenate(([0.0], np.cumsum(energy)))
            charge = start - (gone[:-1] + gone[1:]) / (2 * gross_j)
            heat = current * current * self.cells.resistance(celsius) * seconds
            loss = np.bincount(step, heat) / np.maximum(lasting, 1e-6)
        return Driven(
            energy,
            conditions.charge_pct - 100.0 * gone / self.car.usable_j,
            float((power * seconds).sum()),
            _parts(work, float(energy.sum()), base, auxiliary, seconds),
            float(cosy.battery_c[-1]),
            float(work.friction.sum()),
            float(-np.minimum(power, 0.0) @ seconds),
        )

    def edge_costs(
        self, roads: Roads, conditions: Conditions, pace: Pace = NORMAL, traffic: Floats | None = None
    ) -> Costs:
        """Time, length and energy of each edge. `traffic`: factor on the speed for each edge.

        Energy is reckoned at the charge and battery temperature of `conditions`. What is between two edges' speeds at
        a junction is part of each edge's price, against the one speed that the node has.
        """
        s = self._of(roads)
        mass = self.traction.mass(conditions.people, conditions.load_kg)
        factor = 1.0 if traffic is None else traffic[s.edge]
        from_ms = pace.bounded(s.from_ms, s.cruise) * factor
        to_ms = pace.bounded(s.to_ms, s.cruise) * factor
        auxiliary = self.auxiliary_w(conditions) + self.climate_w(conditions)
        charge = float(self.cells.gross(conditions.charge_pct))
        celsius = min(conditions.cells_c, _TOP_C)
        work = self.traction.work(
            s.length,
            s.rise,
            from_ms,
            to_ms,
            mass,
            conditions.rolling,
            self._headwind(conditions, s.east, s.north),
            air_density(s.height, conditions.outside_c),
            float(self.cells.power_in(charge, celsius)) + auxiliary,
        )
        energy = self.cells.content(self.cells.current(work.power + auxiliary, charge, celsius)) * work.seconds
        time_s, energy_j = np.add.reduceat(work.seconds, s.first), np.add.reduceat(energy, s.first)
        node = pace.allowed(roads.node_speed.astype(float))
        base = len(s.first)
        begin, finish = roads.start[:base], roads.end[:base]
        inertia = self.traction.inertia(mass)
        drive, back = self._efficiencies(charge, mass)
        for gain, through in (
            (from_ms[s.first] ** 2 - node[begin] ** 2, node[begin]),
            (node[finish] ** 2 - to_ms[s.last] ** 2, node[finish]),
        ):
            motion = 0.5 * inertia * gain
            energy_j += np.where(motion > 0.0, motion * drive, motion * back)
            slower = through - np.sqrt(np.maximum(through * through - np.abs(gain), 0.0))
            time_s += slower * slower / (2.0 * flow.ACCELERATION * np.maximum(through, 1.0))
        ferry = (roads.flags[:base] & FERRY) > 0
        energy_j[ferry] = 0.0
        best = self.car.motor.gear_efficiency * max(back, self.cells.mean_v / float(self.cells.open_circuit(charge)))
        potential = best * (mass * GRAVITY * roads.node_height.astype(float) + 0.5 * inertia * node * node)
        of = roads.base
        return Costs(time_s[of], roads.length_m.astype(float), energy_j[of], potential)

    def _efficiencies(self, charge: float, mass: float) -> tuple[float, float]:
        """J of content per J of motion: into it, and out of it again, at a town's speeds."""
        force, speed = np.array([mass * 1.2, -mass * 1.2]), np.array([10.0, 10.0])
        power = self.traction.electric(force, speed) - self.traction.electric(np.zeros(2), speed)
        content = self.cells.content(self.cells.current(power, charge, 20.0))
        ratio = content / (force * speed)
        return float(ratio[0]), float(ratio[1])

    def _headwind(self, conditions: Conditions, east: Floats, north: Floats) -> Floats:
        """m/s against the car on segments of these directions."""
        if not conditions.wind_ms:
            return np.full(len(east), conditions.headwind_ms)
        of = math.radians(conditions.wind_from_deg)
        return np.asarray(conditions.headwind_ms + conditions.wind_ms * (east * math.sin(of) + north * math.cos(of)))

    def _of(self, roads: Roads) -> _Segments:
        if self._kept is None or self._kept[0] is not roads:
            self._kept = (roads, _segments(roads))
        return self._kept[1]


def _segments(roads: Roads) -> _Segments:
    base = int((roads.base == np.arange(roads.edges)).sum())  # copies come last
    counts = np.diff(roads.offset[: base + 1]) - 1
    edge = np.repeat(np.arange(base), counts)
    at = np.arange(len(edge)) + edge
    last = np.cumsum(counts) - 1
    directions = np.radians(geometry.bearings(roads.lat, roads.lon))[at]
    length = np.maximum(np.diff(roads.distance_m.astype(float))[at], 1e-3)
    return _Segments(
        edge,
        last - counts + 1,
        last,
        length,
        np.diff(roads.height.astype(float))[at],
        roads.height[at].astype(float),
        roads.speed[at].astype(float),
        roads.speed[at + 1].astype(float),
        roads.cruise_ms[edge].astype(float),
        np.sin(directions),
        np.cos(directions),
    )


def _parts(work: Work, total: float, base: float, auxiliary: Floats, seconds: Floats) -> dict[str, float]:
    """The energy by reason. What goes neither into the road load nor into comfort is the drive's: its losses and the
    brakes'."""
    parts = {
        "rolling": float(work.rolling.sum()),
        "air": float(work.air.sum()),
        "wind": float(work.wind.sum()),
        "climb": float(np.maximum(work.grade, 0.0).sum()),
        "descent": float(np.minimum(work.grade, 0.0).sum()),
        "climate": float((auxiliary - base) @ seconds),
        "other": base * float(seconds.sum()),
    }
    parts["drive"] = total - sum(parts.values())
    return parts
