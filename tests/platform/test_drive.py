"""`alpenglow drive` as a person meets it: it starts, says where to look, refuses in one line, and leaves nothing."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from alpenglow.platform.child import kill_marked, marked
from alpenglow.platform.limits import choose
from alpenglow.platform.processes import PROCESSES
from alpenglow.platform.stack import group_name

HERE = Path(__file__).parent
SOURCE = HERE.parent.parent / "src"


class Terminal:
    """Runs commands, each in a process of its own, against one run directory."""

    def __init__(self, folder: Path) -> None:
        self.run_dir = folder / "run"
        self.line = folder / "line"
        self.line.mkdir()
        self.set_source("simulation")
        self.started: list[subprocess.Popen[str]] = []
        self._places = ["--run-dir", str(self.run_dir), "--state-dir", str(folder / "state")]
        self.environment = {**os.environ, "PYTHONPATH": f"{SOURCE}{os.pathsep}{HERE}", "COLUMNS": "200"}

    def set_source(self, source: str) -> None:
        (self.line / "line.toml").write_text(f'[vehicle]\nsource = "{source}"\n')

    def start(self, *arguments: str, port: int = 0) -> subprocess.Popen[str]:
        words = ["drive", "--headless", "--line", str(self.line), "--port", str(port), *self._places, *arguments]
        started = subprocess.Popen(
            [sys.executable, str(HERE / "drive_steady.py"), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
            process_group=0,
        )
        self.started.append(started)
        return started

    def drive(self, *arguments: str, port: int = 0) -> tuple[subprocess.Popen[str], dict[str, object]]:
        """Start, and wait until it is live."""
        started = self.start(*arguments, port=port)
        assert started.stdout is not None
        line = started.stdout.readline()
        if not line:
            pytest.fail(f"did not start: {started.communicate()[1]}")
        facts = json.loads(line)
        assert isinstance(facts, dict)
        return started, facts

    def refused(self, *arguments: str, port: int = 0) -> str:
        """Start what must not start; returns its one line."""
        started = self.start(*arguments, port=port)
        output, line = started.communicate(timeout=30)
        assert started.returncode == 1
        assert output == ""
        assert line.count("\n") == 1
        return line.strip()

    def status(self) -> dict[str, object]:
        done = subprocess.run(
            [sys.executable, str(HERE / "drive_steady.py"), "status", "--json", "--run-dir", str(self.run_dir)],
            capture_output=True,
            text=True,
            env=self.environment,
            check=False,
        )
        facts = json.loads(done.stdout)
        assert isinstance(facts, dict)
        assert done.returncode == (0 if facts["running"] else 3)
        return facts

    def left(self) -> list[int]:
        return marked(str(self.run_dir))


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path)
    yield terminal
    for started in terminal.started:
        started.kill()
        started.wait()
    kill_marked(str(terminal.run_dir))
    wait_until(lambda: terminal.left() == [], "all processes are gone")
    limits = choose(group_name(terminal.run_dir))  # a killed supervisor cannot remove its groups
    for process in PROCESSES:
        limits.bounds(process)
    limits.close()


def wait_until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_says_where_to_look_and_stops_without_a_trace(terminal: Terminal, number: signal.Signals) -> None:
    stack, facts = terminal.drive()
    assert str(facts["url"]).endswith("/desk")
    assert set(facts["pages"]) == {"desk", "cluster", "centre", "signals"}  # type: ignore[call-overload]
    assert len(terminal.left()) == len(PROCESSES)
    stack.send_signal(number)
    output, problems = stack.communicate(timeout=30)
    assert (output, problems, stack.returncode) == ("", "", 0)
    assert terminal.left() == []
    assert sorted(path.name for path in terminal.run_dir.iterdir()) == ["alpenglow.log", "lock"]


def test_children_of_processes_go_too(terminal: Terminal) -> None:
    terminal.environment["STEADY_ROOM"] = "children"
    stack, _ = terminal.drive()
    assert len(terminal.left()) == 3 * len(PROCESSES)
    stack.send_signal(signal.SIGINT)
    assert stack.wait(timeout=30) == 0
    assert terminal.left() == []


def test_no_process_survives_a_killed_supervisor(terminal: Terminal) -> None:
    stack, _ = terminal.drive()
    assert len(terminal.left()) == len(PROCESSES)
    stack.kill()
    wait_until(lambda: terminal.left() == [], "all processes are gone")


def test_what_outlived_a_killed_supervisor_goes_at_the_next_start(terminal: Terminal) -> None:
    terminal.environment["STEADY_ROOM"] = "children"
    stack, _ = terminal.drive()
    stack.kill()
    wait_until(lambda: len(terminal.left()) == 2 * len(PROCESSES), "the processes are gone, their children are not")
    orphans = set(terminal.left())
    terminal.drive()
    assert not orphans & set(terminal.left())


def test_a_real_car_has_no_desk(terminal: Terminal) -> None:
    terminal.set_source("bus")
    _, facts = terminal.drive()
    assert str(facts["url"]).endswith("/cluster")
    assert "desk" not in facts["pages"]  # type: ignore[operator]
    assert len(terminal.left()) == len(PROCESSES) - 1


def test_a_second_start_names_the_first(terminal: Terminal) -> None:
    stack, _ = terminal.drive()
    line = terminal.refused()
    assert f"runs already in {terminal.run_dir} (pid {stack.pid})" in line
    assert len(terminal.left()) == len(PROCESSES)


def test_a_busy_port_is_named_with_its_holder_and_the_flag(terminal: Terminal) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        line = terminal.refused(port=port - 2)  # the third of the three
    assert line.startswith(f"alpenglow: port {port} is in use by ")
    assert f"(pid {os.getpid()})" in line
    assert line.endswith("--port N")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--line", "no-such-line"], "no line 'no-such-line'"),
        (["--platform", "toaster"], "no platform 'toaster'; there are dual-soc, laptop, single-soc"),
        (["--platform", "dual-soc"], "say which computer this is: --computer cluster or infotainment"),
        (["--platform", "dual-soc", "--computer", "cluster"], "no certificates in "),
        (["--option", "nothing"], "write it as KEY=VALUE"),
        (["--run-dir", "/tmp/" + "long" * 30], "use a shorter --run-dir"),
        (["--run-dir", "/proc/alpenglow"], "cannot make the run directory /proc/alpenglow"),
    ],
)
def test_a_wrong_request_gets_one_clear_line(terminal: Terminal, arguments: list[str], problem: str) -> None:
    assert problem in terminal.refused(*arguments)


def test_a_run_directory_that_is_a_link_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    terminal.run_dir.symlink_to(tmp_path / "elsewhere")
    assert "is not a directory of this user" in terminal.refused()


def test_secrets_are_this_users_alone_and_new_at_each_start(terminal: Terminal) -> None:
    secrets = []
    for _ in range(2):
        stack, _ = terminal.drive()
        assert stat.S_IMODE(terminal.run_dir.stat().st_mode) == 0o700
        files = sorted(terminal.run_dir.glob("*.settings.json"))
        assert [path.name.split(".")[0] for path in files] == [
            "assistant",
            "cockpit",
            "desk",
            "navigation",
            "observer",
            "operator",
            "safety",
            "vehicle",
        ]
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
        settings = {path.name.split(".")[0]: json.loads(path.read_text()) for path in files}
        users = settings["safety"]["users"]
        assert users == {identity: content["secret"] for identity, content in settings.items()}
        assert all(content["users"] == {} for identity, content in settings.items() if identity != "safety")
        secrets += users.values()
        stack.send_signal(signal.SIGINT)
        assert stack.wait(timeout=30) == 0
    assert len(set(secrets)) == 16


def test_status_tells_what_runs_and_what_came_back(terminal: Terminal) -> None:
    assert terminal.status() == {"running": False}
    stack, _ = terminal.drive()
    status = terminal.status()
    assert status["pid"] == stack.pid
    processes = {process["name"]: process for process in status["processes"]}  # type: ignore[attr-defined]
    assert list(processes) == ["safety", "vehicle", "cockpit", "assistant", "navigation", "desk"]
    assert {process["state"] for process in processes.values()} == {"running"}
    os.kill(processes["cockpit"]["pid"], signal.SIGKILL)

    def back() -> bool:
        processes = {process["name"]: process for process in terminal.status()["processes"]}  # type: ignore[attr-defined]
        return processes["cockpit"]["restarts"] == 1 and processes["cockpit"]["state"] == "running"

    wait_until(back, "cockpit runs again, with one restart")
    wait_until(
        lambda: all(process["memory_mb"] > 0 for process in terminal.status()["processes"]),  # type: ignore[attr-defined]
        "memory is measured",
    )
    stack.send_signal(signal.SIGINT)
    assert stack.wait(timeout=30) == 0
    assert terminal.status() == {"running": False}


def test_a_killed_stack_does_not_count_as_running(terminal: Terminal) -> None:
    stack, _ = terminal.drive()
    stack.kill()
    stack.wait()
    assert terminal.status() == {"running": False}


def test_the_log_holds_every_process_in_one_file(terminal: Terminal) -> None:
    stack, _ = terminal.drive()
    stack.send_signal(signal.SIGINT)
    stack.wait(timeout=30)
    lines = [json.loads(line) for line in (terminal.run_dir / "alpenglow.log").read_text().splitlines()]
    assert {line["process"] for line in lines} == {"safety", "vehicle", "cockpit", "assistant", "navigation", "desk"}
    assert all({"level", "event", "timestamp"} <= set(line) for line in lines)
