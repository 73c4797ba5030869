"""Heights above sea level from SRTM tiles: `.hgt` files of one degree by one degree, or such files zipped.

The file's name is its south-west corner (`N42E001.hgt`). It holds big-endian signed metres, row by row from the north,
and its edges are its neighbours' edges: 1201 × 1201 for three arc seconds, 3601 × 3601 for one. −32768 is a void.
"""

import math
import re
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alpenglow.navigation.region.problems import RegionError

type Floats = NDArray[np.float64]

_NAME = re.compile(r"([NS])(\d{2})([EW])(\d{3})", re.IGNORECASE)
_VOID = -32768
_SIDES = (1201, 3601)


class Heights:
    """Heights of the tiles that were given."""

    def __init__(self, files: Sequence[Path]) -> None:
        """Look at the names; a tile is read when it is first asked for. Raises RegionError."""
        self._files = {_corner(file): file for file in files}
        self._tiles: dict[tuple[int, int], NDArray[np.float32]] = {}

    def __bool__(self) -> bool:
        return bool(self._files)

    def at(self, lat: Floats, lon: Floats) -> Floats:
        """Metres at each point, between the four posts around it; NaN where there are none. Raises RegionError."""
        lat, lon = np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64)
        heights = np.full(lat.shape, np.nan)
        # A point on a common edge may belong to a tile that is not there, and then lies in its neighbour as well.
        for south, west in self._files:
            inside = np.isnan(heights) & (lat >= south) & (lat <= south + 1) & (lon >= west) & (lon <= west + 1)
            if inside.any():
                heights[inside] = _between(self._tile(south, west), lat[inside] - south, lon[inside] - west)
        return heights

    def _tile(self, south: int, west: int) -> NDArray[np.float32]:
        tile = self._tiles.get((south, west))
        if tile is None:
            tile = self._tiles[south, west] = _read(self._files[south, west])
        return tile


def _corner(file: Path) -> tuple[int, int]:
    """South and west edge in degrees, from the name."""
    found = _NAME.match(file.name)
    if not found or not file.name.lower().endswith((".hgt", ".hgt.zip", ".zip")):
        raise RegionError(f"{file}: is not an elevation tile; those are called like N42E001.hgt or N42E001.hgt.zip")
    south, west = int(found[2]), int(found[4])
    return (south if found[1].upper() == "N" else -south, west if found[3].upper() == "E" else -west)


def _read(file: Path) -> NDArray[np.float32]:
    content = _content(file)
    side = math.isqrt(len(content) // 2)
    if side not in _SIDES or len(content) != 2 * side * side:
        raise RegionError(f"{file}: has {len(content):,} bytes, and an elevation tile has 2,884,802 or 25,934,402")
    posts = np.frombuffer(content, dtype=">i2").reshape(side, side)
    heights = posts[::-1].astype(np.float32)  # from the south
    heights[heights == _VOID] = np.nan
    return heights


def _content(file: Path) -> bytes:
    try:
        if file.suffix.lower() != ".zip":
            return file.read_bytes()
        with zipfile.ZipFile(file) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(".hgt")]
            if len(names) != 1:
                raise RegionError(f"{file}: holds {len(names)} .hgt files, not one")
            return archive.read(names[0])
    except OSError as error:
        raise RegionError(f"{file}: {error.strerror or error}") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise RegionError(f"{file}: is damaged; fetch it again") from None


def _between(tile: NDArray[np.float32], north: Floats, east: Floats) -> Floats:
    """Bilinear; a void among the four posts with a weight makes it NaN."""
    last = tile.shape[0] - 1
    row, column = north * last, east * last
    below = np.clip(row.astype(np.int64), 0, last - 1)
    left = np.clip(column.astype(np.int64), 0, last - 1)
    up, right = row - below, column - left
    height = np.zeros(row.shape)
    for post, weight in (
        (tile[below, left], (1 - up) * (1 - right)),
        (tile[below, left + 1], (1 - up) * right),
        (tile[below + 1, left], up * (1 - right)),
        (tile[below + 1, left + 1], up * right),
    ):
        height += np.where(weight > 0, post * weight, 0.0)
    return height
