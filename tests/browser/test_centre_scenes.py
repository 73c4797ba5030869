"""The scenes page as a driver uses it: start, end, make, see what would happen, and be kept from it at speed."""

import contextlib
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from alpenglow.cockpit import api
from alpenglow.fabric import BadArguments
from tests.browser.riders import SOON_MS, open_page
from tests.cockpit.riding import Rider

pytestmark = pytest.mark.browser

VOLUME = "Vehicle.Cabin.Infotainment.Media.Volume"
DOME = "Vehicle.Cabin.Light.IsDomeOn"
WARM = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"
LANGUAGE = "Vehicle.Cabin.Infotainment.HMI.CurrentLanguage"


@pytest.fixture
def scenes(page: Page, stack: Any, rider: Rider) -> Page:
    open_page(page, stack, "scenes")
    expect(tile(page, "nap")).to_be_visible(timeout=SOON_MS)
    return page


def control(place: Page | Locator, name: str) -> Locator:
    return place.locator(f'[data-control="{name}"]')


def tile(page: Page, scene: str) -> Locator:
    return page.locator(f'[data-scene="{scene}"]')


def named(page: Page, name: str) -> Locator:
    return page.locator("[data-scene]").filter(has_text=name)


def test_a_touch_starts_a_scene_and_another_ends_it(scenes: Page, rider: Rider) -> None:
    before = rider.value(VOLUME)
    control(tile(scenes, "nap"), "run").click()
    expect(tile(scenes, "nap")).to_have_attribute("data-runs", "true", timeout=SOON_MS)
    expect(tile(scenes, "nap").locator('[data-field="about"]')).to_have_text(re.compile(r"^Until \d"))
    rider.until(lambda: rider.value(VOLUME) == 8)
    control(tile(scenes, "nap"), "end").click()
    expect(tile(scenes, "nap")).to_have_attribute("data-runs", "false", timeout=SOON_MS)
    rider.until(lambda: rider.value(VOLUME) == before)


def test_a_scene_is_made_tried_kept_run_changed_and_deleted(scenes: Page, rider: Rider) -> None:
    control(scenes, "new_scene").click()
    expect(control(scenes, "save")).to_be_disabled()
    control(scenes, "scene_name").fill("<b>Bright</b>")
    control(scenes, "add").click()
    scenes.locator(f'[data-thing="{DOME}"]').click()
    control(scenes, "add").click()
    scenes.locator(f'[data-thing="{WARM}"]').click()
    warm = scenes.locator(f'[data-action="{WARM}"]')
    before = rider.value(WARM)
    for _ in range(20):
        if warm.locator("output").inner_text() == "25 °C":
            break
        warm.locator('[data-step="up"]').click()
    expect(warm.locator("output")).to_have_text("25 °C")
    control(scenes, "try").click()
    expect(scenes.locator(f'[data-action="{DOME}"] [data-foreseen="changes"]')).to_have_text(
        "Off → On", timeout=SOON_MS
    )
    expect(scenes.locator('[data-field="summary"]')).to_contain_text("2 would change")
    assert rider.value(DOME) is False
    assert rider.value(WARM) == before
    control(scenes, "save").click()
    mine = named(scenes, "<b>Bright</b>")
    control(mine, "run").click()
    rider.until(lambda: rider.value(DOME) is True and rider.value(WARM) == 25.0)
    control(mine, "end").click()
    rider.until(lambda: rider.value(DOME) is False and rider.value(WARM) == before)
    control(mine, "edit").click()
    control(scenes, "when_car").click()
    scenes.locator('[data-trigger="dark"]').click()
    control(scenes, "save").click()
    expect(mine.locator('[data-field="about"]')).to_have_text("When it gets dark", timeout=SOON_MS)
    control(mine, "edit").click()
    control(scenes, "delete").click()
    control(scenes, "delete_sure").click()
    expect(mine).to_have_count(0)


def test_a_time_and_its_days_are_chosen(scenes: Page) -> None:
    control(tile(scenes, "school-run"), "edit").click()
    control(scenes, "scene_name").fill("Every school day")
    control(scenes, "when_time").click()
    clock = scenes.locator('[data-field="when"] .clock [data-step="down"]')
    clock.first.click()
    scenes.locator('[data-field="when"] .clock [data-step="up"]').last.click()
    for day in ("mon", "tue"):
        scenes.locator(f'[data-day="{day}"]').click()
    control(scenes, "save").click()
    mine = named(scenes, "Every school day")
    expect(mine.locator('[data-field="about"]')).to_have_text(re.compile("7:05.*: Mon, Tue"), timeout=SOON_MS)
    control(mine, "edit").click()
    control(scenes, "delete").click()
    control(scenes, "delete_sure").click()
    expect(mine).to_have_count(0)


def test_what_cannot_be_kept_is_told_where_it_is_written(scenes: Page) -> None:
    for _ in range(2):
        control(tile(scenes, "camp"), "edit").click()
        control(scenes, "scene_name").fill("Twice")
        control(scenes, "save").click()
    expect(scenes.locator('[data-field="problem"]')).to_contain_text("already")
    control(scenes, "cancel").click()
    control(named(scenes, "Twice"), "edit").click()
    control(scenes, "delete").click()
    control(scenes, "delete_sure").click()
    expect(named(scenes, "Twice")).to_have_count(0)


def test_it_works_by_keyboard_alone(scenes: Page, rider: Rider) -> None:
    start = control(tile(scenes, "school-run"), "run")
    start.focus()
    scenes.keyboard.press("Enter")
    expect(tile(scenes, "school-run")).to_have_attribute("data-runs", "true", timeout=SOON_MS)
    control(tile(scenes, "school-run"), "end").focus()
    scenes.keyboard.press("Enter")
    expect(tile(scenes, "school-run")).to_have_attribute("data-runs", "false", timeout=SOON_MS)


def test_nothing_can_be_changed_at_speed_and_a_refusal_is_told(scenes: Page, rider: Rider) -> None:
    control(tile(scenes, "camp"), "edit").click()
    expect(scenes.locator("[data-editor]")).to_be_visible()
    rider.drive(3.0)
    try:
        what_is_refused_at_speed(scenes)
    finally:
        rider.park()
    expect(scenes.locator("[data-editor]")).to_be_visible(timeout=SOON_MS)  # what was begun is not lost
    control(scenes, "cancel").click()
    with contextlib.suppress(BadArguments):  # it has ended by itself if the car was too fast for a wash
        rider.call(api.end_scene, scene="car-wash")
    expect(tile(scenes, "car-wash")).to_have_attribute("data-runs", "false", timeout=SOON_MS)
    control(tile(scenes, "pet"), "run").click()
    expect(tile(scenes, "pet")).to_have_attribute("data-runs", "true", timeout=SOON_MS)
    control(tile(scenes, "pet"), "end").click()
    expect(tile(scenes, "pet")).to_have_attribute("data-runs", "false", timeout=SOON_MS)


def what_is_refused_at_speed(scenes: Page) -> None:
    expect(scenes.locator("[data-editor]")).to_have_count(0)
    expect(control(tile(scenes, "camp"), "edit")).to_be_disabled()
    expect(control(scenes, "new_scene")).to_be_disabled()
    control(tile(scenes, "car-wash"), "run").click()
    expect(scenes.locator('[data-field="message"]')).to_contain_text("mirrors stay unfolded", timeout=SOON_MS)


@pytest.mark.parametrize(("language", "nap", "direction"), [("de", "Nickerchen", "ltr"), ("ar", "قيلولة", "rtl")])
def test_it_speaks_the_language_of_the_screens(
    scenes: Page, rider: Rider, language: str, nap: str, direction: str
) -> None:
    rider.set(LANGUAGE, language)
    try:
        expect(tile(scenes, "nap").locator(".name")).to_have_text(nap, timeout=SOON_MS)
        expect(scenes.locator("html")).to_have_attribute("dir", direction)
    finally:
        rider.set(LANGUAGE, "en")
    expect(tile(scenes, "nap").locator(".name")).to_have_text("Nap", timeout=SOON_MS)
