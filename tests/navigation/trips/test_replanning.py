"""A drive beside its plan: when to plan anew, what is to blame, and what the driver is told."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from alpenglow.navigation.energy.model import Conditions
from alpenglow.navigation.energy.speeds import SpeedProfile
from alpenglow.navigation.trips.explaining import explain
from alpenglow.navigation.trips.legs import KWH
from alpenglow.navigation.trips.plan import Planned
from alpenglow.navigation.trips.planner import Planner
from alpenglow.navigation.trips.replanning import Observed, Progress, Watch, causes, expected
from alpenglow.navigation.trips.wording import LANGUAGES, words
from tests.navigation.andorra import BORDER, CAPITAL
from tests.navigation.trips.test_planner import ARINSAL, PAS_DE_LA_CASA, maps, planner, request

__all__ = ["maps"]

DAY = Conditions(charge_pct=60.0)


def plan(maps: Path, conditions: Conditions = DAY) -> tuple[Planner, Planned]:
    subject = planner(maps)
    return subject, subject.plan(request(BORDER, PAS_DE_LA_CASA), conditions)


def taken(planned: Planned, at_m: float) -> float:
    """kWh that the plan has for the first metres."""
    assert planned.found is not None
    (piece,) = planned.found.legs[0].pieces
    gone = np.concatenate(([0.0], np.cumsum(piece.driven.energy_j))) / KWH
    return float(np.interp(at_m, piece.profile.distance_m, gone))


def progress(planned: Planned, at_m: float, times: float = 1.0) -> Progress:
    used = times * taken(planned, at_m)
    return Progress(at_m, planned.trip.departure_charge - 100.0 * used / planned.full, (used,))


def test_a_drive_as_planned_arrives_as_planned(maps: Path) -> None:
    _, planned = plan(maps)
    for at_m in (1000.0, 8000.0, 20000.0):
        result = expected(planned, progress(planned, at_m))
        assert not result.replan
        assert result.arrival_pct == pytest.approx(planned.trip.arrival_charge, abs=0.2)
        assert result.used_kwh == pytest.approx(result.planned_kwh)


def test_a_drive_that_takes_half_as_much_again_is_planned_anew_but_not_over_and_over(maps: Path) -> None:
    _, planned = plan(maps)
    watch = Watch(planned, 0.0)
    assert watch.update(progress(planned, 500.0, 1.6), 300.0) is None  # too early to tell
    result = watch.update(progress(planned, 9000.0, 1.6), 700.0)
    assert result is not None
    assert result.arrival_pct < planned.trip.arrival_charge - 3.0
    assert watch.update(progress(planned, 9100.0, 1.6), 710.0) is None
    assert watch.update(progress(planned, 11000.0, 1.6), 900.0) is not None


def test_what_must_be_kept_calls_for_a_new_plan_even_where_little_departs(maps: Path) -> None:
    subject = planner(maps)
    trip = subject.plan(request(BORDER, PAS_DE_LA_CASA), Conditions(charge_pct=60.0)).trip
    close = 10.2 + trip.departure_charge - trip.arrival_charge
    planned = subject.plan(request(BORDER, PAS_DE_LA_CASA), Conditions(charge_pct=close + 1.0))
    assert planned.trip.feasible
    assert not planned.trip.stops
    assert expected(planned, progress(planned, 9000.0, 1.3)).replan


def test_a_leg_that_the_plan_does_not_have_is_an_error(maps: Path) -> None:
    _, planned = plan(maps)
    with pytest.raises(ValueError, match="no leg 1"):
        expected(planned, Progress(0.0, 50.0, (1.0, 0.0)))


def driven(subject: Planner, planned: Planned, at_m: float, conditions: Conditions, times: float = 1.0) -> Progress:
    """What the model says of a drive of the first metres under other conditions, at other speeds."""
    assert planned.found is not None
    (piece,) = planned.found.legs[0].pieces
    profile = piece.profile
    slower = replace(profile, speed_ms=profile.speed_ms * times, time_s=profile.time_s / times)
    model = subject.model.along(slower, conditions)
    used = float(np.interp(at_m, profile.distance_m[1:], np.cumsum(model.energy_j))) / KWH
    return Progress(at_m, 50.0, (used,))


def speeds(profile: SpeedProfile, times: float) -> tuple[np.ndarray, np.ndarray]:
    return profile.distance_m, profile.speed_ms * times


@pytest.mark.parametrize(
    ("reason", "text", "change"),
    [
        ("headwind", "headwind: +", {"headwind_ms": 8.0}),
        ("headwind", "tailwind: −", {"headwind_ms": -8.0}),
        ("temperature", "temperature: +", {"outside_c": -10.0}),
        ("climate", "heating and cooling: +", {"climate_w": 4000.0}),
        ("load", "load: +", {"people": 5, "load_kg": 150.0}),
    ],
)
def test_the_cause_that_was_there_is_the_one_that_is_told(
    maps: Path, reason: str, text: str, change: dict[str, float]
) -> None:
    subject, planned = plan(maps)
    met = replace(DAY, **change)  # type: ignore[arg-type]
    behind = driven(subject, planned, 12000.0, met)
    first, *others = causes(subject.model, planned, behind, Observed(met), words("en"))
    assert first.reason == reason
    assert first.text.startswith(text)
    assert abs(first.share) > 0.02
    assert all(abs(other.share) < 0.02 for other in others)
    planned_kwh = taken(planned, 12000.0)
    assert behind.used_kwh[0] == pytest.approx(planned_kwh * (1.0 + sum(c.share for c in (first, *others))), rel=0.03)


def test_speed_is_a_cause_and_traffic_another_name_for_it(maps: Path) -> None:
    subject, planned = plan(maps)
    assert planned.found is not None
    profile = planned.found.legs[0].pieces[0].profile
    behind = driven(subject, planned, 12000.0, DAY, 1.35)
    observed = Observed(DAY, *speeds(profile, 1.35))
    assert causes(subject.model, planned, behind, observed, words("en"))[0].reason == "speed"
    assert causes(subject.model, planned, behind, replace(observed, traffic=True), words("en"))[0].reason == "traffic"


def test_what_the_model_does_not_explain_is_other(maps: Path) -> None:
    subject, planned = plan(maps)
    behind = progress(planned, 12000.0, 1.2)
    (only,) = causes(subject.model, planned, behind, Observed(DAY), words("en"))
    assert only.reason == "other"
    assert only.share == pytest.approx(0.2, abs=0.02)


def test_a_plan_is_explained_in_every_language(maps: Path) -> None:
    subject = planner(maps)
    asked, low = request(BORDER, PAS_DE_LA_CASA), Conditions(charge_pct=14.0, outside_c=-5.0)
    told = {}
    for language in LANGUAGES:
        planned = subject.plan(asked, low, language)
        (stop,) = planned.trip.stops
        told[language] = explain(planned, words(language)).sentences
        text = " ".join(told[language])
        assert stop.charger.name in text
        assert words(language).percent(stop.departure_charge) in text
        assert words(language).height(round(planned.trip.legs[0].climb_m + planned.trip.legs[1].climb_m, -1)) in text
        assert "{" not in text
    assert "Without charging" in told["en"][1]
    assert len(set(map(len, told.values()))) == 1


def test_a_drive_is_explained_with_its_causes(maps: Path) -> None:
    subject, planned = plan(maps)
    met = replace(DAY, headwind_ms=8.0)
    behind = driven(subject, planned, 12000.0, met)
    drive = expected(planned, behind)
    found = causes(subject.model, planned, behind, Observed(met), words("de"))
    told = explain(planned, words("de"), drive, found)
    assert told.used_kwh > told.planned_kwh
    assert "mehr als die geplanten" in told.sentences[0]
    assert told.sentences[1].startswith("Gegenwind: +")
    assert told.causes == found
    fine = explain(planned, words("en"), expected(planned, progress(planned, 5000.0)))
    assert "as planned" in fine.sentences[0]


def test_a_trip_that_cannot_be_done_is_explained_by_its_problem(maps: Path) -> None:
    planned = planner(maps).plan(request(CAPITAL, ARINSAL), Conditions(charge_pct=2.0), "zh")
    told = explain(planned, words("zh"))
    assert told.sentences[0] == planned.trip.problem
    assert planned.trip.problem.startswith("2%")
