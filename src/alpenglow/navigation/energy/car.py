"""The car's data as far as its energy goes, read from a line's car.toml."""

from pathlib import Path

import msgspec


class CarError(ValueError):
    """A car.toml that cannot be used; one line for the person who can mend it."""


class Body(msgspec.Struct, frozen=True):
    mass: float  # kg, empty
    drag_coefficient: float
    frontal_area: float  # m²
    rolling_coefficient: float
    wheel_radius: float  # m
    wheel_inertia: float  # kg·m² of each
    person_mass: float = 75.0  # kg


class Motor(msgspec.Struct, frozen=True):
    power: float  # W
    torque: float  # N·m
    gear_ratio: float
    gear_efficiency: float
    rotor_inertia: float  # kg·m²
    regen_power: float  # W
    speed_limit: float  # km/h
    loss_standing: float
    loss_current: float
    loss_copper: float
    loss_friction: float
    loss_iron: float


class Battery(msgspec.Struct, frozen=True):
    energy: float  # kWh, gross
    cells_in_series: int
    resistance: float  # ohm at 25 °C
    power_out: float  # W
    current_out: float  # A
    current_in: float  # A
    usable_from: float  # of the charge: shown as 0 %
    usable_to: float  # shown as 100 %
    heat_capacity: float  # J/K
    cooling: float  # W/K
    conditioning: float  # W


class Charging(msgspec.Struct, frozen=True):
    ac_power: float  # W from the grid
    ac_efficiency: float
    dc_power: float  # W at the battery
    dc_taper_from: float  # of the charge
    dc_taper_to: float
    plugs: tuple[str, ...] = ("ccs", "type2")


class LowVoltage(msgspec.Struct, frozen=True):
    dcdc_efficiency: float
    base_load: float  # W


class Pedal(msgspec.Struct, frozen=True):
    most_regen: float  # m/s²


class Cabin(msgspec.Struct, frozen=True):
    heat_capacity: float  # J/K
    loss: float  # W/K
    heater: float  # W
    cooler: float  # W
    cop_heating: float
    cop_cooling: float


class CarData(msgspec.Struct, frozen=True):
    """One car. Fields that energy does not need may stand in the file beside these."""

    title: str
    body: Body
    motor: Motor
    battery: Battery
    charging: Charging
    low_voltage: LowVoltage
    pedal: Pedal
    cabin: Cabin

    @property
    def usable_j(self) -> float:
        """J between 0 and 100 % as the driver reads it."""
        return (self.battery.usable_to - self.battery.usable_from) * self.battery.energy * 3.6e6


def load_car(path: Path | None = None) -> CarData:
    """The car that `path` describes; a usual compact one for None (a line that has no data of its own); CarError."""
    file = path or Path(__file__).parent / "compact.toml"
    try:
        return msgspec.toml.decode(file.read_bytes(), type=CarData, strict=False)
    except OSError as error:
        raise CarError(f"{file}: {error.strerror or error}") from None
    except (msgspec.ValidationError, msgspec.DecodeError, ValueError) as error:
        raise CarError(f"{file}: {error}") from None
