"""Native threads wait as the user says, else briefly."""

import os

import pytest

from alpenglow.assistant.models.openmp import spin_briefly


@pytest.fixture(autouse=True)
def _untouched(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY"):
        monkeypatch.setenv(name, "")  # so that it is put back after the test
        monkeypatch.delenv(name)


def test_threads_spin_briefly_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    spin_briefly()
    assert os.environ["GOMP_SPINCOUNT"] == "100"
    monkeypatch.setenv("GOMP_SPINCOUNT", "3000")
    spin_briefly()
    assert os.environ["GOMP_SPINCOUNT"] == "3000"


def test_a_waiting_policy_of_the_users_own_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_WAIT_POLICY", "active")
    spin_briefly()
    assert "GOMP_SPINCOUNT" not in os.environ
