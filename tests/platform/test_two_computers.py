"""A car of two computers: infotainment reaches the cluster's computer over TLS, each process under its own name.

Both computers are this one, with a stack each; what is between them is real.
"""

import asyncio
import socket
from pathlib import Path

import msgspec
import pytest

from alpenglow.fabric import Fabric
from alpenglow.fabric.room import Settings, line_catalogue
from alpenglow.platform.certificates import make_certificates
from alpenglow.platform.plan import Plan, Request, make_plan
from alpenglow.platform.ports import free_base
from alpenglow.platform.profile import load_profile
from alpenglow.platform.stack import running
from alpenglow.signals import Quality

PROFILE = """\
title = "Two computers in one"
[computer.cluster]
processes = ["safety", "vehicle", "desk"]
listen = ["unixsock-stream/{{run_dir}}/fabric.sock", "tls/127.0.0.1:{port}"]
connect = ["unixsock-stream/{{run_dir}}/fabric.sock"]
[computer.infotainment]
processes = ["cockpit", "assistant", "navigation"]
connect = ["tls/127.0.0.1:{port}"]
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def plans(tmp_path: Path) -> dict[str, Plan]:
    path = tmp_path / "two.toml"
    path.write_text(PROFILE.format(port=free_port()))
    profile = load_profile(str(path))
    make_certificates(tmp_path / "keys", profile, days=1)
    base = free_base([0, 1, 2], "127.0.0.1")
    return {
        computer: make_plan(
            Request(
                platform=str(path),
                computer=computer,
                port=base,
                run_dir=tmp_path / computer[0],
                state_dir=tmp_path / f"{computer[0]}-state",
                certificates=tmp_path / "keys" / computer,
            )
        )
        for computer in profile.computer
    }


async def hears(plan: Plan, name: str, credentials: str, seconds: float) -> bool:
    """Whether somebody who calls himself `name`, with the password and certificate of `credentials`, gets the speed."""
    settings = msgspec.convert(plan.settings[credentials], Settings)
    try:
        async with asyncio.timeout(seconds):
            fabric = await Fabric.open(name, settings.endpoint(), line_catalogue(Path(settings.line)))
            async with fabric:
                while fabric.read("Vehicle.Speed").quality is not Quality.VALID:
                    await asyncio.sleep(0.02)
                return fabric.read("Vehicle.Speed").value == 0.0
    except (TimeoutError, ConnectionError):
        return False


async def test_the_car_is_heard_on_the_other_computer(plans: dict[str, Plan]) -> None:
    async with running(plans["cluster"]) as cluster, running(plans["infotainment"]) as infotainment:
        async with asyncio.timeout(60):
            await cluster.live()
            await infotainment.live()
        assert await hears(plans["infotainment"], "operator", "operator", 30)
    assert {domain.restarts for stack in (cluster, infotainment) for domain in stack.supervisor.domains.values()} == {0}


async def test_a_wrong_name_is_not_let_in(plans: dict[str, Plan]) -> None:
    async with running(plans["cluster"]) as cluster:
        async with asyncio.timeout(60):
            await cluster.live()
        assert not await hears(plans["infotainment"], "vehicle", "cockpit", 3)
        assert await hears(plans["infotainment"], "cockpit", "cockpit", 30)
