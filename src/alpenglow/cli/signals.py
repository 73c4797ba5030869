"""`alpenglow signals …`: the catalogue, and the signals of a running car."""

import json as jsonlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from alpenglow.cli.files import reason, writing
from alpenglow.cli.problems import Problem
from alpenglow.cli.tables import show
from alpenglow.platform.commands import RunDir
from alpenglow.signals import BadValue, Catalogue, CatalogueError, Kind, Quality, Signal, UnknownSignal, check_value

signals_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The signals of the catalogue (list, export) and of a running car (get, set, watch, record).",
)

_A = {Kind.SENSOR: "a sensor", Kind.ATTRIBUTE: "an attribute"}
_PATHS = "Paths, branches, or paths with * (one step) and ** (any number); quote them for the shell."
Patterns = Annotated[list[str] | None, typer.Argument(help=_PATHS + " Default: all.", show_default=False)]
Paths = Annotated[list[str], typer.Argument(help=_PATHS)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Line = Annotated[str, typer.Option(help="Vehicle line whose signals are added: a name, or a folder.")]
Vss = Annotated[Path | None, typer.Option(help="A VSS JSON file of your own instead of VSS 6.0.", show_default=False)]
Overlays = Annotated[
    list[Path] | None,
    typer.Option("--overlay", help="A further overlay, table or VSS JSON. May be repeated.", show_default=False),
]
Seconds = Annotated[float | None, typer.Option(min=0, help="Stop after so many; else Ctrl-C does.", show_default=False)]


@signals_app.command("list", short_help="List the signals of the catalogue.")
def list_signals(
    patterns: Patterns = None,
    kind: Annotated[Kind | None, typer.Option(help="Only this kind.", show_default=False)] = None,
    line: Line = "aurora",
    vss: Vss = None,
    overlay: Overlays = None,
    json: Json = False,
) -> None:
    """List the signals of the catalogue: what a car can say. Needs no running car."""
    chosen = [s for s in _select(_catalogue(line, vss, overlay), patterns) if kind is None or s.kind == kind]
    if json:
        print(msgspec.json.format(msgspec.json.encode(chosen), indent=1).decode())
        return
    show(
        ("path", "kind", "datatype", "unit", "range", "description"),
        [(s.path, s.kind, s.datatype, s.unit, _range(s), s.description) for s in chosen],
        f"{len(chosen)} signals",
    )


@signals_app.command(short_help="Write the catalogue to a file.")
def export(
    out: Annotated[Path, typer.Argument(help="The file to write: .json (a VSS tree, as vss-tools write it) or .tsv.")],
    patterns: Patterns = None,
    line: Line = "aurora",
    vss: Vss = None,
    overlay: Overlays = None,
) -> None:
    """Write the catalogue to a file, for other tools. Needs no running car."""
    from alpenglow.signals.exporting import as_table, as_vss_json

    writers: dict[str, Callable[[list[Signal]], str]] = {".json": as_vss_json, ".tsv": as_table}
    if out.suffix not in writers:
        raise Problem(f"{out}: the name must end in .json or .tsv")
    chosen = _select(_catalogue(line, vss, overlay), patterns)
    with writing(out):
        out.write_text(writers[out.suffix](chosen), encoding="utf-8")
    print(f"{out}: {len(chosen)} signals")


@signals_app.command(short_help="Show what signals of the running car read as now.")
def get(paths: Paths, run_dir: RunDir = None, json: Json = False) -> None:
    """Show what signals of the running car read as now. Exit status 1 where none is valid."""
    from alpenglow.cli import car, watching

    async def work() -> int:
        async with car.running_car(run_dir) as running:
            indexes = _match(running.fabric.catalogue, paths)
            found = await watching.settled(running.fabric, indexes)
            if len(found) > 1:  # of a branch, only what the car knows; but what was asked for by name is answered
                known = {s: r for s, r in found.items() if r.quality is not Quality.UNAVAILABLE or s.path in paths}
                found = known or found
            if json:
                print(jsonlib.dumps({s.path: watching.as_json(r) for s, r in found.items()}, indent=1))
            else:
                watching.print_readings(found)
            return 0 if any(r.quality is Quality.VALID for r in found.values()) else 1

    car.run(work())


@signals_app.command(
    "set",
    short_help="Ask the running car to move an actuator.",
    context_settings={"ignore_unknown_options": True},  # a value may be -5
)
def set_signal(
    path: Annotated[str, typer.Argument(help="Path of an actuator.")],
    value: Annotated[str, typer.Argument(help="true, false, a number, text, or a JSON list.")],
    run_dir: RunDir = None,
    json: Json = False,
) -> None:
    """Ask the running car to move an actuator, through the same door as everybody. Exit status 1 where it does not."""
    from alpenglow.cli import car, watching

    async def work() -> int:
        from alpenglow.fabric import ServiceError

        async with car.running_car(run_dir) as running:
            with _naming():
                signal = running.fabric.catalogue[path]
                if signal.kind is not Kind.ACTUATOR:
                    raise Problem(f"{signal.path} can be read, not set: it is {_A[signal.kind]}")
                wanted = check_value(signal, _parse(signal, value))
            try:
                outcome = await running.fabric.actuate(signal.path, wanted)
            except ServiceError as error:
                raise Problem(str(error)) from None
            done = outcome.state in ("confirmed", "moving")
            if json:
                print(msgspec.json.encode(outcome).decode())
            else:
                rule = f" [{outcome.rule}]" if outcome.rule else ""
                said = outcome.message or f"{signal.path} = {watching.shown(outcome.value)}"
                print(f"{outcome.state.replace('_', ' ')}: {said}{rule}", file=sys.stdout if done else sys.stderr)
            return 0 if done else 1

    car.run(work())


@signals_app.command(short_help="Show signals of the running car as they change.")
def watch(paths: Paths, run_dir: RunDir = None, seconds: Seconds = None, json: Json = False) -> None:
    """Show signals of the running car as they change, until Ctrl-C or until the car stops.

    A table in a terminal; in a pipe, or with --json, a line for each change of value or quality.
    """
    from alpenglow.cli import car, watching

    async def work() -> int:
        async with car.running_car(run_dir) as running:
            indexes = _match(running.fabric.catalogue, paths)
            if json:
                watched = watching.watch_lines(running.fabric, indexes, watching.write_json)
            elif sys.stdout.isatty():
                watched = watching.watch_table(running.fabric, indexes)
            else:
                watched = watching.watch_lines(running.fabric, indexes, watching.write_text)
            await car.first_of(watched, running.gone(), seconds=seconds)
        return 0

    car.run(work())


@signals_app.command(short_help="Record signals of the running car to a file.")
def record(
    paths: Paths,
    out: Annotated[
        Path,
        typer.Option(help="The file to write: .parquet, .csv or .jsonl; time [s], signal, value, quality."),
    ],
    run_dir: RunDir = None,
    seconds: Seconds = None,
) -> None:
    """Record every sample of signals of the running car, until Ctrl-C or until the car stops."""
    from alpenglow.cli import car
    from alpenglow.cli.recording import Recorder

    async def work() -> int:
        async with car.running_car(run_dir) as running:
            catalogue = running.fabric.catalogue
            stream = running.fabric.stream(*(catalogue.signals[i].path for i in _match(catalogue, paths)))
            with writing(out), Recorder(out, catalogue) as recorder:
                await car.first_of(recorder.take_all(stream), running.gone(), seconds=seconds)
        lost = f", {recorder.missed} missed" if recorder.missed else ""
        print(f"{out}: {recorder.rows:,} samples{lost}")
        return 0

    car.run(work())


# -- names, values and how they look -----------------------------------------------------------------------------------


def _catalogue(line: str, vss: Path | None, overlays: list[Path] | None) -> Catalogue:
    from alpenglow.fabric.line import LineFault, read_table
    from alpenglow.platform.plan import find_line
    from alpenglow.platform.problems import StackProblem
    from alpenglow.signals import load_catalogue

    try:
        folder = find_line(line)
        names = read_table(folder).get("overlays", [])
        own = [] if vss else [folder / name for name in names]
        return load_catalogue(*own, *(overlays or []), vss=vss)
    except (StackProblem, CatalogueError, LineFault) as error:
        raise Problem(str(error)) from None
    except OSError as error:
        raise Problem(f"{error.filename}: {reason(error)}") from None


def _select(catalogue: Catalogue, patterns: list[str] | None) -> list[Signal]:
    return [catalogue.signals[i] for i in _match(catalogue, patterns)] if patterns else list(catalogue.signals)


def _match(catalogue: Catalogue, patterns: list[str]) -> list[int]:
    """Indexes of the signals that `patterns` name, each once."""
    with _naming():
        return list(dict.fromkeys(i for p in patterns for i in catalogue.match(p)))


@contextmanager
def _naming() -> Iterator[None]:
    """Turns a wrong name or value into a Problem."""
    try:
        yield
    except (UnknownSignal, BadValue) as error:
        raise Problem(str(error)) from None


def _parse(signal: Signal, text: str) -> object:
    """What a person typed, as the datatype wants it; check_value says what is wrong with anything else."""
    if signal.datatype == "string":
        return text
    if signal.datatype == "string[]" and not text.startswith("["):
        return [text]
    try:
        return jsonlib.loads(text.lower() if signal.datatype == "boolean" else text)
    except (ValueError, RecursionError):
        return text


def _range(signal: Signal) -> str:
    if signal.allowed:
        return " ".join(map(str, signal.allowed))
    if signal.minimum is None and signal.maximum is None:
        return ""
    low = "" if signal.minimum is None else f"{signal.minimum:g}"
    high = "" if signal.maximum is None else f"{signal.maximum:g}"
    return f"{low} … {high}"
