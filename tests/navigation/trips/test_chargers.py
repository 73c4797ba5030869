"""What a station of the map is to this car."""

from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from alpenglow.navigation.api import Position
from alpenglow.navigation.region.chargers import Station
from alpenglow.navigation.roads.snapping import Snap
from alpenglow.navigation.trips.chargers import ChargersError, Status, load_chargers, usable
from alpenglow.navigation.trips.pool import MOST, Candidate, near

CAR = frozenset({"ccs", "type2"})


def station(plugs: list[str], outputs: dict[str, float], power_kw: float = 0.0, points: int = 1) -> Station:
    where = Position(latitude=42.5, longitude=1.5)
    known = bool(plugs) and bool(outputs)
    return Station(
        id="n1", name="", position=where, plugs=plugs, power_kw=power_kw, known=known, points=points, outputs=outputs
    )


def test_the_strongest_plug_that_fits_is_used() -> None:
    found = usable(station(["type2", "ccs", "chademo"], {"type2": 22.0, "ccs": 50.0, "chademo": 100.0}, 100.0), CAR)
    assert found is not None
    assert (found.plug, found.power_kw, found.direct, found.charger.known) == ("ccs", 50.0, True, True)
    assert found.charger.power_kw == 50.0


def test_a_station_without_a_plug_that_fits_cannot_be_used() -> None:
    assert usable(station(["chademo"], {"chademo": 50.0}, 50.0), CAR) is None
    assert usable(station(["type2"], {"type2": 22.0}, 22.0), frozenset({"ccs"})) is None


def test_another_name_of_the_same_plug_fits() -> None:
    found = usable(station(["tesla_ccs"], {"tesla_ccs": 150.0}, 150.0), CAR)
    assert found is not None
    assert found.direct


@pytest.mark.parametrize(
    ("plugs", "power_kw", "expected"), [([], 0.0, 11.0), (["ccs"], 0.0, 50.0), ([], 22.0, 22.0), (["type2"], 7.0, 7.0)]
)
def test_what_the_map_does_not_know_is_assumed_and_marked(plugs: list[str], power_kw: float, expected: float) -> None:
    found = usable(station(plugs, {}, power_kw), CAR)
    assert found is not None
    assert found.power_kw == expected
    assert not found.charger.known


def test_another_plugs_power_is_not_taken_for_this_ones() -> None:
    found = usable(station(["type2", "chademo"], {"chademo": 50.0}, 50.0), CAR)
    assert found is not None
    assert (found.plug, found.power_kw) == ("type2", 11.0)


def test_a_queue_takes_its_time_and_more_points_shorten_it() -> None:
    def waiting(points: int, status: Status) -> float:
        found = usable(station(["ccs"], {"ccs": 50.0}, 50.0, points), CAR, status)
        assert found is not None
        return found.waiting_s

    assert waiting(1, Status("available")) == 0.0
    assert waiting(1, Status("busy")) > waiting(4, Status("busy")) > 0.0
    assert waiting(2, Status("busy", 2)) > waiting(2, Status("busy", 1)) > waiting(2, Status("busy"))
    assert usable(station(["ccs"], {}, 50.0), CAR, Status("out_of_order")) is None


def test_a_file_that_is_missing_or_damaged_is_named(tmp_path: Path) -> None:
    with pytest.raises(ChargersError, match=r"none\.json: No such file"):
        load_chargers(tmp_path / "none.json")
    (tmp_path / "bad.json").write_text('[{"id": 3}]')
    with pytest.raises(ChargersError, match=r"bad\.json: .*add the map again"):
        load_chargers(tmp_path / "bad.json")


def test_of_too_many_stations_those_near_the_way_are_kept_on_all_of_it() -> None:
    def at(lat: float, lon: float, power_kw: float) -> Candidate:
        plug = "ccs" if power_kw > 22.0 else "type2"
        place = station([plug], {plug: power_kw}, power_kw)
        found = usable(msgspec.structs.replace(place, position=Position(lat, lon)), CAR)
        assert found is not None
        return Candidate(found, Snap(0, 0.0, lat, lon, 0.0), 0.0, 0.0)

    many = [at(42.0 + 0.02 * n, 1.0 + 0.05 * (n % 3), 50.0) for n in range(100)]
    far = [at(48.0, 8.0, 150.0)] * 50
    chosen = near([*many, *far], [Position(42.0, 1.0), Position(44.0, 1.0)])
    assert len(chosen) == MOST
    latitudes = sorted(c.station.charger.position.latitude for c in chosen)
    assert latitudes[0] < 42.2
    assert latitudes[-1] > 43.8
    assert max(b - a for a, b in pairwise(latitudes)) < 0.2
