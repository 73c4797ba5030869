"""What warms and cools: the cabin's climate control and the care of the battery's temperature, step by step."""

from dataclasses import dataclass

import numpy as np

from alpenglow.navigation.energy.car import Battery, Cabin
from alpenglow.navigation.roads.graph import Floats

_SUN = 900.0  # W through the glass on a bright day
_PERSON = 90.0  # W of a sitting person
_REACH = 0.875  # of the most heat or cold at the blowers' usual quarter
_FRESH = 1.6  # times the loss, because of the air that the blowers bring in
_EAGER = 900.0  # W per K from what is wanted
_HEAT_PUMP = ((-15.0, -5.0, 7.0, 15.0), (0.5, 0.75, 1.0, 1.2))
COLD_C, COLD_END_C = 2.0, 3.0  # the battery is warmed below the one until it has the other
PREPARED_C = 28.0  # where fast charging was announced
HOT_C, HOT_END_C = 42.0, 38.0
_EFFICIENCY = 0.95  # of conditioning: heat over power


class Climate:
    """The cabin's air."""

    def __init__(self, data: Cabin, temperature: float) -> None:
        self.data = data
        self.temperature = temperature

    def step(
        self, wanted: float | None, outside: float, daylight: float, people: int, speed: float, dt: float
    ) -> float:
        """Move on by `dt` s; the W drawn. `wanted` None: switched off."""
        d = self.data
        loss = d.loss * (1.0 + 0.02 * speed)
        heat = 0.0
        if wanted is not None:
            loss *= _FRESH
            need = _EAGER * (wanted - self.temperature) + loss * (wanted - outside) - _SUN * daylight - _PERSON * people
            heat = min(d.heater * _REACH, max(-d.cooler * _REACH, need))
        flow = heat + loss * (outside - self.temperature) + _SUN * daylight + _PERSON * people
        self.temperature += flow * min(dt / d.heat_capacity, 1.0 / (_EAGER + 4.0 * d.loss))
        if heat > 0.0:
            return float(heat / max(1.0, d.cop_heating * float(np.interp(outside, *_HEAT_PUMP))))
        return -heat / d.cop_cooling


@dataclass(frozen=True)
class Comfort:
    """Power and temperature over the steps of a drive."""

    climate_w: Floats
    conditioning_w: Floats
    battery_c: Floats


def drive(
    cabin: Climate,
    battery: Battery,
    battery_c: float,
    wanted: float | None,
    outside: float,
    daylight: float,
    people: int,
    speed_ms: Floats,
    loss_w: Floats,
    seconds: Floats,
    prepare_from: int | None = None,
) -> Comfort:
    """Climate and conditioning over steps of `seconds` at `speed_ms`, with `loss_w` of heat in the battery.

    `prepare_from`: the step from which the battery is warmed for fast charging.
    """
    climate, care, temperatures = [], [], []
    heating = 0.0
    for i, (v, lost, dt) in enumerate(zip(speed_ms.tolist(), loss_w.tolist(), seconds.tolist(), strict=True)):
        climate.append(cabin.step(wanted, outside, daylight, people, v, dt))
        low = PREPARED_C if prepare_from is not None and i >= prepare_from else COLD_C
        if battery_c < low:
            heating = battery.conditioning
        elif battery_c > HOT_C:
            heating = -battery.conditioning
        elif low + (COLD_END_C - COLD_C) < battery_c < HOT_END_C:
            heating = 0.0
        temperatures.append(battery_c)
        flow = lost + heating - battery.cooling * (battery_c - outside)
        battery_c += flow * dt / battery.heat_capacity
        care.append(abs(heating) / _EFFICIENCY)
    return Comfort(np.array(climate), np.array(care), np.array([*temperatures, battery_c]))
