"""How fast the battery fills: the car's own limits, the charger's, and the battery's temperature."""

from dataclasses import dataclass

from alpenglow.navigation.energy.car import CarData


@dataclass(frozen=True)
class Charged:
    """What a stay at a charger comes to."""

    time_s: float
    energy_j: float  # into the battery's content
    grid_j: float
    battery_c: float  # at the end


class ChargingModel:
    """One car's charging."""

    def __init__(self, car: CarData) -> None:
        self.car = car

    def power_w(
        self, charge_pct: float, battery_c: float, charger_kw: float, direct: bool, load_w: float = 0.0
    ) -> float:
        """W into the car's high voltage. `direct`: a DC charger; `charger_kw` 0 where unknown: the car's own limit."""
        raise NotImplementedError

    def charge(
        self,
        from_pct: float,
        to_pct: float,
        charger_kw: float,
        direct: bool,
        battery_c: float,
        outside_c: float = 20.0,
        load_w: float = 300.0,
    ) -> Charged:
        """Charging between two displayed charges."""
        raise NotImplementedError
