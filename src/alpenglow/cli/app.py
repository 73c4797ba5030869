"""All commands in one place. What each does lives with its room; here are their names, options and errors.

Exit statuses: 0 done, 1 a problem or a refusal, 2 wrong usage, 3 nothing runs (`status`), 130 ended by Ctrl-C.
"""

import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from typer.main import get_command

from alpenglow import __version__
from alpenglow.cli.ask import ask, chat
from alpenglow.cli.brand import brand_app
from alpenglow.cli.logs import decode, replay
from alpenglow.cli.map import map_app
from alpenglow.cli.mcp import mcp
from alpenglow.cli.models import models_app
from alpenglow.cli.plan import plan
from alpenglow.cli.problems import Problem
from alpenglow.cli.search import search
from alpenglow.cli.signals import signals_app
from alpenglow.platform.commands import doctor, drive, platform_app, status

# Plain help: it is complete in a pipe, keeps units in brackets, and does not wait for rich to load.
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="An open intelligent cockpit: a car's bus traffic as standard signals, on its screens.",
    epilog="`alpenglow COMMAND --help` tells more; docs/command-line.md has examples.",
)
app.command(short_help="Start the car, its screens and the driving desk.")(drive)
app.command(short_help="Play a recorded drive on the car's screens.")(replay)
app.command(short_help="Decode a recorded log into a Parquet file.")(decode)
app.command(short_help="Tell the car what you want, in your own words.")(ask)
app.command(short_help="Talk with the car.")(chat)
app.command(short_help="Plan a trip with its charging stops, on an installed map.")(plan)
app.command(short_help="Find places on the installed maps.")(search)
app.command(short_help="Offer the car's assistant to programs that speak MCP.")(mcp)
app.command(short_help="Show what runs.")(status)
app.command(short_help="Show what works on this machine, and how to mend the rest.")(doctor)
app.add_typer(signals_app, name="signals", short_help="List, read, set, watch and record signals.")
app.add_typer(map_app, name="map", short_help="Maps: add, fetch, list, remove.")
app.add_typer(brand_app, name="brand", short_help="Brands: list, begin, check.")
app.add_typer(models_app, name="models", short_help="Language models: list, add, remove, measure.")
app.add_typer(platform_app, name="platform", short_help="Certificates and systemd units for a car's computers.")

# What is wrong with the words of a command; typer has no public name for it.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]


def _version(wanted: bool) -> None:
    if wanted:
        print(f"alpenglow {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def run() -> NoReturn:
    """Run the command that was asked for and exit. What a person can put right is one line on stderr."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who started us
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115 - for as long as we run
    try:
        code = _command(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # `alpenglow signals list | head` has seen enough
        code = 0
    except OSError as error:
        if error.filename is not None:
            raise
        code = _say(f"cannot write the output: {error.strerror}")
    try:
        sys.stdout.flush()
    except OSError:  # said above; the interpreter must not try again at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(code)


def _command(arguments: list[str]) -> int:
    command = get_command(app)
    try:
        with command.make_context("alpenglow", arguments) as context:
            command.invoke(context)
    except typer.Exit as end:
        return int(end.exit_code)
    except Problem as problem:
        return _say(str(problem))
    except _UsageError as error:
        return _usage(error)
    return 0


def _usage(error: Exception) -> int:
    text, context = error.format_message(), error.ctx  # type: ignore[attr-defined]
    if context is None:
        return _say(text, 2)
    if text == context.get_help():  # `alpenglow` alone
        print(text)
        return 2
    return _say(f"{text.rstrip('.')}; see `{context.command_path} --help`", 2)


def _say(text: str, code: int = 1) -> int:
    print(f"alpenglow: {' '.join(text.split())}", file=sys.stderr)
    return code
