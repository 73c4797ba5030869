"""The process `assistant`: answers what people say, with what the car has to think with."""

import asyncio

from alpenglow.fabric.room import Room, main


async def start(room: Room) -> None:
    """Serve the assistant, until cancelled."""
    room.ready()
    await asyncio.Event().wait()


if __name__ == "__main__":
    main("assistant", start)
