"""The traction battery: charge, open-circuit voltage, internal resistance, temperature, and what its BMS permits.

Sign: power and current are positive while the battery gives (the bus and VSS count the other way round).
"""

import math

from alpenglow.vehicle.ev.parameters import BatteryData

# Open-circuit voltage of one NMC cell over its charge in steps of 10 % (class: typical of published cell curves).
_CELL_OCV = (3.10, 3.48, 3.58, 3.63, 3.67, 3.73, 3.82, 3.92, 4.01, 4.09, 4.18)

type Curve = tuple[tuple[float, float], ...]

# What share of the full power the BMS permits over the cell temperature [°C]; the class's usual derating.
_OUT_BY_TEMPERATURE: Curve = ((-30.0, 0.15), (-10.0, 0.5), (5.0, 1.0), (50.0, 1.0), (60.0, 0.1), (65.0, 0.0))
_IN_BY_TEMPERATURE: Curve = ((-20.0, 0.0), (-5.0, 0.1), (10.0, 0.6), (20.0, 1.0), (45.0, 1.0), (55.0, 0.0))
_RESISTANCE_BY_TEMPERATURE: Curve = ((-30.0, 5.0), (-10.0, 2.6), (0.0, 1.8), (25.0, 1.0), (50.0, 0.8))


def along(curve: Curve, x: float) -> float:
    """`curve` at `x`, straight between its points and level beyond them."""
    x0, y0 = curve[0]
    if x <= x0:
        return y0
    for x1, y1 in curve[1:]:
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
        x0, y0 = x1, y1
    return y0


class Battery:
    """One pack. `step` moves it on; everything else only reads."""

    def __init__(self, data: BatteryData, charge: float, temperature: float) -> None:
        self.data = data
        self.charge = charge  # 0 to 1 of the gross capacity
        self.temperature = temperature  # °C, mean of the cells
        self.voltage = 0.0  # V at the terminals
        self.current = 0.0  # A, positive while giving
        self.power = 0.0  # W at the terminals, positive while giving
        self.loss = 0.0  # W of heat in the resistance
        self.given = 0.0  # J out of the terminals since new
        self.taken = 0.0  # J into the terminals since new
        self.connected = True  # main contactors
        self.chemical = 0.0  # J out of the cells, for the energy balance
        cells = data.cells_in_series
        self._ocv = [v * cells for v in _CELL_OCV]
        mean = (sum(self._ocv) - (self._ocv[0] + self._ocv[-1]) / 2) / 10
        self.capacity = data.energy * 3.6e6 / mean  # A·s
        self.voltage = self.open_circuit()
        self.refresh()

    def open_circuit(self) -> float:
        """V at rest."""
        place = self.charge * 10.0
        step = min(int(place), 9)
        low = self._ocv[step]
        return low + (self._ocv[step + 1] - low) * (place - step)

    def refresh(self) -> None:
        """Recompute what changes slowly: resistance and limits. Ten times a second is plenty."""
        d = self.data
        self.resistance = d.resistance * along(_RESISTANCE_BY_TEMPERATURE, self.temperature)
        ocv = self.open_circuit()
        room = (self.charge - d.usable_from) / 0.07
        out = d.power_out * along(_OUT_BY_TEMPERATURE, self.temperature) * min(1.0, max(0.0, room))
        # Beyond this current the voltage would sag by more than a quarter.
        current = min(d.current_out, 0.25 * ocv / self.resistance)
        self.power_out = min(out, current * (ocv - current * self.resistance)) if self.connected else 0.0
        room = (d.usable_to - self.charge) / 0.06
        share = along(_IN_BY_TEMPERATURE, self.temperature) * min(1.0, max(0.0, room))
        self.power_in = share * d.current_in * ocv if self.connected else 0.0

    @property
    def displayed(self) -> float:
        """State of charge as a driver reads it, 0 to 1 of the usable part."""
        d = self.data
        return min(1.0, max(0.0, (self.charge - d.usable_from) / (d.usable_to - d.usable_from)))

    @property
    def energy_left(self) -> float:
        """J that may still be taken out."""
        d = self.data
        return self.displayed * (d.usable_to - d.usable_from) * d.energy * 3.6e6

    def step(self, power: float, dt: float) -> float:
        """Give `power` W (negative: take) for `dt` seconds; returns the W that the terminals really gave."""
        if not self.connected:
            power = 0.0
        ocv, r = self.open_circuit(), self.resistance
        root = ocv * ocv - 4.0 * r * power
        current = (ocv - math.sqrt(root)) / (2.0 * r) if root > 0.0 else ocv / (2.0 * r)
        charge = self.charge - current * dt / self.capacity
        if charge < 0.0 or charge > 1.0:  # the cells are empty or full: no more flows than there is room for
            charge = min(1.0, max(0.0, charge))
            current = (self.charge - charge) * self.capacity / dt
        self.charge = charge
        self.current = current
        self.voltage = ocv - current * r
        self.power = current * self.voltage
        self.loss = current * current * r
        self.chemical += current * ocv * dt
        if self.power > 0.0:
            self.given += self.power * dt
        else:
            self.taken -= self.power * dt
        return self.power

    def warm(self, outside: float, conditioning: float, dt: float) -> None:
        """Move the temperature on. `conditioning`: W of heat put in (negative: taken out)."""
        d = self.data
        flow = self.loss + conditioning - d.cooling * (self.temperature - outside)
        self.temperature += flow * dt / d.heat_capacity
