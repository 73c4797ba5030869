"""Valhalla can follow our paths, so that it can name their manoeuvres."""

from pathlib import Path

import pytest

from alpenglow.navigation.guidance.manoeuvres import encode
from alpenglow.navigation.region.building import build_region
from alpenglow.navigation.region.regions import open_region
from tests.navigation.andorra import country


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_our_paths_can_be_followed(shared_data: Path, tmp_path: Path) -> None:
    valhalla = pytest.importorskip("valhalla")
    andorra = country(shared_data / "maps")
    build_region(shared_data / "maps" / "andorra.osm.pbf", tmp_path, "andorra")
    router = valhalla.Actor(open_region(tmp_path, "andorra").routing_config())
    weights = andorra.time_weights()
    strays = []
    for start, end in andorra.trips(30, seed=11, least_m=1500.0):
        line = andorra.network.line(andorra.network.find(start, end, weights))
        request = {
            "encoded_polyline": encode(list(zip(line.lat.tolist(), line.lon.tolist(), strict=True))),
            "costing": "auto",
            "shape_match": "walk_or_snap",
        }
        legs = router.trace_route(request)["trip"]["legs"]
        assert len(legs) == 1
        metres = legs[0]["summary"]["length"] * 1000.0
        strays.append(abs(metres / float(line.distance_m[-1]) - 1.0))
    assert max(strays) < 0.02, f"of the length: {sorted(strays)[-5:]}"
