"""`alpenglow search`: places on the installed maps, without a running car."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from alpenglow.cli.plan import Language, StateDir, read_position
from alpenglow.cli.problems import Problem
from alpenglow.cli.tables import show
from alpenglow.platform.directories import default_state_dir

if TYPE_CHECKING:
    from alpenglow.navigation import api
    from alpenglow.navigation.region.regions import Region

Text = Annotated[str, typer.Argument(metavar="TEXT", help='As people type: "carrer major 5", "coffee", a name.')]
Near = Annotated[str | None, typer.Option(metavar="LAT,LON", help="From where; near places come first.")]
Limit = Annotated[int, typer.Option(min=1, max=50, help="How many to show at most.")]
Map = Annotated[
    str | None,
    typer.Option("--map", help="Name of the map. Default: the one around --near, else all.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON list, as the service `search` answers.")]


def search(
    text: Text,
    near: Near = None,
    limit: Limit = 10,
    map_name: Map = None,
    state_dir: StateDir = None,
    language: Language = "en",
    json: Json = False,
) -> None:
    """Find places, streets, addresses and categories on the installed maps, without a running car.

    Exit status 1 where nothing was found.
    """
    where = None if near is None else read_position(near, "--near")
    found = _search(_regions(map_name, state_dir, where), text, where, limit, language)
    if json:
        print(msgspec.json.encode(found).decode())
    elif found:
        show(("place", "kind", "where", "distance", "position", "id"), [_row(place) for place in found])
    if not found:
        if json:
            raise typer.Exit(1)
        raise Problem(f"nothing was found for {text!r}")


def _search(
    regions: "list[Region]", text: str, near: "api.Position | None", limit: int, language: str
) -> "list[api.Place]":
    """The best of each map, one map after the other: the nearest map first."""
    from alpenglow.navigation.search.query import Places, SearchError

    found: list[api.Place] = []
    try:
        for region in regions:
            with contextlib.closing(Places(region.places)) as places:
                found += places.search(text, near, limit, language)
    except SearchError as problem:
        raise Problem(str(problem)) from None
    unique = {place.id: place for place in found}
    return list(unique.values())[:limit]


def _regions(name: str | None, state_dir: Path | None, near: "api.Position | None") -> "list[Region]":
    from alpenglow.navigation.region import regions

    maps = regions.maps_dir(state_dir or default_state_dir())
    with _problems():
        if name is not None:
            return [regions.open_region(maps, name)]
    usable, problems = regions.installed(maps)
    if near is not None and (around := regions.covering(usable, near.latitude, near.longitude)):
        return [around]
    if problems and not usable:
        raise Problem(str(problems[0]))
    if not usable:
        raise Problem("there is no map: add one with `alpenglow map add FILE.osm.pbf`")
    return usable


def _row(place: "api.Place") -> tuple[str, ...]:
    metres = place.distance_m
    distance = "" if metres is None else f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:.1f} km"
    position = f"{place.position.latitude:.5f},{place.position.longitude:.5f}"
    return place.name, place.category or place.kind, place.where, distance, position, place.id


@contextlib.contextmanager
def _problems() -> Iterator[None]:
    from alpenglow.navigation.region.problems import RegionError

    try:
        yield
    except RegionError as problem:
        raise Problem(str(problem)) from None
