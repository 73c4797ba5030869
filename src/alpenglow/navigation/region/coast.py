"""The sea, which no map holds as a surface: only its coastlines, drawn with the land on their left.

Within a box the sea is what lies on their right: each coastline that crosses the box is followed to where it leaves,
then the box's edge clockwise to where the next one enters, until the way is closed. Islands are holes in it.
"""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

type Point = tuple[float, float]  # longitude, latitude
type Line = list[Point]
type Polygon = list[Line]  # the outer ring, then its holes


class Box(NamedTuple):
    """West, south, east, north in degrees."""

    west: float
    south: float
    east: float
    north: float


class Coastline(NamedTuple):
    """One way of the map: its nodes and where they are."""

    nodes: Sequence[int]
    points: Line


def seas(coastlines: Sequence[Coastline], box: Box) -> list[Polygon]:
    """The sea in the box; nothing where no coast is."""
    crossing: list[Line] = []
    rings: list[Line] = []
    for chain in _joined(coastlines):
        if chain[0] == chain[-1] and all(_inside(point, box) for point in chain):
            rings.append(chain)
        else:
            crossing += _clipped(_from_outside(chain, box), box)
    outlines = _closed(crossing, box)
    islands = [ring for ring in rings if _area(ring) > 0]
    outlines += [ring for ring in rings if _area(ring) < 0]
    if not crossing and islands:  # an island alone in the box
        outlines.append([*_corners(box), _corners(box)[0]])
    return [[outline, *(island for island in islands if _holds(outline, island[0]))] for outline in outlines]


def _joined(coastlines: Sequence[Coastline]) -> list[Line]:
    """Ways put together where one ends at the node at which another begins."""
    starting = {line.nodes[0]: line for line in coastlines if len(line.nodes) > 1}
    continued = {line.nodes[-1] for line in starting.values()}
    chains = []
    # Those that nothing leads to first; what is left after them are rings.
    for first in sorted(starting, key=lambda node: node in continued):
        line = starting.pop(first, None)
        if line is None:
            continue
        chain, last = list(line.points), line.nodes[-1]
        while last != first and (more := starting.pop(last, None)):
            chain += more.points[1:]
            last = more.nodes[-1]
        chains.append(chain)
    return chains


def _from_outside(chain: Line, box: Box) -> Line:
    """A ring turned round so that it begins outside; an end within an extract's box led straight to its edge."""
    if chain[0] == chain[-1]:
        outside = next((at for at, point in enumerate(chain) if not _inside(point, box)), 0)
        return chain[outside:-1] + chain[: outside + 1]
    start = [_to_edge(chain[0], box)] if _inside(chain[0], box) else []
    end = [_to_edge(chain[-1], box)] if _inside(chain[-1], box) else []
    return start + chain + end


def _to_edge(point: Point, box: Box) -> Point:
    lon, lat = point
    ways = {
        lon - box.west: (box.west, lat),
        box.east - lon: (box.east, lat),
        lat - box.south: (lon, box.south),
        box.north - lat: (lon, box.north),
    }
    return ways[min(ways)]


def _clipped(line: Line, box: Box) -> list[Line]:
    """The parts of a line within the box; each begins and ends on its edge."""
    parts: list[Line] = []
    part: Line = []
    for start, end in itertools.pairwise(line):
        span = _span(start, end, box)
        if span is None:
            continue
        enter, leave = (_on(start, end, share) for share in span)
        if not part or part[-1] != enter:
            part = [enter]
            parts.append(part)
        if leave != enter:
            part.append(leave)
    return [part for part in parts if len(part) > 1]


def _span(start: Point, end: Point, box: Box) -> tuple[float, float] | None:
    """From which to which share of the segment it lies in the box (Liang and Barsky 1984)."""
    low, high = 0.0, 1.0
    across, up = end[0] - start[0], end[1] - start[1]
    for direction, room in (
        (-across, start[0] - box.west),
        (across, box.east - start[0]),
        (-up, start[1] - box.south),
        (up, box.north - start[1]),
    ):
        if direction == 0:
            if room < 0:
                return None
        elif direction < 0:
            low = max(low, room / direction)
        else:
            high = min(high, room / direction)
    return (low, high) if low <= high else None


def _on(start: Point, end: Point, share: float) -> Point:
    if share in (0.0, 1.0):
        return end if share else start
    return (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))


def _closed(crossing: list[Line], box: Box) -> list[Line]:
    """Rings of sea: along the coast, and along the box's edge clockwise to the next coast."""
    entering = sorted((_clockwise(line[0], box), at) for at, line in enumerate(crossing))
    rings = []
    left = set(range(len(crossing)))
    while left:
        first = at = min(left)
        ring: Line = []
        while at in left:
            left.discard(at)
            ring += crossing[at]
            leaves = _clockwise(crossing[at][-1], box)
            enters, following = next(((where, i) for where, i in entering if where >= leaves), entering[0])
            ring += _corners_between(leaves, enters, box)
            at = following
        ring.append(crossing[first][0])
        rings.append(ring)
    return rings


def _clockwise(point: Point, box: Box) -> float:
    """How far round the box's edge a point on it lies: 0 to 1 along the north, then east, south, west."""
    lon, lat = point
    across = (lon - box.west) / (box.east - box.west)
    up = (lat - box.south) / (box.north - box.south)
    sides = {1 - up: across, 1 - across: 2 - up, up: 3 - across, across: 3 + up}
    return sides[min(sides)]


def _corners_between(leaves: float, enters: float, box: Box) -> Line:
    """The box's corners that are passed on the way round."""
    if enters < leaves:
        enters += 4
    corners = _corners(box)  # at 0, 1, 2, 3
    return [corners[at % 4] for at in range(9) if leaves < at < enters]


def _corners(box: Box) -> Line:
    return [(box.west, box.north), (box.east, box.north), (box.east, box.south), (box.west, box.south)]


def _inside(point: Point, box: Box) -> bool:
    return box.west < point[0] < box.east and box.south < point[1] < box.north


def _area(ring: Line) -> float:
    """In square degrees, negative where the ring runs clockwise."""
    pairs = itertools.pairwise(ring)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) / 2


def _holds(ring: Line, point: Point) -> bool:
    """Whether the point lies within, by the crossings of a ray to the east."""
    lon, lat = point
    within = False
    for a, b in itertools.pairwise(ring):
        if (a[1] > lat) != (b[1] > lat) and lon < a[0] + (lat - a[1]) / (b[1] - a[1]) * (b[0] - a[0]):
            within = not within
    return within
