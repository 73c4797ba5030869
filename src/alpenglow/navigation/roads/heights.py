"""Heights along roads, made smooth before anybody takes a slope from them.

A grid of heights with 30 or 90 m between its points says how high the hillside is, not the road cut into it, and knows
neither tunnels nor bridges. So all points' heights are found at once, as those that are both near the grid's and even
along the roads: least squares over the whole network,

    sum w (h - z)² + curvature² · sum (change of slope)² + evenness² · sum (slope)² in tunnels and on bridges

where w is the road's length about a point, and 0 in tunnels and on bridges. Slopes that no road of the kind has are
the grid's noise: it is solved again with those held at the steepest, and with less belief in the grid there.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy.sparse import csc_array, diags_array
from scipy.sparse.linalg import splu

from alpenglow.navigation.roads.graph import Floats, Ints

_CURVATURE = 50.0**2  # m²: what changes within some 300 m along the road counts as noise
_EVENNESS = 3.0  # m: of tunnels and bridges
_STIFFNESS = 0.05  # of `_CURVATURE` is left there, so that they are straight and not curves
_ROUNDS = 8
_HELD = 60.0  # m: of a slope that is held
_DOUBT = 0.3  # belief in the grid that is left about a slope that is held, each time


def smooth(
    ground: Floats,
    chains: Sequence[Ints],
    spans: Sequence[bool],
    steepest: Sequence[float],
    lengths: Sequence[Floats],
    joins: Ints,
) -> Floats:
    """Heights of points, in metres.

    `ground`: what the grid says of each, NaN where nothing; `chains`: the points of each road in order; `spans`:
    whether it is a tunnel or a bridge; `steepest`: the slope beyond which it does not go; `lengths`: metres between
    the points of each chain; `joins`: (k, 3) points where one chain goes on as another: before, between, after.
    """
    known = ~np.isnan(ground)
    if not known.any():
        return np.zeros(len(ground))
    n = len(ground)
    first = np.concatenate([c[:-1] for c in chains])
    second = np.concatenate([c[1:] for c in chains])
    metres = np.maximum(np.concatenate(lengths), 0.5)
    spanning = np.concatenate([np.full(len(d), s) for d, s in zip(lengths, spans, strict=True)])
    weight = np.zeros(n)
    np.add.at(weight, first[~spanning], metres[~spanning] / 2)
    np.add.at(weight, second[~spanning], metres[~spanning] / 2)
    weight[~known] = 0.0
    z = np.where(known, ground, float(np.nanmean(ground)))
    pairs = zip(first.tolist(), second.tolist(), strict=True)
    bend = _bending(n, chains, spans, lengths, joins, dict(zip(pairs, metres.tolist(), strict=True)))
    slope = _slopes(n, first, second, metres)
    scale = np.where(spanning, _EVENNESS, 1e-2) * np.sqrt(metres)  # a trace of it everywhere: no point hangs loose
    even = diags_array(scale) @ slope
    fixed = (bend.T @ bend) + (even.T @ even)
    limit = np.concatenate([np.full(len(d), s) for d, s in zip(lengths, steepest, strict=True)])
    held = np.zeros(len(metres))  # the slope at which each gap is held, 0 for free
    heights = z
    for _ in range(_ROUNDS):
        stiff = np.where(held != 0.0, _HELD, 0.0) * np.sqrt(metres)
        hold = diags_array(stiff) @ slope
        system = csc_array(fixed + (hold.T @ hold) + diags_array(weight + 1e-7))
        wanted = (weight + 1e-7) * z + hold.T @ (stiff * held)
        heights = splu(system, permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True}).solve(wanted)
        steep = slope @ heights
        over = np.abs(steep) > 1.03 * limit
        if not over.any():
            break
        held[over] = np.sign(steep[over]) * limit[over]
        weight[np.unique(np.concatenate((first[over], second[over])))] *= _DOUBT
    return np.asarray(heights, np.float64)


def _slopes(n: int, first: Ints, second: Ints, metres: Floats) -> csc_array:
    rows = np.arange(len(first))
    values = np.concatenate((-1.0 / metres, 1.0 / metres))
    return csc_array((values, (np.tile(rows, 2), np.concatenate((first, second)))), shape=(len(first), n))


def _bending(
    n: int,
    chains: Sequence[Ints],
    spans: Sequence[bool],
    lengths: Sequence[Floats],
    joins: Ints,
    metres: dict[tuple[int, int], float],
) -> csc_array:
    """The change of slope at each inner point, weighted so that its square is an integral along the road."""
    points, gaps, stiff = [joins], [], [np.ones(len(joins))]
    between = [[metres.get((p, q)) or metres[q, p] for p, q in pairwise(t)] for t in joins.tolist()]
    gaps.append(np.array(between).reshape(-1, 2))
    for chain, span, length in zip(chains, spans, lengths, strict=True):
        if len(chain) > 2:
            points.append(np.stack((chain[:-2], chain[1:-1], chain[2:]), axis=1))
            gaps.append(np.stack((length[:-1], length[1:]), axis=1))
            stiff.append(np.full(len(chain) - 2, _STIFFNESS if span else 1.0))
    at = np.concatenate(points)
    before, after = np.maximum(np.concatenate(gaps), 0.5).T
    factor = _CURVATURE * np.concatenate(stiff) / np.sqrt((before + after) / 2)
    rows = np.tile(np.arange(len(at)), 3)
    values = np.concatenate((factor / before, -factor * (1 / before + 1 / after), factor / after))
    return csc_array((values, (rows, at.T.ravel())), shape=(len(at), n))
