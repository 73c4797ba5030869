"""What other rooms and the pages may ask of `navigation`.

Positions are WGS 84 degrees, distances metres, times seconds, energies kWh, charge is per cent as the driver sees it.
Every service raises Failed with a sentence for the driver where there is no map, no position or no way.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from alpenglow.fabric import service, slow_service

type Latitude = Annotated[float, Meta(ge=-90.0, le=90.0)]
type Longitude = Annotated[float, Meta(ge=-180.0, le=180.0)]
type Percent = Annotated[float, Meta(ge=0.0, le=100.0)]
type Preference = Literal["fastest", "shortest", "economical"]
type PlaceKind = Literal["settlement", "street", "address", "poi", "charger", "nature"]
type Kept = Literal["favourite", "home", "work", "recent"]
type SpeedFactor = Annotated[float, Meta(ge=0.05, le=1.0)]
type Source = Annotated[str, Meta(min_length=1, max_length=40)]
type ChargerState = Literal["available", "busy", "out_of_order", "unknown"]
# fmt: off
type ManeuverKind = Literal[
    "depart", "continue", "straight", "slight_right", "right", "sharp_right", "u_turn", "sharp_left", "left",
    "slight_left", "ramp_right", "ramp_left", "exit_right", "exit_left", "keep_right", "keep_left", "keep_straight",
    "merge", "roundabout", "ferry", "via", "charge", "arrive",
]
# fmt: on


class Position(msgspec.Struct, frozen=True):
    """A place on the earth."""

    latitude: Latitude
    longitude: Longitude


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Something that can be driven to."""

    id: str  # stays the same while the map is the same: "n123", "w45/6", "kept/…"
    name: str
    kind: PlaceKind
    category: str = ""  # of `search/categories.toml`: "charger", "cafe", …; "" for none
    where: str = ""  # street, settlement: what tells two of one name apart
    position: Position
    distance_m: float | None = None  # from where was asked, as the crow flies
    detour_s: float | None = None  # along a route: what it costs to go there
    charger: "Charger | None" = None


class Charger(msgspec.Struct, frozen=True, kw_only=True):
    """A charging station. What the map does not know is empty or 0."""

    id: str
    name: str
    position: Position
    network: str = ""
    plugs: list[str] = []  # "ccs", "chademo", "type2", "tesla_ccs", "schuko"
    power_kw: float = 0.0  # of its strongest plug that this car can use
    known: bool = True  # False: power or plug is assumed, since the map does not say
    points: int = 1
    state: ChargerState = "unknown"


class Avoid(msgspec.Struct, frozen=True, kw_only=True):
    """What a route keeps off where there is another way."""

    tolls: bool = False
    ferries: bool = False
    unpaved: bool = False


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How somebody wants to travel."""

    preference: Preference = "fastest"
    avoid: Avoid = Avoid()
    reserve: Percent = 10.0  # charge left on arrival at the destination
    least: Percent = 5.0  # charge never gone below on the way
    networks: list[str] = []  # preferred charging networks
    plugs: list[str] = []  # plugs that the car or its cables have; empty: as the line says
    alternatives: Annotated[int, Meta(ge=0, le=3)] = 0


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A share of what a leg uses, in words for people."""

    reason: Literal["rolling", "air", "wind", "climb", "descent", "climate", "drive", "other"]
    energy_kwh: float  # negative: won back


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """A charging stop."""

    charger: Charger
    arrival_charge: Percent
    departure_charge: Percent
    charging_s: float
    waiting_s: float  # expected queue
    energy_kwh: float  # into the battery
    arrival_s: float  # after departure of the trip
    detour_s: float


class Leg(msgspec.Struct, frozen=True, kw_only=True):
    """From one stop to the next."""

    distance_m: float
    duration_s: float
    energy_kwh: float
    departure_charge: Percent
    arrival_charge: Percent
    climb_m: float
    descent_m: float
    parts: list[Part]


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """A way from here to there. Each list of points is [longitude, latitude], as GeoJSON has it."""

    points: list[tuple[float, float]]
    distance_m: float
    duration_s: float
    energy_kwh: float
    tolls: bool = False
    ferries: bool = False
    unpaved: bool = False
    via: str = ""  # the road that tells it from the others


class Trip(msgspec.Struct, frozen=True, kw_only=True):
    """A plan with its stops: `len(legs) == len(stops) + 1`, and what is planned adds up."""

    id: str
    destination: Place
    via: list[Position] = []
    options: Options
    feasible: bool
    problem: str = ""  # where it is not: why, in a driver's sentence
    remedies: list[str] = []  # what would make it possible
    route: Route
    legs: list[Leg] = []
    stops: list[Stop] = []
    distance_m: float = 0.0
    duration_s: float = 0.0  # driving, waiting and charging
    energy_kwh: float = 0.0
    departure_charge: Percent = 0.0
    arrival_charge: Percent = 0.0
    precondition_s: float | None = None  # after departure: when to begin warming the battery for the first stop
    alternatives: list["Trip"] = []


class Maneuver(msgspec.Struct, frozen=True, kw_only=True):
    """What to do where."""

    kind: ManeuverKind
    at_m: float  # along the route
    position: Position
    street: str  # the one after it
    exit: int = 0  # of a roundabout
    lanes: list[str] = []  # from left to right: "left", "through|right"; "!" in front of those to be in
    text: str  # in the language that was asked for


class Guidance(msgspec.Struct, frozen=True, kw_only=True):
    """What is being followed; asked for again when `Vehicle.Alpenglow.Navigation.Revision` counts up."""

    active: bool
    trip: Trip | None = None
    maneuvers: list[Maneuver] = []


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """One reason why consumption is not as planned."""

    reason: Literal["headwind", "temperature", "climate", "speed", "load", "traffic", "other"]
    share: float  # of the planned energy: 0.09 is nine per cent more
    text: str  # "headwind: +9 %"


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why the plan is as it is, and how the drive differs from it."""

    sentences: list[str]
    planned_kwh: float  # for what was driven so far
    used_kwh: float
    causes: list[Cause] = []


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """How far the battery goes: the roads' outline, not a circle."""

    charge_left: Percent
    rings: list[list[tuple[float, float]]]  # closed, [longitude, latitude]; outlines, holes among them
    roads_m: float  # length of all roads within


class Jam(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of road that is slower than when it is free, in one driving direction."""

    points: Annotated[list[tuple[Longitude, Latitude]], Meta(min_length=2, max_length=2000)]  # as it is driven
    speed_factor: SpeedFactor  # of the speed at which a free road is driven: 0.3 takes 1 / 0.3 times as long
    until_s: Annotated[float, Meta(ge=1.0, le=86_400.0)]  # after the report: for how long it is believed
    cause: Annotated[str, Meta(max_length=80)] = ""  # "roadworks", in the words of who reports it


class KnownJam(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of slow road as it is found on the map."""

    source: str
    cause: str
    speed_factor: SpeedFactor
    left_s: float  # for how long it is still believed
    delay_s: float  # against the free road, for who drives all of it
    length_m: float  # of road; 0: its points are on no road of the map around the car
    lines: list[list[tuple[float, float]]]  # [longitude, latitude] along those roads


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a report."""

    matched: int  # stretches that are on roads now
    unmatched: list[int]  # numbers, from 0, of those that are on no road of this map that runs their way


class Region(msgspec.Struct, frozen=True, kw_only=True):
    """A map that is installed."""

    name: str
    title: str
    west: float
    south: float
    east: float
    north: float
    tiles: str  # path of the vector tiles below the pages' server: "maps/andorra/map.pmtiles"
    attribution: str
    date: str  # of the data
    places: int
    chargers: int
    roads_km: float


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """How much is kept of a person, of one kind."""

    kind: str  # "place", "destination" or "guidance"
    count: int
    since: str  # ISO 8601, UTC: the oldest of it


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What the map page begins with."""

    regions: list[Region]
    position: Position | None
    heading: float


@service
async def around() -> Around:
    """The maps that are installed and where the car is. An empty list of maps is an answer, not an error."""
    raise NotImplementedError


@service
async def search(
    text: str,
    near: Position | None = None,
    along: bool = False,
    at_destination: bool = False,
    limit: Annotated[int, Meta(ge=1, le=50)] = 10,
) -> list[Place]:
    """Places, streets, addresses and categories ("coffee") as people type them, best first.

    `near`: from where; else the car. `along`: near the route that is being followed; `at_destination`: near its end.
    """
    raise NotImplementedError


@service
async def nearest_chargers(
    near: Position | None = None, limit: Annotated[int, Meta(ge=1, le=50)] = 10, plugs: list[str] | None = None
) -> list[Place]:
    """Chargers by driving time from `near` (else from the car), with their distance along the road."""
    raise NotImplementedError


@slow_service(20.0)
async def plan_trip(
    destination: Position | str,
    via: list[Position] | None = None,
    options: Options | None = None,
    start: Position | None = None,
    charge: Percent | None = None,
) -> Trip:
    """Plan a way with its charging stops. `destination`: a position or the id of a `Place`.

    `start` and `charge` are the car's own where they are left out. A trip that cannot be done is an answer: `feasible`
    is False, and says why and what would help.
    """
    raise NotImplementedError


@slow_service(20.0)
async def reachable_area(charge_left: Percent = 10.0, start: Position | None = None) -> Area:
    """Where the car can go with `charge_left` still in the battery."""
    raise NotImplementedError


@service
async def explain_plan() -> Explanation:
    """Why the plan that is being followed is as it is, and why consumption departs from it."""
    raise NotImplementedError


@slow_service(20.0)
async def start_guidance(trip: str) -> Guidance:
    """Follow a trip that `plan_trip` has given (its id, or the id of one of its alternatives)."""
    raise NotImplementedError


@service
async def stop_guidance() -> None:
    """Follow nothing any more."""


@service
async def guidance() -> Guidance:
    """What is being followed, whole."""
    raise NotImplementedError


@service
async def kept_places(kind: Kept | None = None) -> list[Place]:
    """Favourites, home, work and recent destinations of who drives; the category says which (`Kept`)."""
    raise NotImplementedError


@service
async def keep_place(place: Place, kind: Kept) -> None:
    """Remember a place. There is one home and one work; recents are kept by themselves."""


@service
async def forget_place(place: str) -> None:
    """Forget a place that was kept; `place` is its id."""


@service
async def follow_route(active: bool, pace: Annotated[int, Meta(ge=1, le=60)] = 1) -> None:
    """Let the simulated car drive the route that is being followed, at `pace` times the clock; or stop doing so.

    NoProvider where the car is a real one.
    """


@slow_service(20.0)
async def report_traffic(source: Source, stretches: list[Jam]) -> Reported:
    """Say where the roads are slow now: all that `source` knows, in place of what it said before; nothing clears it.

    Each stretch is forgotten after its `until_s`: who still sees it says so again. BadArguments for a value out of
    range, a line without length, or more sources, points or kilometres than are taken.
    """
    raise NotImplementedError


@slow_service(20.0)
async def traffic() -> list[KnownJam]:
    """What is known now, on the roads around the car, and what each costs."""
    raise NotImplementedError


# -- what one room does for another on a person's behalf ---------------------------------------------------------------


@service
async def kept(profile: str) -> list[Stored]:
    """What is kept of a profile, by kind."""
    raise NotImplementedError


@service
async def export(profile: str) -> str:
    """All that is kept of a profile, as JSON for the person to take along."""
    raise NotImplementedError


@service
async def erase(profile: str) -> int:
    """Forget a profile's places for good, and the way that it is following; returns how many things are gone."""
    raise NotImplementedError
