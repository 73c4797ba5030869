"""One car's fabric for the tests of this room: a router and clients over a unix socket, with access control."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import pytest
import pytest_asyncio
from msgspec import Meta

from alpenglow.fabric import Endpoint, Fabric, Identities, Identity, service
from alpenglow.signals import Catalogue, load_catalogue

SPEED = "Vehicle.Speed"

IDENTITIES = Identities(
    {
        "safety": Identity(provides=("Vehicle.Alpenglow.DrivingState",), calls=("test.*",)),
        "vehicle": Identity(provides=("Vehicle",)),
        "test": Identity(provides=("Vehicle.Cabin.Infotainment",), calls=("test.*",), messages_per_s=200),
        "app": Identity(messages_per_s=200),
    }
)


@service
async def double(number: int, times: Annotated[int, Meta(ge=0, le=9)] = 1) -> int:
    """A service for this test: `number` doubled `times` times."""
    raise NotImplementedError


double.room = "test"
double.name = "test.double"


class Car:
    """Opens fabrics against one router and closes them all."""

    def __init__(self, folder: Path, catalogue: Catalogue, identities: Identities = IDENTITIES) -> None:
        self.folder, self.catalogue, self.identities = folder, catalogue, identities
        self.stack = AsyncExitStack()
        self.users = folder / "users"
        self.users.write_text("".join(f"{name}:secret-{name}\n" for name in identities.table))
        self.address = f"unixsock-stream/{folder}/f.sock"

    async def open(self, identity: str, secret: str | None = None) -> Fabric:
        here = () if identity == "safety" else (self.address,)
        endpoint = Endpoint(
            connect=here,
            listen=() if here else (self.address,),
            secret=secret or f"secret-{identity}",
            users_file="" if here else str(self.users),
        )
        fabric = await asyncio.wait_for(Fabric.open(identity, endpoint, self.catalogue, self.identities), 5)
        return await self.stack.enter_async_context(fabric)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest_asyncio.fixture
async def car(tmp_path: Path, catalogue: Catalogue) -> AsyncIterator[Car]:
    car = Car(tmp_path, catalogue)
    async with car.stack:
        yield car
