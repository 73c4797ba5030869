"""Profiles in the running, simulated car: what people set comes back with them, through the door."""

import json
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect

from alpenglow.assistant import api as assistant
from alpenglow.cockpit import api
from alpenglow.fabric import BadArguments, NotPermitted, TimedOut
from tests.cockpit.riding import Rider
from tests.running import Stack

SEAT = "Vehicle.Cabin.Seat.Row1.DriverSide.Position"
WARM = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"
UNIT = "Vehicle.Cabin.Infotainment.HMI.TemperatureUnit"
LIGHT = "Vehicle.Cabin.Light.AmbientLight.Row1.DriverSide.Color"
MASSAGE = "Vehicle.Cabin.Seat.Row1.DriverSide.Massage.Level"
ID = "Vehicle.Alpenglow.Cockpit.Profile.Id"
NAME = "Vehicle.Alpenglow.Cockpit.Profile.Name"
KIND = "Vehicle.Alpenglow.Cockpit.Profile.Kind"
BOOT = "Vehicle.Body.Trunk.Rear"
GLOVE_BOX = "Vehicle.Alpenglow.GloveBox.IsLocked"


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    with Stack(tmp_path) as stack:
        yield stack


@pytest.fixture
def rider(stack: Stack) -> Iterator[Rider]:
    with Rider(stack) as rider:
        rider.ready()
        yield rider


def people(rider: Rider) -> dict[str, api.Profile]:
    found: api.Profiles = rider.call(api.profiles)
    return {p.name: p for p in found.profiles}


def remembered(rider: Rider, name: str, at_least: int) -> None:
    rider.until(lambda: people(rider)[name].settings >= at_least)


def file_of(stack: Stack) -> Path:
    return stack.folder / "state" / "cockpit" / "cockpit.sqlite"


def kept(stack: Stack, kind: str = "settings") -> str:
    """All profiles' settings, or other items of one kind, as the file has them now."""
    with sqlite3.connect(f"file:{file_of(stack)}?mode=ro", uri=True) as db:
        rows = db.execute("SELECT body FROM item WHERE kind = ?", (kind,)).fetchall()
    return " ".join(bytes(body).decode() for (body,) in rows)


def test_each_person_finds_the_car_as_they_left_it(rider: Rider) -> None:
    assert people(rider).keys() == {""}
    rider.set(SEAT, 120)
    rider.set(WARM, 19.0)
    kim = rider.call(api.create_profile, name="  Kim ")
    assert (kim.name, kim.in_force) == ("Kim", False)
    assert kim.settings >= 30
    rider.call(api.switch_profile, profile=kim.id)
    assert (rider.value(ID), rider.value(NAME), rider.value(KIND)) == (kim.id, "Kim", "PERSON")
    for path, value in ((SEAT, 200), (WARM, 24.5), (UNIT, "F"), (LIGHT, "#FF8800"), (MASSAGE, 60)):
        assert rider.set(path, value).state in ("confirmed", "moving")
    rider.until(lambda: rider.value(SEAT) == 200)
    back = rider.call(api.switch_profile, profile="owner")
    assert back.unset == []
    assert len(back.confirmed) + len(back.moving) >= 30
    assert SEAT in back.moving
    rider.until(lambda: rider.value(SEAT) == 120)
    assert (rider.value(WARM), rider.value(UNIT)) == (19.0, "C")
    again = rider.call(api.switch_profile, profile=kim.id)
    assert {UNIT, WARM, LIGHT} <= set(again.confirmed)
    rider.until(lambda: rider.value(SEAT) == 200)
    assert (rider.value(WARM), rider.value(UNIT), rider.value(LIGHT)) == (24.5, "F", "#FF8800")
    assert rider.value(MASSAGE) == 60, "what lasts an hour at most is nobody's setting"


def test_what_is_set_is_remembered_by_itself_and_survives_the_process(stack: Stack, rider: Rider) -> None:
    rider.set(WARM, 17.5)
    rider.until(lambda: '"Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature":17.5' in kept(stack))
    kim = rider.call(api.create_profile, name="Kim")
    rider.call(api.switch_profile, profile=kim.id)
    old = stack.pid("cockpit")
    os.kill(old, signal.SIGKILL)
    stack.until_back("cockpit", old)
    rider.until(lambda: people(rider).get("Kim") is not None)
    rider.until(lambda: rider.value(ID) == kim.id)
    assert people(rider)["Kim"].in_force


def test_a_control_unit_that_starts_anew_changes_nobodys_settings(stack: Stack, rider: Rider) -> None:
    rider.set(WARM, 17.5)
    rider.until(lambda: "17.5" in kept(stack))
    old = stack.pid("vehicle")
    os.kill(old, signal.SIGSTOP)
    (stack.folder / "state" / "car.json").unlink()  # what the simulated car would go on with
    os.kill(old, signal.SIGKILL)
    stack.until_back("vehicle", old)
    rider.until(lambda: rider.value(WARM) == 21.0)
    rider.set(UNIT, "F")  # something to be remembered after it
    rider.until(lambda: '"F"' in kept(stack))
    assert "17.5" in kept(stack)


def test_a_seat_that_is_refused_in_motion_moves_when_the_car_is_parked(rider: Rider) -> None:
    rider.set(SEAT, 120)
    rider.until(lambda: rider.value(SEAT) == 120)
    kim = rider.call(api.create_profile, name="Kim")
    rider.call(api.switch_profile, profile=kim.id)
    rider.set(SEAT, 200)
    rider.until(lambda: rider.value(SEAT) == 200)
    rider.drive(12)
    switched = rider.call(api.switch_profile, profile="owner")
    refused = {unset.path: unset for unset in switched.unset}
    assert refused[SEAT].rule == "drivers-seat-stays-put"
    assert refused[SEAT].again
    assert refused[SEAT].message.endswith(".")
    assert WARM in switched.confirmed
    assert SEAT in {w.path for w in rider.call(api.profiles).waiting}
    with pytest.raises(NotPermitted, match="stands in P"):
        rider.call(api.create_profile, name="Lee")
    rider.park()
    rider.until(lambda: rider.value(SEAT) == 120)
    rider.until(lambda: rider.call(api.profiles).waiting == [])


def test_set_up_waits_for_a_proof_that_is_missing_for_a_moment(stack: Stack, rider: Rider) -> None:
    safety = stack.pid("safety")
    with connect(stack.websocket_url("centre"), max_size=None) as page:  # it needs nobody but the cockpit
        os.kill(safety, signal.SIGSTOP)
        try:
            time.sleep(1.1)  # what it said last is older than a second now
            page.send(json.dumps({"op": "call", "id": 1, "service": "cockpit.create_profile", "args": {"name": "Kim"}}))
            time.sleep(0.2)
            assert "Kim" not in kept(stack, "profile")
        finally:
            os.kill(safety, signal.SIGCONT)
        while (answer := json.loads(page.recv(timeout=10))).get("id") != 1:
            pass
    assert answer["op"] == "result", answer
    assert "Kim" in kept(stack, "profile")


def test_a_profile_with_a_pin_opens_to_it_alone(rider: Rider, stack: Stack) -> None:
    kim = rider.call(api.create_profile, name="Kim", pin="2468")
    assert kim.has_pin
    for wrong in ("", "1111"):
        with pytest.raises(NotPermitted, match="not the PIN"):
            rider.call(api.switch_profile, profile=kim.id, pin=wrong)
    for _ in range(2):
        assert not rider.call(api.check_pin, profile=kim.id, pin="0000").right
    locked = rider.call(api.check_pin, profile=kim.id, pin="0000")
    assert (locked.tries_left, locked.right) == (0, False)
    assert 0 < locked.wait_s <= 30
    with pytest.raises(NotPermitted, match="too many wrong PINs"):
        rider.call(api.switch_profile, profile=kim.id, pin="2468")
    old = stack.pid("cockpit")
    os.kill(old, signal.SIGKILL)
    stack.until_back("cockpit", old)
    with pytest.raises(NotPermitted, match="too many wrong PINs"):
        rider.call(api.switch_profile, profile=kim.id, pin="2468")
    files = [f for f in stack.folder.rglob("*") if f.is_file()]
    assert not any(b"2468" in f.read_bytes() for f in files if f.suffix in (".log", ".jsonl", ".json"))


def test_names_are_told_apart_and_pins_guard_what_is_changed(rider: Rider) -> None:
    kim = rider.call(api.create_profile, name="Kim", pin="2468")
    for bad in ("", "  ", "kim", "x" * 41, "a\x07b"):
        with pytest.raises(BadArguments):
            rider.call(api.create_profile, name=bad)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: rider.call(api.change_profile, profile=kim.id, name="Lee"),
        lambda: rider.call(api.set_pin, profile=kim.id, pin=""),
        lambda: rider.call(api.link_key, profile=kim.id, key=1),
    )
    for attempt in attempts:
        with pytest.raises(NotPermitted):
            attempt()
    assert rider.call(api.change_profile, profile=kim.id, name="<b>Lee</b>", pin="2468").name == "<b>Lee</b>"
    rider.call(api.set_pin, profile=kim.id, pin="", old="2468")
    rider.call(api.switch_profile, profile=kim.id)
    rider.call(api.delete_profile, profile=kim.id)
    assert rider.value(ID) == "owner"
    assert people(rider).keys() == {""}
    with pytest.raises(BadArguments, match="stays"):
        rider.call(api.delete_profile, profile="owner")
    with pytest.raises(BadArguments, match="no such profile"):
        rider.call(api.switch_profile, profile=kim.id)


def test_a_linked_key_brings_its_person_into_a_parked_car(rider: Rider) -> None:
    kim = rider.call(api.create_profile, name="Kim", pin="2468")
    rider.call(api.link_key, profile=kim.id, key=2, pin="2468")
    rider.call(api.link_key, profile="owner", key=1)
    rider.controls(key=2)
    rider.until(lambda: rider.value(ID) == kim.id)
    rider.call(api.switch_profile, profile="owner")
    rider.controls(belt_front_left=True)
    assert rider.value(ID) == "owner", "the key that is in the car opens nothing a second time"
    rider.drive(10)
    rider.controls(key=0)
    rider.controls(key=2)
    assert rider.value(ID) == "owner"
    rider.park()
    rider.controls(key=1)
    rider.until(lambda: rider.value("Vehicle.Alpenglow.KeyId") == 1)
    assert rider.value(ID) == "owner", "it opened nothing: the car was being driven when it came"
    rider.controls(key=2)
    rider.until(lambda: rider.value(ID) == kim.id)


def test_of_a_guest_nothing_is_kept(stack: Stack, rider: Rider) -> None:
    rider.set(WARM, 17.5)
    rider.until(lambda: "17.5" in kept(stack))
    rider.call(api.switch_profile, profile="guest")
    assert (rider.value(ID), rider.value(KIND), rider.value(NAME)) == ("guest", "GUEST", "")
    rider.set(WARM, 28.5)
    with pytest.raises(NotPermitted):
        rider.call(api.create_profile, name="Kim")
    with pytest.raises(NotPermitted):
        rider.call(api.keep_pages, pages=["media"])
    rider.call(api.switch_profile, profile="owner")
    assert rider.value(WARM) == 17.5
    assert "28.5" not in kept(stack)


def test_a_valet_gets_a_locked_boot_and_nobodys_names(rider: Rider, stack: Stack) -> None:
    kim = rider.call(api.create_profile, name="Kim")
    with pytest.raises(BadArguments, match="PIN"):
        rider.call(api.start_valet, pin="")
    assert rider.set(f"{BOOT}.IsOpen", True).state in ("confirmed", "moving")
    rider.until(lambda: rider.value(f"{BOOT}.Position") == 100)
    assert rider.value(GLOVE_BOX) is False
    started = rider.call(api.start_valet, pin="9753", speed_limit_kmh=20)
    assert started.unset == []
    rider.until(lambda: rider.value(f"{BOOT}.Position") == 0)
    assert rider.value(GLOVE_BOX) is True
    assert rider.value(NAME) == ""
    seen = rider.call(api.profiles)
    assert (seen.kind, seen.profiles) == ("VALET", [])
    for path, value, rule in (
        (f"{BOOT}.IsOpen", True, "valet-boot-stays-shut"),
        (f"{BOOT}.IsLocked", False, "valet-boot-stays-shut"),
        (GLOVE_BOX, False, "valet-glove-box-stays-locked"),
    ):
        refused = rider.set(path, value)
        assert (refused.state, refused.rule) == ("refused", rule)
    rider.controls(boot=True)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: rider.call(api.switch_profile, profile="owner"),
        lambda: rider.call(api.switch_profile, profile="guest"),
        lambda: rider.call(api.check_pin, profile=kim.id, pin=""),
        lambda: rider.call(api.end_valet, pin="0000"),
    )
    for attempt in attempts:
        with pytest.raises(NotPermitted):
            attempt()
    rider.drive(25)
    rider.until(lambda: rider.call(api.profiles).valet.times_over == 1)
    rider.until(lambda: any(m.says.endswith("valet_too_fast") for m in rider.call(api.messages)))
    old = stack.pid("cockpit")
    os.kill(old, signal.SIGKILL)
    rider.park()
    stack.until_back("cockpit", old)
    assert rider.call(api.profiles).kind == "VALET"
    assert rider.value(f"{BOOT}.Position") == 0, "a locked boot does not open by hand"
    rider.call(api.end_valet, pin="9753")
    rider.until(lambda: rider.value(GLOVE_BOX) is False)
    assert rider.value(ID) == "owner"
    report = rider.call(api.profiles).valet
    assert (report.speed_limit_kmh, report.times_over) == (20, 1)
    assert report.fastest_kmh >= 20
    assert rider.set(f"{BOOT}.IsOpen", True).state in ("confirmed", "moving")


def test_what_the_assistant_knows_of_a_deleted_person_goes_as_soon_as_it_answers(rider: Rider, stack: Stack) -> None:
    kim = rider.call(api.create_profile, name="Kim")
    rider.call(api.switch_profile, profile=kim.id)
    rider.call(assistant.ask, text="Remember that my coat is in the blue box.")
    assert rider.call(assistant.memories, profile=kim.id)
    old = stack.pid("assistant")
    os.kill(old, signal.SIGKILL)
    rider.call(api.delete_profile, profile=kim.id)
    assert people(rider).keys() == {""}
    stack.until_back("assistant", old)

    def forgotten() -> bool:
        try:
            return bool(rider.call(assistant.memories, profile=kim.id) == [])
        except TimedOut:  # it has only just come back
            return False

    rider.until(forgotten)


def test_a_damaged_file_is_kept_aside_and_the_car_goes_on_with_the_owner(tmp_path: Path) -> None:
    with Stack(tmp_path) as stack, Rider(stack) as rider:
        rider.ready()
        rider.call(api.create_profile, name="Kim")
    file = tmp_path / "state" / "cockpit" / "cockpit.sqlite"
    for damaged in file.parent.glob("cockpit.sqlite*"):
        damaged.write_bytes(b"\xff" * 4096 + damaged.read_bytes()[4096:])
    with Stack(tmp_path) as stack, Rider(stack) as rider:
        rider.ready()
        found = rider.call(api.profiles)
        assert [p.id for p in found.profiles] == ["owner"]
        assert "damaged" in found.notice
        assert rider.value(ID) == "owner"
        assert list(file.parent.glob("*.damaged-*"))
        assert rider.call(api.create_profile, name="Kim").name == "Kim"
