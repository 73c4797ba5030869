"""The controls of the desk that are parts of the body: hands move them, and where they are is read back."""

from typing import TYPE_CHECKING

import msgspec

from alpenglow.vehicle.api import ControlChanges, Controls
from alpenglow.vehicle.ev.inputs import SEATS

if TYPE_CHECKING:
    from alpenglow.vehicle.ev.car import Car

_DOORS = {
    "door_front_left": "Cabin.Door.Row1.DriverSide",
    "door_front_right": "Cabin.Door.Row1.PassengerSide",
    "door_rear_left": "Cabin.Door.Row2.DriverSide",
    "door_rear_right": "Cabin.Door.Row2.PassengerSide",
    "bonnet": "Body.Hood",
    "boot": "Body.Trunk.Rear",
}
_FLAP = "Powertrain.TractionBattery.Charging.ChargingPort.AnyPosition.IsFlapOpen"
_KEY = "Alpenglow.KeyId"
_SWITCHES = {
    "light_switch": "Body.Lights.LightSwitch",
    "high_beam": "Body.Lights.IsHighBeamSwitchOn",
    "wiper": "Body.Windshield.Front.Wiping.Mode",
    "horn": "Body.Horn.IsActive",
}
_COMMANDS = {  # these act by way of a control unit, as a command frame would
    "fog_front": "Body.Lights.Fog.Front.IsOn",
    "fog_rear": "Body.Lights.Fog.Rear.IsOn",
    "hazard": "Body.Lights.Hazard.IsSignaling",
    "charge_flap": _FLAP,
    "parking_brake": "Chassis.ParkingBrake.IsEngaged",
}


def apply(car: "Car", changes: ControlChanges) -> None:
    """Move what `changes` names."""
    for name, path in _DOORS.items():
        opened = getattr(changes, name)
        if opened is not None:
            car.body.set_open(path, opened)
    for table, act in ((_SWITCHES, car.body.command), (_COMMANDS, car.command)):
        for name, path in table.items():
            value = getattr(changes, name)
            if value is not None:
                act(path, value)
    if changes.key is not None:
        car.body.put(_KEY, float(changes.key))
    if changes.charge_cable is not None:
        plug(car, changes)


def plug(car: "Car", changes: ControlChanges) -> None:
    """Plug the cable in or out, as far as flap and lock allow."""
    charging, cable = car.charging, changes.charge_cable
    if cable is None or cable == charging.cable:
        return
    if cable == "NONE":
        charging.power = charging.grid = 0.0  # pressing the handle's button ends the charge and frees the lock
    else:
        car.body.put(_FLAP, True)
    charging.cable = cable


def controls(car: "Car") -> Controls:
    """The controls as they are."""
    driver, body, lights = car.driver, car.body, car.lights
    people = {f"belt_{s}": driver.belts[s] for s in SEATS} | {f"occupant_{s}": driver.occupants[s] for s in SEATS}
    doors = {name: body.on(f"{path}.IsOpen") for name, path in _DOORS.items()}
    switches = {name: body.values[path] for name, path in _SWITCHES.items()}
    own = {
        "accelerator": driver.accelerator,
        "brake": driver.brake,
        "steering": driver.steering,
        "gear": driver.lever,
        "parking_brake": body.on("Chassis.ParkingBrake.IsEngaged"),
        "ready": car.ready,
        "indicators": driver.indicators,
        "hazard": lights.hazard,
        "fog_front": lights.fog["Front"],
        "fog_rear": lights.fog["Rear"],
        "charge_flap": body.on(_FLAP),
        "charge_cable": car.charging.cable,
        "key": int(car.body.number(_KEY)),
    }
    return msgspec.convert({**own, **doors, **switches, **people}, Controls)
