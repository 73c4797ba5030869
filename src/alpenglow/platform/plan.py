"""What a start comes down to: the processes of this computer, their ports and pages, and the settings each one gets.

Secrets are made anew at each start and reach a process only in its own settings file (0600). Between computers they
must agree, so there they come from the folder that `alpenglow platform certificates` makes.
"""

import os
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from alpenglow.fabric.line import LINES, LineFault, line_facts, line_platform, read_table

from .directories import default_run_dir, default_state_dir, write_private
from .ports import free_base
from .problems import StackProblem
from .processes import ROUTER, Process, people, wanted
from .profile import Computer, Profile, limited, load_profile
from .supervisor import Launch

DEFAULT_PORT = 8700
_LOOPBACK = "127.0.0.1"


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What the person asks for."""

    line: str = "aurora"  # a name in alpenglow/lines, or the path of a folder
    platform: str | None = None  # a name in alpenglow/platforms, or the path of a .toml file; None: the line's
    computer: str | None = None  # which of the platform's computers this is
    port: int = DEFAULT_PORT  # 0: any free ones
    run_dir: Path | None = None
    state_dir: Path | None = None
    certificates: Path | None = None  # this computer's folder; default: `certificates` in the state directory
    source: str | None = None  # simulation, replay or bus, instead of what the line says
    options: Mapping[str, str] = {}


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What starts here."""

    line: str
    platform: str
    computer: str
    run_dir: Path
    state_dir: Path
    host: str
    processes: tuple[Process, ...]
    ports: Mapping[str, int]  # of this computer's processes that serve pages
    pages: Mapping[str, str]  # page -> URL, on all computers
    settings: Mapping[str, Mapping[str, Any]]  # identity -> content of its settings file

    @property
    def url(self) -> str:
        """The page to open: the desk where there is one, else the cluster, else any."""
        for page in ("desk", "cluster", *self.pages):
            if page in self.pages:
                return self.pages[page]
        return ""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What a request means before ports and secrets: the line, the computer and the rows of the process table."""

    line_dir: Path
    platform: str
    profile: Profile
    name: str
    computer: Computer
    rows: tuple[Process, ...]  # of the whole car
    here: tuple[Process, ...]  # of this computer, with its limits


def find_place(request: Request) -> Place:
    """Look up line, platform and computer. Raises StackProblem in one line."""
    line_dir = find_line(request.line)
    platform = request.platform or _asked(line_platform, line_dir)
    profile = load_profile(platform)
    name, computer = profile.choose(request.computer)
    _asked(line_facts, line_dir)
    rows = wanted(request.source or _source(line_dir))
    here = tuple(limited(row, computer) for row in rows if row.name in computer.processes)
    return Place(
        line_dir=line_dir, platform=platform, profile=profile, name=name, computer=computer, rows=rows, here=here
    )


def make_plan(request: Request) -> Plan:
    """Resolve a request. Raises StackProblem in one line."""
    place = find_place(request)
    profile, computer, rows, here = place.profile, place.computer, place.rows, place.here
    run_dir = (request.run_dir or default_run_dir()).absolute()
    state = (request.state_dir or default_state_dir()).absolute()
    certificates = (request.certificates or state / "certificates").absolute()
    ports = {row.name: row.port for row in here}
    identities = [*ports, *people()]
    keys = _keys(profile, computer, certificates, [*(row.name for row in rows), *people()], identities)
    base = request.port or free_base([row.port for row in here if row.port is not None], computer.address)
    pages = _pages(profile, rows, base, keys.web_token)
    return Plan(
        line=place.line_dir.name,
        platform=place.platform,
        computer=place.name,
        run_dir=run_dir,
        state_dir=state,
        host=computer.address,
        processes=here,
        ports={row.name: base + row.port for row in here if row.port is not None},
        pages=pages,
        settings={
            identity: {
                "identity": identity,
                "run_dir": str(run_dir),
                "state_dir": str(state),
                "line": str(place.line_dir),
                "listen": _endpoints(computer.listen, run_dir) if identity == ROUTER else [],
                "connect": [] if identity == ROUTER else _endpoints(computer.connect or computer.listen, run_dir),
                "secret": keys.secrets[identity],
                "users": keys.secrets if identity == ROUTER else {},
                "web_host": computer.address,
                "web_port": 0 if (offset := ports.get(identity)) is None else base + offset,
                "web_token": keys.web_token,
                "web_origins": _origins(pages),
                "pages": pages,
                "options": dict(request.options),
                **keys.tls(identity),
            }
            for identity in identities
        },
    )


def write_settings(plan: Plan) -> None:
    """Write one settings file per identity, each with that identity's secrets alone."""
    for identity, content in plan.settings.items():
        write_private(
            settings_path(plan.run_dir, identity), msgspec.json.format(msgspec.json.encode(content), indent=2)
        )


def settings_path(run_dir: Path, identity: str) -> Path:
    """Where an identity's settings are: `operator` and `observer` are for people at the command line."""
    return run_dir / f"{identity}.settings.json"


def launches(plan: Plan) -> list[Launch]:
    """The commands that start the plan's processes; they read what `write_settings` wrote."""
    return [
        Launch(
            process=process,
            argv=(sys.executable, "-m", process.module),
            environment={**os.environ, "ALPENGLOW_SETTINGS": str(settings_path(plan.run_dir, process.name))},
        )
        for process in plan.processes
    ]


def find_line(name: str) -> Path:
    """The folder of a vehicle line, by name or path. Raises StackProblem."""
    folder = Path(name) if "/" in name else LINES / name
    if not (folder / "line.toml").is_file():
        names = ", ".join(sorted(path.parent.name for path in LINES.glob("*/line.toml")))
        raise StackProblem(f"no line {name!r}; there are {names or 'none yet'}, or a folder with a line.toml")
    return folder.absolute()


def _source(line_dir: Path) -> str:
    vehicle = _asked(read_table, line_dir).get("vehicle", {})
    source = vehicle.get("source", "simulation") if isinstance(vehicle, dict) else vehicle
    if source not in ("simulation", "bus", "replay"):
        path = line_dir / "line.toml"
        raise StackProblem(f"{path}: vehicle.source is {source!r}; it can be simulation, bus or replay")
    return str(source)


def _asked[T](ask: Callable[[Path], T], line_dir: Path) -> T:
    """What the line says; what is wrong with it is the person's to mend, before anything starts."""
    try:
        return ask(line_dir)
    except LineFault as fault:
        raise StackProblem(str(fault)) from None


def _pages(profile: Profile, rows: tuple[Process, ...], base: int, token: str) -> dict[str, str]:
    query = f"?token={token}" if token else ""
    return {
        page: f"http://{computer.address}:{base + row.port}/{page}{query}"
        for row in reversed(rows)  # the desk first: people start there
        if row.port is not None
        for computer in profile.computer.values()
        if row.name in computer.processes
        for page in row.pages
    }


def _origins(pages: Mapping[str, str]) -> list[str]:
    origins = sorted({url.split("/", 3)[0] + "//" + url.split("/", 3)[2] for url in pages.values()})
    return origins + [origin.replace(_LOOPBACK, "localhost") for origin in origins if f"//{_LOOPBACK}:" in origin]


def _endpoints(endpoints: tuple[str, ...], run_dir: Path) -> list[str]:
    return [endpoint.replace("{run_dir}", str(run_dir)) for endpoint in endpoints]


class _Keys(msgspec.Struct, frozen=True):
    secrets: dict[str, str]
    web_token: str
    folder: Path | None

    def tls(self, identity: str) -> dict[str, str]:
        if self.folder is None:
            return {}
        paths = {
            "tls_ca": self.folder / "ca.pem",
            "tls_certificate": self.folder / f"{identity}.pem",
            "tls_key": self.folder / f"{identity}.key",
        }
        return {name: str(path) for name, path in paths.items()}


def _keys(profile: Profile, computer: Computer, folder: Path, everybody: list[str], here: list[str]) -> _Keys:
    """Secrets of the identities: everybody's where the router runs, else those of who is here."""
    if not profile.needs_certificates:
        token = "" if computer.address == _LOOPBACK else secrets.token_urlsafe(24)
        return _Keys({identity: secrets.token_urlsafe(24) for identity in everybody}, token, None)
    try:
        shared = msgspec.json.decode((folder / "secrets.json").read_bytes(), type=dict[str, str])
        token = shared.pop("web")
    except (OSError, msgspec.DecodeError, KeyError):
        raise StackProblem(
            f"no certificates in {folder}; make them once with `alpenglow platform certificates DIR --platform ...` "
            "and copy this computer's folder there"
        ) from None
    missing = [name for name in (everybody if ROUTER in computer.processes else here) if name not in shared]
    if missing:
        raise StackProblem(f"{folder}: no secret for {', '.join(missing)}; make the certificates again")
    for path in (folder / "ca.pem", *(folder / f"{name}.{end}" for name in here for end in ("pem", "key"))):
        if not path.is_file():
            raise StackProblem(f"{path} is missing; make the certificates again")
    return _Keys(shared, token, folder)
