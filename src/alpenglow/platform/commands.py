"""The commands that start, watch and check a stack: `alpenglow drive`, `status`, `doctor`, `platform ...`."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from .directories import default_run_dir, default_state_dir
from .ports import DEFAULT_BASE
from .problems import StackProblem

if TYPE_CHECKING:
    from .stack import Stack

RunDir = Annotated[
    Path | None,
    typer.Option(
        help="Where the car's sockets, secrets and log are; one car per directory. "
        "Default: $XDG_RUNTIME_DIR/alpenglow, or /tmp/alpenglow-UID.",
        show_default=False,
    ),
]
StateDir = Annotated[
    Path | None,
    typer.Option(help="Where what outlives a start is kept. Default: ~/.local/state/alpenglow.", show_default=False),
]
Port = Annotated[int, typer.Option(help="First of the three ports of the pages; 0 takes any that are free.")]
Line = Annotated[str, typer.Option(help="Vehicle line: a name, or a folder with a line.toml.")]
Platform = Annotated[str, typer.Option(help="Hardware profile: a name, or a .toml file.")]
OwnPlatform = Annotated[
    str | None, typer.Option(help="Hardware profile: a name, or a .toml file. Default: the line's.", show_default=False)
]
Computer = Annotated[
    str | None, typer.Option(help="Which of the profile's computers this is, where it has several.", show_default=False)
]
Certificates = Annotated[
    Path | None,
    typer.Option(
        help="This computer's folder of certificates. Default: `certificates` in the state directory.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]

platform_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="What a car's own computers need: certificates, systemd units, settings at boot.",
)


@contextlib.contextmanager
def problems() -> Iterator[None]:
    """One line and exit status 1 for what a person can put right."""
    try:
        yield
    except StackProblem as problem:
        print(f"alpenglow: {problem}", file=sys.stderr)
        raise typer.Exit(1) from None


def announcing(headless: bool, what: str) -> Callable[["Stack"], None]:
    """Says that the stack is live, in one JSON line for programs or in words."""

    def announce(stack: "Stack") -> None:
        if headless:
            facts = {"url": stack.url, "pages": stack.plan.pages, "run_dir": str(stack.plan.run_dir)}
            print(msgspec.json.encode(facts).decode(), flush=True)
        else:
            print(f"{what}: {stack.url}\nCtrl-C stops it.", flush=True)

    return announce


def drive(
    line: Line = "aurora",
    platform: OwnPlatform = None,
    computer: Computer = None,
    headless: Annotated[
        bool, typer.Option("--headless", help="For programs: print one JSON line with the pages when ready.")
    ] = False,
    port: Port = DEFAULT_BASE,
    run_dir: RunDir = None,
    state_dir: StateDir = None,
    certificates: Certificates = None,
    map_name: Annotated[
        str | None,
        typer.Option(
            "--map",
            envvar="ALPENGLOW_MAP",
            help="Map to drive in, by name; none for no map. Default: the one that holds the car's home, or any.",
            show_default=False,
            show_envvar=False,
        ),
    ] = None,
    option: Annotated[
        list[str] | None, typer.Option(help="KEY=VALUE for the processes; may be repeated.", show_default=False)
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show the log, not only its warnings.")] = False,
) -> None:
    """Start the car: all its processes, its screens and the driving desk. Ctrl-C stops everything."""
    from .maps import start_options
    from .plan import Request, find_line
    from .stack import run_stack

    with problems():
        options = start_options(find_line(line), (state_dir or default_state_dir()).absolute(), map_name)
        for item in option or []:
            key, equals, value = item.partition("=")
            if not (key and equals):
                raise StackProblem(f"--option {item}: write it as KEY=VALUE")
            options[key] = value
        request = Request(
            line=line,
            platform=platform,
            computer=computer,
            port=port,
            run_dir=run_dir,
            state_dir=state_dir,
            certificates=certificates,
            options=options,
        )
        run_stack(request, level="info" if verbose else "warning", on_live=announcing(headless, "Alpenglow drives"))


def status(
    run_dir: RunDir = None,
    json: Json = False,
) -> None:
    """Show what runs: each process with its state, restarts, processor, memory and last heartbeat.

    Exit status 3 where nothing runs.
    """
    from .status import read_status

    where = (run_dir or default_run_dir()).absolute()
    found = read_status(where)
    if json:
        content = {"running": False} if found is None else {"running": True, **msgspec.structs.asdict(found)}
        print(msgspec.json.encode(content).decode())
    elif found is None:
        print(f"Alpenglow does not run in {where}. `alpenglow drive` starts it.")
    else:
        from .tables import status_table

        status_table(found)
    if found is None:
        raise typer.Exit(3)  # "program is not running", as service scripts say it (LSB)


def doctor(
    port: Annotated[int, typer.Option(help="First of the three ports to look at.")] = DEFAULT_BASE,
    run_dir: RunDir = None,
    state_dir: StateDir = None,
    json: Json = False,
) -> None:
    """Show what works on this machine, what does not, and how to put it right.

    Exit status 1 where something is missing that driving needs.
    """
    from .doctor import examine

    findings = examine(port=port, run_dir=run_dir, state_dir=state_dir)
    if json:
        print(msgspec.json.encode(findings).decode())
    else:
        from .tables import doctor_table

        doctor_table(findings)
    if any(finding.verdict == "missing" for finding in findings):
        raise typer.Exit(1)


@platform_app.command(short_help="Make certificates for each process of each computer.")
def certificates(
    folder: Annotated[Path, typer.Argument(help="Where to write them: one folder for each computer.")],
    platform: Platform = "dual-soc",
    days: Annotated[int, typer.Option(min=1, help="How long they are valid.")] = 825,
) -> None:
    """Make an authority and one certificate for each process, so that a car's computers can trust each other."""
    from .certificates import make_certificates
    from .profile import load_profile

    with problems():
        profile = load_profile(platform)
        for computer in make_certificates(folder, profile, days=days):
            print(f"{computer}: copy this folder to computer {computer.name}, as `certificates` in its state directory")
        print(f"{folder / 'authority.key'}: keep it offline; who has it can join the fabric as anybody")


@platform_app.command(short_help="Write settings and new secrets, as systemd does at boot.")
def prepare(
    line: Line = "aurora",
    platform: Platform = "single-soc",
    computer: Computer = None,
    port: Annotated[int, typer.Option(help="First of the three ports of the pages.")] = DEFAULT_BASE,
    run_dir: RunDir = None,
    state_dir: StateDir = None,
    certificates: Certificates = None,
) -> None:
    """Write the settings and new secrets of each process, as systemd does at boot before it starts them."""
    from .directories import private_dir
    from .directories import state_dir as make_state_dir
    from .plan import Request, make_plan, write_settings

    with problems():
        plan = make_plan(
            Request(
                line=line,
                platform=platform,
                computer=computer,
                port=port,
                run_dir=run_dir,
                state_dir=state_dir,
                certificates=certificates,
            )
        )
        private_dir(plan.run_dir)
        make_state_dir(plan.state_dir)
        (plan.run_dir / "fabric.sock").unlink(missing_ok=True)
        write_settings(plan)
        print(plan.url)


@platform_app.command(short_help="Write systemd units instead of `alpenglow drive`.")
def export(
    form: Annotated[str, typer.Argument(help="What to write; there is `systemd`.")],
    folder: Annotated[Path, typer.Argument(help="Where to write the units.")],
    line: Line = "aurora",
    platform: Platform = "single-soc",
    computer: Computer = None,
    port: Annotated[int, typer.Option(help="First of the three ports of the pages.")] = DEFAULT_BASE,
) -> None:
    """Write unit files, so that systemd starts, limits and watches the processes instead of `alpenglow drive`."""
    from .systemd import export_systemd

    with problems():
        if form != "systemd":
            raise StackProblem(f"cannot export {form!r}; only systemd")
        for path in export_systemd(folder, line=line, platform=platform, computer=computer, port=port):
            print(path)
