"""All commands in one place. What each does lives with its room; here are their names, options and errors."""

import sys
from typing import Annotated

import typer

from alpenglow import __version__
from alpenglow.cli.logs import decode, replay
from alpenglow.cli.problems import Problem
from alpenglow.cli.signals import signals_app
from alpenglow.platform.commands import doctor, drive, platform_app, status

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="An open intelligent cockpit: a car's bus traffic as standard signals, on its screens.",
)
for command in (drive, replay, decode, status, doctor):
    app.command()(command)
app.add_typer(signals_app, name="signals")
app.add_typer(platform_app, name="platform")


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


def run() -> None:
    """Run the command that was asked for; a Problem becomes one line and exit status 1."""
    try:
        app()
    except Problem as problem:
        print(f"alpenglow: {problem}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:  # `alpenglow signals list | head`
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
