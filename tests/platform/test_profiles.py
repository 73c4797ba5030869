"""Hardware profiles: each process has one place, and a mistake in a file is named in one line."""

from pathlib import Path

import msgspec
import pytest

from alpenglow.fabric.identities import load_identities
from alpenglow.fabric.room import Settings
from alpenglow.platform.plan import Request, make_plan
from alpenglow.platform.problems import StackProblem
from alpenglow.platform.processes import PROCESSES, ROUTER
from alpenglow.platform.profile import load_profile, profiles


@pytest.fixture
def line(tmp_path: Path) -> str:
    (tmp_path / "line.toml").write_text("")
    return str(tmp_path)


@pytest.mark.parametrize("name", profiles())
def test_each_profile_places_every_process_once(name: str) -> None:
    placed = [process for computer in load_profile(name).computer.values() for process in computer.processes]
    assert sorted(placed) == sorted(row.name for row in PROCESSES)


def test_the_safety_of_the_car_comes_first_in_the_table() -> None:
    assert [row.name for row in PROCESSES[:2]] == ["safety", "vehicle"]
    assert all(row.critical for row in PROCESSES[:2])
    assert min(row.cpu_weight for row in PROCESSES if row.critical) > max(
        row.cpu_weight for row in PROCESSES if not row.critical
    )
    assert len({row.port for row in PROCESSES if row.port is not None}) == 3


def test_only_the_router_listens_and_knows_the_passwords(line: str, tmp_path: Path) -> None:
    plan = make_plan(Request(line=line, port=0, run_dir=tmp_path / "run", state_dir=tmp_path / "state"))
    socket = f"unixsock-stream/{tmp_path}/run/fabric.sock"
    for name, settings in plan.settings.items():
        router = name == ROUTER
        assert settings["listen"] == ([socket] if router else [])
        assert settings["connect"] == ([] if router else [socket])
        assert bool(settings["users"]) == router
        assert settings["web_host"] == "127.0.0.1"


def test_a_process_finds_all_its_settings_where_it_looks(line: str, tmp_path: Path) -> None:
    plan = make_plan(Request(line=line, port=0, run_dir=tmp_path / "run", options={"speed": "2"}))
    for identity, content in plan.settings.items():
        settings = msgspec.convert(content, Settings)
        assert set(content) <= {field.name for field in msgspec.structs.fields(Settings)}
        assert settings.identity == identity
        assert settings.options == {"speed": "2"}
    assert set(plan.settings) == set(load_identities().table)


def test_a_profiles_limits_replace_the_tables(line: str, tmp_path: Path) -> None:
    plan = make_plan(Request(line=line, platform="single-soc", port=0, run_dir=tmp_path / "run"))
    limits = {process.name: process.memory_mb for process in plan.processes}
    assert limits["safety"] == 192


_GOOD = """\
title = "t"
[computer.one]
processes = ["safety", "vehicle", "cockpit", "assistant", "navigation", "desk"]
listen = ["tcp/127.0.0.1:7447"]
connect = ["tcp/127.0.0.1:7447"]
"""


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"desk"]', '"disk"]', "no process 'disk'"),
        (', "desk"]', "]", "no computer runs desk"),
        ('"desk"]', '"desk", "safety"]', "safety is on one and on one"),
        ("listen =", "lissen =", "lissen"),
        ('listen = ["tcp/127.0.0.1:7447"]', "", "needs `listen`"),
        ('connect = ["tcp/127.0.0.1:7447"]', "", "needs `connect`"),
        ('title = "t"', "title = ", "line 1"),
        ('title = "t"', "", "title"),
    ],
)
def test_a_mistake_in_a_profile_is_named(tmp_path: Path, old: str, new: str, problem: str) -> None:
    path = tmp_path / "car.toml"
    path.write_text(_GOOD)
    load_profile(str(path))
    path.write_text(_GOOD.replace(old, new))
    with pytest.raises(StackProblem) as raised:
        load_profile(str(path))
    assert problem in str(raised.value)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)
