"""Consumption and range, as a trip computer works them out."""

from alpenglow.vehicle.ev.battery import Battery

_SHORT_S = 30.0  # memory of the consumption that is shown
_LONG_M = 15_000.0  # memory of the consumption that the range rests on
_USUAL = 540.0  # J/m to start from: 15 kWh/100 km
_LEAST, _MOST = 220.0, 2000.0  # J/m between which a range makes sense


class TripComputer:
    """Learns from what the car uses."""

    def __init__(self) -> None:
        self.usual = _USUAL  # J/m over the last kilometres
        self._energy = 0.0  # J, fading
        self._distance = 0.0  # m, fading

    def step(self, energy: float, distance: float, dt: float) -> None:
        """`energy` [J] the car has used and `distance` [m] it has gone since the last step."""
        keep = 1.0 - dt / _SHORT_S
        self._energy = self._energy * keep + energy
        self._distance = self._distance * keep + distance
        if distance > 0.0:
            usual = self.usual + (energy - self.usual * distance) / _LONG_M
            self.usual = min(_MOST, max(_LEAST, usual))

    @property
    def consumption(self) -> float:
        """kWh/100 km over the last half minute; 0 while the car has hardly moved."""
        if self._distance < 20.0:
            return 0.0
        return self._energy / self._distance / 36.0

    def range(self, battery: Battery) -> float:
        """m that the battery is good for."""
        return battery.energy_left / self.usual
