"""Heights come from SRTM tiles, are even between their posts, and unknown where there are none."""

import zipfile
from pathlib import Path

import numpy as np
import osmium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.navigation.region.heights import Heights
from alpenglow.navigation.region.problems import RegionError

SIDE = 1201
VOID = -32768


def write_tile(folder: Path, name: str, posts: np.ndarray) -> Path:
    """A tile whose rows run from the south."""
    path = folder / name
    path.write_bytes(posts[::-1].astype(">i2").tobytes())
    return path


def at(heights: Heights, lat: float, lon: float) -> float:
    return float(heights.at(np.array([lat]), np.array([lon]))[0])


@pytest.fixture(scope="module")
def slope(tmp_path_factory: pytest.TempPathFactory) -> Heights:
    """Rises by a metre a post to the north and by two to the east: even, so that every place is known exactly."""
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    return Heights([write_tile(tmp_path_factory.mktemp("slope"), "N10W005.hgt", rows + 2 * columns)])


@given(st.floats(0, 1), st.floats(0, 1))
def test_between_the_posts_it_is_even(slope: Heights, north: float, east: float) -> None:
    expected = (SIDE - 1) * (north + 2 * east)
    assert at(slope, 10 + north, -5 + east) == pytest.approx(expected, abs=1e-3)


def test_outside_every_tile_it_is_unknown(slope: Heights) -> None:
    assert np.isnan(at(slope, 9.999, -4.5))
    assert np.isnan(at(slope, 10.5, -3.999))


def test_a_void_spreads_no_farther_than_its_own_posts(tmp_path: Path) -> None:
    posts = np.full((SIDE, SIDE), 100)
    posts[600, 600] = VOID
    heights = Heights([write_tile(tmp_path, "S01E000.hgt", posts)])
    assert np.isnan(at(heights, -1 + 600.5 / 1200, 600.5 / 1200))
    assert at(heights, -1 + 602 / 1200, 600 / 1200) == 100
    assert at(heights, -1 + 601 / 1200, 601 / 1200) == 100


def test_an_edge_is_found_whichever_of_its_two_tiles_is_there(tmp_path: Path) -> None:
    west = write_tile(tmp_path, "N00E000.hgt", np.full((SIDE, SIDE), 7))
    east = write_tile(tmp_path, "N00E001.hgt", np.full((SIDE, SIDE), 7))
    for tiles in ([west], [east], [west, east], [east, west]):
        assert at(Heights(tiles), 0.5, 1.0) == 7


def test_a_tile_of_one_arc_second_is_read_too(tmp_path: Path) -> None:
    fine = write_tile(tmp_path, "N00E000.hgt", np.full((3601, 3601), 42))
    assert at(Heights([fine]), 0.123, 0.456) == 42


def test_a_real_tile_has_the_real_heights(shared_data: Path) -> None:
    heights = Heights([shared_data / "maps" / "N42E001.hgt.zip"])
    assert at(heights, 42.5063, 1.5218) == pytest.approx(1013, abs=20)  # Andorra la Vella
    saddles = osmium.filter.TagFilter(("natural", "saddle"))
    surveyed = [
        (node.lat, node.lon, float(node.tags["ele"]))
        for node in osmium.FileProcessor(shared_data / "maps" / "andorra.osm.pbf", osmium.osm.NODE).with_filter(saddles)
        if node.tags.get("ele", "").isdigit() and 42 < node.lat < 43 and 1 < node.lon < 2
    ]
    lat, lon, metres = np.array(surveyed).T
    assert len(metres) > 20
    assert np.median(np.abs(heights.at(lat, lon) - metres)) < 15  # flat across the saddle, so posts beside it will do


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("readme.txt", b"", "is not an elevation tile"),
        ("N42E001.hgt", b"\0" * 1000, "has 1,000 bytes"),
        ("N42E001.hgt.zip", b"no archive", "is damaged"),
    ],
)
def test_what_is_no_tile_is_said_in_one_line(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RegionError, match=says):
        at(Heights([tmp_path / name]), 42.5, 1.5)


def test_an_archive_without_a_tile_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "N42E001.hgt.zip", "w") as archive:
        archive.writestr("readme.txt", "nothing")
    with pytest.raises(RegionError, match="holds 0"):
        at(Heights([tmp_path / "N42E001.hgt.zip"]), 42.5, 1.5)
