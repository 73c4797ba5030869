"""Nights in a garage: the plan holds charging back and lets it begin, through the door, and never against a person.

The garage stands for the car and the door, since a night has to pass in a second; the plan, the charge and the store
are real, and `test_process` has the real car.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from alpenglow.cockpit.api import ChargingPlan
from alpenglow.cockpit.energy.charger import CHARGING, SWITCH, Charger
from alpenglow.fabric import Failed, NoProvider, Outcome
from alpenglow.fabric.store import Store
from alpenglow.signals import Value

USABLE = 63.4 * 3.6e6
CABLE = f"{CHARGING}.ChargingPort.AnyPosition.IsChargingCableConnected"
PERCENT = "Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed"
POWER = "Vehicle.Powertrain.TractionBattery.CurrentPower"
NIGHT = ChargingPlan(mode="HOURS", start="22:00", end="06:00")
SEVEN = ChargingPlan(mode="READY_BY", ready_by="07:00")


class Garage:
    """A car, a cable and a clock."""

    def __init__(self, folder: Path, now: str = "2026-11-22T18:00", watts: float = 6_500.0) -> None:
        self.store = Store(folder, "cockpit")
        self.start = datetime.fromisoformat(now).astimezone().astimezone(UTC)
        self.seconds = 0.0
        self.watts = watts
        self.refuses = ""
        self.told: list[str] = []
        self.values: dict[str, Value] = {
            CABLE: False, SWITCH: "START", PERCENT: 50.0, f"{CHARGING}.ChargeLimit": 80, POWER: 0.0,
            f"{CHARGING}.IsCharging": False,
        }  # fmt: skip
        self.charger = self.begin()

    def begin(self) -> Charger:
        """A process that starts with what is on disk."""
        cockpit: Any = SimpleNamespace(
            fabric=SimpleNamespace(
                read=lambda path: SimpleNamespace(value=self.values.get(path)), actuate=self.actuate
            ),
            store=self.store,
            room=SimpleNamespace(log=SimpleNamespace(error=print)),
        )
        self.charger = Charger(cockpit, USABLE)
        return self.charger

    async def actuate(self, path: str, value: Value) -> Outcome:
        assert path == SWITCH
        if self.refuses == "silence":
            raise NoProvider("the car cannot be reached")
        if self.refuses:
            return Outcome(state="refused", path=path, message=self.refuses)
        self.told.append(str(value))
        self.values[SWITCH] = value
        return Outcome(state="confirmed", path=path, value=value)

    @property
    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.seconds)

    @property
    def clock(self) -> str:
        return self.now.astimezone().strftime("%H:%M")

    @property
    def percent(self) -> float:
        value = self.values[PERCENT]
        assert isinstance(value, float)
        return value

    def plug(self) -> None:
        self.values[CABLE] = True

    def unplug(self) -> None:
        self.values[CABLE] = False

    async def live(self, seconds: float, step: float = 1.0) -> None:
        for _ in range(round(seconds / step)):
            self.seconds += step
            limit = self.values[f"{CHARGING}.ChargeLimit"]
            assert isinstance(limit, int)
            flows = bool(self.values[CABLE]) and self.values[SWITCH] == "START" and self.percent < limit
            self.values[POWER] = self.watts if flows else 0.0
            self.values[f"{CHARGING}.IsCharging"] = flows and self.watts > 0.0
            if flows:
                self.values[PERCENT] = min(float(limit), self.percent + 100.0 * self.watts * step / USABLE)
            await self.charger.look(self.seconds, self.now)

    async def until(self, clock: str) -> None:
        while self.clock != clock:
            await self.live(5.0, 5.0)


@pytest.fixture
def garage(tmp_path: Path) -> Garage:
    return Garage(tmp_path)


async def test_without_a_plan_it_charges_to_the_limit_and_nobody_is_told_anything(garage: Garage) -> None:
    garage.plug()
    await garage.live(3 * 3600, 5.0)
    assert garage.percent == 80.0
    assert garage.charger.status() == "complete"
    assert garage.told == []
    session = garage.charger.session
    assert session is not None
    assert session.added == pytest.approx(0.3 * USABLE, rel=0.01)
    assert 2 < len(session.curve) <= 160
    assert [p.percent for p in session.curve] == sorted(p.percent for p in session.curve)


async def test_a_plan_waits_for_the_cheap_hours_and_no_longer(garage: Garage) -> None:
    await garage.charger.set_plan(NIGHT, garage.now)
    garage.plug()
    await garage.live(60)
    assert garage.charger.status() == "waiting"
    held_at = garage.percent
    await garage.until("21:58")
    assert garage.percent == held_at
    await garage.until("22:01")
    assert garage.charger.status() == "charging"
    await garage.until("06:10")
    assert garage.percent == 80.0


async def test_ready_by_seven_is_ready_by_seven_and_begins_late(garage: Garage) -> None:
    await garage.charger.set_plan(SEVEN, garage.now)
    garage.plug()
    await garage.until("03:00")
    assert garage.percent < 51.0
    await garage.until("06:55")
    assert garage.percent == 80.0


async def test_what_is_not_full_at_seven_goes_on(tmp_path: Path) -> None:
    garage = Garage(tmp_path, now="2026-11-23T06:00")
    await garage.charger.set_plan(SEVEN, garage.now)
    garage.plug()
    await garage.live(60)
    need = garage.charger.need()
    assert need is not None
    assert garage.charger.decision.reached(need) is False
    await garage.until("08:00")
    assert garage.percent > 65.0


async def test_a_restart_at_night_changes_nothing(garage: Garage) -> None:
    await garage.charger.set_plan(NIGHT, garage.now)
    garage.plug()
    await garage.live(60)
    garage.begin()
    await garage.live(60)
    assert garage.charger.status() == "waiting"
    assert garage.told == ["STOP"]
    await garage.until("22:01")
    garage.begin()
    await garage.live(60)
    assert garage.charger.status() == "charging"


async def test_a_fast_charger_is_never_held_back(tmp_path: Path) -> None:
    garage = Garage(tmp_path, watts=50_000.0)
    await garage.charger.set_plan(NIGHT, garage.now)
    garage.plug()
    await garage.live(600)
    assert garage.told == []
    assert garage.percent > 60.0


async def test_what_a_person_starts_goes_on_and_what_a_person_stops_stays(garage: Garage) -> None:
    await garage.charger.set_plan(NIGHT, garage.now)
    garage.plug()
    await garage.live(60)
    await garage.charger.charge_now(garage.seconds, garage.now)
    await garage.live(60)
    assert garage.charger.status() == "charging"
    await garage.charger.stop(garage.seconds, garage.now)
    await garage.until("22:30")
    assert garage.charger.status() == "stopped"
    await garage.charger.charge_by_plan(garage.seconds, garage.now)
    await garage.live(60)
    assert garage.charger.status() == "charging"


async def test_what_another_screen_or_a_voice_started_goes_on_too(garage: Garage) -> None:
    await garage.charger.set_plan(NIGHT, garage.now)
    garage.plug()
    await garage.live(60)
    garage.values[SWITCH] = "START"
    await garage.live(60)
    assert garage.charger.status() == "charging"
    assert garage.told == ["STOP"]


async def test_who_pulls_the_cable_finds_the_car_ready_to_charge_again(garage: Garage) -> None:
    await garage.charger.set_plan(NIGHT, garage.now)
    garage.plug()
    await garage.live(60)
    garage.unplug()
    await garage.live(60)
    assert garage.values[SWITCH] == "START"
    await garage.charger.set_plan(ChargingPlan(), garage.now)
    garage.plug()
    await garage.live(60)
    assert garage.charger.status() == "charging"


async def test_ending_the_plan_frees_what_it_held(garage: Garage) -> None:
    await garage.charger.set_plan(NIGHT, garage.now)
    garage.plug()
    await garage.live(60)
    await garage.charger.set_plan(ChargingPlan(), garage.now)
    await garage.live(60)
    assert garage.charger.status() == "charging"


@pytest.mark.parametrize("why", ["The flap is frozen.", "silence"])
async def test_a_car_that_does_not_obey_is_told_again_and_people_are_told_why(garage: Garage, why: str) -> None:
    garage.refuses = why
    await garage.charger.set_plan(NIGHT, garage.now)
    garage.plug()
    await garage.live(60)
    assert garage.charger.problem == ("the car cannot be reached" if why == "silence" else why)
    assert garage.charger.status() == "charging"
    with pytest.raises(Failed):
        await garage.charger.stop(garage.seconds, garage.now)
    garage.refuses = ""
    await garage.live(60)
    assert garage.charger.problem == ""
    assert garage.charger.status() == "waiting"


async def test_a_dead_charging_point_is_said_and_not_waited_for(tmp_path: Path) -> None:
    garage = Garage(tmp_path, watts=0.0)
    await garage.charger.set_plan(SEVEN, garage.now)
    garage.plug()
    await garage.live(120)
    assert garage.charger.status() == "no_power"
    garage.watts = 6_500.0
    await garage.live(10)
    assert garage.charger.status() == "charging"


async def test_two_who_look_at_once_tell_the_car_once(garage: Garage) -> None:
    await garage.charger.set_plan(NIGHT, garage.now)
    garage.plug()
    await garage.live(25)
    garage.told.clear()
    garage.values[SWITCH] = "START"
    garage.charger.session = None
    await garage.live(30)
    await asyncio.gather(*(garage.charger.look(garage.seconds + 1, garage.now) for _ in range(5)))
    assert garage.told == ["STOP"]


async def test_a_car_that_says_nothing_is_left_alone(garage: Garage) -> None:
    await garage.charger.set_plan(NIGHT, garage.now)
    garage.values.clear()
    await garage.charger.look(1.0, garage.now)
    assert garage.charger.status() == "unknown"
    assert garage.told == []
