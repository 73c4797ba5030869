"""Every identity that ships tries everything it may not do, straight through Zenoh, past the library's own checks."""

import asyncio
import itertools
import time
from pathlib import Path
from typing import Any

import pytest
import zenoh

from alpenglow.fabric import Fabric, Service, load_identities
from alpenglow.fabric.identities import ROUTER
from alpenglow.fabric.wire import Batch, encode
from alpenglow.safety import api as safety
from alpenglow.signals import Catalogue, Quality, Sample, Value
from alpenglow.vehicle import api as vehicle

from .conftest import SPEED, Car

IDENTITIES = load_identities()
CLIENTS = [name for name in IDENTITIES.table if name != ROUTER]
SERVICES: list[Service[..., Any]] = [
    declared for room in (safety, vehicle) for declared in vars(room).values() if isinstance(declared, Service)
]
BODY = "Vehicle.Body.Hood.IsOpen"


def ask(session: zenoh.Session, key: str) -> list[zenoh.Reply]:
    """What others answer to a query (a process may always ask itself)."""
    payload = encode([BODY, True])
    return list(session.get(key, payload=payload, timeout=0.3, allowed_destination=zenoh.Locality.REMOTE))


@pytest.mark.parametrize("name", CLIENTS)
async def test_nobody_gets_past_what_the_table_says(name: str, tmp_path: Path, catalogue: Catalogue) -> None:
    car = Car(tmp_path, catalogue, IDENTITIES)
    reached: list[str] = []
    async with car.stack:
        fabrics: dict[str, Fabric] = {ROUTER: await car.open(ROUTER)}
        for identity in CLIENTS:
            fabrics[identity] = await car.open(identity)
        for declared in SERVICES:

            async def answer(caller: str, declared: Service[..., Any] = declared, **_: Any) -> None:
                reached.append(f"{caller} called {declared.name}")

            await fabrics[declared.room].serve(declared, answer)

        async def write(path: str, value: Value) -> None:
            reached.append(f"{path} was written")

        for owner in ("vehicle", "cockpit"):
            await fabrics[owner].provide(write)
        await asyncio.sleep(0.2)

        me = fabrics[name]
        assert me._session is not None
        forged = Batch(
            catalogue.fingerprint, 1, 1, 0, time.monotonic_ns(),
            [Sample(catalogue.index_of[SPEED], 250.0, Quality.VALID, 1)],
        )  # fmt: skip
        for other in IDENTITIES.table:
            if other != name:
                me._session.put(f"signals/{other}", encode(forged))
        forbidden = [s for s in SERVICES if not IDENTITIES.may_call(name, s.name)]
        attempts = [f"call/{s.room}/{s.function}/{name}" for s in forbidden]
        # In another's name, also what that one may do.
        attempts += [
            f"call/{s.room}/{s.function}/{o}" for s, o in itertools.product(SERVICES, IDENTITIES.table) if o != name
        ]
        attempts += [f"write/{owner}/{who}" for owner in ("vehicle", "cockpit") for who in ("safety", name)]
        attempts += ["write/**", "call/**", "**"]
        for key in attempts:
            assert await asyncio.to_thread(ask, me._session, key) == [], key
        await asyncio.sleep(0.1)
        assert reached == []
        for identity, fabric in fabrics.items():
            if identity != name:
                assert fabric.read(SPEED).value is None, identity


@pytest.mark.parametrize("name", CLIENTS)
def test_only_who_may_call_the_door_may_actuate(name: str) -> None:
    if IDENTITIES.table[name].actuates:
        assert IDENTITIES.may_call(name, "safety.actuate")


def test_the_infotainment_cannot_play_the_driver() -> None:
    for name in ("cockpit", "observer", "safety"):
        assert not any(IDENTITIES.may_call(name, s.name) for s in SERVICES if s.room == "vehicle"), name
