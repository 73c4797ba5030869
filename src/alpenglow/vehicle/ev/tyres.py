"""The four tyres' air: pressure follows temperature and what has leaked. Order everywhere: FL, FR, RL, RR."""

from alpenglow.vehicle.ev.parameters import TyreData

_ATMOSPHERE = 101.3  # kPa
_ZERO = 273.15
_WARMING_S = 900.0  # time constant of a tyre's temperature
_PUNCTURE = 0.012  # of the air per second
_FLAT = 0.42  # of the air that is left in a tyre that stands on its rim


class Tyres:
    """Air (1.0 as filled) and temperature of each tyre."""

    def __init__(self, data: TyreData, outside: float) -> None:
        self.data = data
        self.air = [1.0, 1.0, 1.0, 1.0]
        self.temperature = [outside] * 4
        self.punctured = [False] * 4
        self._full = (data.pressure + _ATMOSPHERE) / (20.0 + _ZERO)

    def pressure(self, wheel: int) -> float:
        """kPa above the atmosphere."""
        return max(0.0, self.air[wheel] * self._full * (self.temperature[wheel] + _ZERO) - _ATMOSPHERE)

    @property
    def rolling(self) -> float:
        """Factor on the rolling resistance: a soft tyre drags (about 1 % for each 4 % of pressure missing)."""
        missing = sum(max(0.0, 1.0 - self.pressure(w) / self.data.pressure) for w in range(4)) / 4
        return 1.0 + 0.25 * missing + missing**2

    def step(self, outside: float, speed: float, dt: float) -> None:
        """Move on by `dt`; `speed` in m/s."""
        target = outside + self.data.heat_at_100 * min(abs(speed) / 27.8, 1.6)
        for w in range(4):
            self.temperature[w] += (target - self.temperature[w]) * dt / _WARMING_S
            loss = self.data.leak + (_PUNCTURE if self.punctured[w] and self.air[w] > _FLAT else 0.0)
            self.air[w] -= self.air[w] * loss * dt

    def mend(self, wheel: int) -> None:
        """Repair and refill."""
        self.punctured[wheel] = False
        self.air[wheel] = 1.0
