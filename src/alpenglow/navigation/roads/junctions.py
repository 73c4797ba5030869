"""How fast junctions are passed, and who gives way.

Each node has one speed, that of the straightest way through it, so that the energy of motion at a node does not depend
on the path; an edge that must give way or wait at lights begins or ends slower than that.
"""

from dataclasses import dataclass

import numpy as np

from alpenglow.navigation.roads import flow, geometry
from alpenglow.navigation.roads.graph import FERRY, GIVE_WAY, LINK, ROUNDABOUT, SIGNAL, Floats, Ints, RoadClass

_STRAIGHT = 60.0  # degrees: what bends less is one road that goes on


@dataclass(frozen=True)
class Junctions:
    """Speeds in m/s."""

    node: Floats  # through each node
    entry: Floats  # of each edge at its start
    exit: Floats  # of each edge at its end
    flags: Ints  # SIGNAL, GIVE_WAY of each edge


def junctions(
    start: Ints,
    end: Ints,
    twin: Ints,
    road_class: Ints,
    flags: Ints,
    cruise: Floats,
    offset: Ints,
    lat: Floats,
    lon: Floats,
    signals: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
) -> Junctions:
    """The junctions of a graph of directed edges; `signals`: which nodes have lights."""
    count, nodes = len(start), len(signals)
    leaving, arriving = _bearings(offset, lat, lon)
    entry, exit_ = np.full(count, flow.DEAD_END_MS), np.full(count, flow.DEAD_END_MS)
    through = np.full(nodes, flow.DEAD_END_MS)
    added = np.zeros(count, int)
    importance = road_class + np.where(flags & LINK, 0.5, 0.0) + np.where(flags & FERRY, 50.0, 0.0)
    first, second = _pairs(start, end, twin, nodes)
    angle = np.abs(geometry.turn(arriving[first], leaving[second]))
    bend = flow.bend_speed(np.radians(angle) / geometry.BEND_M)
    pair = np.minimum(np.minimum(cruise[first], cruise[second]), bend)
    np.maximum.at(exit_, first, pair)
    np.maximum.at(entry, second, pair)
    np.maximum.at(through, end[first], pair)
    # A way through of more important roads makes the others wait; so does a roundabout for who comes into it.
    better = np.full(nodes, 99.0)
    ahead = angle < _STRAIGHT
    np.minimum.at(better, end[first][ahead], np.maximum(importance[first], importance[second])[ahead])
    ring = np.zeros(nodes, bool)
    ring[start[(flags & ROUNDABOUT) > 0]] = True
    enters = ring[end] & ((flags & ROUNDABOUT) == 0)
    waits = (better[end] + 1.0 <= importance) & (importance <= RoadClass.TRACK + 1) & ((flags & LINK) == 0) & ~enters
    exit_ = np.where(waits, np.minimum(exit_, flow.GIVE_WAY_MS), exit_)
    exit_ = np.where(enters, np.minimum(exit_, flow.ENTERING_MS), exit_)
    added |= np.where(waits | enters, GIVE_WAY, 0)
    lit = signals[end]
    exit_ = np.where(lit, np.minimum(exit_, flow.LIGHTS_MS), exit_)
    added |= np.where(lit, SIGNAL, 0)
    # Who leaves the more important road turns, whatever the angle of the way on from there.
    off = better[start] + 1.0 <= importance
    entry = np.where(off, np.minimum(entry, np.maximum(_turning(second, pair, count), 4.0)), entry)
    return Junctions(through, entry, exit_, added)


def _turning(second: Ints, pair: Floats, count: int) -> Floats:
    """The mean speed at which each edge is turned into."""
    total = np.bincount(second, pair, count)
    return np.asarray(total / np.maximum(np.bincount(second, minlength=count), 1))


def _bearings(offset: Ints, lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
    """Degrees in which each edge leaves its start, and arrives at its end: of its first and last `BEND_M`."""
    first, last = offset[:-1], offset[1:] - 1
    gaps = geometry.distances(lat, lon)
    gaps[last[:-1]] = 1.0  # between one edge and the next
    far = np.concatenate(([0.0], np.cumsum(gaps)))
    ahead = np.minimum(far[first] + geometry.BEND_M, far[last])
    behind = np.maximum(far[last] - geometry.BEND_M, far[first])
    places = [(np.interp(at, far, lat), np.interp(at, far, lon)) for at in (ahead, behind)]
    leaving = _bearing(lat[first], lon[first], *places[0])
    return leaving, _bearing(*places[1], lat[last], lon[last])


def _bearing(lat: Floats, lon: Floats, to_lat: Floats, to_lon: Floats) -> Floats:
    east = (to_lon - lon) * np.cos(np.radians(lat))
    return np.asarray(np.degrees(np.arctan2(east, to_lat - lat)) % 360.0)


def _pairs(start: Ints, end: Ints, twin: Ints, nodes: int) -> tuple[Ints, Ints]:
    """Every edge with every edge that may follow it, but for turning round."""
    order = np.argsort(start, kind="stable")
    counts = np.bincount(start, minlength=nodes)
    begin = np.concatenate(([0], np.cumsum(counts)))
    follow = counts[end]
    first = np.repeat(np.arange(len(start)), follow)
    inner = np.arange(len(first)) - np.repeat(np.cumsum(follow) - follow, follow)
    second = order[np.repeat(begin[end], follow) + inner]
    keep = second != twin[first]
    return first[keep], second[keep]
