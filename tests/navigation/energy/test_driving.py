"""What is planned is what the simulated car uses, and what another model of the same car says."""

from pathlib import Path

import pytest

from alpenglow.navigation.energy.model import Conditions, Driven
from alpenglow.navigation.energy.speeds import SpeedProfile, profile
from alpenglow.vehicle.ev.parameters import load_parameters
from tests.navigation.andorra import BORDER, CAPITAL, LINES, PASS, Country, country
from tests.navigation.energy.driving import drive, on_cycle

PARAMETERS = load_parameters(LINES / "aurora" / "car.toml")
ENCAMP = (42.5345, 1.5801)
SOLDEU = (42.5763, 1.6676)


@pytest.fixture
def andorra(shared_data: Path) -> Country:
    return country(shared_data / "maps")


def planned(
    andorra: Country, start: tuple[float, float], end: tuple[float, float], conditions: Conditions
) -> tuple[SpeedProfile, Driven]:
    network = andorra.network
    path = network.find(andorra.snap(start), andorra.snap(end), andorra.time_weights())
    speeds = profile(andorra.roads, path, network.line(path))
    return speeds, andorra.model.along(speeds, conditions)


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("start", "end", "conditions"),
    [
        (CAPITAL, ENCAMP, Conditions(charge_pct=50.0)),
        (SOLDEU, ENCAMP, Conditions(charge_pct=70.0, outside_c=8.0, people=3, load_kg=80.0)),
        (ENCAMP, BORDER, Conditions(charge_pct=40.0, outside_c=-6.0, cabin_c=-6.0, headwind_ms=4.0)),
    ],
    ids=["up", "down", "winter"],
)
def test_the_simulated_car_uses_what_was_planned(
    andorra: Country, start: tuple[float, float], end: tuple[float, float], conditions: Conditions
) -> None:
    speeds, plan = planned(andorra, start, end, conditions)
    driven = drive(PARAMETERS, speeds, conditions)
    print(f"{plan.total_j / 3.6e6:.3f} kWh planned, {driven.content_j / 3.6e6:.3f} used")
    assert driven.seconds == pytest.approx(speeds.duration_s, rel=0.02)
    # Downhill the net is a small difference of large amounts: there the error is measured on what was won back.
    allowed = 0.05 * max(driven.content_j, plan.won_back_j if driven.content_j < 0.0 else 0.0)
    assert plan.total_j == pytest.approx(driven.content_j, abs=allowed)
    assert plan.terminals_j == pytest.approx(driven.terminals_j, abs=allowed)
    assert plan.charge_pct[-1] == pytest.approx(driven.charge_pct, abs=0.3)
    assert plan.battery_c == pytest.approx(driven.battery_c, abs=0.5)


def test_climbing_and_coming_down_again_wins_much_of_it_back(andorra: Country) -> None:
    _, up = planned(andorra, CAPITAL, PASS, Conditions(charge_pct=60.0))
    _, down = planned(andorra, PASS, CAPITAL, Conditions(charge_pct=45.0))
    climbed = up.parts_j["climb"] + up.parts_j["descent"]
    assert climbed == pytest.approx(1700.0 * 9.81 * (2300.0 - 1000.0), rel=0.2), "J over the pass"
    assert down.total_j < 0.0, "the way down charges the battery"
    assert down.won_back_j > 0.5 * climbed, "and wins back most of the height"
    assert down.charge_pct[-1] > 45.0
    assert up.won_back_j < 0.75 * down.won_back_j


def test_a_full_battery_takes_nothing_back(andorra: Country) -> None:
    _, half = planned(andorra, PASS, CAPITAL, Conditions(charge_pct=50.0))
    _, full = planned(andorra, PASS, CAPITAL, Conditions(charge_pct=100.0))
    assert full.charge_pct.max() <= 100.1
    assert full.friction_j > 10.0 * max(half.friction_j, 1e5), "the brakes do it instead"
    assert full.won_back_j < 0.4 * half.won_back_j


def test_a_cold_battery_takes_less_back(andorra: Country) -> None:
    _, warm = planned(andorra, PASS, CAPITAL, Conditions(charge_pct=50.0, outside_c=0.0, battery_c=25.0))
    _, cold = planned(andorra, PASS, CAPITAL, Conditions(charge_pct=50.0, outside_c=0.0, battery_c=-10.0))
    assert cold.won_back_j < warm.won_back_j
    assert cold.friction_j > warm.friction_j


def test_the_parts_add_up_and_say_what_costs(andorra: Country) -> None:
    calm = Conditions(charge_pct=70.0, outside_c=20.0)
    _, plain = planned(andorra, CAPITAL, SOLDEU, calm)
    assert sum(plain.parts_j.values()) == pytest.approx(plain.total_j)
    assert plain.charge_pct[0] - plain.charge_pct[-1] == pytest.approx(
        100.0 * plain.total_j / andorra.model.car.usable_j
    )
    _, windy = planned(andorra, CAPITAL, SOLDEU, Conditions(charge_pct=70.0, headwind_ms=8.0))
    assert windy.parts_j["wind"] > 0.3e6 > plain.parts_j["wind"]
    _, cold = planned(andorra, CAPITAL, SOLDEU, Conditions(charge_pct=70.0, outside_c=-10.0, cabin_c=-10.0))
    assert cold.parts_j["climate"] > 3.0 * plain.parts_j["climate"]
    _, wet = planned(andorra, CAPITAL, SOLDEU, Conditions(charge_pct=70.0, rolling=1.15))
    assert wet.parts_j["rolling"] == pytest.approx(1.15 * plain.parts_j["rolling"])
    for worse in (windy, cold, wet):
        assert worse.total_j > plain.total_j


def test_a_wind_over_the_land_is_for_some_and_against_others(andorra: Country) -> None:
    wind = Conditions(charge_pct=70.0, wind_ms=10.0, wind_from_deg=45.0)
    _, north_east = planned(andorra, CAPITAL, SOLDEU, wind)
    _, south_west = planned(andorra, SOLDEU, CAPITAL, wind)
    assert north_east.parts_j["wind"] > 0.0 > south_west.parts_j["wind"]


def test_an_emptier_battery_pays_more_for_the_same_work(andorra: Country) -> None:
    _, high = planned(andorra, CAPITAL, ENCAMP, Conditions(charge_pct=90.0))
    _, low = planned(andorra, CAPITAL, ENCAMP, Conditions(charge_pct=12.0))
    assert low.total_j > 1.08 * high.total_j


def test_warming_the_battery_for_charging_costs_energy(andorra: Country) -> None:
    conditions = Conditions(charge_pct=60.0, outside_c=5.0)
    speeds, plain = planned(andorra, CAPITAL, SOLDEU, conditions)
    warmed = andorra.model.along(speeds, conditions, prepare_s=speeds.duration_s - 900.0)
    assert warmed.battery_c > plain.battery_c + 3.0
    assert warmed.total_j - plain.total_j == pytest.approx(900.0 * 2500.0 / 0.95, rel=0.1)


@pytest.mark.parametrize("name", ["udds.csv", "hwfet.csv"])
def test_energy_on_a_cycle_is_that_of_the_published_car(name: str) -> None:
    pytest.importorskip("fastsim")
    ours, oracle, metres = on_cycle(name)
    print(f"{name}: {ours / metres / 3.6:.1f} Wh/km, FASTSim {oracle / metres / 3.6:.1f} Wh/km")
    assert ours == pytest.approx(oracle, rel=0.10)
