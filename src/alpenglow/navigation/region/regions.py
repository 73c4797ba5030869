"""The maps that are installed: each a folder in `maps` of the state directory, complete or not there at all.

`region.json` says what a folder holds and who wrote it. A folder whose format, files or sizes are not what this version
writes is never opened; the message says how to make it anew.
"""

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from alpenglow.fabric import locking
from alpenglow.navigation.region.problems import RegionError

FORMAT = 1  # counts up whenever a folder of before could be read wrongly
ATTRIBUTION = "© OpenStreetMap contributors"  # the licence of the data, ODbL 1.0, asks for it on every map
MANIFEST = "region.json"
MAP_TILES = "map.pmtiles"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_BUILDING = ".building-"


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """Where a simulated car that is not in the map can stand: on a road in its middle."""

    latitude: float
    longitude: float
    altitude: float  # m
    heading: float  # degrees from north, along the road


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What region.json says."""

    format: int
    name: str
    title: str
    west: float
    south: float
    east: float
    north: float
    source: str  # the extract's file name
    sha256: str  # of the extract
    date: str  # of the data: "2025-01-19"; "" where the extract does not say
    attribution: str = ATTRIBUTION
    has_elevation: bool = False
    places: int = 0
    chargers: int = 0
    roads_km: float = 0.0  # both directions of a road counted once
    start: Start | None = None
    files: dict[str, int] = {}  # name -> bytes


class Region:
    """One installed map."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest

    @property
    def name(self) -> str:
        return self.manifest.name

    @property
    def roads(self) -> Path:
        return self.folder / "roads.npz"

    @property
    def places(self) -> Path:
        return self.folder / "places.sqlite"

    @property
    def chargers(self) -> Path:
        return self.folder / "chargers.json"

    @property
    def routing_tiles(self) -> Path:
        return self.folder / "valhalla.tar"

    @property
    def map_tiles(self) -> Path:
        return self.folder / MAP_TILES

    @property
    def size_bytes(self) -> int:
        return sum(self.manifest.files.values())

    def contains(self, lat: float, lon: float) -> bool:
        """Whether the point is in the box around the map's data."""
        box = self.manifest
        return box.south <= lat <= box.north and box.west <= lon <= box.east

    def routing_config(self) -> dict[str, Any]:
        """What `valhalla.Actor` takes to read this map's routing tiles."""
        from valhalla import get_config

        config: dict[str, Any] = get_config(tile_extract=str(self.routing_tiles), tile_dir="")
        config["mjolnir"]["traffic_extract"] = ""
        return config


def maps_dir(state_dir: Path) -> Path:
    """Where maps are, of a car whose state is in `state_dir`."""
    return state_dir / "maps"


def make_dir(maps: Path) -> None:
    """The folder for maps, in a state directory that only this user can look into. OSError."""
    maps.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    maps.mkdir(exist_ok=True)


def check_name(name: str) -> str:
    """The name itself. Raises RegionError for one that cannot be a map's."""
    if not _NAME.fullmatch(name):
        raise RegionError(f"{name!r} cannot be a map's name: lower-case letters, digits and -, for instance andorra")
    return name


def load_manifest(folder: Path) -> Manifest:
    """What a map's folder holds, if it is whole and of this version. Raises RegionError."""
    name = folder.name
    again = f"make it again with `alpenglow map add FILE.osm.pbf --name {name}`"
    try:
        content = (folder / MANIFEST).read_bytes()
    except OSError:
        raise RegionError(f"map {name}: is damaged, its {MANIFEST} cannot be read; {again}") from None
    try:
        version = msgspec.json.decode(content, type=_Version).format
        if version != FORMAT:
            raise RegionError(
                f"map {name}: was made by another version of Alpenglow (format {version}, not {FORMAT}); {again}"
            )
        manifest = msgspec.json.decode(content, type=Manifest)
    except msgspec.DecodeError as error:
        raise RegionError(f"map {name}: is damaged, {MANIFEST}: {error}; {again}") from None
    for file, size_bytes in manifest.files.items():
        path = folder / file
        found = path.stat().st_size if path.is_file() else -1
        if found != size_bytes:
            what = "is missing" if found < 0 else f"has {found:,} bytes, not {size_bytes:,}"
            raise RegionError(f"map {name}: is damaged, {file} {what}; {again}")
    return manifest


def open_region(maps: Path, name: str) -> Region:
    """Raises RegionError where there is no such map or it cannot be used."""
    folder = maps / check_name(name)
    if not folder.is_dir():
        there = ", ".join(names(maps))
        raise RegionError(f"there is no map {name!r}; " + (f"there are {there}" if there else "none is installed yet"))
    return Region(folder, load_manifest(folder))


def names(maps: Path) -> list[str]:
    """What is installed, usable or not."""
    try:
        return sorted(entry.name for entry in os.scandir(maps) if entry.is_dir() and _NAME.fullmatch(entry.name))
    except OSError:
        return []


def installed(maps: Path) -> tuple[list[Region], list[RegionError]]:
    """The maps that can be used, and what is wrong with the others."""
    regions: list[Region] = []
    problems: list[RegionError] = []
    for name in names(maps):
        try:
            regions.append(open_region(maps, name))
        except RegionError as problem:
            problems.append(problem)
    return regions, problems


def covering(regions: Sequence[Region], lat: float, lon: float) -> Region | None:
    """The smallest of the maps that hold the point."""
    around = [region for region in regions if region.contains(lat, lon)]
    return min(around, key=_extent, default=None)


def revision(maps: Path) -> int:
    """Another number after every map that was added, made anew or removed; 0 without any. Cheap to ask."""
    try:
        return maps.stat().st_mtime_ns
    except OSError:
        return 0


def remove(maps: Path, name: str) -> int:
    """Take a map away, usable or not; how many bytes that frees. Raises RegionError."""
    folder = maps / check_name(name)
    if not folder.is_dir():
        open_region(maps, name)  # says which there are
    with alone(maps, name):
        freed = size_below(folder)
        try:
            gone = building_folder(maps, name)
            folder.rename(gone)  # nobody ever sees half a map
            shutil.rmtree(gone)
        except OSError as error:
            raise RegionError(f"map {name}: cannot be removed: {error.strerror}") from None
    return freed


def size_below(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def building_folder(maps: Path, name: str) -> Path:
    """Where this process puts a map together, out of everybody's sight."""
    return maps / f"{_BUILDING}{name}-{os.getpid()}"


@contextmanager
def alone(maps: Path, name: str) -> Iterator[None]:
    """Only one process works on a map; what an earlier one left behind is cleared away. Raises RegionError, OSError."""
    make_dir(maps)

    def busy(pid: str) -> RegionError:
        return RegionError(f"map {name}: another process works on it (pid {pid}); wait for it")

    with locking.alone(maps / f".{name}.lock", busy):
        for leftover in maps.glob(f"{_BUILDING}{name}-*"):
            if leftover.name.removeprefix(f"{_BUILDING}{name}-").isdigit():  # not of "name-more"
                shutil.rmtree(leftover, ignore_errors=True)
        yield


class _Version(msgspec.Struct):
    format: int = 0


def _extent(region: Region) -> float:
    box = region.manifest
    return (box.east - box.west) * (box.north - box.south)
