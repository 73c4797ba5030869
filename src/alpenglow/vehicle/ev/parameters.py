"""One car's data, as `car.toml` gives it. Units stand beside each value there and are SI unless the name says so."""

from pathlib import Path
from typing import Annotated

import msgspec


class ParameterError(ValueError):
    """A car.toml that is missing, unreadable or incomplete; one line for the person who can mend it."""


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    mass: float
    drag_coefficient: float
    frontal_area: float
    rolling_coefficient: float
    wheel_radius: float
    wheel_inertia: float
    wheelbase: float
    track: float
    driven_axle_share: float
    centre_of_gravity: float
    steering_ratio: float
    steering_lock: float  # degrees
    person_mass: float
    seats: int
    width: int  # mm
    length: int  # mm
    height: int  # mm


class MotorData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    power: float
    torque: float
    gear_ratio: float
    gear_efficiency: float
    rotor_inertia: float
    speed_limit: float  # km/h
    reverse_limit: float  # km/h
    regen_power: float
    loss_standing: float
    loss_current: float
    loss_copper: float
    loss_friction: float
    loss_iron: float
    heat_capacity: float
    cooling: float


class BatteryData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    energy: float  # kWh
    cells_in_series: int
    resistance: float
    power_out: float
    current_out: float
    current_in: float
    usable_from: float
    usable_to: float
    heat_capacity: float
    cooling: float
    conditioning: float


class ChargingData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ac_power: float
    ac_efficiency: float
    dc_power: float
    dc_taper_from: float
    dc_taper_to: float


class LowVoltageData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    capacity: float  # A·h
    resistance: float
    dcdc_power: float
    dcdc_voltage: float
    dcdc_efficiency: float
    base_load: float
    sleep_load: float


class BrakeData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    most: float
    parking_force: float


class PedalData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    lift_off: float
    most_regen: float
    creep_speed: float  # km/h
    creep: float


class CabinData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    heat_capacity: float
    loss: float
    heater: float
    cooler: float
    cop_heating: float
    cop_cooling: float


class TyreData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pressure: float  # kPa
    leak: float
    heat_at_100: float


class Start(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    odometer: float  # km
    charge: float
    latitude: float
    longitude: float
    altitude: float
    heading: float  # degrees


class TrafficData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The road and who is on it, for the radar to see."""

    lanes: Annotated[int, msgspec.Meta(ge=1, le=5)] = 3
    lane_width: Annotated[float, msgspec.Meta(ge=2.5, le=5.0)] = 3.5  # m
    most: Annotated[int, msgspec.Meta(ge=0, le=40)] = 18  # others around at full density
    seed: int = 1


class Parameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of one car's data."""

    title: str
    brand: str
    model: str
    body: Body
    motor: MotorData
    battery: BatteryData
    charging: ChargingData
    low_voltage: LowVoltageData
    brakes: BrakeData
    pedal: PedalData
    cabin: CabinData
    tyres: TyreData
    start: Start
    traffic: TrafficData = TrafficData()


def load_parameters(path: Path) -> Parameters:
    """The car that `path` describes; ParameterError naming the file and the place."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Parameters, strict=False)
    except OSError as error:
        raise ParameterError(f"{path}: {error.strerror or error}") from None
    except (msgspec.ValidationError, msgspec.DecodeError, ValueError) as error:
        raise ParameterError(f"{path}: {error}") from None
