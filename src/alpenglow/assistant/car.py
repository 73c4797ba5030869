"""The car as the assistant sees it: signals to read, one door to ask."""

from typing import Protocol

from alpenglow.fabric import Fabric, Outcome
from alpenglow.signals import Catalogue, UnknownSignal, Value


class Car(Protocol):
    """What the assistant needs of a car."""

    catalogue: Catalogue

    def read(self, path: str) -> Value | None:
        """The value now; None where it is stale, invalid or was never heard of."""
        ...

    async def actuate(self, path: str, value: Value) -> Outcome:
        """Ask the door."""
        ...


class LiveCar:
    """The car on the fabric."""

    def __init__(self, fabric: Fabric) -> None:
        self._fabric = fabric
        self.catalogue = fabric.table.catalogue

    def read(self, path: str) -> Value | None:
        """See Car."""
        try:
            value: Value | None = self._fabric.read(path).value
        except UnknownSignal:
            return None
        return value

    async def actuate(self, path: str, value: Value) -> Outcome:
        """See Car."""
        return await self._fabric.actuate(path, value)
