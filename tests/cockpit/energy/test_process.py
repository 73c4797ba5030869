"""Energy in the whole car: what it drives and charges, over a crash of the cockpit."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from websockets.sync.client import connect

from tests.running import Stack

PATIENCE_S = 60.0
PLAN = {"mode": "HOURS", "ready_by": "07:00", "start": "00:00", "end": "00:00"}


class Driven:
    """The simulated car, driving laps by itself, and what its pages may ask."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def call(self, service: str, page: str = "centre", **arguments: Any) -> Any:
        """What a service answers; AssertionError with what it says instead."""
        with connect(self.stack.websocket_url(page)) as server:
            server.send(json.dumps({"op": "call", "id": 1, "service": service, "args": arguments}))
            while True:
                message = json.loads(server.recv(timeout=PATIENCE_S))
                if message["op"] == "result":
                    return message["result"]
                assert message["op"] not in ("error", "problem"), message

    def until[T](self, what: str, found: Callable[[], T | None]) -> T:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if (result := found()) is not None:
                return result
            time.sleep(0.3)
        raise AssertionError(f"in vain: {what}")

    def crash(self) -> None:
        """The cockpit is killed, and comes back by itself."""
        old = self.stack.pid("cockpit")
        os.kill(old, signal.SIGKILL)
        self.stack.until_back("cockpit", old)
        self.until("the cockpit answers", self.energy)

    def energy(self) -> Any:
        try:
            return self.call("cockpit.energy")
        except (OSError, AssertionError):
            return None


@pytest.fixture(scope="module")
def driving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driven]:
    with Stack(tmp_path_factory.mktemp("driving"), "--option", "demo=drive") as stack:
        yield Driven(stack)


@pytest.fixture(scope="module")
def parked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driven]:
    with Stack(tmp_path_factory.mktemp("parked")) as stack:
        yield Driven(stack)


def test_the_car_says_why_its_range_is_what_it_is(driving: Driven) -> None:
    def explained() -> Any:
        found = driving.call("cockpit.energy")
        return found if any(reason["cause"] == "speed" and reason["metres"] for reason in found["reasons"]) else None

    energy = driving.until("reasons after the first stretch of road", explained)
    added = sum(reason["metres"] for reason in energy["reasons"])
    assert energy["reference_m"] + added == pytest.approx(energy["range_m"], abs=1.0)


def test_a_trip_goes_on_over_a_crash_of_the_cockpit(driving: Driven) -> None:
    def trip() -> Any:
        trips = driving.call("cockpit.trips")
        return trips[0] if trips else None

    before = driving.until("a trip of more than a hundred metres", trip)
    assert before["ended"] == ""
    driving.call("cockpit.reset_trip_meter", meter="b")
    time.sleep(1.0)  # of road after the last thing that was kept
    driving.crash()
    after = driving.until("the trip", trip)
    assert after["id"] == before["id"]
    assert after["totals"]["metres"] >= before["totals"]["metres"]
    meters = {meter["name"]: meter["totals"]["metres"] for meter in driving.call("cockpit.energy")["meters"]}
    assert meters["b"] < meters["a"]


def test_a_trip_under_way_can_be_forgotten(driving: Driven) -> None:
    (trip,) = driving.until("a trip", lambda: driving.call("cockpit.trips") or None)
    driving.call("cockpit.drop_trip", trip=trip["id"])
    assert trip["id"] not in [each["id"] for each in driving.call("cockpit.trips")]
    with pytest.raises(AssertionError, match="no such trip"):
        driving.call("cockpit.drop_trip", trip=trip["id"])


def test_of_a_guests_drive_no_trip_is_kept_and_none_is_shown(driving: Driven) -> None:
    driving.until("a trip", lambda: driving.call("cockpit.trips") or None)
    driving.call("cockpit.switch_profile", profile="guest")
    names = driving.until("the guest's meters", lambda: guests_meters(driving))
    assert names == ["charge"]
    for service, arguments in (("trips", {}), ("drop_trip", {"trip": "x"}), ("reset_trip_meter", {"meter": "a"})):
        with pytest.raises(AssertionError, match="NotPermitted"):
            driving.call(f"cockpit.{service}", **arguments)
    time.sleep(2.0)  # of the guest's driving
    driving.call("cockpit.switch_profile", profile="owner")
    ended = driving.until(
        "the trip before, ended", lambda: [t for t in driving.call("cockpit.trips") if t["ended"]] or None
    )
    assert ended[0]["totals"]["metres"] >= 100.0


def guests_meters(car: Driven) -> list[str] | None:
    names = [meter["name"] for meter in car.call("cockpit.energy")["meters"]]
    return names if len(names) == 1 else None


def test_without_a_cable_nothing_charges(parked: Driven) -> None:
    assert parked.call("cockpit.energy")["charging"]["status"] == "unplugged"
    with pytest.raises(AssertionError, match="no charging cable"):
        parked.call("cockpit.charge", how="NOW")


@pytest.mark.parametrize("wrong", [{"mode": "NEVER"}, {"start": "24:00"}, {"ready_by": "7"}, {"end": "aa:bb"}])
def test_a_plan_that_makes_no_sense_is_refused(parked: Driven, wrong: dict[str, str]) -> None:
    with pytest.raises(AssertionError, match="BadArguments"):
        parked.call("cockpit.set_charging_plan", plan=PLAN | wrong)


def charging(car: Driven, *status: str) -> Any:
    def found() -> Any:
        energy = car.energy()
        return energy["charging"] if energy and energy["charging"]["status"] in status else None

    return car.until(f"charging is {status}", found)


@pytest.mark.slow
def test_the_plan_holds_the_real_cars_charge_back_also_over_a_crash(parked: Driven) -> None:
    later = datetime.now() + timedelta(hours=3)
    plan = PLAN | {"start": f"{later:%H}:00", "end": f"{later + timedelta(hours=2):%H}:00"}
    parked.call("cockpit.set_charging_plan", plan=plan)
    parked.call("safety.actuate", path="Vehicle.Powertrain.TractionBattery.Charging.ChargeLimit", value=100)
    parked.call("vehicle.set_controls", page="desk", changes={"ready": False, "charge_cable": "AC"})
    charging(parked, "charging")
    waiting = charging(parked, "waiting")
    assert datetime.fromisoformat(waiting["begins"]).astimezone().strftime("%H:%M") == plan["start"]
    assert waiting["added_wh"] > 0.0
    parked.crash()
    assert charging(parked, "waiting")["added_wh"] == pytest.approx(waiting["added_wh"], rel=0.2)
    assert parked.call("cockpit.charging_plan") == plan
    now = parked.call("cockpit.charge", how="NOW")
    assert now["now"]
    charging(parked, "charging")
    parked.call("cockpit.charge", how="STOP")
    charging(parked, "stopped")
    parked.call("vehicle.set_controls", page="desk", changes={"charge_cable": "NONE"})
    charging(parked, "unplugged")
