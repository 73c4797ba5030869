"""What the car says of itself, as far as navigation asks."""

from dataclasses import dataclass

from alpenglow.fabric import Fabric
from alpenglow.navigation.api import Position
from alpenglow.navigation.energy.model import Conditions

_LOCATION = "Vehicle.CurrentLocation"
_BATTERY = "Vehicle.Powertrain.TractionBattery"
_CHARGE = (f"{_BATTERY}.StateOfCharge.Displayed", f"{_BATTERY}.StateOfCharge.Current")
_SEATS = tuple(
    f"Vehicle.Cabin.Seat.{row}.{side}.OccupancyStatus"
    for row in ("Row1", "Row2")
    for side in ("DriverSide", "Middle", "PassengerSide")
)
_HMI = "Vehicle.Cabin.Infotainment.HMI"
_SIMULATOR = "Vehicle.Alpenglow.Simulator"
_RAIN_PERCENT = 10.0  # from which the road counts as wet
_WET = 1.15  # rolling on a wet road (energy.model.Conditions)
_USUAL_ACCURACY_M = 5.0
_PLUGGED = f"{_BATTERY}.Charging.IsCharging"


@dataclass(frozen=True)
class Seen:
    """What the receiver says."""

    lat: float
    lon: float
    heading: float | None
    accuracy_m: float
    stamp: int  # changes with each position


class Car:
    """Reads the table of latest values."""

    def __init__(self, fabric: Fabric) -> None:
        self._fabric = fabric
        known = fabric.catalogue.index_of
        self._seats = tuple(seat for seat in _SEATS if seat in known)

    def position(self) -> Seen | None:
        """Where the receiver sees the car; None without satellites."""
        lat = self._fabric.read(f"{_LOCATION}.Latitude")
        lon, heading = self._number(f"{_LOCATION}.Longitude"), self._number(f"{_LOCATION}.Heading")
        if not isinstance(lat.value, float) or lon is None or self._read(f"{_LOCATION}.GNSSReceiver.FixType") == "NONE":
            return None
        accuracy = self._number(f"{_LOCATION}.HorizontalAccuracy")
        return Seen(lat.value, lon, heading, accuracy or _USUAL_ACCURACY_M, lat.time_ns)

    @property
    def speed_ms(self) -> float:
        """Of the wheels; 0 where nobody says."""
        return (self._number("Vehicle.Speed") or 0.0) / 3.6

    @property
    def pace(self) -> float:
        """How many times faster than the clock a simulated car lives."""
        return max(1.0, self._number(f"{_SIMULATOR}.Pace") or 1.0)

    @property
    def charge(self) -> float | None:
        """Per cent, as the driver sees it."""
        found = (self._number(path) for path in _CHARGE)
        return next((value for value in found if value is not None), None)

    @property
    def charging(self) -> bool:
        """Whether the battery is being charged."""
        return self._read(_PLUGGED) is True

    @property
    def language(self) -> str:
        """Of the displays."""
        found = self._read(f"{_HMI}.CurrentLanguage")
        return found if isinstance(found, str) and found else "en"

    @property
    def miles(self) -> bool:
        """Whether the displays show miles."""
        return self._read(f"{_HMI}.DistanceUnit") == "MILES"

    def conditions(self, charge: float | None = None) -> Conditions:
        """What a drive that begins now meets. `charge`: instead of the car's own."""
        outside = self._number("Vehicle.Exterior.AirTemperature")
        rain = self._number("Vehicle.Body.Raindetection.Intensity") or 0.0
        light = self._number("Vehicle.Exterior.LightIntensity")
        wanted = self._number("Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature")
        own = self.charge
        return Conditions(
            charge_pct=charge if charge is not None else 80.0 if own is None else own,
            outside_c=20.0 if outside is None else outside,
            battery_c=self._number(f"{_BATTERY}.Temperature.Average"),
            cabin_c=self._number("Vehicle.Cabin.HVAC.AmbientAirTemperature"),
            wanted_c=21.0 if wanted is None else wanted,
            climate=self._read("Vehicle.Cabin.HVAC.IsAirConditioningActive") is not False,
            daylight=0.5 if light is None else light / 100.0,
            people=max(1, sum(self._read(seat) == "OCCUPIED" for seat in self._seats)),
            rolling=_WET if rain >= _RAIN_PERCENT else 1.0,
        )

    def where(self) -> Position | None:
        """As the receiver says."""
        seen = self.position()
        return None if seen is None else Position(latitude=seen.lat, longitude=seen.lon)

    def _read(self, path: str) -> object:
        value: object = self._fabric.read(path).value
        return value

    def _number(self, path: str) -> float | None:
        value = self._read(path)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
