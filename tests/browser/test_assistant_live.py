"""The assistant itself, in the simulated car: people say what they want, and see it happen or why it does not.

It thinks by words alone here, as a car does that has just been started; nothing is fetched.
"""

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect

from tests.browser.panel import control, field, last, opened, say

pytestmark = pytest.mark.browser

TEMPERATURE = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"
WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
DOME = "Vehicle.Cabin.Light.IsDomeOn"
BACK_S = 30_000  # ms, for what needs the assistant's start


@pytest.fixture
def centre(page: Page, stack: Any) -> Page:
    page.set_viewport_size({"width": 1280, "height": 720})
    return opened(page, stack.centre_url)


@pytest.fixture
def desk(browser: Browser, stack: Any) -> Iterator[Page]:
    """The desk, with its weather and daylight within reach; it is a dry day again afterwards."""
    desk = browser.new_page(viewport={"width": 1366, "height": 768})
    desk.goto(stack.desk_url)
    expect(control(desk, "gear")).to_have_attribute("data-engaged", "P")
    desk.locator('.tabs [data-tab="world"]').click()
    yield desk
    control(desk, "daylight").fill("80")
    weather(desk, "DRY")
    desk.close()


@pytest.fixture
def screen(desk: Page) -> Iterator[FrameLocator]:
    """The centre page on the desk of a car that rolls through the night; it stands in P again afterwards."""
    gear = control(desk, "gear")
    speed = field(desk.frame_locator('iframe[data-page="cluster"]'), "speed")
    control(desk, "daylight").fill("0")
    desk.locator('[data-control="light_switch"] [data-value="AUTO"]').click()
    desk.keyboard.down("s")
    expect(control(desk, "brake")).to_have_attribute("aria-valuenow", "100")
    desk.keyboard.press("Shift+D")
    expect(gear).to_have_attribute("data-engaged", "D")
    desk.keyboard.up("s")
    desk.keyboard.down("w")
    expect(speed).to_have_text(re.compile(r"^[3-9]\d"), timeout=20_000)
    screen = desk.frame_locator('iframe[data-page="centre"]')
    control(screen, "say").click()
    desk.keyboard.up("w")
    yield screen
    control(desk, "brake").focus()
    desk.keyboard.down("s")
    expect(speed).to_have_text("0", timeout=20_000)
    desk.keyboard.press("p")
    expect(gear).to_have_attribute("data-engaged", "P")
    desk.keyboard.up("s")


def weather(desk: Page, name: str) -> None:
    control(desk, "weather").locator(f'[data-value="{name}"]').click()


def until(stack: Any, path: str, value: float) -> None:
    """Wait until the car itself says so; fail after ten looks."""
    for _ in range(10):
        said = json.loads(stack.run("signals", "get", path, "--json").stdout)[path]
        if said["value"] == value:
            return
        time.sleep(0.5)
    raise AssertionError(f"{path} did not become {value}: {said}")


def reply(place: Page | FrameLocator) -> Locator:
    return field(last(place), "reply")


def current(place: Page | FrameLocator, path: str) -> Locator:
    """What the climate or light control of a signal shows."""
    return place.locator(f'.stage [data-path="{path}"] [data-field="current"]')


def test_who_drives_is_obeyed_refused_with_the_reason_and_may_take_it_back(desk: Page, screen: FrameLocator) -> None:
    say(screen, "set my temperature to 23 degrees")
    expect(last(screen).locator('[data-done="confirmed"]')).to_be_visible()
    say(screen, "two degrees warmer")
    expect(reply(screen)).to_contain_text("25 °C")
    control(screen, "undo").click()
    expect(field(last(screen), "said")).to_have_text("Undo")
    expect(control(screen, "send")).to_have_attribute("data-busy", "false")
    say(screen, "turn off the headlights")
    expect(reply(screen)).to_have_text("The headlights stay on while you drive in the dark.")
    expect(last(screen).locator('[data-done="refused"]')).to_have_text("Not allowed")
    expect(field(desk, "hint")).to_contain_text("Your foot keeps")
    screen.locator('[data-tab="climate"]').click()
    expect(current(screen, TEMPERATURE)).to_have_text("23.0")


def test_a_scene_made_by_a_sentence_is_set_off_by_the_weather(centre: Page, desk: Page, stack: Any) -> None:
    say(centre, "make a scene: when it rains, close the windows and turn on the dome light")
    draft = centre.locator('form[data-draft="open"]')
    expect(draft).to_contain_text("When it rains")
    expect(draft.locator("li")).to_have_count(5)
    control(draft, "scene_name").fill("Shower")
    control(draft, "keep").click()
    expect(centre.locator('[data-draft="kept"]')).to_have_text("Shower is kept.")
    say(centre, "turn off the dome light")
    say(centre, "open my window halfway")
    weather(desk, "RAIN")
    expect(field(last(centre), "heard")).to_have_text(re.compile("^Shower: .*closed.*Dome light: on"), timeout=15_000)
    expect(centre.locator(f'button[data-path="{DOME}"]')).to_have_attribute("aria-pressed", "true")
    until(stack, WINDOW, 0)
    centre.reload()
    opened(centre, centre.url)
    expect(field(last(centre), "heard")).to_contain_text("closed")  # the last thing said
    control(centre, "scenes").click()
    control(centre.locator("[data-scene]"), "delete").click()
    expect(centre.locator("[data-scene]")).to_have_count(0)


def test_what_is_asked_for_later_is_done_then(centre: Page) -> None:
    say(centre, "turn off the dome light")
    say(centre, "in three seconds, turn the dome light on")
    control(centre, "scenes").click()
    expect(centre.locator("[data-timer]").filter(has_text="In three seconds, turn the dome light on")).to_be_visible()
    control(centre, "scenes").click()
    expect(field(last(centre), "heard")).to_have_text("Dome light: on.", timeout=15_000)
    expect(centre.locator(f'button[data-path="{DOME}"]')).to_have_attribute("aria-pressed", "true")


def test_what_people_tell_of_themselves_is_listed_and_forgotten(centre: Page) -> None:
    say(centre, "call me Kim")
    control(centre, "privacy").click()
    fact = centre.locator("[data-memory]").filter(has_text="You are called Kim")
    expect(fact).to_be_visible()
    expect(field(centre, "total")).to_have_text("Nothing has left the car so far.")
    control(fact, "forget").click()
    expect(fact).to_have_count(0)


@pytest.mark.parametrize(
    ("said", "answer", "shown"),
    [
        ("Stell meine Temperatur auf 19 Grad", "19 °C", "19.0"),
        ("把主驾温度调到24度", "24 °C", "24.0"),
        ("Set my temperature to twenty-one and a half", "21.5 °C", "21.5"),
    ],
)
def test_it_is_spoken_to_in_three_languages(centre: Page, said: str, answer: str, shown: str) -> None:
    centre.locator('[data-tab="climate"]').click()
    say(centre, said)
    expect(reply(centre)).to_contain_text(answer)
    expect(current(centre, TEMPERATURE)).to_have_text(shown)


def test_the_conversation_goes_on_where_the_assistant_was_killed(centre: Page, stack: Any) -> None:
    centre.locator('[data-tab="climate"]').click()
    say(centre, "set my temperature to 20 degrees")
    say(centre, "set my temperature to 26 degrees")
    pid = stack.pid("assistant")
    os.kill(pid, signal.SIGKILL)
    stack.until_back("assistant", pid)
    expect(field(centre, "assistant-state")).to_have_text(re.compile("^Ready"), timeout=BACK_S)
    say(centre, "undo that")
    expect(current(centre, TEMPERATURE)).to_have_text("20.0")
