"""A car's table of readings that a test fills as it likes, on a clock of its own."""

import time
from collections.abc import Callable, Mapping

import pytest

from alpenglow.signals import Catalogue, Quality, Sample, Table, Value, load_catalogue


class Car:
    """A table, filled by path."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.table = Table(catalogue)

    def say(
        self,
        values: Mapping[str, Value | None],
        quality: Quality = Quality.VALID,
        *,
        age_s: float = 0.0,
        at_ns: int | None = None,
    ) -> None:
        """The owner said `values` with `quality`, `age_s` seconds ago, or at `at_ns` of the monotonic clock."""
        stamp = time.monotonic_ns() - int(age_s * 1e9) if at_ns is None else at_ns
        index = self.catalogue.index_of
        self.table.put([Sample(index[p], v, quality, time.time_ns()) for p, v in values.items()], stamp)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def new_car(catalogue: Catalogue) -> Callable[[], Car]:
    return lambda: Car(catalogue)


@pytest.fixture
def car(catalogue: Catalogue) -> Car:
    return Car(catalogue)
