"""What the car tells: one banner, on every screen at once, heard once; and a list of what was told."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from alpenglow.cockpit import api
from alpenglow.vehicle import api as vehicle
from tests.browser.riders import SOON_MS, another, open_page
from tests.cockpit.riding import Rider

pytestmark = pytest.mark.browser

FLAP = "Vehicle.Powertrain.TractionBattery.Charging.ChargingPort.AnyPosition.IsFlapOpen"
HOT = "cluster.motor_too_hot_stop_safely"
LANGUAGE = "Vehicle.Cabin.Infotainment.HMI.CurrentLanguage"

# Counts the notes that are played.
COUNT_NOTES = """
  window.notes = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) { window.notes++; return start.apply(this, when); };
"""


@pytest.fixture
def motor(rider: Rider) -> Iterator[Any]:
    """Overheats the motor, and cools it."""

    def set_(active: bool) -> None:
        rider.call(vehicle.inject_fault, fault="motor_hot", active=active)

    yield set_
    set_(False)
    rider.until(lambda: all(message.state == "over" for message in told(rider, HOT)), 60.0)


def told(rider: Rider, cause: str) -> list[api.Message]:
    messages: list[api.Message] = rider.call(api.messages, limit=400)
    return [message for message in messages if message.cause == cause]


def test_a_stop_message_is_on_every_screen_heard_once_and_gone_when_read(
    page: Page, stack: Any, motor: Any, rider: Rider
) -> None:
    page.context.add_init_script(COUNT_NOTES)
    screens = [open_page(page, stack, "climate"), another(page, stack, "home")]
    for screen in screens:
        screen.bring_to_front()
        screen.locator(".time").click()  # browsers are silent until somebody touches the page
    motor(True)
    banners = [screen.locator(f'.banner[data-cause="{HOT}"]') for screen in screens]
    for banner in banners:
        expect(banner).to_contain_text("Motor too hot. Stop safely", timeout=SOON_MS)
    screens[1].wait_for_timeout(2000)
    stops = [message for message in rider.call(api.messages, limit=400) if message.level == "stop"]
    notes = sum(screen.evaluate("() => window.notes") for screen in screens)
    assert 0 < notes <= 4 * len(stops), "the four notes of the cue are played once for a message, not once a screen"
    banners[1].locator('[data-control="acknowledge"]').click()
    for banner in banners:
        expect(banner).to_have_count(0, timeout=SOON_MS)
    screens[0].wait_for_timeout(9000)  # the cluster still says so
    for banner in banners:
        expect(banner).to_have_count(0)
    assert [(message.state, message.acknowledged) for message in told(rider, HOT)] == [("told", True)]


def test_what_was_told_is_listed_and_then_history(page: Page, stack: Any, motor: Any) -> None:
    open_page(page, stack, "messages")
    motor(True)
    now, earlier = page.locator('[data-field="now"]'), page.locator('[data-field="earlier"]')
    line = f'[data-cause="{HOT}"]'
    expect(now.locator(line)).to_contain_text("Motor too hot. Stop safely", timeout=SOON_MS)
    motor(False)
    expect(earlier.locator(line).first).to_be_visible(timeout=60_000)
    expect(now.locator(line)).to_have_count(0)


def test_a_message_is_in_the_language_of_the_screens(page: Page, stack: Any, motor: Any, rider: Rider) -> None:
    open_page(page, stack, "messages")
    rider.set(LANGUAGE, "de")
    try:
        motor(True)
        line = page.locator(f'.told[data-cause="{HOT}"]').first
        expect(line).to_contain_text("Motor zu heiß. Sicher anhalten", timeout=SOON_MS)
    finally:
        rider.set(LANGUAGE, "en")


def test_the_open_charging_flap_of_a_car_that_moves_is_told(page: Page, stack: Any, rider: Rider) -> None:
    open_page(page, stack, "home")
    rider.set(FLAP, True)
    rider.drive(20)
    try:
        expect(page.locator('[data-field="banner"]')).to_have_text(
            "The charging flap is open. Stop and close it", timeout=60_000
        )
    finally:
        rider.park()
        rider.set(FLAP, False)


def test_a_screen_that_nobody_has_touched_leaves_the_chime_to_others(page: Page, stack: Any, motor: Any) -> None:
    page.context.add_init_script(COUNT_NOTES)
    silent = open_page(page, stack, "home")
    motor(True)
    expect(silent.locator(".banner")).to_be_visible(timeout=SOON_MS)
    assert silent.evaluate("() => window.notes") == 0
