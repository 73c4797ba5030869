"""The simulated car: everything in `ev` put together, moved on in steps of 10 ms.

`step` reads no clock and rolls no dice. What comes in: `control` and `surround` (desk), `command` (frames of the bus)
and `faults`; what goes out is read by the control units in `ecus`.
"""

import math

from alpenglow.vehicle.api import ControlChanges, Controls, WorldChanges
from alpenglow.vehicle.ev import consumers, hands
from alpenglow.vehicle.ev.battery import Battery
from alpenglow.vehicle.ev.body import Body
from alpenglow.vehicle.ev.charging import Charging
from alpenglow.vehicle.ev.chassis import GRAVITY, Chassis
from alpenglow.vehicle.ev.climate import Cabin
from alpenglow.vehicle.ev.cruise import CRUISE, Cruise
from alpenglow.vehicle.ev.drive import Pedals, Selector
from alpenglow.vehicle.ev.estimates import TripComputer
from alpenglow.vehicle.ev.faults import Damage
from alpenglow.vehicle.ev.inputs import Driver, Surroundings
from alpenglow.vehicle.ev.layout import Physical
from alpenglow.vehicle.ev.lights import Lights
from alpenglow.vehicle.ev.low_voltage import LowVoltage
from alpenglow.vehicle.ev.motor import Motor
from alpenglow.vehicle.ev.parameters import Parameters
from alpenglow.vehicle.ev.traffic import Lead, Traffic
from alpenglow.vehicle.ev.tyres import Tyres

STEP_S = 0.01
CONDITIONING_EFFICIENCY = 0.95  # of the heat that is wanted over the power that it takes
_LIGHTS_EVERY = 5  # steps
_TRAFFIC_EVERY = 5
_SLOW_EVERY = 10

_LANE_WATCH_MS = 60.0 / 3.6  # UN R130 5.2.1: lane departure warning works above 60 km/h

_EPB = "Chassis.ParkingBrake.IsEngaged"
_LEVER = "Powertrain.Transmission.SelectedGear"
_MODE = "Powertrain.Transmission.PerformanceMode"


class Car:
    """One car. `time` counts its own seconds."""

    def __init__(self, parameters: Parameters) -> None:
        p = self.parameters = parameters
        start = p.start
        self.steps = 0
        self.driver = Driver()
        self.surroundings = Surroundings()
        outside = self.surroundings.world.outside_temperature
        self.body = Body()
        self.lights = Lights(self.body)
        self.battery = Battery(p.battery, start.charge, outside)
        self.motor = Motor(p.motor, outside)
        self.chassis = Chassis(p.body, start.latitude, start.longitude, start.altitude, start.heading)
        ratio = p.motor.gear_ratio / p.body.wheel_radius
        self.chassis.rotor_mass = p.motor.rotor_inertia * ratio * ratio
        self._ratio = ratio  # rad of the motor per metre
        self.selector = Selector()
        self.pedals = Pedals(p)
        self.cabin = Cabin(p.cabin, outside)
        self.low_voltage = LowVoltage(p.low_voltage)
        self.tyres = Tyres(p.tyres, outside)
        self.charging = Charging(p.charging)
        self.computer = TripComputer()
        self.odometer = start.odometer * 1000.0  # m
        self.since_start = 0.0  # m
        self.ready = True
        self.hint = ""
        self.damage = Damage()
        self.ev_fault = ""  # why the drive stays off; "" where it is well
        self.brake_fluid_low = False
        self.brake_assist = 1.0  # share of the pedal's force that arrives
        self.conditioning = 0.0  # W of heat into the battery
        self.accelerator = 0.0  # as the drive takes it
        self.auxiliary = 0.0  # W beside the motor from the high voltage
        self.comfort = 0.0  # W of blowers and heaters from the 12 V system
        self.pulls: dict[str, tuple[float, float, bool]] = {}  # by faults: part → °C, time constant, until there?
        self._used = 0.0  # J since the trip computer was last told
        self._went = 0.0  # m
        self.cruise = Cruise()
        self.traffic = Traffic(p.traffic, p.body.length / 1000.0)
        self.departing = False  # we leave our lane without a sign
        self.gnss_blind = False  # no satellite is seen
        self._surround()

    # What acts on the car

    def control(self, changes: ControlChanges) -> None:
        """Hands, feet and people do what `changes` says."""
        self.driver.apply(changes)
        hands.apply(self, changes)

    def surround(self, changes: WorldChanges) -> None:
        """The weather or the road changes."""
        self.surroundings.apply(changes)
        self._surround()

    def controls(self) -> Controls:
        """The controls as they are."""
        return hands.controls(self)

    def command(self, path: str, value: Physical) -> None:
        """One field of a command frame (VSS path without "Vehicle.")."""
        if path == _LEVER:
            self.driver.lever = value  # type: ignore[assignment]  # the layout knows P, R, N and D alone
        elif path == _EPB:
            self.driver.parking_brake = bool(value)
        elif path.startswith("Body.Lights.DirectionIndicator"):
            self.lights.command(path, value)
            self.driver.indicators = self.lights.indicators
        elif path == "Powertrain.TractionBattery.Charging.ChargingPort.AnyPosition.IsFlapOpen":
            if value or self.charging.cable == "NONE":  # a flap does not shut on a cable
                self.body.command(path, value)
        elif path.endswith("IsChargingCableLocked"):
            if value or not self.charging.active:
                self.body.command(path, value and self.charging.cable != "NONE")
        elif not (path.startswith("Body.Lights") and self.lights.command(path, value)):
            self.body.command(path, value)
            if path == f"{CRUISE}.IsActive" and value and not self.body.number(f"{CRUISE}.SpeedSet"):
                self.body.put(f"{CRUISE}.SpeedSet", float(round(abs(self.chassis.speed) * 3.6)))

    def _surround(self) -> None:
        world = self.surroundings.world
        self._grade = world.grade / 100.0
        self._headwind = world.headwind / 3.6
        pressure = 101325.0 * (1.0 - 2.25577e-5 * self.chassis.altitude) ** 5.2559  # ISO 2533
        self.air_density = pressure / (287.05 * (world.outside_temperature + 273.15))
        self._weigh()

    def _weigh(self) -> None:
        people = sum(self.driver.occupants.values())
        p = self.parameters.body
        self.mass = p.mass + self.surroundings.world.load + people * p.person_mass

    # Time

    @property
    def time(self) -> float:
        """s that the car has lived through."""
        return self.steps * STEP_S

    def step(self) -> None:
        """Move on by `STEP_S`."""
        self.steps += 1
        self.driver.step(STEP_S)
        self._drive(STEP_S)
        if self.steps % _LIGHTS_EVERY == 0:
            self._light(STEP_S * _LIGHTS_EVERY)
        if self.steps % _TRAFFIC_EVERY == 0:
            self._others(STEP_S * _TRAFFIC_EVERY)
        if self.steps % _SLOW_EVERY == 0:
            self._slow(STEP_S * _SLOW_EVERY)

    def _drive(self, dt: float) -> None:
        driver, chassis, motor, battery = self.driver, self.chassis, self.motor, self.battery
        v = chassis.speed
        brake = driver.brake
        self._switch_on(brake)
        self.selector.step(driver.lever, v, brake, self.ready, self.charging.cable != "NONE")
        if driver.lever != self.body.values[_LEVER]:
            self.body.put(_LEVER, driver.lever)
        gear = self.selector.engaged
        pedal = self._pedal(brake, dt)
        self._parking_brake(v, brake, pedal, gear)
        if driver.accelerator <= 0.0:  # a foot on the accelerator overrules
            brake = max(brake, self.cruise.brake)
        ratio, eff, mass = self._ratio, self.parameters.motor.gear_efficiency, self.mass
        power_out = max(0.0, battery.power_out - self.auxiliary)
        power_in = battery.power_in + self.auxiliary
        friction = self.pedals.brake_force(brake, mass) * self.brake_assist
        force = 0.0
        shaft = (v + math.copysign(chassis.spin, v)) * ratio
        if self.ready and motor.enabled and gear in ("D", "R"):
            forwards = gear == "D"
            sign = 1.0 if forwards else -1.0
            most = abs(motor.permitted(sign * motor.most_torque(shaft), shaft, power_out, power_in)) * ratio * eff
            force = self.pedals.wheel_force(pedal, forwards, v, mass, str(self.body.values[_MODE]), most)
            regen = 0.0
            if brake > 0.0:
                force = min(0.0, force * sign) * sign  # the brake pedal ends creeping
                room = max(0.0, self.parameters.pedal.most_regen * mass - abs(force))
                regen, friction = self.pedals.blend(friction, v, room if v * sign > 0.0 else 0.0)
            wanted = force - math.copysign(regen, v)
            torque = motor.drive(
                wanted / (ratio * eff) if wanted * v >= 0.0 else wanted * eff / ratio, shaft, power_out, power_in, dt
            )
            force = torque * ratio * (eff if torque * v >= 0.0 else 1.0 / eff)
            if regen:  # what the motor does not take the discs do
                friction += min(regen, max(0.0, abs(wanted) - abs(force)))
        else:
            motor.drive(0.0, shaft, power_out, power_in, dt)
            motor.torque = 0.0
        still = abs(v) < 0.02
        needed = abs(mass * GRAVITY * self._grade)
        hold = (gear == "P" and abs(v) < 0.8) or self.pedals.hill_hold(brake, v, force, needed, dt)
        if self.body.on(_EPB):
            friction += self.parameters.brakes.parking_force
            hold = hold or (still and needed < self.parameters.brakes.parking_force)
        lamps = self.damage.lamps
        chassis.abs_works = "ABS" not in lamps and self._enabled("ABS")
        chassis.esc_works = "ESC" not in lamps and self._enabled("ESC")
        chassis.tcs_works = self._enabled("TCS") and chassis.esc_works
        chassis.steer(driver.steering, dt)
        used = chassis.step(
            force,
            friction,
            hold,
            mass,
            self.surroundings.grip,
            self.surroundings.rolling * self.tyres.rolling,
            self._grade,
            self._headwind,
            self.air_density,
            dt,
        )
        if used != force and not (chassis.spin and not chassis.tcs_active):
            motor.torque *= used / force  # traction control cuts the torque; a spinning wheel keeps it
        mean = 0.5 * (v + chassis.speed)
        motor.power = motor.torque * (mean + math.copysign(chassis.spin, mean)) * ratio
        motor.power += motor.losses(motor.torque, shaft)
        moved = abs(mean) * dt
        self.odometer += moved
        self.since_start += moved
        self._went += moved
        draw = motor.power + self.auxiliary
        self._used += draw * dt
        battery.step(draw - self.charging.power, dt)

    def _switch_on(self, brake: float) -> None:
        """The power button: ready to drive, or off."""
        wanted = self.driver.ready
        self.hint = self.selector.refusal
        if not self.hint and self.driver.accelerator > 0.1 and self.selector.engaged in ("P", "N"):
            self.hint = "Hold the brake and select D" if self.ready else "Switch the car on first"
        alive = self.low_voltage.awake and not self.ev_fault
        if self.ready and not alive:
            self.ready = False
        elif wanted and not self.ready:
            if not self.low_voltage.awake:
                self.hint = "The 12 V battery is flat"
            elif self.ev_fault:
                self.hint = self.ev_fault
            elif brake < 0.05:
                self.hint = "Press the brake to start"
            else:
                self.ready = True
                self.since_start = 0.0
        elif not wanted and self.ready:
            if abs(self.chassis.speed) > 1.0:
                self.hint = "Stop before switching off"
            else:
                self.ready = False
                self.driver.lever = "P"
                self.driver.parking_brake = True
        self.motor.enabled = self.ready
        self.battery.connected = self.low_voltage.awake and not self.ev_fault

    def _pedal(self, brake: float, dt: float) -> float:
        """The accelerator as the drive takes it: the foot, the cruise control, or nothing beside the brake."""
        body = self.body
        if body.on(f"{CRUISE}.IsActive"):
            usable = body.on(f"{CRUISE}.IsEnabled") and self.selector.engaged == "D" and self.ready
            if brake > 0.05 or not usable:
                body.put(f"{CRUISE}.IsActive", False)
            else:
                self.accelerator = max(self.driver.accelerator, self.cruise.step(self, dt))
                return self.accelerator
        self.cruise.rest(self.accelerator)
        self.accelerator = 0.0 if brake > 0.1 else self.driver.accelerator
        return self.accelerator

    def _parking_brake(self, v: float, brake: float, pedal: float, gear: str) -> None:
        on, driver = self.body.on(_EPB), self.driver
        if on and not driver.parking_brake and brake < 0.05 and gear != "P":
            if not self._drives_off(pedal, gear):
                self.hint = "Press the brake to release the parking brake"
                return
        elif on and driver.parking_brake and self._drives_off(pedal, gear):
            driver.parking_brake = False
        if on != driver.parking_brake:
            self.body.put(_EPB, driver.parking_brake)

    def _drives_off(self, pedal: float, gear: str) -> bool:
        """The parking brake lets go by itself when a belted driver accelerates with the door shut."""
        safe = self.driver.belts["front_left"] and not self.body.on("Cabin.Door.Row1.DriverSide.IsOpen")
        return pedal > 0.02 and gear in ("D", "R") and safe and self.ready and abs(self.chassis.speed) < 1.0

    def _enabled(self, system: str) -> bool:
        return self.body.on(f"ADAS.{system}.IsEnabled")

    @property
    def braking(self) -> int:
        """Brake lights: 0 off, 1 on, 2 flashing because of hard braking above 50 km/h (UN R48 6.23)."""
        hard = self.chassis.acceleration < -6.0 and self.chassis.speed > 13.9
        if self.driver.brake > 0.02:
            return 2 if hard else 1
        # UN R13-H 5.2.22.4: regeneration above 1.3 m/s² lights them as well.
        return 1 if self.chassis.acceleration * math.copysign(1.0, self.chassis.speed) < -1.3 else 0

    def _light(self, dt: float) -> None:
        self.lights.indicators = self.driver.indicators
        world = self.surroundings.world
        reverse = self.selector.engaged == "R"
        self.lights.step(self.ready, reverse, self.braking, world.daylight, self.surroundings.rain, dt)
        if self.body.on("Body.Horn.IsActive") and not self.low_voltage.awake:
            self.body.put("Body.Horn.IsActive", False)

    def _others(self, dt: float) -> None:
        """The cars around, and where we are on the road."""
        world, chassis, road = self.surroundings.world, self.chassis, self.traffic.road
        half_width = self.parameters.body.width / 2000.0
        signed = self.driver.indicators != "OFF"
        road.step(chassis.speed, chassis.yaw_rate, signed, half_width, dt)
        parked = self.selector.engaged == "P"
        self.traffic.step(chassis.speed, world.traffic / 100.0, world.speed_limit / 3.6, parked, dt)
        drifts = abs(road.offset) + half_width > road.width / 2 and chassis.speed > _LANE_WATCH_MS
        self.departing = drifts and not signed and self.body.on("ADAS.LaneDepartureDetection.IsEnabled")

    def lead(self) -> Lead | None:
        """Who is ahead in our lane, as far as the radar tells."""
        return None if "RADAR" in self.damage.silent or self.damage.cut else self.traffic.lead()

    def _slow(self, dt: float) -> None:
        world, body = self.surroundings.world, self.body
        outside, speed = world.outside_temperature, self.chassis.speed
        self._weigh()
        body.step(dt)
        consumers.climate(self, outside, abs(speed), dt)
        self.comfort = consumers.heaters(self) + self.cabin.fan_power
        lv = self.parameters.low_voltage
        awake = self.ready or self.charging.active
        load = (lv.base_load if awake else lv.sleep_load) + self.lights.power() + self.comfort
        high_voltage = self.battery.connected and (self.ready or self.charging.cable != "NONE")
        self.low_voltage.step(load, high_voltage and self.battery.power_out > 0.0, dt)
        consumers.condition_battery(self)
        self.charging.limit = body.number("Powertrain.TractionBattery.Charging.ChargeLimit")
        self.charging.wanted = body.values["Powertrain.TractionBattery.Charging.StartStopCharging"] == "START"
        self.auxiliary = (
            self.cabin.power + self.low_voltage.converter_power + abs(self.conditioning) / CONDITIONING_EFFICIENCY
        )
        parked = self.selector.engaged == "P" and self.battery.connected
        self.charging.step(self.battery, parked, self.auxiliary)
        locked = "Powertrain.TractionBattery.Charging.ChargingPort.AnyPosition.IsChargingCableLocked"
        if self.charging.cable == "NONE" or self.charging.active:
            body.put(locked, self.charging.active)
        self.tyres.step(outside, speed, dt)
        self.motor.warm(outside, dt)
        self.battery.warm(outside, self.conditioning, dt)
        consumers.drag_temperatures(self, dt)
        self.battery.refresh()
        self.computer.step(self._used, self._went, dt)
        self._used = self._went = 0.0
