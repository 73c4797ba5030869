"""The comfort page: every seat has its own warmth, massage and position; the cabin has one light."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.riders import SOON_MS, at, open_page
from tests.cockpit.riding import Rider

pytestmark = pytest.mark.browser

DRIVER = "Vehicle.Cabin.Seat.Row1.DriverSide"
REAR = "Vehicle.Cabin.Seat.Row2.PassengerSide"
WHEEL = "Vehicle.Chassis.SteeringWheel"
LIGHT = "Vehicle.Cabin.Light.AmbientLight"
CORNERS = ("Row1.DriverSide", "Row1.PassengerSide", "Row2.DriverSide", "Row2.PassengerSide")


@pytest.fixture
def comfort(page: Page, stack: Any) -> Page:
    open_page(page, stack, "comfort")
    expect(page.locator(".cabin .seat")).to_have_count(5, timeout=SOON_MS)
    return page


def test_each_seat_has_its_own_warmth(comfort: Page, rider: Rider) -> None:
    comfort.locator(f'[data-place="{REAR}"]').click()
    at(comfort, f"{REAR}.HeatingCooling").locator('[data-value="-67"]').click()
    tile = comfort.locator(f'[data-place="{REAR}"]')
    expect(tile).to_have_attribute("data-warmth", "-2", timeout=SOON_MS)
    expect(tile).to_have_accessible_name("Rear right seat: Cool 2")
    assert rider.value(f"{DRIVER}.HeatingCooling") == 0
    at(comfort, f"{REAR}.HeatingCooling").locator('[data-value="0"]').click()
    rider.until(lambda: rider.value(f"{REAR}.HeatingCooling") == 0)


def test_massage_has_three_strengths(comfort: Page, rider: Rider) -> None:
    level = f"{DRIVER}.Massage.Level"
    for value in (67, 0):
        at(comfort, level).locator(f'[data-value="{value}"]').click()
        rider.until(lambda value=value: rider.value(level) == value)


def test_the_wheel_is_warmed_and_moved(comfort: Page, rider: Rider) -> None:
    comfort.locator(f'[data-place="{WHEEL}"]').click()
    at(comfort, f"{WHEEL}.HeatingCooling").locator('[data-value="100"]').click()
    rider.until(lambda: rider.value(f"{WHEEL}.HeatingCooling") == 100)
    at(comfort, f"{WHEEL}.HeatingCooling").locator('[data-value="0"]').click()
    comfort.locator('[data-control="position"]').click()
    before = rider.value(f"{WHEEL}.Tilt")
    at(comfort, f"{WHEEL}.Tilt").and_(comfort.locator('[data-way="more"]')).click()
    rider.until(lambda: rider.value(f"{WHEEL}.Tilt") == before + 5)


def test_a_seat_moves_step_by_step_and_shows_where_it_is(comfort: Page, rider: Rider) -> None:
    comfort.locator('[data-control="position"]').click()
    recline = f"{DRIVER}.Backrest.Recline"
    before = rider.value(recline)
    more = comfort.locator(f'[data-path="{recline}"][data-way="more"]')
    for _ in range(3):
        more.click()
    shown = comfort.locator('[data-field="Backrest.Recline"]')
    expect(shown).to_contain_text(f"{before + 6:g}", timeout=SOON_MS)
    rider.until(lambda: rider.value(recline) == before + 6)
    expect(shown.locator("i")).to_have_count(0, timeout=SOON_MS)


def test_the_drivers_seat_stays_put_at_speed_and_its_warmth_does_not(comfort: Page, rider: Rider) -> None:
    comfort.locator('[data-control="position"]').click()
    height = f"{DRIVER}.Height"
    before = rider.value(height)
    rider.drive(30)
    try:
        comfort.locator(f'[data-path="{height}"][data-way="more"]').click()
        message = comfort.locator('.notices [data-field="message"]')
        expect(message).to_have_text("The driver's seat cannot be moved above 8 km/h.", timeout=SOON_MS)
        assert rider.value(height) == before
        expect(comfort.locator('[data-field="Height"] i')).to_have_count(0, timeout=SOON_MS)
        comfort.locator('[data-control="warmth"]').click()
        at(comfort, f"{DRIVER}.HeatingCooling").locator('[data-value="33"]').click()
        rider.until(lambda: rider.value(f"{DRIVER}.HeatingCooling") == 33)
    finally:
        rider.park()


def test_one_colour_is_the_whole_cabins(comfort: Page, rider: Rider) -> None:
    at(comfort, f"{LIGHT}.Row1.DriverSide.Color").and_(comfort.locator('[data-value="#F0917C"]')).click()
    at(comfort, f"{LIGHT}.Row1.DriverSide.IsLightOn").click()
    for corner in CORNERS:
        rider.until(lambda corner=corner: str(rider.value(f"{LIGHT}.{corner}.Color")).upper() == "#F0917C")
        rider.until(lambda corner=corner: rider.value(f"{LIGHT}.{corner}.IsLightOn") is True)
    at(comfort, f"{LIGHT}.Row1.DriverSide.IsLightOn").click()
    rider.until(lambda: rider.value(f"{LIGHT}.Row2.DriverSide.IsLightOn") is False)


def test_passengers_cannot_reach_the_drivers_place_from_their_screen(page: Page, stack: Any) -> None:
    open_page(page, stack, "comfort", (1920, 720), screen="passenger")
    expect(page.locator(".cabin .seat")).to_have_count(3, timeout=SOON_MS)
    expect(page.locator(f'[data-place="{DRIVER}"]')).to_have_count(0)
    expect(page.locator(f'[data-place="{WHEEL}"]')).to_have_count(0)
