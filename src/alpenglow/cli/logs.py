"""`alpenglow replay` and `alpenglow decode`: recorded bus traffic on the screens, or into a file."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from alpenglow.cli.problems import Problem
from alpenglow.platform.commands import RunDir, StateDir, problems
from alpenglow.platform.plan import DEFAULT_PORT, Request
from alpenglow.platform.stack import Stack, run_stack

Log = Annotated[Path, typer.Argument(help="A recorded log: candump, ASC, BLF, TRC or MF4; may be gzipped.")]
Dbcs = Annotated[
    list[str],
    typer.Option("--dbc", help="A DBC file; CHANNEL=FILE for one channel alone. May be repeated."),
]


def replay(
    log: Log,
    dbc: Dbcs,
    mapping: Annotated[
        list[str],
        typer.Option("--map", help="Mapping of bus signals to VSS; CHANNEL=FILE for one channel. May be repeated."),
    ],
    speed: Annotated[str, typer.Option(help="How many times as fast as it was recorded, or max.")] = "1",
    repeat: Annotated[bool, typer.Option("--repeat", help="Begin again at the end of the log.")] = False,
    line: Annotated[
        str | None,
        typer.Option(help="Vehicle line; default: the one the mapping lies in, else `recorded`.", show_default=False),
    ] = None,
    port: Annotated[int, typer.Option(help="First of three ports; 0 takes any that are free.")] = DEFAULT_PORT,
    run_dir: RunDir = None,
    state_dir: StateDir = None,
    headless: Annotated[
        bool, typer.Option("--headless", help="For programs: print one JSON line with the pages when ready.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show the log, not only its warnings.")] = False,
) -> None:
    """Play a recorded drive on the car's screens, through the same code as a real bus. Ends with the log."""
    from alpenglow.platform.commands import announcing

    dbcs, maps = _by_channel(dbc), _by_channel(mapping)
    for file in (log, *dbcs.values(), *maps.values()):
        _readable(file)
    if line is None:
        home = next(iter(maps.values())).parent
        line = str(home.absolute()) if (home / "line.toml").is_file() else "recorded"
    options = {
        "source": "replay",
        "log": str(log.absolute()),
        "dbc": ",".join(_option(channel, file) for channel, file in dbcs.items()),
        "map": ",".join(_option(channel, file) for channel, file in maps.items()),
        "speed": speed,
        "loop": "true" if repeat else "false",
    }

    async def until_the_log_ends(stack: Stack) -> None:
        while stack.supervisor.domains["vehicle"].status != "the log has ended":
            await asyncio.sleep(0.1)
        await asyncio.sleep(0.5)  # what is on its way still arrives
        print(f"{log}: the log has ended.")

    with problems():
        run_stack(
            Request(line=line, source="replay", port=port, run_dir=run_dir, state_dir=state_dir, options=options),
            level="info" if verbose else "warning",
            on_live=announcing(headless, f"Alpenglow plays {log.name}"),
            until=until_the_log_ends,
        )


def decode(
    log: Log,
    dbc: Dbcs,
    out: Annotated[Path, typer.Option(help="The Parquet file to write.")],
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Decode a whole log into a Parquet file: one row per sample: time [s], channel, message, signal, value."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from alpenglow.vehicle.batch import decode_log
    from alpenglow.vehicle.dbc import load_dbc
    from alpenglow.vehicle.dbc_repair import DbcError
    from alpenglow.vehicle.logs import LogError

    files = _by_channel(dbc)
    for file in (log, *files.values()):
        _readable(file)
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn(),
        console=console, disable=quiet or not console.is_terminal,
    )  # fmt: skip
    try:
        loaded = {channel: load_dbc(file) for channel, file in files.items()}
        with bar:
            task = bar.add_task(log.name, total=log.stat().st_size)
            decoding = decode_log(log, loaded, out, lambda done, size: bar.update(task, completed=done, total=size))
    except (DbcError, LogError) as error:
        raise Problem(str(error)) from None
    except OSError as error:
        raise Problem(f"cannot write {out}: {error.strerror or error}") from None
    unknown = decoding.frames - decoding.decoded
    print(
        f"{out}: {decoding.samples:,} samples of {decoding.decoded:,} frames"
        + (f"; {unknown:,} frames are in no DBC" if unknown else "")
    )


def _by_channel(given: list[str]) -> dict[str, Path]:
    """Files by channel; "" is every channel that has none of its own."""
    files: dict[str, Path] = {}
    for item in given:
        channel, equals, file = item.partition("=")
        key, path = (channel, Path(file)) if equals and not Path(item).exists() else ("", Path(item))
        if key in files:
            raise Problem(f"{item}: there is already a file for {key or 'every channel'}; write it as CHANNEL=FILE")
        files[key] = path
    return files


def _option(channel: str, file: Path) -> str:
    return f"{channel}={file.absolute()}" if channel else str(file.absolute())


def _readable(file: Path) -> None:
    with suppress(OSError):
        if file.is_dir():
            raise Problem(f"{file}: is a folder, not a file")
    try:
        file.open("rb").close()
    except OSError as error:
        raise Problem(f"{file}: {error.strerror}") from None
