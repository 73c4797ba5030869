"""A car for these tests: signals are a dictionary, the clock stands still until it is moved, the door is a table."""

from datetime import UTC, datetime, timedelta, tzinfo

from alpenglow.fabric import Outcome
from alpenglow.signals import Value, load_catalogue

CATALOGUE = load_catalogue()

RAIN = "Vehicle.Body.Raindetection.Intensity"
SOC = "Vehicle.Powertrain.TractionBattery.StateOfCharge.Current"
ROOF = "Vehicle.Cabin.Sunroof.Switch"
HEAT = "Vehicle.Cabin.Seat.Row1.DriverSide.HeatingCooling"
WARM = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"
LATITUDE = "Vehicle.CurrentLocation.Latitude"
LONGITUDE = "Vehicle.CurrentLocation.Longitude"
STATE = "Vehicle.Alpenglow.DrivingState"

MONDAY = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


class Car:
    """Signals, clock and door."""

    def __init__(self, now: datetime = MONDAY, **signals: Value) -> None:
        self.signals: dict[str, Value | None] = dict(signals)
        self.now = now
        self.forbidden: dict[str, str] = {}
        self.moved: list[tuple[str, Value]] = []

    def read(self, path: str) -> Value | None:
        return self.signals.get(path)

    def wait(self, **much: float) -> datetime:
        zone: tzinfo | None = self.now.tzinfo
        self.now = datetime.fromtimestamp(self.now.timestamp() + timedelta(**much).total_seconds(), zone)
        return self.now

    def at(self, latitude: float, longitude: float) -> None:
        self.signals |= {LATITUDE: latitude, LONGITUDE: longitude}

    async def actuate(self, path: str, value: Value) -> Outcome:
        if path in self.forbidden:
            return Outcome("refused", path, rule=self.forbidden[path], message="Not now.")
        self.moved.append((path, value))
        return Outcome("confirmed", path, value)
