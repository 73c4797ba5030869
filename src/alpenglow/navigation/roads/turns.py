"""Restricted turns: copies of nodes and edges, so that a plain shortest path obeys them.

An edge that may not be followed by every other ends at a copy of its node, from where copies of the permitted edges
go on. Those end at copies as well, from where everything but turning round goes on: otherwise a path would drive a few
metres past the forbidden turn, turn round and come back.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from alpenglow.navigation.roads.graph import Ints


@dataclass(frozen=True)
class Turned:
    """The graph with its copies: edges first as they were given, then the copies."""

    start: Ints
    end: Ints
    base: Ints  # the edge that each copies; itself
    plain: Ints  # the node that each node copies; itself


def copies(
    start: Ints,
    end: Ints,
    twin: Ints,
    way_id: Ints,
    restrictions: Iterable[tuple[int, int, int, bool]],
    nodes: int,
) -> Turned:
    """Add what `restrictions` need: from way, via node, to way, and whether that is the only turn allowed."""
    out: dict[int, list[int]] = {}
    for edge, node in enumerate(start.tolist()):
        out.setdefault(node, []).append(edge)
    arriving: dict[tuple[int, int], list[int]] = {}
    for edge, key in enumerate(zip(way_id.tolist(), end.tolist(), strict=True)):
        arriving.setdefault(key, []).append(edge)
    forbidden: dict[int, set[int]] = {}
    for way, via, to, only in restrictions:
        following = out.get(via, [])
        meant = {e for e in following if way_id[e] == to}
        for edge in arriving.get((way, via), []):
            back = {int(twin[edge])}
            if only:
                wrong = set(following) - meant if meant else set()
            else:
                wrong = meant if way != to else meant & back
                if len(wrong - back) > 1:
                    continue  # the way goes on through the node: which turn is meant is not said
            if wrong:
                forbidden.setdefault(edge, set()).update(wrong)
    allowed = {edge: _allowed(edge, wrong, end, twin, out) for edge, wrong in forbidden.items()}
    for edges in list(allowed.values()):
        for edge in edges:
            if edge not in allowed:
                after = _allowed(edge, set(), end, twin, out)
                if after != out.get(int(end[edge]), []):
                    allowed[edge] = after
    state = {edge: nodes + i for i, edge in enumerate(allowed)}
    ends = end.copy()
    for edge, node in state.items():
        ends[edge] = node
    more = [(state[edge], after) for edge, afters in allowed.items() for after in afters]
    extra = np.array([after for _, after in more], np.int64)
    return Turned(
        np.concatenate((start, np.array([node for node, _ in more], np.int64))),
        np.concatenate((ends, ends[extra])),
        np.concatenate((np.arange(len(start)), extra)),
        np.concatenate((np.arange(nodes), end[np.array(list(allowed), np.int64)])),
    )


def _allowed(edge: int, wrong: set[int], end: Ints, twin: Ints, out: dict[int, list[int]]) -> list[int]:
    """The edges that may follow `edge`; turning round only where nothing else is left."""
    following = [e for e in out.get(int(end[edge]), []) if e not in wrong]
    onward = [e for e in following if e != twin[edge]]
    return onward or following
