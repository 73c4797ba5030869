"""The real commands over the real process table, with `room.py` in the place of every room."""

import sys
from pathlib import Path

import msgspec
import typer

from alpenglow.platform import processes

sys.path.insert(0, str(Path(__file__).parent))
processes.PROCESSES = tuple(msgspec.structs.replace(row, module="steady_room") for row in processes.PROCESSES)

from alpenglow.platform import commands  # noqa: E402 - it takes in the table

app = typer.Typer()
for command in (commands.drive, commands.status, commands.doctor):
    app.command()(command)
app.add_typer(commands.platform_app, name="platform")

if __name__ == "__main__":
    app()
