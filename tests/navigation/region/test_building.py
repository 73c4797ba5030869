"""A map is made whole or not at all, and whatever goes wrong leaves the one of before as it was."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pmtiles.reader import MmapSource, Reader

from alpenglow.navigation.region import building, regions
from alpenglow.navigation.region.building import build_region
from alpenglow.navigation.region.problems import RegionError
from alpenglow.navigation.region.regions import MANIFEST, Region
from alpenglow.navigation.roads.graph import Roads
from tests.navigation.region.extracts import SOUTH, WEST, village


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return village(tmp_path_factory.mktemp("extract") / "nowhere.osm.pbf")


@pytest.fixture(scope="module")
def built(extract: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of maps with one of the village."""
    maps = tmp_path_factory.mktemp("state") / "maps"
    build_region(extract, maps, "nowhere")
    return maps


@pytest.fixture
def maps(built: Path, tmp_path: Path) -> Path:
    """The same for a test to spoil."""
    shutil.copytree(built, tmp_path / "maps")
    return tmp_path / "maps"


def content(maps: Path) -> dict[str, bytes]:
    """Every file of the map, and what else lies beside it."""
    return {
        str(path.relative_to(maps)): path.read_bytes()
        for path in sorted(maps.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


def test_the_folder_holds_all_that_the_manifest_says_and_nothing_else(built: Path) -> None:
    region = regions.open_region(built, "nowhere")
    manifest = region.manifest
    assert {path.name for path in region.folder.iterdir()} == {MANIFEST, *manifest.files}
    assert {"places.sqlite", "roads.npz", "chargers.json", "valhalla.tar", "map.pmtiles"} <= set(manifest.files)
    assert [path.name for path in built.iterdir() if path.name != ".nowhere.lock"] == ["nowhere"]
    assert manifest.attribution == "© OpenStreetMap contributors"
    assert manifest.chargers == 1
    assert manifest.places >= 12 + 4  # streets; village, charger, café, summit
    assert not manifest.has_elevation
    assert manifest.title == "Nowhere"
    metres = 60 * (0.002 * 111_195) * (1 + np.cos(np.radians(SOUTH + 0.005))) / 2
    assert manifest.roads_km == pytest.approx(metres / 1000, rel=0.02)
    assert region.contains(SOUTH + 0.005, WEST + 0.005)
    assert not region.contains(SOUTH + 1, WEST)


def test_a_car_can_stand_in_its_middle_along_a_road(built: Path) -> None:
    start = regions.open_region(built, "nowhere").manifest.start
    assert start is not None
    assert abs(start.latitude - SOUTH - 0.006) < 0.003
    assert abs(start.longitude - WEST - 0.006) < 0.003
    assert min(abs(start.heading - way) for way in (0, 90, 180, 270, 360)) < 1


def test_valhalla_finds_its_way_in_the_routing_tiles(built: Path) -> None:
    import valhalla

    actor = valhalla.Actor(regions.open_region(built, "nowhere").routing_config())
    corners = [{"lat": SOUTH, "lon": WEST}, {"lat": SOUTH + 0.01, "lon": WEST + 0.01}]
    trip = actor.route({"locations": corners, "costing": "auto"})["trip"]
    assert trip["summary"]["length"] == pytest.approx(1.87, abs=0.05)


def test_the_vector_tiles_are_drawn_from_zoom_5_to_14(built: Path) -> None:
    with regions.open_region(built, "nowhere").map_tiles.open("rb") as file:
        reader = Reader(MmapSource(file))
        header, about = reader.header(), reader.metadata()
        assert (header["min_zoom"], header["max_zoom"]) == (5, 14)
        layers = {layer["id"] for layer in about["vector_layers"]}
        assert {"roads", "buildings", "land", "water", "places", "pois", "peaks"} <= layers
        assert about["attribution"] == "© OpenStreetMap contributors"


def test_a_map_without_elevation_knows_that_it_has_none(built: Path) -> None:
    roads = Roads.load(regions.open_region(built, "nowhere").roads)
    assert not roads.has_heights
    assert not np.isnan(roads.height).any()


def test_elevation_that_covers_nothing_of_it_is_no_elevation(extract: Path, shared_data: Path, tmp_path: Path) -> None:
    manifest = build_region(extract, tmp_path / "maps", "nowhere", [shared_data / "maps" / "N42E001.hgt.zip"])
    assert not manifest.has_elevation


def test_a_map_made_anew_takes_the_place_of_the_old_one(maps: Path, tmp_path: Path) -> None:
    before = regions.revision(maps)
    build_region(village(tmp_path / "larger.osm.pbf", side=8), maps, "nowhere", title="Somewhere")
    region = regions.open_region(maps, "nowhere")
    assert (region.manifest.title, region.manifest.source) == ("Somewhere", "larger.osm.pbf")
    assert regions.names(maps) == ["nowhere"]
    assert [path.name for path in maps.iterdir() if path.name.startswith(".b")] == []
    assert regions.revision(maps) != before


def test_a_file_system_that_cannot_exchange_folders_gets_the_new_map_too(
    maps: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "_RENAME_EXCHANGE", 1 << 30)  # a flag that no kernel knows: EINVAL, as from NFS
    build_region(village(tmp_path / "larger.osm.pbf", side=8), maps, "nowhere")
    assert regions.open_region(maps, "nowhere").manifest.source == "larger.osm.pbf"
    assert regions.names(maps) == ["nowhere"]


def truncated(extract: Path) -> bytes:
    return extract.read_bytes()[:-100]


def overwritten(extract: Path) -> bytes:
    whole = bytearray(extract.read_bytes())
    middle = len(whole) // 2
    whole[middle : middle + 40] = bytes(40)
    return bytes(whole)


def header_alone(extract: Path) -> bytes:
    whole = extract.read_bytes()
    return whole[: whole.index(b"OSMData") - 6]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (truncated, "is damaged or not whole"),
        (overwritten, "is damaged or not whole"),
        (header_alone, "no road that a car may use"),
        (lambda extract: b"<osm/>", "is not an OpenStreetMap extract"),
        (lambda extract: b"", "is not an OpenStreetMap extract"),
    ],
)
def test_a_bad_extract_leaves_the_old_map(
    maps: Path, extract: Path, tmp_path: Path, spoil: Callable[[Path], bytes], says: str
) -> None:
    before = content(maps)
    bad = tmp_path / "bad.osm.pbf"
    bad.write_bytes(spoil(extract))
    with pytest.raises(RegionError, match=says):
        build_region(bad, maps, "nowhere")
    assert content(maps) == before
    assert regions.open_region(maps, "nowhere").manifest.source == "nowhere.osm.pbf"


def test_an_extract_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RegionError, match=r"nosuch\.osm\.pbf: No such file"):
        build_region(tmp_path / "nosuch.osm.pbf", tmp_path / "maps", "nowhere")


def test_a_disk_with_too_little_room_is_said_before_anything_is_made(
    maps: Path, extract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(maps)
    monkeypatch.setattr(building, "_LEAST_ROOM_BYTES", 1 << 60)
    with pytest.raises(RegionError, match=r"MB free, .* the map of before is kept"):
        build_region(extract, maps, "nowhere")
    assert content(maps) == before


IN_A_SMALL_DISK = """
set -e
mount -t tmpfs -o size=$2k tmpfs "$1"
cp -r "$3" "$1/maps"
find "$1/maps" -type f ! -name '*.lock' | sort | xargs sha256sum > "$4"
"$5" -c "$6" "$7" "$1/maps" && echo "it was made" || true
find "$1/maps" -type f ! -name '*.lock' | sort | xargs sha256sum | diff - "$4" && echo same
ls -A "$1/maps"
"""
BUILD = """
import sys
from pathlib import Path
from alpenglow.navigation.region import building
building._LEAST_ROOM_BYTES = building._ROOM = 0  # the check beforehand is another test's
try:
    building.build_region(Path(sys.argv[1]), Path(sys.argv[2]), "nowhere")
except building.RegionError as error:
    print(f"refused: {error}")
    sys.exit(1)
"""


@pytest.mark.slow
@pytest.mark.timeout(420)
@pytest.mark.parametrize(
    ("which", "spare_kb"), [("village", 0), ("village", 60), ("andorra", 9_000), ("andorra", 40_000)]
)
def test_a_disk_that_fills_up_while_building_leaves_the_old_map(
    built: Path, extract: Path, shared_data: Path, tmp_path: Path, which: str, spare_kb: int
) -> None:
    """On a real file system that is too small: a tmpfs of our own, so small that another program meets its end."""
    source = extract if which == "village" else shared_data / "maps" / "andorra.osm.pbf"
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["unshare", "-Urm", "mount", "-t", "tmpfs", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a file system")
    used_kb = sum(-(-path.stat().st_size // 4096) * 4 for path in built.rglob("*") if path.is_file()) + 16
    done = subprocess.run(
        [
            *("unshare", "-Urm", "sh", "-c", IN_A_SMALL_DISK, "sh"),
            *(disk, str(used_kb + spare_kb), built, tmp_path / "sums", sys.executable, BUILD, source),
        ],
        capture_output=True,
        text=True,
        timeout=400,
        check=True,
    )
    assert "the disk is full; the map of before is kept" in done.stdout, (done.stdout, done.stderr)
    assert "same" in done.stdout.splitlines()
    assert set(done.stdout.splitlines()[-2:]) == {".nowhere.lock", "nowhere"}


def children(pid: int) -> list[int]:
    """Processes whose parent this one is."""
    return [int(number) for number in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_build_that_is_killed_leaves_the_old_map_and_is_cleared_away_by_the_next(
    maps: Path, extract: Path, shared_data: Path
) -> None:
    before = content(maps)
    code = "import sys; from pathlib import Path; from alpenglow.navigation.region.building import build_region;"
    code += "build_region(Path(sys.argv[1]), Path(sys.argv[2]), 'nowhere')"
    running = subprocess.Popen([sys.executable, "-c", code, shared_data / "maps" / "andorra.osm.pbf", maps])
    deadline = time.monotonic() + 60
    programs: list[int] = []
    while not (programs and list(maps.glob(".building-nowhere-*/work/drawn.geojson"))):
        assert time.monotonic() < deadline
        assert running.poll() is None
        programs = children(running.pid)
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    leftover = list(maps.glob(".building-nowhere-*"))
    assert leftover
    assert {path: text for path, text in content(maps).items() if not path.startswith(".")} == before
    assert regions.names(maps) == ["nowhere"]
    for program in programs:  # die with it
        while Path(f"/proc/{program}").exists() and "Z" not in Path(f"/proc/{program}/stat").read_text().split()[2]:
            assert time.monotonic() < deadline
            time.sleep(0.02)
    build_region(extract, maps, "nowhere")
    assert list(maps.glob(".building-*")) == []


def test_two_builds_of_one_map_do_not_mix(maps: Path, extract: Path) -> None:
    before = content(maps)
    with (
        regions.alone(maps, "nowhere"),
        pytest.raises(RegionError, match=rf"another process works on it \(pid {os.getpid()}\)"),
    ):
        build_region(extract, maps, "nowhere")
    assert content(maps) == before


def test_a_map_of_another_version_is_refused_with_what_to_do(maps: Path) -> None:
    manifest = maps / "nowhere" / MANIFEST
    tree = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**tree, "format": 99, "places": "a new kind of thing"}))
    with pytest.raises(RegionError, match=r"another version .*`alpenglow map add FILE.osm.pbf --name nowhere`"):
        regions.open_region(maps, "nowhere")
    usable, problems = regions.installed(maps)
    assert (usable, len(problems)) == ([], 1)


@pytest.mark.parametrize(
    "file", [MANIFEST, "roads.npz", "places.sqlite", "map.pmtiles", "valhalla.tar", "chargers.json"]
)
def test_a_map_of_which_something_is_missing_or_cut_short_is_refused(maps: Path, file: str) -> None:
    path = maps / "nowhere" / file
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(RegionError, match=f"is damaged, {file}"):
        regions.open_region(maps, "nowhere")
    path.unlink()
    with pytest.raises(RegionError, match=f"is damaged, (its )?{file}"):
        regions.open_region(maps, "nowhere")


def test_a_map_is_removed_also_when_it_is_damaged(maps: Path) -> None:
    (maps / "nowhere" / MANIFEST).unlink()
    assert regions.remove(maps, "nowhere") > 0
    assert regions.names(maps) == []
    with pytest.raises(RegionError, match="there is no map 'nowhere'; none is installed yet"):
        regions.remove(maps, "nowhere")


@pytest.mark.parametrize("name", ["", "..", "a/b", ".x", "Ä", "x" * 65, "A B"])
def test_a_name_that_would_lead_elsewhere_is_refused(maps: Path, extract: Path, name: str) -> None:
    for act in (lambda: regions.open_region(maps, name), lambda: build_region(extract, maps, name)):
        with pytest.raises(RegionError, match="cannot be a map's name"):
            act()


def test_the_smallest_of_the_maps_that_hold_a_place_is_taken(maps: Path, extract: Path, tmp_path: Path) -> None:
    build_region(village(tmp_path / "larger.osm.pbf", side=8), maps, "larger")
    found, problems = regions.installed(maps)
    assert problems == []

    def at(up: float, across: float) -> str | None:
        region: Region | None = regions.covering(found, SOUTH + up, WEST + across)
        return region and region.name

    assert at(0.001, 0.001) == "nowhere"
    assert at(0.013, 0.013) == "larger"
    assert at(1.0, 1.0) is None
