"""The process `cockpit`: the centre and signals pages, and the infotainment settings that it owns."""

from alpenglow.assistant import api as assistant
from alpenglow.fabric import Service
from alpenglow.fabric.room import Room, main
from alpenglow.fabric.web import PageServer
from alpenglow.safety import api as safety
from alpenglow.signals import Value

# What the infotainment is set to when the car is new.
_DEFAULTS: dict[str, Value] = {
    "Vehicle.Cabin.Infotainment.Media.Volume": 30,
    "Vehicle.Cabin.Infotainment.HMI.DistanceUnit": "KILOMETERS",
    "Vehicle.Cabin.Infotainment.HMI.TemperatureUnit": "C",
    "Vehicle.Cabin.Infotainment.HMI.TimeFormat": "HR_24",
    "Vehicle.Cabin.Infotainment.HMI.Brightness": 80,
}

# What its pages may call.
_SERVICES = (safety.actuate, *(each for each in vars(assistant).values() if isinstance(each, Service)))


async def start(room: Room) -> None:
    """Own the infotainment's settings and serve the pages, until cancelled."""

    async def write(path: str, value: Value) -> None:
        room.fabric.hold({path: value})

    room.fabric.hold(_DEFAULTS)
    await room.fabric.provide(write)
    await PageServer(room, ["centre", "signals"], _SERVICES).serve(started=room.ready)


if __name__ == "__main__":
    main("cockpit", start)
