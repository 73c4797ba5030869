"""The process `desk`: serves the page from which the simulated car is driven, and passes its calls on.

It may call the simulation's services and the door, have navigation's route driven and put a jam on it; the fabric's
permissions see to it that no other page may do the first. It runs only with a simulated or a replayed car.
"""

from alpenglow.fabric.room import Room, main
from alpenglow.fabric.web import PageServer
from alpenglow.navigation.api import follow_route, guidance, report_traffic, traffic
from alpenglow.safety.api import actuate
from alpenglow.vehicle import api


async def start(room: Room) -> None:
    """Serve the desk until the process is told to stop."""
    services = (
        *(api.set_controls, api.set_world, api.inject_fault, api.simulation, actuate),
        *(follow_route, guidance, report_traffic, traffic),
    )
    await PageServer(room, ["desk"], services).serve(room.ready)


if __name__ == "__main__":
    main("desk", start)
