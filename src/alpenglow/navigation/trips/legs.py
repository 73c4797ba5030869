"""What ways between places cost this car: all of them roughly from the edges' prices, the chosen ones exactly.

The rough price of a way knows nothing of what happens between its ends: it takes the lightest draw that its energy
allows. So it is never dearer than the way on account of a pass in between, and `planner` can choose, price exactly
what was chosen, and choose again.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from alpenglow.navigation.api import Avoid, Preference
from alpenglow.navigation.energy.model import Conditions, Driven, EnergyModel
from alpenglow.navigation.energy.speeds import NORMAL, Pace, SpeedProfile, profile
from alpenglow.navigation.roads.graph import Floats, Roads
from alpenglow.navigation.roads.paths import Line, Network, Path
from alpenglow.navigation.roads.snapping import Snap
from alpenglow.navigation.trips.stops import Draw

KWH = 3.6e6  # J
CHARGING_W = 11e3  # what a station gives where energy has to be worth time and no station is asked
_CHARGE_STEP = 0.25  # per cent, and …
_WARMTH_STEP = 0.5  # … K that do not change what a way costs
_LIGHTEST = 85.0  # per cent of charge, and …
_LIGHTER = 0.03  # … of a way's energy by which its rough price may still be too high
_MOST_KEPT = 500  # ways; each has some thousand points


@dataclass(frozen=True)
class Piece:
    """A path as it is driven from standing to standing."""

    path: Path
    line: Line
    profile: SpeedProfile
    driven: Driven

    @property
    def time_s(self) -> float:
        """How long it takes."""
        return self.profile.duration_s

    @property
    def distance_m(self) -> float:
        """How long it is."""
        return float(self.profile.distance_m[-1])


@dataclass(frozen=True)
class Priced:
    """A way exactly: its pieces from one via point to the next."""

    pieces: tuple[Piece, ...]
    draw: Draw  # kWh
    time_s: float
    battery_c: float  # at its end
    places: tuple[Snap, ...]  # that it leads through


def light(energy: float) -> Draw:
    """The least that a way can ask of the battery whose edges' energies sum up to this."""
    energy -= _LIGHTER * abs(energy)
    taken = max(0.0, energy)
    return Draw(energy, taken, taken, taken)


class Pricing:
    """One car's prices under one set of conditions."""

    def __init__(
        self,
        roads: Roads,
        network: Network,
        model: EnergyModel,
        conditions: Conditions,
        preference: Preference = "fastest",
        avoid: Avoid | None = None,
        charging_w: float = CHARGING_W,
        pace: Pace = NORMAL,
        traffic: Floats | None = None,
    ) -> None:
        """`charging_w`: what a station on the way gives; a joule saved there is worth that much time."""
        self.roads, self.network, self.model = roads, network, model
        self.conditions, self.pace, self.traffic = conditions, pace, traffic
        # At the charge where a joule at the wheels takes least of the content, and descents still charge the battery.
        self.costs = model.edge_costs(roads, replace(conditions, charge_pct=_LIGHTEST), pace, traffic)
        wanted = network.weights(self.costs, preference, avoid)
        if preference == "fastest":
            frugal = network.weights(self.costs, "economical", avoid)
            self.weights = [wanted, wanted + frugal / charging_w, frugal]
        else:
            self.weights = [wanted]
        self._rough: dict[tuple[int, Snap], dict[Snap, tuple[float, float]]] = {}
        self._paths: dict[tuple[int, tuple[Snap, ...]], list[Path]] = {}
        self._profiles: dict[tuple[int, tuple[Snap, ...]], list[SpeedProfile]] = {}
        self._priced: dict[tuple[object, ...], Priced] = {}

    def tidy(self) -> None:
        """Forget the ways of long ago."""
        for kept in (self._rough, self._paths, self._profiles, self._priced):
            if len(kept) > _MOST_KEPT:
                kept.clear()

    @property
    def kinds(self) -> range:
        """Ways between two places: the quickest, the quickest with its charging, the most frugal."""
        return range(len(self.weights))

    def matrix(self, kind: int, starts: Sequence[Snap], ends: Sequence[Snap]) -> Floats:
        """(starts, ends, 2): seconds and kWh of the ways of a kind; inf where there is none."""
        result = np.empty((len(starts), len(ends), 2))
        for row, start in enumerate(starts):
            known = self._rough.setdefault((kind, start), {})
            if len(known) > _MOST_KEPT:
                known.clear()
            new = [end for end in ends if end not in known]
            if new:
                found = self.network.one_to_many(
                    start, new, self.weights[kind], self.costs.time_s, self.costs.energy_j, keep=True
                )
                known |= {end: (float(f[1]), float(f[2]) / KWH) for end, f in zip(new, found, strict=True)}
            result[row] = [known[end] for end in ends]
        return result

    def paths(self, kind: int, places: tuple[Snap, ...]) -> list[Path]:
        """The paths through `places`; NoPath."""
        key = (kind, places)
        if key not in self._paths:
            self._paths[key] = self.network.find_via(places, self.weights[kind])
        return self._paths[key]

    def price(
        self,
        kind: int,
        places: tuple[Snap, ...],
        charge_pct: float,
        battery_c: float,
        fresh: bool,
        prepare_s: float | None = None,
    ) -> Priced:
        """A way through `places` when begun so. NoPath.

        `fresh`: the cabin is not yet as warm as wanted; `prepare_s`: when the battery begins to be warmed for charging.
        """
        # Rounded to what costs more: an emptier or a colder battery gives less for its charge, a full one takes less.
        charge_step = charge_pct / _CHARGE_STEP
        charge_step = math.floor(charge_step) if charge_pct < _LIGHTEST else math.ceil(charge_step)
        warmth_step = math.floor(battery_c / _WARMTH_STEP)
        key = (kind, places, charge_step, warmth_step, fresh, prepare_s)
        found = self._priced.get(key)
        if found is None:
            profiles = self._profiles.get((kind, places))
            paths = self.paths(kind, places)
            if profiles is None:
                profiles = self._profiles[kind, places] = [self.profile(path) for path in paths]
            found = self._priced[key] = self.along(
                paths, profiles, charge_step * _CHARGE_STEP, warmth_step * _WARMTH_STEP, fresh, places, prepare_s
            )
        return found

    def profile(self, path: Path) -> SpeedProfile:
        """How `path` is driven."""
        return profile(self.roads, path, self.network.line(path), self.pace, self.traffic)

    def along(
        self,
        paths: Sequence[Path],
        profiles: Sequence[SpeedProfile],
        charge_pct: float,
        battery_c: float,
        fresh: bool,
        places: tuple[Snap, ...],
        prepare_s: float | None = None,
    ) -> Priced:
        """Price paths that are driven one after the other."""
        conditions = replace(self.conditions, charge_pct=min(100.0, max(0.0, charge_pct)), battery_c=battery_c)
        pieces: list[Piece] = []
        draw, time_s = Draw(), 0.0
        for number, (path, speeds) in enumerate(zip(paths, profiles, strict=True)):
            if number or not fresh:
                conditions = replace(conditions, cabin_c=None)
            soon = (
                None if prepare_s is None or prepare_s >= time_s + speeds.duration_s else max(0.0, prepare_s - time_s)
            )
            driven = self.model.along(speeds, conditions, soon)
            pieces.append(Piece(path, self.network.line(path), speeds, driven))
            draw = draw.then(Draw.of(driven.energy_j / KWH))
            time_s += speeds.duration_s
            left = min(100.0, max(0.0, float(driven.charge_pct[-1])))
            conditions = replace(conditions, charge_pct=left, battery_c=driven.battery_c)
        return Priced(tuple(pieces), draw, time_s, pieces[-1].driven.battery_c if pieces else battery_c, places)
