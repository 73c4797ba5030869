"""The privacy page, used as people in the car would."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from alpenglow.assistant import api as assistant
from alpenglow.cockpit import api
from tests.cockpit.riding import Rider
from tests.running import Stack

SOON_MS = 30_000


@pytest.fixture(scope="module")
def rider(stack: Stack) -> Iterator[Rider]:
    with Rider(stack) as rider:
        rider.ready()
        rider.call(assistant.ask, text="Hello.")
        yield rider


@pytest.fixture
def centre(browser: Browser, rider: Rider) -> Iterator[Page]:
    """The page on the car's own screen."""
    if rider.call(api.profiles).kind == "GUEST":
        rider.call(api.switch_profile, profile="owner")
    rider.call(api.set_region, region="gdpr")
    context = browser.new_context(viewport={"width": 1280, "height": 720}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(SOON_MS)
    expect.set_options(timeout=SOON_MS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(rider.stack.centre_url + "#privacy")
    expect(page.locator("[data-field=kept]")).to_be_visible()
    yield page
    context.close()
    assert not errors, errors


def test_consent_is_a_switch_and_stricter_rules_ask_by_itself(centre: Page, rider: Rider) -> None:
    switch = centre.locator("[data-control=consent]")
    expect(switch).to_have_attribute("aria-checked", "false")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    centre.locator("[data-control=region-pipl]").click()
    expect(switch).to_have_attribute("aria-checked", "false")
    expect(centre.locator("[data-field=demands]")).to_contain_text("PIPL Art. 28, 29")
    switch.click()
    assert not rider.call(api.privacy).consents[0].granted
    centre.locator("[data-control=agree]").click()
    expect(switch).to_have_attribute("aria-checked", "true")
    assert rider.call(api.privacy).consents[0].granted


def test_what_is_kept_can_be_taken_along_and_erased(centre: Page, rider: Rider, tmp_path: Path) -> None:
    rider.call(assistant.ask, text="Remember that the sunglasses are in the blue box.")
    expect(centre.locator("[data-field=recipients]")).to_contain_text("Nobody")
    with centre.expect_download() as coming:
        centre.locator("[data-control=export]").click()
    coming.value.save_as(tmp_path / "mine.json")
    assert "blue box" in (tmp_path / "mine.json").read_text()
    assert json.loads((tmp_path / "mine.json").read_text())["profile"] == "owner"
    centre.locator("[data-control=erase]").click()
    centre.locator("[data-control=erase-not]").click()
    assert rider.call(assistant.memories)
    centre.locator("[data-control=erase]").click()
    centre.locator("[data-control=erase-now]").click()
    rider.until(lambda: rider.call(assistant.memories) == [])
    expect(centre.locator("[data-kind=fact]")).to_have_count(0)


def test_a_guest_sees_nothing_of_it(centre: Page, rider: Rider) -> None:
    rider.call(api.switch_profile, profile="guest")
    expect(centre.locator("[data-field=kept]")).to_have_count(0)
