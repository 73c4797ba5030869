"""Charging: what the cable, the charger and the battery let through."""

from alpenglow.vehicle.api import Cable
from alpenglow.vehicle.ev.battery import Battery
from alpenglow.vehicle.ev.parameters import ChargingData

_TAIL = 5e3  # W that a fast charger still gives at the end of its taper


class Charging:
    """The port, its flap, its lock, and the power that flows."""

    def __init__(self, data: ChargingData) -> None:
        self.data = data
        self.cable: Cable = "NONE"
        self.station: float | None = None  # W that the station has to give; None: as much as the car takes
        self.limit = 80.0  # percent of the displayed charge at which to stop
        self.wanted = True  # START; STOP by command
        self.power = 0.0  # W into the car's high voltage
        self.grid = 0.0  # W from the grid

    @property
    def active(self) -> bool:
        """Whether current flows."""
        return self.power > 0.0

    def step(self, battery: Battery, parked: bool, load: float) -> None:
        """Decide this moment's power; `load`: W that the car itself uses meanwhile."""
        # Half a percent of slack, so that a full car does not start and stop for ever.
        full = self.limit - (0.0 if self.active else 0.5)
        if self.cable == "NONE" or not parked or not self.wanted or battery.displayed * 100.0 >= full:
            self.power = self.grid = 0.0
            return
        d = self.data
        if self.cable == "AC":
            source = self._given(d.ac_power) * d.ac_efficiency
        else:
            over = (battery.charge - d.dc_taper_from) / (d.dc_taper_to - d.dc_taper_from)
            source = self._given(d.dc_power + (_TAIL - d.dc_power) * min(1.0, max(0.0, over)))
        self.power = max(0.0, min(source, battery.power_in + load))
        self.grid = self.power / (d.ac_efficiency if self.cable == "AC" else 0.95)

    def _given(self, taken: float) -> float:
        """W that the station gives to a car that would take `taken`."""
        return taken if self.station is None else min(self.station, taken)

    def time_to_complete(self, battery: Battery) -> float | None:
        """Seconds until the limit at today's power; None while nothing flows."""
        if not self.power:
            return None
        missing = max(0.0, self.limit / 100.0 - battery.displayed)
        d = battery.data
        return missing * (d.usable_to - d.usable_from) * d.energy * 3.6e6 / self.power
