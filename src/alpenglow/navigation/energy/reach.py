"""How far the battery goes on the road network."""

from alpenglow.navigation.api import Area
from alpenglow.navigation.roads.paths import Costs, Network
from alpenglow.navigation.roads.snapping import Snap


def reachable(network: Network, costs: Costs, start: Snap, energy_j: float, charge_left: float = 0.0) -> Area:
    """Where `energy_j` of the battery's content takes the car from `start`, as outlines."""
    raise NotImplementedError
