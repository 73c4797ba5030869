"""The centre and signals pages: they show what the car says, ask the door, and tell what it answered."""

import re
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.cockpit.riding import Rider

pytestmark = pytest.mark.browser

TEMPERATURE = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"
DOME = "Vehicle.Cabin.Light.IsDomeOn"
BOOT = "Vehicle.Body.Trunk.Rear.IsOpen"
WHEEL = "Vehicle.Chassis.SteeringWheel.HeatingCooling"
LANGUAGE = "Vehicle.Cabin.Infotainment.HMI.CurrentLanguage"


def at(page: Page | Locator, path: str) -> Locator:
    """The control or row of a signal."""
    return page.locator(f'[data-path="{path}"]')


def current(control: Locator) -> Locator:
    return control.locator('[data-field="current"]')


@pytest.fixture
def centre(page: Page, stack: Any) -> Page:
    """Home, once it knows the car."""
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(stack.centre_url)
    expect(page.locator("main")).to_have_attribute("data-connection", "live")
    expect(at(page, DOME)).to_have_attribute("data-state", "known")
    return page


@pytest.fixture
def signals(page: Page, stack: Any) -> Page:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(urlunsplit(urlsplit(stack.centre_url)._replace(path="/signals")))
    expect(page.locator('[data-branch="Vehicle"]')).to_be_visible()
    return page


def test_quick_steps_become_one_wish_that_the_car_grants(centre: Page) -> None:
    centre.locator('[data-tab="climate"]').click()
    stepper = at(centre.locator("main"), TEMPERATURE)
    expect(current(stepper)).to_have_text(re.compile(r"^\d"))
    before = float(current(stepper).inner_text())
    way, sign = ("down", -1) if before > 24 else ("up", 1)
    for _ in range(3):
        stepper.locator(f'[data-step="{way}"]').click()
    expect(current(stepper)).to_have_text(f"{before + sign * 1.5:.1f}")
    expect(stepper).to_have_attribute("data-state", "known")


def test_a_toggle_shows_what_the_light_does(centre: Page) -> None:
    dome = at(centre, DOME)
    was_on = dome.get_attribute("aria-pressed") == "true"
    dome.click()
    expect(dome).to_have_attribute("aria-pressed", str(not was_on).lower())
    dome.click()
    expect(dome).to_have_attribute("aria-pressed", str(was_on).lower())


def test_each_touch_of_a_heater_asks_for_one_level_less_and_from_off_for_the_most(centre: Page) -> None:
    wheel = at(centre, WHEEL)
    expect(wheel).to_have_attribute("data-value", "0")
    for level in ("100", "50", "0"):
        wheel.click()
        expect(wheel).to_have_attribute("data-value", level)
    expect(wheel).to_have_attribute("aria-pressed", "false")


def test_touches_in_quick_succession_become_one_level(centre: Page) -> None:
    wheel = at(centre, WHEEL)
    wheel.click()
    wheel.click()
    expect(wheel).to_have_attribute("data-value", "50")
    wheel.click()
    expect(wheel).to_have_attribute("data-value", "0")


@pytest.mark.usefixtures("night_drive")
@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "The boot stays shut while the car is moving."), ("de", "Der Kofferraum bleibt geschlossen, solange")],
)
def test_a_refusal_is_told_in_the_drivers_words_and_nothing_changes(
    centre: Page, rider: Rider, language: str, sentence: str
) -> None:
    rider.set(LANGUAGE, language)
    try:
        expect(centre.locator("html")).to_have_attribute("lang", language)
        at(centre, BOOT).click()
        expect(centre.locator('[data-field="message"]')).to_contain_text(sentence)
        expect(at(centre, BOOT)).to_have_attribute("aria-pressed", "false")
    finally:
        rider.set(LANGUAGE, "en")


def test_the_car_tells_its_speed_live(signals: Page) -> None:
    signals.locator('[data-control="search"]').fill("Vehicle.Speed")
    row = at(signals, "Vehicle.Speed")
    expect(row).to_have_attribute("data-quality", "valid")
    row.click()
    expect(signals.locator('.detail [data-field="title"]')).to_have_text("Speed")
    expect(signals.locator(".detail .now")).to_contain_text("km/h")


def test_all_signals_can_be_scrolled_with_few_rows_alive(signals: Page) -> None:
    signals.locator('[data-control="only_live"]').click()
    rows = signals.locator(".rows")
    expect(rows).to_have_attribute("data-count", re.compile(r"^1\d{3}$"))
    count = int(rows.get_attribute("data-count") or "")
    signals.evaluate("document.querySelector('.list').scrollTop = 1e9")
    expect(signals.locator(f'.row[aria-posinset="{count}"]')).to_be_visible()
    assert signals.locator(".row").count() < 60


def test_a_branch_and_a_kind_narrow_the_list(signals: Page) -> None:
    signals.locator('[data-control="only_live"]').click()
    signals.locator('[data-branch="Vehicle.Body"]').click()
    signals.locator('[data-branch="Vehicle.Body.Horn"]').click()
    signals.locator('[data-kind="actuator"]').click()
    expect(signals.locator(".row")).to_have_count(1)
    expect(signals.locator(".row")).to_have_attribute("data-path", "Vehicle.Body.Horn.IsActive")


def test_an_actuator_is_set_from_the_browser_of_signals(signals: Page) -> None:
    signals.locator('[data-control="search"]').fill(DOME)
    at(signals, DOME).click()
    expect(signals.locator('.setter [aria-pressed="true"]')).to_have_count(1)  # the car has said how it is now
    chosen = signals.locator('.setter [aria-pressed="false"]').get_attribute("data-value")
    signals.locator('.setter [aria-pressed="false"]').click()
    expect(signals.locator('.detail [data-field="value"]')).to_have_text(str(chosen))
    expect(signals.locator('[data-field="outcome"]')).to_have_text("Done")


def test_a_value_out_of_range_is_refused_with_the_range(signals: Page) -> None:
    fan = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed"
    signals.locator('[data-control="search"]').fill(fan)
    at(signals, fan).click()
    signals.get_by_label("New value").fill("250")
    signals.locator('[data-control="apply"]').click()
    expect(signals.locator('[data-field="outcome"]')).to_contain_text("0 to 100")
