"""The 12 V system: a lead-acid battery, what hangs on it, and the DC/DC converter that feeds both."""

from alpenglow.vehicle.ev.parameters import LowVoltageData

_DEAD = 9.0  # V below which the control units stop
_ACCEPTANCE = 1.0  # A that an empty lead-acid battery takes for each A·h it has; less as it fills


class LowVoltage:
    """Battery and converter. Power is in watts, positive where it is used."""

    def __init__(self, data: LowVoltageData) -> None:
        self.data = data
        self.charge = 0.97  # 0 to 1
        self.voltage = 12.6
        self.current = 0.0  # A, positive into the battery
        self.converter_works = True
        self.converter_power = 0.0  # W drawn from the high voltage
        self.load = 0.0  # W in use

    @property
    def awake(self) -> bool:
        """Whether the voltage keeps the control units alive."""
        return self.voltage > _DEAD

    def step(self, load: float, high_voltage: bool, dt: float) -> None:
        """Serve `load` W for `dt` seconds."""
        d = self.data
        self.load = load
        rest = 11.4 + 1.4 * self.charge if self.charge > 0.05 else 8.0 + 70.0 * self.charge
        used = load / max(self.voltage, 8.0)
        if high_voltage and self.converter_works:
            wanted = _ACCEPTANCE * d.capacity * (1.0 - self.charge)
            room = d.dcdc_power / d.dcdc_voltage - used
            self.current = min(wanted, room)
            self.voltage = d.dcdc_voltage if self.current > -1.0 else rest + self.current * d.resistance
            self.converter_power = self.voltage * min(used + self.current, used + room) / d.dcdc_efficiency
        else:
            self.current = -used
            self.voltage = max(0.0, rest - used * d.resistance)
            self.converter_power = 0.0
        self.charge = min(1.0, max(0.0, self.charge + self.current * dt / (d.capacity * 3600.0)))
