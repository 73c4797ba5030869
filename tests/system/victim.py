"""The real cockpit or desk, which goes wrong when it is told to: `python -m tests.system.victim`.

SIGUSR1: it spins, in as many threads as there are cores and its event loop too, and never gives way.
SIGUSR2: it floods the fabric and the door, as fast as it can, with all that its identity may and may not send.
"""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from alpenglow.assistant import process as assistant
from alpenglow.cockpit import process as cockpit
from alpenglow.fabric.room import Room, main
from alpenglow.fabric.wire import encode
from alpenglow.navigation import process as navigation
from alpenglow.vehicle import desk

STARTS = {
    "cockpit": cockpit.start,
    "assistant": assistant.start,
    "navigation": navigation.start,
    "desk": desk.start,
}


def spin(*_: object) -> None:
    """Use every core there is."""
    for _core in range(os.cpu_count() or 1):
        subprocess.Popen([sys.executable, "-c", "while True: pass"])
    while True:
        pass


def flood(room: Room) -> None:
    """Send until the process is killed."""
    session: Any = room.fabric._session
    identity = room.settings.identity
    noise = os.urandom(200)
    command = encode({"path": "Vehicle.Cabin.Infotainment.Media.Volume", "value": 7})

    def send(put: str, ask: str) -> None:
        count = 0
        while True:
            for _ in range(200):
                session.put(put, noise)
            session.get(ask, lambda _: None, payload=command, timeout=0.5)
            count += 201
            if count % 100_500 == 0:
                # One line per 100,000 messages: the test sees how fast the flood was.
                room.log.info("flood", sent=count)

    for put in (f"signals/{identity}", "signals/vehicle"):
        threading.Thread(target=send, args=(put, f"call/safety/actuate/{identity}"), daemon=True).start()


async def start(room: Room) -> None:
    """As the real room, with the two signals."""
    loop = asyncio.get_running_loop()
    signal.signal(signal.SIGUSR1, spin)
    loop.add_signal_handler(signal.SIGUSR2, flood, room)
    await STARTS[room.settings.identity](room)


if __name__ == "__main__":
    with contextlib.suppress(KeyError):
        main(json.loads(Path(os.environ["ALPENGLOW_SETTINGS"]).read_text())["identity"], start)
