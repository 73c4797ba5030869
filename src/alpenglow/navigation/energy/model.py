"""Energy out of the battery for driving, from the car's own physics.

Every energy is J of the battery's *content*: charge as displayed falls by 100 · energy / `CarData.usable_j` per cent.
"""

from dataclasses import dataclass, field

from alpenglow.navigation.energy.car import CarData
from alpenglow.navigation.energy.speeds import NORMAL, Pace, SpeedProfile
from alpenglow.navigation.roads.graph import Floats, Roads
from alpenglow.navigation.roads.paths import Costs


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
    extra_w: float = 0.0  # lights, seat heating and the like beside the base load


@dataclass(frozen=True)
class Driven:
    """What a profile costs, for each of its segments (one less than its points) and by reason."""

    energy_j: Floats  # of the battery's content
    charge_pct: Floats  # at each point of the profile
    terminals_j: float  # what went over the battery's terminals
    parts_j: dict[str, float] = field(default_factory=dict)  # api.Part.reason → J; they add up to the sum of energy_j
    battery_c: float = 20.0  # at the end
    friction_j: float = 0.0  # what the brakes' discs took


class EnergyModel:
    """One car's energy."""

    def __init__(self, car: CarData) -> None:
        self.car = car

    def along(self, profile: SpeedProfile, conditions: Conditions) -> Driven:
        """What driving `profile` takes."""
        raise NotImplementedError

    def edge_costs(
        self, roads: Roads, conditions: Conditions, pace: Pace = NORMAL, traffic: Floats | None = None
    ) -> Costs:
        """Time, length and energy of each edge. `traffic`: factor on the speed for each edge."""
        raise NotImplementedError
