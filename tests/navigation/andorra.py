"""The roads of Andorra, made once and kept for tests and benchmarks of the room."""

import functools
import tempfile
from pathlib import Path

import numpy as np
import pytest

from alpenglow.navigation.energy.car import load_car
from alpenglow.navigation.energy.model import Conditions, EnergyModel
from alpenglow.navigation.region.heights import Heights
from alpenglow.navigation.region.reading import read
from alpenglow.navigation.roads.building import build_graph
from alpenglow.navigation.roads.graph import Floats, Roads
from alpenglow.navigation.roads.paths import Network
from alpenglow.navigation.roads.snapping import Snap, Snapper

LINES = Path(read.__code__.co_filename).parents[2] / "lines"
CAPITAL = (42.5063, 1.5218)  # Andorra la Vella
PASS = (42.5402, 1.7336)  # Port d'Envalira, 2,408 m: the highest road of the Pyrenees
BORDER = (42.4360, 1.4720)  # at the river to Spain, 840 m


class Country:
    """One region with all that searches need."""

    def __init__(self, maps: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            reading = read(maps / "andorra.osm.pbf", Path(folder) / "features")
        self.raw = raw = reading.roads
        self.stations = reading.chargers
        self.roads: Roads = build_graph(raw, Heights([maps / "N42E001.hgt.zip"]))
        self.network = Network(self.roads)
        self.snapper = Snapper(self.roads)
        self.model = EnergyModel(load_car(LINES / "aurora" / "car.toml"))
        self.costs = self.model.edge_costs(self.roads, Conditions())

    def snap(self, place: tuple[float, float]) -> Snap:
        """The road nearest to a place."""
        found = self.snapper.nearest(*place)
        assert found is not None
        return found

    def time_weights(self) -> Floats:
        """Prices of the fastest way."""
        return self.network.weights(self.costs, "fastest")

    def trips(self, count: int, seed: int = 1, least_m: float = 0.0) -> list[tuple[Snap, Snap]]:
        """Pairs of places on proper roads of the main network, at least so far apart as the crow flies."""
        roads, dice = self.roads, np.random.default_rng(seed)
        open_to_all = (roads.component[roads.start] == 0) & (roads.component[roads.end] == 0) & (roads.road_class <= 8)
        choice = np.flatnonzero(open_to_all & (roads.base == np.arange(roads.edges)))
        found: list[tuple[Snap, Snap]] = []
        while len(found) < count:
            a, b = (int(e) for e in dice.choice(choice, 2))
            places = [(float(roads.lat[roads.offset[e]]), float(roads.lon[roads.offset[e]])) for e in (a, b)]
            metres = 111e3 * float(np.hypot(places[0][0] - places[1][0], (places[0][1] - places[1][1]) * 0.737))
            if metres >= max(least_m, 100.0):
                found.append((self.snap(places[0]), self.snap(places[1])))
        return found


@functools.cache
def country(maps: Path) -> Country:
    """Andorra from `maps`; skips the test where the map is not there."""
    if not (maps / "andorra.osm.pbf").exists():
        pytest.skip("the map of Andorra is not here")
    return Country(maps)
