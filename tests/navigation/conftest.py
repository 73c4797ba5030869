"""A ride through Andorra."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.maps import lend
from tests.navigation.riding import Ride


@pytest_asyncio.fixture
async def ride(tmp_path: Path, andorra: Path) -> AsyncIterator[Ride]:
    lend(andorra, tmp_path / "state")
    async with Ride(tmp_path) as ride:
        yield ride
