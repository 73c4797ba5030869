"""What is asked of a planner, and its answer with all that guidance and explanations need of it."""

from dataclasses import dataclass, field

from alpenglow.navigation import api
from alpenglow.navigation.energy.model import Conditions
from alpenglow.navigation.energy.speeds import NORMAL, Pace
from alpenglow.navigation.roads.graph import Floats
from alpenglow.navigation.roads.snapping import Snap
from alpenglow.navigation.trips.legs import Priced
from alpenglow.navigation.trips.search import Found


@dataclass(frozen=True)
class Request:
    """Where to, from where, and how."""

    start: api.Position
    destination: api.Place
    via: tuple[api.Position, ...] = ()
    options: api.Options = field(default_factory=api.Options)
    heading: float | None = None  # degrees; where the car points


@dataclass(frozen=True)
class Planned:
    """A plan with all that it rests on, for guidance, for driving it and for telling why."""

    trip: api.Trip
    request: Request
    conditions: Conditions
    full: float  # kWh between 0 and 100 % of charge
    found: Found | None = None  # None where it cannot be done
    direct: Priced | None = None  # the way without a stop, whether or not the charge lasts
    stations: int = 0  # that could have been used
    saved_s: float = 0.0  # of charging, by warming the battery first
    alternatives: tuple["Planned", ...] = ()
    pace: Pace = NORMAL
    traffic: Floats | None = None  # the factor on each edge's speed that it was made with


@dataclass(frozen=True)
class Places:
    """The places of a request on their roads."""

    start: Snap
    via: tuple[Snap, ...]
    end: Snap

    @property
    def all(self) -> tuple[Snap, ...]:
        """In order."""
        return (self.start, *self.via, self.end)
