"""The messages of a running car: from the fault to the list, over a crash of the cockpit, in nobody's way."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from alpenglow.cockpit import api
from alpenglow.fabric import BadArguments
from alpenglow.vehicle import api as vehicle
from tests.cockpit.riding import Rider
from tests.running import Stack

FLUID = "cluster.brake_fluid_low_stop_safely"


@pytest.fixture(scope="module")
def rider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rider]:
    with Stack(tmp_path_factory.mktemp("stack")) as stack, Rider(stack) as rider:
        yield rider


def told(rider: Rider, cause: str) -> list[api.Message]:
    messages: list[api.Message] = rider.call(api.messages, limit=400)
    return [message for message in messages if message.cause == cause]


def test_a_fault_is_told_acknowledged_and_over_when_it_is_mended(rider: Rider) -> None:
    rider.call(vehicle.inject_fault, fault="brake_fluid", active=True)
    rider.until(lambda: told(rider, FLUID))
    [message] = told(rider, FLUID)
    assert (message.level, message.says) == ("stop", f"messages.{FLUID}")
    revision = rider.value("Vehicle.Alpenglow.Cockpit.Revision.Messages")
    rider.call(api.acknowledge_message, message=message.id)
    rider.until(lambda: rider.value("Vehicle.Alpenglow.Cockpit.Revision.Messages") != revision)
    [message] = told(rider, FLUID)
    assert (message.acknowledged, message.state) == (True, "told")
    rider.call(vehicle.inject_fault, fault="brake_fluid", active=False)
    rider.until(lambda: told(rider, FLUID)[0].state == "over", 60.0)
    with pytest.raises(BadArguments):
        rider.call(api.acknowledge_message, message="of yesterday")


def test_the_history_is_back_after_a_crash_and_what_still_holds_is_told_again(rider: Rider) -> None:
    rider.call(vehicle.inject_fault, fault="brake_fluid", active=True)
    rider.until(lambda: any(message.state != "over" for message in told(rider, FLUID)))
    before = {message.id for message in told(rider, FLUID)}
    old = rider.stack.pid("cockpit")
    os.kill(old, signal.SIGKILL)
    rider.stack.until_back("cockpit", old)
    rider.until(lambda: any(message.state in ("shown", "waiting") for message in told(rider, FLUID)))
    assert before <= {message.id for message in told(rider, FLUID)}
    rider.call(vehicle.inject_fault, fault="brake_fluid", active=False)


def test_a_damaged_store_is_set_aside_and_said(tmp_path: Path) -> None:
    (tmp_path / "state" / "cockpit").mkdir(parents=True)
    (tmp_path / "state" / "cockpit" / "cockpit.sqlite").write_bytes(b"not a database" * 1000)
    with Stack(tmp_path) as stack, Rider(stack) as rider:
        rider.until(lambda: told(rider, "store_set_aside"))
    assert list((tmp_path / "state" / "cockpit").glob("cockpit.sqlite.damaged-*"))
