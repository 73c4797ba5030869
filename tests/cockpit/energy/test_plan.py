"""When a plan charges: in time, in the cheap hours alone, and honest about what cannot be reached."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.cockpit.api import ChargingPlan
from alpenglow.cockpit.energy.plan import Decision, Need, decide

BERLIN = ZoneInfo("Europe/Berlin")
CLOCKS = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59))
ZONES = st.sampled_from([BERLIN, ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York"), ZoneInfo("UTC")])
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
USABLE = 63.4 * 3.6e6
NEEDS = st.builds(
    Need,
    percent=st.floats(0.0, 100.0),
    limit=st.floats(50.0, 100.0),
    usable=st.just(USABLE),
    power=st.floats(1_000.0, 22_000.0),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def night(now: str, percent: float = 50.0, power: float | None = 6_500.0, begun: bool = False) -> Decision:
    plan = ChargingPlan(mode="READY_BY", ready_by="07:00")
    need = Need(percent=percent, limit=80.0, usable=USABLE, power=power, begun=begun)
    return decide(plan, need, at(now), BERLIN)


def test_a_car_that_is_ready_by_seven_begins_as_late_as_it_can() -> None:
    decision = night("2026-11-22T19:00")
    assert not decision.charge
    # 30 % of 63.4 kWh at 6.5 kW, a tenth longer, ten minutes to spare
    assert decision.begins is not None
    assert decision.begins == pytest.approx(at("2026-11-23T03:37"), abs=timedelta(minutes=1))
    assert decision.until == at("2026-11-23T07:00")
    assert night("2026-11-23T03:38").charge


def test_what_cannot_be_reached_is_begun_at_once_and_said() -> None:
    need = Need(percent=10.0, limit=80.0, usable=USABLE, power=6_500.0)
    decision = decide(ChargingPlan(mode="READY_BY"), need, at("2026-11-23T05:00"), BERLIN)
    assert decision.charge
    assert decision.percent == pytest.approx(10.0 + 2 * 6.5 / 63.4 * 100.0)
    assert decision.reached(need) is False


def test_what_was_begun_goes_on_past_the_departure() -> None:
    assert night("2026-11-23T07:01", begun=True).charge
    assert not night("2026-11-23T07:01").charge


def test_a_charger_of_unknown_power_is_not_waited_for() -> None:
    decision = night("2026-11-22T19:00", power=None)
    assert decision.charge
    assert decision.percent is None


@pytest.mark.parametrize(
    ("now", "charges"),
    [("2026-11-22T21:59", False), ("2026-11-22T22:00", True), ("2026-11-23T05:59", True), ("2026-11-23T06:00", False)],
)
def test_cheap_hours_over_midnight(now: str, charges: bool) -> None:
    need = Need(percent=50.0, limit=80.0, usable=USABLE, power=6_500.0)
    assert decide(ChargingPlan(mode="HOURS"), need, at(now), BERLIN).charge is charges


def test_cheap_hours_that_are_too_short_say_how_far_they_reach() -> None:
    need = Need(percent=10.0, limit=100.0, usable=USABLE, power=6_500.0)
    decision = decide(ChargingPlan(mode="HOURS", start="01:00", end="03:00"), need, at("2026-11-22T20:00"), BERLIN)
    assert decision.percent == pytest.approx(10.0 + 2 * 6.5 / 63.4 * 100.0)
    assert decision.reached(need) is False


def test_the_night_on_which_the_clock_jumps_has_an_hour_more_to_charge() -> None:
    plan = ChargingPlan(mode="HOURS", start="00:00", end="06:00")
    need = Need(percent=0.0, limit=100.0, usable=USABLE, power=6_500.0)

    def percent(evening: str) -> float:
        return decide(plan, need, at(evening), BERLIN).percent or 0.0

    usual, autumn, spring = (percent(f"2026-{day}T23:00") for day in ("10-23", "10-24", "03-28"))
    hour = 6.5 / 63.4 * 100.0
    assert (autumn - usual, usual - spring) == (pytest.approx(hour), pytest.approx(hour))


@given(CLOCKS, NEEDS, MOMENTS, ZONES)
def test_a_plan_that_waits_for_a_departure_still_makes_it(
    ready_by: str, need: Need, now: datetime, zone: ZoneInfo
) -> None:
    decision = decide(ChargingPlan(mode="READY_BY", ready_by=ready_by), need, now, zone)
    assert decision.until is not None
    ahead = decision.until.timestamp() - now.timestamp()
    assert 0.0 < ahead <= 26 * 3600.0
    if not decision.charge:
        assert decision.begins is not None
        assert decision.begins.timestamp() > now.timestamp()
        assert decision.begins.timestamp() + (need.seconds() or 0.0) <= decision.until.timestamp()
        assert decision.reached(need)


@given(CLOCKS, CLOCKS, NEEDS, MOMENTS, ZONES)
def test_in_the_cheap_hours_it_charges_and_outside_it_waits_for_them(
    start: str, end: str, need: Need, now: datetime, zone: ZoneInfo
) -> None:
    decision = decide(ChargingPlan(mode="HOURS", start=start, end=end), need, now, zone)
    clock = now.astimezone(zone).strftime("%H:%M")
    inside = start <= clock < end if start < end else clock >= start or clock < end
    jumps = {(now + timedelta(days=d)).astimezone(zone).utcoffset() for d in (-2, 0, 2)}
    if len(jumps) == 1:  # on the two nights a year an hour is missing or comes twice
        assert decision.charge is (inside or start == end)
    if not decision.charge:
        assert decision.begins is not None
        assert decision.until is not None
        assert now.timestamp() < decision.begins.timestamp() <= decision.until.timestamp()


@given(NEEDS, MOMENTS)
def test_without_a_plan_it_charges(need: Need, now: datetime) -> None:
    assert decide(ChargingPlan(), need, now) == Decision(charge=True)
