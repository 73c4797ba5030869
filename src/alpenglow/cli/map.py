"""`alpenglow map …`: the maps that the car finds its way with."""

import contextlib
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from alpenglow.cli.problems import Problem
from alpenglow.cli.tables import show
from alpenglow.navigation.region import regions
from alpenglow.navigation.region.problems import RegionError
from alpenglow.navigation.region.regions import Manifest
from alpenglow.platform.directories import default_state_dir

map_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Maps: make them from OpenStreetMap extracts, fetch, list and remove them.",
)

StateDir = Annotated[
    Path | None,
    typer.Option(help="Of the car that the maps are for. Default: ~/.local/state/alpenglow.", show_default=False),
]
Name = Annotated[
    str | None, typer.Option(help="What to call the map. Default: as the file is called.", show_default=False)
]
Title = Annotated[str | None, typer.Option(help="The map's name for people.", show_default=False)]
Hgt = Annotated[
    list[Path] | None,
    typer.Option(help="Elevation: an SRTM tile (N42E001.hgt, or zipped), or a folder of them. May be repeated."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
_MEBIBYTE = 1 << 20


@map_app.command(short_help="Make a map of an OpenStreetMap extract (.osm.pbf).")
def add(
    file: Annotated[Path, typer.Argument(metavar="FILE.osm.pbf", help="An extract, as Geofabrik offers them.")],
    name: Name = None,
    title: Title = None,
    hgt: Hgt = None,
    state_dir: StateDir = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Make a map that can be driven in, searched and looked at, in place of one of that name.

    Without elevation (--hgt) the car plans as if the land were flat. An old map stays until the new one is whole.
    """
    _make(file, name or _name_of(file), title, hgt, state_dir, json, quiet)


@map_app.command(short_help="Fetch an extract from Geofabrik, and make a map of it.")
def fetch(
    region: Annotated[str, typer.Argument(help="As Geofabrik calls it: andorra, or europe/andorra.")],
    source: Annotated[
        str | None,
        typer.Option("--from", help="A mirror's address. Default: Geofabrik's own server.", show_default=False),
    ] = None,
    name: Name = None,
    title: Title = None,
    hgt: Hgt = None,
    state_dir: StateDir = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Download a region, check its MD5 sum and make a map of it. What was interrupted is resumed."""
    from alpenglow.navigation.region import fetching

    maps = regions.maps_dir(state_dir or default_state_dir())
    with _problems(), _showing(quiet) as (bytes_of, _):
        try:
            regions.make_dir(maps)
            file = fetching.fetch(region, maps / ".fetched", source or fetching.GEOFABRIK, bytes_of(region))
        except OSError as error:
            raise Problem(f"{error.filename or maps}: {error.strerror or error}") from None
    _make(file, name or _name_of(file), title, hgt, state_dir, json, quiet)
    file.unlink()


@map_app.command("list", short_help="List the maps that are installed.")
def list_maps(state_dir: StateDir = None, json: Json = False) -> None:
    """List the maps that are installed: what each holds, how old its data is, its size."""
    maps = regions.maps_dir(state_dir or default_state_dir())
    usable, problems = regions.installed(maps)
    if json:
        print(msgspec.json.encode([region.manifest for region in usable]).decode())
    else:
        rows = [_row(region.manifest) for region in usable]
        show(("map", "title", "data of", "roads", "places", "chargers", "elevation", "disk"), rows, f"in {maps}")
    for problem in problems:
        print(f"alpenglow: {problem}", file=sys.stderr)


@map_app.command(short_help="Show all that is known of a map.")
def info(
    name: Annotated[str, typer.Argument(help="One of `alpenglow map list`.")],
    state_dir: StateDir = None,
    json: Json = False,
) -> None:
    """Show all that is known of a map: its box, source, counts, licence and files."""
    with _problems():
        manifest = regions.open_region(regions.maps_dir(state_dir or default_state_dir()), name).manifest
    if json:
        print(msgspec.json.encode(manifest).decode())
        return
    facts = msgspec.to_builtins(manifest)
    start, files = facts.pop("start"), facts.pop("files")
    rows = [(key.replace("_", " "), str(value)) for key, value in facts.items()]
    if start:
        rows.append(("start", f"{start['latitude']}, {start['longitude']}"))
    show(("fact", "value"), rows + [(file, f"{size:,} bytes") for file, size in files.items()])


@map_app.command(short_help="Remove a map.")
def remove(
    name: Annotated[str, typer.Argument(help="One of `alpenglow map list`.")], state_dir: StateDir = None
) -> None:
    """Remove a map, also one that cannot be used any more."""
    with _problems():
        freed = regions.remove(regions.maps_dir(state_dir or default_state_dir()), name)
    print(f"{name}: removed, {freed // _MEBIBYTE:,} MB freed")


def _make(
    file: Path,
    name: str,
    title: str | None,
    hgt: list[Path] | None,
    state_dir: Path | None,
    json: bool,
    quiet: bool,
) -> None:
    from alpenglow.navigation.region.building import build_region

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that half a map is cleared away
    maps = regions.maps_dir(state_dir or default_state_dir())
    with _problems(), _showing(quiet) as (_, step):
        manifest = build_region(file, maps, name, _tiles(hgt or []), step, title or "")
    if json:
        print(msgspec.json.encode(manifest).decode())
        return
    print(
        f"{manifest.name}: {manifest.roads_km:,.0f} km of roads, {manifest.places:,} places, "
        f"{manifest.chargers:,} chargers, {'with' if manifest.has_elevation else 'without'} elevation, "
        f"data of {manifest.date or 'an unknown day'}. {manifest.attribution}"
    )


def _tiles(given: list[Path]) -> list[Path]:
    """The elevation tiles that were named, or lie in a folder that was."""
    tiles: list[Path] = []
    for path in given:
        if path.is_dir():
            found = sorted(tile for tile in path.iterdir() if re.search(r"\.hgt(\.zip)?$", tile.name, re.IGNORECASE))
            if not found:
                raise RegionError(f"{path}: holds no elevation tiles (N42E001.hgt, N42E001.hgt.zip)")
            tiles += found
        elif path.is_file():
            tiles.append(path)
        else:
            raise RegionError(f"{path}: there is no such file")
    return tiles


def _name_of(file: Path) -> str:
    """`Isle_of_Man-latest.osm.pbf` becomes `isle-of-man`."""
    stem = re.sub(r"(-latest|-\d{6})?(\.osm)?(\.pbf)?$", "", file.name.lower())
    return re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:64] or "map"


def _row(manifest: Manifest) -> tuple[str, ...]:
    return (
        manifest.name,
        manifest.title,
        manifest.date or "?",
        f"{manifest.roads_km:,.0f} km",
        f"{manifest.places:,}",
        f"{manifest.chargers:,}",
        "yes" if manifest.has_elevation else "no",
        f"{sum(manifest.files.values()) / _MEBIBYTE:,.1f} MB",
    )


@contextmanager
def _problems() -> Iterator[None]:
    try:
        yield
    except RegionError as problem:
        raise Problem(str(problem)) from None


type _Bytes = Callable[[str], Callable[[int, int], None]]
type _Step = Callable[[str, float], None]


@contextmanager
def _showing(quiet: bool) -> Iterator[tuple[_Bytes, _Step]]:
    """Bars on a terminal, one for each file or step; nothing in a pipe."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    bars = Progress(
        TextColumn("{task.description:<14}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeElapsedColumn(),
        console=console, disable=quiet or not console.is_terminal,
    )  # fmt: skip
    tasks: dict[str, TaskID] = {}

    def step(name: str, share: float) -> None:
        if name not in tasks:
            tasks[name] = bars.add_task(name, total=1.0)
        bars.update(tasks[name], completed=share)

    def bytes_of(name: str) -> Callable[[int, int], None]:
        return lambda done, total: step(name, done / total if total else 0.0)

    with contextlib.ExitStack() as stack:
        stack.enter_context(bars)
        yield bytes_of, step
