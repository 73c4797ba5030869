"""The shell around the centre's pages: screens of every size, four languages, fingers, keys and a knob, a lost car."""

import os
import re
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.panel import control, field
from tests.cockpit.riding import Rider

pytestmark = pytest.mark.browser

HMI = "Vehicle.Cabin.Infotainment.HMI"
LANGUAGE = f"{HMI}.CurrentLanguage"
THEME = "Vehicle.Alpenglow.Cockpit.Theme"
DOME = "Vehicle.Cabin.Light.IsDomeOn"

SCREENS = {
    "15.1 inch": (2560, 1440, ""),
    "12.3 inch": (1200, 1920, ""),
    "laptop": (1280, 720, ""),
    "desk": (466, 301, ""),
    "passenger": (1920, 720, "screen=passenger"),
}


def opened(page: Page, url: str, query: str = "", tab: str = "home") -> Page:
    """A page of the centre, once the car is there."""
    page.goto(url + (("&" if "?" in url else "?") + query if query else "") + f"#{tab}")
    expect(page.locator("main")).to_have_attribute("data-connection", "live")
    expect(page.locator("main")).to_have_attribute("data-page", tab)
    return page


@pytest.fixture
def centre(page: Page, stack: Any) -> Page:
    page.set_viewport_size({"width": 1280, "height": 720})
    return opened(page, stack.centre_url)


@pytest.fixture
def settings(rider: Rider) -> Iterator[None]:
    """What people chose is as it was, afterwards."""
    yield
    for path, value in (
        (LANGUAGE, "en"),
        (THEME, "AUTO"),
        (f"{HMI}.TemperatureUnit", "C"),
        (f"{HMI}.TimeFormat", "HR_24"),
    ):
        rider.set(path, value)


def test_the_dock_opens_a_page_and_the_address_keeps_it(centre: Page) -> None:
    centre.locator('[data-tab="settings"]').click()
    expect(centre.locator("main")).to_have_attribute("data-page", "settings")
    expect(centre.locator('[data-tab="settings"]')).to_have_attribute("aria-current", "page")
    centre.reload()
    expect(centre.locator("main .settings")).to_be_visible()
    centre.go_back()
    expect(centre.locator("main .home")).to_be_visible()


def test_an_address_that_is_none_opens_home(page: Page, stack: Any) -> None:
    page.goto(stack.centre_url + "#nowhere")
    expect(page.locator("main .home")).to_be_visible()


@pytest.mark.parametrize("screen", list(SCREENS))
def test_every_screen_shows_all_of_it_from_the_same_parts(page: Page, stack: Any, screen: str) -> None:
    width, height, query = SCREENS[screen]
    page.set_viewport_size({"width": width, "height": height})
    opened(page, stack.centre_url, query)
    expect(page.locator("main .home")).to_be_visible()
    for part in (".status", ".dock", ".stage", ".strip"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert min(box["x"], box["y"]) >= -1, part
        assert box["x"] + box["width"] <= width + 1, part
        assert box["y"] + box["height"] <= height + 1, part
    assert not page.locator("main").evaluate("(e) => e.scrollWidth > e.clientWidth + 1")
    tabs = page.locator(".dock [data-tab]")
    assert tabs.count() >= 2
    for tab in tabs.all():
        expect(tab).to_be_in_viewport(ratio=0.99)


def test_the_passengers_screen_has_no_set_up_of_the_drivers_and_no_car_to_drive(page: Page, stack: Any) -> None:
    page.set_viewport_size({"width": 1920, "height": 720})
    opened(page, stack.centre_url, "screen=passenger")
    tabs = {tab.get_attribute("data-tab") for tab in page.locator(".dock [data-tab]").all()}
    assert "home" in tabs
    assert not tabs & {"settings", "profiles", "privacy", "scenes", "drive", "car", "messages"}
    expect(page.locator(".car-view")).to_have_count(0)
    page.goto(page.url.replace("#home", "#settings"))
    expect(page.locator("main")).to_have_attribute("data-page", "home")


@pytest.mark.usefixtures("settings")
def test_the_language_changes_everywhere_at_once_and_is_there_at_the_first_paint(centre: Page, stack: Any) -> None:
    opened(centre, stack.centre_url, tab="settings")
    choice = centre.locator(f'[data-path="{LANGUAGE}"]')
    for language, direction, home in (
        ("de", "ltr", "Start"),
        ("zh", "ltr", "主页"),
        ("ar", "rtl", "الرئيسية"),
    ):
        choice.locator(f'[data-value="{language}"]').click()
        expect(centre.locator("html")).to_have_attribute("lang", language)
        expect(centre.locator("html")).to_have_attribute("dir", direction)
        expect(centre.locator('[data-tab="home"] span').last).to_have_text(home)
        html = centre.request.get(stack.centre_url).text()
        assert f'<html lang="{language}" dir="{direction}"' in html


@pytest.mark.usefixtures("settings")
def test_in_arabic_the_screen_reads_from_the_right(centre: Page, rider: Rider) -> None:
    rider.set(LANGUAGE, "ar")
    expect(centre.locator("html")).to_have_attribute("dir", "rtl")
    clock, charge = field(centre, "time").bounding_box(), field(centre, "charge").bounding_box()
    assert clock is not None
    assert charge is not None
    assert clock["x"] > charge["x"]


@pytest.mark.usefixtures("settings")
def test_units_and_the_clock_are_as_people_chose(centre: Page, rider: Rider) -> None:
    expect(field(centre, "outside")).to_have_text("20 °C")
    rider.set(f"{HMI}.TemperatureUnit", "F")
    expect(field(centre, "outside")).to_have_text("68 °F")
    expect(field(centre, "time")).to_have_text(re.compile(r"^\d\d?:\d\d$"))
    rider.set(f"{HMI}.TimeFormat", "HR_12")
    expect(field(centre, "time")).to_have_text(re.compile(r"^\d\d?:\d\d [ap]m$", re.IGNORECASE))


@pytest.mark.usefixtures("settings")
def test_day_and_night_can_be_chosen_against_the_light(centre: Page, stack: Any, rider: Rider) -> None:
    for theme in ("NIGHT", "DAY"):
        rider.set(THEME, theme)
        expect(centre.locator("html")).to_have_attribute("data-theme", theme.lower())
        assert f'data-theme="{theme.lower()}"' in centre.request.get(stack.centre_url).text()


def test_arrow_keys_go_from_one_thing_to_the_next_and_enter_presses(centre: Page) -> None:
    centre.locator('[data-tab="home"]').focus()
    centre.keyboard.press("ArrowDown")
    expect(centre.locator('[data-tab="home"]')).not_to_be_focused()
    centre.keyboard.press("ArrowUp")
    expect(centre.locator('[data-tab="home"]')).to_be_focused()
    dome = centre.locator(f'main [data-path="{DOME}"]')
    for _ in range(80):
        centre.keyboard.press("ArrowDown")
        if dome.evaluate("(e) => e === document.activeElement"):
            break
    expect(dome).to_be_focused()
    assert dome.evaluate("(e) => getComputedStyle(e).outlineStyle") == "solid"
    was_on = dome.get_attribute("aria-pressed") == "true"
    centre.keyboard.press("Enter")
    expect(dome).to_have_attribute("aria-pressed", str(not was_on).lower())
    centre.keyboard.press("Enter")
    expect(dome).to_have_attribute("aria-pressed", str(was_on).lower())


def test_a_knob_turns_from_thing_to_thing_and_a_slider_only_after_a_press(page: Page, stack: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    opened(page, stack.centre_url, "knob=wheel", tab="settings")
    slider = page.locator(f'[data-path="{HMI}.Brightness"] input')
    expect(slider).to_be_enabled()
    page.mouse.move(640, 360)
    for _ in range(80):
        page.mouse.wheel(0, 40)
        if slider.evaluate("(e) => e === document.activeElement"):
            break
    expect(slider).to_be_focused()
    before = slider.input_value()
    page.keyboard.press("Enter")
    page.mouse.wheel(0, -80)
    expect(slider).to_have_value(str(int(before) - 10))
    expect(field(page.locator(f'[data-path="{HMI}.Brightness"]'), "current")).to_have_text(f"{int(before) - 10} %")
    page.mouse.wheel(0, 80)
    expect(slider).to_have_value(before)
    page.keyboard.press("Enter")
    page.mouse.wheel(0, 40)
    expect(slider).not_to_be_focused()


def test_a_lost_car_is_told_and_comes_back_without_a_reload(centre: Page, stack: Any) -> None:
    centre.evaluate("window.kept = true")
    pid = stack.pid("cockpit")
    os.kill(pid, signal.SIGKILL)
    expect(field(centre, "message")).to_have_text("No connection to the car")
    expect(centre.locator("main")).to_have_attribute("data-connection", "silent")
    expect(field(centre, "charge")).to_contain_text("–")
    stack.until_back("cockpit", pid)
    expect(centre.locator("main")).to_have_attribute("data-connection", "live", timeout=15_000)
    expect(field(centre, "charge")).to_have_text(re.compile(r"\d+ %"))
    assert centre.evaluate("window.kept") is True
    control(centre, "assistant").click()
    expect(centre.locator(".panel.assistant")).to_be_visible()


def test_an_open_door_is_named_and_drawn(centre: Page, rider: Rider) -> None:
    door = "Vehicle.Cabin.Door.Row2.PassengerSide.IsOpen"
    rider.set(door, True)
    try:
        expect(field(centre, "openings")).to_have_text("Open: rear door, passenger's side")
        expect(centre.locator('.drawing .door[data-open="true"]')).to_have_count(1)
    finally:
        rider.set(door, False)
    expect(field(centre, "openings")).to_have_text("Everything is closed")
