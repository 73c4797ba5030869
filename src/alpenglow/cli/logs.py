"""`alpenglow replay` and `alpenglow decode`: recorded bus traffic on the screens, or into a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alpenglow.cli.files import readable, writing
from alpenglow.cli.problems import Problem
from alpenglow.platform.commands import Port, RunDir, StateDir, announcing, problems
from alpenglow.platform.ports import DEFAULT_BASE

if TYPE_CHECKING:
    from alpenglow.platform.stack import Stack
    from alpenglow.vehicle.batch import Decoding

_LOG_ENDED = "the log has ended"  # what the process `vehicle` says then; behind a colon, what damaged the log

Log = Annotated[Path, typer.Argument(help="A recorded log: .log (candump -l), .asc, .blf, .trc or .mf4; also .gz.")]


def replay(
    log: Log,
    dbc: Annotated[
        list[str] | None,
        typer.Option("--dbc", help="DBC: FILE, or CHANNEL=FILE. May be repeated.", show_default=False),
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map", help="Mapping of bus signals to VSS: FILE, or CHANNEL=FILE. May be repeated.", show_default=False
        ),
    ] = None,
    speed: Annotated[str, typer.Option(help="How many times as fast as it was recorded, or max.")] = "1",
    repeat: Annotated[bool, typer.Option("--repeat", help="Begin again at the end of the log.")] = False,
    line: Annotated[
        str | None,
        typer.Option(help="Vehicle line. Default: the mapping's own, else `recorded`.", show_default=False),
    ] = None,
    port: Port = DEFAULT_BASE,
    run_dir: RunDir = None,
    state_dir: StateDir = None,
    headless: Annotated[
        bool, typer.Option("--headless", help="For programs: print one JSON line with the pages when ready.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show the log, not only its warnings.")] = False,
) -> None:
    """Play a recorded drive on the car's screens, through the same code as a real bus. Ends with the log.

    --dbc and --map may be left out where --line names a line that has them.
    """
    from alpenglow.cli.recorded import Recorded
    from alpenglow.platform.plan import Request
    from alpenglow.platform.stack import run_stack

    recorded = Recorded(log, by_channel(dbc), by_channel(mapping), line, state_dir)
    options = {
        "source": "replay",
        "log": str(log.absolute()),
        "dbc": _option(recorded.dbcs),
        "map": _option(recorded.maps),
        "speed": _speed(speed),
        "loop": "true" if repeat else "false",
    }
    if not recorded.says_anything():
        typer.echo(f"alpenglow: warning: {recorded.nothing_mapped()}", err=True)
    damage: list[str] = []

    async def until_the_log_ends(stack: "Stack") -> None:
        damage.extend(await _end_of_log(stack))
        if not damage and not headless:
            print(f"{log}: the log has ended.")

    with problems():
        run_stack(
            Request(
                line=str(recorded.line_dir),
                source="replay",
                port=port,
                run_dir=run_dir,
                state_dir=state_dir,
                options=options,
            ),
            level="info" if verbose else "warning",
            on_live=announcing(headless, f"Alpenglow plays {log.name}"),
            until=until_the_log_ends,
        )
    if damage:
        raise Problem(damage[0])


def decode(
    log: Log,
    dbc: Annotated[
        list[str],
        typer.Option("--dbc", help="DBC: FILE for every channel, or CHANNEL=FILE. May be repeated."),
    ],
    out: Annotated[Path, typer.Option(help="The Parquet file to write.")],
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Decode a whole log into a Parquet file, one row per sample: time [s], channel, message, signal, value."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from alpenglow.vehicle.batch import decode_log
    from alpenglow.vehicle.dbc import load_dbc
    from alpenglow.vehicle.dbc_repair import DbcError
    from alpenglow.vehicle.logs import LogError

    files = by_channel(dbc)
    for file in (log, *files.values()):
        readable(file)
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn(),
        console=console, disable=quiet or not console.is_terminal,
    )  # fmt: skip
    started = out.stat().st_mtime_ns if out.is_file() else None
    try:
        loaded = {channel: load_dbc(file) for channel, file in files.items()}
        with writing(out), bar:
            task = bar.add_task(log.name, total=log.stat().st_size)
            decoding = decode_log(log, loaded, out, lambda done, size: bar.update(task, completed=done, total=size))
    except DbcError as error:
        raise Problem(str(error)) from None
    except LogError as error:
        written = out.is_file() and out.stat().st_mtime_ns != started
        raise Problem(f"{error}; what is whole is in {out}" if written else str(error)) from None
    if not decoding.samples:
        raise Problem(_nothing_decoded(log, decoding, files))
    unknown = decoding.frames - decoding.decoded
    print(
        f"{out}: {decoding.samples:,} samples of {decoding.decoded:,} frames"
        + (f"; {unknown:,} frames are in no DBC" if unknown else "")
    )


def by_channel(given: list[str] | None) -> dict[str, Path]:
    """Files by channel; "" is what was given without one."""
    files: dict[str, Path] = {}
    for item in given or []:
        channel, equals, file = item.partition("=")
        key, path = (channel, Path(file)) if equals and not Path(item).exists() else ("", Path(item))
        if key in files:
            where = f"channel {key}" if key else "the channels without their own; write CHANNEL=FILE"
            raise Problem(f"{item}: {files[key]} is already the file for {where}")
        files[key] = path
    return files


def _option(files: dict[str, Path]) -> str:
    return ",".join(f"{channel}={file.absolute()}" for channel, file in files.items())


def _speed(text: str) -> str:
    try:
        right = text == "max" or 0 < float(text) < float("inf")
    except ValueError:
        right = False
    if not right:
        raise Problem(f"--speed {text}: takes a number above 0, or max")
    return text


async def _end_of_log(stack: "Stack") -> list[str]:
    """Wait until the log has ended; returns what was wrong with it, if anything."""
    import asyncio

    vehicle = stack.supervisor.domains["vehicle"]
    while not vehicle.status.startswith(_LOG_ENDED):
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)  # what is on its way still arrives
    _, damaged, reason = vehicle.status.partition(f"{_LOG_ENDED}: ")
    return [f"{reason}; what is whole was played"] if damaged else []


def _nothing_decoded(log: Path, decoding: "Decoding", files: dict[str, Path]) -> str:
    channels = ", ".join(sorted(decoding.channels)) or "none"
    named = ", ".join(filter(None, files))
    return f"{log}: none of its {decoding.frames:,} frames is in a DBC; its channels: {channels}" + (
        f"; DBCs were given for: {named}" if named else ""
    )
