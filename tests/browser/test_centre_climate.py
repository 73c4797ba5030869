"""The climate page and the bar that is always in reach: they show the car's air, and ask for another."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.riders import SOON_MS, another, at, open_page, without
from tests.cockpit.riding import Rider

pytestmark = pytest.mark.browser

HVAC = "Vehicle.Cabin.HVAC"
ZONES = [f"{HVAC}.Station.{zone}" for zone in ("Row1.Driver", "Row1.Passenger", "Row2.Driver", "Row2.Passenger")]
TEMPERATURE = f"{ZONES[0]}.Temperature"
SEAT = "Vehicle.Cabin.Seat.Row1.DriverSide.HeatingCooling"


@pytest.fixture
def climate(page: Page, stack: Any) -> Page:
    open_page(page, stack, "climate")
    expect(current(page, TEMPERATURE)).not_to_have_text("–", timeout=SOON_MS)
    return page


def current(page: Page, path: str) -> Locator:
    return at(page, path).locator('[data-field="current"]')


def has(page: Page, path: str, celsius: float) -> None:
    expect(current(page, path)).to_have_text(f"{celsius:.1f}", timeout=SOON_MS)


def celsius(page: Page, path: str) -> float:
    return float(current(page, path).inner_text())


def step(page: Page, path: str, way: str, times: int = 1) -> None:
    for _ in range(times):
        at(page, path).locator(f'[data-step="{way}"]').click()


def away(page: Page, path: str) -> tuple[str, float]:
    """The way in which there is room."""
    return ("down", -0.5) if celsius(page, path) > 22 else ("up", 0.5)


def test_quick_steps_become_one_wish_that_the_car_grants(climate: Page) -> None:
    path = f"{ZONES[1]}.Temperature"
    before, (way, by) = celsius(climate, path), away(climate, path)
    step(climate, path, way, 3)
    has(climate, path, before + 3 * by)
    expect(at(climate, path)).to_have_attribute("data-state", "known")


def test_two_people_who_change_the_same_thing_both_see_what_the_car_has(
    climate: Page, stack: Any, rider: Rider
) -> None:
    path = f"{ZONES[1]}.Temperature"
    other = another(climate, stack, "climate")
    expect(current(other, path)).not_to_have_text("–", timeout=SOON_MS)
    step(climate, path, "up", 3)
    step(other, path, "down", 1)
    for page in (climate, other):
        expect(at(page, path)).to_have_attribute("data-state", "known", timeout=SOON_MS)
        expect(at(page, path).locator('[data-field="pending"]')).to_be_empty(timeout=SOON_MS)
    expect(current(climate, path)).to_have_text(current(other, path).inner_text(), timeout=SOON_MS)
    rider.until(lambda: rider.value(path) == celsius(climate, path))


def test_one_for_all_lets_the_drivers_temperature_be_everybodys(climate: Page) -> None:
    together = climate.locator('[data-control="sync"]')
    if together.get_attribute("aria-pressed") != "true":
        together.click()
    expect(together).to_have_attribute("aria-pressed", "true", timeout=SOON_MS)
    before, (way, by) = celsius(climate, TEMPERATURE), away(climate, TEMPERATURE)
    step(climate, TEMPERATURE, way, 2)
    for zone in ZONES:
        has(climate, f"{zone}.Temperature", before + 2 * by)
    expect(together).to_have_attribute("aria-pressed", "true")
    step(climate, f"{ZONES[3]}.Temperature", way)
    expect(together).to_have_attribute("aria-pressed", "false", timeout=SOON_MS)
    has(climate, TEMPERATURE, before + 2 * by)


def test_warming_up_is_one_touch_and_a_second_one_puts_back_what_it_found(climate: Page) -> None:
    step(climate, f"{ZONES[0]}.Temperature", "down")
    found = [celsius(climate, f"{zone}.Temperature") for zone in ZONES[1:3]]
    bar = climate.locator(f'.climate-bar [data-path="{SEAT}"]')
    expect(bar).to_have_attribute("data-level", "0")
    climate.locator('[data-control="warm_up"]').click()
    for zone in ZONES:
        has(climate, f"{zone}.Temperature", 25.0)
    expect(bar).to_have_attribute("data-level", "3", timeout=SOON_MS)
    climate.locator('[data-control="warm_up"]').click()
    for zone, before in zip(ZONES[1:3], found, strict=True):
        has(climate, f"{zone}.Temperature", before)
    expect(bar).to_have_attribute("data-level", "0", timeout=SOON_MS)


@pytest.mark.parametrize("name", ["home", "car", "settings"])
def test_the_bar_is_in_reach_on_every_page(page: Page, stack: Any, name: str) -> None:
    open_page(page, stack, name)
    seat = page.locator(f'.climate-bar [data-path="{SEAT}"]')
    expect(seat).to_have_attribute("data-level", "0", timeout=SOON_MS)
    for level in ("3", "2", "1", "0"):
        seat.click()
        expect(seat).to_have_attribute("data-level", level, timeout=SOON_MS)


def test_what_this_car_does_not_have_is_not_shown(page: Page, stack: Any) -> None:
    rear, glass = f"{ZONES[2]}.Temperature", "Vehicle.Body.Windshield.Front.IsHeatingOn"
    without(page, [rear, glass])
    open_page(page, stack, "climate")
    expect(at(page, f"{ZONES[3]}.Temperature")).to_be_visible(timeout=SOON_MS)
    expect(at(page, rear)).to_have_count(0)
    expect(at(page, glass)).to_have_count(0)


def test_passengers_have_their_own_zone_on_their_screen_and_nobody_elses(page: Page, stack: Any) -> None:
    open_page(page, stack, "climate", (1920, 720), screen="passenger")
    expect(at(page, f"{ZONES[1]}.Temperature")).to_be_visible(timeout=SOON_MS)
    for zone in (ZONES[0], *ZONES[2:]):
        expect(page.locator(f'[data-path="{zone}.Temperature"]')).to_have_count(0)


def test_temperatures_are_in_the_units_of_the_car(climate: Page, rider: Rider) -> None:
    unit = "Vehicle.Cabin.Infotainment.HMI.TemperatureUnit"
    before = celsius(climate, TEMPERATURE)
    rider.set(unit, "F")
    try:
        expect(current(climate, TEMPERATURE)).to_have_text(f"{before * 1.8 + 32:.0f}", timeout=SOON_MS)
        step(climate, TEMPERATURE, "up")
        expect(current(climate, TEMPERATURE)).to_have_text(f"{before * 1.8 + 33:.0f}", timeout=SOON_MS)
    finally:
        rider.set(unit, "C")
