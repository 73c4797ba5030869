"""An extract is fetched whole and right, from where it stopped, or it is not kept."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from alpenglow.navigation.region.fetching import fetch
from alpenglow.navigation.region.problems import RegionError
from tests.navigation.region.mirror import Mirror

PBF = "/europe/nowhere-latest.osm.pbf"
CONTENT = random.Random(5).randbytes(3_000_000)


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    with Mirror({PBF: CONTENT}) as mirror:
        mirror.offer("europe/nowhere", "europe/andorra")
        yield mirror


@pytest.mark.parametrize("region", ["europe/nowhere", "nowhere", "Nowhere", "/europe/nowhere/"])
def test_a_region_is_found_by_path_and_by_name(mirror: Mirror, tmp_path: Path, region: str) -> None:
    reports: list[tuple[int, int]] = []
    got = fetch(region, tmp_path, mirror.url, lambda done, total: reports.append((done, total)))
    assert got.name == "nowhere-latest.osm.pbf"
    assert got.read_bytes() == CONTENT
    assert reports == sorted(reports)
    assert reports[-1] == (len(CONTENT), len(CONTENT))
    assert [path.name for path in tmp_path.iterdir()] == [got.name]


def test_what_broke_off_is_taken_up_again_where_it_stopped(mirror: Mirror, tmp_path: Path) -> None:
    mirror.breaks_after = [1_000_000, 500_000]
    assert fetch("europe/nowhere", tmp_path, mirror.url).read_bytes() == CONTENT
    assert mirror.ranges_of(PBF) == ["", "bytes=1000000-", "bytes=1500000-"]


def test_a_server_that_keeps_breaking_off_is_left_and_what_came_is_kept_for_the_next_time(
    mirror: Mirror, tmp_path: Path
) -> None:
    mirror.breaks_after = [1_200_000, *([0] * 9)]
    with pytest.raises(RegionError, match="what has arrived is kept, the same command goes on"):
        fetch("europe/nowhere", tmp_path, mirror.url)
    mirror.breaks_after, mirror.asked = [], []
    assert fetch("europe/nowhere", tmp_path, mirror.url).read_bytes() == CONTENT
    assert mirror.ranges_of(PBF) == ["bytes=1200000-"]


def test_a_server_that_knows_no_ranges_gives_all_of_it_again(mirror: Mirror, tmp_path: Path) -> None:
    mirror.breaks_after, mirror.takes_ranges = [1_000_000], False
    assert fetch("europe/nowhere", tmp_path, mirror.url).read_bytes() == CONTENT


def test_data_of_yesterday_is_not_continued_with_that_of_today(mirror: Mirror, tmp_path: Path) -> None:
    mirror.breaks_after = [1_200_000, *([0] * 9)]
    with pytest.raises(RegionError):
        fetch("europe/nowhere", tmp_path, mirror.url)
    today = bytes(reversed(CONTENT))
    mirror.files[PBF], mirror.breaks_after, mirror.asked = today, [], []
    assert fetch("europe/nowhere", tmp_path, mirror.url).read_bytes() == today
    assert mirror.ranges_of(PBF) == [""]
    assert len(list(tmp_path.iterdir())) == 1


def test_what_is_there_and_right_is_not_fetched_again(mirror: Mirror, tmp_path: Path) -> None:
    fetch("europe/nowhere", tmp_path, mirror.url)
    mirror.asked = []
    fetch("europe/nowhere", tmp_path, mirror.url)
    assert mirror.ranges_of(PBF) == []


def test_a_part_that_a_power_cut_spoilt_is_fetched_anew(mirror: Mirror, tmp_path: Path) -> None:
    mirror.breaks_after = [1_200_000, *([0] * 9)]
    with pytest.raises(RegionError):
        fetch("europe/nowhere", tmp_path, mirror.url)
    (part,) = tmp_path.glob("*.part")
    part.write_bytes(bytes(part.stat().st_size))
    mirror.breaks_after = []
    assert fetch("europe/nowhere", tmp_path, mirror.url).read_bytes() == CONTENT


def test_what_does_not_match_its_sum_is_not_kept(mirror: Mirror, tmp_path: Path) -> None:
    mirror.sums[PBF] = "0" * 32
    with pytest.raises(RegionError, match="nothing of it was kept"):
        fetch("europe/nowhere", tmp_path, mirror.url)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("region", "says"),
    [
        ("europe/atlantis", "there is no such region"),
        ("nowheer", "has no region 'nowheer'; did you mean nowhere"),
        ("xyzzy", "has no region 'xyzzy'$"),
        ("", "which region"),
        ("europe/../../etc/passwd", "there is no such region"),
    ],
)
def test_a_region_that_is_not_there_is_said_so(mirror: Mirror, tmp_path: Path, region: str, says: str) -> None:
    with pytest.raises(RegionError, match=says):
        fetch(region, tmp_path, mirror.url)


@pytest.mark.parametrize("base", ["http://127.0.0.1:1", "ftp://127.0.0.1/x", "nonsense", "file:///etc"])
def test_a_server_that_cannot_be_reached_is_named(tmp_path: Path, base: str) -> None:
    with pytest.raises(RegionError, match="cannot be reached"):
        fetch("europe/nowhere", tmp_path, base)


@pytest.mark.parametrize("path", ["/index-v1-nogeom.json", f"{PBF}.md5"])
def test_a_server_that_talks_nonsense_is_not_believed(mirror: Mirror, tmp_path: Path, path: str) -> None:
    mirror.files[path] = b'{"features": "<html>"}'
    with pytest.raises(RegionError, match=r"cannot be read|is no MD5 sum"):
        fetch("nowhere", tmp_path, mirror.url)
