"""The process `navigation`: where we are, how we get there, and whether the battery will last.

It is ready before it has read a map, since nothing may wait for it: maps, the graph of roads and the routing tiles are
read by threads of their own, and until then it says so to who asks.
"""

import os

from alpenglow.fabric.room import Room, main
from alpenglow.fabric.store import Store, StoreError
from alpenglow.navigation.keeping import Kept
from alpenglow.navigation.service import Navigation

# Before anything loads it: one thread of linear algebra is enough, and leaves the other processors to the cluster.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


async def start(room: Room) -> None:
    """Serve `navigation.api` and follow the car until cancelled."""
    try:
        store = Store(room.state_dir / "navigation", "navigation")
    except StoreError as error:
        store = Store.unkept("navigation", str(error))
    if store.notice:
        room.log.warning(store.notice)
    navigation = Navigation(room, Kept(room.fabric, store))
    await navigation.serve()
    room.ready()
    await navigation.run()


if __name__ == "__main__":
    main("navigation", start)
