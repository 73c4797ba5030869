"""What the range model knows of the car: the file that line.toml names as `vehicle.car`.

The same file describes the simulated car, so that no figure is written twice; of a real car's file only the tables
below are read. A line without it has no range model, and its pages show the range without reasons.
"""

from pathlib import Path

import msgspec

from alpenglow.fabric.line import LineFault, read_table


class Body(msgspec.Struct, frozen=True):
    mass: float  # kg, ready to drive, empty
    drag_coefficient: float
    frontal_area: float  # m²
    rolling_coefficient: float
    wheel_radius: float  # m
    person_mass: float  # kg


class Motor(msgspec.Struct, frozen=True):
    """Loss of motor and inverter [W] = standing + current·|T| + copper·T² + friction·|ω| + iron·ω²."""

    gear_ratio: float
    gear_efficiency: float
    loss_standing: float
    loss_current: float
    loss_copper: float
    loss_friction: float
    loss_iron: float


class Battery(msgspec.Struct, frozen=True):
    energy: float  # kWh, gross
    usable_from: float  # of the charge: shown as 0 %
    usable_to: float  # shown as 100 %

    @property
    def usable_kwh(self) -> float:
        """Energy between 0 % and 100 % as shown."""
        return self.energy * (self.usable_to - self.usable_from)


class LowVoltage(msgspec.Struct, frozen=True):
    dcdc_efficiency: float
    base_load: float  # W while the car is awake


class Tyres(msgspec.Struct, frozen=True):
    pressure: float  # kPa, cold: the placard


class CarData(msgspec.Struct, frozen=True):
    """One car's data, as far as its energy is concerned."""

    body: Body
    motor: Motor
    battery: Battery
    low_voltage: LowVoltage
    tyres: Tyres


class _Vehicle(msgspec.Struct, frozen=True):
    car: str = ""


class _Line(msgspec.Struct, frozen=True):
    vehicle: _Vehicle = _Vehicle()


class CarDataError(ValueError):
    """The car's file cannot be used; one line for the person who can mend it."""


def car_of(line_dir: Path) -> CarData | None:
    """The car of the line in `line_dir`; None where it names none. CarDataError naming the file and the place."""
    try:
        line = msgspec.convert(read_table(line_dir), _Line)
    except LineFault as error:
        raise CarDataError(f"{error}; the range is shown without reasons") from None
    except msgspec.ValidationError as error:
        raise CarDataError(f"{line_dir / 'line.toml'}: {error}; the range is shown without reasons") from None
    name = line.vehicle.car
    if not name:
        return None
    path = line_dir / name
    try:
        return msgspec.toml.decode(path.read_bytes(), type=CarData, strict=False)
    except OSError as error:
        raise CarDataError(f"{path}: {error.strerror or error}; the range is shown without reasons") from None
    except (msgspec.ValidationError, msgspec.DecodeError, ValueError) as error:
        raise CarDataError(f"{path}: {error}; the range is shown without reasons") from None
