"""The drive motor with its inverter: what torque it can give, what it loses, how hot it gets."""

from alpenglow.vehicle.ev.battery import Curve, along
from alpenglow.vehicle.ev.parameters import MotorData

_DERATING: Curve = ((135.0, 1.0), (165.0, 0.15), (180.0, 0.0))  # share of the torque over the winding's °C
_TORQUE_RATE = 1800.0  # N·m/s: a driveline that is not jerked
_LEAST_SPEED = 1.0  # rad/s; below it power limits say nothing about torque


class Motor:
    """One machine. Torque is positive while it pulls forwards, at the motor's shaft."""

    def __init__(self, data: MotorData, temperature: float) -> None:
        self.data = data
        self.temperature = temperature  # °C of the winding
        self.torque = 0.0  # N·m
        self.speed = 0.0  # rad/s, signed
        self.power = 0.0  # W, electrical, positive while it draws
        self.loss = 0.0  # W of heat
        self.enabled = True  # the inverter may switch
        self.coolant_flow = 1.0  # share of the pump's flow

    @property
    def derating(self) -> float:
        """Share of the torque that the temperature leaves, 0 to 1."""
        return along(_DERATING, self.temperature)

    def most_torque(self, speed: float) -> float:
        """N·m, either way, that the machine gives at `speed` rad/s."""
        d = self.data
        return min(d.torque, d.power / max(abs(speed), _LEAST_SPEED)) * self.derating

    def losses(self, torque: float, speed: float) -> float:
        """W lost in motor and inverter."""
        if not self.enabled:
            return 0.0
        d = self.data
        t, w = abs(torque), abs(speed)
        return d.loss_standing + d.loss_current * t + d.loss_copper * t * t + d.loss_friction * w + d.loss_iron * w * w

    def permitted(self, torque: float, speed: float, power_out: float, power_in: float) -> float:
        """`torque` cut down to what the machine gives and the battery's limits [W] allow."""
        if not self.enabled:
            return 0.0
        most = self.most_torque(speed)
        torque = min(most, max(-most, torque))
        mechanical = torque * speed
        w = max(abs(speed), _LEAST_SPEED)
        if mechanical > 0.0:
            room = max(0.0, power_out - self.losses(torque, speed))
            if mechanical > room:
                torque *= room / mechanical
        elif mechanical < 0.0:
            # What is lost on the way need not go into the battery.
            room = min(self.data.regen_power, power_in)
            if -mechanical > room:
                torque *= room / (abs(torque) * w)
        return torque

    def drive(self, wanted: float, speed: float, power_out: float, power_in: float, dt: float) -> float:
        """Follow `wanted` N·m as fast as the driveline allows; returns the torque given."""
        reach = _TORQUE_RATE * dt
        torque = min(self.torque + reach, max(self.torque - reach, wanted))
        torque = self.permitted(torque, speed, power_out, power_in)
        self.torque, self.speed = torque, speed
        self.loss = self.losses(torque, speed)
        self.power = torque * speed + self.loss
        return torque

    def warm(self, outside: float, dt: float) -> None:
        """Move the temperature on."""
        d = self.data
        flow = self.loss - d.cooling * (0.04 + 0.96 * self.coolant_flow) * (self.temperature - outside)
        self.temperature += flow * dt / d.heat_capacity
