"""A hardware profile: which process runs on which computer, how the computers reach each other, with which limits.

A profile is a TOML file in `alpenglow/platforms/`, or any path. `{run_dir}` in an endpoint stands for the computer's
run directory. Endpoints are Zenoh's: `unixsock-stream/PATH`, `tcp/HOST:PORT`, `tls/HOST:PORT`.
"""

import tomllib
from pathlib import Path

import msgspec

from .problems import StackProblem
from .processes import PROCESSES, ROUTER, Process

FOLDER = Path(__file__).parent.parent / "platforms"


class Limit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a profile changes in a row of the process table."""

    memory_mb: int | None = None
    cpu_weight: int | None = None


class Computer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One computer. `address` is where its pages are served and what its certificates are for."""

    processes: tuple[str, ...]
    address: str = "127.0.0.1"
    listen: tuple[str, ...] = ()  # of the router, where it runs here
    connect: tuple[str, ...] = ()  # of every other process here
    limits: dict[str, Limit] = {}


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A platform file."""

    title: str
    computer: dict[str, Computer]

    @property
    def needs_certificates(self) -> bool:
        """Whether computers talk over a network, so that each process proves who it is with a certificate."""
        endpoints = [end for computer in self.computer.values() for end in (*computer.listen, *computer.connect)]
        return any(endpoint.startswith("tls/") for endpoint in endpoints)

    def choose(self, name: str | None) -> tuple[str, Computer]:
        """The computer called `name`, or the only one. Raises StackProblem."""
        if name is None and len(self.computer) == 1:
            return next(iter(self.computer.items()))
        if name is None or name not in self.computer:
            raise StackProblem(f"say which computer this is: --computer {' or '.join(self.computer)}")
        return name, self.computer[name]


def profiles() -> list[str]:
    """Names of the profiles that come with Alpenglow."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load_profile(name: str) -> Profile:
    """Read a profile by name, or from a path that ends in .toml. Raises StackProblem."""
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    try:
        profile = msgspec.convert(tomllib.loads(path.read_text()), Profile)
    except FileNotFoundError:
        raise StackProblem(f"no platform {name!r}; there are {', '.join(profiles())}, or a .toml file") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as problem:
        raise StackProblem(f"{path}: {problem}") from None
    _check(path, profile)
    return profile


def limited(process: Process, computer: Computer) -> Process:
    """The row with this computer's limits."""
    limit = computer.limits.get(process.name, Limit())
    changes = {key: value for key, value in msgspec.structs.asdict(limit).items() if value is not None}
    return msgspec.structs.replace(process, **changes)


def _check(path: Path, profile: Profile) -> None:
    known = {row.name for row in PROCESSES}
    placed: dict[str, str] = {}
    for name, computer in profile.computer.items():
        for process in computer.processes:
            if process not in known:
                raise StackProblem(f"{path}: computer {name}: no process {process!r}; there are {', '.join(known)}")
            if process in placed:
                raise StackProblem(f"{path}: {process} is on {placed[process]} and on {name}")
            placed[process] = name
        if ROUTER in computer.processes and not computer.listen:
            raise StackProblem(f"{path}: computer {name} runs {ROUTER}, which opens the fabric, so it needs `listen`")
        if set(computer.processes) != {ROUTER} and not computer.connect:
            raise StackProblem(f"{path}: computer {name} needs `connect`")
    missing = [row.name for row in PROCESSES if row.name not in placed]
    if missing:
        raise StackProblem(f"{path}: no computer runs {', '.join(missing)}")
