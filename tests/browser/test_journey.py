"""A whole journey on the centre display: get in, choose oneself, drive off, warm the seat, be refused, charge, lock."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.riders import SOON_MS, at, open_page
from tests.cockpit.riding import Rider

pytestmark = pytest.mark.browser

SEAT = "Vehicle.Cabin.Seat.Row1.DriverSide.HeatingCooling"
BOOT = "Vehicle.Body.Trunk.Rear.Position"
SIDES = ("Row1.DriverSide", "Row1.PassengerSide", "Row2.DriverSide", "Row2.PassengerSide")
DOORS = [f"Vehicle.Cabin.Door.{side}.IsLocked" for side in SIDES]


def go(page: Page, name: str) -> None:
    """Touch a page's name in the dock, or who is in the car."""
    page.locator(f'[data-tab="{name}"]' if name != "profiles" else '[data-control="profile"]').click()
    expect(page.locator(f'.stage[data-page="{name}"]')).to_be_visible(timeout=SOON_MS)


def test_a_day_with_the_car(page: Page, stack: Any, rider: Rider) -> None:
    open_page(page, stack, "home")
    message = page.locator('[data-field="message"]')

    # Somebody new gets in.
    go(page, "profiles")
    page.locator('[data-control="new"]').click()
    page.locator('[data-control="name"]').fill("Kim")
    page.locator('[data-control="keep-name"]').click()
    page.locator('[data-control="person"]', has_text="Kim").click()
    expect(page.locator('[data-control="profile"]')).to_contain_text("Kim", timeout=SOON_MS)

    # On the road the seat is warmed, and nothing is set up or opened.
    rider.drive(30)
    go(page, "comfort")
    at(page, SEAT).locator('[data-value="67"]').click()
    expect(at(page, SEAT).locator('[data-value="67"]')).to_have_attribute("aria-pressed", "true", timeout=SOON_MS)
    rider.until(lambda: rider.value(SEAT) == 67)
    go(page, "car")
    boot = page.locator(f'.place[data-path="{BOOT}"]')
    boot.click()
    expect(message).to_have_text(re.compile("boot stays shut", re.I), timeout=SOON_MS)
    expect(boot).to_have_attribute("data-value", "0")
    assert rider.value(BOOT) == 0
    go(page, "settings")
    expect(page.locator('[data-field="closed"]')).to_be_visible()

    # At the charger.
    rider.park()
    rider.controls(ready=False, charge_cable="DC")
    go(page, "energy")
    page.locator('[data-control="view_charging"]').click()
    expect(page.locator('[data-field="charging_power"]')).to_have_text(re.compile(r"^[1-9]\d*\.\d kW"), timeout=SOON_MS)
    rider.controls(charge_cable="NONE")

    # The boot opens now, and the car is locked.
    go(page, "car")
    boot.click()
    expect(boot).to_have_attribute("data-value", "100", timeout=SOON_MS)
    boot.click()
    expect(boot).to_have_attribute("data-value", "0", timeout=SOON_MS)
    page.locator('[data-control="locks"]').click()
    if page.locator('[data-control="lock_all"]').get_attribute("aria-pressed") == "false":
        page.locator('[data-control="lock_all"]').click()
    expect(page.locator('[data-control="lock_all"]')).to_have_attribute("aria-pressed", "true", timeout=SOON_MS)
    rider.until(lambda: all(rider.value(path) is True for path in DOORS))

    # Somebody else drives, with the seat as they have it; and when Kim is back, so is Kim's.
    go(page, "profiles")
    page.locator('[data-control="guest"]').click()
    expect(page.locator('[data-control="profile"]')).not_to_contain_text("Kim", timeout=SOON_MS)
    rider.set(SEAT, 0)
    rider.until(lambda: rider.value(SEAT) == 0)
    page.locator('[data-control="person"]', has_text="Kim").click()
    expect(page.locator('[data-control="profile"]')).to_contain_text("Kim", timeout=SOON_MS)
    rider.until(lambda: rider.value(SEAT) == 67)
