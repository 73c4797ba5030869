"""How far the battery goes on the road network.

A place counts where its cheapest path, in energy, never needs more than there is on the way: a valley behind a pass
that the battery does not climb is out of reach, however much the way down would give back.
"""

import numpy as np

from alpenglow.navigation.api import Area
from alpenglow.navigation.energy.outline import rings
from alpenglow.navigation.roads.graph import Floats, Ints, Roads
from alpenglow.navigation.roads.paths import Costs, Network
from alpenglow.navigation.roads.snapping import Snap

_BARRED = 1e15  # J: the price of an edge that leads to where the battery is empty
_ROUNDS = 6


def reachable(network: Network, costs: Costs, start: Snap, energy_j: float, charge_left: float = 0.0) -> Area:
    """Where `energy_j` of the battery's content takes the car from `start`, as outlines."""
    roads = network.roads
    used = node_energy(network, costs, start, energy_j)
    share = _shares(roads, costs, used, energy_j)
    twin = int(roads.twin[start.edge])
    for edge, along in ((start.edge, start.along), (twin, 1.0 - start.along)):
        if edge >= 0:  # the car's own road, about the car
            share[edge] = max(share[edge], along if energy_j > 0.0 else 0.0)
    lat, lon = _reached(roads, share)
    return Area(
        charge_left=charge_left,
        rings=rings(np.append(lat, start.lat), np.append(lon, start.lon)),
        roads_m=_length(roads, share),
    )


def node_energy(network: Network, costs: Costs, start: Snap, energy_j: float) -> Floats:
    """J of content used from `start` to each node; infinite where `energy_j` does not suffice all along the way."""
    roads, potential = network.roads, costs.potential_j
    weights = costs.reduced_j(roads)
    first, last = potential[roads.start[start.edge]], potential[roads.end[start.edge]]
    here = first + start.along * (last - first)
    barred = np.zeros(roads.nodes, bool)
    used = np.full(roads.nodes, np.inf)
    for _ in range(_ROUNDS):
        price, _ = network.tree(start, weights)
        used = np.where(price < _BARRED, price - here + potential, np.inf)
        empty = np.isfinite(used) & (used > energy_j)
        used[empty] = np.inf
        if not (empty & ~barred).any():
            break
        barred |= empty
        weights = np.where(barred[roads.end], _BARRED, weights)
    return used


def _shares(roads: Roads, costs: Costs, used: Floats, energy_j: float) -> Floats:
    """How much of each edge can be driven, 0…1."""
    left = energy_j - used[roads.start]
    share = np.where(costs.energy_j > 0.0, left / np.maximum(costs.energy_j, 1.0), 1.0)
    return np.where(np.isfinite(left), np.clip(share, 0.0, 1.0), 0.0)


def _reached(roads: Roads, share: Floats) -> tuple[Floats, Floats]:
    edge = np.repeat(np.arange(roads.edges), np.diff(roads.offset))
    inside = (share[edge] > 0.0) & (roads.distance_m <= share[edge] * roads.length_m[edge])
    return roads.lat[inside], roads.lon[inside]


def _length(roads: Roads, share: Floats) -> float:
    """Metres of road that can be driven, both directions of a road counted once."""
    best = np.zeros(roads.edges)
    np.maximum.at(best, roads.base, share)
    kept: Ints = np.flatnonzero((roads.base == np.arange(roads.edges)) & ((roads.twin < 0) | (roads.twin > roads.base)))
    other = np.where(roads.twin[kept] >= 0, best[roads.twin[kept]], 0.0)
    return float(roads.length_m[kept] @ np.minimum(1.0, best[kept] + other))
