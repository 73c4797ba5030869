"""`alpenglow signals …`: the catalogue, and the signals of a running car."""

import asyncio
import json as jsonlib
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from alpenglow.cli.problems import Problem
from alpenglow.platform.commands import RunDir
from alpenglow.platform.directories import default_run_dir
from alpenglow.platform.plan import find_line, settings_path
from alpenglow.platform.problems import StackProblem
from alpenglow.signals import (
    BadValue,
    Catalogue,
    CatalogueError,
    Kind,
    Quality,
    Reading,
    Signal,
    UnknownSignal,
    Value,
    check_value,
)

if TYPE_CHECKING:
    from alpenglow.fabric import Fabric

_OPERATOR = "operator"  # who sits at the command line, on the fabric

signals_app = typer.Typer(no_args_is_help=True, help="Look at the signals of the catalogue and of a running car.")

Patterns = Annotated[
    list[str] | None,
    typer.Argument(help="Paths, branches, or paths with * (one step) and ** (any).", show_default=False),
]
Paths = Annotated[list[str], typer.Argument(help="Paths, branches, or paths with * (one step) and ** (any).")]
Json = Annotated[bool, typer.Option("--json", help="For programs.")]
Line = Annotated[str, typer.Option(help="Vehicle line whose overlay is added: a name, or a folder.")]
Vss = Annotated[Path | None, typer.Option(help="A VSS JSON file of your own instead of VSS 6.0.", show_default=False)]
Overlays = Annotated[
    list[Path] | None, typer.Option("--overlay", help="Further overlays: tables or VSS JSON.", show_default=False)
]


@signals_app.command("list")
def list_signals(
    patterns: Patterns = None,
    kind: Annotated[Kind | None, typer.Option(help="Only these.", show_default=False)] = None,
    line: Line = "aurora",
    vss: Vss = None,
    overlay: Overlays = None,
    json: Json = False,
) -> None:
    """What the car can say: the signals of the catalogue. Needs no running car."""
    chosen = [s for s in _select(_catalogue(line, vss, overlay), patterns) if kind is None or s.kind == kind]
    if json:
        print(msgspec.json.format(msgspec.json.encode(chosen), indent=1).decode())
        return
    table = _table("path", "kind", "datatype", "unit", "range", "description")
    for signal in chosen:
        table.add_row(signal.path, signal.kind, signal.datatype, signal.unit, _range(signal), signal.description)
    _show(table, f"{len(chosen)} signals")


@signals_app.command()
def export(
    out: Annotated[Path, typer.Argument(help="A .json (VSS tree, as vss-tools write it) or .tsv file.")],
    patterns: Patterns = None,
    line: Line = "aurora",
    vss: Vss = None,
    overlay: Overlays = None,
) -> None:
    """Write the catalogue for other tools."""
    from alpenglow.signals.exporting import as_table, as_vss_json

    writers: dict[str, Callable[[list[Signal]], str]] = {".json": as_vss_json, ".tsv": as_table}
    if out.suffix not in writers:
        raise Problem(f"{out}: the name must end in .json or .tsv")
    chosen = _select(_catalogue(line, vss, overlay), patterns)
    with _writing(out):
        out.write_text(writers[out.suffix](chosen))
    print(f"{out}: {len(chosen)} signals")


@signals_app.command()
def get(paths: Paths, run_dir: RunDir = None, json: Json = False) -> None:
    """What signals read as now."""

    async def work() -> int:
        async with _car(run_dir) as fabric:
            with _naming():
                indexes = list(
                    dict.fromkeys(i for p in paths for i in fabric.catalogue.match(_path(fabric.catalogue, p)))
                )
            await _settle(fabric, indexes)
            found = {fabric.catalogue.signals[i]: fabric.table.read_index(i) for i in indexes}
            if len(paths) > 1 or len(found) > 1:
                known = {s: r for s, r in found.items() if r.quality is not Quality.UNAVAILABLE or s.path in paths}
                found = known or found
            if json:
                print(jsonlib.dumps({s.path: _as_json(r) for s, r in found.items()}, indent=1))
            else:
                table = _table("path", "value", "unit", "quality", "age")
                for signal, reading in found.items():
                    table.add_row(signal.path, *_cells(signal, reading))
                _show(table)
            return 0 if any(r.quality is Quality.VALID for r in found.values()) else 1

    _run(work())


@signals_app.command("set")
def set_signal(
    path: Annotated[str, typer.Argument(help="Path of an actuator.")],
    value: Annotated[str, typer.Argument(help="true, false, a number, text, or a JSON list.")],
    run_dir: RunDir = None,
    json: Json = False,
) -> None:
    """Ask the car to move an actuator; through the same door as everybody."""

    async def work() -> int:
        from alpenglow.fabric import ServiceError

        async with _car(run_dir) as fabric:
            with _naming():
                signal = fabric.catalogue[path]
                wanted = check_value(signal, _parse(signal, value))
            try:
                outcome = await fabric.actuate(signal.path, wanted)
            except ServiceError as error:
                raise Problem(str(error)) from None
            if json:
                print(msgspec.json.encode(outcome).decode())
            else:
                rule = f" [{outcome.rule}]" if outcome.rule else ""
                said = outcome.message or f"{signal.path} = {outcome.value}"
                print(f"{outcome.state.replace('_', ' ')}: {said}{rule}")
            return 0 if outcome.state in ("confirmed", "moving") else 1

    _run(work())


@signals_app.command()
def watch(
    paths: Paths,
    run_dir: RunDir = None,
    json: Json = False,
    seconds: Annotated[float | None, typer.Option(help="Stop after so long.", show_default=False)] = None,
) -> None:
    """Show signals as they change, until Ctrl-C. With --json, one line a change."""

    async def work() -> int:
        async with _car(run_dir) as fabric:
            indexes = _match(fabric.catalogue, paths)
            follow = fabric.follow(*(fabric.catalogue.signals[i].path for i in indexes))
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await (_watch_lines(follow) if json else _watch_table(fabric, indexes))
        return 0

    _run(work())


@signals_app.command()
def record(
    paths: Paths,
    out: Annotated[Path, typer.Option(help="A .parquet, .csv or .jsonl file: time [s], signal, value, quality.")],
    run_dir: RunDir = None,
    seconds: Annotated[float | None, typer.Option(help="Stop after so long.", show_default=False)] = None,
) -> None:
    """Record every sample of some signals, until Ctrl-C or until the car stops."""
    from alpenglow.cli.recording import Recorder

    async def work() -> int:
        async with _car(run_dir) as fabric:
            indexes = _match(fabric.catalogue, paths)
            stream = fabric.stream(*(fabric.catalogue.signals[i].path for i in indexes))
            with _writing(out), Recorder(out, fabric.catalogue) as recorder:
                gone = asyncio.ensure_future(_until_gone(run_dir))
                recording = asyncio.ensure_future(recorder.take_all(stream))
                with suppress(asyncio.CancelledError):
                    await asyncio.wait({gone, recording}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
                gone.cancel()
                recording.cancel()
                await asyncio.gather(recording, return_exceptions=True)
            lost = f", {recorder.missed} missed" if recorder.missed else ""
            print(f"{out}: {recorder.rows:,} samples{lost}")
            return 0

    _run(work())


# -- the running car ---------------------------------------------------------------------------------------------------


@asynccontextmanager
async def _car(run_dir: Path | None) -> "AsyncIterator[Fabric]":
    """The fabric of the running car, as the operator."""
    from alpenglow.fabric import Fabric
    from alpenglow.fabric.room import Settings, line_catalogue

    folder = (run_dir or default_run_dir()).absolute()
    try:
        settings = msgspec.json.decode(settings_path(folder, _OPERATOR).read_bytes(), type=Settings)
    except (OSError, msgspec.DecodeError):
        raise Problem(f"no car runs in {folder}; start one with `alpenglow drive`, or name its --run-dir") from None
    opening = Fabric.open(_OPERATOR, settings.endpoint(), line_catalogue(Path(settings.line)))
    try:
        fabric = await asyncio.wait_for(opening, 5)
    except TimeoutError:
        raise Problem(f"the car in {folder} does not answer; `alpenglow status` shows how it is") from None
    async with fabric:
        yield fabric


async def _settle(fabric: "Fabric", indexes: list[int]) -> None:
    """Wait shortly for signals that come all the time but have not come yet."""
    deadline = time.monotonic() + 0.3
    while time.monotonic() < deadline and any(
        fabric.table.read_index(i).quality is Quality.UNAVAILABLE for i in indexes[:50]
    ):
        await asyncio.sleep(0.02)


async def _until_gone(run_dir: Path | None) -> None:
    settings = settings_path((run_dir or default_run_dir()).absolute(), _OPERATOR)
    while settings.exists():
        await asyncio.sleep(0.2)


async def _watch_lines(follow: AsyncIterator[Any]) -> None:
    async for changes in follow:
        for path, reading in changes.readings.items():
            print(jsonlib.dumps({"path": path, **_as_json(reading)}), flush=True)


async def _watch_table(fabric: "Fabric", indexes: list[int]) -> None:
    from rich.live import Live

    with Live(refresh_per_second=10, screen=sys.stdout.isatty()) as live:
        while True:
            table = _table("path", "value", "unit", "quality", "age")
            for index in indexes:
                reading = fabric.table.read_index(index)
                if reading.quality is not Quality.UNAVAILABLE:
                    signal = fabric.catalogue.signals[index]
                    table.add_row(signal.path, *_cells(signal, reading))
            live.update(table)
            await asyncio.sleep(0.1)


def _run(work: Coroutine[Any, Any, int]) -> None:
    try:
        status = asyncio.run(work)
    except KeyboardInterrupt:
        status = 0
    raise typer.Exit(status)


# -- names, values and how they look -----------------------------------------------------------------------------------


def _catalogue(line: str, vss: Path | None, overlays: list[Path] | None) -> Catalogue:
    import tomllib

    from alpenglow.signals import load_catalogue

    try:
        folder = find_line(line)
        names = tomllib.loads((folder / "line.toml").read_text()).get("overlays", [])
        own = [] if vss else [folder / name for name in names]
        return load_catalogue(*own, *(overlays or []), vss=vss)
    except (StackProblem, CatalogueError, OSError) as error:
        raise Problem(_reason(error)) from None


def _select(catalogue: Catalogue, patterns: list[str] | None) -> list[Signal]:
    if not patterns:
        return list(catalogue.signals)
    return [catalogue.signals[i] for i in _match(catalogue, patterns)]


def _path(catalogue: Catalogue, name: str) -> str:
    """`name`, or today's path where it is an old name."""
    return catalogue.aliases.get(name) or name


@contextmanager
def _naming() -> Iterator[None]:
    """Turns a wrong name or value into a Problem."""
    try:
        yield
    except (UnknownSignal, BadValue) as error:
        raise Problem(str(error)) from None


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Turns a file that cannot be written into a Problem."""
    try:
        yield
    except OSError as error:
        raise Problem(f"cannot write {path}: {error.strerror or error}") from None


def _match(catalogue: Catalogue, patterns: list[str]) -> list[int]:
    """Indexes of the signals that `patterns` name, old names included."""
    with _naming():
        return list(dict.fromkeys(i for p in patterns for i in catalogue.match(_path(catalogue, p))))


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def _parse(signal: Signal, text: str) -> object:
    if signal.datatype == "string":
        return text
    if signal.datatype == "string[]" and not text.startswith("["):
        return [text]
    try:
        return jsonlib.loads(text.lower() if signal.datatype == "boolean" else text)
    except ValueError:
        return text  # check_value says what it takes instead


def _as_json(reading: Reading) -> dict[str, Value | str | float | None]:
    return {
        "value": reading.value,
        "quality": reading.quality.name,
        "age_s": round(reading.age_s, 3) if reading.time_ns else None,
        "time": reading.time_ns / 1e9 if reading.time_ns else None,
    }


def _cells(signal: Signal, reading: Reading) -> tuple[str, str, str, str]:
    value = reading.value
    shown = "–" if value is None else f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    age = f"{reading.age_s:.1f} s" if reading.time_ns else ""
    return shown, signal.unit, reading.quality.name.lower(), age


def _range(signal: Signal) -> str:
    if signal.allowed:
        return " ".join(map(str, signal.allowed))
    if signal.minimum is None and signal.maximum is None:
        return ""
    low = "" if signal.minimum is None else f"{signal.minimum:g}"
    high = "" if signal.maximum is None else f"{signal.maximum:g}"
    return f"{low} … {high}"


def _table(*columns: str) -> Any:
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column == "path")
    return table


def _show(table: Any, footer: str = "") -> None:
    from rich.console import Console

    # A pipe gets whole lines: a table cut to 80 columns is no use to grep.
    console = Console(width=None if sys.stdout.isatty() else 400, highlight=False)
    console.print(table)
    if footer:
        console.print(footer, style="dim")
