"""Outlines of a set of places: cells about them, and the rings around the cells."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_closing, binary_dilation, generate_binary_structure, label

from alpenglow.navigation.roads.geometry import EARTH_M
from alpenglow.navigation.roads.graph import Floats

type Mask = NDArray[np.bool_]

_CELL_M = 60.0
_MOST_CELLS = 700  # along one side; farther places get larger cells
_SMALL = 12  # cells of a hole that nobody wants to see


def rings(lat: Floats, lon: Floats) -> list[list[tuple[float, float]]]:
    """Closed rings of [longitude, latitude] about the places: outlines anticlockwise, holes clockwise."""
    if not len(lat):
        return []
    metres = np.radians(1.0) * EARTH_M
    scale = float(np.cos(np.radians(lat.mean())))
    south, west = float(lat.min()), float(lon.min())
    x, y = (lon - west) * metres * scale, (lat - south) * metres
    cell = max(_CELL_M, float(max(x.max(), y.max())) / _MOST_CELLS)
    columns, rows = (x / cell).astype(np.int64) + 3, (y / cell).astype(np.int64) + 3
    mask = np.zeros((int(rows.max()) + 4, int(columns.max()) + 4), bool)
    mask[rows, columns] = True
    mask = _filled(binary_closing(binary_dilation(mask, generate_binary_structure(2, 2)), iterations=1))
    return [
        [(west + (c - 3.0) * cell / metres / scale, south + (r - 3.0) * cell / metres) for c, r in ring]
        for ring in trace(mask)
    ]


def _filled(mask: Mask) -> Mask:
    """`mask` without its smallest holes."""
    holes, count = label(~mask)
    if not count:
        return mask
    sizes = np.bincount(holes.ravel())
    small = sizes < _SMALL
    small[0] = False
    return np.asarray(mask | small[holes])


def trace(mask: Mask) -> list[list[tuple[float, float]]]:
    """Closed rings of (column, row) around the true cells of `mask`, whose border is false.

    A ring runs through the middles of the cells' sides, so that stairs become slants, and keeps the inside at its left.
    """
    after: dict[tuple[int, int], list[tuple[int, int]]] = {}

    def side(rows: NDArray[np.int64], columns: NDArray[np.int64], begin: tuple[int, int], end: tuple[int, int]) -> None:
        for r, c in zip(rows.tolist(), columns.tolist(), strict=True):
            after.setdefault((c + begin[0], r + begin[1]), []).append((c + end[0], r + end[1]))

    inner = mask[1:-1, 1:-1]
    for other, begin, end in (
        (mask[:-2, 1:-1], (0, 0), (1, 0)),
        (mask[1:-1, 2:], (1, 0), (1, 1)),
        (mask[2:, 1:-1], (1, 1), (0, 1)),
        (mask[1:-1, :-2], (0, 1), (0, 0)),
    ):
        rows, columns = np.nonzero(inner & ~other)
        side(rows + 1, columns + 1, begin, end)
    result = []
    while after:
        start = next(iter(after))
        here, came = start, (0, 0)
        corners = []
        while True:
            choices = after[here]
            # Where two cells touch at a corner, stay with the one whose side we came along: turn left.
            onward = choices[0]
            if len(choices) > 1:
                left = (here[0] - came[1], here[1] + came[0])
                onward = left if left in choices else choices[0]
            choices.remove(onward)
            if not choices:
                del after[here]
            corners.append(((here[0] + onward[0]) / 2, (here[1] + onward[1]) / 2))
            came = (onward[0] - here[0], onward[1] - here[1])
            here = onward
            if here == start:
                break
        result.append(_straight(corners))
    return result


def _straight(ring: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """`ring` closed, without points on straight lines."""
    kept = []
    for i, (x, y) in enumerate(ring):
        (px, py), (nx, ny) = ring[i - 1], ring[(i + 1) % len(ring)]
        if (x - px) * (ny - y) != (y - py) * (nx - x):
            kept.append((x, y))
    return [*kept, kept[0]]
