"""The control units: they say on the bus what the car is doing, each frame in its own cycle, and obey command frames.

What the body reports goes out in its cycle and also when it changes (GenMsgSendType CyclicAndOnChange), so that who
moved something sees it without waiting for the next round.

Frames go through the same DBC as those of a real car: `make_dbc` writes it from the tables that pack them here.
"""

import math
from collections.abc import Callable, Sequence

from e2e import p01

from alpenglow.vehicle.ev.body_items import GROUPS, command_message, field_of, status_message
from alpenglow.vehicle.ev.car import CONDITIONING_EFFICIENCY, STEP_S, Car
from alpenglow.vehicle.ev.drive_messages import DRIVE_MESSAGES, RADAR_TRACKS
from alpenglow.vehicle.ev.layout import Message, Physical, packer, unpack
from alpenglow.vehicle.ev.tracks import RadarUnit

type Report = Callable[[Car], Sequence[Physical]]

_LOW_TYRE = 0.8  # of the placard pressure (UN R141: a warning at 20 % below)
_ON_CHANGE_STEPS = 2  # the least distance of a frame that is sent because it changed (GenMsgDelayTime, 20 ms)
_TURN = 1000  # steps after which all cycles have come round


def _brk_speed(car: Car) -> Sequence[Physical]:
    kmh = abs(car.chassis.speed) * 3.6
    return kmh, kmh > 0.1


def _brk_wheels(car: Car) -> Sequence[Physical]:
    return tuple(v * 3.6 for v in car.chassis.wheel_speeds())


def _brk_status(car: Car) -> Sequence[Physical]:
    chassis, lamps = car.chassis, car.damage.lamps
    return (
        round(car.driver.brake * 100.0),
        chassis.abs_active,
        "ABS" in lamps,
        chassis.esc_active,
        "ESC" in lamps,
        chassis.tcs_active,
        "Brake" in lamps,
        car.brake_fluid_low,
        car.driver.brake > 0.85 and chassis.speed > 4.0,
        "EBD" in lamps,
    )


def _esc_motion(car: Car) -> Sequence[Physical]:
    chassis = car.chassis
    grip = round(min(1.0, car.surroundings.grip) * 100.0)
    return math.degrees(chassis.yaw_rate), chassis.acceleration, chassis.lateral, grip


def _mot_status(car: Car) -> Sequence[Physical]:
    motor = car.motor
    rpm = motor.speed * 60.0 / math.tau
    return round(motor.torque), rpm, round(motor.power / 1000.0)


def _mot_limits(car: Car) -> Sequence[Physical]:
    motor, battery = car.motor, car.battery
    most = motor.data.power * motor.derating
    out = min(most, max(0.0, battery.power_out - car.auxiliary)) if car.ready else 0.0
    back = min(motor.data.regen_power, battery.power_in) if car.ready else 0.0
    coolant = car.surroundings.world.outside_temperature + 0.4 * (
        motor.temperature - car.surroundings.world.outside_temperature
    )
    low = "coolant_low" in car.damage.active
    return out / 1000.0, back / 1000.0, motor.temperature, coolant, "CRITICALLY_LOW" if low else "NORMAL"


def _vcu_drive(car: Car) -> Sequence[Physical]:
    gear = car.selector.engaged
    limited = car.ready and (car.motor.derating < 0.9 or car.battery.power_out < 0.5 * car.battery.data.power_out)
    return (
        gear,
        car.driver.lever,
        round(car.accelerator * 100.0),
        car.ready,
        "EVSystem" in car.damage.lamps,
        limited,
        gear == "P",
    )


def _eps_steering(car: Car) -> Sequence[Physical]:
    angle = car.chassis.wheel_angle
    return angle, angle / car.parameters.body.steering_ratio


def _bms_status(car: Car) -> Sequence[Physical]:
    battery = car.battery
    isolated = "isolation" not in car.damage.active
    return battery.voltage, -battery.current, -battery.power, battery.connected, isolated


def _bms_charge(car: Car) -> Sequence[Physical]:
    battery = car.battery
    t = battery.temperature
    return (
        battery.charge * 100.0,
        battery.displayed * 100.0,
        battery.energy_left / 3.6e6,
        97.0,
        t,
        t - 1.0,
        t + 1.0,
    )


def _bms_range(car: Car) -> Sequence[Physical]:
    conditioning = car.conditioning != 0.0
    return car.computer.range(car.battery), car.computer.consumption, conditioning, conditioning


def _vcu_power(car: Car) -> Sequence[Physical]:
    # What warms and airs people from the 12 V system counts as climate, as far as the converter carries it.
    converter = car.low_voltage.converter_power
    comfort = min(converter, car.comfort / car.low_voltage.data.dcdc_efficiency)
    return (
        car.motor.power,
        car.cabin.power + comfort,
        abs(car.conditioning) / CONDITIONING_EFFICIENCY,
        converter - comfort,
        car.charging.power,
    )


def _chg_status(car: Car) -> Sequence[Physical]:
    charging, battery = car.charging, car.battery
    left = charging.time_to_complete(battery)
    return (
        charging.active,
        battery.power > 0.0,
        charging.cable != "NONE",
        charging.power / max(battery.voltage, 1.0) if charging.cable == "DC" else 0.0,
        charging.power / car.computer.usual * 3.6,
        0.0 if left is None else left,
    )


def _rcm_restraint(car: Car) -> Sequence[Physical]:
    driver = car.driver
    return (
        *driver.belts.values(),
        *("OCCUPIED" if taken else "EMPTY" for taken in driver.occupants.values()),
        "Airbag" in car.damage.lamps,
        False,
        False,
        True,
    )


def _tpm_tyres(car: Car) -> Sequence[Physical]:
    tyres = car.tyres
    pressures = [tyres.pressure(w) for w in range(4)]
    return (*pressures, *tyres.temperature, *(p < _LOW_TYRE * tyres.data.pressure for p in pressures))


def _lv_status(car: Car) -> Sequence[Physical]:
    lv = car.low_voltage
    loss = lv.converter_power * (1.0 - lv.data.dcdc_efficiency)
    return lv.voltage, lv.current, "ON" if car.ready else "OFF", loss


def _gtw_odometer(car: Car) -> Sequence[Physical]:
    return car.odometer, car.since_start


def _gtw_surroundings(car: Car) -> Sequence[Physical]:
    world = car.surroundings.world
    return (
        world.outside_temperature,
        world.daylight,
        car.surroundings.rain,
        car.cabin.temperature,
        world.speed_limit,
        80.0,
    )


def _gps_position(car: Car) -> Sequence[Physical]:
    if car.gnss_blind:
        return None, None
    return car.chassis.latitude, car.chassis.longitude


def _gps_motion(car: Car) -> Sequence[Physical]:
    if car.gnss_blind:
        return None, None, "NONE"
    return car.chassis.altitude, car.chassis.heading, "THREE_D"


def _cam_lane(car: Car) -> Sequence[Physical]:
    road = car.traffic.road
    return road.width, road.offset, road.curvature, car.departing


_REPORTS: dict[str, Report] = {
    "BRK_SPEED": _brk_speed,
    "BRK_WHEELS": _brk_wheels,
    "BRK_STATUS": _brk_status,
    "ESC_MOTION": _esc_motion,
    "MOT_STATUS": _mot_status,
    "MOT_LIMITS": _mot_limits,
    "VCU_DRIVE": _vcu_drive,
    "EPS_STEERING": _eps_steering,
    "BMS_STATUS": _bms_status,
    "BMS_CHARGE": _bms_charge,
    "BMS_RANGE": _bms_range,
    "VCU_POWER": _vcu_power,
    "CHG_STATUS": _chg_status,
    "RCM_RESTRAINT": _rcm_restraint,
    "TPM_TYRES": _tpm_tyres,
    "LV_STATUS": _lv_status,
    "GTW_ODOMETER": _gtw_odometer,
    "GTW_SURROUNDINGS": _gtw_surroundings,
    "GPS_POSITION": _gps_position,
    "GPS_MOTION": _gps_motion,
    "CAM_LANE": _cam_lane,
}


class _Sender:
    """One cyclic frame."""

    def __init__(self, message: Message, report: Report, group: str = "") -> None:
        self.message = message
        self.group = group  # a body group's frame is packed anew only when the group has changed
        self._report = report
        self._pack = packer(message)
        self._counter = 0
        self._last = b""
        self.sent_at = 0  # tick

    def changed(self, tick: int) -> bool:
        """Whether it goes out before its turn, since what it says has changed since it was last sent."""
        return bool(self._last) and tick - self.sent_at >= _ON_CHANGE_STEPS

    def frame(self, car: Car, tick: int) -> bytes:
        """The next frame's data."""
        message, damage = self.message, car.damage
        self.sent_at = tick
        name = message.name
        if damage.frozen and name in damage.frozen and self._last:
            return self._last
        if self.group and self._last and self.group not in car.body.changed:
            return self._last
        values = self._report(car)
        if damage.missing:
            values = [
                None if (name, f.name) in damage.missing else v for f, v in zip(message.fields, values, strict=True)
            ]
        data = self._pack(values)
        if message.protected:
            data[1] = data[1] & 0xF0 | self._counter
            p01.e2e_p01_protect(data, message.can_id, data_id_mode=p01.E2E_P01_DATAID_BOTH)
            self._counter = data[1] & 0x0F
            if name in damage.corrupt:
                data[0] ^= 0x5A
        self._last = bytes(data)
        return self._last


def _body_report(group_index: int) -> Report:
    paths = tuple(item.path for item in GROUPS[group_index].items)
    return lambda car: [car.body.values[path] for path in paths]


class ControlUnits:
    """All control units of one car."""

    def __init__(self, car: Car) -> None:
        self._car = car
        # 10 ms of the bus each. A car that lives faster than the clock makes many steps in one; its bus does not.
        self._tick = car.steps
        radar = RadarUnit()
        reports = _REPORTS | {f"RAD_TRACK_{n}": radar.report(n) for n in range(RADAR_TRACKS)}
        senders = [_Sender(m, reports[m.name]) for m in DRIVE_MESSAGES]
        senders += [_Sender(status_message(g), _body_report(i), g.name) for i, g in enumerate(GROUPS)]
        # Which frames are due at each step; the senders of one cycle are spread over it, as on a real bus.
        self._due: list[list[_Sender]] = [[] for _ in range(_TURN)]
        for i, sender in enumerate(senders):
            cycle = round(sender.message.cycle_ms / (STEP_S * 1000.0))
            for step in range(0 if sender.message.burst else (i * 7) % cycle, _TURN, cycle):
                self._due[step].append(sender)
        self._body = {sender.group: sender for sender in senders if sender.group}
        self._commands: dict[int, tuple[Message, str, dict[str, str]]] = {}
        for group in GROUPS:
            message = command_message(group)
            if message is not None:
                paths = {field_of(item).name: item.path for item in group.items if item.settable}
                self._commands[message.can_id] = (message, group.sender, paths)

    def frames(self) -> list[tuple[int, bytes]]:
        """(CAN ID, data) of all that is sent in the next 10 ms, about the car as it is now."""
        car = self._car
        damage = car.damage
        self._tick += 1
        if damage.cut or not car.low_voltage.awake:
            return []
        sent = []
        due = self._due[self._tick % _TURN]
        if car.body.changed:
            waiting = [self._body[group] for group in car.body.changed]
            due = due + [sender for sender in waiting if sender not in due and sender.changed(self._tick)]
        for sender in due:
            if sender.message.sender not in damage.silent:
                sent.append((sender.message.can_id, sender.frame(car, self._tick)))
                if sender.group:
                    car.body.changed.discard(sender.group)
        return sent

    def receive(self, can_id: int, data: bytes) -> None:
        """Obey a command frame; any other frame is not for these units."""
        damage = self._car.damage
        found = self._commands.get(can_id)
        if found is None or damage.cut or not self._car.low_voltage.awake or found[1] in damage.silent:
            return
        message, _, paths = found
        for name, value in unpack(message, data).items():
            if name in paths:
                self._car.command(paths[name], value)
