"""The car page: what opens is touched where it is and shows where it goes; the door has the last word."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.riders import SOON_MS, another, open_page, without
from tests.cockpit.riding import Rider

pytestmark = pytest.mark.browser

BOOT = "Vehicle.Body.Trunk.Rear.Position"
DOOR = "Vehicle.Cabin.Door.Row1.DriverSide.Position"
WINDOW = "Vehicle.Cabin.Door.Row2.PassengerSide.Window.Position"
MIRROR = "Vehicle.Body.Mirrors.DriverSide.Pan"
CHILD_LOCK = "Vehicle.Cabin.Door.Row2.{}.IsChildLockActive"


@pytest.fixture
def car(page: Page, stack: Any) -> Page:
    open_page(page, stack, "car")
    expect(place(page, BOOT)).to_have_attribute("data-state", "known", timeout=SOON_MS)
    return page


def place(page: Page, path: str) -> Locator:
    """Where it is touched on the drawing."""
    return page.locator(f'.place[data-path="{path}"]')


def is_at(page: Page, path: str, percent: int) -> None:
    expect(place(page, path)).to_have_attribute("data-value", str(percent), timeout=SOON_MS)


def test_the_boot_opens_and_shuts_where_it_is(car: Page) -> None:
    place(car, BOOT).click()
    expect(place(car, BOOT)).to_have_attribute("data-target", "100")
    is_at(car, BOOT, 100)
    expect(place(car, BOOT)).not_to_have_attribute("data-target", "100", timeout=SOON_MS)
    expect(place(car, BOOT)).to_have_accessible_name("Boot: Open")
    place(car, BOOT).click()
    is_at(car, BOOT, 0)


def test_a_window_on_its_way_stops_at_a_touch(car: Page) -> None:
    place(car, WINDOW).click()
    expect(place(car, WINDOW)).to_have_attribute("data-value", re.compile(r"^[1-9]\d?$"), timeout=SOON_MS)
    place(car, WINDOW).click()
    expect(place(car, WINDOW)).to_have_attribute("data-state", "known", timeout=SOON_MS)
    car.wait_for_timeout(500)
    stopped = place(car, WINDOW).get_attribute("data-value")
    car.wait_for_timeout(500)
    is_at(car, WINDOW, int(stopped or "-1"))
    if stopped != "0":
        place(car, WINDOW).click()
    is_at(car, WINDOW, 0)


def test_both_of_two_people_see_what_the_car_does(car: Page, stack: Any) -> None:
    other = another(car, stack, "car")
    is_at(other, BOOT, 0)
    place(car, BOOT).click()
    is_at(other, BOOT, 100)
    expect(place(other, BOOT)).to_have_attribute("data-state", "known", timeout=SOON_MS)
    place(other, BOOT).click()
    is_at(car, BOOT, 0)


def test_all_windows_at_once_and_one_along_its_track(car: Page) -> None:
    tracks = car.locator(".tracks")
    car.locator('[data-control="open_all"]').click()
    is_at(car, WINDOW, 100)
    slider = tracks.locator(f'[data-path="{WINDOW}"] input')
    slider.focus()
    for _ in range(4):
        slider.press("ArrowLeft")
    is_at(car, WINDOW, 80)
    car.locator('[data-control="shut_all"]').click()
    is_at(car, WINDOW, 0)


def test_all_doors_lock_with_one_touch(car: Page, rider: Rider) -> None:
    car.locator('[data-control="locks"]').click()
    lock = car.locator('[data-control="lock_all"]')
    before = lock.get_attribute("aria-pressed") == "true"
    for locked in (not before, before):
        lock.click()
        expect(lock).to_have_attribute("aria-pressed", str(locked).lower(), timeout=SOON_MS)
        for door in ("Row1.DriverSide", "Row2.PassengerSide"):
            path = f"Vehicle.Cabin.Door.{door}.IsLocked"
            rider.until(lambda path=path, locked=locked: rider.value(path) is locked)


def test_the_child_locks_of_both_rear_doors_are_one_switch(car: Page, rider: Rider) -> None:
    car.locator('[data-control="locks"]').click()
    switch = car.locator(f'.shown [data-path="{CHILD_LOCK.format("DriverSide")}"]')
    for locked in (True, False):
        switch.click()
        for side in ("DriverSide", "PassengerSide"):
            rider.until(lambda side=side, locked=locked: rider.value(CHILD_LOCK.format(side)) is locked)
        expect(switch).to_have_attribute("aria-pressed", str(locked).lower(), timeout=SOON_MS)


def test_a_door_stays_shut_while_the_car_moves_and_the_driver_is_told_why(car: Page, driving: Rider) -> None:
    place(car, DOOR).click()
    message = car.locator('.notices [data-field="message"]')
    expect(message).to_have_text("The doors stay shut while the car is moving.", timeout=SOON_MS)
    is_at(car, DOOR, 0)
    expect(place(car, DOOR)).not_to_have_attribute("data-target", "100", timeout=SOON_MS)
    assert driving.value(DOOR) == 0


def test_lights_wipers_and_mirrors_are_set_beside_the_drawing(car: Page, rider: Rider) -> None:
    car.locator('[data-control="lights"]').click()
    dome = car.locator('.shown [data-path="Vehicle.Cabin.Light.IsDomeOn"]')
    was_on = dome.get_attribute("aria-pressed") == "true"
    dome.click()
    expect(dome).to_have_attribute("aria-pressed", str(not was_on).lower(), timeout=SOON_MS)
    car.locator('[data-control="wipers"]').click()
    wiping = "Vehicle.Body.Windshield.Front.Wiping.Mode"
    car.locator(f'.shown [data-path="{wiping}"] [data-value="INTERVAL"]').click()
    rider.until(lambda: rider.value(wiping) == "INTERVAL")
    car.locator('[data-control="mirrors"]').click()
    before = rider.value(MIRROR)
    car.locator(f'[data-path="{MIRROR}"][data-turn="right"]').click()
    rider.until(lambda: rider.value(MIRROR) == before + 5)


def test_what_this_car_does_not_have_is_not_on_the_drawing(page: Page, stack: Any) -> None:
    without(page, [f"Vehicle.Cabin.Sunroof.{leaf}" for leaf in ("Position", "Switch")])
    open_page(page, stack, "car")
    expect(place(page, BOOT)).to_be_visible(timeout=SOON_MS)
    expect(place(page, "Vehicle.Cabin.Sunroof.Position")).to_have_count(0)
    expect(page.locator('.tracks [data-path="Vehicle.Cabin.Sunroof.Position"]')).to_have_count(0)
