"""A whole car as people start it: `alpenglow drive` in a process of its own, on free ports, in scratch directories."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

_START_S = 100.0  # a loaded machine is no failure; less than the time limit of a test
_COMMAND = (sys.executable, "-m", "alpenglow")


class Stack:
    """A running stack; use it as a context manager."""

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        command: tuple[str, ...] = (*_COMMAND, "drive", "--headless"),
        thinking: bool = False,
    ):
        """`thinking`: with all that the assistant may think with, not by words alone."""
        if not thinking and "replay" not in command:
            arguments = (*arguments, "--option", "model=none", "--option", "meaning=none")
        if "replay" not in command and not any(argument.startswith("media=") for argument in arguments):
            arguments = (*arguments, "--option", "media=none")  # nobody's own music, and no sound of it
        if "replay" not in command and "--map" not in arguments and "ALPENGLOW_MAP" not in os.environ:
            arguments = (*arguments, "--map", "none")  # a map takes seconds to make
        self.folder = folder
        self.run_dir = folder / "run"
        self._log = (folder / "console.log").open("w+")
        directories = ("--run-dir", str(self.run_dir), "--state-dir", str(folder / "state"), "--port", "0")
        self.process = subprocess.Popen(
            [*command, *arguments, *directories], stdout=subprocess.PIPE, stderr=self._log, text=True
        )
        try:
            line = self._first_line()
        except BaseException:  # also a test's timeout: a car that nobody drives would slow down all that come after it
            self.stop()
            raise
        self.facts: dict[str, Any] = json.loads(line)
        self.pages: dict[str, str] = self.facts["pages"]

    def _first_line(self) -> str:
        """What it says when it is there; RuntimeError when it ends before or takes longer than `_START_S`."""
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], _START_S)
        line = self.process.stdout.readline() if ready else ""
        if not line:
            said = (self.folder / "console.log").read_text()
            raise RuntimeError(f"the stack did not start within {_START_S:g} s: {said}")
        return line

    @property
    def desk_url(self) -> str:
        return self.pages["desk"]

    @property
    def cluster_url(self) -> str:
        return self.pages["cluster"]

    @property
    def centre_url(self) -> str:
        return self.pages["centre"]

    @property
    def signals_url(self) -> str:
        return self.pages["signals"]

    def websocket_url(self, page: str) -> str:
        """Where the page's server has its WebSocket."""
        return self.pages[page].replace("http", "ws", 1).rsplit("/", 1)[0] + "/ws"

    def status(self) -> dict[str, dict[str, Any]]:
        """`alpenglow status`, by process."""
        found = json.loads((self.run_dir / "status.json").read_text())
        return {process["name"]: process for process in found["processes"]}

    def pid(self, process: str) -> int:
        """The number of a process as it runs now."""
        return int(self.status()[process]["pid"])

    def run(self, *arguments: str, timeout_s: float = 30.0) -> subprocess.CompletedProcess[str]:
        """`alpenglow …` against this car."""
        return alpenglow(*arguments, "--run-dir", str(self.run_dir), timeout_s=timeout_s)

    def until_back(self, process: str, old_pid: int, timeout_s: float = 20.0) -> None:
        """Wait until a process runs again under another number; fail after `timeout_s`."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            now = self.status()[process]
            if now["state"] == "running" and now["pid"] not in (None, old_pid):
                return
            time.sleep(0.05)
        raise AssertionError(f"{process} did not come back: {self.status()[process]}")

    def stop(self) -> int:
        """Ctrl-C; the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(20)
        finally:
            self.process.kill()
            if self.process.stdout:
                self.process.stdout.close()
            self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def alpenglow(*arguments: str, timeout_s: float = 60.0) -> subprocess.CompletedProcess[str]:
    """The command `alpenglow`, as a process."""
    environment = {**os.environ, "COLUMNS": "200"}
    return subprocess.run(
        [*_COMMAND, *arguments], capture_output=True, text=True, timeout=timeout_s, env=environment, check=False
    )
