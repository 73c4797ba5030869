"""The process `safety`: the fabric's router, the door, the cluster's state and the cluster page.

It holds no third-party and no model code, and needs no other process: when all others are gone it shows that.
"""

import asyncio
import json
import time

from alpenglow.fabric.room import Room, main
from alpenglow.fabric.web import PageServer
from alpenglow.safety import api
from alpenglow.safety.cluster import Cluster, Indicators
from alpenglow.safety.door import Door
from alpenglow.safety.driving_state import RESTRICTIONS, Driving
from alpenglow.safety.interlocks import load_interlocks
from alpenglow.safety.line import read_line
from alpenglow.signals import Value

_PERIOD_S = 0.02  # a tenth of what is promised from a fault to its lamp
_BULB_CHECK_S = 1.5
_LONGEST_COMMAND = 1000  # characters; a longer value is nobody's setting


class Display:
    """What the cluster and the driving state are now, published where it changed."""

    def __init__(self, room: Room, cluster: Cluster) -> None:
        self._room, self._cluster = room, cluster
        self._indicators = Indicators()
        self._driving = Driving()
        self._published: dict[str, Value] = {}
        self._was_ready: Value | None = None
        self._check_until = 0.0

    async def run(self) -> None:
        """Evaluate 50 times a second. An error ends the process: a cluster that stands still must not look alive."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            self.update(time.monotonic_ns())
            due += _PERIOD_S
            now = loop.time()
            if due < now:
                due = now  # after a pause nothing is made up for
            await asyncio.sleep(due - now)

    def update(self, now_ns: int) -> None:
        """Evaluate once, at `now_ns` (ns, monotonic clock)."""
        fabric, now_s = self._room.fabric, now_ns / 1e9
        ready = fabric.table.value("Vehicle.Alpenglow.Ready")
        if ready is True and self._was_ready is False:  # seen to be switched on; not when this process starts late
            self._check_until = now_s + _BULB_CHECK_S
        self._was_ready = ready
        state = self._cluster.evaluate(fabric.table, now_ns, bulb_check=now_s < self._check_until)
        driving = self._driving.update(fabric.table.read, now_s)
        lamps = self._indicators.follow(state.telltales, now_ns)
        values: dict[str, Value] = {f"Vehicle.Alpenglow.Telltale.{name}": light for name, light in lamps.items()}
        values["Vehicle.Alpenglow.Cluster.Message"] = state.message
        values["Vehicle.Alpenglow.Cluster.MessageLevel"] = state.level
        values["Vehicle.Alpenglow.DrivingState"] = str(driving)
        values["Vehicle.Alpenglow.UxRestrictions"] = int(RESTRICTIONS[driving])
        changed = {path: value for path, value in values.items() if self._published.get(path) != value}
        if changed:
            fabric.hold(changed)
            self._published = values


def tell(room: Room, caller: str, path: str, value: Value) -> None:
    """Say which command was let through, so that others can tell a person's wish from what a part does by itself."""
    command = json.dumps({"by": caller, "path": path, "value": value}, ensure_ascii=False)
    if len(command) <= _LONGEST_COMMAND:
        room.fabric.publish({"Vehicle.Alpenglow.Command": command})


async def start(room: Room) -> None:
    """Run the room until cancelled."""
    provided, limits = read_line(room.line_dir, room.catalogue, room.settings.options.get("map", ""))
    display = Display(room, Cluster(room.catalogue, provided, limits))
    door = Door(room.fabric, load_interlocks(room.catalogue), room.log, lambda *command: tell(room, *command))
    await room.fabric.serve(api.actuate, door.actuate)
    await room.fabric.serve(api.actuate_all, door.actuate_all)
    await room.fabric.serve(api.check, door.check)
    await asyncio.gather(display.run(), PageServer(room, ["cluster"]).serve(room.ready))


if __name__ == "__main__":
    main("safety", start)
