"""The process `cockpit`: the centre and signals pages, and all that people see and touch behind them."""

import asyncio
from pathlib import Path

from alpenglow.assistant import api as assistant
from alpenglow.cockpit import api
from alpenglow.cockpit.energy.part import EnergyPart
from alpenglow.cockpit.maps import map_route
from alpenglow.cockpit.media.part import Media
from alpenglow.cockpit.messages.part import Messages
from alpenglow.cockpit.parts import Cockpit, Part
from alpenglow.cockpit.privacy.part import Privacy
from alpenglow.cockpit.profiles.part import Profiles
from alpenglow.cockpit.scenes.part import Scenes
from alpenglow.fabric import Service
from alpenglow.fabric.room import Room, main
from alpenglow.fabric.store import Store, StoreError
from alpenglow.fabric.web import PageServer
from alpenglow.navigation import api as navigation
from alpenglow.safety import api as safety
from alpenglow.signals import Value

# What the infotainment is set to when the car is new.
_DEFAULTS: dict[str, Value] = {
    "Vehicle.Cabin.Infotainment.Media.Volume": 30,
    "Vehicle.Cabin.Infotainment.HMI.DistanceUnit": "KILOMETERS",
    "Vehicle.Cabin.Infotainment.HMI.SpeedUnit": "KILOMETERS_PER_HOUR",
    "Vehicle.Cabin.Infotainment.HMI.TemperatureUnit": "C",
    "Vehicle.Cabin.Infotainment.HMI.TirePressureUnit": "BAR",
    "Vehicle.Cabin.Infotainment.HMI.TimeFormat": "HR_24",
    "Vehicle.Cabin.Infotainment.HMI.CurrentLanguage": "en",
    "Vehicle.Cabin.Infotainment.HMI.Brightness": 80,
    "Vehicle.Alpenglow.Cockpit.Brand": "",
    "Vehicle.Alpenglow.Cockpit.Theme": "AUTO",
}

# What its pages may call: all but what one room does for another on a person's behalf.
_NOT_FOR_PAGES = (
    *(assistant.kept, assistant.export, assistant.erase),
    *(navigation.kept, navigation.export, navigation.erase),
)
_ROOMS = (safety, api, assistant, navigation)
_SERVICES = tuple(
    each for room in _ROOMS for each in vars(room).values() if isinstance(each, Service) and each not in _NOT_FOR_PAGES
)


def parts_of(cockpit: Cockpit) -> list[Part]:
    """Every part, in the order in which they start."""
    profiles = Profiles(cockpit)
    return [
        profiles,
        Messages(cockpit),
        EnergyPart(cockpit),
        Media(cockpit),
        Scenes(cockpit),
        Privacy(cockpit, profiles),
    ]


def open_store(folder: Path) -> Store:
    """What is kept of people; where the file cannot be opened (a full disk), one that forgets, and says so."""
    try:
        return Store(folder, "cockpit")
    except StoreError as error:
        return Store.unkept("cockpit", str(error))


async def start(room: Room) -> None:
    """Start every part and serve the pages, until cancelled."""
    cockpit = Cockpit(room, open_store(room.state_dir / "cockpit"))
    if cockpit.store.notice:
        room.log.warning(cockpit.store.notice)
    cockpit.restore(_DEFAULTS)
    await room.fabric.provide(cockpit.write)
    parts = parts_of(cockpit)
    for part in parts:
        await part.start()
    async with asyncio.TaskGroup() as group:
        for part in parts:
            group.create_task(part.run())
        routes = (*cockpit.routes, map_route(room.state_dir))
        group.create_task(PageServer(room, ["centre", "signals"], _SERVICES, routes).serve(started=room.ready))


if __name__ == "__main__":
    main("cockpit", start)
