"""The cabin's heat: what the sun, the people, the glass and the climate control do to its air."""

from alpenglow.vehicle.ev.battery import along
from alpenglow.vehicle.ev.parameters import CabinData

_SUN = 900.0  # W through the glass on a bright day
_PERSON = 90.0  # W of a sitting person
_FAN = 320.0  # W of the blowers at full speed
# Share of a heat pump's nominal coefficient of performance over the outside temperature; class.
_HEAT_PUMP = ((-15.0, 0.5), (-5.0, 0.75), (7.0, 1.0), (15.0, 1.2))


class Cabin:
    """One volume of air with seats and trim; its climate control works towards the mean of the zones' wishes."""

    def __init__(self, data: CabinData, temperature: float) -> None:
        self.data = data
        self.temperature = temperature  # °C
        self.power = 0.0  # W that heating or cooling draws from the high voltage
        self.fan_power = 0.0  # W that the blowers draw from the 12 V system

    def step(
        self,
        wanted: float,
        fan: float,
        cooling: bool,
        recirculation: bool,
        outside: float,
        daylight: float,
        people: int,
        speed: float,
        openings: float,
        available: bool,
        dt: float,
    ) -> None:
        """Move on by `dt`. `fan`: 0 to 1; `openings`: windows and doors open, in windows; `speed`: m/s."""
        d = self.data
        loss = d.loss * (1.0 + 0.02 * speed) * (1.0 + 2.0 * min(openings, 4.0))
        if fan > 0.0 and not recirculation:
            loss *= 1.6
        heat = 0.0
        if available and fan > 0.0:
            need = 900.0 * (wanted - self.temperature) + loss * (wanted - outside)
            need -= _SUN * daylight + _PERSON * people
            reach = min(1.0, 0.5 + 1.5 * fan)
            heat = min(d.heater * reach, max(-d.cooler * reach if cooling else 0.0, need))
        if heat > 0.0:
            self.power = heat / max(1.0, d.cop_heating * along(_HEAT_PUMP, outside))
        else:
            self.power = -heat / d.cop_cooling
        self.fan_power = _FAN * fan**2 if available else 0.0
        flow = heat + loss * (outside - self.temperature) + _SUN * daylight + _PERSON * people
        self.temperature += flow * dt / d.heat_capacity
