"""Fixtures for every room's tests."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.maps import andorra

__all__ = ["andorra"]  # a fixture for every room's tests

# Examples are timed by nobody: a loaded machine is no failure.
settings.register_profile("alpenglow", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("alpenglow")

ROOT = Path(__file__).parent.parent
# A car that is started by a test fetches no language model; tests that want one fetch it themselves.
os.environ.setdefault("ALPENGLOW_OFFLINE", "1")
# Nor does it make a map first; tests that want one say so with --map, or make it.
os.environ.setdefault("ALPENGLOW_MAP", "none")
# One thread of linear algebra: beside other native libraries in one process, OpenBLAS's own once brought it down.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the project: a car's log, VSS catalogues, a map."""
    folder = Path(os.environ.get("ALPENGLOW_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip(f"no shared data at {folder}: set ALPENGLOW_SHARED to the folder that holds data/")
    return folder
