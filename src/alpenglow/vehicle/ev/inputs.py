"""What acts on the car from outside: its driver's hands and feet, its people, the weather and the road."""

import msgspec

from alpenglow.vehicle.api import Cable, ControlChanges, Indicators, Lever, Weather, World, WorldChanges

PEDAL_TIMEOUT_S = 1.0  # a driver that has not been heard of for so long has taken the feet off

SEATS = ("front_left", "front_right", "rear_left", "rear_right")


class Driver:
    """Hands, feet and people. Body parts that a hand or a command may move are the body's, not here."""

    def __init__(self) -> None:
        self.accelerator = 0.0
        self.brake = 0.0
        self.steering = 0.0
        self.lever: Lever = "P"
        self.ready = True
        self.parking_brake = True
        self.indicators: Indicators = "OFF"
        self.cable: Cable = "NONE"
        self.belts = dict.fromkeys(SEATS, False) | {"front_left": True}
        self.occupants = dict.fromkeys(SEATS, False) | {"front_left": True}
        self.silence = 0.0  # s since the controls were last heard of

    def apply(self, changes: ControlChanges) -> None:
        """Take over what changed among the controls that are held here."""
        self.silence = 0.0
        for name in ("accelerator", "brake", "steering", "indicators", "ready"):
            value = getattr(changes, name)
            if value is not None:
                setattr(self, name, value)
        if changes.gear is not None:
            self.lever = changes.gear
        for seat in SEATS:
            if (belted := getattr(changes, f"belt_{seat}")) is not None:
                self.belts[seat] = belted
            if (occupied := getattr(changes, f"occupant_{seat}")) is not None:
                self.occupants[seat] = occupied

    def step(self, dt: float) -> None:
        """Let the feet come off the pedals of a driver that has gone."""
        self.silence += dt
        if self.silence > PEDAL_TIMEOUT_S and self.accelerator > 0.0:
            self.accelerator = self.brake = 0.0


class Surroundings(msgspec.Struct):
    """The world with what the physics derives from it."""

    world: World = World()
    grip: float = 1.0  # friction coefficient between tyre and road
    rolling: float = 1.0  # factor on the rolling resistance
    rain: float = 0.0  # percent, as a rain sensor reads

    def apply(self, changes: WorldChanges) -> None:
        """Take over what changed."""
        given = {k: v for k, v in msgspec.structs.asdict(changes).items() if v is not None}
        self.world = msgspec.structs.replace(self.world, **given)
        self.grip, self.rolling, self.rain = _ROADS[self.world.weather]


_ROADS: dict[Weather, tuple[float, float, float]] = {  # grip, rolling, rain: textbook values for road tyres
    "DRY": (0.95, 1.0, 0.0),
    "RAIN": (0.65, 1.15, 60.0),
    "SNOW": (0.28, 1.6, 25.0),
    "FOG": (0.85, 1.0, 3.0),
}
